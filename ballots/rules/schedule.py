"""The legal dates of one election, and what its recorded dates break."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

ELECTION_DAY = "election_day"
OCCASION_DAY = "occasion_day"

State = Literal["done", "late", "overdue", "due", "not_applicable"]
ViolationCode = Literal["late", "early", "before_its_turn"]
End = Literal["earliest", "latest", "open_until"]


class ScheduleError(ValueError):
    """A date that cannot be: of no step of this election, or at the calendar's end.

    ``step`` is the code of the step, or "election_day".
    """

    def __init__(self, step: str, message: str) -> None:
        self.step = step
        super().__init__(message)


@dataclass(frozen=True, kw_only=True)
class DeadlineLaw:
    """A day counted from another: ``days`` calendar days on (back, if negative).

    ``base`` is "election_day", "occasion_day" (what a further election, a recall or a by-election
    comes from) or a step's code. The base day itself is not counted.
    """

    base: str
    days: int
    document: str
    article: str


@dataclass(frozen=True, kw_only=True)
class StepLaw:
    """What the law says of one step; a deadline is None where it sets none.

    ``modes`` None is every mode. An ``if_needed`` step does not happen in every election.
    ``open_until`` is the last day of a period that is somebody's right: no date of its own, but
    the step cannot be over before it.
    """

    code: str
    depends_on: tuple[str, ...] = ()
    modes: tuple[str, ...] | None = None
    if_needed: bool = False
    earliest: DeadlineLaw | None = None
    latest: DeadlineLaw | None = None
    open_until: DeadlineLaw | None = None

    def applies_in(self, mode: str) -> bool:
        """Whether an election held in this mode has the step."""
        return self.modes is None or mode in self.modes


@dataclass(frozen=True, kw_only=True)
class ScheduleLaw:
    """The steps of a procedure, in order, and the modes its law knows.

    Dependencies and deadlines must not go in circles; the rulebook's loader sees to it.
    """

    steps: tuple[StepLaw, ...]
    modes: tuple[str, ...]

    def by_code(self) -> dict[str, StepLaw]:
        """The steps under their codes, in order."""
        return {step.code: step for step in self.steps}


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a date holds: so many days from a base, which stands on this day, by this article."""

    base: str
    base_date: date
    base_is_actual: bool
    days: int
    document: str
    article: str


@dataclass(frozen=True, kw_only=True)
class StepDates:
    """One step's legal dates, what was recorded, and how it stands."""

    earliest: date | None
    latest: date | None
    state: State
    actual: date | None = None
    if_needed: bool = False
    open_until: date | None = None
    earliest_reason: Reason | None = None
    latest_reason: Reason | None = None
    open_until_reason: Reason | None = None


@dataclass(frozen=True, kw_only=True)
class Violation:
    """A recorded date that the law does not allow. ``steps``: what should have come first."""

    step: str
    code: ViolationCode
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """Every step's dates, in order, and every violation, by step."""

    steps: Mapping[str, StepDates]
    violations: tuple[Violation, ...]
    mode_allowed: bool


def plan(
    law: ScheduleLaw,
    *,
    election_day: date,
    mode: str,
    actual: Mapping[str, date],
    today: date | None = None,
    occasion_day: date | None = None,
) -> Schedule:
    """The schedule of an election. Days are calendar days, the day of an event not counted.

    A date counted from a step follows the day it was really done, once recorded (Organic Law
    art. 14: objections run from publication); one counted from election day never moves with
    the vote. ``occasion_day`` is None for an election that follows nothing; dates counted from
    it are then not set. Raises ScheduleError for a date of a step this election does not have, or
    one from which a legal date would leave the calendar.
    """
    steps = law.by_code()
    _refuse_strangers(steps, mode, actual)
    anchors = {ELECTION_DAY: election_day, OCCASION_DAY: occasion_day}
    calendar = _Calendar(steps, anchors, mode, actual)
    dates = {code: calendar.dates_of(code, today) for code in steps}
    violations = [v for code in steps for v in _violations(steps, dates, code)]
    return Schedule(steps=dates, violations=tuple(violations), mode_allowed=mode in law.modes)


def unmet(law: ScheduleLaw, *, step: str, mode: str, actual: Mapping[str, date]) -> tuple[str, ...]:
    """The steps that must be recorded before ``step`` may be, in order.

    A step of another mode, or one only done if needed, does not hold anything up itself; what
    it depends on does.
    """
    steps = law.by_code()
    if step not in steps:
        raise ScheduleError(step, f"there is no step {step}")
    open_ones = {
        code
        for code in _behind(steps, step, lambda s: s.code not in actual and _optional(s, mode))
        if code not in actual and not _optional(steps[code], mode)
    }
    return tuple(code for code in steps if code in open_ones)


