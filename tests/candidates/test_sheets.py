"""Answers by Excel: what is given out, what comes back, and everything that may be wrong in between."""

from datetime import date, timedelta
from io import BytesIO

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from candidates import sheets
from candidates.actions import batches
from candidates.actions.replies import Said
from candidates.models import Candidacy, DepartmentReply, Finding, Flag, ReviewBatch, ReviewItem
from candidates.sheet_reading import read_answers
from candidates.sheets import cells_of, reference, referred, said_of
from election_admin.encryption import encrypt_bytes
from election_admin.imports.workbooks import Upload
from election_admin.journal.models import Entry
from election_admin.rulebooks.departments import load_departments
from tests.candidates.conftest import make_candidate, make_finding, make_id_number
from tests.candidates.review import answer_all, department_user, send, sign
from tests.candidates.test_enquiries import people
from tests.candidates.test_replies import PENALTY, RECORD, enquiry_of, say
from tests.cast import NOW, TODAY, County

pytestmark = pytest.mark.django_db
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def text(response) -> str:
    return response.content.decode()


def url(county: County, name: str = "sheet", department: str = "court") -> str:
    return reverse(f"candidates:{name}", args=[enquiry_of(county, department).pk])


def rows_of(content: bytes) -> list[list]:
    """The rows of the first sheet, the header first."""
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def download(client, county: County, department: str = "court", who: str = "all") -> list[list]:
    response = client.post(
        url(county, "open_sheet", department), {"reason": "在业务系统中批量查询", "who": who}
    )
    assert response.status_code == 200, text(response)
    return rows_of(b"".join(response.streaming_content))


def filled(rows: list[list], *changes: dict) -> bytes:
    """The file with cells changed, row after row, by the words of their headers."""
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for line, row in enumerate(rows):
            change = changes[line - 1] if 0 < line <= len(changes) else {}
            for place, (header, value) in enumerate(zip(rows[0], row, strict=True)):
                cell = change.get(header, value)
                if isinstance(cell, date):
                    sheet.write_datetime(line, place, cell, day)
                elif isinstance(cell, int | float):
                    sheet.write_number(line, place, cell)
                else:
                    sheet.write_string(line, place, str(cell))
    return file.getvalue()


def upload(client, county: County, content: bytes, department: str = "court"):
    file = SimpleUploadedFile("答复.xlsx", content, EXCEL)
    return client.post(url(county, "upload_sheet", department), {"file": file})


def confirm(client, county: County, response, **kwargs):
    packed = response.context["preview"]["packed"]
    return client.post(url(county, "take_sheet"), {"packed": packed}, **kwargs)


NO = {"答复": "无记录"}
YES = {
    "答复": "有记录",
    "情形": "受过刑罚",
    "核实程度": "已查实",
    "判决日期": date(2019, 3, 1),
    "刑满释放日期": date(2023, 3, 1),
    "文书编号": "（2019）浙0604刑初88号",
}


@pytest.fixture
def court(client, county):
    """The court's reviewer, logged in."""
    client.force_login(county.court)
    return client


@pytest.fixture
def three(county):
    """Three men in a batch."""
    rows = people(county, 3)
    send(county, *rows)
    return rows


