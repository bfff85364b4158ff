"""The days a rulebook sets, in words, without a calendar."""

from dataclasses import dataclass

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from election_admin.rulebooks.procedures import ELECTION_DAY, OCCASION_DAY, Course, Deadline, Procedure
from villages.models import Occasion

# What each occasion's time runs from.
OCCASION_DAYS = {
    Occasion.FURTHER: _lazy("上次投票日"),
    Occasion.NEW: _lazy("原投票日"),
    Occasion.RECALL: _lazy("收到罢免要求之日"),
    Occasion.BY_ELECTION: _lazy("出缺之日"),
}


def deadline_words(course: Course, deadline: Deadline) -> str:
    """When the law wants a step: 20 days before election day."""
    return distance_words(base_words(course, deadline.from_), deadline.days)


def base_words(course: Course, base: str) -> str:
    """The day from which a deadline counts."""
    if base == ELECTION_DAY:
        return _("投票日") if course.occasion == "recall" else _("选举日")
    if base == OCCASION_DAY:
        return str(OCCASION_DAYS[Occasion(course.occasion)])
    return _("“%s”") % course.steps[base].title.in_(get_language() or "")


def distance_words(base: str, days: int) -> str:
    """So many days before a day, on it, after it."""
    values = {"base": base, "days": abs(days)}
    if days == 0:
        return _("%(base)s当日") % values
    if days < 0:
        return ngettext("%(base)s前%(days)d日", "%(base)s前%(days)d日", -days) % values
    return ngettext("%(base)s后%(days)d日", "%(base)s后%(days)d日", days) % values


@dataclass(frozen=True)
class Dated:
    """The deadline that a number counts the days of: which end of which step of which course."""

    course: Course
    step: str
    end: str
    deadline: Deadline

    def in_words(self, days: int) -> str:
        """The end with so many days, as a rule has it: 最迟选举日前5日."""
        distance = distance_words(base_words(self.course, self.deadline.from_), days)
        return str(ENDS[self.end]) % {"when": distance}


ENDS = {
    "earliest": _lazy("最早%(when)s"),
    "latest": _lazy("最迟%(when)s"),
    "open_until": _lazy("期限到%(when)s为止"),
}


def dated(procedure: Procedure, path: str) -> Dated | None:
    """The deadline behind a number's path; None for a number that is no number of days."""
    keys = path.split(".")
    if keys[-1] != "days":
        return None
    course = procedure.courses[keys[1]] if keys[0] == "courses" else procedure.general
    step, end = keys[-3], keys[-2]
    return Dated(course, step, end, getattr(course.steps[step], end))
