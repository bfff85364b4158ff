"""The steps of an election: laid out, dated, done, undone."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ballots.actions.following import (
    check_day_of_vote,
    check_nothing_stands_on,
    check_vote_before,
    whose_time_runs_from,
)
from ballots.actions.guards import open_violations, refusals
from ballots.law import schedule_law
from ballots.models import Step, Violation
from ballots.offices import recorder_sentence, records, usual_doer
from ballots.rules.schedule import Schedule, plan, still_open, unmet
from ballots.wording import date_reason, step_title
from election_admin.accounts.access import require
from election_admin.accounts.models import Role, User
from election_admin.evidence.models import Evidence
from election_admin.journal.record import append, snapshot, take_turn
from election_admin.rulebooks.procedures import Course
from election_admin.sentences import quoted
from villages.models import Election, Stage
from villages.procedures import course_of

# Steps nobody ticks off: they are done when the village's records say so (art. 35 for the audit).
FOLLOWED = {
    "audit_published": _lazy("请乡镇在村情页“财务清理审计”中登记向村民公布的日期和地点（组织法第35条）。"),
    "plan_approved": _lazy("县级批准处置预案后自动完成。"),
}
# Steps that only some bands of villages have. Nobody sees them who may not know the band, and
# they hold no other step up: being held up would tell.
CONFIDENTIAL = frozenset({"plan_approved"})
VOTE = "vote_held"
# The kind under which photos and scans of a step are kept.
EVIDENCE = "step"


def schedule_of(
    election: Election, *, today: date | None, steps: Iterable[Step] | None = None
) -> Schedule | None:
    """Return the election's legal dates as of its recorded steps, None without an election day.

    ``steps`` are the election's own, for whoever holds them in memory.
    """
    if election.election_day is None:
        return None
    return plan(
        schedule_law(course_of(election)),
        election_day=election.election_day,
        occasion_day=election.occasion_day,
        mode=election.mode,
        actual=recorded_days(election, steps),
        today=today,
    )


def recorded_days(election: Election, steps: Iterable[Step] | None = None) -> dict[str, date]:
    """Return the day of each step done, without one that only a mode since given up had."""
    course = course_of(election)
    return {
        step.code: step.done_on
        for step in (election.steps.all() if steps is None else steps)
        if step.done_on is not None and belongs(course, step, election.mode)
    }


def belongs(course: Course, step: Step, mode: str) -> bool:
    """Whether an election held in this mode has the step; one of another mode may be kept beside."""
    return step.code in course.steps and course.steps[step.code].applies_in(mode)


def days_that_bind(election: Election, steps: Iterable[Step] | None = None) -> dict[str, date]:
    """Return the day of each step done that other steps wait for or follow."""
    days = recorded_days(election, steps)
    return {code: day for code, day in days.items() if code not in CONFIDENTIAL}


def lay_out_steps(elections: Iterable[Election]) -> None:
    """Create the steps of elections that have none yet, as their rulebook and mode have them."""
    Step.objects.bulk_create(step for election in elections for step in steps_to_create(election))


def steps_to_create(election: Election, *, present: Collection[str] = ()) -> list[Step]:
    """Return the steps, in order and not saved, that the election's mode has and ``present`` lacks."""
    course = course_of(election)
    return [
        Step(
            election=election,
            code=code,
            stage=step.stage,
            position=position,
            if_needed=step.if_needed,
        )
        for position, (code, step) in enumerate(course.steps.items(), start=1)
        if step.applies_in(election.mode) and code not in present
    ]


def date_steps(election: Election) -> None:
    """Write the legal dates, the order and the stage of an election anew, inside the caller's transaction.

    A step that another mode had is dropped unless something is kept of it; one this mode needs
    is added.
    """
    course = course_of(election)
    # By position alone: the model's own order would join, and lock, the village.
    steps = list(election.steps.order_by("position").select_for_update(of=("self",), no_key=True))
    strangers = [step for step in steps if not belongs(course, step, election.mode)]
    Step.objects.filter(pk__in=_without_record(strangers)).delete()
    Step.objects.bulk_create(steps_to_create(election, present={step.code for step in steps}))
    # Read anew: the prefetched steps of the caller's row are those from before.
    fresh = Election.objects.with_place().get(pk=election.pk)
    rows = list(fresh.steps.order_by("position"))
    stage = set_dates(fresh, rows)
    Step.objects.bulk_update(rows, ["stage", "position", "if_needed", "earliest", "latest"])
    Election.objects.filter(pk=election.pk).update(stage=stage)


