"""Steps and dates in sentences."""

from collections.abc import Sequence
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ballots.rules.schedule import ELECTION_DAY, OCCASION_DAY, Reason, Schedule, Violation
from election_admin.rulebooks.procedures import Course, Deadline, Procedure
from election_admin.rulebooks.values import Source
from election_admin.sentences import listed, quoted
from villages.models import Election, Occasion
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
        "base": _base(course_of(election), reason.base),
        "day": date_format(reason.base_date),
    }
    # The rules carry an article as text; the rulebook cites numbered ones in its own numerals.
    article = int(reason.article) if reason.article.isdigit() else reason.article
    return _("%(when)s，%(source)s") % {
        "when": _distance(base, reason.days),
        "source": cite(procedure, Source(document=reason.document, article=article)),
    }


def deadline_words(course: Course, deadline: Deadline) -> str:
    """When the law wants a step, without a calendar: 20 days before election day."""
    return _distance(_base(course, deadline.from_), deadline.days)


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


# What each occasion's time runs from.
OCCASION_DAYS = {
    Occasion.FURTHER: _lazy("上次投票日"),
    Occasion.NEW: _lazy("原投票日"),
    Occasion.RECALL: _lazy("收到罢免要求之日"),
    Occasion.BY_ELECTION: _lazy("出缺之日"),
}


def _base(course: Course, base: str) -> str:
    if base == ELECTION_DAY:
        return _("投票日") if course.occasion == "recall" else _("选举日")
    if base == OCCASION_DAY:
        return str(OCCASION_DAYS[Occasion(course.occasion)])
    return _("“%s”") % _title(course, base)


def _distance(base: str, days: int) -> str:
    values = {"base": base, "days": abs(days)}
    if days == 0:
        return _("%(base)s当日") % values
    if days < 0:
        return ngettext("%(base)s前%(days)d日", "%(base)s前%(days)d日", -days) % values
    return ngettext("%(base)s后%(days)d日", "%(base)s后%(days)d日", days) % values


def _day(day: date | None) -> str:
    return date_format(day) if day else ""
