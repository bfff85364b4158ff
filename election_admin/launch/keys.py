"""The keys of an embedded office, in its secrets.env: a new one put first, old ones taken out.

Only while the office stands still: a program that runs on knows the keys it began with, and would
find what the new one encrypts unreadable, or go on encrypting by one that was taken out.
"""

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

SECRETS = "secrets.env"
_NAME = "FIELD_KEYS="
_LOCK = "running.lock"


class CannotChangeKeys(Exception):
    """Why the keys stay as they are, as a sentence."""


class OfficeRuns(CannotChangeKeys):
    """The office is running."""


class KeysComeFromElsewhere(CannotChangeKeys):
    """The keys in use are not those of secrets.env: whoever gives them changes them."""


@contextlib.contextmanager
def running(data: Path) -> Iterator[None]:
    """Hold that the office runs. Raises OfficeRuns while its keys are being changed."""
    with _locked(data, fcntl.LOCK_SH):
        yield


@contextlib.contextmanager
def standing_still(data: Path) -> Iterator[None]:
    """Keep the office from being started. Raises OfficeRuns when it runs."""
    with _locked(data, fcntl.LOCK_EX):
        yield


@contextlib.contextmanager
def _locked(data: Path, how: int) -> Iterator[None]:
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (data / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, how | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise OfficeRuns from error
        yield


def write_keys(data: Path, *, used: Sequence[str], keys: Sequence[str]) -> None:
    """Put ``keys`` in place of those ``used``, in one step; the file stays its owner's alone.

    Raises KeysComeFromElsewhere unless secrets.env holds exactly the keys in use.
    """
    path = data / SECRETS
    try:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    except FileNotFoundError as error:
        raise KeysComeFromElsewhere from error
    found = [number for number, line in enumerate(lines) if line.startswith(_NAME)]
    if len(found) != 1 or lines[found[0]].removeprefix(_NAME).strip() != ",".join(used):
        raise KeysComeFromElsewhere
    lines[found[0]] = f"{_NAME}{','.join(keys)}\n"
    # A temporary file is 0600 from birth.
    with tempfile.NamedTemporaryFile(
        "w", dir=data, prefix=".secrets.", encoding="utf-8", delete=False
    ) as file:
        file.write("".join(lines))
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)
