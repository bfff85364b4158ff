"""A township's election days: what is set, what clashes, and days that would fit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count

from ballots.elections import latest_vote
from ballots.models import Step
from ballots.outlooks import outlook_of, reasons
from ballots.planning_words import misfit_sentences
from ballots.rules.outlook import Outlook
from ballots.rules.planner import (
    ONE_DAY,
    Bound,
    DayPlan,
    Misfit,
    Wanted,
    Wishes,
    crowded_out,
    plan_days,
)
from ballots.team_days import (
    ShownClash,
    active_teams,
    booked,
    engagement,
    not_voted,
    shown_clashes,
)
from election_admin.places.models import Place
from villages.models import Body, Election, GuidanceTeam, Occasion
from villages.procedures import procedure_of

MARGIN = 3
# How far ahead a vote is planned for which neither the county's window nor the law sets a last day.
AHEAD = timedelta(days=60)


@dataclass(frozen=True)
class Options:
    """How the office wants its days: ``margin`` days more than the law needs, and which days."""

    margin: int = MARGIN
    wishes: Wishes = field(default_factory=Wishes)


@dataclass(frozen=True)
class PlannedRow:
    """An election without a day, or in a clash, with the day proposed or why there is none.

    ``clash``: what is wrong with the day it has.
    """

    election: Election
    lawful_from: date | None
    day: date | None
    team: int | None
    clash: str
    why_none: tuple[str, ...]
    seats_set: bool


@dataclass(frozen=True)
class Planning:
    """The days of one township on one day: proposals, clashes, and the days that are set."""

    teams: tuple[GuidanceTeam, ...]
    rows: tuple[PlannedRow, ...]
    clashes: tuple[ShownClash, ...]
    settled: tuple[Election, ...]


def planning(township: Place, *, today: date, options: Options) -> Planning:
    """Work out the days of a township's elections. Five queries, however many villages it has."""
    elections = not_voted([township.pk])
    teams = active_teams([township.pk])[township.pk]
    days = _Days(township, elections, today, options)
    dated = booked(elections, on=today)
    # Who has come furthest keeps the day: it is announced, and its steps are counted from it.
    dated.sort(key=lambda one: (-len(days.steps[one.pk]), one.place.code, one.pk))
    out = set(crowded_out([engagement(one) for one in dated], len(teams)))
    wanting = [one for one in elections if one.election_day is None or one.pk in out]
    wanting.sort(key=lambda one: (one.place.code, not one.general, not one.of_party_branch, one.pk))
    plan = plan_days(
        days.wanted(wanting),
        engagements=[engagement(one) for one in dated if one.pk not in out],
        teams=[team.pk for team in teams],
        wishes=options.wishes,
    )
    clashes = shown_clashes(dated, len(teams))
    return Planning(
        teams=tuple(teams),
        rows=tuple(days.rows(wanting, plan, clashes)),
        clashes=tuple(clashes),
        settled=tuple(sorted(dated, key=lambda one: (one.election_day or date.max, one.place.code))),
    )


