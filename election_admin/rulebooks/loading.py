"""Strict reading of rulebook files: every fault names its file, line and key."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

T = TypeVar("T")
Location = tuple[str | int, ...]

_NOTHING_INHERITED: Mapping[str, int] = {}
_PLAIN = {
    "missing": "is missing",
    "unexpected_keyword_argument": "is not a known key",
    "extra_forbidden": "is not a known key",
}


class RulebookError(Exception):
    """A rulebook that cannot be used; one line a fault, ``file:line: path.to.key: what``."""


class UnknownRulebook(RulebookError):
    """No rulebook has this id."""

    def __init__(self, rulebook_id: str, known: Iterable[str] = ()) -> None:
        self.rulebook_id = rulebook_id
        self.known = tuple(sorted(known))
        hint = f"; known are {', '.join(self.known)}" if self.known else ""
        super().__init__(f"no rulebook is called {rulebook_id!r}{hint}")


@dataclass(frozen=True)
class Fault:
    """Something wrong at a place in the file that the shape alone could not see."""

    where: Location
    what: str


def read(
    path: Path,
    shape: type[T],
    *,
    inherited: Mapping[str, int] = _NOTHING_INHERITED,
    check: Callable[[T], Iterable[Fault]] | None = None,
) -> T:
    """The file at ``path`` as a ``shape``; a RulebookError lists everything wrong with it.

    ``inherited`` names the sections that a file with ``extends: other-id`` takes over from
    the file of that name beside it, and how deep the two are merged: 1 replaces an entry of
    the section whole, 2 replaces the entry's fields one by one. Everything outside these
    sections a file says for itself. ``check`` finds faults between the parts of a value.
    """
    root = _with_ancestors(path, inherited, ())
    adapter: TypeAdapter[T] = TypeAdapter(shape)
    try:
        # JSON, because strictness there still lets a list be a tuple and a text be a date.
        value = adapter.validate_json(json.dumps(_plain(root, ())), strict=True)
    except ValidationError as error:
        faults = [Fault(e["loc"], _words(e["type"], e["msg"])) for e in error.errors()]
    else:
        faults = list(check(value)) if check else []
        if not faults:
            return value
    raise RulebookError("\n".join(_described(root, fault) for fault in faults))


def known_ids(directory: Path) -> tuple[str, ...]:
    """The ids of the rulebooks in a directory, sorted; a file's name is its id."""
    return tuple(sorted(file.stem for file in directory.glob("*.yaml")))


def find(directory: Path, rulebook_id: str) -> Path:
    """The file of a rulebook, compared by name so that no id can leave the directory."""
    known = known_ids(directory)
    if rulebook_id not in known:
        raise UnknownRulebook(rulebook_id, known)
    return directory / f"{rulebook_id}.yaml"


# Reading -------------------------------------------------------------------------------


def _compose(path: Path) -> MappingNode:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RulebookError(f"{path.name}:1: cannot be read: {_one_line(error)}") from error
    return _composed(path.name, text)


# Every province's rulebook is read together with the national one; nothing changes its nodes.
@lru_cache(maxsize=4)
def _composed(name: str, text: str) -> MappingNode:
    try:
        loader = yaml.SafeLoader(text)
    except yaml.YAMLError as error:
        raise RulebookError(f"{name}:1: cannot be read: {_one_line(error)}") from error
    loader.name = name
    try:
        root = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RulebookError(f"{name}:{line}: not YAML: {error.problem}") from error
    finally:
        loader.dispose()
    if not isinstance(root, MappingNode):
        raise RulebookError(f"{name}:1: a rulebook is a mapping of keys to values")
    _refuse_ambiguous_keys(root, (), set())
    return root


