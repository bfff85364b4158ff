"""Risk models (`risk/*.yaml`): what makes a village's election hard, and how hard."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from election_admin.rulebooks.loading import Fault, find, known_ids, read
from election_admin.rulebooks.values import (
    STRICT,
    Code,
    FrozenMap,
    RulebookId,
    Share,
    Source,
    Sourced,
    Text,
)

_DIRECTORY = Path(__file__).with_name("risk")

BandCode = Literal["settled", "ordinary", "key", "difficult"]
_LOWEST_FIRST: tuple[BandCode, ...] = ("settled", "ordinary", "key", "difficult")
Records = Literal["audits", "disputes", "petitions", "incidents", "profile"]
"""The records a level is proposed from; a person confirms it."""


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Floor:
    """From `level` (1-3) on, the village is in `band` at least."""

    level: Annotated[int, Field(ge=1, le=3)]
    band: BandCode
    source: Source


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Levels:
    """What each level looks like in a village: none, slight, marked, severe."""

    none: Text
    slight: Text
    marked: Text
    severe: Text

    def __getitem__(self, level: int) -> Text:
        return (self.none, self.slight, self.marked, self.severe)[level]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Factor:
    """One factor: its weight, its floor, and the records its level is proposed from."""

    code: Code
    title: Text
    weight: Annotated[int, Field(ge=1, le=100)]
    levels: Levels
    source: Source
    floor: Floor | None = None
    proposed_from: Records | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class BandRule:
    """A band and the score (0-100) it starts at."""

    code: BandCode
    title: Text
    meaning: Text
    start: Annotated[int, Field(ge=0, le=100)]
    source: Source


@dataclass(frozen=True, kw_only=True, config=STRICT)
class RiskModel:
    """One model. `least_completeness`: the share of weight answered that a rating needs."""

    id: RulebookId
    title: Text
    documents: FrozenMap[Code, Text]
    notes: tuple[Text, ...]
    bands: Annotated[tuple[BandRule, ...], Field(min_length=1)]
    least_completeness: Sourced[Share]
    factors: Annotated[tuple[Factor, ...], Field(min_length=1)]

    def factor(self, code: str) -> Factor:
        """The factor of that code; KeyError if the model has none."""
        for each in self.factors:
            if each.code == code:
                return each
        raise KeyError(code)


def risk_model_ids() -> tuple[str, ...]:
    """The ids of all risk models, sorted."""
    return known_ids(_DIRECTORY)


@cache
def load_risk_model(model_id: str) -> RiskModel:
    """The model of that id; UnknownRulebook if there is none."""
    return read(find(_DIRECTORY, model_id), RiskModel, check=model_faults)


def model_faults(value: RiskModel) -> Iterator[Fault]:
    """What is wrong between the parts of a model."""
    if tuple(each.code for each in value.bands) != _LOWEST_FIRST:
        yield Fault(("bands",), f"must be {', '.join(_LOWEST_FIRST)}")
    starts = [each.start for each in value.bands]
    if starts[0] != 0 or starts != sorted(set(starts)):
        yield Fault(("bands",), "must start at 0 and rise")
    seen: set[str] = set()
    for index, factor in enumerate(value.factors):
        if factor.code in seen:
            yield Fault(("factors", index, "code"), f"{factor.code} is given twice")
        seen.add(factor.code)
    for where, source in _sources(value):
        if source.document not in value.documents:
            yield Fault((*where, "source", "document"), f"{source.document} is not in documents")


def _sources(value: RiskModel) -> Iterator[tuple[tuple[str | int, ...], Source]]:
    yield ("least_completeness",), value.least_completeness.source
    for index, band in enumerate(value.bands):
        yield ("bands", index), band.source
    for index, factor in enumerate(value.factors):
        yield ("factors", index), factor.source
        if factor.floor:
            yield ("factors", index, "floor"), factor.floor.source
