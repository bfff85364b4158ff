"""The kinds of documents. Apps register theirs at start; this app knows none of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from election_admin.places.querysets import PlaceScopedQuerySet


class UnknownKind(LookupError):
    """No app has registered a kind of this code."""


@dataclass(frozen=True)
class Kind:
    """One kind of document.

    ``template`` extends ``documents/base.html``; ``context`` gives what it shows of a subject,
    called with the document's language ("zh-hans" or "en") active; ``name`` gives the
    document's title, which is also its file name. ``permission`` is asked of the subject's place.
    A ``confidential`` one holds what is encrypted at rest: so is its file, and opening it asks why.
    Opening then needs ``look_permission`` besides; unless it is given, ``permission`` will do. Its
    title stands in lists and names the downloaded file, so ``name`` may name the person and nothing
    that was found about them.
    """

    code: str
    title: Any
    template: str
    subject: Callable[[], PlaceScopedQuerySet[Any]]
    context: Callable[[Any, str], Mapping[str, Any]]
    name: Callable[[Any], str]
    permission: str
    confidential: bool = False
    look_permission: str = ""

    @property
    def opened_with(self) -> str:
        """The permission that opening a file of this kind needs."""
        return self.look_permission or self.permission


_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Add a kind, once, at start."""
    if kind.code in _kinds:
        raise ValueError(f"The kind of document {kind.code} is registered twice.")
    _kinds[kind.code] = kind


def kind(code: str) -> Kind:
    """Return the kind of this code. Raises UnknownKind."""
    try:
        return _kinds[code]
    except KeyError:
        raise UnknownKind(f"No kind of document is called {code}.") from None


def kinds() -> tuple[Kind, ...]:
    """Return every registered kind, in the order of registration."""
    return tuple(_kinds.values())
