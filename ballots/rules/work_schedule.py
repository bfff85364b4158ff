"""What an office's working schedule breaks of the law."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from ballots.rules.schedule import Reason, ScheduleLaw, plan

# Any day serves: laws count days from election day, whichever it is.
_A_DAY = date(2026, 6, 15)


@dataclass(frozen=True)
class Breach:
    """A step that a schedule puts on a day the law does not allow, and the law's reason."""

    step: str
    code: Literal["late", "early"]
    reason: Reason


def breaches(
    law: ScheduleLaw, *, step: str, first: int, last: int, mode: str, published: int | None
) -> tuple[Breach, ...]:
    """What planning a step from ``first`` to ``last`` (days after election day) may break.

    The whole stretch has to be lawful. ``published`` is the schedule's own last day for the voter
    list, from which objections run (Organic Law art. 14); None if it has none. A step that the
    law or the mode does not know breaks nothing.
    """
    actual = {} if published is None else {"voter_list_published": _A_DAY + timedelta(days=published)}
    known = law.by_code()
    if step not in known or not known[step].applies_in(mode):
        return ()
    dates = plan(law, election_day=_A_DAY, mode=mode, actual=actual).steps[step]
    found: list[Breach] = []
    if dates.latest and dates.latest_reason and _A_DAY + timedelta(days=last) > dates.latest:
        found.append(Breach(step, "late", dates.latest_reason))
    if dates.earliest and dates.earliest_reason and _A_DAY + timedelta(days=first) < dates.earliest:
        found.append(Breach(step, "early", dates.earliest_reason))
    return tuple(found)


def last_day_of(step: str, stretches: Iterable[tuple[int, tuple[str, ...]]]) -> int | None:
    """The last day on which a schedule has a step, given (last day, steps) of each stretch."""
    days = [last for last, steps in stretches if step in steps]
    return max(days) if days else None