# --- given out --------------------------------------------------------------------------
class TestDownload:
    def test_people_and_columns(self, court, county, three):
        rows = download(court, county)

        assert rows[0] == [
            "序号",
            "村",
            "姓名",
            "性别",
            "出生年份",
            "公民身份号码",
            "答复",
            "情形",
            "核实程度",
            "判决日期",
            "刑满释放日期",
            "缓刑期满日期",
            "文书编号",
            "说明",
        ]
        assert [row[5] for row in rows[1:]] == [one.person.id_number for one in three]
        assert [row[6] for row in rows[1:]] == ["", "", ""]

    def test_it_is_journalled_with_whom_and_why(self, court, county, three):
        download(court, county)

        entry = Entry.objects.get(verb="candidates.open_sheet")
        assert entry.reason == "在业务系统中批量查询"
        assert entry.after == {
            "department": "court",
            "people": 3,
            "candidacies": [one.pk for one in three],
        }

    @pytest.mark.parametrize("department", [each.code for each in load_departments()])
    def test_each_department_takes_away_what_it_is_told(self, client, county, candidacy, department):
        make_finding(county, candidacy)
        send(county, candidacy)
        client.force_login(department_user(county, department))
        sees = next(each.sees for each in load_departments() if each.code == department)

        header, row = download(client, county, department)

        words = {
            "name": "王大山",
            "village": "长塘镇 桃园村",
            "born_year": "1980",
            "sex": "男",
            "id_number": make_id_number(),
            "party_member": "是",
            "post": "主任",
        }
        assert [word for field, word in words.items() if word in row] == [
            word for field, word in words.items() if field in sees
        ]
        for never in ("民族", "文化程度", "资格", "产生方式"):
            assert never not in header
        for never in ("汉族", "高中", "（2019）浙0604刑初88号"):
            assert never not in row

    def test_a_department_of_no_situation_is_asked_for_no_facts(self, client, county, three):
        client.force_login(department_user(county, "petitions"))

        header = download(client, county, "petitions")[0]

        assert header == ["序号", "村", "姓名", "性别", "出生年份", "答复", "说明"]

    def test_a_second_sheet_explains_each_column(self, court, county, three):
        response = court.post(url(county, "open_sheet"), {"reason": "批量查询", "who": "all"})
        book = CalamineWorkbook.from_filelike(BytesIO(b"".join(response.streaming_content)))

        explained = book.get_sheet_by_name("填写说明").to_python()

        assert [row[0] for row in explained[1:15]] == book.get_sheet_by_index(0).to_python()[0]
        assert "无记录、有记录" in str(explained[7][3])
        assert "受过刑罚、不属于清单所列情形" in str(explained[8][3])

    def test_only_who_is_waiting(self, court, county, three):
        say(county, three[0])

        assert len(download(court, county, who="waiting")) == 3
        assert len(download(court, county)) == 4

    def test_nobody_waiting_is_said(self, court, county, three):
        for one in three:
            say(county, one)

        page = text(court.post(url(county, "open_sheet"), {"reason": "查询", "who": "waiting"}))

        assert "没有等待答复的人" in page
        assert not Entry.objects.filter(verb="candidates.open_sheet").exists()

    @pytest.mark.parametrize(
        ("posted", "sentence"),
        [
            ({"reason": "", "who": "all"}, "请填写“事由”"),
            ({"reason": "有😀", "who": "all"}, "表情符号"),
            ({"reason": "长" * 501, "who": "all"}, "最多500个字，现有501个字"),
            ({"reason": "查询"}, "请选择“人员”"),
            ({"reason": "查询", "who": "none"}, "“人员”没有这个选项"),
        ],
    )
    def test_it_wants_a_reason(self, court, county, three, posted, sentence):
        page = text(court.post(url(county, "open_sheet"), posted))

        assert sentence in page
        assert not posted["reason"] or posted["reason"] in page
        assert not Entry.objects.filter(verb="candidates.open_sheet").exists()

    def test_no_formula_and_no_number_leaves(self, court, county):
        """一个名字不会在Excel里算起来，号码的末位不会变成0。"""
        person = make_candidate(county)
        send(county, person)
        say(county, person, answer="record", situations=["outside_list"], remark="=1+1")

        header, row = download(court, county)

        assert row[header.index("说明")] == "=1+1"
        assert row[header.index("公民身份号码")] == make_id_number()

    def test_the_name_of_the_file_names_nobody(self, court, county, candidacy):
        send(county, candidacy)

        response = court.post(url(county, "open_sheet"), {"reason": "查询", "who": "all"})

        assert "王大山" not in response.headers["Content-Disposition"]
        assert "no-store" in response.headers["Cache-Control"]