class _Days:
    """What the days of a township's elections depend on, read once."""

    def __init__(self, township: Place, elections: Sequence[Election], today: date, options: Options) -> None:
        self.today = today
        self.options = options
        self.steps = _recorded(elections)
        general = Election.objects.current().filter(place__parent=township, occasion=Occasion.GENERAL)
        self.general = {(one.place_id, one.body): one for one in general}
        counted = Election.objects.filter(pk__in=[one.pk for one in elections])
        self.seats = dict(counted.annotate(posts=Count("seats")).values_list("pk", "posts"))
        self.outlooks = self._outlooks(elections)

    def _outlooks(self, elections: Iterable[Election]) -> dict[int, Outlook]:
        """The outlook of each election; worked out once for those that stand alike."""
        known: dict[object, Outlook] = {}
        found: dict[int, Outlook] = {}
        for one in elections:
            done = frozenset((step.code, step.done_on) for step in self.steps[one.pk])
            alike = (
                one.term_id, one.edition_id, one.body, one.occasion, one.mode, one.occasion_day, done
            )  # fmt: skip
            if alike not in known:
                known[alike] = outlook_of(one, today=self.today, steps=self.steps[one.pk])
            found[one.pk] = known[alike]
        return found

    def wanted(self, elections: Sequence[Election]) -> list[Wanted]:
        """The elections as the rules take them, without those that no day can make lawful."""
        possible = [one for one in elections if self.outlooks[one.pk].day is not None]
        among = {one.pk for one in possible}
        asked = []
        for one in possible:
            first = self._first(one)
            if first is not None and first.election_day is None and first.pk not in among:
                continue
            asked.append(self._wanted(one, first, among))
        return asked

    def _wanted(self, one: Election, first: Election | None, among: set[int]) -> Wanted:
        lawful = self.outlooks[one.pk].day or self.today
        not_before, not_after = [Bound(code="law", day=lawful)], []
        if one.general:
            not_before.append(Bound(code="window", day=one.term.window_start))
            not_after.append(Bound(code="window", day=one.term.window_end))
        elif (last := latest_vote(one)) is not None:
            not_after.append(Bound(code="law", day=last))
        else:
            not_after.append(Bound(code="ahead", day=max(self.today, lawful) + AHEAD))
        after = first.pk if first is not None and first.pk in among else None
        if first is not None and first.election_day is not None and after is None:
            not_before.append(Bound(code="party", day=first.election_day + ONE_DAY))
        follower = self._follower(one)
        if follower is not None and follower.election_day is not None and follower.pk not in among:
            not_after.append(Bound(code="committee", day=follower.election_day - ONE_DAY))
        return Wanted(
            election=one.pk,
            village=one.place_id,
            not_before=tuple(not_before),
            not_after=tuple(not_after),
            rather_from=Bound(code="margin", day=lawful + timedelta(days=self.options.margin)),
            after=after,
            day=one.election_day,
            team=one.guidance_team_id,
        )

    def _first(self, one: Election) -> Election | None:
        """The election of the Party branch that has to come before this one."""
        if not one.general or one.of_party_branch or not _party_first(one):
            return None
        return self.general.get((one.place_id, Body.PARTY_BRANCH))

    def _follower(self, one: Election) -> Election | None:
        """The election of the villagers' committee before which this one has to come."""
        if not one.general or not one.of_party_branch or not _party_first(one):
            return None
        return self.general.get((one.place_id, Body.VILLAGERS_COMMITTEE))

    def rows(
        self, elections: Sequence[Election], plan: DayPlan, clashes: Sequence[ShownClash]
    ) -> Iterable[PlannedRow]:
        """Each election with its proposal, or with why there is none."""
        proposals = {one.election: one for one in plan.proposals}
        misfits = {one.election: one for one in plan.misfits}
        clash_of = {one.pk: clash.sentence for clash in reversed(clashes) for one in clash.elections}
        for one in elections:
            proposal = proposals.get(one.pk)
            yield PlannedRow(
                election=one,
                lawful_from=self.outlooks[one.pk].day,
                day=proposal.day if proposal else None,
                team=proposal.team if proposal else None,
                clash=clash_of.get(one.pk, ""),
                why_none=() if proposal else tuple(self._why_none(one, misfits)),
                seats_set=bool(self.seats[one.pk]) or one.occasion == Occasion.RECALL,
            )

    def _why_none(self, one: Election, misfits: Mapping[int, Misfit]) -> list[str]:
        outlook = self.outlooks[one.pk]
        law = reasons(one, outlook, today=self.today)
        if outlook.day is None:
            return law
        return misfit_sentences(misfits.get(one.pk), margin=self.options.margin, law=law)


def _party_first(one: Election) -> bool:
    return procedure_of(one).parameters.party_branch_first.value


def _recorded(elections: Iterable[Election]) -> dict[int, list[Step]]:
    """The recorded steps of each election. One query."""
    found: dict[int, list[Step]] = {one.pk: [] for one in elections}
    steps = Step.objects.filter(election__in=found, done_on__isnull=False).order_by("position")
    for step in steps:
        found[step.election_id].append(step)
    return found
