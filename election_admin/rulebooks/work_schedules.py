"""Working schedules: on which days an office does what, counted from election day.

An arrangement of work, never law: a schedule that breaks the law is still shown, with what it
breaks (see ``ballots.rules.work_schedule``).
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from .loading import Fault, find, known_ids, read
from .procedures import load_procedure
from .values import STRICT, Code, RulebookId, Source, Text

_DIRECTORY = Path(__file__).parent / "schedules"
# Every working schedule names the steps of the national rulebook, which provinces extend.
_STEPS_OF = "national-2018"


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Stretch:
    """Some days of work: from ``first`` to ``last``, in days after election day (before: negative)."""

    first: int
    last: int
    title: Text
    steps: Annotated[tuple[Code, ...], Field(min_length=1)]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class WorkSchedule:
    """One office's schedule, in the order of its days."""

    id: RulebookId
    title: Text
    note: Text
    source: Source
    stretches: Annotated[tuple[Stretch, ...], Field(min_length=1)]


@cache
def load_work_schedule(schedule_id: str) -> WorkSchedule:
    """The schedule of that id; UnknownRulebook or RulebookError if there is none."""
    return read(find(_DIRECTORY, schedule_id), WorkSchedule, check=_faults)


def work_schedule_ids() -> tuple[str, ...]:
    """The ids of the schedules that come with the product, sorted."""
    return known_ids(_DIRECTORY)


def _faults(schedule: WorkSchedule) -> Iterator[Fault]:
    steps = load_procedure(_STEPS_OF).steps
    for index, stretch in enumerate(schedule.stretches):
        if stretch.last < stretch.first:
            yield Fault(("stretches", index, "last"), "comes before the first day")
        for place, code in enumerate(stretch.steps):
            if code not in steps:
                yield Fault(("stretches", index, "steps", place), f"there is no step {code}")