def _without_record(steps: Iterable[Step]) -> set[int]:
    """The keys of those steps of which nothing is kept: no day, no violation, no evidence."""
    keys = {step.pk for step in steps if step.done_on is None}
    if not keys:
        return keys
    shown = Evidence.objects.filter(kind=EVIDENCE, subject_id__in=[str(key) for key in keys])
    keys -= set(Violation.objects.filter(step__in=keys).values_list("step_id", flat=True))
    return keys - {int(key) for key in shown.values_list("subject_id", flat=True)}


def set_dates(election: Election, steps: list[Step]) -> str:
    """Set the legal dates and the place of an election's steps, and return the election's stage.

    Nothing is saved: whoever dates many elections saves them together. A step kept from another
    mode has no dates and need not be done.
    """
    course = course_of(election)
    positions = {code: number for number, code in enumerate(course.steps, start=1)}
    schedule = schedule_of(election, today=None, steps=steps)
    for step in steps:
        law = course.steps.get(step.code)
        dates = schedule.steps[step.code] if schedule and law else None
        step.earliest = dates.earliest if dates else None
        step.latest = dates.latest if dates else None
        step.if_needed = law is None or law.if_needed or not law.applies_in(election.mode)
        if law is not None:
            step.position, step.stage = positions[step.code], law.stage
    return _stage([step for step in steps if step.code in course.steps])


def _stage(steps: list[Step]) -> str:
    """The stage being worked at: that of the first open step behind the last one done."""
    last_done = max((step.position for step in steps if step.done_on), default=0)
    still_to_do = [step for step in steps if step.done_on is None and not step.if_needed]
    if not still_to_do:
        return Stage.CLOSED
    still_to_do.sort(key=lambda step: step.position)
    return next((step.stage for step in still_to_do if step.position > last_done), still_to_do[0].stage)


@transaction.atomic
def record_step(
    *, step: Step, done_on: date, remark: str, actor: User, at: datetime, done_by: str = ""
) -> Step:
    """Record that a step was done on a day; ``done_by``: by whom, if not by whom the rulebook says.

    Raises ValidationError, with the reason, when the step is another office's to record, comes
    before its turn, before the law allows it, before something it depends on or in the future,
    while a violation at it is open, while the office's records lack what its guards ask for, or
    when the term is over. A step done too late is recorded: it happened, and the page shows that
    it was late.
    """
    election, step = _in_turn(step, actor)
    election.term.require_current()
    _check_recorder(election, step, actor)
    if step.done_on is not None:
        raise ValidationError(
            _("“%(step)s”已登记为%(day)s办理。要更改请先撤销。")
            % {"step": step_title(election, step.code), "day": date_format(step.done_on)}
        )
    if election.election_day is None:
        raise ValidationError(_("这个村还没有确定选举日。请先由乡镇确定选举日，再登记程序步骤。"))
    _check_followed(election, step)
    check_vote_before(election)
    _check_turn(election, step, done_on, at)
    _check_dates(election, step, done_on, election_day=election.election_day)
    check_day_of_vote(election, step, done_on)
    obstacles = [*open_violations(election, step), *refusals(election, step, done_on)]
    if obstacles:
        raise ValidationError(obstacles)
    step.done_on, step.remark = done_on, remark
    step.done_by = done_by or usual_doer(election, step.code)
    step.recorded_by, step.recorded_at = actor, at
    step.save(update_fields=["done_on", "done_by", "remark", "recorded_by", "recorded_at"])
    append(
        verb="ballots.record_step",
        row=step,
        actor=actor,
        place=election.place,
        at=at,
        after=snapshot(step, Step.recorded_fields),
    )
    date_steps(election)
    if step.code == VOTE:
        _carry_day_of_vote(election, done_on)
    return step


def _carry_day_of_vote(election: Election, day: date) -> None:
    """Have the time of the elections that stand on this vote run from its day, recorded anew."""
    for after in whose_time_runs_from(election).exclude(occasion_day=day):
        after.occasion_day = day
        after.save(update_fields=["occasion_day"])
        date_steps(after)


