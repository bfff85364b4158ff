"""A working schedule as a person reads it, beside what a rulebook says of the same steps."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ballots.law import schedule_law
from ballots.rules.work_schedule import Breach, breaches, last_day_of
from ballots.wording import cite
from election_admin.rulebooks.procedures import Procedure
from election_admin.rulebooks.work_schedules import Stretch, WorkSchedule
from villages.law_words import deadline_words, distance_words


@dataclass(frozen=True)
class PlannedStep:
    """One step of a stretch: what the law says of its last day, and what the schedule breaks."""

    title: str
    law: str
    breaches: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One stretch of days."""

    days: str
    title: str
    steps: tuple[PlannedStep, ...]


def rows_of(schedule: WorkSchedule, procedure: Procedure, mode: str) -> tuple[Row, ...]:
    """The schedule's stretches, each step judged by the rulebook's general election in a mode."""
    published = last_day_of(
        "voter_list_published", ((stretch.last, stretch.steps) for stretch in schedule.stretches)
    )
    return tuple(
        Row(
            days=_days(stretch),
            title=stretch.title.in_(get_language() or ""),
            steps=tuple(
                _planned(code, stretch, procedure, mode, published)
                for code in stretch.steps
                if code in procedure.steps
            ),
        )
        for stretch in schedule.stretches
    )


def _planned(
    code: str, stretch: Stretch, procedure: Procedure, mode: str, published: int | None
) -> PlannedStep:
    step = procedure.steps[code]
    found = breaches(
        schedule_law(procedure.general),
        step=code,
        first=stretch.first,
        last=stretch.last,
        mode=mode,
        published=published,
    )
    return PlannedStep(
        title=step.title.in_(get_language() or ""),
        law=deadline_words(procedure.general, step.latest) if step.latest else "",
        breaches=tuple(_words(breach, procedure) for breach in found),
    )


def _words(breach: Breach, procedure: Procedure) -> str:
    step = procedure.steps[breach.step]
    deadline = step.latest if breach.code == "late" else step.earliest
    if deadline is None:
        return ""
    values = {
        "day": deadline_words(procedure.general, deadline),
        "source": cite(procedure, deadline.source),
    }
    if breach.code == "late":
        return _("迟于法定最迟日期：%(day)s（%(source)s）。") % values
    return _("早于法定最早日期：%(day)s（%(source)s）。") % values


def _days(stretch: Stretch) -> str:
    first, last = (distance_words(_("选举日"), day) for day in (stretch.first, stretch.last))
    if stretch.first == stretch.last:
        return first
    return _("%(first)s至%(last)s") % {"first": first, "last": last}