def still_open(dates: StepDates, *, on: date) -> Reason | None:
    """Return why a step cannot be over on a day: a period that is somebody's right still runs.

    The day of the event is not counted, and the period's last day belongs to it: objections to a
    list published on the 1st may come until the 6th (Organic Law art. 14), so they are closed on
    the 6th at the earliest.
    """
    if dates.open_until is None or on >= dates.open_until:
        return None
    return dates.open_until_reason


class _Calendar:
    """Dates of one election, each worked out from the base it counts from."""

    def __init__(
        self,
        steps: Mapping[str, StepLaw],
        anchors: Mapping[str, date | None],
        mode: str,
        actual: Mapping[str, date],
    ) -> None:
        self.steps = steps
        self.anchors = anchors
        self.mode = mode
        self.actual = actual

    def dates_of(self, code: str, today: date | None) -> StepDates:
        step = self.steps[code]
        if not step.applies_in(self.mode):
            return StepDates(earliest=None, latest=None, state="not_applicable")
        earliest, latest = self._reason(step, "earliest"), self._reason(step, "latest")
        open_until = self._reason(step, "open_until")
        last, actual = _day(latest), self.actual.get(code)
        return StepDates(
            earliest=_day(earliest),
            latest=last,
            state=_state(actual, last, today),
            actual=actual,
            if_needed=step.if_needed,
            open_until=_day(open_until),
            earliest_reason=earliest,
            latest_reason=latest,
            open_until_reason=open_until,
        )

    def _reason(self, step: StepLaw, end: End) -> Reason | None:
        deadline: DeadlineLaw | None = getattr(step, end)
        if deadline is None:
            return None
        base, known = self._base(deadline.base, end)
        if base is None:
            return None
        return Reason(
            base=deadline.base,
            base_date=base,
            base_is_actual=known,
            days=deadline.days,
            document=deadline.document,
            article=deadline.article,
        )

    def _base(self, base: str, end: End) -> tuple[date | None, bool]:
        if base in self.anchors:
            return self.anchors[base], False
        if base in self.actual:
            return self.actual[base], True
        step = self.steps[base]
        if not step.applies_in(self.mode):
            return None, False
        # A period runs from the day of its event, not from the last day of another period.
        return _day(self._reason(step, "latest" if end == "open_until" else end)), False


def _day(reason: Reason | None) -> date | None:
    if reason is None:
        return None
    try:
        return reason.base_date + timedelta(days=reason.days)
    except OverflowError as error:
        at_fault = reason.base if reason.base_is_actual else ELECTION_DAY
        raise ScheduleError(at_fault, "has legal dates outside the calendar") from error


def _state(actual: date | None, latest: date | None, today: date | None) -> State:
    if actual is not None:
        return "late" if latest is not None and actual > latest else "done"
    if latest is not None and today is not None and today > latest:
        return "overdue"
    return "due"


def _refuse_strangers(steps: Mapping[str, StepLaw], mode: str, actual: Mapping[str, date]) -> None:
    for code in actual:
        if code not in steps:
            raise ScheduleError(code, "is not a step of this rulebook")
        if not steps[code].applies_in(mode):
            raise ScheduleError(code, f"has a date, but is no step of an election {mode}")


def _violations(
    steps: Mapping[str, StepLaw], dates: Mapping[str, StepDates], code: str
) -> Iterator[Violation]:
    own = dates[code]
    if own.actual is None:
        return
    if own.state == "late":
        yield Violation(step=code, code="late")
    if own.earliest is not None and own.actual < own.earliest:
        yield Violation(step=code, code="early")
    # An unrecorded step in between hides no order: what it waits for, this one waits for too.
    behind = _behind(steps, code, lambda step: dates[step.code].actual is None)
    sooner = {c for c in behind if (day := dates[c].actual) is not None and day > own.actual}
    if sooner:
        in_order = tuple(c for c in steps if c in sooner)
        yield Violation(step=code, code="before_its_turn", steps=in_order)


def _optional(step: StepLaw, mode: str) -> bool:
    return step.if_needed or not step.applies_in(mode)


def _behind(steps: Mapping[str, StepLaw], code: str, look_behind: Callable[[StepLaw], bool]) -> set[str]:
    """What a step depends on, and what those depend on that ``look_behind`` sees through."""
    seen: set[str] = set()
    waiting = list(steps[code].depends_on)
    while waiting:
        other = waiting.pop()
        if other in seen:
            continue
        seen.add(other)
        if look_behind(steps[other]):
            waiting += steps[other].depends_on
    return seen
