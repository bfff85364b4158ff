"""Opening a term, and setting each village's election day."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

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
    GuidanceTeam,
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
DAY_FIELDS = ("election_day", "mode", "guidance_team")
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
    guidance_team: GuidanceTeam | None = None,
) -> Election:
    """Set the election day, the mode, the seats of each post, and the team that guides it if any.

    Whoever depends on the day hears of it in the same transaction. Raises ValidationError when
    ``refusal_of_day`` has something against the day, the mode is not the term's, the seats are
    not within what the law allows, or the team is not one that the township keeps.
    """
    take_turn(election.place)
    election = Election.objects.with_place().get(pk=election.pk)
    require(actor, "villages.set_election_day", election)
    term = election.term
    term.require_current()
    errors: dict[str, str] = {}
    if refusal := refusal_of_day(election, election_day, today=timezone.localdate(at)):
        errors["election_day"] = refusal
    if mode != election.mode and mode not in term.modes_of(election.body):
        errors["mode"] = _("本届采用的选举办法不允许这种方式。")
    if refusal := _refusal_of_team(election, guidance_team, _teams_in_use(election.place.parent)):
        errors["guidance_team"] = refusal
    errors |= _seat_errors(election, seats, procedure_of(election).parameters)
    if errors:
        raise ValidationError(errors)
    with _journalled(election, actor, at):
        election.election_day, election.mode = election_day, Mode(mode)
        election.guidance_team = guidance_team
        election.save(update_fields=DAY_FIELDS)
        election.seats.all().delete()
        Seat.objects.bulk_create(
            Seat(
                election=election,
                post=post,
                seats=count,
                rank=POST_RANKS[post],
                women_only=post == "women",
            )
            for post, count in seats.items()
            if count
        )
    election_day_set.send(Election, election=election, actor=actor, at=at)
    return election


@dataclass(frozen=True, kw_only=True)
class PlannedDay:
    """A day and a team for an election; ``before`` is the day it had when this was planned."""

    election_id: int
    before: date | None
    election_day: date
    guidance_team: GuidanceTeam | None


@transaction.atomic
def set_planned_days(
    *, township: Place, days: Sequence[PlannedDay], actor: User, at: datetime
) -> list[Election]:
    """Set the days of several of a township's elections at once, all of them or none.

    Modes and seats stay as they are; where seats have not been decided they are still to be. Raises
    ValidationError, its messages under each election's id, for a day that changed meanwhile or
    that ``set_election_day`` would refuse, and for a team that would be in two villages on a day.
    """
    take_turn(township)
    require(actor, "villages.set_election_day", township)
    found = Election.objects.with_place().within(township.code).current()
    elections = found.in_bulk([one.election_id for one in days])
    errors = _planned_errors(township, elections, days, today=timezone.localdate(at))
    if not errors:
        for one in days:
            election = elections[one.election_id]
            with _journalled(election, actor, at):
                election.election_day, election.guidance_team = one.election_day, one.guidance_team
                election.save(update_fields=DAY_FIELDS)
            try:
                election_day_set.send(Election, election=election, actor=actor, at=at)
            except ValidationError as error:
                errors[str(election.pk)] = error.messages
    if errors:
        raise ValidationError(errors)
    return [elections[one.election_id] for one in days]


def refusal_of_day(
    election: Election,
    election_day: date,
    *,
    today: date,
    planned: Mapping[int, date] | None = None,
) -> str:
    """Why an election cannot be held on a day, as a sentence; empty if nothing is against it.

    ``planned`` are days by election id that other elections are about to get.
    """
    term = election.term
    # One between general elections that was held on another day is put right afterwards.
    corrected = not election.general and election.election_day is not None and election.election_day <= today
    if election_day != election.election_day and election_day < today and not corrected:
        return _("选举日不能定在已经过去的日子。")
    if election.general and not term.window_start <= election_day <= term.window_end:
        return _("选举日须在本届选举窗口%(start)s至%(end)s之间。") % {
            "start": date_format(term.window_start),
            "end": date_format(term.window_end),
        }
    if election.occasion_day is not None and election_day < election.occasion_day:
        return _("投票日不能早于%(day)s，这次选举由当天的事项而来。") % {
            "day": date_format(election.occasion_day)
        }
    return _refusal_of_order(election, election_day, planned or {})


@contextmanager
def _journalled(election: Election, actor: User, at: datetime) -> Iterator[None]:
    """Append what the block changes of an election's day, mode, team and seats."""
    before = _as_set(election)
    yield
    append(
        verb="villages.set_election_day",
        row=election,
        actor=actor,
        place=election.place,
        at=at,
        before=before,
        after=_as_set(election),
    )


def _as_set(election: Election) -> dict[str, Any]:
    return {
        **snapshot(election, DAY_FIELDS),
        "seats": dict(election.seats.values_list("post", "seats")),
    }


