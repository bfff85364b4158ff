"""The procedure on paper: the whole and stage by stage, for the wall and for the desk."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _lazy

from ballots.actions.steps import CONFIDENTIAL
from ballots.models import Step
from ballots.timeline import Limit, limit
from election_admin.documents.registry import Kind, register_kind
from election_admin.rulebooks.procedures import Course, Procedure
from villages.models import Election, Stage
from villages.procedures import course_of, procedure_of

WALL = "checklist_wall"
TABLE = "checklist_table"
STAGES = tuple(stage.value for stage in Stage if stage != Stage.CLOSED)


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
class StageSheet:
    """One stage on paper."""

    code: str
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
        "title": election.title,
        "procedure": procedure,
        "procedure_title": procedure.title.in_(language),
        "procedure_edition": procedure.edition.in_(language),
        "citations_verified": procedure.citations_verified,
        "citation_note": procedure.note.in_(language),
        "stages": stages,
        "steps": len(counted),
        "done": sum(step.done_on is not None for step in counted),
    }


def _stages(election: Election, procedure: Procedure, course: Course) -> Iterator[StageSheet]:
    steps = list(election.steps.exclude(code__in=CONFIDENTIAL).order_by("position"))
    numbers = count(1)
    for number, (code, title) in enumerate(course.stages.items(), start=1):
        items = tuple(_item(procedure, course, step, next(numbers)) for step in steps if step.stage == code)
        yield StageSheet(code, number, title.in_(get_language() or ""), items)


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


def _of_stage(code: str) -> Callable[[Election, str], Mapping[str, Any]]:
    """What a sheet of one stage shows: the whole with its numbers, without the other stages."""

    def context(election: Election, language: str) -> Mapping[str, Any]:
        whole = checklist(election, language)
        (stage,) = [one for one in whole["stages"] if one.code == code] or [None]
        steps = [item.step for item in stage.items] if stage else []
        counted = [step for step in steps if step.done_on or not step.if_needed]
        return {
            **whole,
            "stages": (stage,) if stage else (),
            "stage": stage,
            "steps": len(counted),
            "done": sum(step.done_on is not None for step in counted),
        }

    return context


def _name(sentence: Promise, stage: str = "") -> Callable[[Election], str]:
    def name(election: Election) -> str:
        course = course_of(election)
        title = course.stages[stage].in_(get_language() or "") if stage in course.stages else stage
        return str(sentence) % {"village": election.place.name, "election": election.title, "stage": title}

    return name


def _register(
    code: str,
    title: Promise,
    template: str,
    name: Callable[[Election], str],
    context: Callable[[Election, str], Mapping[str, Any]] = checklist,
) -> None:
    register_kind(
        Kind(
            code=code,
            title=title,
            template=f"ballots/documents/{template}.html",
            subject=lambda: Election.objects.with_place(),
            context=context,
            name=name,
            permission="ballots.see_procedure",
        )
    )


_register(
    WALL,
    _lazy("选举程序一览表（张贴版）"),
    "checklist_wall",
    _name(_lazy("%(village)s%(election)s程序一览表（张贴版）")),
)
_register(
    TABLE,
    _lazy("选举程序清单（办公版）"),
    "checklist_table",
    _name(_lazy("%(village)s%(election)s程序清单（办公版）")),
)
for _stage in STAGES:
    _register(
        f"{WALL}_{_stage}",
        _lazy("分阶段程序一览表（张贴版）"),
        "checklist_stage_wall",
        _name(_lazy("%(village)s%(election)s程序一览表：%(stage)s（张贴版）"), _stage),
        _of_stage(_stage),
    )
    _register(
        f"{TABLE}_{_stage}",
        _lazy("分阶段程序清单（办公版）"),
        "checklist_table",
        _name(_lazy("%(village)s%(election)s程序清单：%(stage)s（办公版）"), _stage),
        _of_stage(_stage),
    )
