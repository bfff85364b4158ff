"""The files of documents. A file has its name only once it is whole and on the disk."""

import hashlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from election_admin.documents.models import documents_folder

# A temporary file this old belongs to nobody: no document takes as long.
ORPHAN_SECONDS = 3600
_FOLDER_HOLDS = 1000


@dataclass(frozen=True)
class Stored:
    """A file that lies in its place."""

    name: str
    sha256: str
    size: int


def store(pk: int, token: str, content: bytes) -> Stored:
    """Write a document's file, durably and in one step, and return its name and hash.

    The token is the claim's own, so the files of two claims never have the same name and a
    claim that was lost can drop its file without asking.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    folder = _folder(pk)
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{pk}-{token}.part"
    final = folder / f"{pk}-{sha256[:16]}-{token}.pdf"
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(final)
    _sync_folder(folder)
    return Stored(str(final.relative_to(documents_folder())), sha256, len(content))


def discard(pk: int, keep: str = "") -> None:
    """Remove what claims that came to nothing left of a document, except the file ``keep``."""
    kept = documents_folder() / keep if keep else None
    for path in _files_of(pk):
        if path != kept:
            path.unlink(missing_ok=True)


def discard_orphans(now: float | None = None) -> int:
    """Remove unfinished files older than an hour and return how many there were."""
    oldest = (time.time() if now is None else now) - ORPHAN_SECONDS
    removed = 0
    for path in documents_folder().glob("*/.*.part"):
        try:
            if path.stat().st_mtime < oldest:
                path.unlink()
                removed += 1
        except FileNotFoundError:
            continue  # its writer has finished meanwhile
    return removed


def _folder(pk: int) -> Path:
    return documents_folder() / f"{pk // _FOLDER_HOLDS:06d}"


def _files_of(pk: int) -> Iterator[Path]:
    yield from _folder(pk).glob(f"{pk}-*.pdf")
    yield from _folder(pk).glob(f".{pk}-*.part")


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
