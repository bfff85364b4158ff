"""What is said of an import while it is written.

All rows are written in one transaction, together with the word that they are. Nobody outside sees
anything of a transaction before it ends, so neither its progress nor a wish to stop it can go
through the database; and where that is SQLite, which lets one writer in at a time, a second
connection could not write either. So both go through small files beside the uploaded ones, which
web servers and workers share on any installation. They hold a number each and decide nothing: a
note that is lost costs a progress bar its movement, or a cancelled import its stop.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from election_admin.imports.models import imports_folder


def note_progress(pk: int, percent: int) -> None:
    """Say how far the writing has come. That it cannot be said stops nothing."""
    with suppress(OSError):
        _put(_progress(pk), percent)


def progress_of(pk: int) -> int:
    """How far the writing has come; nought while nothing is said."""
    return min(_get(_progress(pk)) or 0, 100)


def wish_to_stop(pk: int, user_pk: int) -> None:
    """Say who wants the writing stopped."""
    _put(_stop(pk), user_pk)


def who_wants_to_stop(pk: int) -> int | None:
    """The key of the user who wants the writing stopped; None if nobody does."""
    return _get(_stop(pk))


def forget(pk: int) -> None:
    """Remove what was said of an import."""
    _progress(pk).unlink(missing_ok=True)
    _stop(pk).unlink(missing_ok=True)


def all_noted() -> Iterator[int]:
    """The keys of the imports of which anything is said."""
    yield from {int(path.stem) for path in _folder().glob("[0-9]*.*") if path.stem.isdecimal()}


def _folder() -> Path:
    return imports_folder() / "notes"


def _progress(pk: int) -> Path:
    return _folder() / f"{pk}.progress"


def _stop(pk: int) -> Path:
    return _folder() / f"{pk}.stop"


def _put(path: Path, number: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_text(str(number), encoding="ascii")
    unfinished.replace(path)


def _get(path: Path) -> int | None:
    try:
        return int(path.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None
