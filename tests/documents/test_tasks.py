"""What a woken worker does with a row."""

import pytest
from billiard.exceptions import SoftTimeLimitExceeded

from election_admin.documents import actions, rendering, tasks
from election_admin.documents.models import Document
from tests.documents.conftest import AT


def test_render(make_document) -> None:
    document = make_document()

    tasks.render(document.pk)

    document.refresh_from_db()
    assert (document.state, document.progress, document.attempts) == ("ready", 100, 1)
    assert document.path.read_bytes().startswith(b"%PDF-1.7")


def test_a_second_message_makes_nothing_anew(make_document) -> None:
    document = make_document()
    tasks.render(document.pk)
    document.refresh_from_db()

    tasks.render(document.pk)

    again = Document.objects.get()
    assert (again.file, again.attempts) == (document.file, 1)


@pytest.mark.parametrize(
    ("fields", "failure"),
    [({"subject_id": "999999"}, "subject_gone"), ({"kind": "gone"}, "kind_gone")],
)
def test_render_what_is_gone(make_document, fields, failure) -> None:
    document = make_document(**fields)

    tasks.render(document.pk)

    document.refresh_from_db()
    assert (document.state, document.failure) == ("failed", failure)
    assert document.reason


@pytest.mark.parametrize(
    ("error", "failure", "detail"),
    [
        (RuntimeError("secret"), "unexpected", "RuntimeError"),
        (SoftTimeLimitExceeded(), "too_long", ""),
        (rendering.RenderingFailed("missing_glyph", "𪚥"), "missing_glyph", "𪚥"),
    ],
)
def test_render_that_fails(make_document, monkeypatch, error, failure, detail) -> None:
    def fails(*args):
        raise error

    monkeypatch.setattr(rendering, "render_pdf", fails)
    document = make_document()

    tasks.render(document.pk)

    document.refresh_from_db()
    assert (document.state, document.failure, document.failure_detail) == ("failed", failure, detail)


def test_cancelled_in_the_making_drops_the_result(cast, make_document, monkeypatch, files) -> None:
    document = make_document()

    def cancelled_meanwhile(html, on_laid_out):
        actions.cancel_document(document=document, actor=cast.official, at=AT)
        return b"%PDF-1.7"

    monkeypatch.setattr(rendering, "render_pdf", cancelled_meanwhile)

    tasks.render(document.pk)

    document.refresh_from_db()
    assert document.state == Document.State.CANCELLED
    assert [path for path in files.rglob("*") if path.is_file()] == []
