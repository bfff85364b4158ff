"""Values that every kind of rulebook is built from.

All are immutable; a key that a shape does not name is refused.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, ConfigDict, Field, PlainSerializer, StringConstraints
from pydantic.dataclasses import dataclass

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")

STRICT = ConfigDict(extra="forbid")

FrozenMap = Annotated[Mapping[K, V], AfterValidator(MappingProxyType), PlainSerializer(dict)]
"""A mapping in the order of the file that nobody can change after loading."""

Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
RulebookId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Whole = Annotated[int, Field(ge=0)]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Text:
    """Words that a person reads, in both languages of the product."""

    zh: Words
    en: Words

    def in_(self, language: str) -> str:
        """The words in ``language`` ("zh-hans", "en-us"); Chinese for any other language."""
        return self.en if language.lower().startswith("en") else self.zh


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Source:
    """Where a number comes from: a document and the article (or section) in it.

    ``document`` is a key of the rulebook's ``documents`` where it has them, else the
    document's own name or number.
    """

    document: Words
    article: int | Words


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Sourced(Generic[T]):
    """A value the law sets, never without the place where the law sets it."""

    value: T
    source: Source
    note: Text | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Range:
    """From ``least`` to ``most``, both included; ``most`` null where the law sets no upper end."""

    least: Whole
    most: Whole | None = None

    def __contains__(self, number: int) -> bool:
        return self.least <= number and (self.most is None or number <= self.most)


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Share:
    """A share as the law words it: one half, one third. Compared in integers, never in floats."""

    numerator: Annotated[int, Field(ge=1)]
    denominator: Annotated[int, Field(ge=1)]
