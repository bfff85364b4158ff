"""Elections between general ones: further and new elections, recalls, by-elections."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ballots.actions.steps import VOTE, date_steps, lay_out_steps
from ballots.models import Recall, Vacancy
from ballots.recalls import demand, demand_sentence, outcome_of
from ballots.rules.thresholds import recall_again_from
from ballots.wording import cite, step_title
from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.journal.record import append, snapshot, take_turn
from election_admin.places.models import Place
from election_admin.rulebooks.procedures import Course, Procedure
from election_admin.validators import validate_fields
from villages.actions.terms import POST_RANKS
from villages.models import Body, Election, Occasion, RulebookEdition, Seat, Stage
from villages.procedures import procedure_now

COUNT = "count_done"
# What a vote can leave seats empty in; a recall elects nobody, a further election is the last.
LEAVES_SEATS = (Occasion.GENERAL, Occasion.NEW, Occasion.BY_ELECTION)
DEMAND_FIELDS = ("member", "post", "grounds", "asked_by", "signatures", "out_of")
OPENED_FIELDS = ("body", "occasion", "mode", "follows", "occasion_day", "edition")


@transaction.atomic
def open_further(*, base: Election, seats: Mapping[str, int], actor: User, at: datetime) -> Election:
    """Open a further election 另行选举 for the seats that a vote has left empty (art. 15).

    ``seats`` are those left, by post. Its time runs from the vote. Raises ValidationError where
    check_further does, and for seats that the vote before did not have.
    """
    base = _in_turn(base, actor)
    check_further(base, on=timezone.localdate(at))
    left = {post: count for post, count in seats.items() if count}
    _check_left(base, left)
    election = _begin(base, Occasion.FURTHER, base.body, _voted_on(base), at)
    _seat(election, left)
    return _opened("ballots.open_further", election, actor, at, seats=left)


@transaction.atomic
def open_new(*, base: Election, reason: str, actor: User, at: datetime) -> Election:
    """Open a new election 重新选举 in the place of one whose vote is invalid (art. 15 and 17).

    It is for the same seats. Raises ValidationError without a reason, and where check_new does.
    """
    base = _in_turn(base, actor)
    check_new(base, on=timezone.localdate(at))
    if not reason.strip():
        raise ValidationError({"reason": _("请写明原选举为什么无效。")})
    election = _begin(base, Occasion.NEW, base.body, _voted_on(base), at)
    seats = dict(base.seats.values_list("post", "seats"))
    _seat(election, seats)
    return _opened("ballots.open_new", election, actor, at, seats=seats, reason=reason.strip())


@transaction.atomic
def open_recall(
    *,
    place: Place,
    received_on: date,
    values: Mapping[str, Any],
    actor: User,
    at: datetime,
    other_grounds: bool = False,
) -> Election:
    """Open the recall of a member that enough have asked for (art. 16).

    ``values``: member, post, grounds, asked_by, signatures, out_of. Its time runs from the day
    the demand was received. ``other_grounds``: it rests on other facts and grounds than one that
    failed before. Raises ValidationError when too few ask, while a recall of the same member is
    open, and where a failed one may not be repeated yet.
    """
    take_turn(place)
    require(actor, "ballots.open_occasion", place)
    law, base = check_between(place, Occasion.RECALL, on=timezone.localdate(at)), _general(place)
    _check_past("received_on", received_on, at)
    if _open(base, Occasion.RECALL).filter(recall__member=values["member"]).exists():
        raise ValidationError({"member": _("罢免这名成员的要求已经在办，请先办完那一件。")})
    if not other_grounds:
        _check_not_failed_lately(law, place, values["member"], received_on)
    asked = demand(law, **{name: values[name] for name in ("asked_by", "signatures", "out_of")})
    if not asked.met:
        raise ValidationError({"signatures": demand_sentence(law, asked)})
    election = _begin(base, Occasion.RECALL, Body.VILLAGERS_COMMITTEE, received_on, at)
    recall = Recall(
        election=election,
        **{name: values[name] for name in DEMAND_FIELDS},
    )
    validate_fields(recall, Recall.recorded_fields)
    recall.save()
    return _opened("ballots.open_recall", election, actor, at, **snapshot(recall, Recall.recorded_fields))


@transaction.atomic
def open_by_election(
    *,
    place: Place,
    vacant_since: date,
    seats: int,
    values: Mapping[str, Any],
    actor: User,
    at: datetime,
    recall: Recall | None = None,
) -> Election:
    """Open a by-election 补选 for seats of one post that have fallen vacant (art. 19).

    ``values``: member, post, because, remaining. Its time runs from the vacancy. ``recall``: the
    one by which the seat fell vacant, which must have passed. Raises ValidationError for more
    members than the law allows, or where one for the same seat is open already.
    """
    take_turn(place)
    require(actor, "ballots.open_occasion", place)
    law, base = check_between(place, Occasion.BY_ELECTION, on=timezone.localdate(at)), _general(place)
    _check_past("vacant_since", vacant_since, at)
    _check_committee_size(law, values["post"], seats, values["remaining"])
    if recall is not None:
        _check_recalled(recall, base, values)
    same = _open(base, Occasion.BY_ELECTION).filter(
        vacancy__post=values["post"], vacancy__member=values["member"]
    )
    if same.exists():
        raise ValidationError({"post": _("这个职务的补选已经在办，请先办完那一次。")})
    follows = recall.election if recall is not None else base
    election = _begin(follows, Occasion.BY_ELECTION, Body.VILLAGERS_COMMITTEE, vacant_since, at)
    vacancy = Vacancy(election=election, **{name: values[name] for name in Vacancy.recorded_fields})
    validate_fields(vacancy, Vacancy.recorded_fields)
    vacancy.save()
    _seat(election, {values["post"]: seats})
    return _opened(
        "ballots.open_by_election",
        election,
        actor,
        at,
        seats=seats,
        **snapshot(vacancy, Vacancy.recorded_fields),
    )


def check_further(base: Election, *, on: date) -> Procedure:
    """Return the rulebook of a further election after this one.

    Raises ValidationError for an election after which none can be held now.
    """
    base.term.require_current()
    if base.occasion not in LEAVES_SEATS:
        raise ValidationError(_("只有换届选举、重新选举和补选的名额没有选满时，才组织另行选举。"))
    law = procedure_now(base.term, on=on)
    courses_of(law, base.body, Occasion.FURTHER)
    if not _done(base, COUNT):
        raise ValidationError(
            _("“%s”还没有登记。计票以后才知道缺多少名额，请先登记，再组织另行选举。")
            % step_title(base, COUNT)
        )
    if _open(base, Occasion.FURTHER).filter(follows=base).exists():
        raise ValidationError(_("这次选举的另行选举已经在办，请先办完那一次。"))
    if base.followed_by.filter(occasion=Occasion.NEW).exists():
        raise ValidationError(_("这次选举无效，已经重新选举，不再组织另行选举。"))
    return law


def check_new(base: Election, *, on: date) -> Procedure:
    """Return the rulebook of a new election in the place of this one.

    Raises ValidationError for an election in whose place none can be held.
    """
    base.term.require_current()
    if base.occasion == Occasion.RECALL:
        raise ValidationError(_("罢免表决无效的不重新选举；再提出罢免的，另行登记。"))
    law = procedure_now(base.term, on=on)
    courses_of(law, base.body, Occasion.NEW)
    if not _done(base, VOTE):
        raise ValidationError(
            _("“%s”还没有登记。投票以后才能认定选举无效；投票前要改日期的，请改定选举日。")
            % step_title(base, VOTE)
        )
    if base.followed_by.filter(occasion=Occasion.NEW).exists():
        raise ValidationError(_("这次选举的重新选举已经建立。"))
    return law


def check_between(place: Place, occasion: str, *, on: date) -> Procedure:
    """Return the rulebook for a recall or a by-election in this village.

    Raises ValidationError where nobody can be recalled or elected between general elections.
    """
    general = _general(place)
    law = procedure_now(general.term, on=on)
    courses_of(law, Body.VILLAGERS_COMMITTEE, occasion)
    return law


def _in_turn(election: Election, actor: User) -> Election:
    take_turn(election.place)
    election = Election.objects.with_place().get(pk=election.pk)
    require(actor, "ballots.open_occasion", election)
    return election


def _general(place: Place) -> Election:
    """The village's general election of the term being held, which every other one hangs on."""
    general = Election.objects.with_place().current().of_committee().filter(place=place).first()
    if general is None:
        raise ValidationError(_("县里还没有建立本届换届，请与县级审核员联系。"))
    return general


