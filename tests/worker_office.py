"""Real worker processes of an office of their own, to be killed and started again."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from kombu import Connection

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 90.0


class Office:
    """An office in a folder of its own and the worker that serves it.

    ``package`` has the worker's settings, and a module ``office`` that answers verbs; ``table``
    holds the rows of work.
    """

    def __init__(self, folder: Path, database: str, package: str, table: str) -> None:
        self.folder, self.package, self.table = folder, package, table
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": f"{package}.worker_settings",
            "DATA_DIR": str(folder),
            "TEST_QUEUE": f"test-{uuid.uuid4().hex}",
        }
        if database:
            self.environment["DATABASE_URL"] = database

    def do(self, verb: str, *arguments: object) -> Any:
        command = [sys.executable, "-m", f"{self.package}.office", verb, *map(str, arguments)]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        )
        return json.loads(done.stdout)

    @contextmanager
    def worker(self) -> Iterator["subprocess.Popen[bytes]"]:
        """A worker of two processes with its clock, in a process group of its own."""
        command = [sys.executable, "-m", "celery", "-A", "election_admin", "worker"]
        command += ["--beat", "--concurrency=2", "--without-mingle", "--without-gossip"]
        with (self.folder / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        try:
            yield process
        finally:
            kill(process)

    def states(self) -> Counter[str]:
        """How many rows are in each state, asked of the database itself: it is quicker."""
        question = f"SELECT state FROM {self.table}"  # noqa: S608 - a name of ours
        if address := self.environment.get("DATABASE_URL"):
            with psycopg.connect(address) as server:
                return Counter(state for (state,) in server.execute(question))
        with closing(sqlite3.connect(self.folder / "office.sqlite3", timeout=20)) as file:
            return Counter(state for (state,) in file.execute(question))

    def wait(self, enough: Callable[[Counter[str]], bool], process: "subprocess.Popen[bytes]") -> None:
        end = time.monotonic() + PATIENCE
        while not enough(states := self.states()):
            log = (self.folder / "worker.log").read_text()
            assert process.poll() is None, log
            assert time.monotonic() < end, f"{states}\n{log}"
            time.sleep(0.02)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """Kill a worker and its children at once: nobody has time to clear up."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def own_database() -> Iterator[str]:
    """The address of a database of the test's own; none for an embedded office."""
    address = os.environ.get("DATABASE_URL", "")
    if not address.startswith("postgres"):
        yield ""
        return
    name = f"test_kill_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        yield f"{address.rpartition('/')[0]}/{name}"
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def opened(folder: Path, package: str, table: str) -> Iterator[Office]:
    """An office whose queue is cleared away afterwards."""
    with own_database() as database:
        office = Office(folder, database, package, table)
        office.do("open")
        yield office
        if address := office.environment.get("REDIS_URL"):
            with Connection(address) as broker:
                queue = office.environment["TEST_QUEUE"]
                bindings = (f"_kombu.binding.{queue}", f"_kombu.binding_permanent.{queue}")
                broker.default_channel.client.delete(queue, *bindings)
