"""What a file would do, and what is wrong with it: row, column, sentence."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
from django.utils import translation

from election_admin.accounts.models import User
from election_admin.imports.models import ImportJob, ImportRow
from tests.imports.conftest import worked
from tests.imports.excel import HIRED, people, person, workbook
from tests.imports.staff import TITLES, StaffReader

Ask = Callable[..., ImportJob]


def faults(job: ImportJob) -> list[tuple[int, str, str]]:
    """Row, column and sentence of everything that is wrong."""
    return [
        (row.number, column, sentence)
        for row in ImportRow.objects.filter(job=job).order_by("number")
        for column, sentence in row.faults or []
    ]


def test_a_preview_writes_nothing(cast, read: Ask) -> None:
    before = User.objects.count()

    job = read(workbook(people(3)))

    assert (job.state, job.rows, job.new, job.wrong) == ("read", 3, 3, 0)
    assert User.objects.count() == before
    assert [row.number for row in ImportRow.objects.all()] == [2, 3, 4]


def test_new_changed_and_same_are_told_apart(cast, read: Ask) -> None:
    User.objects.create(login="staff-1", name="张三", email="staff1@example.cn")
    User.objects.create(login="staff-2", name="张四", email="staff2@example.cn")

    job = read(workbook(people(3)))

    assert (job.new, job.changed, job.same) == (1, 1, 1)
    changes = ImportRow.objects.order_by("number").values_list("change", flat=True)
    assert list(changes) == ["same", "changed", "new"]


def test_what_stands_twice_in_the_file_is_named_where_it_stands_again(read: Ask) -> None:
    job = read(workbook([person(1), person(2), person(1)]))

    assert faults(job) == [(4, "login", "这个工号在文件中出现了两次。")]
    assert (job.state, job.new, job.wrong) == ("read", 2, 1)


def test_every_fault_of_a_row_is_named(read: Ask) -> None:
    """Who corrects a file wants to do it once."""
    job = read(workbook([person(1, login=None, hired="明天", children="两个", active="也许")]))

    assert [(row, column) for row, column, _sentence in faults(job)] == [
        (2, "login"),
        (2, "hired"),
        (2, "children"),
        (2, "active"),
    ]
    assert faults(job)[3][2] == "没有这个选项。可以填：是、否。"


def error(value: str) -> Callable[..., None]:
    """A cell that shows an error of Excel's."""
    return lambda sheet, line, place: sheet.write_formula(line, place, "=1/0", None, value)


def formula(value: Any) -> Callable[..., None]:
    return lambda sheet, line, place: sheet.write_formula(line, place, "=A1", None, value)


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("login", None, "必填，不能空着。"),
        ("login", "　 ", "必填，不能空着。"),
        ("login", "x" * 33, "最多32个字，现有33个字，请删减。"),
        ("name", "王😀明", "含有无法打印的字符“😀”（如表情符号），请删去后再保存。"),
        ("name", 12345678901234567890, "第15位以后的数字已经丢失"),
        ("id_number", 330604198012200011, "Excel把公民身份号码存成了数字"),
        ("id_number", 330604801220001, "Excel把公民身份号码存成了数字"),
        ("hired", "2026-02-30", "没有这一天，请核对月份和日期。"),
        ("hired", "20年9月", "这里应填日期"),
        ("hired", 44075, "这里应填日期"),
        ("hired", True, "这里应填日期"),
        ("hired", "1899-12-31", "日期应在1900年至2199年之间"),
        ("hired", date(2026, 12, 2), "入职日期还没有到。"),
        ("children", 1.5, "这里应填整数"),
        ("children", "2个", "这里应填整数"),
        ("children", "１e3", "这里应填整数"),
        ("children", 3_000_000_000, "数字太大"),
        ("children", True, "这里应填整数"),
        ("active", "Ｙ", "没有这个选项"),
        ("name", error("#REF!"), "公式出错"),
        ("name", error("#N/A"), "公式出错"),
        ("children", error("#DIV/0!"), "公式出错"),
        ("name", formula(""), "公式还没有计算结果"),
    ],
)
def test_a_cell_that_cannot_be_read(read: Ask, column: str, value: Any, sentence: str) -> None:
    job = read(workbook([person(1), person(2, **{column: value})]))

    [(number, where, said)] = faults(job)
    assert (number, where) == (3, column)
    assert sentence in said


