"""Election days that fit: one team in one village a day, each day lawful, the load even."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from heapq import heappop, heappush
from typing import Literal

ONE_DAY = timedelta(days=1)
SATURDAY = 5
# Elections stand no further apart than this, even where the window has room for more.
WIDEST_GAP = 31


@dataclass(frozen=True, kw_only=True)
class Bound:
    """One end of the time in which an election may be held, and whose it is.

    ``code`` is the caller's word for it, such as "window" or "law".
    """

    code: str
    day: date


@dataclass(frozen=True, kw_only=True)
class Engagement:
    """An election whose day is set, and the team that guides it, if one is named."""

    election: int
    village: int
    day: date
    team: int | None = None


@dataclass(frozen=True, kw_only=True)
class Clash:
    """Elections of one day that need the same people.

    ``team`` None: there are more villages than teams. Else this team would be in several at once.
    """

    day: date
    team: int | None
    elections: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An election that wants a day, or another one.

    It is held no earlier than any ``not_before``, no later than any ``not_after``, and later than
    the election ``after``, if that is among those wanted. ``rather_from`` holds for a new day
    only, not for the one it has. ``day`` and ``team`` are what it has now.
    """

    election: int
    village: int
    not_before: tuple[Bound, ...]
    not_after: tuple[Bound, ...]
    rather_from: Bound | None = None
    after: int | None = None
    day: date | None = None
    team: int | None = None

    @property
    def first(self) -> Bound:
        """The bound before which it gets no new day."""
        bounds = (*self.not_before, self.rather_from) if self.rather_from else self.not_before
        return max(bounds, key=lambda bound: bound.day)

    @property
    def fits_now(self) -> bool:
        """Whether the day it has is between its bounds."""
        lawful_from = max(bound.day for bound in self.not_before)
        return self.day is not None and lawful_from <= self.day <= self.last.day

    @property
    def last(self) -> Bound:
        """The bound after which it cannot be held."""
        return min(self.not_after, key=lambda bound: bound.day)


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """Which days the office would rather take. ``avoid``: days it does not want at all."""

    weekends_only: bool = False
    avoid: frozenset[date] = frozenset()

    def allow(self, day: date) -> bool:
        """Whether a day is one of those wished for."""
        return day not in self.avoid and (not self.weekends_only or day.weekday() >= SATURDAY)


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A day, and a team free on it; no team where the township keeps none."""

    election: int
    day: date
    team: int | None


@dataclass(frozen=True, kw_only=True)
class Misfit:
    """Why no day fits an election.

    "too_late": its first lawful day comes after its last, see the bounds. "no_day": none between
    them is wished for. "no_team": every team is in another village on all of them. "waits": the
    election that comes first has no day itself.
    """

    election: int
    code: Literal["too_late", "no_day", "no_team", "waits"]
    first: Bound
    last: Bound


@dataclass(frozen=True, kw_only=True)
class DayPlan:
    """For each election wanted either a proposal or why there is none, in the order given."""

    proposals: tuple[Proposal, ...]
    misfits: tuple[Misfit, ...]


def clashes(engagements: Iterable[Engagement], teams: int) -> tuple[Clash, ...]:
    """The elections that need the same people on one day; ``teams`` is how many there are.

    A team can be in one village a day. A township that keeps no teams has none to share. What one
    team's clash says of all the elections of a day is not said again.
    """
    of_day: dict[date, list[Engagement]] = {}
    for engagement in engagements:
        of_day.setdefault(engagement.day, []).append(engagement)
    found: list[Clash] = []
    for day in sorted(of_day):
        of_team: dict[int, list[Engagement]] = {}
        for engagement in of_day[day]:
            if engagement.team is not None:
                of_team.setdefault(engagement.team, []).append(engagement)
        found += [
            Clash(day=day, team=team, elections=tuple(one.election for one in sharing))
            for team, sharing in of_team.items()
            if len(_villages(sharing)) > 1
        ]
        everyone = tuple(one.election for one in of_day[day])
        told = any(clash.day == day and clash.elections == everyone for clash in found)
        if teams and not told and len(_villages(of_day[day])) > teams:
            found.append(Clash(day=day, team=None, elections=everyone))
    return tuple(found)


def crowded_out(engagements: Sequence[Engagement], teams: int) -> tuple[int, ...]:
    """The elections that would have to give way for no clash to be left; who comes first stays."""
    kept: dict[date, list[Engagement]] = {}
    out: list[int] = []
    for one in engagements:
        here = kept.setdefault(one.day, [])
        others = [other for other in here if other.village != one.village]
        shared = one.team is not None and any(other.team == one.team for other in others)
        if shared or (teams and len(_villages([*here, one])) > teams):
            out.append(one.election)
        else:
            here.append(one)
    return tuple(out)


def plan_days(
    wanted: Sequence[Wanted],
    *,
    engagements: Sequence[Engagement],
    teams: Sequence[int],
    wishes: Wishes = Wishes(),
) -> DayPlan:
    """A day and a team for each election wanted, around the engagements that stay.

    As many elections as can have a day get one; then as few as possible fall on one day, then
    they stand as far apart as they can. An election that has a day keeps it if another team is
    free. The same input always gives the same plan.
    """
    board = _Board(engagements, teams)
    proposals = _kept(wanted, board, wishes)
    placed = {one.election: one.day for one in proposals}
    rest = [one for one in wanted if one.election not in placed]
    days = _spread(_jobs(rest, placed), _days(rest, wishes), board)
    proposals += _with_teams([one for one in rest if one.election in days], days, board)
    placed |= days
    order = {one.election: position for position, one in enumerate(wanted)}
    return DayPlan(
        proposals=tuple(sorted(proposals, key=lambda one: order[one.election])),
        misfits=tuple(_misfit(one, wanted, placed, wishes) for one in wanted if one.election not in placed),
    )


def _villages(engagements: Iterable[Engagement]) -> set[int]:
    return {one.village for one in engagements}


@dataclass
class _Board:
    """Who is where on which day."""

    engagements: Sequence[Engagement]
    teams: Sequence[int]
    villages_of: dict[date, set[int]] = field(default_factory=dict)
    busy: dict[date, set[int]] = field(default_factory=dict)
    load: Counter[int] = field(default_factory=Counter)
    guides: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for one in self.engagements:
            self.engage(one.village, one.day, one.team)

    def engage(self, village: int, day: date, team: int | None) -> None:
        self.villages_of.setdefault(day, set()).add(village)
        if team is not None:
            self.busy.setdefault(day, set()).add(team)
            self.load[team] += 1
            self.guides[village] = team

    def room(self, day: date, most: int) -> int:
        """How many more villages can be held on a day of which no more than ``most`` are to be."""
        rooms = [most - len(self.villages_of.get(day, ()))]
        if self.teams:
            rooms.append(len(self.free(day)))
        return max(0, min(rooms))

    def free(self, day: date) -> list[int]:
        """The teams free on a day, the least used first."""
        busy = self.busy.get(day, set())
        order = {team: position for position, team in enumerate(self.teams)}
        return sorted(order.keys() - busy, key=lambda team: (self.load[team], order[team]))


def _kept(wanted: Sequence[Wanted], board: _Board, wishes: Wishes) -> list[Proposal]:
    """The elections that keep their day because another team is free on it."""
    among = {one.election for one in wanted}
    kept: list[Proposal] = []
    for one in wanted:
        if one.day is None or one.after in among or not one.fits_now:
            continue
        free = board.free(one.day)
        if free and board.room(one.day, len(board.teams)) and wishes.allow(one.day):
            team = one.team if one.team in free else free[0]
            board.engage(one.village, one.day, team)
            kept.append(Proposal(election=one.election, day=one.day, team=team))
    return kept


@dataclass(frozen=True)
class _Job:
    election: int
    first: date
    last: date
    after: int | None


def _jobs(wanted: Sequence[Wanted], placed: Mapping[int, date]) -> list[_Job]:
    """The elections with their days; who must come first leaves a day to who follows."""
    among = {one.election for one in wanted}
    last = {one.election: one.last.day for one in wanted}
    for one in wanted:
        if one.after in last:
            last[one.after] = min(last[one.after], one.last.day - ONE_DAY)
    jobs = []
    for one in wanted:
        first = one.first.day
        if one.after is not None and one.after in placed:
            first = max(first, placed[one.after] + ONE_DAY)
        # Where nothing is left for who follows, the one that comes first is not held back.
        until = last[one.election] if last[one.election] >= first else one.last.day
        jobs.append(_Job(one.election, first, until, one.after if one.after in among else None))
    return jobs


def _days(wanted: Sequence[Wanted], wishes: Wishes) -> list[date]:
    """Every day on which any of them could be held."""
    if not wanted:
        return []
    first, last = min(one.first.day for one in wanted), max(one.last.day for one in wanted)
    every = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return [day for day in every if wishes.allow(day)]


def _spread(jobs: Sequence[_Job], days: Sequence[date], board: _Board) -> dict[int, date]:
    """The days of as many as possible: few on one day, and then far apart."""
    most = len(board.teams) or len(jobs)
    best = _timetable(jobs, days, board, most)
    numbers = range(min(most, 1), most + 1)
    fewest = next(one for one in numbers if len(_timetable(jobs, days, board, one)) == len(best))
    for gap in range(WIDEST_GAP, 0, -1):
        apart = _timetable(jobs, days[::gap], board, fewest)
        if len(apart) == len(best):
            return apart
    return best


def _timetable(jobs: Sequence[_Job], days: Sequence[date], board: _Board, most: int) -> dict[int, date]:
    """Day by day those who can wait least, no more than ``most`` villages a day.

    For jobs of one day this leaves out as few as can be.
    """
    followers: dict[int, list[_Job]] = {}
    coming: list[tuple[date, int, _Job]] = []
    for number, job in enumerate(jobs):
        if job.after is None:
            heappush(coming, (job.first, number, job))
        else:
            followers.setdefault(job.after, []).append(job)
    numbers = {job.election: number for number, job in enumerate(jobs)}
    ready: list[tuple[date, int, _Job]] = []
    found: dict[int, date] = {}
    for day in days:
        while coming and coming[0][0] <= day:
            _, number, job = heappop(coming)
            heappush(ready, (job.last, number, job))
        room = board.room(day, most)
        while ready and room:
            last, _, job = heappop(ready)
            if last < day:
                continue
            found[job.election], room = day, room - 1
            for follower in followers.get(job.election, ()):
                first = max(follower.first, day + ONE_DAY)
                heappush(coming, (first, numbers[follower.election], follower))
    return found


def _with_teams(wanted: Sequence[Wanted], days: Mapping[int, date], board: _Board) -> list[Proposal]:
    """A free team for each: its own, or the one that knows the village, else the least used."""
    proposals = []
    for day in sorted(set(days.values())):
        here = [one for one in wanted if days[one.election] == day]
        chosen: dict[int, int] = {}
        for one in here:
            for team in (one.team, board.guides.get(one.village)):
                if team in board.free(day) and one.election not in chosen and team is not None:
                    chosen[one.election] = team
                    board.engage(one.village, day, team)
        for one in here:
            if one.election not in chosen and (free := board.free(day)):
                chosen[one.election] = free[0]
                board.engage(one.village, day, free[0])
            proposals.append(Proposal(election=one.election, day=day, team=chosen.get(one.election)))
    return proposals


def _misfit(one: Wanted, wanted: Collection[Wanted], placed: Mapping[int, date], wishes: Wishes) -> Misfit:
    first, last = one.first, one.last
    if any(other.election == one.after for other in wanted) and one.after is not None:
        if one.after not in placed:
            return Misfit(election=one.election, code="waits", first=first, last=last)
        behind = Bound(code="after", day=placed[one.after] + ONE_DAY)
        first = max(first, behind, key=lambda bound: bound.day)
    if first.day > last.day:
        return Misfit(election=one.election, code="too_late", first=first, last=last)
    between = (first.day + timedelta(days=offset) for offset in range((last.day - first.day).days + 1))
    code: Literal["no_day", "no_team"] = "no_team" if any(map(wishes.allow, between)) else "no_day"
    return Misfit(election=one.election, code=code, first=first, last=last)
