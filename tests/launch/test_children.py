"""No child outlives its parent, and none is killed twice."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from election_admin.launch import children

ROOT = Path(__file__).resolve().parents[2]
SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF_CODE = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(60)
"""
DEAF = [sys.executable, "-c", DEAF_CODE]
# A parent that starts a child, says its number, and waits to be killed.
PARENT = """
import os, sys, time
from pathlib import Path
from election_admin.launch import children
command = [sys.executable, "-c", "import time; time.sleep(60)"]
child = children.start("sleeper", command, folder=Path("."), environment=os.environ)
print(child.process.pid, flush=True)
time.sleep(60)
"""


def start(command: list[str]) -> children.Child:
    return children.start("sleeper", command, folder=ROOT, environment=os.environ)


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.processes
def test_stop_ends_a_child_that_listens():
    child = start(SLEEP)
    assert children.first_dead([child]) is None
    children.stop([child])
    assert child.process.returncode == -signal.SIGTERM


@pytest.mark.processes
def test_stop_kills_a_child_that_does_not_listen(monkeypatch, capfd):
    monkeypatch.setattr(children, "PATIENCE", 0.2)
    child = start(DEAF)
    wait_until(lambda: "deaf" in capfd.readouterr().out)
    children.stop([child])
    assert child.process.returncode == -signal.SIGKILL
    assert "did not stop" in capfd.readouterr().out


@pytest.mark.processes
def test_first_dead_names_the_one_that_died():
    sleeper = start(SLEEP)
    dead = children.start(
        "worker", [sys.executable, "-c", "raise SystemExit(3)"], folder=ROOT, environment=os.environ
    )
    try:
        wait_until(lambda: children.first_dead([sleeper, dead]) is dead)
        assert dead.process.returncode == 3
    finally:
        children.stop([sleeper, dead])


@pytest.mark.processes
def test_a_child_is_in_a_process_group_of_its_own():
    child = start(SLEEP)
    try:
        assert os.getpgid(child.process.pid) == child.process.pid != os.getpgid(0)
    finally:
        children.stop([child])


@pytest.mark.processes
def test_no_child_is_left_when_the_parent_is_killed():
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        parent.kill()
    wait_until(lambda: not is_alive(pid))


def wait_until(condition) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "it did not happen within 10 seconds"
        time.sleep(0.02)


@pytest.mark.parametrize(("cores", "concurrency"), [(1, "1"), (2, "2"), (16, "2")])
def test_worker_command_takes_at_most_two_cores(cores, concurrency):
    command = children.worker_command(cores, "office@here")
    assert command[command.index("--concurrency") + 1] == concurrency