def _refuse_ambiguous_keys(node: Node, where: Location, above: set[int]) -> None:
    if id(node) in above:
        raise RulebookError(_line(node, where, "is an alias of something it is part of"))
    within = above | {id(node)}
    if isinstance(node, MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = _key(key, where)
            if name in seen:
                raise RulebookError(_line(key, (*where, name), "is given twice"))
            seen.add(name)
            _refuse_ambiguous_keys(value, (*where, name), within)
    elif isinstance(node, SequenceNode):
        for index, item in enumerate(node.value):
            _refuse_ambiguous_keys(item, (*where, index), within)


def _key(node: Node, where: Location) -> str:
    merges = node.tag == "tag:yaml.org,2002:merge"
    named = node.tag in ("tag:yaml.org,2002:str", "tag:yaml.org,2002:int")
    if not isinstance(node, ScalarNode) or not (named or merges):
        raise RulebookError(_line(node, where, "has a key that is not a word (quote it)"))
    if merges:
        raise RulebookError(_line(node, where, "uses '<<', which hides what is overridden"))
    return str(node.value)


def _plain(node: Node, where: Location) -> object:
    """The value of a node in JSON's types."""
    if isinstance(node, MappingNode):
        return {k.value: _plain(v, (*where, k.value)) for k, v in node.value}
    if isinstance(node, SequenceNode):
        return [_plain(item, (*where, index)) for index, item in enumerate(node.value)]
    loader = yaml.SafeLoader("")
    try:
        value = loader.construct_document(node)
        return json.loads(json.dumps(value, default=str, allow_nan=False))
    except (yaml.YAMLError, ValueError) as error:
        raise RulebookError(_line(node, where, f"is not a value: {_one_line(error)}")) from error
    finally:
        loader.dispose()


# Inheriting ----------------------------------------------------------------------------


def _with_ancestors(path: Path, inherited: Mapping[str, int], descendants: tuple[str, ...]) -> MappingNode:
    root = _compose(path)
    extends = _child(root, "extends") if inherited else None
    if extends is None or not isinstance(extends, ScalarNode):
        return root
    ancestor = str(extends.value)
    if ancestor in (*descendants, path.stem):
        raise RulebookError(_line(extends, ("extends",), f"{ancestor} extends this file itself"))
    if ancestor not in known_ids(path.parent):
        raise RulebookError(_line(extends, ("extends",), f"there is no rulebook {ancestor!r}"))
    parent = _with_ancestors(path.with_name(f"{ancestor}.yaml"), inherited, (*descendants, path.stem))
    sections = [(k, v) for k, v in root.value if k.value not in inherited]
    for key, value in parent.value:
        if key.value in inherited:
            own = _child(root, key.value)
            sections.append((key, _merged(value, own, inherited[key.value])))
    taken = {key.value for key, _ in sections}
    sections += [(k, v) for k, v in root.value if k.value not in taken]
    return MappingNode(root.tag, sections, root.start_mark, root.end_mark)


def _merged(parent: Node, child: Node | None, depth: int) -> Node:
    """The parent's entries in their order, each replaced by the child's of that name."""
    if child is None:
        return parent
    if depth == 0 or not (isinstance(parent, MappingNode) and isinstance(child, MappingNode)):
        return child
    own = {key.value: (key, value) for key, value in child.value}
    entries = []
    for key, value in parent.value:
        if key.value in own:
            own_key, own_value = own.pop(key.value)
            entries.append((own_key, _merged(value, own_value, depth - 1)))
        else:
            entries.append((key, value))
    entries += own.values()
    return MappingNode(child.tag, entries, child.start_mark, child.end_mark)


# Saying what is wrong, and where ---------------------------------------------------------


def _described(root: Node, fault: Fault) -> str:
    node: Node = root
    path: list[str | int] = []
    parts = list(fault.where)
    for position, part in enumerate(parts):
        step = _step(node, part)
        if step is not None:
            mark, node = step
            path.append(part)
        elif position == len(parts) - 1 and isinstance(node, MappingNode):
            mark = node
            path.append(part)
        # Any other part is pydantic's name for a branch of a union: no place in the file.
        else:
            mark = node
    # A key's own line, as its value may begin further down.
    return _line(mark if parts else root, tuple(path), fault.what)


def _step(node: Node, part: str | int) -> tuple[Node, Node] | None:
    if isinstance(node, MappingNode):
        return next(((k, v) for k, v in node.value if k.value == str(part)), None)
    if isinstance(node, SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    return None


def _child(node: MappingNode, name: str) -> Node | None:
    return next((value for key, value in node.value if key.value == name), None)


def _line(node: Node, where: Location, what: str) -> str:
    mark = node.start_mark
    path = "".join(_dotted(where)) or "the file"
    return f"{mark.name}:{mark.line + 1}: {path}: {what}"


def _dotted(where: Location) -> Iterator[str]:
    for index, part in enumerate(where):
        if isinstance(part, int):
            yield f"[{part}]"
        else:
            yield f".{part}" if index else part


def _words(kind: str, message: str) -> str:
    return _PLAIN.get(kind, message.removeprefix("Value error, "))


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
