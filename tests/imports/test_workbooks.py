"""What may be uploaded, and what each other file is told."""

import struct
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st

from election_admin.imports import workbooks
from election_admin.imports.sheets import read_sheet
from tests.imports.excel import people, person, upload, with_parts, workbook
from tests.imports.staff import COLUMNS, TITLES

ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le")


def refusal(content: bytes, name: str = "人员.xlsx", *, most_rows: int = 20_000) -> str:
    """The sentence a file is refused with."""
    with pytest.raises(ValidationError) as refused:
        opened = workbooks.check(upload(content, name))
        read_sheet(opened.name, opened.content, COLUMNS, most_rows=most_rows)
    return " ".join(refused.value.messages)


def zipped(parts: dict[str, bytes]) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, part in parts.items():
            made.writestr(name, part)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "“人员.xlsx”是空文件，请重新选择。"),
        (ENCRYPTED, "“人员.xlsx”设有打开密码，无法读取。"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "是旧版Excel文件（.xls）"),
        ("工号,姓名\n1,张三\n".encode(), "不是Excel工作簿（.xlsx）"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "不是Excel工作簿（.xlsx）"),
        (b"%PDF-1.7", "不是Excel工作簿（.xlsx）"),
        (zipped({"word/document.xml": b"<w/>"}), "不是Excel工作簿（.xlsx）"),
        (zipped({"content.xml": b"<office/>"}), "不是Excel工作簿（.xlsx）"),
        (b"PK\x03\x04 and no more", "已损坏或不完整，打不开"),
        (workbook(people(3))[:-200], "已损坏或不完整，打不开"),
    ],
)
def test_what_is_no_workbook(content: bytes, sentence: str) -> None:
    assert sentence in refusal(content)


def test_a_name_is_made_fit_to_show() -> None:
    assert refusal(b"", "C:\\temp\\\u202exslx.名册").startswith("“xslx.名册”")


def test_a_file_too_large_says_how_large() -> None:
    """Its content has not been kept; see SizeLimit."""
    huge = UploadedFile(BytesIO(), "人员.xlsx", None, 30 * 1024 * 1024, None)

    with pytest.raises(ValidationError, match=r"超过.*的上限"):
        workbooks.check(huge)


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("sheet1", lambda xml: xml[:200]),
        ("sheet1", lambda xml: xml.replace(b"</row>", b"</raw>")),
        ("sheet1", lambda xml: b"\x00\x01sheetData" + xml),
        ("sheet1", None),
        ("sheet1", lambda xml: xml.replace(b'r="A2"', b'r="2"')),
        ("sheet1", lambda xml: xml.replace(b'r="A2"', b'r="A' + b"9" * 5000 + b'"')),
        ("sharedStrings", lambda xml: xml[:-40]),
    ],
)
def test_a_damaged_workbook(part: str, change: Any) -> None:
    assert "已损坏或不完整，打不开" in refusal(with_parts(workbook(people(3)), **{part: change}))


def moved(reference: bytes) -> Callable[[bytes], bytes]:
    """Puts the first cell of the second row elsewhere."""
    return lambda xml: xml.replace(b'r="A2"', b'r="' + reference + b'"')


def test_a_value_in_the_last_cell_does_not_end_the_process() -> None:
    """Taken at its word, it makes seventeen thousand million cells."""
    content = workbook(people(3))

    assert "用到了第1048576行，一次最多导入20000行" in refusal(with_parts(content, sheet1=moved(b"A1048576")))
    assert "用到了第16384列，最多200列" in refusal(with_parts(content, sheet1=moved(b"XFD2")))
    assert "用到了第1048576行" in refusal(with_parts(content, sheet1=moved(b"&#65;1048576")))


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbooks, "UNPACKED_BYTES", 100_000)
    bomb = with_parts(workbook(people(1)), theme1=lambda xml: bytes(10_000_000))

    assert "内容过多" in refusal(bomb)
    assert len(bomb) < 100_000


