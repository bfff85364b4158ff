"""What can have evidence. Apps register their kinds at start; this app knows none of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from election_admin.places.querysets import PlaceScopedQuerySet


class UnknownKind(LookupError):
    """No app has registered a kind of this code."""


def always_open(subject: Any) -> None:
    """Nothing forbids attaching to a row of this kind, whatever its state."""


@dataclass(frozen=True)
class EvidenceKind:
    """One kind of row that photos and scans are attached to.

    ``see_permission`` and ``add_permission`` are asked on the row itself, so a kind can hide
    single rows; whoever may not see a row is told that it does not exist. What somebody else
    attached is withdrawn by who has ``withdraw_permission``. ``back`` gives the page of the row,
    ``name`` what the row is called there. ``check_open`` raises ValidationError, with the reason,
    where nothing may be attached or withdrawn any more. What is ``confidential`` is encrypted at rest,
    and opening it asks why; it needs ``look_permission`` on the row besides, unless none is given.
    Its files are numbered: the name of an uploaded file may say what is in it.
    """

    code: str
    subject: Callable[[], PlaceScopedQuerySet[Any]]
    see_permission: str
    add_permission: str
    withdraw_permission: str
    back: Callable[[Any], str]
    name: Callable[[Any], str]
    check_open: Callable[[Any], None] = always_open
    confidential: bool = False
    look_permission: str = ""

    @property
    def opened_with(self) -> str:
        """The permission that opening a file of this kind needs."""
        return self.look_permission or self.see_permission


_kinds: dict[str, EvidenceKind] = {}


def register_evidence(kind: EvidenceKind) -> None:
    """Add a kind, once, at start."""
    if kind.code in _kinds:
        raise ValueError(f"The kind of evidence {kind.code} is registered twice.")
    _kinds[kind.code] = kind


def evidence_kind(code: str) -> EvidenceKind:
    """Return the kind of this code. Raises UnknownKind."""
    try:
        return _kinds[code]
    except KeyError:
        raise UnknownKind(f"Nothing called {code} can have evidence.") from None
