"""An election's procedure as pages and sheets show it: stages, steps, what is next, what is wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ballots.actions.steps import (
    CONFIDENTIAL,
    FOLLOWED,
    VOTE,
    belongs,
    days_that_bind,
    may_take_back,
    schedule_of,
)
from ballots.law import schedule_law
from ballots.models import Step, Violation
from ballots.offices import recorder_sentence, records
from ballots.rules.schedule import Reason, Schedule, ScheduleLaw, still_open, unmet
from ballots.wording import (
    cite,
    date_reason,
    days_late,
    days_left,
    deadline_words,
    step_title,
    violation_sentence,
)
from election_admin.accounts.models import User
from election_admin.rulebooks.procedures import Course, Deadline, Procedure
from villages.models import Band, Election, Rating
from villages.procedures import course_of, procedure_of

# From so many days before its last lawful day on, a step asks for attention.
NEAR = timedelta(days=3)
# The bands whose villages must have an approved plan.
BANDS_WITH_PLAN = (Band.KEY, Band.DIFFICULT)


@dataclass(frozen=True)
class Mark:
    """How something stands: a class of the style sheet, which brings mark and colour, and a word."""

    kind: str
    word: str


@dataclass(frozen=True)
class Limit:
    """One end of a step's lawful time: the day, in words of the law, why, by which article."""

    day: date | None
    words: str
    reason: str
    source: str
    note: str


@dataclass(frozen=True)
class Obstacle:
    """Why a step whose turn it is cannot be recorded yet, and the page where that is put right."""

    sentence: str
    address: str = ""
    link: str = ""


@dataclass
class Line:
    """One step as it is shown. ``waiting``: titles of what comes first and is not recorded yet."""

    step: Step
    title: str
    who: str
    checks: tuple[str, ...]
    earliest: Limit | None
    latest: Limit | None
    # The last day of a period that is somebody's right, before which the step cannot be over.
    open_until: Limit | None
    mark: Mark
    waiting: tuple[str, ...]
    followed: str
    # A step done only if needed, and this village needs it.
    required: bool
    # Its turn has come, and the first day on which the law allows it.
    turn: bool
    # Nor does a period still run that is somebody's right.
    recordable: bool
    undoable: bool
    # Whether the reader's office may record it; if not, a sentence that says whose does.
    own: bool
    recorders: str
    # What the page of the procedure puts here: the form, what stands in its way, what is kept of it.
    form: Any = None
    obstacles: Sequence[Obstacle] = ()
    violations: Sequence[Violation] = ()
    files: Sequence[Any] = ()

    @property
    def code(self) -> str:
        """The step's code, by which the page's links find it."""
        return self.step.code

    @property
    def too_early(self) -> bool:
        """Whether it is its turn, but the day on which the law allows it has not come."""
        dated = any(limit is not None and limit.day for limit in (self.earliest, self.open_until))
        return dated and not (self.step.done_on or self.recordable or self.waiting or self.followed)

    @property
    def counted(self) -> bool:
        """Whether it is one of the steps to be done; one done only if needed is once it is done."""
        return bool(self.step.done_on or self.required or not self.step.if_needed)


@dataclass(frozen=True)
class StageLines:
    """One stage with its steps; how many have to be done, and how many are."""

    code: str
    title: str
    lines: tuple[Line, ...]
    mark: Mark
    now: bool
    done: int
    total: int


@dataclass(frozen=True)
class Timeline:
    """The whole procedure of one election on one day, as far as its reader may know it.

    ``missing``: steps with no last day that this village must not do without.
    """

    election: Election
    procedure: Procedure
    course: Course
    today: date
    stages: tuple[StageLines, ...]
    next: Line | None
    overdue: tuple[Line, ...]
    missing: tuple[Line, ...]
    violations: tuple[str, ...]
    done: int = field(default=0)
    total: int = field(default=0)

    @property
    def lines(self) -> Iterator[Line]:
        """Every step, in order."""
        for stage in self.stages:
            yield from stage.lines

    @property
    def stage_title(self) -> str:
        """The stage being worked at, as the election's own rulebook calls it."""
        titles = (stage.title for stage in self.stages if stage.now)
        return next(titles, "") or self.election.get_stage_display()

    @property
    def voted(self) -> bool:
        """Whether the vote is recorded, after which the election day stays."""
        return any(line.code == VOTE and line.step.done_on for line in self.lines)


