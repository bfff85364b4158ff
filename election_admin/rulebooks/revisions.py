"""A rulebook with some of its numbers changed by a document, checked like any other rulebook."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from .loading import RulebookError
from .procedures import Procedure, Rank, faults_of, load_procedure
from .values import Source, Text

Unsoundness = Literal[
    "no_number",
    "not_what_stands_there",
    "out_of_bounds",
    "least_above_most",
    "share_above_one",
    "earliest_after_latest",
    "open_beyond_latest",
]


class UnsoundRevision(RulebookError):
    """Changes after which the rulebook can no longer be used: why, and where in it."""

    def __init__(self, code: Unsoundness, path: str, what: str) -> None:
        self.code: Unsoundness = code
        self.path = path
        super().__init__(f"{path}: {what}")


@dataclass(frozen=True, kw_only=True)
class Change:
    """One number changed: where it stands, what it was and is, and the document that changes it.

    ``path`` leads to a number by the rulebook's keys, joined by dots:
    ``steps.voter_list_published.latest.days``, ``parameters.proxies_per_holder.value``.
    """

    path: str
    old: int
    new: int
    document: str
    article: str
    rank: Rank
    remark: str = ""

    def source(self, count: int) -> Source:
        """Its article in a rulebook of which it is the change of that number, counted from 1."""
        # An article given as a bare number is cited in the rulebook's own numerals.
        article = int(self.article) if self.article.isdecimal() else self.article
        return Source(document=f"change-{count}", article=article)


@dataclass(frozen=True)
class Number:
    """A number of a rulebook that a document can change."""

    path: str
    value: int


@dataclass(frozen=True)
class Setting:
    """A number as one document has set it, and that document's article in words."""

    value: int
    rank: Rank
    cited: Text


def numbers_of(procedure: Procedure) -> Iterator[Number]:
    """Every number a document can change: the days of deadlines, and what parameters count."""
    plain = _plain(procedure)
    for section in _SECTIONS:
        for number in _numbers(plain[section], (section,)):
            if _find(plain, number.path) is not None:
                yield number


def revised(procedure: Procedure, changes: Sequence[Change]) -> Procedure:
    """The rulebook with the changes made, oldest first, each cited as its own document.

    Raises UnsoundRevision where a path leads to no number, the old value is not what stands
    there, or the outcome is no sound rulebook.
    """
    for count, change in enumerate(changes, start=1):
        procedure = _revised(procedure, change, change.source(count))
    return procedure


def contradictions(procedure: Procedure) -> Iterator[tuple[Unsoundness, str]]:
    """Numbers of a rulebook that cannot hold together: why, and where they stand."""
    plain = _plain(procedure)
    for section in _SECTIONS:
        yield from _contradictions(plain[section], (section,))


def settings_of(procedure: Procedure, changes: Sequence[Change], path: str) -> tuple[Setting, ...]:
    """What each document has set a number to, oldest first: the last is what holds.

    The rulebooks that this one extends come first, as far as they set the same number from the
    same day; then this one; then the changes. Empty where there is no such number.
    """
    standing = _find(_plain(procedure), path)
    if standing is None:
        return ()
    above = [_setting(book, path, standing.counted_from) for book in _ancestors(procedure)]
    own = _setting(procedure, path, standing.counted_from)
    later = [
        _setting(revised(procedure, changes[:count]), path, standing.counted_from)
        for count, change in enumerate(changes, start=1)
        if change.path == path
    ]
    return tuple(setting for setting in (*above, own, *later) if setting is not None)


_ADAPTER: TypeAdapter[Procedure] = TypeAdapter(Procedure)
# What holds a source beside the number, by the number's last keys.
_SECTIONS = ("steps", "courses", "parameters")


@dataclass(frozen=True)
class _Standing:
    """Where a number stands: what holds it under which key, and what its source stands beside."""

    holder: dict[str, Any]
    key: str
    sourced: dict[str, Any]

    @property
    def value(self) -> int:
        number: int = self.holder[self.key]
        return number

    @property
    def counted_from(self) -> str | None:
        """For a deadline, the day from which it counts."""
        return self.holder.get("from")