def _in_turn(step: Step, actor: User) -> tuple[Election, Step]:
    """Take the county's turn, then read the step and its election anew, locked, for who may record it."""
    take_turn(Step.objects.select_related("election__place").get(pk=step.pk).place)
    locked = Election.objects.select_for_update(of=("self",), no_key=True)
    election = locked.with_place().get(pk=step.election_id)
    step = (
        Step.objects.select_for_update(of=("self",), no_key=True)
        .select_related("election__place")
        .with_recorder()
        .get(pk=step.pk)
    )
    require_recorder(election, step, actor)
    return election, step


def require_recorder(election: Election, step: Step, actor: User) -> None:
    """Raise PermissionDenied for who records no step like this one: no reader, no stranger to plans."""
    if not records(actor, election, step.code):
        require(actor, "ballots.record_step", step)
    if step.code in CONFIDENTIAL:
        require(actor, "villages.see_facts", step)


def _check_recorder(election: Election, step: Step, actor: User) -> None:
    """Raise ValidationError for a step that another office has to record, or of another mode."""
    if not belongs(course_of(election), step, election.mode):
        raise ValidationError(_("现在的选举方式没有这一步。"))
    if not records(actor, election, step.code):
        raise ValidationError(recorder_sentence(election, step.code))


def _check_followed(election: Election, step: Step) -> None:
    """Raise ValidationError for a step that only the village's own records can show as done."""
    where = FOLLOWED.get(step.code)
    if where is not None:
        raise ValidationError(
            _("“%(step)s”由系统根据村情记录自动登记：%(where)s")
            % {"step": step_title(election, step.code), "where": where}
        )


def _check_turn(election: Election, step: Step, done_on: date, at: datetime) -> None:
    """Raise ValidationError while the day, or what has to come first, is still ahead."""
    if done_on > timezone.localdate(at):
        raise ValidationError({"done_on": _("日期还没有到，办完以后再登记。")})
    law = schedule_law(course_of(election))
    waiting = unmet(law, step=step.code, mode=election.mode, actual=days_that_bind(election))
    if waiting:
        raise ValidationError(
            _("还没有轮到“%(step)s”：请先办理并登记%(before)s。")
            % {
                "step": step_title(election, step.code),
                "before": quoted(step_title(election, code) for code in waiting),
            }
        )


def _check_dates(election: Election, step: Step, done_on: date, *, election_day: date) -> None:
    """Raise ValidationError when the law does not allow this step on that day yet."""
    done = days_that_bind(election)
    planned = plan(
        schedule_law(course_of(election)),
        election_day=election_day,
        occasion_day=election.occasion_day,
        mode=election.mode,
        actual={**done, step.code: done_on},
    )
    values = {"step": step_title(election, step.code)}
    for violation in planned.violations:
        if violation.step == step.code and violation.code == "before_its_turn":
            after = violation.steps[-1]
            values |= {"before": step_title(election, after), "day": date_format(done[after])}
            sentence = _("“%(step)s”不能早于“%(before)s”（%(day)s办理）。") % values
            raise ValidationError({"done_on": sentence})
    dates = planned.steps[step.code]
    if dates.earliest is not None and done_on < dates.earliest:
        values["day"] = date_format(dates.earliest)
        raise ValidationError({"done_on": _("依照法律，“%(step)s”最早在%(day)s办理。") % values})
    right = still_open(dates, on=done_on)
    if right is not None and dates.open_until is not None:
        values |= {"day": date_format(dates.open_until), "reason": date_reason(election, right)}
        sentence = _("“%(step)s”须等期限届满：最早在期限最后一天%(day)s办理（%(reason)s）。") % values
        raise ValidationError({"done_on": sentence})


def follow_step(*, election: Election, code: str, done_on: date, actor: User, at: datetime) -> None:
    """Record a step that a village's facts show to be done, inside the caller's transaction.

    What the township has entered once (an audit published, a plan approved) is not asked again.
    Raises ValidationError while a violation at the step is open.
    """
    open_steps = election.steps.filter(code=code, done_on=None).order_by("position")
    step = open_steps.select_for_update(of=("self",), no_key=True).first()
    if step is None:
        return
    obstacles = list(open_violations(election, step))
    if obstacles:
        raise ValidationError(obstacles)
    step.done_on, step.done_by = done_on, usual_doer(election, code)
    step.recorded_by, step.recorded_at = actor, at
    step.save(update_fields=["done_on", "done_by", "recorded_by", "recorded_at"])
    append(
        verb="ballots.follow_step",
        row=step,
        actor=actor,
        place=election.place,
        at=at,
        after=snapshot(step, Step.recorded_fields),
    )
    date_steps(election)


