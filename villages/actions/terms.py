"""Opening a term, and setting each village's election day."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.journal.record import append, snapshot, take_turn
from election_admin.places.models import Place
from election_admin.rulebooks.eligibility_lists import load_eligibility_list
from election_admin.rulebooks.procedures import Parameters, load_procedure
from election_admin.rulebooks.risk_models import load_risk_model
from villages.models import (
    COMMITTEE_MODES,
    Body,
    Election,
    Mode,
    Occasion,
    RulebookEdition,
    Seat,
    Term,
)
from villages.procedures import procedure_of
from villages.signals import election_day_set, elections_opened

TERM_FIELDS = (
    "number",
    "window_start",
    "window_end",
    "procedure",
    "eligibility_list",
    "risk_model",
    "modes",
    "notice_set",
)
NOTICE_SET = "city-2026"
# Rank by post: 1 is the highest. The women's seat ranks with the members'.
POST_RANKS = {"chair": 1, "vice_chair": 2, "women": 3, "member": 3, "secretary": 1, "deputy_secretary": 2}
POSTS = {
    Body.VILLAGERS_COMMITTEE: ("chair", "vice_chair", "women", "member"),
    Body.PARTY_BRANCH: ("secretary", "deputy_secretary", "member"),
}


@transaction.atomic
def open_term(
    *,
    county: Place,
    number: int,
    window_start: date,
    window_end: date,
    procedure: str,
    eligibility_list: str,
    risk_model: str,
    actor: User | None,
    at: datetime,
    modes: Sequence[str] = (Mode.NOMINATED,),
    notice_set: str = NOTICE_SET,
) -> Term:
    """Open a county's general election: the term, and an election of each body in each village.

    ``modes`` are the procedures this term goes by: at least one of the villagers' committee; the
    Party branch is elected here too if one of its own is among them. ``actor`` is None only for
    the demo. Raises UnknownRulebook for a rulebook that does not exist, ValidationError when the
    window is in disorder, the law knows no such mode or the term is there already.
    """
    take_turn(county)
    if actor is not None:
        require(actor, "villages.open_term", county)
    law = load_procedure(procedure).parameters
    load_eligibility_list(eligibility_list)
    load_risk_model(risk_model)
    if window_end < window_start:
        raise ValidationError({"window_end": _("选举窗口结束日期早于开始日期。")})
    if Term.objects.filter(county=county, number=number).exists():
        raise ValidationError({"number": _("第%d届已经建立。") % number})
    _check_modes(modes, law)
    Term.objects.filter(county=county, current=True).update(current=False)
    term = Term.objects.create(
        county=county,
        number=number,
        window_start=window_start,
        window_end=window_end,
        procedure=procedure,
        eligibility_list=eligibility_list,
        risk_model=risk_model,
        modes=[mode.value for mode in Mode if mode in modes],
        notice_set=notice_set,
    )
    edition = RulebookEdition.objects.in_force(county=county, rulebook=procedure, on=timezone.localdate(at))
    villages = list(Place.objects.within(county.code).villages())
    elections = Election.objects.bulk_create(
        Election(place=village, term=term, edition=edition, body=body, mode=term.modes_of(body)[0])
        for body in Body
        if term.modes_of(body)
        for village in villages
    )
    append(
        verb="villages.open_term",
        row=term,
        actor=actor,
        place=county,
        at=at,
        after={**snapshot(term, TERM_FIELDS), "elections": len(elections)},
    )
    elections_opened.send(Term, elections=elections, actor=actor, at=at)
    return term


@transaction.atomic
def set_election_day(
    *,
    election: Election,
    election_day: date,
    mode: str,
    seats: Mapping[str, int],
    actor: User,
    at: datetime,
) -> Election:
    """Set the election day, the way candidates come about, and the seats of each post.

    Whoever depends on the day hears of it in the same transaction. Raises ValidationError when
    the day lies outside the term's window, the mode is not the law's, or the seats are not
    within what art. 6 allows.
    """
    take_turn(election.place)
    election = Election.objects.with_place().get(pk=election.pk)
    require(actor, "villages.set_election_day", election)
    term = election.term
    term.require_current()
    law = procedure_of(election).parameters
    errors: dict[str, str] = {}
    if election.general and not term.window_start <= election_day <= term.window_end:
        errors["election_day"] = _("选举日须在本届选举窗口%(start)s至%(end)s之间。") % {
            "start": date_format(term.window_start),
            "end": date_format(term.window_end),
        }
    if election_day != election.election_day and election_day < timezone.localdate(at):
        errors["election_day"] = _("选举日不能定在已经过去的日子。")
    if mode not in term.modes_of(election.body):
        errors["mode"] = _("本届采用的选举办法不允许这种方式。")
    errors |= _order_errors(election, election_day, law)
    errors |= _seat_errors(election, seats, law)
    if errors:
        raise ValidationError(errors)
    before = {**snapshot(election, ("election_day", "mode")), "seats": _seats(election)}
    election.election_day, election.mode = election_day, Mode(mode)
    election.save(update_fields=["election_day", "mode"])
    election.seats.all().delete()
    Seat.objects.bulk_create(
        Seat(election=election, post=post, seats=count, rank=POST_RANKS[post], women_only=post == "women")
        for post, count in seats.items()
        if count
    )
    append(
        verb="villages.set_election_day",
        row=election,
        actor=actor,
        place=election.place,
        at=at,
        before=before,
        after={**snapshot(election, ("election_day", "mode")), "seats": _seats(election)},
    )
    election_day_set.send(Election, election=election, actor=actor, at=at)
    return election


def _check_modes(modes: Sequence[str], law: Parameters) -> None:
    """Raise ValidationError unless the modes are the law's, with one of the committee among them."""
    if not any(mode in modes for mode in COMMITTEE_MODES):
        raise ValidationError({"modes": _("请至少选一种村民委员会的选举方式。")})
    if any(mode not in (*law.modes.value, *law.party_modes.value) for mode in modes):
        raise ValidationError({"modes": _("所选的选举办法不允许其中的一种方式，请重新选择。")})


