"""What an election day would bring, before anybody saves it."""

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ballots.actions.steps import VOTE, schedule_of
from ballots.models import Step
from ballots.outlooks import ShownOutlook, shown_outlook
from ballots.rules.outlook import MovedDate, made_late
from ballots.team_days import active_teams, booked, not_voted, shown_clashes
from ballots.wording import step_title, violation_sentence
from villages.actions.terms import refusal_of_day
from villages.models import Election, GuidanceTeam


@dataclass(frozen=True)
class OverdueStep:
    """A step that the day leaves overdue, and its last lawful day."""

    title: str
    latest: date | None


@dataclass(frozen=True)
class MovedStep:
    """A legal date that the day moves. ``earliest``: whether it is the first day or the last."""

    title: str
    earliest: bool
    before: date | None
    after: date | None


@dataclass(frozen=True)
class DayEffects:
    """What a day brings. ``refusals``: why it cannot be saved; all else can be, and is only told.

    ``outlook``: how soon the election can be held; ``too_late``: why not as late as this day.
    ``overdue`` are steps that the day makes so, ``still_overdue`` those that were so before.
    """

    day: date
    changed: bool
    outlook: ShownOutlook
    too_late: tuple[str, ...]
    refusals: tuple[str, ...]
    overdue: tuple[OverdueStep, ...]
    still_overdue: tuple[OverdueStep, ...]
    violations: tuple[str, ...]
    moved: tuple[MovedStep, ...]
    collisions: tuple[str, ...]

    @property
    def too_soon(self) -> bool:
        """Whether not every open step can still be done lawfully for the day."""
        return self.outlook.day is not None and self.day < self.outlook.day

    @property
    def calm(self) -> bool:
        """Whether nothing speaks against the day."""
        return not (
            self.refusals
            or self.overdue
            or self.still_overdue
            or self.violations
            or self.collisions
            or self.too_soon
            or self.too_late
            or self.outlook.day is None
        )


def day_effects(
    election: Election, *, day: date, mode: str, team: GuidanceTeam | None, today: date
) -> DayEffects:
    """What the day, the mode and the team would bring to an election. Nothing is written."""
    steps = list(election.steps.order_by("position"))
    before = schedule_of(election, today=today, steps=steps)
    changed = copy(election)
    changed.election_day, changed.mode, changed.guidance_team = day, mode, team
    after = schedule_of(changed, today=today, steps=steps)
    if after is None:
        raise ValueError("an election with a day has a schedule")
    late = made_late(before, after, today)
    refusal = refusal_of_day(election, day, today=today)
    outlook = shown_outlook(changed, today=today, steps=steps)
    from_then = shown_outlook(changed, today=today, steps=steps, not_before=day)
    return DayEffects(
        day=day,
        changed=day != election.election_day,
        outlook=outlook,
        too_late=from_then.reasons if outlook.day is not None and from_then.day is None else (),
        refusals=tuple(filter(None, [refusal, _voted(steps)])),
        overdue=tuple(
            OverdueStep(step_title(changed, code), after.steps[code].latest) for code in late.overdue
        ),
        still_overdue=tuple(
            OverdueStep(step_title(changed, code), dates.latest)
            for code, dates in after.steps.items()
            if dates.state == "overdue" and not dates.if_needed and code not in late.overdue
        ),
        violations=tuple(violation_sentence(changed, after, one) for one in late.violations),
        moved=tuple(_moved(changed, late.moved)),
        collisions=tuple(_collisions(changed, today)),
    )


def _moved(election: Election, moved: Iterable[MovedDate]) -> Iterator[MovedStep]:
    """The last days that move, and the first days of steps that have no last one."""
    moved = list(moved)
    with_last_day = {one.step for one in moved if one.end == "latest"}
    for one in moved:
        if one.end == "latest" or one.step not in with_last_day:
            yield MovedStep(step_title(election, one.step), one.end == "earliest", one.before, one.after)


def _collisions(changed: Election, today: date) -> Iterator[str]:
    township = changed.place.parent_id
    if township is None:
        return
    others = [one for one in booked(not_voted([township]), on=today) if one.pk != changed.pk]
    teams = len(active_teams([township])[township])
    for clash in shown_clashes([*others, changed], teams):
        if changed in clash.elections:
            yield clash.sentence


def _voted(steps: Iterable[Step]) -> str:
    vote = next((one.done_on for one in steps if one.code == VOTE and one.done_on), None)
    return _("投票已登记为%s办理，选举日不能再改。") % date_format(vote) if vote else ""
