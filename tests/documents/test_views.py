"""The pages of documents: who may open them, what they say, and that they need no scripts."""

import pytest
from django.urls import reverse

from election_admin.documents import tasks
from election_admin.documents.models import Document
from tests.documents.conftest import AT
from tests.documents.specimen import CODE

pytestmark = pytest.mark.django_db

ROW_VIEWS = {
    "document": "get",
    "document_status": "get",
    "open_document": "get",
    "cancel_document": "post",
    "retry_document": "post",
}


def address(name: str, document: Document) -> str:
    return reverse(f"documents:{name}", args=[document.pk])


def request_address(subject, kind: str = CODE) -> str:
    return reverse("documents:request_document", args=[kind, subject])


@pytest.fixture
def official(client, cast):
    client.force_login(cast.official)
    return client


# --- asking -----------------------------------------------------------------
@pytest.mark.parametrize(
    ("posted", "language"),
    [({}, "zh-hans"), ({"language": "zh-hans"}, "zh-hans"), ({"language": "en"}, "en")],
)
def test_request_document(official, cast, sent, posted, language, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = official.post(request_address(cast.village.pk), posted)

    document = Document.objects.get()
    assert response.url == address("document", document)
    assert (document.language, document.requested_by) == (language, cast.official)
    assert sent == [document.pk]


def test_request_document_twice(official, cast) -> None:
    """A second click while the first is being made leads to the same document; later it makes anew."""
    first = official.post(request_address(cast.village.pk)).url
    assert official.post(request_address(cast.village.pk)).url == first
    assert official.post(request_address(cast.village.pk), {"language": "en"}).url != first
    Document.objects.update(state=Document.State.CANCELLED)
    assert official.post(request_address(cast.village.pk)).url != first


def test_request_document_in_no_language(official, cast) -> None:
    response = official.post(request_address(cast.village.pk), {"language": "fr\x00"}, follow=True)

    assert "请重新选择语言" in response.content.decode()
    assert not Document.objects.exists()


@pytest.mark.parametrize("subject", ["999999", "word", "9" * 40])
def test_request_document_about_nothing(official, subject) -> None:
    assert official.post(request_address(subject)).status_code == 404


def test_request_document_of_no_kind(official, cast) -> None:
    assert official.post(request_address(cast.village.pk, "nothing")).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("reviewer", 302), ("outsider", 404), ("committee", 403)])
def test_request_document_by_others(client, cast, who, status) -> None:
    client.force_login(getattr(cast, who))

    assert client.post(request_address(cast.village.pk)).status_code == status
    assert Document.objects.exists() is (status == 302)


def test_request_document_wants_post(official, cast) -> None:
    assert official.get(request_address(cast.village.pk)).status_code == 405


# --- who --------------------------------------------------------------------
@pytest.mark.parametrize("name", sorted(ROW_VIEWS))
def test_anonymous_is_sent_to_log_in(client, make_document, name) -> None:
    response = getattr(client, ROW_VIEWS[name])(address(name, make_document()))

    assert response.status_code == 302
    assert reverse("accounts:log_in") in response.url


@pytest.mark.parametrize("name", sorted(ROW_VIEWS))
@pytest.mark.parametrize("who", ["outsider", "committee", "department"])
def test_not_yours_is_not_found(client, cast, make_document, name, who) -> None:
    client.force_login(getattr(cast, who))

    assert getattr(client, ROW_VIEWS[name])(address(name, make_document(state="ready"))).status_code == 404


@pytest.mark.parametrize("name", sorted(ROW_VIEWS))
def test_no_such_document(official, name) -> None:
    url = reverse(f"documents:{name}", args=[9**25])

    assert getattr(official, ROW_VIEWS[name])(url).status_code == 404


@pytest.mark.parametrize("name", sorted(ROW_VIEWS))
def test_wrong_verb(official, make_document, name) -> None:
    verb = {"get": "post", "post": "get"}[ROW_VIEWS[name]]

    assert getattr(official, verb)(address(name, make_document())).status_code == 405


def test_kind_nobody_registers_any_more_is_not_found(official, make_document) -> None:
    assert official.get(address("document", make_document(kind="gone"))).status_code == 404