# --- taken back ----------------------------------------------------------------------------
class TestUpload:
    def test_a_preview_writes_nothing(self, court, county, three):
        rows = download(court, county)

        response = upload(court, county, filled(rows, NO, YES))

        preview = response.context["preview"]
        assert (preview["new"], preview["changed"], preview["same"], preview["blank"]) == (2, 0, 0, 1)
        assert preview["records"] == 1
        assert "确认写入" in text(response)
        assert three[1].person.name in text(response)
        assert not DepartmentReply.objects.exists()

    def test_confirmed_it_is_written(self, court, county, three):
        rows = download(court, county)

        response = confirm(court, county, upload(court, county, filled(rows, NO, YES)), follow=True)

        assert "已答复2人。" in text(response)
        first, second = DepartmentReply.objects.order_by("candidacy")
        assert (first.answer, second.answer) == ("no_record", "record")
        assert second.situations == ["criminal_penalty"]
        assert Finding.objects.get().details == {
            **PENALTY,
            "sentenced_on": "2019-03-01",
            "released_on": "2023-03-01",
        }
        assert Entry.objects.filter(verb="candidates.reply").count() == 2

    def test_what_was_answered_comes_back_the_same(self, court, county, three):
        say(county, three[0], remark="查过\r\n两个系统")
        say(county, three[1], **{**RECORD, "remark": "一审"})
        say(county, three[2], answer="record", situations=["outside_list"], remark="借贷纠纷")

        response = upload(court, county, filled(download(court, county)))

        assert response.context["preview"]["same"] == 3
        assert "没有什么要写入" in text(response)
        assert "确认写入" not in text(response)

    def test_what_changes_is_shown(self, court, county, three):
        say(county, three[0], **RECORD)
        rows = download(court, county)

        clean = dict.fromkeys(("情形", "核实程度", "判决日期", "刑满释放日期", "文书编号"), "")
        response = upload(court, county, filled(rows, {**NO, **clean}, NO))

        preview = response.context["preview"]
        assert (preview["new"], preview["changed"], preview["blank"]) == (1, 1, 1)
        confirm(court, county, response)
        assert DepartmentReply.objects.newest().get(candidacy=three[0]).answer == "no_record"
        assert not Finding.objects.in_force().exists()

    def test_left_blank_an_answer_stays(self, court, county, three):
        say(county, three[0], **RECORD)
        rows = download(court, county)
        blank = dict.fromkeys(rows[0][6:], "")

        confirm(court, county, upload(court, county, filled(rows, blank, NO)))

        assert DepartmentReply.objects.newest().get(candidacy=three[0]).answer == "record"

    def test_columns_in_any_order(self, court, county, three):
        rows = [list(reversed(row)) for row in download(court, county)]

        response = upload(court, county, filled(rows, NO))

        assert response.context["preview"]["new"] == 1

    def test_a_file_given_out_in_one_language_comes_back_in_the_other(self, court, county, three):
        rows = download(court, county)
        court.cookies["django_language"] = "en"

        assert upload(court, county, filled(rows, NO, YES)).context["preview"]["new"] == 2

    def test_two_rows_of_one_person_are_two_facts(self, court, county, three):
        rows = download(court, county)
        rows.insert(2, list(rows[1]))

        response = upload(
            court, county, filled(rows, YES, {**YES, "文书编号": "另案", "判决日期": date(2010, 1, 1)})
        )
        confirm(court, county, response)

        assert Finding.objects.count() == 2
        assert DepartmentReply.objects.count() == 1
        # And the file that is given out again says the same.
        again = upload(court, county, filled(download(court, county)))
        assert again.context["preview"]["same"] == 1

    def test_late_answers_are_announced(self, court, county, three):
        answer_all(county, *three)
        sign(county, ReviewBatch.objects.get())
        rows = download(court, county)

        response = upload(court, county, filled(rows, YES))

        assert "其中1人的联审结果县级已经签署" in text(response)
        confirm(court, county, response)
        assert Flag.objects.open().get(kind=Flag.Kind.LATE_REPLY).candidacy == three[0]

    @pytest.mark.parametrize(
        ("changes", "row", "column", "sentence"),
        [
            ([{"答复": "查无"}], 2, "答复", "没有这个选项。可以填：无记录、有记录。"),
            ([{**NO, "情形": "受过刑罚"}], 2, "答复", "答复应为“有记录”"),
            ([{"文书编号": "某号"}], 2, "答复", "填写了内容，但没有填答复"),
            ([{**YES, "情形": ""}], 2, "情形", "请选择是哪一种情形"),
            ([{**YES, "情形": "涉黑涉恶"}], 2, "情形", "没有这个选项"),
            ([{**YES, "核实程度": ""}], 2, "核实程度", "请选择“已查实”"),
            ([{**YES, "文书编号": ""}], 2, "文书编号", "请填写文书编号"),
            ([{**YES, "刑满释放日期": date(2018, 1, 1)}], 2, "刑满释放日期", "早于“判决日期”"),
            ([{**YES, "判决日期": "二月三十"}], 2, "判决日期", "这里应填日期"),
            ([{**YES, "判决日期": date(2026, 12, 2), "刑满释放日期": ""}], 2, "判决日期", "日期还没有到"),
            ([{**NO, "姓名": "李某某"}], 2, "姓名", "与下载时的不一致"),
            ([{**NO, "公民身份号码": make_id_number(order=99)}], 2, "公民身份号码", "与下载时的不一致"),
            ([{**NO, "公民身份号码": ""}], 2, "公民身份号码", "与下载时的不一致"),
            ([{**NO, "公民身份号码": 330604198005010110.0}], 2, "公民身份号码", "存成了数字"),
            ([NO, {**NO, "序号": "LS1-2-000000000000"}], 3, "序号", "序号不是系统生成的"),
            ([NO, {**NO, "序号": ""}], 3, "序号", "必填"),
            (
                [{"答复": "有记录", "情形": "不属于清单所列情形"}],
                2,
                "说明",
                "请说明是什么情况",
            ),
            (
                [{"答复": "有记录", "情形": "不属于清单所列情形", "说明": "有", "文书编号": "某号"}],
                2,
                "文书编号",
                "此项请留空",
            ),
            ([{**NO, "说明": "长" * 501}], 2, "说明", "最多500个字"),
            ([{**NO, "说明": "有😀"}], 2, "说明", "表情符号"),
        ],
    )
    def test_a_wrong_row_is_named_and_nothing_is_offered(
        self, court, county, three, changes, row, column, sentence
    ):
        response = upload(court, county, filled(download(court, county), *changes))

        faults = response.context["preview"]["faults"]
        assert [(one.row, one.column) for one in faults] == [(row, column)]
        assert sentence in faults[0].sentence
        assert sentence in text(response).replace("&quot;", '"')
        assert "确认写入" not in text(response)
        assert response.context["preview"]["packed"] == ""

    def test_every_wrong_row_is_named(self, court, county, three):
        bad = {**YES, "文书编号": ""}

        response = upload(court, county, filled(download(court, county), bad, NO, {**NO, "姓名": "张三"}))

        assert [(one.row, one.column) for one in response.context["preview"]["faults"]] == [
            (2, "文书编号"),
            (4, "姓名"),
        ]

    def test_two_answers_about_one_person(self, court, county, three):
        rows = download(court, county)
        rows.insert(2, list(rows[1]))

        response = upload(court, county, filled(rows, YES, NO))

        assert response.context["preview"]["faults"][0].row == 3
        assert "有几行不同的答复" in text(response)

    def test_a_fault_of_the_second_fact_is_in_its_row(self, court, county, three):
        rows = download(court, county)
        rows.insert(2, list(rows[1]))

        response = upload(court, county, filled(rows, YES, {**YES, "刑满释放日期": date(2018, 1, 1)}))

        assert [(one.row, one.column) for one in response.context["preview"]["faults"]] == [
            (3, "刑满释放日期")
        ]

    def test_a_column_that_is_gone(self, court, county, three):
        rows = [row[:-1] for row in download(court, county)]

        assert "缺少这些列：“说明”" in text(upload(court, county, filled(rows, NO)))

    def test_somebody_who_left_meanwhile(self, court, county, three):
        rows = download(court, county)
        Candidacy.objects.filter(pk=three[0].pk).update(state="declined")

        faults = upload(court, county, filled(rows, NO)).context["preview"]["faults"]
        assert [(one.row, one.column) for one in faults] == [(2, "序号")]
        assert "已不再征询" in faults[0].sentence
        # With that row left blank the others can go.
        assert upload(court, county, filled(rows, {}, NO)).context["preview"]["new"] == 1

    def test_another_departments_file(self, client, county, three):
        client.force_login(county.court)
        rows = download(client, county)
        client.force_login(department_user(county, "justice"))

        page = text(upload(client, county, filled(rows, NO), "justice"))

        assert "不是这一批、这个部门的答复表" in page
        assert not DepartmentReply.objects.exists()

    def test_another_countys_file(self, client, county, neighbour, three):
        theirs = make_candidate(neighbour, "陈远", actor=neighbour.township_official)
        send(neighbour, theirs)
        client.force_login(neighbour.court)
        rows = download(client, neighbour)
        client.force_login(county.court)

        page = text(upload(client, county, filled(rows, NO)))

        assert "不是这一批、这个部门的答复表" in page
        assert "陈远" not in page

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [(b"", "空"), (b"not a workbook", "xlsx"), (b"PK\x03\x04broken", "损坏")],
    )
    def test_what_is_no_workbook(self, court, county, three, content, sentence):
        response = upload(court, county, content)

        assert response.status_code == 200
        assert sentence in " ".join(response.context["upload_form"].errors["file"])

    def test_no_file(self, court, county, three):
        assert "请填写“填好的答复表”" in text(court.post(url(county, "upload_sheet"), {}))


