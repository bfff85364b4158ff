"""The files of imports: sealed, whole or not at all, and gone once nobody needs them."""

import secrets
import time

from election_admin.files import ORPHAN_SECONDS, SEALED, put_in_place, read_sealed, write_sealed
from election_admin.imports.models import ImportJob, imports_folder


def store(content: bytes) -> str:
    """Write an uploaded file and return its name, which says nothing of it."""
    name = f"{secrets.token_hex(16)}{SEALED}"
    unfinished = imports_folder() / f".{name}"
    write_sealed(unfinished, content)
    put_in_place(unfinished, imports_folder() / name)
    return name


def load(job: ImportJob) -> bytes:
    """Return what was uploaded.

    Raises FileNotFoundError when it is gone, ImproperlyConfigured when no key opens it.
    """
    if not job.file:
        raise FileNotFoundError(job.pk)
    return read_sealed(job.path)


def discard(name: str) -> None:
    """Remove a file."""
    if name:
        (imports_folder() / name).unlink(missing_ok=True)


def discard_orphans(now: float | None = None) -> int:
    """Remove files that no import names, an hour old, and return how many there were.

    An upload whose transaction did not come about leaves one, and so does a power cut.
    """
    oldest = (time.time() if now is None else now) - ORPHAN_SECONDS
    removed = 0
    named = set(ImportJob.objects.exclude(file="").values_list("file", flat=True))
    for path in imports_folder().glob(f"*{SEALED}"):
        if path.name not in named and path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
