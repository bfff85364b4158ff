"""The pages of imports: who sees them, what they show, what they let one do."""

from collections.abc import Callable
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from election_admin.accounts.models import User
from election_admin.imports import notes
from election_admin.imports.models import ImportJob
from tests.cast import NOW, make_place
from tests.imports.conftest import worked
from tests.imports.excel import people, person, upload, workbook
from tests.imports.staff import COLUMNS, TITLES

Ask = Callable[..., ImportJob]
BACKEND = "django.contrib.auth.backends.ModelBackend"
GET = ("import_job", "import_status", "faults")
POST = ("confirm_import", "cancel_import", "retry_import")


@pytest.fixture
def page(client: Client, cast: SimpleNamespace) -> Client:
    client.force_login(cast.official, backend=BACKEND)
    return client


def address(name: str, job: ImportJob | None = None, **arguments: Any) -> str:
    return reverse(f"imports:{name}", kwargs={"pk": job.pk} if job else arguments)


def form(code: str = "990101101", kind: str = "staff", name: str = "request_import") -> str:
    return address(name, kind=kind, code=code)


def sheets(response: Any) -> dict[str, list[list[Any]]]:
    return sheets_of(response.getvalue())


def sheets_of(content: bytes) -> dict[str, list[list[Any]]]:
    with CalamineWorkbook.from_filelike(BytesIO(content)) as book:
        return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


# --- sending a file in ----------------------------------------------------
def test_send_a_file_in(page: Client) -> None:
    assert "下载模板" in page.get(form()).content.decode()

    response = page.post(form(), {"file": upload(workbook(people(3)))})

    job = ImportJob.objects.get()
    assert response.status_code == 302
    assert response["Location"] == address("import_job", job)
    shown = page.get(response["Location"]).content.decode()
    assert "等待读取" in shown
    assert '<noscript><meta http-equiv="refresh"' in shown
    assert "hx-get" in shown


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (None, "请选择填好的Excel文件。"),
        (b"", "是空文件"),
        (b"a,b", "不是Excel工作簿"),
        (workbook(people(1), TITLES[:3]), "缺少这些列"),
    ],
)
def test_a_refused_file_is_said_beside_the_form(page: Client, file: bytes | None, sentence: str) -> None:
    response = page.post(form(), {} if file is None else {"file": upload(file)})

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not ImportJob.objects.exists()


@pytest.mark.parametrize("who", ["outsider", "committee", "reviewer", "department", "administrator"])
@pytest.mark.parametrize("name", ["request_import", "blank"])
def test_others_find_no_form(client: Client, cast: SimpleNamespace, who: str, name: str) -> None:
    client.force_login(getattr(cast, who), backend=BACKEND)

    assert client.get(form(name=name)).status_code == 404
    assert client.post(form(name=name), {"file": upload(b"")}).status_code in {404, 405}


@pytest.mark.parametrize(
    ("kind", "code"),
    [("nothing", "990101101"), ("staff", "990101999"), ("staff", "x"), ("staff", "990101102")],
)
def test_no_such_form(page: Client, kind: str, code: str) -> None:
    assert page.get(form(code, kind)).status_code == 404
    assert page.get(form(code, kind, "blank")).status_code == 404


def test_a_closed_place_says_why(page: Client, cast: SimpleNamespace) -> None:
    cast.township.name = "青云镇（已撤并）"
    cast.township.save()

    response = page.get(form(), follow=True)

    assert response.redirect_chain[0][0] == "/"
    assert "这个乡镇已撤并，不能再导入人员。" in response.content.decode()


def test_the_blank_file(page: Client) -> None:
    """What is downloaded can be filled in and sent back as it is."""
    content = page.get(form(name="blank")).getvalue()
    found = sheets_of(content)

    assert list(found) == ["导入人员", "填写说明"]
    assert found["导入人员"] == [TITLES]
    explained = {row[0]: row for row in found["填写说明"][1 : len(COLUMNS) + 1]}
    assert list(explained) == TITLES
    assert explained["工号"][1:] == ["必填", "文字，最多32个字。", "", "zhang-3"]
    assert explained["是否在岗"][3] == "是、否"
    assert explained["姓名"][2] == "文字，最多40个字。\n和身份证一致"
    sent_back = page.post(form(), {"file": upload(content)})
    assert "只有表头，没有内容" in sent_back.content.decode()


