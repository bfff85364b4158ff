"""The files of documents. A file has its name only once it is whole and on the disk."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from election_admin.documents.models import documents_folder
from election_admin.files import SEALED, older_than_orphans, put_in_place, write_sealed, write_through

_FOLDER_HOLDS = 1000


@dataclass(frozen=True)
class Stored:
    """A file that lies in its place."""

    name: str
    sha256: str
    size: int


def store(pk: int, token: str, content: bytes, *, sealed: bool = False) -> Stored:
    """Write a document's file, durably and in one step, and return its name and hash.

    Name, hash and size are those of the content, also where the file is ``sealed``.

    The token is the claim's own, so the files of two claims never have the same name and a
    claim that was lost can drop its file without asking.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    folder = _folder(pk)
    unfinished = folder / f".{pk}-{token}.part"
    final = folder / f"{pk}-{sha256[:16]}-{token}.pdf{SEALED if sealed else ''}"
    (write_sealed if sealed else write_through)(unfinished, content)
    put_in_place(unfinished, final)
    return Stored(str(final.relative_to(documents_folder())), sha256, len(content))


def discard(pk: int, keep: str = "") -> None:
    """Remove what claims that came to nothing left of a document, except the file ``keep``."""
    kept = documents_folder() / keep if keep else None
    for path in _files_of(pk):
        if path != kept:
            path.unlink(missing_ok=True)


def discard_orphans(now: float | None = None) -> int:
    """Remove unfinished files older than an hour and return how many there were."""
    orphans = older_than_orphans(documents_folder().glob("*/.*.part"), now)
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def _folder(pk: int) -> Path:
    return documents_folder() / f"{pk // _FOLDER_HOLDS:06d}"


def _files_of(pk: int) -> Iterator[Path]:
    yield from _folder(pk).glob(f"{pk}-*.pdf")
    yield from _folder(pk).glob(f"{pk}-*.pdf{SEALED}")
    yield from _folder(pk).glob(f".{pk}-*.part")
