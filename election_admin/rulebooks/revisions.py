"""A rulebook with some of its numbers changed by a document, checked like any other rulebook."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from .loading import RulebookError
from .procedures import Procedure, Rank, faults_of


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


@dataclass(frozen=True)
class Number:
    """A number of a rulebook that a document can change."""

    path: str
    value: int


def numbers_of(procedure: Procedure) -> Iterator[Number]:
    """Every number a document can change: the days of deadlines, and what parameters count."""
    yield from _numbers(_plain(procedure), ())


def revised(procedure: Procedure, changes: Sequence[Change]) -> Procedure:
    """The rulebook with the changes made, oldest first, each cited as its own document.

    Raises RulebookError where a path leads to no number, the old value is not what stands there,
    or the outcome is no sound rulebook.
    """
    plain = _plain(procedure)
    for count, change in enumerate(changes, start=1):
        _make(plain, change, f"change-{count}")
    try:
        outcome = _ADAPTER.validate_json(json.dumps(plain), strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RulebookError(f"{procedure.id}: {where}: {first['msg']}") from error
    for fault in faults_of(outcome):
        where = ".".join(str(part) for part in fault.where)
        raise RulebookError(f"{procedure.id}: {where}: {fault.what}")
    return outcome


_ADAPTER: TypeAdapter[Procedure] = TypeAdapter(Procedure)
# What holds a source beside the number, by the number's last keys.
_SECTIONS = ("steps", "courses", "parameters")


def _plain(procedure: Procedure) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(_ADAPTER.dump_json(procedure, by_alias=True))
    return plain


def _numbers(node: Any, path: tuple[str, ...]) -> Iterator[Number]:
    if not path:
        for section in _SECTIONS:
            yield from _numbers(node[section], (section,))
    elif isinstance(node, bool):
        return
    elif isinstance(node, int):
        if path[-1] != "article":
            yield Number(".".join(path), node)
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _numbers(value, (*path, key))


def _make(plain: dict[str, Any], change: Change, document: str) -> None:
    keys = change.path.split(".")
    node: Any = plain
    sourced: dict[str, Any] | None = None
    for key in keys[:-1]:
        node = node.get(key) if isinstance(node, dict) else None
        if isinstance(node, dict) and "source" in node:
            sourced = node
    found = node.get(keys[-1]) if isinstance(node, dict) else None
    if keys[0] not in _SECTIONS or sourced is None or type(found) is not int or found != change.old:
        raise RulebookError(f"{plain['id']}: {change.path}: there is no number {change.old} to change")
    node[keys[-1]] = change.new
    plain["documents"][document] = {
        "title": {"zh": change.document, "en": change.document},
        "edition": {"zh": change.document, "en": change.document},
        "rank": change.rank,
    }
    sourced["source"] = {"document": document, "article": change.article}