def _begin(follows: Election, occasion: Occasion, body: str, occasion_day: date, at: datetime) -> Election:
    """Create an election by the rules now in force, with its steps."""
    term, on = follows.term, timezone.localdate(at)
    election = Election.objects.create(
        place=follows.place,
        term=term,
        body=body,
        occasion=occasion,
        mode=_mode(procedure_now(term, on=on), body, occasion, follows.mode),
        follows=follows,
        occasion_day=occasion_day,
        edition=RulebookEdition.objects.in_force(county=term.county, rulebook=term.procedure, on=on),
    )
    lay_out_steps([election])
    date_steps(election)
    return election


def courses_of(law: Procedure, body: str, occasion: str) -> list[Course]:
    """The courses a rulebook has for such an election; ValidationError if it has none."""
    courses = [one for one in law.all_courses().values() if (one.body, one.occasion) == (body, occasion)]
    if not courses:
        raise ValidationError(
            _("本届采用的选举办法没有规定%(body)s%(occasion)s的程序。")
            % {"body": Body(body).label, "occasion": Occasion(occasion).label}
        )
    return courses


def _mode(law: Procedure, body: str, occasion: str, wanted: str) -> str:
    """The mode in which such an election is held: that of the one it follows, if the rulebook knows it."""
    modes = [mode for course in courses_of(law, body, occasion) for mode in course.modes]
    return wanted if wanted in modes else modes[0]


