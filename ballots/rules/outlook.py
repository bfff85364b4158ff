"""How soon an election can lawfully be held, and what moving its day makes late."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from .schedule import (
    ELECTION_DAY,
    OCCASION_DAY,
    DeadlineLaw,
    End,
    Schedule,
    ScheduleError,
    ScheduleLaw,
    StepDates,
    StepLaw,
    Violation,
    plan,
    unmet,
)

Bond = Literal["today", "not_before", "after", "earliest", "latest", "open_until"]

# The fixed point that days are counted from: today.
_CALENDAR = "calendar"


@dataclass(frozen=True, kw_only=True)
class Link:
    """Why ``step`` cannot be before ``day``: one link of the chain that holds the election day.

    ``bond`` says what kind of hold it is. "today" and "not_before": the calendar itself. "after":
    the step depends on ``base``. "earliest" and "open_until": the law counts the step's day from
    ``base``. "latest": the law counts the last day of ``base`` from ``step``, which therefore
    cannot be sooner. ``step`` may be "election_day"; ``base_day`` is the soonest, or the
    recorded, day of ``base``.
    """

    step: str
    day: date
    bond: Bond
    base: str = ""
    base_day: date | None = None
    base_is_actual: bool = False
    days: int = 0
    document: str = ""
    article: str = ""


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """The earliest lawful election day, and what it hangs on.

    ``chain`` leads from today to the election day. Where there is no such day, ``day`` is None:
    the chain then leads to ``limit``, which it runs against, and where ``limit`` is None too it
    goes in a circle that the law itself does not allow. ``soonest`` holds the day of each open
    step on which the election day rests. ``standing`` is what stays unlawful whatever the day.
    """

    day: date | None
    chain: tuple[Link, ...]
    limit: Link | None = None
    soonest: Mapping[str, date]
    standing: tuple[Violation, ...] = ()


def earliest_lawful_day(
    law: ScheduleLaw,
    *,
    mode: str,
    actual: Mapping[str, date],
    today: date,
    occasion_day: date | None = None,
    not_before: date | None = None,
) -> Outlook:
    """The earliest day on which the vote can be held with every step still open done lawfully.

    Each open step is done on the soonest day that is no earlier than today, than what it depends
    on, and than the law allows it; the election day is the first for which none of these, nor a
    recorded step, comes too late or too early. Steps may be done on one day unless the law sets
    days between them. A step only done if needed, and not recorded, holds nothing up.

    What no election day can cure (a step done later after another than art. 14 allows) does not
    stand in the way: it is named in ``standing``. A last day counted from the occasion does: a
    further election beyond its 30 days (Zhejiang art. 29) has no lawful day. ``actual`` holds
    no day after today. Raises ScheduleError as ``plan`` does.
    """
    calendar = _Holds(law, mode, actual, today, occasion_day)
    holds = [*calendar.of_election_day(not_before), *calendar.of_steps()]
    reached, causes, broken = _soonest(holds)
    if broken is not None:
        return _dead_end(broken, causes, reached, today)
    days = {code: _day(today, distance) for code, distance in reached.items() if code != _CALENDAR}
    day = days.pop(ELECTION_DAY)
    schedule = plan(law, election_day=day, mode=mode, actual={**actual, **days}, occasion_day=occasion_day)
    return Outlook(
        day=day,
        chain=_chain(ELECTION_DAY, causes, reached, today),
        soonest=days,
        standing=schedule.violations,
    )


@dataclass(frozen=True, kw_only=True)
class MovedDate:
    """A legal date of an open step that a moved election day moves."""

    step: str
    end: End
    before: date | None
    after: date | None


@dataclass(frozen=True, kw_only=True)
class Consequences:
    """What another election day brings: steps newly overdue, records newly unlawful, dates moved."""

    overdue: tuple[str, ...]
    violations: tuple[Violation, ...]
    moved: tuple[MovedDate, ...]


def made_late(before: Schedule | None, after: Schedule, today: date) -> Consequences:
    """What changes from one schedule of an election to another; ``before`` None: it had no day."""
    had = dict(before.steps) if before else {}
    known = set(before.violations) if before else set()
    return Consequences(
        overdue=tuple(
            code
            for code, dates in after.steps.items()
            if _overdue(dates, today) and not (code in had and _overdue(had[code], today))
        ),
        violations=tuple(one for one in after.violations if one not in known),
        moved=tuple(_moved(had, after)),
    )


def _overdue(dates: StepDates, today: date) -> bool:
    """Whether a step that has to be done is not, and its last lawful day has passed."""
    return bool(dates.actual is None and not dates.if_needed and dates.latest and dates.latest < today)


def _moved(had: Mapping[str, StepDates], after: Schedule) -> Iterator[MovedDate]:
    ends: tuple[Literal["earliest", "latest"], ...] = ("earliest", "latest")
    for code, dates in after.steps.items():
        if dates.actual is not None:
            continue
        for end in ends:
            old = getattr(had[code], end) if code in had else None
            new = getattr(dates, end)
            if old != new:
                yield MovedDate(step=code, end=end, before=old, after=new)


@dataclass(frozen=True)
class _Hold:
    """``head`` is at least ``days`` days after ``tail``; ``link`` says why, its days still open."""

    tail: str
    head: str
    days: int
    link: Link


class _Holds:
    """The holds between today, the election day and the steps still open.

    All of them say that one day is at least so long after another: so the soonest days are the
    longest ways from today, and they are the soonest for every step at once.
    """

    def __init__(
        self,
        law: ScheduleLaw,
        mode: str,
        actual: Mapping[str, date],
        today: date,
        occasion_day: date | None,
    ) -> None:
        self.law = law
        self.steps = law.by_code()
        self.mode = mode
        self.actual = actual
        self.today = today
        self.occasion_day = occasion_day

    def of_election_day(self, not_before: date | None) -> Iterator[_Hold]:
        """The election day is not past, and not before the day asked for."""
        yield self._hold(_CALENDAR, ELECTION_DAY, 0, "today")
        if not_before is not None:
            yield self._hold(_CALENDAR, ELECTION_DAY, (not_before - self.today).days, "not_before")

    def of_steps(self) -> Iterator[_Hold]:
        """What holds each step that this election has, open or recorded."""
        for step in self.steps.values():
            if not step.applies_in(self.mode):
                continue
            if step.code in self.actual:
                yield from self._of_recorded(step)
            elif not step.if_needed:
                yield from self._of_open(step)

    def _of_open(self, step: StepLaw) -> Iterator[_Hold]:
        yield self._hold(_CALENDAR, step.code, 0, "today")
        for other in unmet(self.law, step=step.code, mode=self.mode, actual=self.actual):
            yield self._hold(other, step.code, 0, "after", base=other)
        for end in ("earliest", "open_until"):
            deadline: DeadlineLaw | None = getattr(step, end)
            if deadline is not None and (base := self._base(deadline, end)) is not None:
                yield self._by_law(base[0], step.code, base[1], end, deadline, deadline.base)
        if step.latest is None or (base := self._base(step.latest, "latest")) is None:
            return
        # Counted from a recorded step, a last day that has passed is late whatever the election day.
        if base[0] != _CALENDAR or step.latest.base == OCCASION_DAY:
            yield self._by_law(step.code, base[0], -base[1], "latest", step.latest, step.code)

    def _of_recorded(self, step: StepLaw) -> Iterator[_Hold]:
        """What a recorded day leaves of election days; nothing if it does not hang on them."""
        done = (self.actual[step.code] - self.today).days
        for end in ("earliest", "open_until", "latest"):
            deadline: DeadlineLaw | None = getattr(step, end)
            base = self._base(deadline, end) if deadline is not None else None
            if deadline is None or base is None or base[0] != ELECTION_DAY:
                continue
            if end == "latest":
                yield self._by_law(_CALENDAR, ELECTION_DAY, done - base[1], end, deadline, step.code)
            else:
                yield self._by_law(ELECTION_DAY, _CALENDAR, base[1] - done, end, deadline, step.code)

    def _base(self, deadline: DeadlineLaw, end: End) -> tuple[str, int] | None:
        """What a legal date is counted from, and how many days from there; None if there is none.

        As ``plan`` has it: a step that is not going to be done passes on where its own date
        comes from.
        """
        base, days = deadline.base, deadline.days
        if base == ELECTION_DAY:
            return ELECTION_DAY, days
        if base == OCCASION_DAY:
            return None if self.occasion_day is None else self._from_calendar(self.occasion_day, days)
        if base in self.actual:
            return self._from_calendar(self.actual[base], days)
        step = self.steps[base]
        if not step.applies_in(self.mode):
            return None
        if not step.if_needed:
            return base, days
        end = "latest" if end == "open_until" else end
        passed_on: DeadlineLaw | None = getattr(step, end)
        further = self._base(passed_on, end) if passed_on is not None else None
        return None if further is None else (further[0], further[1] + days)

    def _from_calendar(self, day: date, days: int) -> tuple[str, int]:
        return _CALENDAR, (day - self.today).days + days

    def _by_law(
        self, tail: str, head: str, distance: int, bond: End, deadline: DeadlineLaw, base: str
    ) -> _Hold:
        return self._hold(
            tail,
            head,
            distance,
            bond,
            base=base,
            days=deadline.days,
            document=deadline.document,
            article=deadline.article,
        )

    def _hold(
        self,
        tail: str,
        head: str,
        distance: int,
        bond: Bond,
        *,
        base: str = "",
        days: int = 0,
        document: str = "",
        article: str = "",
    ) -> _Hold:
        recorded = self.occasion_day if base == OCCASION_DAY else self.actual.get(base)
        link = Link(
            step=head,
            day=self.today,
            bond=bond,
            base=base,
            base_day=recorded,
            base_is_actual=recorded is not None,
            days=days,
            document=document,
            article=article,
        )
        return _Hold(tail, head, distance, link)


def _soonest(holds: list[_Hold]) -> tuple[dict[str, int], dict[str, _Hold], _Hold | None]:
    """The soonest day of everything, in days from today; the hold that makes it so; a hold that breaks.

    A hold that breaks either bears on the calendar, which does not move, or closes a circle.
    """
    reached: dict[str, int] = {_CALENDAR: 0}
    causes: dict[str, _Hold] = {}
    for _ in range(len(holds)):
        moved = None
        for hold in holds:
            if hold.tail not in reached:
                continue
            distance = reached[hold.tail] + hold.days
            if hold.head in reached and distance <= reached[hold.head]:
                continue
            if hold.head == _CALENDAR:
                return reached, causes, hold
            reached[hold.head], causes[hold.head] = distance, hold
            moved = hold
        if moved is None or len(reached) == 1:
            return reached, causes, None
        if _circular(moved.head, causes):
            return reached, causes, moved
    return reached, causes, None


def _circular(head: str, causes: Mapping[str, _Hold]) -> bool:
    """Whether what holds ``head`` leads back to a circle instead of to the calendar."""
    seen: set[str] = set()
    while head != _CALENDAR:
        if head in seen:
            return True
        seen.add(head)
        head = causes[head].tail
    return False


def _chain(
    head: str, causes: Mapping[str, _Hold], reached: Mapping[str, int], today: date
) -> tuple[Link, ...]:
    """The links that lead to ``head``, from today on, or once around where they go in a circle."""
    links: list[Link] = []
    seen: set[str] = set()
    while head != _CALENDAR and head not in seen:
        seen.add(head)
        hold = causes[head]
        links.append(_dated(hold, reached, today))
        head = hold.tail
    return tuple(reversed(links))


def _dated(hold: _Hold, reached: Mapping[str, int], today: date) -> Link:
    base_day = hold.link.base_day
    if base_day is None and hold.link.base in reached:
        base_day = _day(today, reached[hold.link.base])
    return replace(hold.link, day=_day(today, reached[hold.head]), base_day=base_day)


def _dead_end(broken: _Hold, causes: Mapping[str, _Hold], reached: Mapping[str, int], today: date) -> Outlook:
    """The chain, and the last day it runs against; no such day where the chain is a circle."""
    limit = None
    if broken.head == _CALENDAR:
        limit = replace(broken.link, step=broken.tail, day=_day(today, -broken.days))
    return Outlook(day=None, chain=_chain(broken.tail, causes, reached, today), limit=limit, soonest={})


def _day(today: date, distance: int) -> date:
    try:
        return today + timedelta(days=distance)
    except OverflowError as error:
        raise ScheduleError(ELECTION_DAY, "has legal dates outside the calendar") from error