class TestConfirm:
    def test_what_a_colleague_answered_meanwhile_is_not_overwritten(self, court, county, three):
        response = upload(court, county, filled(download(court, county), NO, NO))
        say(county, three[0], **RECORD)

        page = text(confirm(court, county, response))

        assert "没有写入任何答复" in page
        assert three[0].person.name in page
        assert DepartmentReply.objects.newest().get().answer == "record"

    def test_twice_is_once(self, court, county, three):
        response = upload(court, county, filled(download(court, county), NO))
        confirm(court, county, response)

        assert "没有写入任何答复" in text(confirm(court, county, response))
        assert DepartmentReply.objects.count() == 1

    def test_an_old_preview_is_looked_over_again(self, court, county, three, monkeypatch):
        response = upload(court, county, filled(download(court, county), NO))
        monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(minutes=61))

        assert "预览已经失效" in text(confirm(court, county, response, follow=True))
        assert not DepartmentReply.objects.exists()

    @pytest.mark.parametrize("packed", ["", "x", "王", "sealed"])
    def test_what_no_preview_gave(self, court, county, three, packed):
        if packed == "sealed":
            packed = encrypt_bytes(b"plain").decode()
        page = text(court.post(url(county, "take_sheet"), {"packed": packed}, follow=True))

        assert "预览已经失效" in page

    def test_anothers_preview(self, client, county, three):
        client.force_login(county.court)
        packed = upload(client, county, filled(download(client, county), NO)).context["preview"]["packed"]
        colleague = department_user(county, "justice")
        client.force_login(colleague)

        client.post(url(county, "take_sheet", "justice"), {"packed": packed})

        assert not DepartmentReply.objects.exists()

    def test_a_preview_says_nothing_in_clear(self, court, county, three):
        response = upload(court, county, filled(download(court, county), YES))

        packed = response.context["preview"]["packed"]
        assert packed
        assert "criminal" not in packed


