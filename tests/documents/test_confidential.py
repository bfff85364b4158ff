"""A confidential document: sealed on the disk, opened for a reason that is journalled, closed again."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import rules
from cryptography.fernet import Fernet
from django.urls import reverse

from election_admin.accounts.access import holds
from election_admin.accounts.models import Role
from election_admin.documents import actions, registry, tasks
from election_admin.documents import files as stored_files
from election_admin.documents.models import Document
from election_admin.journal.models import Entry
from tests.documents.conftest import AT
from tests.documents.specimen import CODE

pytestmark = pytest.mark.django_db
SECRET = "secret_specimen"
LOOK = "tests.look_into_specimen"


@pytest.fixture(autouse=True)
def _kind(monkeypatch) -> Iterator[None]:
    """The specimen once more, confidential: the township and the county see it, the township opens it."""
    rules.add_perm(LOOK, holds(Role.TOWNSHIP))
    kind = replace(registry.kind(CODE), code=SECRET, confidential=True, look_permission=LOOK)
    monkeypatch.setitem(registry._kinds, SECRET, kind)
    yield
    rules.remove_perm(LOOK)


@pytest.fixture(autouse=True)
def at(monkeypatch) -> datetime:
    monkeypatch.setattr("django.utils.timezone.now", lambda: AT)
    return AT


@pytest.fixture
def ready(cast, make_document) -> Document:
    document = make_document(kind=SECRET)
    tasks.render(document.pk)
    document.refresh_from_db()
    assert document.state == "ready"
    return document


@pytest.fixture
def official(client, cast):
    client.force_login(cast.official)
    return client


def address(name: str, document: Document) -> str:
    return reverse(f"documents:{name}", args=[document.pk])


def text(response) -> str:
    return response.content.decode()


# --- on the disk ---------------------------------------------------------------
def test_nothing_of_it_lies_on_the_disk_in_clear(ready, files) -> None:
    """Whoever copies the disk has a file that nothing opens without the office's keys."""
    (path,) = [path for path in files.rglob("*") if path.is_file()]

    assert path == ready.path
    assert path.name.endswith(".pdf.sealed")
    for plain in (b"%PDF", b"endobj", b"stream", "样张".encode()):
        assert plain not in path.read_bytes()


def test_hash_and_size_are_those_of_the_pdf(ready, official) -> None:
    """What is printed and handed round is compared with what the office recorded."""
    official.post(address("look_into", ready), {"reason": "核对"})
    content = b"".join(official.get(address("open_document", ready)).streaming_content)

    assert len(content) == ready.size
    assert hashlib.sha256(content).hexdigest() == ready.sha256


def test_the_file_that_is_being_written_is_sealed_too(monkeypatch) -> None:
    """A power cut in the middle leaves an unfinished file, and nothing in it."""
    written: dict[Path, bytes] = {}
    monkeypatch.setattr(
        stored_files,
        "put_in_place",
        lambda unfinished, final: written.update({final: unfinished.read_bytes()}),
    )

    stored_files.store(7, "abc", b"%PDF-secret", sealed=True)

    ((_path, content),) = written.items()
    assert b"%PDF" not in content
    assert b"secret" not in content


def test_a_sealed_file_is_cleared_away_like_any_other(files) -> None:
    kept = stored_files.store(7, "one", b"1", sealed=True)
    stored_files.store(7, "two", b"2", sealed=True)

    stored_files.discard(7, keep=kept.name)

    assert [path.name for path in files.glob("*/*")] == [Path(kept.name).name]


# --- opening ---------------------------------------------------------------------
def test_the_page_says_that_it_is_sealed_and_asks_why(official, ready) -> None:
    page = text(official.get(address("document", ready)))

    assert "加密保存" in page
    assert address("look_into", ready) in page
    assert address("open_document", ready) not in page
    assert "加密保存" in text(official.get(reverse("documents:document_list")))


def test_a_copied_address_is_refused_without_a_look(official, ready) -> None:
    """An address sent to a colleague opens nothing: each says why they look."""
    response = official.get(address("open_document", ready))

    assert response.url == address("document", ready)
    assert "请先写明查看的事由" in text(official.get(response.url))
    assert not Entry.objects.filter(verb="documents.look_into").exists()


def test_look_into(official, cast, ready) -> None:
    response = official.post(address("look_into", ready), {"reason": "档案核对"})

    assert response.url == address("document", ready)
    page = text(official.get(response.url))
    assert address("open_document", ready) in page
    assert "09:40自动隐藏" in page
    opened = official.get(address("open_document", ready))
    assert b"".join(opened.streaming_content).startswith(b"%PDF-")
    assert opened["Cache-Control"] == "private, no-store"
    entry = Entry.objects.get(verb="documents.look_into")
    assert (entry.actor, entry.at, entry.reason) == (cast.official, AT, "档案核对")
    assert (entry.object_type, entry.object_id) == ("documents.document", str(ready.pk))
    assert entry.place == cast.village


