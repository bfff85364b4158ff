"""Eligibility lists (`eligibility/*.yaml`): the situations that keep a person from standing.

浙村换发〔2013〕4号 and what followed it. A county adopts one list for a term; what each
situation asks, for how long it lasts and who answers for it is all in the file.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import Field
from pydantic.dataclasses import dataclass

from election_admin.rulebooks.departments import load_departments
from election_admin.rulebooks.loading import Fault, find, known_ids, read
from election_admin.rulebooks.values import (
    STRICT,
    Code,
    FrozenMap,
    RulebookId,
    Source,
    Sourced,
    Text,
)

_DIRECTORY = Path(__file__).with_name("eligibility")

Positive = Annotated[int, Field(ge=1)]
DateFact = Literal[
    "sentenced_on",
    "released_on",
    "probation_ended_on",
    "dealt_with_on",
    "sanctioned_on",
    "rights_restored_on",
    "barred_until",
]
Fact = DateFact | Literal["sanction"]
Undated = Literal["holds", "not_established"]
"""What a confirmed finding comes to while the date it is counted from is not recorded."""


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Term:
    """So many years since the latest of the dates named in `since`."""

    years: Positive
    since: Annotated[tuple[DateFact, ...], Field(min_length=1)]
    undated: Undated
    source: Source


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Situation:
    """One situation: its words, the facts it is judged on, how it ends, who answers for it.

    `item` is its number in the document; two that the document lists as one share it.
    """

    code: Code
    item: Positive
    title: Text
    sentence: Text
    facts: tuple[Fact, ...]
    ends: Literal["term", "sanction", "never"]
    departments: Annotated[tuple[Code, ...], Field(min_length=1)]
    source: Source
    term: Term | None = None
    note: Text | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Sanction:
    """One Party sanction and its bar on office, in months; null where the list sets none."""

    code: Code
    title: Text
    months: Positive | None
    since: DateFact
    undated: Undated
    source: Source


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Unsuitable:
    """A fact that makes a person 不宜当选: a warning to reviewers, never a bar."""

    code: Code
    sentence: Text
    source: Source


Named = Situation | Sanction | Unsuitable
N = TypeVar("N", Situation, Sanction, Unsuitable)


@dataclass(frozen=True, kw_only=True, config=STRICT)
class EligibilityList:
    """One list. `year` is its document's; `verified`: its text was checked against it.

    `documents` are what the sources cite; `departments` must all answer before anyone is
    found qualified. `win_void`: whether the list itself says that the win of somebody in one of
    its situations is void; `remedy`: how somebody who is refused may object.
    """

    id: RulebookId
    title: Text
    year: Annotated[int, Field(ge=1987, le=2199)]
    verified: bool
    documents: FrozenMap[Code, Text]
    effect: Text
    effect_source: Source
    notes: tuple[Text, ...]
    voting_age: Sourced[Positive]
    departments: Sourced[tuple[Code, ...]]
    situations: Annotated[tuple[Situation, ...], Field(min_length=1)]
    sanctions: tuple[Sanction, ...]
    unsuitable: tuple[Unsuitable, ...]
    win_void: Sourced[bool] | None = None
    remedy: Sourced[Text] | None = None

    def situation(self, code: str) -> Situation:
        """The situation of that code; KeyError if the list has none."""
        return _named(self.situations, code)

    def sanction(self, code: str) -> Sanction:
        """The Party sanction of that code; KeyError if the list has none."""
        return _named(self.sanctions, code)

    def unsuitable_fact(self, code: str) -> Unsuitable:
        """The unsuitable fact of that code; KeyError if the list has none."""
        return _named(self.unsuitable, code)


def eligibility_list_ids() -> tuple[str, ...]:
    """The ids of all eligibility lists, sorted."""
    return known_ids(_DIRECTORY)


@cache
def load_eligibility_list(list_id: str) -> EligibilityList:
    """The list of that id; UnknownRulebook if there is none."""
    return read(find(_DIRECTORY, list_id), EligibilityList, check=list_faults)


def list_faults(value: EligibilityList) -> Iterator[Fault]:
    """What is wrong between the parts of a list, each of which is well formed by itself."""
    yield from _repeated("situations", value.situations)
    yield from _repeated("sanctions", value.sanctions)
    # A finding names either by its code alone.
    yield from _repeated("unsuitable", value.unsuitable, taken=value.situations)
    yield from _department_faults(value)
    if value.effect_source.document not in value.documents:
        yield Fault(("effect_source", "document"), f"{value.effect_source.document} is not in documents")
    for where, source in _sources(value):
        if source.document not in value.documents:
            yield Fault((*where, "source", "document"), f"{source.document} is not in documents")
    for index, situation in enumerate(value.situations):
        for key, what in _ending_faults(situation, has_sanctions=bool(value.sanctions)):
            yield Fault(("situations", index, key), what)


def _repeated(section: str, parts: Sequence[Named], taken: Sequence[Named] = ()) -> Iterator[Fault]:
    seen = {each.code for each in taken}
    for index, each in enumerate(parts):
        if each.code in seen:
            yield Fault((section, index, "code"), f"{each.code} is given twice")
        seen.add(each.code)


def _department_faults(value: EligibilityList) -> Iterator[Fault]:
    known = {each.code for each in load_departments()}
    for index, code in enumerate(value.departments.value):
        if code not in known:
            yield Fault(("departments", "value", index), f"there is no department {code}")
        if code in value.departments.value[:index]:
            yield Fault(("departments", "value", index), f"{code} is given twice")
    for at, situation in enumerate(value.situations):
        for index, code in enumerate(situation.departments):
            if code not in value.departments.value:
                where = ("situations", at, "departments", index)
                yield Fault(where, f"{code} is not among the departments that must answer")


def _ending_faults(situation: Situation, *, has_sanctions: bool) -> Iterator[tuple[str, str]]:
    term = situation.term
    if (term is not None) != (situation.ends == "term"):
        yield "ends", "a situation that ends with a term has one, and no other has"
    if term and not set(term.since) <= set(situation.facts):
        yield "term", "counts from a date that is not among the facts"
    if (situation.ends == "sanction") != ("sanction" in situation.facts):
        yield "facts", "the sanction is a fact of situations that end with it, and of no other"
    if situation.ends == "sanction" and not has_sanctions:
        yield "ends", "the list has no sanctions"


def _sources(value: EligibilityList) -> Iterator[tuple[tuple[str | int, ...], Source]]:
    yield ("voting_age",), value.voting_age.source
    yield ("departments",), value.departments.source
    for key, part in (("win_void", value.win_void), ("remedy", value.remedy)):
        if part is not None:
            yield (key,), part.source
    for index, situation in enumerate(value.situations):
        yield ("situations", index), situation.source
        if situation.term:
            yield ("situations", index, "term"), situation.term.source
    for index, sanction in enumerate(value.sanctions):
        yield ("sanctions", index), sanction.source
    for index, fact in enumerate(value.unsuitable):
        yield ("unsuitable", index), fact.source


def _named(among: Sequence[N], code: str) -> N:
    for each in among:
        if each.code == code:
            return each
    raise KeyError(code)