def _order_errors(election: Election, election_day: date, law: Parameters) -> dict[str, str]:
    """Refuse a day that puts the villagers' committee before the Party branch."""
    if not (law.party_branch_first.value and election.general):
        return {}
    others = Election.objects.filter(place=election.place, term=election.term, occasion=Occasion.GENERAL)
    other = others.exclude(pk=election.pk).dated().first()
    if other is None or other.election_day is None:
        return {}
    values = {"day": date_format(other.election_day)}
    if election.of_party_branch and election_day >= other.election_day:
        return {"election_day": _("村党组织应先换届：须早于村民委员会选举日%(day)s。") % values}
    if not election.of_party_branch and election_day <= other.election_day:
        return {"election_day": _("村党组织应先换届：村民委员会选举日须晚于%(day)s。") % values}
    return {}


def _seat_errors(election: Election, seats: Mapping[str, int], law: Parameters) -> dict[str, str]:
    """Refuse a number of members the law does not allow, and a body without its head.

    What is elected between general elections are single seats: at least one, no more than a
    whole committee. A recall elects nobody.
    """
    total = sum(seats.values())
    if election.occasion == Occasion.RECALL:
        return {}
    if election.of_party_branch:
        return _party_seat_errors(seats, total, law)
    if not election.general:
        if 0 < total <= (law.seats.value.most or total):
            return {}
        return {"seats_member": _("请填写这次要选的名额，至少1人，不超过村民委员会的总名额。")}
    errors: dict[str, str] = {}
    if total not in law.seats.value:
        errors["seats_member"] = _(
            "村民委员会由主任、副主任和委员共%(least)d至%(most)d人组成（组织法第6条），现为%(total)d人。"
        ) % {"least": law.seats.value.least, "most": law.seats.value.most or 0, "total": total}
    if seats.get("chair") != 1:
        errors["seats_chair"] = _("主任名额应为1人。")
    own_line = law.women_seat_on_ballot
    if own_line is not None and own_line.value and not seats.get("women"):
        errors["seats_women"] = _("本届选举办法规定妇女委员在选票上单列，至少1人。")
    return errors


def _party_seat_errors(seats: Mapping[str, int], total: int, law: Parameters) -> dict[str, str]:
    errors: dict[str, str] = {}
    if total not in law.party_seats.value:
        errors["seats_member"] = _(
            "村党组织委员会由书记、副书记和委员共%(least)d至%(most)d人组成，现为%(total)d人。"
        ) % {"least": law.party_seats.value.least, "most": law.party_seats.value.most or 0, "total": total}
    if seats.get("secretary") != 1:
        errors["seats_secretary"] = _("书记名额应为1人。")
    return errors


def _seats(election: Election) -> dict[str, int]:
    return dict(election.seats.values_list("post", "seats"))
