"""The two programs of an embedded office: the web server and one worker.

Each lives in a process group of its own, so that Ctrl-C in the terminal reaches
only the parent, which then stops both in order; and each is told by the kernel
to stop when the parent is killed, so that none is left behind.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 10.0
PR_SET_PDEATHSIG = 1  # linux/prctl.h


@dataclass(frozen=True)
class Child:
    name: str
    process: subprocess.Popen[bytes]


def web_command(bind: str) -> list[str]:
    command = [sys.executable, "-m", "gunicorn", "election_admin.wsgi", "--bind", bind]
    command += ["--workers", "2", "--worker-class", "gthread", "--threads", "4", "--preload"]
    command += ["--graceful-timeout", "8", "--log-level", "warning", "--no-control-socket"]
    # A worker's heartbeat is a file: on a busy disk it would be late.
    return [*command, "--worker-tmp-dir", "/dev/shm"] if os.access("/dev/shm", os.W_OK) else command  # noqa: S108


def worker_command(cores: int, name: str) -> list[str]:
    # As root, Celery warns at length; in a container or on a one-purpose machine root is who there is.
    quiet = ["-W", "ignore:You're running the worker with superuser privileges"]
    command = [sys.executable, *quiet, "-m", "celery", "--quiet", "-A", "election_admin", "worker", "-B"]
    command += ["--concurrency", str(max(1, min(cores, 2))), "--loglevel", "WARNING", "-n", name]
    # One worker has nobody to talk to: greeting the others costs a second at every start.
    return [*command, "--without-gossip", "--without-mingle", "--without-heartbeat"]


def start(name: str, command: Sequence[str], *, folder: Path, environment: Mapping[str, str]) -> Child:
    parent = os.getpid()
    libc = ctypes.CDLL(None, use_errno=True)

    def stop_with_parent() -> None:
        if hasattr(libc, "prctl"):
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        process_group=0,
        preexec_fn=stop_with_parent,
    )
    return Child(name, process)


def first_dead(children: Sequence[Child]) -> Child | None:
    return next((child for child in children if child.process.poll() is not None), None)


def stop(children: Sequence[Child]) -> None:
    """Ask all to finish what they have in hand; whoever has not after PATIENCE is killed."""
    for child in children:
        if child.process.poll() is None:
            child.process.terminate()
    deadline = time.monotonic() + PATIENCE
    for child in children:
        try:
            child.process.wait(timeout=max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            print(f"The {child.name} did not stop within {PATIENCE:.0f} seconds and was killed.", flush=True)
        kill_group(child)


def kill_group(child: Child) -> None:
    """Kill what is left of a child and of the processes it started."""
    try:
        os.killpg(child.process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # the usual case: the whole group has ended
    finally:
        child.process.wait()
