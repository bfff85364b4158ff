"""The kinds of documents this app prints."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ballots.actions.steps import CONFIDENTIAL
from ballots.models import Step
from ballots.timeline import Limit, limit
from election_admin.documents.registry import Kind, register_kind
from election_admin.rulebooks.procedures import Course, Procedure
from villages.models import Election
from villages.procedures import course_of, procedure_of

WALL = "checklist_wall"
TABLE = "checklist_table"


@dataclass(frozen=True)
class Item:
    """One step on paper."""

    number: int
    step: Step
    title: str
    who: str
    checks: tuple[str, ...]
    earliest: Limit | None
    latest: Limit | None

    @property
    def one_day(self) -> bool:
        """Whether the law leaves a single day, such as election day itself."""
        return bool(self.earliest and self.latest and self.earliest.words == self.latest.words)


@dataclass(frozen=True)
class Stage:
    """One stage on paper."""

    number: int
    title: str
    items: tuple[Item, ...]


def checklist(election: Election, language: str) -> Mapping[str, Any]:
    """What both sheets show of an election: its steps by stage, its rulebook, who is behind it.

    Never the steps that tell how a village is rated, whoever prints: a sheet is passed on and hung up.
    """
    procedure, course = procedure_of(election), course_of(election)
    stages = tuple(_stages(election, procedure, course))
    # As on the page: a step done only if needed counts once it is done.
    steps = [item.step for stage in stages for item in stage.items]
    counted = [step for step in steps if step.done_on or not step.if_needed]
    return {
        "election": election,
        "procedure": procedure,
        "procedure_title": procedure.title.in_(language),
        "procedure_edition": procedure.edition.in_(language),
        "citations_verified": procedure.citations_verified,
        "citation_note": procedure.note.in_(language),
        "stages": stages,
        "steps": len(counted),
        "done": sum(step.done_on is not None for step in counted),
    }


def _stages(election: Election, procedure: Procedure, course: Course) -> Iterator[Stage]:
    steps = list(election.steps.exclude(code__in=CONFIDENTIAL).order_by("position"))
    numbers = count(1)
    for number, (code, title) in enumerate(course.stages.items(), start=1):
        items = tuple(_item(procedure, course, step, next(numbers)) for step in steps if step.stage == code)
        yield Stage(number, title.in_(get_language() or ""), items)


def _item(procedure: Procedure, course: Course, step: Step, number: int) -> Item:
    law = course.steps[step.code]
    language = get_language() or ""
    return Item(
        number=number,
        step=step,
        title=law.title.in_(language),
        who=law.who.in_(language),
        checks=tuple(check.in_(language) for check in law.checks),
        earliest=limit(procedure, course, law.earliest, step.earliest),
        latest=limit(procedure, course, law.latest, step.latest),
    )


def _wall_name(election: Election) -> str:
    return _("%(village)s村民委员会选举程序一览表（张贴版）") % {"village": election.place.name}


def _table_name(election: Election) -> str:
    return _("%(village)s村民委员会选举程序清单（办公版）") % {"village": election.place.name}


register_kind(
    Kind(
        code=WALL,
        title=_lazy("选举程序一览表（张贴版）"),
        template="ballots/documents/checklist_wall.html",
        subject=lambda: Election.objects.with_place(),
        context=checklist,
        name=_wall_name,
        permission="ballots.see_procedure",
    )
)
register_kind(
    Kind(
        code=TABLE,
        title=_lazy("选举程序清单（办公版）"),
        template="ballots/documents/checklist_table.html",
        subject=lambda: Election.objects.with_place(),
        context=checklist,
        name=_table_name,
        permission="ballots.see_procedure",
    )
)