# --- the preview ----------------------------------------------------------
def test_the_preview(page: Client, cast: SimpleNamespace, read: Ask) -> None:
    User.objects.create(login="staff-1", name="张四")
    job = read(workbook(people(3)))

    shown = page.get(address("import_job", job)).content.decode()

    assert "确认后写入：新增2行，变更1行" in shown
    assert "330…11" in shown
    assert "330604198012200011" not in shown
    assert f'<input type="hidden" name="reading" value="{job.reading}">' in shown
    changed = page.get(address("import_job", job) + "?change=changed").content.decode()
    assert ("staff-1" in changed, "staff-2" in changed) == (True, False)


def test_wrong_rows_have_their_faults_beside_the_column(page: Client, read: Ask) -> None:
    job = read(
        workbook([person(1), person(2, hired="2030-01-01", login="staff-2"), person(3, active="也许")])
    )

    response = page.get(address("import_job", job) + "?change=wrong")

    shown = response.content.decode()
    assert "有2行有误。改正以前一行都不会写入" in shown
    assert "确认写入" not in shown
    assert "staff-1<" not in shown
    [future, unclear] = response.context["shown_rows"]
    assert [cell.faults for cell in future.cells if cell.title == "入职日期"] == [["入职日期还没有到。"]]
    assert [cell.text for cell in unclear.cells] == ["staff-3", "", "", "", "", "", "也许"]


@pytest.mark.parametrize("query", ["?page=99", "?page=x", "?change=nothing", "?change=same&page=-1"])
def test_a_mangled_address_shows_what_there_is(page: Client, read: Ask, query: str) -> None:
    assert page.get(address("import_job", read()) + query).status_code == 200


def test_queries_do_not_grow_with_the_rows(page: Client, read: Ask) -> None:
    counts = []
    for number in (2, 200):
        job = read(workbook(people(number)))
        with CaptureQueriesContext(connection) as captured:
            page.get(address("import_job", job))
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_the_list_of_faults(page: Client, read: Ask) -> None:
    job = read(
        workbook([person(1, active="也许", hired="明天"), person(2, login="=1+1", hired="2030-01-01")])
    )

    response = page.get(address("faults", job))

    [rows] = sheets(response).values()
    assert rows == [
        ["行", "列", "原因"],
        [2.0, "入职日期", "这里应填日期，如2026-12-01、2026/12/1或者2026年12月1日。"],
        [2.0, "是否在岗", "没有这个选项。可以填：是、否。"],
        [3.0, "入职日期", "入职日期还没有到。"],
    ]


def test_a_file_without_faults_has_no_list_of_them(page: Client, read: Ask) -> None:
    assert page.get(address("faults", read())).status_code == 404


def test_columns_of_a_kind_that_is_gone(page: Client, read: Ask) -> None:
    """Not found, as everything nobody may see: without its kind nobody knows who may see it."""
    job = read()
    ImportJob.objects.update(kind="gone")

    assert page.get(address("import_job", job)).status_code == 404


# --- acting ---------------------------------------------------------------
def test_confirm(page: Client, cast: SimpleNamespace, read: Ask) -> None:
    job = read()

    response = page.post(address("confirm_import", job), {"reading": job.reading}, follow=True)

    assert "等待写入" in response.content.decode()
    assert worked(job).state == "done"
    shown = page.get(address("import_job", job)).content.decode()
    assert "已全部写入：新增3行，变更0行" in shown


@pytest.mark.parametrize("posted", [{}, {"reading": "x"}, {"reading": "0"}, {"reading": "9" * 40}])
def test_confirming_another_preview(page: Client, read: Ask, posted: dict[str, str]) -> None:
    job = read()

    response = page.post(address("confirm_import", job), posted, follow=True)

    assert "预览已经更新，请核对新的预览后再确认。" in response.content.decode()
    assert worked(job).state == "read"


def test_cancel(page: Client, read: Ask) -> None:
    response = page.post(address("cancel_import", read()), follow=True)

    assert "已取消，什么都没有写入。" in response.content.decode()
    again = page.post(address("cancel_import", ImportJob.objects.get()), follow=True)
    assert "不能再取消" in again.content.decode()


def test_cancel_while_it_is_written(page: Client, cast: SimpleNamespace, confirmed: Ask) -> None:
    job = confirmed()
    writing = {"state": "writing", "leased_by": "elsewhere/1/1/abc", "lease_until": NOW}
    ImportJob.objects.filter(pk=job.pk).update(**writing)
    notes.note_progress(job.pk, 42)
    shown = page.get(address("import_job", job)).content.decode()
    assert ('value="42"' in shown, "取消导入" in shown) == (True, True)

    with CaptureQueriesContext(connection) as captured:
        response = page.post(address("cancel_import", job))

    assert not [one["sql"] for one in captured if not one["sql"].startswith("SELECT")], "it would wait"
    shown = page.get(response["Location"]).content.decode()
    assert ("正在停止，已写入的全部撤回" in shown, "取消导入" in shown) == (True, False)
    assert notes.who_wants_to_stop(job.pk) == cast.official.pk


