"""The sheet of a workbook that is to be imported: its header found, its rows one after another."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from election_admin.imports.cells import Convert, UnreadableCell, converter, in_every_language, is_blank
from election_admin.imports.registry import Column, Fault
from election_admin.imports.workbooks import Layout, RawSheet, open_workbook
from election_admin.sentences import listed, one_after_another, quoted

# A title and a remark above the header are usual; a page of text is not.
HEADER_WITHIN = 10
NAMED = 8
LONGEST_HEADER = 30
# What people add to a header to say that a column must be filled in.
_MARKS = "*＊"
_BRACKETED_MARKS = ("(必填)", "(选填)", "(required)", "(optional)")


@dataclass(frozen=True)
class Line:
    """A row of the file: what its cells hold by column, None where empty, or why they cannot be read.

    ``shown`` is what may be shown of a row that could not be read.
    """

    number: int
    cells: Mapping[str, Any]
    faults: tuple[Fault, ...]
    shown: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """The sheet whose header matched."""

    columns: Sequence[Column]
    rows: list[list[Any]]
    layout: Layout
    header: int
    """The row of the header, counted from nought."""
    places: Mapping[str, int]
    """The place of each column."""

    def numbers(self) -> list[int]:
        """The rows that hold anything, counted from nought."""
        places = list(self.places.values())
        wrong = {row for row, column in self.layout.errors | self.layout.formulas if column in places}
        return [
            number
            for number, row in enumerate(self.rows[self.header + 1 :], start=self.header + 1)
            if number in wrong or not all(is_blank(row[place]) for place in places)
        ]

    def lines(self) -> Iterator[Line]:
        """Read the rows that hold anything, in their order."""
        readers = [(column, self.places[column.key], converter(column)) for column in self.columns]
        for number in self.numbers():
            yield self._line(number, readers)

    def _line(self, number: int, readers: Sequence[tuple[Column, int, Convert]]) -> Line:
        row, cells, faults = self.rows[number], {}, []
        for column, place, convert in readers:
            try:
                cells[column.key] = self._read(number, place, row[place], column, convert)
            except UnreadableCell as unreadable:
                faults.append(Fault(column.key, str(unreadable)))
        shown = (
            {column.key: str(row[place]).strip()[:60] for column, place, _convert in readers if column.plain}
            if faults
            else {}
        )
        return Line(number + 1, cells, tuple(faults), shown)

    def _read(self, number: int, place: int, value: Any, column: Column, convert: Convert) -> Any:
        if (number, place) in self.layout.errors:
            raise UnreadableCell(_("公式出错（如#REF!、#N/A），没有值。请改正公式，或者直接填写。"))
        if not is_blank(value):
            return convert(value)
        if (number, place) in self.layout.formulas:
            raise UnreadableCell(_("公式还没有计算结果。请在Excel中打开并保存一次，或者直接填写。"))
        if column.required:
            raise UnreadableCell(_("必填，不能空着。"))
        return None


def read_sheet(name: str, content: bytes, columns: Sequence[Column], *, most_rows: int) -> Sheet:
    """Return the first sheet whose header has the columns.

    Raises ValidationError, naming what is missing, unknown or there twice; for a file that cannot be
    opened; and for one with no rows, or with more than may be imported.
    """
    keys = {_plain(title): key for title, key in in_every_language({c.key: c.title for c in columns}).items()}
    best: tuple[int, RawSheet, int] | None = None
    for raw in open_workbook(name, content, most_rows=most_rows):
        found, header = _header_of(raw, keys)
        if best is None or found > best[0]:
            best = (found, raw, header)
        if found >= max(1, min(2, len(columns)), len(columns) // 2):
            break
    if best is None or best[0] == 0:
        sentence = _("“%(name)s”中没有找到表头。第一行应是这些列名：%(titles)s。请下载模板填写。")
        titles = quoted(column.title for column in columns)
        raise ValidationError(sentence % {"name": name, "titles": titles}, code="header")
    _found, raw, header = best
    sheet = Sheet(columns, raw.rows, raw.layout, header, _places(raw, header, keys, columns))
    _check_rows(name, len(sheet.numbers()), most_rows)
    return sheet


def _check_rows(name: str, count: int, most: int) -> None:
    if count == 0:
        raise ValidationError(
            _("“%(name)s”只有表头，没有内容。请填写后再上传。") % {"name": name}, code="rows"
        )
    if count > most:
        sentence = ngettext(
            "“%(name)s”有%(count)d行，一次最多导入%(most)d行，请分成几个文件。",
            "“%(name)s”有%(count)d行，一次最多导入%(most)d行，请分成几个文件。",
            count,
        )
        raise ValidationError(sentence % {"name": name, "count": count, "most": most}, code="rows")


def _plain(header: Any) -> str:
    """A header without what people change in it without meaning anything."""
    text = "".join(unicodedata.normalize("NFKC", str(header)).split()).casefold().strip(_MARKS)
    for mark in _BRACKETED_MARKS:
        text = text.removesuffix(mark)
    return text


def _header_of(raw: RawSheet, keys: Mapping[str, str]) -> tuple[int, int]:
    """Return how many columns the best row near the top names, and which row that is."""
    counts = [
        len({keys[plain] for cell in row if (plain := _plain(cell)) in keys})
        for row in raw.rows[:HEADER_WITHIN]
    ]
    most = max(counts, default=0)
    return most, counts.index(most) if counts else 0


def _places(raw: RawSheet, header: int, keys: Mapping[str, str], columns: Sequence[Column]) -> dict[str, int]:
    """Return the place of each column. Raises ValidationError with everything that is wrong."""
    named = [(place, _plain(cell), str(cell).strip()) for place, cell in enumerate(raw.rows[header])]
    places = {keys[plain]: place for place, plain, _cell in reversed(named) if plain in keys}
    counted = Counter(keys[plain] for _place, plain, _cell in named if plain in keys)
    unknown = [cell[:LONGEST_HEADER] for _place, plain, cell in named if plain and plain not in keys]
    nameless = [
        _letters(place)
        for place, plain, _cell in named
        if not plain and any(not is_blank(row[place]) for row in raw.rows[header + 1 :])
    ]
    sentences = []
    if missing := [column.title for column in columns if column.key not in places]:
        sentences.append(_("缺少这些列：%s。") % quoted(missing))
    if twice := [column.title for column in columns if counted[column.key] > 1]:
        sentences.append(_("这些列不止一列：%s。请只留一列。") % quoted(twice))
    if unknown:
        sentences.append(_("不认识这些列：%s。请删去，或者改成模板中的列名。") % quoted(unknown[:NAMED]))
    if nameless:
        sentences.append(
            _("这些列有内容，但没有列名：%s。请补上列名，或者删去内容。") % listed(nameless[:NAMED])
        )
    if sentences:
        where = _("工作表“%(sheet)s”第%(row)d行是表头。") % {"sheet": raw.name[:31], "row": header + 1}
        raise ValidationError(one_after_another([where, *sentences]), code="header")
    return places


def _letters(place: int) -> str:
    """The letters by which Excel names a column."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