def test_a_reference_is_the_offices_own():
    made = reference(12, 345)

    assert referred(made) == (12, 345)
    assert referred(made.lower()) == (12, 345)
    assert referred(f" {made} ") == (12, 345)
    for forged in (
        made.replace("345", "346"),
        made.replace("12", "13", 1),
        made[:-1],
        "LS1-1-0",
        "",
        None,
        7,
    ):
        assert referred(forged) is None


# --- the round trip --------------------------------------------------------------------------
_TEXT = st.text(st.sampled_from("甲乙丙（）0123Ab，。 "), max_size=20).map(str.strip)
_DAYS = st.none() | st.dates(date(1999, 1, 1), date(2026, 11, 30))
_PENALTIES = st.builds(
    lambda sentenced, later, source, status: {
        "situation": "criminal_penalty",
        "status": status,
        "sentenced_on": sentenced,
        "released_on": sentenced and sentenced + timedelta(days=later),
        "source": source or "某号",
    },
    _DAYS,
    st.integers(0, 4000),
    _TEXT,
    st.sampled_from(["confirmed", "alleged"]),
)
_NOTHING = st.builds(Said, st.just("no_record"), _TEXT)
_OUTSIDE = st.builds(lambda remark: Said("record", remark or "有", ("outside_list",)), _TEXT)
_PENALTY = st.builds(
    lambda remark, found, outside: Said(
        "record",
        remark or ("有" if outside else ""),
        ("criminal_penalty", "outside_list") if outside else ("criminal_penalty",),
        tuple(found),
    ),
    _TEXT,
    st.lists(_PENALTIES, min_size=1, max_size=3),
    st.booleans(),
)


