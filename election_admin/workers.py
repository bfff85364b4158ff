"""Which process holds a lease, and whether it still lives."""

import os
import socket
import uuid
from functools import cache
from pathlib import Path

_PROC = Path("/proc")


@cache
def machine() -> str:
    """Name the set of processes this one can see.

    The running kernel and its process namespace, so that two containers are two machines even
    when they share a name; elsewhere than on Linux the host name, and nobody is presumed dead.
    """
    try:
        kernel = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        namespace = (_PROC / "self/ns/pid").stat().st_ino
    except OSError:
        return f"host-{socket.gethostname()[:40]}"
    return f"{kernel}-{namespace}"


def new_claim() -> str:
    """Return a name for one claim by this process, never used again."""
    return f"{machine()}/{os.getpid()}/{_birth(os.getpid())}/{token()}"


def token() -> str:
    """Return a short name nobody else has."""
    return uuid.uuid4().hex[:12]


def is_dead(claim: str) -> bool:
    """Whether the process behind a claim is known to be gone; False where one cannot tell."""
    where, _slash, process = claim.partition("/")
    if where != machine() or where.startswith("host-"):
        return False
    pid, birth, _token = process.split("/")
    return _birth(int(pid)) != birth


def _birth(pid: int) -> str:
    """Return when a process began, in the kernel's ticks: a number used again has another."""
    try:
        status = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return ""
    # The name in brackets may hold blanks and brackets; state is field 3, start time field 22.
    fields = status.rpartition(")")[2].split()
    return "" if fields[0] in {"Z", "X"} else fields[19]
