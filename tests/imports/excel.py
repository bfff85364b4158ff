"""Excel files as people upload them, made on the spot."""

import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.imports.staff import TITLES

HIRED = date(2020, 9, 1)


def person(number: int, **changes: Any) -> list[Any]:
    """A row of the staff that is right."""
    values = {
        "login": f"staff-{number}",
        "name": "张三",
        "email": f"staff{number}@example.cn",
        "id_number": "330604198012200011",
        "hired": HIRED,
        "children": 1,
        "active": "是",
    }
    return list((values | changes).values())


def people(count: int) -> list[list[Any]]:
    return [person(number) for number in range(1, count + 1)]


def workbook(
    rows: Iterable[Sequence[Any]],
    headers: Sequence[Any] = TITLES,
    *,
    above: Sequence[Sequence[Any]] = (),
    before: Callable[[Any], None] | None = None,
    **options: Any,
) -> bytes:
    """A workbook of one sheet; ``above`` the header, and whatever ``before`` adds first."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, options) as book:
        if before is not None:
            before(book)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet()
        for line, row in enumerate([*above, headers, *rows]):
            for place, value in enumerate(row):
                if callable(value):
                    value(sheet, line, place)
                elif isinstance(value, date):
                    sheet.write_datetime(line, place, value, day)
                elif isinstance(value, str):
                    sheet.write_string(line, place, value)
                elif value is not None:
                    sheet.write(line, place, value)
    return content.getvalue()


def upload(content: bytes, name: str = "人员.xlsx") -> SimpleUploadedFile:
    """A file on its way in, of which the browser says nothing."""
    return SimpleUploadedFile(name, content, "application/octet-stream")


def with_parts(content: bytes, **changed: Callable[[bytes], bytes] | None) -> bytes:
    """The same workbook with parts changed, or left out; a part by its name's last word."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            change = changed.get(name.rpartition("/")[2].partition(".")[0], lambda part: part)
            if change is not None:
                new.writestr(name, change(old.read(name)))
    return made.getvalue()
