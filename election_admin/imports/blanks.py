"""The file of a kind, to fill in: a sheet of headers, and one that explains each column."""

import datetime
from collections.abc import Iterable, Sequence
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from election_admin.imports.registry import Column
from election_admin.sentences import listed

# What Excel takes as a list of choices in a cell.
LONGEST_LIST = 255
# Cells are set up so far down: a text column keeps a number's digits.
SHOWN_WIDTH = 60


def write_blank(
    file: IO[bytes],
    *,
    title: str,
    columns: Sequence[Column],
    most_rows: int,
    rows: Iterable[Sequence[Any]] = (),
) -> None:
    """Write the file of a kind, with what is known already in ``rows``; nothing in it is a formula."""
    with xlsxwriter.Workbook(file) as book:
        book.set_properties({"title": title})
        _write_sheet(book, title, columns, most_rows, rows)
        _write_explanation(book, columns, most_rows)


def _write_sheet(
    book: Any, title: str, columns: Sequence[Column], most_rows: int, rows: Iterable[Sequence[Any]]
) -> None:
    sheet = book.add_worksheet(_sheet_name(title))
    header = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
    plain, required = book.add_format(header), book.add_format({**header, "bg_color": "#f8e3e0"})
    formats = {
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "number": book.add_format({"num_format": "0"}),
    }
    # Everything else is text: Excel would keep fifteen digits of an ID number and make the rest nought.
    text = book.add_format({"num_format": "@"})
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width, formats.get(column.reads, text))
        sheet.write_string(0, place, str(column.title), required if column.required else plain)
        offered = [str(words) for _code, words in column.choices]
        if offered and len(",".join(offered)) <= LONGEST_LIST and not any("," in words for words in offered):
            sheet.data_validation(1, place, most_rows, place, {"validate": "list", "source": offered})
    for line, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            if isinstance(value, datetime.date):
                sheet.write_datetime(line, place, value, formats["date"])
            elif value:
                sheet.write_string(line, place, str(value), text)


def _write_explanation(book: Any, columns: Sequence[Column], most_rows: int) -> None:
    sheet = book.add_worksheet(_("填写说明"))
    bold = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    headers = ((_("列名"), 18), (_("是否必填"), 10), (_("怎么填"), 44), (_("可以填"), 44), (_("示例"), 24))
    for place, (words, width) in enumerate(headers):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, words, bold)
    for line, column in enumerate(columns, start=1):
        cells = (
            str(column.title),
            _("必填") if column.required else _("可不填"),
            how_to_fill_in(column),
            listed(words for _code, words in column.choices),
            column.example,
        )
        for place, words in enumerate(cells):
            sheet.write_string(line, place, words, wrapped)
    remark = _("请填在第一张工作表上，不要改列名。一次最多%d行；有一行填错，整个文件都不写入。") % most_rows
    sheet.write_string(len(columns) + 2, 0, remark)


def how_to_fill_in(column: Column) -> str:
    """What the office expects in a column, in a few words."""
    own = str(column.help)
    match column.reads:
        case "text":
            general = _("文字，最多%d个字。") % column.longest
        case "date":
            general = _("日期，如2026-12-01、2026/12/1或者2026年12月1日。")
        case "number":
            general = _("整数，不写单位。")
        case "id_number":
            general = _("18位公民身份号码。单元格要设为“文本”格式，否则Excel会丢掉最后几位。")
        case "choice":
            general = _("从右边列出的选项中填一个。")
    return f"{general}\n{own}" if own else general


def _sheet_name(title: str) -> str:
    """A name Excel takes for a sheet."""
    return "".join(sign for sign in title if sign not in "[]:*?/\\'")[:31] or "Sheet1"