def test_pages_of_it_are_never_cached(official, ready) -> None:
    for name in ("document", "document_status"):
        assert "no-store" in official.get(address(name, ready))["Cache-Control"]


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "请填写“事由”"),
        ("  ", "请填写“事由”"),
        ("😀", "表情符号"),
        ("长" * 501, "最多500个字，现有501个字"),
    ],
)
def test_it_wants_a_reason(official, ready, reason, sentence) -> None:
    response = official.post(address("look_into", ready), {"reason": reason})

    assert sentence in text(response)
    assert f'value="{reason}"' in text(response) or not reason.strip()
    assert official.get(address("open_document", ready)).status_code == 302
    assert not Entry.objects.filter(verb="documents.look_into").exists()


@pytest.mark.parametrize(
    ("later", "status"), [(timedelta(minutes=9, seconds=59), 200), (timedelta(minutes=10), 302)]
)
def test_it_closes_by_itself(official, ready, monkeypatch, later, status) -> None:
    official.post(address("look_into", ready), {"reason": "核对"})

    monkeypatch.setattr("django.utils.timezone.now", lambda: AT + later)

    assert official.get(address("open_document", ready)).status_code == status


def test_close_look(official, ready) -> None:
    official.post(address("look_into", ready), {"reason": "核对"})

    assert "已重新隐藏" in text(official.post(address("close_look", ready), follow=True))
    assert official.get(address("open_document", ready)).status_code == 302


def test_a_look_opens_one_document_only(official, ready, make_document) -> None:
    other = make_document(kind=SECRET)
    tasks.render(other.pk)
    official.post(address("look_into", ready), {"reason": "核对"})

    assert official.get(address("open_document", other)).status_code == 302


def test_a_look_is_not_somebody_elses(client, cast, ready) -> None:
    client.force_login(cast.official)
    client.post(address("look_into", ready), {"reason": "核对"})
    client.logout()
    client.force_login(cast.official)

    assert client.get(address("open_document", ready)).status_code == 302


# --- who -------------------------------------------------------------------------
def test_who_sees_it_but_may_not_open_it(client, cast, ready) -> None:
    """The county sees that the paper is there; opening it is not its business here."""
    client.force_login(cast.reviewer)
    page = text(client.get(address("document", ready)))

    assert "没有查看内容的权限" in page
    assert address("look_into", ready) not in page
    assert client.post(address("look_into", ready), {"reason": "看"}).status_code == 404
    assert client.get(address("open_document", ready)).status_code == 404


@pytest.mark.parametrize("who", ["outsider", "committee", "department"])
@pytest.mark.parametrize("name", ["look_into", "close_look"])
def test_not_yours_is_not_found(client, cast, ready, who, name) -> None:
    client.force_login(getattr(cast, who))

    assert client.post(address(name, ready), {"reason": "看"}).status_code == 404
    assert not Entry.objects.filter(verb="documents.look_into").exists()


@pytest.mark.parametrize("name", ["look_into", "close_look"])
def test_anonymous_wrong_verb_and_bad_id(client, cast, ready, name) -> None:
    assert reverse("accounts:log_in") in client.post(address(name, ready)).url
    client.force_login(cast.official)
    assert client.get(address(name, ready)).status_code == 405
    assert client.post(reverse(f"documents:{name}", args=[9**25])).status_code == 404


def test_an_ordinary_document_asks_no_reason(official, make_document) -> None:
    document = make_document()
    tasks.render(document.pk)

    assert official.post(address("look_into", document), {"reason": "看"}).status_code == 404
    assert official.get(address("open_document", document)).status_code == 200
    assert "加密保存" not in text(official.get(address("document", document)))


# --- what stays ------------------------------------------------------------------
def test_the_journal_holds_no_title_of_it(cast) -> None:
    """A title names a person: erased from the office one day, it must not live on in the journal."""
    actions.request_document(
        kind=SECRET, subject=cast.village, language="zh-hans", actor=cast.official, at=AT
    )

    entry = Entry.objects.get(verb="documents.request_document")
    assert entry.after["title"].startswith("#")
    assert "石桥村样张" not in str(entry.after)


def test_a_kind_that_is_confidential_no_more_leaves_what_was_sealed(official, ready, monkeypatch) -> None:
    monkeypatch.setitem(registry._kinds, SECRET, replace(registry.kind(SECRET), confidential=False))

    assert official.get(address("open_document", ready)).status_code == 302


def test_a_key_that_is_gone_is_said(official, ready, settings) -> None:
    """An office that lost its keys reads a sentence, not a page of errors."""
    official.post(address("look_into", ready), {"reason": "核对"})
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]

    response = official.get(address("open_document", ready), follow=True)

    assert "打开这份文件的密钥已不在" in text(response)