def _plain(said: Said):
    found = [
        sorted((key, str(value)) for key, value in one.items() if value not in (None, ""))
        for one in said.findings
    ]
    return said.answer, said.remark, set(said.situations), sorted(found)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_NOTHING | _OUTSIDE | _PENALTY)
def test_what_rows_say_is_what_was_said(said):
    rows = cells_of(said, ["criminal_penalty"])

    assert _plain(said_of([_full(row) for row in rows], has_situations=True)) == _plain(said)


def _full(row: dict) -> dict:
    """A row with every column, as it is read."""
    return {"situation": None, **row}


@pytest.fixture(scope="class")
def asked(django_db_setup, django_db_blocker):
    """A batch of four people, kept while Hypothesis tries file after file on them."""
    from django.db import transaction  # noqa: PLC0415

    from tests.cast import make_county  # noqa: PLC0415

    with django_db_blocker.unblock(), transaction.atomic():
        county = make_county()
        rows = people(county, 4)
        send(county, *rows)
        yield county, rows
        transaction.set_rollback(True)


class TestRoundTrip:
    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(_NOTHING | _OUTSIDE | _PENALTY, min_size=4, max_size=4), st.randoms())
    def test_a_file_read_back_says_what_was_written(self, asked, answers, chance):
        """What is answered, given out, shuffled by somebody and read back is the same, whole."""
        from django.db import transaction  # noqa: PLC0415

        county, rows = asked
        with transaction.atomic():
            for one, said in zip(rows, answers, strict=True):
                say(
                    county,
                    one,
                    answer=said.answer,
                    remark=said.remark,
                    situations=said.situations,
                    findings=said.findings,
                )
            enquiry = enquiry_of(county)
            items = list(ReviewItem.objects.with_person().filter(batch=enquiry.batch))
            file = BytesIO()
            sheets.write_sheet(file, enquiry=enquiry, items=items, title="答复表")
            header, *body = rows_of(file.getvalue())
            chance.shuffle(body)
            upload = Upload("答复.xlsx", filled([header, *body]))

            read = read_answers(upload, enquiry=enquiry, items=items, actor=county.court, today=TODAY)

            assert read.faults == []
            assert {one.change.value for one in read.taken} == {"same"}
            assert {one.candidacy.pk: _plain(one.said) for one in read.taken} == {
                one.pk: _plain(said) for one, said in zip(rows, answers, strict=True)
            }
            transaction.set_rollback(True)


# --- who may -----------------------------------------------------------------------------------
POSTS = ("open_sheet", "upload_sheet", "take_sheet")


class TestAccess:
    @pytest.mark.parametrize("name", ["sheet", *POSTS])
    def test_anonymous(self, client, county, three, name):
        assert client.post(url(county, name)).url.startswith(reverse("accounts:log_in"))

    @pytest.mark.parametrize(
        "who", ["township_official", "county_reviewer", "committee_member", "administrator"]
    )
    def test_other_roles(self, client, county, three, who):
        client.force_login(getattr(county, who))

        assert client.get(url(county)).status_code == 403
        for name in POSTS:
            assert client.post(url(county, name), {"reason": "看", "who": "all"}).status_code == 403

    @pytest.mark.parametrize("whose", ["neighbour", "county"])
    def test_outsider(self, client, county, neighbour, three, whose):
        client.force_login(neighbour.court if whose == "neighbour" else county.health)

        assert client.get(url(county)).status_code == 404
        for name in POSTS:
            assert client.post(url(county, name), {"reason": "看", "who": "all"}).status_code == 404

    def test_a_batch_that_went_back(self, court, county, three):
        address = url(county)
        batches.return_batch(
            batch=ReviewBatch.objects.get(), reason="补正", actor=county.county_reviewer, at=NOW
        )

        assert court.get(address).status_code == 404

    def test_bad_id_and_wrong_verb(self, court, county, three):
        assert court.get(reverse("candidates:sheet", args=[999999])).status_code == 404
        assert court.post(url(county)).status_code == 405
        for name in POSTS:
            assert court.get(url(county, name)).status_code == 405
