"""Who may take a document, for how long, and what becomes of work nobody waits for any more."""

from datetime import timedelta

import pytest

from election_admin import workers
from election_admin.documents import queue
from election_admin.documents.models import ATTEMPTS, Document
from election_admin.journal.models import Entry
from election_admin.leases import LostLease
from tests.documents.conftest import AT

SECOND = timedelta(seconds=1)
PDF = b"%PDF-1.7 not really"


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        ({}, True),
        ({"attempts": ATTEMPTS - 1}, True),
        ({"attempts": ATTEMPTS}, False),
        ({"state": "running", "lease_until": AT - SECOND}, True),
        ({"state": "running", "lease_until": AT}, False),
        ({"state": "running", "lease_until": AT + SECOND}, False),
        ({"state": "running", "lease_until": AT - SECOND, "attempts": ATTEMPTS}, False),
        ({"state": "ready"}, False),
        ({"state": "failed"}, False),
        ({"state": "cancelled"}, False),
    ],
)
def test_claim(make_document, fields, taken) -> None:
    document = make_document(**fields)
    before = document.attempts

    claimed = queue.claim(document.pk, "here/1/1/one", AT)

    assert (claimed is not None) is taken
    document.refresh_from_db()
    if taken:
        assert document.state == Document.State.RUNNING
        assert document.attempts == before + 1
        assert document.lease_until == AT + queue.LEASE
    else:
        assert document.attempts == before


def test_claim_of_no_document(db) -> None:
    assert queue.claim(4711, "here/1/1/one", AT) is None


def test_only_one_of_two_claimers_gets_it(make_document) -> None:
    pk = make_document().pk

    assert queue.claim(pk, "here/1/1/one", AT)
    assert queue.claim(pk, "here/2/1/two", AT) is None


def test_progress_renews_the_lease(make_document) -> None:
    claimed = queue.claim(make_document().pk, "here/1/1/one", AT)

    queue.advance(claimed, Document.Stage.LAYING_OUT, 20, AT + 30 * SECOND)

    document = Document.objects.get()
    assert (document.stage, document.progress) == ("laying_out", 20)
    assert document.lease_until == AT + 30 * SECOND + queue.LEASE


def test_finish(make_document, files) -> None:
    claimed = queue.claim(make_document().pk, "here/1/1/one", AT)

    queue.finish(claimed, PDF, AT + SECOND)

    document = Document.objects.get()
    assert document.state == Document.State.READY
    assert document.path.read_bytes() == PDF
    assert document.size == len(PDF)
    assert document.took == SECOND
    assert [path for path in files.rglob("*") if path.is_file()] == [document.path]
    assert Entry.objects.get().verb == "documents.finish_document"
    assert Entry.objects.get().after == {"sha256": document.sha256}


def test_lost_lease_drops_the_result(make_document, files) -> None:
    pk = make_document().pk
    slow = queue.claim(pk, "here/1/1/slow", AT)
    later = AT + queue.LEASE + SECOND
    quick = queue.claim(pk, "here/2/1/quick", later)

    with pytest.raises(LostLease):
        queue.advance(slow, Document.Stage.WRITING, 80, later)
    queue.finish(quick, PDF, later)
    with pytest.raises(LostLease):
        queue.finish(slow, PDF, later)
    with pytest.raises(LostLease):
        queue.fail(slow, Document.Failure.TOO_LONG, "", later)

    document = Document.objects.get()
    assert document.state == Document.State.READY
    assert document.attempts == 2
    assert [path for path in files.rglob("*") if path.is_file()] == [document.path]
    assert Entry.objects.count() == 1


def test_finish_removes_what_a_killed_claim_left(make_document, files) -> None:
    pk = make_document().pk
    folder = files / "000000"
    folder.mkdir(parents=True)
    (folder / f".{pk}-dead.part").write_bytes(b"half")
    (folder / f"{pk}-0123-dead.pdf").write_bytes(PDF)
    (folder / f"{pk}1-0123-other.pdf").write_bytes(PDF)

    queue.finish(queue.claim(pk, "here/1/1/one", AT), PDF, AT)

    assert {path.name for path in folder.iterdir()} == {
        f"{pk}1-0123-other.pdf",
        Document.objects.get().path.name,
    }


def test_fail_tells_the_reason(make_document) -> None:
    claimed = queue.claim(make_document().pk, "here/1/1/one", AT)

    queue.fail(claimed, Document.Failure.MISSING_GLYPH, "𪚥 (U+2A6A5)", AT)

    document = Document.objects.get()
    assert document.state == Document.State.FAILED
    assert "𪚥 (U+2A6A5)" in document.reason
    assert Entry.objects.get().verb == "documents.fail_document"


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({"lease_until": AT - SECOND}, "queued"),
        ({"lease_until": AT + SECOND}, "running"),
        ({"lease_until": AT - SECOND, "attempts": ATTEMPTS}, "failed"),
        ({"lease_until": AT + SECOND, "leased_by": f"{workers.machine()}/999999999/1/gone"}, "queued"),
        ({"lease_until": AT + SECOND, "leased_by": workers.new_claim()}, "running"),
    ],
)
def test_requeue_lost(make_document, fields, state) -> None:
    make_document(state="running", sent_at=AT, **fields)

    queue.requeue_lost(AT)

    document = Document.objects.get()
    assert document.state == state
    if state == "queued":
        assert document.sent_at is None
    if state == "failed":
        assert document.failure == Document.Failure.WORKER_DIED
        assert "3" in document.reason


def test_unheard_are_those_not_sent_lately(make_document) -> None:
    never = make_document()
    long_ago = make_document(sent_at=AT - queue.SEND_AGAIN_AFTER - SECOND)
    make_document(sent_at=AT - SECOND)
    make_document(state="ready")

    assert queue.unheard(AT) == [never.pk, long_ago.pk]


@pytest.mark.parametrize("claim", ["elsewhere/1/1/abc", f"{workers.machine()}/1/x/y"])
def test_is_dead_only_where_one_can_tell(claim) -> None:
    assert workers.is_dead(claim) is (not claim.startswith("elsewhere"))