def _open(base: Election, occasion: Occasion) -> Any:
    """The elections of this village and term on an occasion that are not over."""
    others = Election.objects.filter(place=base.place, term=base.term, occasion=occasion)
    still_open = others.exclude(stage=Stage.CLOSED)
    # A recall is over with its vote, whatever is still to be filed.
    return still_open.filter(recall__voted=None) if occasion == Occasion.RECALL else still_open


def _done(election: Election, code: str) -> bool:
    return _done_on(election, code) is not None


def _done_on(election: Election, code: str) -> date | None:
    # By position alone: the model's own order would join the village.
    return election.steps.filter(code=code).order_by("position").values_list("done_on", flat=True).first()


def _voted_on(election: Election) -> date:
    """The day of the vote, from which the time of what comes after it runs."""
    day = _done_on(election, VOTE)
    if day is None:
        raise ValidationError(_("“%s”还没有登记。") % step_title(election, VOTE))
    return day


def _seat(election: Election, seats: Mapping[str, int]) -> None:
    Seat.objects.bulk_create(
        Seat(election=election, post=post, seats=count, rank=POST_RANKS[post], women_only=post == "women")
        for post, count in seats.items()
    )


def _opened(
    verb: str, election: Election, actor: User, at: datetime, *, reason: str = "", **details: Any
) -> Election:
    append(
        verb=verb,
        row=election,
        actor=actor,
        place=election.place,
        at=at,
        after={**snapshot(election, OPENED_FIELDS), **details},
        reason=reason,
    )
    return election


def _check_left(base: Election, left: Mapping[str, int]) -> None:
    had = {seat.post: seat for seat in base.seats.all()}
    errors = {
        f"seats_{post}": _("原选举这个职务应选%(seats)d人，缺额不能多于这个数。")
        % {"seats": had[post].seats if post in had else 0}
        for post, count in left.items()
        if count > (had[post].seats if post in had else 0)
    }
    if errors:
        raise ValidationError(errors)
    if not left:
        raise ValidationError(_("请填写缺多少名额；没有缺额就不用另行选举。"))


def _check_past(field: str, day: date, at: datetime) -> None:
    if day > timezone.localdate(at):
        raise ValidationError({field: _("日期还没有到，请填写今天或以前的日期。")})


def _check_not_failed_lately(law: Procedure, place: Place, member: str, received_on: date) -> None:
    """Refuse to repeat a failed recall as long as the rulebook has it rest (Zhejiang art. 36)."""
    rest = law.parameters.recall_again_after_years
    if rest is None:
        return
    voted_on = {
        recall: day
        for recall in Recall.objects.filter(
            election__place=place, member=member, voted__isnull=False
        ).select_related("election__term", "election__edition")
        if (day := _done_on(recall.election, VOTE)) is not None
    }
    for recall, day in voted_on.items():
        came_to, again_from = outcome_of(recall), recall_again_from(day, years=rest.value)
        if came_to is not None and not came_to.passed and received_on < again_from:
            sentence = _(
                "%(day)s对这名成员的罢免没有通过，%(again)s以前不得以同一事实和理由再次提出（%(source)s）。"
                "这次的事实和理由不同的，请勾选后再登记。"
            )
            values = {"day": date_format(day), "again": date_format(again_from)}
            raise ValidationError({"other_grounds": sentence % {**values, "source": cite(law, rest.source)}})


def _check_recalled(recall: Recall, base: Election, values: Mapping[str, Any]) -> None:
    """Raise ValidationError unless the recall passed, and was of this village's member and post."""
    came_to = outcome_of(recall)
    if recall.election.place_id != base.place_id or came_to is None or not came_to.passed:
        raise ValidationError({"recall": _("这次罢免没有通过，不会因此出缺。")})
    _voted_on(recall.election)
    if (values["member"], values["post"]) != (recall.member, recall.post):
        raise ValidationError(
            {
                "member": _("被罢免的是%(member)s（%(post)s），请与罢免登记一致。")
                % {"member": recall.member, "post": recall.get_post_display()}
            }
        )


def _check_committee_size(law: Procedure, post: str, seats: int, remaining: int) -> None:
    allowed = law.parameters.seats
    if post == "chair" and seats != 1:
        raise ValidationError({"seats": _("主任只有1个名额。")})
    if seats < 1 or (allowed.value.most is not None and remaining + seats > allowed.value.most):
        raise ValidationError(
            {
                "seats": _("现有成员加上补选名额不能超过%(most)d人（%(source)s）。")
                % {"most": allowed.value.most or 0, "source": cite(law, allowed.source)}
            }
        )
