"""Steps and dates in sentences."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from ballots.rules.schedule import Reason, Schedule, Violation
from election_admin.rulebooks.procedures import Course, Deadline, Procedure
from election_admin.rulebooks.values import Source
from election_admin.sentences import listed, quoted
from villages import law_words
from villages.models import Election
from villages.procedures import course_of, procedure_of

TITLES_NAMED = 2


def step_title(election: Election, code: str) -> str:
    """What the rulebook calls a step, in the reader's language."""
    return _title(course_of(election), code)


def some_of(titles: Sequence[str]) -> str:
    """The first titles of a list, and how many there are in all."""
    named = quoted(titles[:TITLES_NAMED])
    if len(titles) <= TITLES_NAMED:
        return named
    return _("%(named)s等%(count)d步") % {"named": named, "count": len(titles)}


def date_reason(election: Election, reason: Reason) -> str:
    """Why a date holds: counted from which day, by which article."""
    procedure = procedure_of(election)
    base = _("%(base)s（%(day)s）") % {
        "base": law_words.base_words(course_of(election), reason.base),
        "day": date_format(reason.base_date),
    }
    # The rules carry an article as text; the rulebook cites numbered ones in its own numerals.
    article = int(reason.article) if reason.article.isdigit() else reason.article
    return _("%(when)s，%(source)s") % {
        "when": law_words.distance_words(base, reason.days),
        "source": cite(procedure, Source(document=reason.document, article=article)),
    }


def deadline_words(course: Course, deadline: Deadline) -> str:
    """When the law wants a step, without a calendar: 20 days before election day."""
    return law_words.deadline_words(course, deadline)


def cite(procedure: Procedure, source: Source) -> str:
    """A source in the reader's language."""
    return procedure.cite(source, get_language() or "")


def short_day(day: date) -> str:
    """A day without its year, as it fits a narrow column of a sheet that names the year."""
    english = (get_language() or "").startswith("en")
    return date_format(day, "N j" if english else "n月j日")


def days_left(day: date, *, on: date) -> str:
    """How far a day is: still so many days, today, so many days ago."""
    distance = (day - on).days
    if distance > 0:
        return ngettext("还有%d天", "还有%d天", distance) % distance
    if distance == 0:
        return _("今天到期")
    return ngettext("已逾期%d天", "已逾期%d天", -distance) % -distance


def election_day_words(day: date, *, on: date) -> str:
    """How far election day is, which is no deadline that runs out."""
    distance = (day - on).days
    if distance > 0:
        return ngettext("还有%d天", "还有%d天", distance) % distance
    if distance == 0:
        return _("今天投票")
    return ngettext("已过%d天", "已过%d天", -distance) % -distance


def days_late(done_on: date, latest: date) -> str:
    """How late a step was done."""
    days = (done_on - latest).days
    return ngettext("迟办%d天", "迟办%d天", days) % days


def violation_sentence(election: Election, schedule: Schedule, violation: Violation) -> str:
    """What a recorded date breaks, and by which article where a law sets the day."""
    dates = schedule.steps[violation.step]
    values = {"step": step_title(election, violation.step), "day": _day(dates.actual)}
    if violation.code == "before_its_turn":
        before = [
            _("“%(step)s”（%(day)s）")
            % {"step": step_title(election, code), "day": _day(schedule.steps[code].actual)}
            for code in violation.steps
        ]
        return _("“%(step)s”于%(day)s办理，早于应在它之前的%(before)s。") % {
            **values,
            "before": listed(before),
        }
    reason = dates.latest_reason if violation.code == "late" else dates.earliest_reason
    if violation.code == "late":
        sentence = _("“%(step)s”于%(day)s办理，迟于最迟日期%(limit)s（%(reason)s）。")
    else:
        sentence = _("“%(step)s”于%(day)s办理，早于最早日期%(limit)s（%(reason)s）。")
    limit = dates.latest if violation.code == "late" else dates.earliest
    return sentence % {
        **values,
        "limit": _day(limit),
        "reason": date_reason(election, reason) if reason else "",
    }


def _title(course: Course, code: str) -> str:
    return course.steps[code].title.in_(get_language() or "")


def _day(day: date | None) -> str:
    return date_format(day) if day else ""