def _plain(procedure: Procedure) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(_ADAPTER.dump_json(procedure, by_alias=True))
    return plain


def _numbers(node: Any, path: tuple[str, ...]) -> Iterator[Number]:
    if isinstance(node, bool):
        return
    if isinstance(node, int):
        yield Number(".".join(path), node)
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _numbers(value, (*path, key))


def _find(plain: dict[str, Any], path: str) -> _Standing | None:
    """Where the number of that path stands; None where there is none that a source stands beside."""
    keys = path.split(".")
    node: Any = plain
    sourced: dict[str, Any] | None = None
    for key in keys[:-1]:
        node = node.get(key) if isinstance(node, dict) else None
        if isinstance(node, dict) and "source" in node:
            sourced = node
    found = node.get(keys[-1]) if isinstance(node, dict) else None
    if keys[0] not in _SECTIONS or keys[-1] == "article" or sourced is None or type(found) is not int:
        return None
    return _Standing(node, keys[-1], sourced)


def _revised(procedure: Procedure, change: Change, source: Source) -> Procedure:
    """The rulebook with one change made, cited from that source."""
    plain = _plain(procedure)
    _make(plain, procedure, change, source)
    try:
        outcome = _ADAPTER.validate_json(json.dumps(plain), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UnsoundRevision("out_of_bounds", where, first["msg"]) from error
    for fault in faults_of(outcome):
        where = ".".join(str(part) for part in fault.where)
        raise UnsoundRevision("out_of_bounds", where, fault.what)
    for code, path in contradictions(outcome):
        raise UnsoundRevision(code, path, code.replace("_", " "))
    return outcome


def _make(plain: dict[str, Any], procedure: Procedure, change: Change, source: Source) -> None:
    standing = _find(plain, change.path)
    if standing is None:
        raise UnsoundRevision("no_number", change.path, "there is no number to change")
    if standing.value != change.old:
        raise UnsoundRevision(
            "not_what_stands_there", change.path, f"there is no number {change.old} to change"
        )
    former = _cited(procedure, Source(**standing.sourced["source"]))
    standing.holder[standing.key] = change.new
    plain["documents"][source.document] = {
        "title": {"zh": change.document, "en": change.document},
        "edition": {"zh": change.document, "en": change.document},
        "rank": change.rank,
    }
    standing.sourced["source"] = {"document": source.document, "article": source.article}
    # What was noted of the former source no longer explains the number; whence it came does.
    standing.sourced["note"] = {"zh": f"改动前依据：{former.zh}。", "en": f"Formerly by {former.en}."}


def _ancestors(procedure: Procedure) -> tuple[Procedure, ...]:
    """The rulebooks that this one extends, the farthest first."""
    if procedure.extends is None:
        return ()
    parent = load_procedure(procedure.extends)
    return (*_ancestors(parent), parent)


def _setting(procedure: Procedure, path: str, counted_from: str | None) -> Setting | None:
    standing = _find(_plain(procedure), path)
    if standing is None or standing.counted_from != counted_from:
        return None
    source = Source(**standing.sourced["source"])
    rank = procedure.documents[source.document].rank
    return Setting(standing.value, rank, _cited(procedure, source))


def _cited(procedure: Procedure, source: Source) -> Text:
    return Text(zh=procedure.cite(source, "zh-hans"), en=procedure.cite(source, "en"))


def _contradictions(node: Any, path: tuple[str, ...]) -> Iterator[tuple[Unsoundness, str]]:
    if not isinstance(node, dict):
        return
    where = ".".join(path)
    least, most = node.get("least"), node.get("most")
    if least is not None and most is not None and least > most:
        yield "least_above_most", where
    if {"numerator", "denominator"} <= node.keys() and node["numerator"] > node["denominator"]:
        yield "share_above_one", where
    if _later(node.get("earliest"), node.get("latest")):
        yield "earliest_after_latest", where
    if _later(node.get("open_until"), node.get("latest")):
        yield "open_beyond_latest", where
    for key, value in node.items():
        yield from _contradictions(value, (*path, key))


def _later(one: Any, other: Any) -> bool:
    """Whether one deadline falls after the other, counted from the same day."""
    return bool(one and other and one["from"] == other["from"] and one["days"] > other["days"])
