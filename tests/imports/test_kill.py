"""Real worker processes, killed while they read and while they write: each file is written once, or not."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.worker_office import PATIENCE, Office, opened

ROWS = 1_200
PAUSE = "0.25"

pytestmark = pytest.mark.processes


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office whose worker takes a while for each hundred rows, read or written."""
    with opened(tmp_path, "tests.imports", "imports_importjob") as office:
        office.environment |= {
            "PAUSE_READING": PAUSE,
            "PAUSE_WRITING": PAUSE,
            "PAUSES_NOTED": str(tmp_path),
        }
        yield office


def hurry(office: Office) -> None:
    """From now on its worker takes no longer than it must."""
    office.environment |= {"PAUSE_READING": "", "PAUSE_WRITING": ""}


def wait_until(office: Office, name: str, rows: int) -> None:
    """Wait until the worker has read, or written, so many rows of what it has in hand."""
    end, noted = time.monotonic() + PATIENCE, office.folder / name
    while not noted.exists() or int(noted.read_text() or "0") < rows:
        assert time.monotonic() < end, (office.folder / "worker.log").read_text()
        time.sleep(0.02)
    noted.unlink()


def read(office: Office) -> None:
    """Send a file in and have it read, quickly."""
    pauses = {name: office.environment[name] for name in ("PAUSE_READING", "PAUSE_WRITING")}
    hurry(office)
    office.do("request", ROWS)
    with office.worker() as process:
        office.wait(lambda states: states["read"] == 1, process)
    office.environment |= pauses


def test_killed_while_it_reads(office: Office) -> None:
    office.do("request", ROWS)
    for _ in range(2):
        with office.worker():
            wait_until(office, "PAUSE_READING", 700)
    assert 0 < office.do("report")["rows"] < ROWS, "it was over before it was interrupted"

    hurry(office)
    with office.worker() as process:
        office.wait(lambda states: states["read"] == 1, process)
    after = office.do("report")

    assert after["counts"] == [ROWS, ROWS, 0]
    assert after["rows"] == ROWS
    assert after["staff"] == 0


def test_killed_while_it_writes(office: Office) -> None:
    read(office)
    office.do("confirm")
    for _ in range(2):
        with office.worker() as process:
            wait_until(office, "PAUSE_WRITING", 700)
            assert process.poll() is None
        between = office.do("report")
        assert (between["state"], between["staff"], between["written"]) == ("writing", 0, 0)
        assert between["said"] > 40

    hurry(office)
    with office.worker() as process:
        office.wait(lambda states: states["done"] == 1, process)
    after = office.do("report")

    assert (after["staff"], after["written"], after["finished"]) == (ROWS, 1, 1)
    assert after["attempts"] == 3
    assert (after["breaks"], after["files"]) == ([], 0)


def test_killed_too_often_fails_visibly(office: Office) -> None:
    read(office)
    office.do("confirm")
    for _ in range(3):
        with office.worker():
            wait_until(office, "PAUSE_WRITING", 100)

    with office.worker() as process:
        office.wait(lambda states: states["failed"] == 1, process)
    after = office.do("report")

    assert after["reason"].startswith("后台程序中断了3次，没有完成，什么都没有写入。")
    assert (after["staff"], after["written"]) == (0, 0)
    assert after["verbs"][-1] == "imports.fail_import"


def test_cancelled_while_it_writes(office: Office) -> None:
    """The web server that passes the wish on waits for nothing, though the database is taken."""
    read(office)
    office.do("confirm")
    with office.worker() as process:
        wait_until(office, "PAUSE_WRITING", 300)
        started = time.monotonic()
        office.do("cancel")
        office.wait(lambda states: states["cancelled"] == 1, process)
        assert time.monotonic() - started < ROWS / 100 * float(PAUSE) + 15
    after = office.do("report")

    assert (after["staff"], after["written"], after["files"]) == (0, 0, 0)
    assert after["verbs"][-1] == "imports.cancel_import"


def test_messages_lost_with_the_broker(office: Office) -> None:
    """What nobody has heard of is read, and later written, all the same."""
    hurry(office)
    office.do("request", 10)
    lose_messages(office)
    with office.worker() as process:
        office.wait(lambda states: states["read"] == 1, process)
    office.do("confirm")
    lose_messages(office)
    with office.worker() as process:
        office.wait(lambda states: states["done"] == 1, process)

    assert office.do("report")["staff"] == 10


def lose_messages(office: Office) -> None:
    for message in (office.folder / "queue").glob("messages/*.msg"):
        message.unlink()