# --- watching ---------------------------------------------------------------
@pytest.mark.parametrize("state", Document.State.values)
def test_document(official, make_document, state) -> None:
    document = make_document(state=state)

    page = official.get(address("document", document)).content.decode()

    assert page.count("<h1>") == 1
    assert document.get_state_display() in page
    unfinished = state in {"queued", "running"}
    assert ('hx-trigger="every 1s"' in page) is unfinished
    assert ('<noscript><meta http-equiv="refresh" content="3"></noscript>' in page) is unfinished
    assert ("<progress" in page) is unfinished
    assert (address("cancel_document", document) in page) is unfinished
    assert (address("open_document", document) in page) is (state == "ready")
    assert (address("retry_document", document) in page) is (state in {"failed", "cancelled"})
    assert ("生成时出现意外错误（ValueError）" in page) is (state == "failed")


def test_document_says_that_it_is_tried_again(official, make_document) -> None:
    assert "第2次尝试" in official.get(address("document", make_document(attempts=2))).content.decode()


def test_document_status_only_when_something_changed(official, make_document) -> None:
    document = make_document(state="running", progress=20, stage="laying_out")
    url = address("document_status", document)

    assert official.get(url, {"seen": "running-20"}).status_code == 204
    part = official.get(url, {"seen": "queued-0"}).content.decode()
    assert 'value="20"' in part
    assert "排版" in part
    assert "<html" not in part
    assert "seen=running-20" in part


def test_document_list(official, make_document, cast, django_assert_max_num_queries) -> None:
    for number in range(30):
        make_document(title=f"样张{number}")
    make_document(kind="gone", title="不可见")

    official.get(reverse("documents:document_list"))
    with django_assert_max_num_queries(7):
        page = official.get(reverse("documents:document_list")).content.decode()

    assert page.count("<h1>") == 1
    assert page.count("样张</td>") == 25
    assert "不可见" not in page
    assert "样张29" in page
    assert "样张4<" in official.get(reverse("documents:document_list"), {"page": "2"}).content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "word", "9" * 30, ""])
def test_document_list_of_no_such_page(official, page) -> None:
    assert official.get(reverse("documents:document_list"), {"page": page}).status_code == 200


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("official", True),
        ("reviewer", True),
        ("outsider", False),
        ("committee", False),
        ("department", False),
    ],
)
def test_document_list_shows_each_their_own(client, cast, make_document, who, seen) -> None:
    make_document()
    client.force_login(getattr(cast, who))

    page = client.get(reverse("documents:document_list")).content.decode()

    assert ("石桥村样张" in page) is seen
    assert ("还没有文件" in page) is not seen


# --- opening ----------------------------------------------------------------
def test_open_document(official, make_document) -> None:
    document = make_document()
    tasks.render(document.pk)

    response = official.get(address("open_document", document))

    content = b"".join(response.streaming_content)
    assert content.startswith(b"%PDF-")
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''%E7%9F%B3%E6%A1%A5")
    kept = official.get(address("open_document", document), {"download": "1"})
    assert kept["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    kept.close()


@pytest.mark.parametrize("state", Document.State.values)
def test_open_document_without_a_file(official, make_document, state) -> None:
    assert official.get(address("open_document", make_document(state=state))).status_code == 404


# --- calling off, trying again ----------------------------------------------
@pytest.mark.parametrize(
    ("name", "state", "result", "said"),
    [
        ("cancel_document", "queued", "cancelled", "已取消"),
        ("cancel_document", "ready", "ready", "不能再取消"),
        ("retry_document", "failed", "queued", "已重新排队"),
        ("retry_document", "running", "running", "不需要重试"),
    ],
)
def test_cancel_and_retry(official, make_document, name, state, result, said) -> None:
    document = make_document(state=state)

    response = official.post(address(name, document), follow=True)

    assert response.redirect_chain == [(address("document", document), 302)]
    assert said in response.content.decode()
    document.refresh_from_db()
    assert document.state == result


def test_time_of_the_request_is_local(official, make_document) -> None:
    page = official.get(address("document", make_document())).content.decode()

    assert "2026-11-20 09:30:00" in page
    assert AT.hour == 1