def limit(
    procedure: Procedure, course: Course, deadline: Deadline | None, day: date | None, reason: str = ""
) -> Limit | None:
    """One end of a step's lawful time, None where no law sets it."""
    if deadline is None:
        return None
    return Limit(
        day=day,
        words=deadline_words(course, deadline),
        reason=reason,
        source=cite(procedure, deadline.source),
        note=deadline.note.in_(get_language() or "") if deadline.note else "",
    )


def timeline(election: Election, *, today: date, user: User) -> Timeline:
    """Read the steps of an election and how each stands on a day, as far as the user may know.

    One query, and one more for who may know how the village is rated.
    """
    prefetch_related_objects([election], Prefetch("steps", Step.objects.with_recorder().order_by("position")))
    procedure, course = procedure_of(election), course_of(election)
    reader = _Reader(election, today, user)
    lines = [reader.line(step) for step in reader.steps]
    stages = tuple(
        _stage(election, course, code, [line for line in lines if line.step.stage == code], today)
        for code in course.stages
    )
    schedule = reader.schedule
    return Timeline(
        election=election,
        procedure=procedure,
        course=course,
        today=today,
        stages=stages,
        next=_next(lines, today, recorder=reader.may_record),
        overdue=tuple(line for line in lines if is_overdue(line.step, on=today)),
        missing=tuple(line for line in lines if line.required and line.step.done_on is None),
        violations=tuple(violation_sentence(election, schedule, v) for v in schedule.violations)
        if schedule
        else (),
        done=sum(stage.done for stage in stages),
        total=sum(stage.total for stage in stages),
    )


def is_overdue(step: Step, *, on: date) -> bool:
    """Whether a step that has to be done is not, and its last lawful day has passed."""
    return bool(step.done_on is None and not step.if_needed and step.latest and step.latest < on)


def _next(lines: list[Line], today: date, *, recorder: bool) -> Line | None:
    """The step to do now: one overdue, else the first behind the last one done, else the first.

    For who records steps, that is one their office may record.
    """
    last_done = max((line.step.position for line in lines if line.step.done_on), default=0)
    possible = [line for line in lines if line.turn and not line.step.if_needed]
    possible = [line for line in possible if line.own or not recorder]
    possible.sort(
        key=lambda line: (
            not is_overdue(line.step, on=today),
            line.step.position < last_done,
            line.step.position,
        )
    )
    return possible[0] if possible else None


