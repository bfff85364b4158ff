"""Real worker processes, killed in the middle of a batch, finish every document exactly once."""

import hashlib
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
import pytest
from kombu import Connection

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 90.0
KILLS = 2

pytestmark = pytest.mark.processes


class Office:
    """An office in a folder of its own and the worker that serves it."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.documents.worker_settings",
            "DATA_DIR": str(folder),
            "TEST_QUEUE": f"test-{uuid.uuid4().hex}",
        }
        if database:
            self.environment["DATABASE_URL"] = database

    def do(self, verb: str) -> Any:
        command = [sys.executable, "-m", "tests.documents.office", verb]
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
        """How many documents are in each state, asked of the database itself: it is quicker."""
        question = "SELECT state FROM documents_document"
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


@pytest.fixture
def database() -> Iterator[str]:
    """The address of a database of this test's own; none for an embedded office."""
    address = os.environ.get("DATABASE_URL", "")
    if not address.startswith("postgres"):
        yield ""
        return
    name = f"test_kill_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        yield f"{address.rpartition('/')[0]}/{name}"
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def office(tmp_path: Path, database: str) -> Iterator[Office]:
    opened = Office(tmp_path, database)
    opened.do("open")
    yield opened
    if address := opened.environment.get("REDIS_URL"):
        with Connection(address) as broker:
            queue = opened.environment["TEST_QUEUE"]
            bindings = (f"_kombu.binding.{queue}", f"_kombu.binding_permanent.{queue}")
            broker.default_channel.client.delete(queue, *bindings)


def test_killed_worker_finishes_each_document_once(office: Office) -> None:
    office.do("request")
    for _ in range(KILLS):
        already = office.states()["ready"]
        with office.worker() as process:
            # Killed with one done and one in hand, so that each kill really interrupts something.
            office.wait(
                lambda states, already=already: states["ready"] > already and states["running"] > 0,  # type: ignore[misc]
                process,
            )
    assert KILLS <= office.states()["ready"] < 12, "the batch was over before it was interrupted"

    with office.worker() as process:
        office.wait(lambda states: states["ready"] + states["failed"] == 12, process)
    after = office.do("report")

    assert [row["state"] for row in after["documents"]] == ["ready"] * 12
    assert all(1 <= row["attempts"] <= 1 + KILLS for row in after["documents"])
    assert any(row["attempts"] > 1 for row in after["documents"]), "no document was in the making"
    assert after["files"] == sorted(row["file"] for row in after["documents"])
    for row in after["documents"]:
        content = (office.folder / "files" / "documents" / row["file"]).read_bytes()
        assert content.startswith(b"%PDF-")
        assert hashlib.sha256(content).hexdigest() == row["sha256"]


def test_worker_takes_work_at_once(office: Office) -> None:
    with office.worker() as process:
        office.do("request")
        office.wait(lambda states: states["ready"] == 12, process)
        assert all(row["attempts"] == 1 for row in office.do("report")["documents"])


def test_documents_asked_for_while_no_worker_ran_are_made(office: Office) -> None:
    office.do("request")
    for message in (office.folder / "queue").glob("messages/*.msg"):
        message.unlink()
    with office.worker() as process:
        office.wait(lambda states: states["ready"] == 12, process)