def test_a_bomb_that_lies_about_its_size() -> None:
    """calamine believes the size in the directory; so it has to be true."""
    content = with_parts(workbook(people(1)), theme1=lambda xml: bytes(1_000_000))
    lied = content.replace(struct.pack("<L", 1_000_000), struct.pack("<L", 1_000))

    assert lied != content
    assert "已损坏" in refusal(lied)


@pytest.mark.parametrize("limit", ["XML_ELEMENTS", "PARTS"])
def test_too_many_elements_or_parts(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(workbooks, limit, 5)

    assert "内容过多" in refusal(workbook(people(1)))


def test_a_document_type_is_refused() -> None:
    """An Excel file has none; entities that grow into gigabytes need one."""
    declared = b'<!DOCTYPE lolz [<!ENTITY lol "lol">]>'
    bomb = with_parts(workbook(people(1)), sheet1=lambda xml: xml.replace(b"?>", b"?>" + declared, 1))

    assert "内容过多" in refusal(bomb)


def test_as_many_rows_as_may_be_and_one_more() -> None:
    assert len(read_sheet("x", workbook(people(20)), COLUMNS, most_rows=20).numbers()) == 20
    assert (
        refusal(workbook(people(21)), most_rows=20) == "“人员.xlsx”有21行，一次最多导入20行，请分成几个文件。"
    )


def test_the_cap_of_a_kind_that_sets_none() -> None:
    """20,000 rows are what an office may send at once; the next one is one too many."""
    rows = [[f"s{number}", "张三", None, None, None, None, "是"] for number in range(20_001)]

    assert len(read_sheet("x", workbook(rows[:-1]), COLUMNS, most_rows=20_000).numbers()) == 20_000
    assert "有20001行，一次最多导入20000行" in refusal(workbook(rows))


def test_formatted_rows_without_content_do_not_count() -> None:
    """Whoever draws borders down to row 5,000 has not filled in 5,000 rows."""
    content = BytesIO()
    with xlsxwriter.Workbook(content) as book:
        border, sheet = book.add_format({"border": 1}), book.add_worksheet()
        sheet.write_row(0, 0, TITLES)
        sheet.write_row(1, 0, ["a", "张三", "", "", "", "", "是"])
        for line in range(2, 5_000):
            sheet.write_blank(line, 0, None, border)
    assert len(read_sheet("x", content.getvalue(), COLUMNS, most_rows=20).numbers()) == 1


@pytest.mark.parametrize("rows", [[], [["", "　"]]])
def test_a_header_and_nothing_else(rows: list[list[str]]) -> None:
    assert refusal(workbook(rows)) == "“人员.xlsx”只有表头，没有内容。请填写后再上传。"


def test_no_header_names_the_columns_there_should_be() -> None:
    said = refusal(workbook(people(3), ["甲", "乙"]))

    assert "没有找到表头" in said
    assert "“工号”、“姓名”" in said


def test_an_empty_sheet() -> None:
    assert "没有找到表头" in refusal(workbook([], []))


def test_everything_wrong_with_a_header_is_said_at_once() -> None:
    headers = ["工号", "名字", "邮箱", "邮箱", "入职日期", "子女数", "是否在岗", None]
    rows = [[*person(1), "备注"]]

    assert refusal(workbook(rows, headers)) == (
        "工作表“Sheet1”第1行是表头。缺少这些列：“姓名”、“公民身份号码”。这些列不止一列：“邮箱”。请只留一列。"
        "不认识这些列：“名字”。请删去，或者改成模板中的列名。这些列有内容，但没有列名：H。请补上列名，或者删去内容。"
    )


@settings(deadline=None)
@given(st.binary(max_size=400), st.integers(min_value=0, max_value=5_000))
def test_no_damage_is_worse_than_a_refusal(noise: bytes, place: int) -> None:
    """Whatever a disk or a network does to a file, it is read or refused in a sentence."""
    content = workbook(people(2))
    place %= len(content)
    damaged = content[:place] + noise + content[place + len(noise) :]

    try:
        opened = workbooks.check(upload(damaged))
        sheet = read_sheet(opened.name, opened.content, COLUMNS, most_rows=20)
        list(sheet.lines())
    except ValidationError as error:
        assert "“" in " ".join(error.messages)
