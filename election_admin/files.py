"""Files that are whole and on the disk before anybody may rely on them.

A file whose name ends in ``.sealed`` is encrypted at rest, from its first byte on the disk: so its
content can be read from nothing but its name, and a change of keys finds it (see rotation.py).
"""

import os
import time
from collections.abc import Iterable
from pathlib import Path

from election_admin.encryption import decrypt_bytes, encrypt_bytes

SEALED = ".sealed"
# An unfinished file this old belongs to nobody: no document and no upload takes as long.
ORPHAN_SECONDS = 3600


def write_through(path: Path, content: bytes) -> None:
    """Write a file and wait until the disk has it; its folder is made."""
    _write(path, content)


def write_sealed(path: Path, content: bytes) -> None:
    """The same, encrypted: nothing of the content is on the disk at any time."""
    _write(path, encrypt_bytes(content))


def is_sealed(path: Path | str) -> bool:
    """Whether the file of this name is encrypted at rest."""
    return str(path).endswith(SEALED)


def read_sealed(path: Path) -> bytes:
    """Return what a sealed file holds.

    Raises FileNotFoundError without the file, ImproperlyConfigured when no key opens it.
    """
    return decrypt_bytes(path.read_bytes())


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def put_in_place(unfinished: Path, final: Path) -> None:
    """Give a written file its name, in one step. Raises FileNotFoundError without the file."""
    final.parent.mkdir(parents=True, exist_ok=True)
    unfinished.replace(final)
    _sync_folder(final.parent)


def older_than_orphans(paths: Iterable[Path], now: float | None = None) -> list[Path]:
    """Return those of the unfinished files that nobody is writing any more."""
    oldest = (time.time() if now is None else now) - ORPHAN_SECONDS
    found = []
    for path in paths:
        try:
            if path.stat().st_mtime < oldest:
                found.append(path)
        except FileNotFoundError:
            continue  # its writer has finished meanwhile
    return found


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
