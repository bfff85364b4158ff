"""Asking for documents, calling them off, trying again."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from kombu.exceptions import OperationalError

from election_admin.documents import actions, tasks
from election_admin.documents.models import Batch, Document
from election_admin.documents.registry import UnknownKind
from election_admin.journal.models import Entry
from election_admin.journal.record import verify
from tests.documents.conftest import AT
from tests.documents.specimen import CODE


def ask(cast, **changed):
    asked = {"kind": CODE, "subject": cast.village, "language": "zh-hans", "actor": cast.official, "at": AT}
    return actions.request_document(**asked | changed)


def test_request_document(cast, sent, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        document = ask(cast)
        assert sent == []

    assert sent == [document.pk]
    document.refresh_from_db()
    assert document.state == Document.State.QUEUED
    assert document.sent_at == AT
    assert document.title == "石桥村样张"
    assert document.place == cast.village
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor, entry.place) == (
        "documents.request_document",
        cast.official,
        cast.village,
    )
    assert list(verify()) == []


@pytest.mark.parametrize("who", ["outsider", "committee", "department"])
def test_request_document_without_permission(cast, sent, who) -> None:
    with pytest.raises(PermissionDenied):
        ask(cast, actor=getattr(cast, who))

    assert not Document.objects.exists()
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("changed", "error"), [({"language": "fr"}, ValidationError), ({"kind": "nothing"}, UnknownKind)]
)
def test_request_document_refused(cast, changed, error) -> None:
    with pytest.raises(error):
        ask(cast, **changed)

    assert not Document.objects.exists()


@pytest.mark.parametrize("error", [OperationalError("away"), ConnectionRefusedError("away")])
def test_broker_away_leaves_the_document_queued_for_the_sweep(
    cast, sent, monkeypatch, error, django_capture_on_commit_callbacks
) -> None:
    def away(*args, **options):
        raise error

    with monkeypatch.context() as patched:
        patched.setattr("election_admin.waking.app.send_task", away)
        with django_capture_on_commit_callbacks(execute=True):
            document = ask(cast)
    document.refresh_from_db()
    assert (document.state, document.sent_at, sent) == ("queued", None, [])

    tasks.sweep()
    assert sent == [document.pk]
    tasks.sweep()
    assert sent == [document.pk], "sent twice within a minute"


def test_request_batch(cast, sent, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        batch = actions.request_batch(
            kind=CODE,
            subjects=[cast.village, cast.second],
            language="en",
            title="全镇样张",
            actor=cast.official,
            at=AT,
        )

    assert batch.place == cast.township
    assert {document.language for document in batch.documents.all()} == {"en"}
    assert sorted(sent) == sorted(batch.documents.values_list("pk", flat=True))


def test_request_batch_is_all_or_nothing(cast) -> None:
    with pytest.raises(PermissionDenied):
        actions.request_batch(
            kind=CODE,
            subjects=[cast.village, cast.county],
            language="en",
            title="全县样张",
            actor=cast.official,
            at=AT,
        )

    assert not Batch.objects.exists()
    assert not Document.objects.exists()


def test_request_batch_of_nothing(cast) -> None:
    with pytest.raises(ValidationError, match="没有选定"):
        actions.request_batch(kind=CODE, subjects=[], language="en", title="空", actor=cast.official, at=AT)


ACTIONS = {"cancel": actions.cancel_document, "retry": actions.retry_document}


@pytest.mark.parametrize(
    ("action", "state", "result"),
    [
        ("cancel", "queued", "cancelled"),
        ("cancel", "running", "cancelled"),
        ("cancel", "ready", None),
        ("cancel", "failed", None),
        ("cancel", "cancelled", None),
        ("retry", "queued", None),
        ("retry", "running", None),
        ("retry", "ready", None),
        ("retry", "failed", "queued"),
        ("retry", "cancelled", "queued"),
    ],
)
def test_cancel_and_retry(cast, make_document, action, state, result) -> None:
    document = make_document(state=state)
    if result is None:
        with pytest.raises(ValidationError):
            ACTIONS[action](document=document, actor=cast.official, at=AT)
        assert not Entry.objects.exists()
    else:
        ACTIONS[action](document=document, actor=cast.official, at=AT)
        entry = Entry.objects.get()
        assert entry.verb == f"documents.{action}_document"
        assert (entry.before["state"], entry.after["state"]) == (state, result)
    document.refresh_from_db()
    assert document.state == (result or state)


@pytest.mark.parametrize("action", sorted(ACTIONS))
@pytest.mark.parametrize("who", ["outsider", "committee"])
def test_cancel_and_retry_without_permission(cast, make_document, action, who) -> None:
    document = make_document()

    with pytest.raises(PermissionDenied):
        ACTIONS[action](document=document, actor=getattr(cast, who), at=AT)


def test_retry_gives_back_all_attempts(cast, make_document, sent, django_capture_on_commit_callbacks) -> None:
    document = make_document(state="failed", attempts=3, sent_at=AT)

    with django_capture_on_commit_callbacks(execute=True):
        actions.retry_document(document=document, actor=cast.official, at=AT)

    document.refresh_from_db()
    assert (document.attempts, document.failure) == (0, "")
    assert sent == [document.pk]