@pytest.mark.parametrize(
    ("column", "value", "kept"),
    [
        ("login", "ｓｔａｆｆ－９".replace("－", "-"), "staff-9"),
        ("login", 20260001, "20260001"),
        ("login", " 00\u200b17\u3000", "0017"),
        ("name", "阿卜杜拉·买买提", "阿卜杜拉·买买提"),
        ("name", "张三（曾用名：张山）", "张三（曾用名：张山）"),
        ("name", formula("李四"), "李四"),
        ("id_number", "３３０６０４ １９８０１２２０ ００１ｘ", "33060419801220001X"),
        ("hired", HIRED, HIRED),
        ("hired", datetime.combine(HIRED, time(8, 30)), HIRED),
        ("hired", "2020-09-01", HIRED),
        ("hired", "2020/9/1", HIRED),
        ("hired", "２０２０年９月１日", HIRED),
        ("hired", "2020.9.1", HIRED),
        ("hired", 20200901, HIRED),
        ("hired", None, None),
        ("children", 2.0, 2),
        ("children", "１，２００".replace("，", ","), 1200),
        ("children", "-1", -1),
        ("children", formula(3), 3),
        ("children", "  ", None),
        ("active", " 否 ", "no"),
    ],
)
def test_a_cell_as_people_fill_it_in(monkeypatch, read: Ask, column: str, value: Any, kept: Any) -> None:
    cells: list[Any] = []
    original = StaffReader.read

    def noting(self: StaffReader, row: Any) -> Any:
        cells.append(row)
        return original(self, row)

    monkeypatch.setattr(StaffReader, "read", noting)

    job = read(workbook([person(1, **{column: value})]))

    assert faults(job) == []
    assert [row[column] for row in cells] == [kept]


def test_dates_of_a_workbook_that_counts_from_1904(read: Ask) -> None:
    """Excel for the Mac counted so, and its files are still about: four years and a day apart."""
    job = read(workbook(people(1), date_1904=True))

    assert ImportRow.objects.get(job=job).shown["hired"] == "2020-09-01"


def test_headers_in_any_order_and_with_marks(read: Ask) -> None:
    order = [4, 0, 6, 1, 3, 2, 5]
    headers = [TITLES[place] for place in order]
    headers[1] += "*"
    headers[3] = "姓　名（必填）"

    job = read(workbook([[person(1)[place] for place in order]], headers))

    assert (job.state, job.new) == ("read", 1)


def test_a_title_above_the_header(read: Ask) -> None:
    job = read(workbook(people(1), above=[["青云镇人员名册"], [], ["2026年12月"]]))

    assert (job.state, job.new) == ("read", 1)
    assert ImportRow.objects.get(job=job).number == 5


def test_the_first_sheet_with_the_header_is_read(read: Ask) -> None:
    def cover(book: Any) -> None:
        book.add_worksheet("封面").write(0, 0, "青云镇")

    assert read(workbook(people(2), before=cover)).new == 2


def test_hidden_sheets_are_left_out(read: Ask) -> None:
    """What nobody sees nobody checks."""

    def hidden(book: Any) -> None:
        sheet = book.add_worksheet("去年")
        sheet.write_row(0, 0, TITLES)
        sheet.write_row(1, 0, [str(cell) for cell in person(99)])
        sheet.hide()

    def first(book: Any) -> None:
        book.add_worksheet("封面").activate()
        hidden(book)

    job = read(workbook(people(2), before=first))

    assert job.new == 2


def test_blank_rows_are_skipped_and_keep_their_numbers(read: Ask) -> None:
    job = read(workbook([person(1), [], ["　", " "], person(2)]))

    assert [row.number for row in ImportRow.objects.filter(job=job)] == [2, 5]


def test_what_is_not_plain_is_not_shown_of_a_row_that_cannot_be_read(read: Ask) -> None:
    """The engine knows no masks: a name or an ID number beside a wrong date stays hidden."""
    job = read(workbook([person(1, hired="明天")]))

    row = ImportRow.objects.get(job=job)
    assert row.shown == {"login": "staff-1", "active": "是"}
    assert "张三" not in str(row.faults)


def test_sentences_are_in_the_language_of_whoever_sent_the_file(cast, ask: Ask) -> None:
    with translation.override("en"):
        job = ask()
    assert job.language == "en"
    assert worked(job).state == "read"