def test_retry(page: Client, ask: Ask) -> None:
    job = ask()
    failed = {"state": "failed", "failure": "worker_died", "failure_detail": "3", "finished_at": NOW}
    ImportJob.objects.filter(pk=job.pk).update(**failed)
    shown = page.get(address("import_job", job)).content.decode()
    assert "后台程序中断了3次" in shown

    page.post(address("retry_import", job))

    assert worked(job).state == "read"
    assert "不能重试" in page.post(address("retry_import", job), follow=True).content.decode()


def test_status_says_nothing_twice_and_reloads_at_the_end(page: Client, ask: Ask) -> None:
    job = ask()
    first = page.get(address("import_status", job))
    assert b"hx-get" in first.content
    assert b"<html" not in first.content

    seen = first.context["seen"]
    assert page.get(address("import_status", job), {"seen": seen}).status_code == 204
    worked(job)
    assert page.get(address("import_status", job), {"seen": seen})["HX-Refresh"] == "true"


# --- who may --------------------------------------------------------------
@pytest.mark.parametrize("who", ["outsider", "committee", "reviewer", "department", "administrator"])
def test_others_find_no_import(client: Client, cast: SimpleNamespace, read: Ask, who: str) -> None:
    job = read(workbook([person(1, active="也许")]))
    client.force_login(getattr(cast, who), backend=BACKEND)

    assert {client.get(address(name, job)).status_code for name in GET} == {404}
    assert {client.post(address(name, job), {"reading": 1}).status_code for name in POST} == {404}
    assert address("import_job", job) not in client.get(address("import_list")).content.decode()


def test_strangers_are_asked_to_log_in(client: Client, cast: SimpleNamespace, read: Ask) -> None:
    job = read()
    for name in (*GET, *POST):
        assert client.get(address(name, job)).status_code == 302


def test_wrong_verbs(page: Client, read: Ask) -> None:
    job = read()
    assert {page.post(address(name, job)).status_code for name in GET} == {405}
    assert {page.get(address(name, job)).status_code for name in POST} == {405}
    assert page.put(form()).status_code == 405


def test_no_such_import(page: Client) -> None:
    for name in GET:
        assert page.get(f"/imports/4711/{'' if name == 'import_job' else name + '/'}").status_code == 404


def test_nothing_is_kept_by_browsers(page: Client, read: Ask) -> None:
    job = read(workbook([person(1, active="也许")]))
    for name in ("import_job", "faults"):
        assert "no-store" in page.get(address(name, job))["Cache-Control"]


# --- the list -------------------------------------------------------------
def test_the_list(page: Client, cast: SimpleNamespace, read: Ask, ask: Ask) -> None:
    read()
    ask(workbook(people(5)), place=cast.village)

    response = page.get(address("import_list"))

    assert [row.state for row in response.context["table"].page.object_list.data] == ["queued", "read"]
    filtered = page.get(address("import_list"), {"state": "read", "kind": "staff"}).content.decode()
    assert ("青云镇" in filtered, "石桥村" in filtered) == (True, False)
    assert "没有这个选项" in page.get(address("import_list"), {"state": "x"}).content.decode()


def test_the_list_in_excel(page: Client, read: Ask) -> None:
    read()

    [rows] = sheets(page.get(address("import_list"), {"export": "xlsx"})).values()

    assert rows[0][:4] == ["种类", "地区", "状态", "行数"]
    assert rows[1][:4] == ["导入人员", "青云镇", "待确认", 3.0]


def test_queries_do_not_grow_with_the_list(page: Client, cast: SimpleNamespace, ask: Ask) -> None:
    counts = []
    for number in range(4):
        place = make_place(f"99010110190{number}", f"村{number}", cast.township)
        ask(place=place)
        with CaptureQueriesContext(connection) as captured:
            page.get(address("import_list"))
        counts.append(len(captured))

    assert counts[0] == counts[-1]


def test_an_empty_list_says_where_to_begin(page: Client) -> None:
    assert "先下载模板" in page.get(address("import_list")).content.decode()
