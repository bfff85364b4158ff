"""Where the files of evidence lie: outside the web root, whole or not at all.

A file is written before its row and gets its place once the row is committed. What a
transaction that was rolled back, or a machine that lost its power, left behind is cleared away
by sweep(); a file whose row stands is put in its place instead.
"""

import secrets
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from election_admin.evidence.models import Evidence
from election_admin.files import SEALED, older_than_orphans, put_in_place, write_sealed, write_through

FOLDER = "evidence"
_UNFINISHED = "unfinished"


def write(content: bytes, at: datetime, *, sealed: bool = False) -> str:
    """Write a file that is not in its place yet, and return the place it will have.

    The place says nothing of the file, and nobody can guess it; it is relative to MEDIA_ROOT. What
    is ``sealed`` is encrypted from the first byte.
    """
    path = f"{FOLDER}/{timezone.localdate(at).year}/{secrets.token_hex(16)}{SEALED if sealed else ''}"
    (write_sealed if sealed else write_through)(_unfinished(path), content)
    return path


def publish(path: str) -> None:
    """Put a written file in its place. Whoever finds it there already does nothing."""
    try:
        put_in_place(_unfinished(path), _final(path))
    except FileNotFoundError:
        if not _final(path).exists():
            raise


def discard(path: str) -> None:
    """Remove a written file that is not in its place."""
    _unfinished(path).unlink(missing_ok=True)


def find(path: str) -> Path:
    """Return where a file lies. Raises FileNotFoundError when it does not.

    One that a power cut kept from its place between the row's commit and the move is moved now.
    """
    if not _final(path).exists():
        publish(path)
    return _final(path)


def sweep(now: float | None = None) -> int:
    """Clear away what nobody is writing any more; return how many files were removed."""
    folder = Path(settings.MEDIA_ROOT) / FOLDER / _UNFINISHED
    removed = 0
    for left in older_than_orphans(folder.glob("*"), now):
        path = f"{FOLDER}/{left.name.replace('-', '/')}"
        if Evidence.objects.filter(path=path).exists():
            publish(path)
        else:
            left.unlink(missing_ok=True)
            removed += 1
    return removed


def _final(path: str) -> Path:
    return Path(settings.MEDIA_ROOT) / path


def _unfinished(path: str) -> Path:
    _folder, year, token = path.split("/")
    return Path(settings.MEDIA_ROOT) / FOLDER / _UNFINISHED / f"{year}-{token}"
