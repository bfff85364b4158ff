"""What can be imported from an Excel file. Apps register their kinds at start; this app knows none.

A file is read twice: once for the preview, which writes nothing, and once more when somebody has
confirmed it, inside the transaction that writes it. What was right in the preview and is wrong by
then, because somebody else was at work, is named by row and nothing is written.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, Protocol

from django_stubs_ext import StrOrPromise

from election_admin.accounts.models import User
from election_admin.places.models import Place


class UnknownKind(LookupError):
    """No app has registered a kind of this code."""


class Change(StrEnum):
    """What a row would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


@dataclass(frozen=True)
class Column:
    """One column of the file: its header, how its cells are read, what the template says of it.

    ``reads``: "text" any text; "date" a day, as an Excel date or written 2026-12-01, 2026/12/1,
    2026年12月1日; "number" a whole number; "id_number" a citizen's ID number, refused when Excel has
    kept it as a number and lost its last digits; "choice" one of ``choices``, by its words.

    A row in which a cell could not be read is shown by this app itself, which knows no masks: of
    such a row it shows the ``plain`` columns only, those that screens never mask (a village, a post).
    """

    key: str
    title: StrOrPromise
    reads: Literal["text", "date", "number", "id_number", "choice"] = "text"
    required: bool = False
    choices: tuple[tuple[str, StrOrPromise], ...] = ()
    help: StrOrPromise = ""
    example: str = ""
    width: int = 14
    longest: int = 200
    plain: bool = False


@dataclass(frozen=True)
class Fault:
    """What is wrong in a cell, as a sentence that says what to do; ``column`` is a key, or empty."""

    column: str
    sentence: str


@dataclass(frozen=True)
class Read:
    """One row as read: what it would do, its values for writing, and what is wrong with it.

    ``shown`` is what the preview shows of it, by column key, with what is masked on screens masked.
    """

    change: Change
    values: Mapping[str, Any] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()


class Reader(Protocol):
    """Reads the rows of one file, one after another; made anew for each pass over the file.

    It fetches what it compares with once, when it is made, and remembers the rows before, so that
    it finds what stands twice in the file.
    """

    def read(self, cells: Mapping[str, Any]) -> Read:
        """Read one row. ``cells`` holds each column's value as its ``reads`` says, None if empty.

        It is not called for a row in which a cell could not be read.
        """
        ...


# Called while rows are written with how many are, at least once every few hundred: it moves the
# progress bar and raises when somebody has called the import off. It is not to be caught.
Progress = Callable[[int], None]


def always_open(place: Place) -> None:
    """Nothing forbids importing into a place, whatever its state."""


@dataclass(frozen=True)
class ImportKind:
    """One kind of file.

    ``permission`` is asked of the place the file is imported into. ``columns`` may depend on the
    place (a term's posts). ``reader`` is given place, user and today. ``write`` is given the place,
    every row that is new or changed (in the order of the file), the user, the time and a progress
    callback; it is an action: it runs inside one transaction, takes its turn and journals.
    ``back`` is the page of the place where what was imported is seen. ``check_open`` raises
    ValidationError, with the reason, where nothing can be imported. ``most_rows`` is how many rows a
    file may have: what can be written before others who want to write lose patience.

    Both passes over a file must show the same of the same data: what the user confirmed is what is
    written, and a row that has come to mean something else (new in the preview, by now changed)
    means that nothing is written and a new preview is shown.
    """

    code: str
    title: StrOrPromise
    permission: str
    columns: Callable[[Place], Sequence[Column]]
    reader: Callable[[Place, User, date], Reader]
    write: Callable[[Place, Iterable[Read], User, datetime, Progress], None]
    back: Callable[[Place], str]
    check_open: Callable[[Place], None] = always_open
    most_rows: int = 20_000


_kinds: dict[str, ImportKind] = {}


def register_import(kind: ImportKind) -> None:
    """Add a kind, once, at start."""
    if kind.code in _kinds:
        raise ValueError(f"The kind of import {kind.code} is registered twice.")
    _kinds[kind.code] = kind


def import_kind(code: str) -> ImportKind:
    """Return the kind of this code. Raises UnknownKind."""
    try:
        return _kinds[code]
    except KeyError:
        raise UnknownKind(f"Nothing called {code} can be imported.") from None


def kinds() -> tuple[ImportKind, ...]:
    """Return every registered kind, in the order of registration."""
    return tuple(_kinds.values())