def _planned_errors(
    township: Place, elections: Mapping[int, Election], days: Sequence[PlannedDay], *, today: date
) -> dict[str, list[str]]:
    planned = {one.election_id: one.election_day for one in days}
    usable, taken = _teams_in_use(township), _taken_teams(township, planned)
    errors: dict[str, list[str]] = {}
    for one in days:
        election = elections.get(one.election_id)
        refusals = [_("没有找到这次选举，请刷新页面后重新安排。")]
        if election is not None:
            refusals = [
                refusal_of_day(election, one.election_day, today=today, planned=planned),
                _refusal_of_team(election, one.guidance_team, usable),
                _refusal_of_change(election, one),
                _refusal_of_shared_team(election, one, taken),
            ]
        if found := [sentence for sentence in refusals if sentence]:
            errors[str(one.election_id)] = found
        elif election is not None and one.guidance_team is not None:
            taken[one.guidance_team.pk, one.election_day] = election.place
    return errors


def _taken_teams(township: Place, planned: Mapping[int, date]) -> dict[tuple[int, date], Place]:
    """Where each team is on the days planned, because of elections that are not."""
    others = Election.objects.within(township.code).current().exclude(pk__in=planned)
    engaged = others.filter(election_day__in=planned.values(), guidance_team__isnull=False)
    return {
        (one.guidance_team_id, one.election_day): one.place
        for one in engaged.select_related("place")
        if one.guidance_team_id is not None and one.election_day is not None
    }


def _refusal_of_shared_team(
    election: Election, day: PlannedDay, taken: Mapping[tuple[int, date], Place]
) -> str:
    if day.guidance_team is None:
        return ""
    where = taken.get((day.guidance_team.pk, day.election_day))
    if where is None or where == election.place:
        return ""
    return _("%(team)s在%(day)s已安排到%(village)s，请换一个指导组或者换一天。") % {
        "team": day.guidance_team,
        "day": date_format(day.election_day),
        "village": where,
    }


def _refusal_of_change(election: Election, day: PlannedDay) -> str:
    if election.election_day == day.before:
        return ""
    return _("选举日刚刚被改过，现为%(day)s。请刷新页面后重新安排。") % {
        "day": date_format(election.election_day) if election.election_day else _("未定")
    }


def _teams_in_use(township: Place | None) -> set[int]:
    return set(GuidanceTeam.objects.filter(place=township, active=True).values_list("pk", flat=True))


def _refusal_of_team(election: Election, team: GuidanceTeam | None, usable: Collection[int]) -> str:
    """Refuse a team of another township, and one no longer in use unless it has the village already."""
    if team is None or team.pk == election.guidance_team_id or team.pk in usable:
        return ""
    return _("没有这个指导组，或者它已停用，请重新选择。")


def _check_modes(modes: Sequence[str], law: Parameters) -> None:
    """Raise ValidationError unless the modes are the law's, with one of the committee among them."""
    if not any(mode in modes for mode in COMMITTEE_MODES):
        raise ValidationError({"modes": _("请至少选一种村民委员会的选举方式。")})
    if any(mode not in (*law.modes.value, *law.party_modes.value) for mode in modes):
        raise ValidationError({"modes": _("所选的选举办法不允许其中的一种方式，请重新选择。")})


def _refusal_of_order(election: Election, election_day: date, planned: Mapping[int, date]) -> str:
    """Refuse a day that puts the villagers' committee before the Party branch."""
    if not (election.general and procedure_of(election).parameters.party_branch_first.value):
        return ""
    others = Election.objects.filter(place=election.place, term=election.term, occasion=Occasion.GENERAL)
    other = others.exclude(pk=election.pk).first()
    other_day = planned.get(other.pk, other.election_day) if other is not None else None
    if other_day is None:
        return ""
    values = {"day": date_format(other_day)}
    if election.of_party_branch and election_day >= other_day:
        return _("村党组织应先换届：须早于村民委员会选举日%(day)s。") % values
    if not election.of_party_branch and election_day <= other_day:
        return _("村党组织应先换届：村民委员会选举日须晚于%(day)s。") % values
    return ""


def _seat_errors(election: Election, seats: Mapping[str, int], law: Parameters) -> dict[str, str]:
    """Refuse a number of members the law does not allow, and a body without its head.

    What is elected between general elections are single seats: at least one, no more than a
    whole committee. A recall elects nobody.
    """
    total = sum(seats.values())
    if election.occasion == Occasion.RECALL:
        return {}
    if not election.general:
        whole = law.party_seats if election.of_party_branch else law.seats
        if 0 < total <= (whole.value.most or total):
            return {}
        return {"seats_member": _("请填写这次要选的名额，至少1人，不超过一届委员会的总名额。")}
    if election.of_party_branch:
        return _party_seat_errors(seats, total, law)
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
