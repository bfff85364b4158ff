"""Real worker processes, killed in the middle of a batch, finish every document exactly once."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.worker_office import Office, opened

KILLS = 2

pytestmark = pytest.mark.processes


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened(tmp_path, "tests.documents", "documents_document") as office:
        yield office


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