def follow_if_due(*, election: Election, code: str, done_on: date, actor: User, at: datetime) -> bool:
    """Record a step that the office's records show to be done, if nothing stands in its way.

    Where its turn has not come, or anything is missing that record_step asks for, it is left to
    whoever records it; True if it was recorded. Inside the caller's transaction.
    """
    step = election.steps.filter(code=code, done_on=None).order_by("position").first()
    if step is None or election.election_day is None or not belongs(course_of(election), step, election.mode):
        return False
    try:
        check_vote_before(election)
        _check_turn(election, step, done_on, at)
        _check_dates(election, step, done_on, election_day=election.election_day)
    except ValidationError:
        return False
    if any(open_violations(election, step)) or any(refusals(election, step, done_on)):
        return False
    follow_step(election=election, code=code, done_on=done_on, actor=actor, at=at)
    return True


@transaction.atomic
def undo_step(*, step: Step, reason: str, actor: User, at: datetime) -> Step:
    """Take back a step recorded by mistake. The record and its undoing both stay in the journal.

    Raises ValidationError without a reason, while a later step that depends on it is recorded, or
    where check_undoable does.
    """
    election, step = _in_turn(step, actor)
    check_undoable(election=election, step=step, actor=actor)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明撤销的原因。")})
    standing_on = _recorded_after(election, step)
    if standing_on:
        raise ValidationError(
            _("后面的步骤%(steps)s已经登记，请从后往前撤销。")
            % {"steps": quoted(step_title(election, code) for code in standing_on)}
        )
    before = snapshot(step, Step.recorded_fields)
    changes: dict[str, Any] = {
        "done_on": None,
        "done_by": "",
        "remark": "",
        "recorded_by": None,
        "recorded_at": None,
    }
    for name, value in changes.items():
        setattr(step, name, value)
    step.save(update_fields=list(changes))
    append(
        verb="ballots.undo_step",
        row=step,
        actor=actor,
        place=election.place,
        at=at,
        before=before,
        after=snapshot(step, Step.recorded_fields),
        reason=reason.strip(),
    )
    date_steps(election)
    return step


def check_undoable(*, election: Election, step: Step, actor: User) -> None:
    """Raise ValidationError for a step that this user cannot take back, whatever the reason.

    That is any step of a term that is over, one not recorded, one that follows the village's
    records (once undone, nobody could record it again), a vote on which another election stands,
    and for a committee what the township recorded. The step is one read with_recorder().
    """
    election.term.require_current()
    if step.code not in course_of(election).steps:
        raise ValidationError(_("现在的选举方式没有这一步。"))
    if step.done_on is None:
        raise ValidationError(_("“%s”没有登记，不用撤销。") % step_title(election, step.code))
    _check_followed(election, step)
    check_nothing_stands_on(election, step.code)
    if not may_take_back(step, actor, election):
        raise ValidationError(_("这一步由乡镇登记，请由乡镇撤销。"))


def may_take_back(step: Step, actor: User, election: Election) -> bool:
    """Whether the user's office may take back what the recorder's recorded: the township either's."""
    return step.by_committee or actor.holds(Role.TOWNSHIP, election.place)


def check_not_voted(election: Election) -> None:
    """Raise ValidationError once the vote is recorded: its day, mode and seats stay as voted on."""
    vote = election.steps.filter(code=VOTE, done_on__isnull=False).order_by("position").first()
    if vote is not None and vote.done_on is not None:
        values = {"step": step_title(election, VOTE), "day": date_format(vote.done_on)}
        sentence = _(
            "“%(step)s”已登记为%(day)s办理，选举日、选举方式和名额不能再改。如果登记有误，请先撤销“%(step)s”。"
        )
        raise ValidationError({"election_day": sentence % values})


def _recorded_after(election: Election, step: Step) -> list[str]:
    """The recorded steps that depend on this one."""
    course = course_of(election)
    return [
        other.code
        for other in election.steps.order_by("position")
        if other.done_on is not None
        and other.code not in CONFIDENTIAL
        and other.code in course.steps
        and step.code in course.steps[other.code].depends_on
    ]