class _Reader:
    """What is the same for every step of one election, for one user."""

    def __init__(self, election: Election, today: date, user: User) -> None:
        self.election = election
        self.procedure, self.course = procedure_of(election), course_of(election)
        self.today = today
        self.user = user
        self.may_record = bool(election.term.current and user.has_perm("ballots.record_step", election))
        # What is kept from a course since given up stays in the journal, not among the steps.
        self.steps = [step for step in election.steps.all() if step.code in self.course.steps]
        self.needs_plan = False
        if user.has_perm("villages.see_facts", election):
            self.needs_plan = _needs_plan(election)
        else:
            # Which villages are key or difficult is not for their committees.
            self.steps = [step for step in self.steps if step.code not in CONFIDENTIAL]
        self.law: ScheduleLaw = schedule_law(self.course)
        self.schedule: Schedule | None = schedule_of(election, today=today, steps=self.steps)
        self.recorded = days_that_bind(election, self.steps)

    def line(self, step: Step) -> Line:
        law = self.course.steps[step.code]
        language = get_language() or ""
        dates = self.schedule.steps[step.code] if self.schedule else None
        waiting = self._waiting(step)
        followed = str(FOLLOWED.get(step.code, ""))
        required = step.code in CONFIDENTIAL and self.needs_plan
        own = records(self.user, self.election, step.code)
        turn = not waiting and not followed and self._day_has_come(step)
        return Line(
            step=step,
            title=law.title.in_(language),
            who=law.who.in_(language),
            checks=tuple(check.in_(language) for check in law.checks),
            earliest=self._limit(law.earliest, step.earliest, dates.earliest_reason if dates else None),
            latest=self._limit(law.latest, step.latest, dates.latest_reason if dates else None),
            open_until=self._limit(
                law.open_until,
                dates.open_until if dates else None,
                dates.open_until_reason if dates else None,
            ),
            mark=self._mark(step, waiting=bool(waiting), required=required),
            waiting=waiting,
            followed=followed,
            required=required,
            undoable=bool(
                self.may_record
                and step.done_on is not None
                and not followed
                and may_take_back(step, self.user, self.election)
            ),
            turn=turn,
            recordable=turn and dates is not None and still_open(dates, on=self.today) is None,
            own=own,
            recorders="" if own or not self.may_record else recorder_sentence(self.election, step.code),
        )

    def _day_has_come(self, step: Step) -> bool:
        """Whether a step of this election is not done yet, and the law allows it from this day or before."""
        return bool(
            self.election.election_day is not None
            and self.election.term.current
            and step.done_on is None
            and belongs(self.course, step, self.election.mode)
            and (step.earliest is None or step.earliest <= self.today)
        )

    def _limit(self, deadline: Deadline | None, day: date | None, reason: Reason | None) -> Limit | None:
        because = date_reason(self.election, reason) if reason else ""
        return limit(self.procedure, self.course, deadline, day, because)

    def _mark(self, step: Step, *, waiting: bool, required: bool) -> Mark:
        if required and step.done_on is None:
            return Mark("bad", _("重点村、难点村必须有批准的预案"))
        if step.done_on is None and not belongs(self.course, step, self.election.mode):
            return Mark("open", _("现在的选举方式不办"))
        if self.election.election_day is None:
            return _undated_mark(step)
        return _mark(step, waiting=waiting, today=self.today)

    def _waiting(self, step: Step) -> tuple[str, ...]:
        if step.done_on is not None:
            return ()
        codes = unmet(self.law, step=step.code, mode=self.election.mode, actual=self.recorded)
        return tuple(step_title(self.election, code) for code in codes)


def _needs_plan(election: Election) -> bool:
    ratings = Rating.objects.current().filter(place=election.place_id, term=election.term_id)
    return ratings.filter(band__in=BANDS_WITH_PLAN).exists()


def _mark(step: Step, *, waiting: bool, today: date) -> Mark:
    if step.done_on is not None:
        return _done_mark(step)
    if step.if_needed:
        return Mark("open", _("有此情形才办"))
    if step.latest is not None and step.latest < today:
        return Mark("bad", days_left(step.latest, on=today))
    if step.latest == today:
        return Mark("warn", _("今天到期"))
    if waiting:
        return Mark("open", _("还没轮到"))
    if step.earliest is not None and step.earliest > today:
        return Mark("open", _("未到时间"))
    if step.latest is None:
        return Mark("open", _("没有法定期限"))
    return Mark("warn" if step.latest - today <= NEAR else "open", days_left(step.latest, on=today))


def _undated_mark(step: Step) -> Mark:
    return _done_mark(step) if step.done_on is not None else Mark("open", _("未办"))


def _done_mark(step: Step) -> Mark:
    if step.done_on is not None and step.latest is not None and step.done_late:
        return Mark("warn", days_late(step.done_on, step.latest))
    return Mark("good", _("已完成"))


def _stage(election: Election, course: Course, code: str, lines: list[Line], today: date) -> StageLines:
    """One stage: how many of its steps that count are done."""
    counted = [line for line in lines if line.counted]
    done = sum(line.step.done_on is not None for line in counted)
    late = sum(is_overdue(line.step, on=today) for line in lines)
    order = list(course.stages)
    now = election.stage == code
    passed = election.stage not in order or order.index(code) < order.index(election.stage)
    missing = len(counted) - done
    if not missing:
        mark = Mark("good", _("已完成"))
    elif late:
        mark = Mark("bad", ngettext("逾期%d步", "逾期%d步", late) % late)
    elif now:
        mark = Mark("now", _("进行中"))
    elif passed:
        mark = Mark("warn", ngettext("还差%d步", "还差%d步", missing) % missing)
    else:
        mark = Mark("open", _("未开始") if not done else _("已办一部分"))
    return StageLines(
        code=code,
        title=course.stages[code].in_(get_language() or ""),
        lines=tuple(lines),
        mark=mark,
        now=now,
        done=done,
        total=len(counted),
    )
