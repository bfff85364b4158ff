"""The days of a user's villages: who votes when, what is due when; by month, and as a calendar feed."""

import calendar
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ballots.actions.steps import CONFIDENTIAL
from ballots.deadlines import WARNED
from ballots.models import Step
from ballots.wording import step_title
from election_admin.accounts.access import reach_of
from election_admin.accounts.models import User
from election_admin.sentences import listed
from villages.models import Election, Occasion

VILLAGES_NAMED = 2
MONDAY = 0
# So many lines of a day stand in the month's grid; the rest are counted.
LINES_SHOWN = 4


@dataclass(frozen=True)
class DayLine:
    """One thing on one day: a vote, or a step's last lawful day, in one or more villages."""

    day: date
    kind: str  # "vote" or a step's code
    title: str
    villages: tuple[str, ...]
    elections: tuple[int, ...]
    overdue: bool = False

    @property
    def vote(self) -> bool:
        """Whether it is a vote, not a step that falls due."""
        return self.kind == "vote"

    @property
    def words(self) -> str:
        """What it is, and where: 公布选民名单：桃园村、会篁村等5个村."""
        return _("%(title)s：%(villages)s") % {"title": self.title, "villages": self.where}

    @property
    def where(self) -> str:
        """The villages; of many the first, and how many there are."""
        named = listed(self.villages[:VILLAGES_NAMED])
        if len(self.villages) <= VILLAGES_NAMED:
            return named
        count = len(self.villages)
        return ngettext("%(named)s等%(count)d个村", "%(named)s等%(count)d个村", count) % {
            "named": named,
            "count": count,
        }

    @property
    def url(self) -> str:
        """The procedure of the one election, else the list of what is due that day."""
        if len(self.elections) == 1:
            anchor = "" if self.vote else f"#{self.kind}"
            return reverse("ballots:procedure", args=[self.elections[0]]) + anchor
        return ""


@dataclass
class Day:
    """One day of the month's grid."""

    day: date
    inside: bool
    today: bool
    lines: list[DayLine] = field(default_factory=list)

    @property
    def shown(self) -> list[DayLine]:
        """The lines the grid has room for."""
        return self.lines if len(self.lines) <= LINES_SHOWN else self.lines[: LINES_SHOWN - 1]

    @property
    def hidden(self) -> int:
        """How many lines it has no room for."""
        return len(self.lines) - len(self.shown)


@dataclass(frozen=True)
class Month:
    """A month in weeks from Monday to Sunday."""

    first: date
    weeks: tuple[tuple[Day, ...], ...]

    @property
    def before(self) -> date:
        """The first day of the month before."""
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date:
        """The first day of the month after."""
        return (self.first + timedelta(days=31)).replace(day=1)

    @property
    def busy(self) -> list[Day]:
        """The days of the month on which there is something."""
        return [day for week in self.weeks for day in week if day.inside and day.lines]


def month_of(user: User, first: date, *, today: date) -> Month:
    """The month that begins with ``first``, with what this user's villages have in it; two queries."""
    weeks = calendar.Calendar(MONDAY).monthdatescalendar(first.year, first.month)
    lines = day_lines(user, weeks[0][0], weeks[-1][-1], today=today)
    by_day: dict[date, list[DayLine]] = {}
    for line in lines:
        by_day.setdefault(line.day, []).append(line)
    return Month(
        first,
        tuple(
            tuple(Day(day, day.month == first.month, day == today, by_day.get(day, [])) for day in week)
            for week in weeks
        ),
    )


def day_lines(user: User, start: date, end: date, *, today: date, votes_only: bool = False) -> list[DayLine]:
    """The votes and the open steps' last days from ``start`` to ``end``, by day, votes first."""
    reach = reach_of(user, *WARNED)
    elections = Election.objects.visible_to(reach).current().filter(election_day__range=(start, end))
    lines = list(_votes(elections.with_place().order_by("election_day", "place__code")))
    if not votes_only:
        steps = (
            Step.objects.visible_to(reach)
            .open()
            .filter(election__term__current=True, latest__range=(start, end))
            .exclude(code__in=CONFIDENTIAL)
            .exclude(code="vote_held")
            .select_related("election__place", "election__term", "election__edition")
            .order_by("latest", "position", "election__place__code")
        )
        lines += _dues(steps, today)
    return sorted(lines, key=lambda line: (line.day, not line.vote))


def _votes(elections: Iterable[Election]) -> Iterator[DayLine]:
    gathered: dict[tuple[date, str], list[Election]] = {}
    for election in elections:
        if election.election_day is not None:
            gathered.setdefault((election.election_day, vote_title(election)), []).append(election)
    for (day, title), those in gathered.items():
        yield DayLine(
            day, "vote", title, tuple(one.place.name for one in those), tuple(one.pk for one in those)
        )


def vote_title(election: Election) -> str:
    """What is voted on, short enough for a calendar: 村民委员会投票, 村党组织投票, 罢免投票."""
    if election.occasion == Occasion.GENERAL:
        return _("%s投票") % election.get_body_display()
    return _("%s投票") % election.get_occasion_display()


def _dues(steps: Iterable[Step], today: date) -> Iterator[DayLine]:
    gathered: dict[tuple[date, str, str], list[Step]] = {}
    for step in steps:
        if step.latest is not None:
            title = step_title(step.election, step.code)
            gathered.setdefault((step.latest, step.code, title), []).append(step)
    for (day, code, title), those in gathered.items():
        yield DayLine(
            day,
            code,
            title,
            tuple(one.election.place.name for one in those),
            tuple(one.election_id for one in those),
            overdue=day < today,
        )


def month_words(first: date) -> str:
    """A month as offices write it: 2026年12月."""
    return date_format(first, _("Y年n月"))


def weekday_names() -> Sequence[str]:
    """The heads of the seven columns."""
    return (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
