"""What may be uploaded: an Excel workbook, told by its content, of a size that can be opened.

calamine, which reads the values, believes what a file says of itself: a cell in the last row and
column of a sheet makes it ask for more memory than there is, which ends the process. And where a
cell holds #REF! it says that the cell is empty. So a file is looked through first: unpacked in
pieces, its XML read for where values stand, which of them are errors, and where formulas are.
"""

import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import IO, Any
from xml.parsers import expat

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from election_admin.uploads import plain_name

ACCEPT = ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A roll of 50,000 voters with 13 columns is 2.4 MB and unpacks to 38.
UNPACKED_BYTES = 160 * 1024 * 1024
XML_ELEMENTS = 6_000_000
PARTS = 500
# Rows that may lie between, above and below those that are counted.
SPARE_ROWS = 1_000
MOST_COLUMNS = 200
_PIECE = 64 * 1024
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_CELLS_IN = b"sheetData"
# RuntimeError: a part with a password. LookupError: no such part.
_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    RuntimeError,
    ValueError,
    NotImplementedError,
    OSError,
    LookupError,
)


class _TooMuch(Exception):
    """The file unpacks to more than can be read."""


@dataclass(frozen=True)
class Upload:
    """A file that may be read: its name made fit for a page, its bytes."""

    name: str
    content: bytes


@dataclass
class Layout:
    """Where values stand in one sheet, rows and columns counted from nought."""

    last_row: int = -1
    last_column: int = -1
    errors: set[tuple[int, int]] = field(default_factory=set)
    # Formulas that do not give a text: one without a value has never been calculated.
    formulas: set[tuple[int, int]] = field(default_factory=set)


@dataclass(frozen=True)
class RawSheet:
    """The values of a sheet from its first row and column on, and where they are not to be had."""

    name: str
    rows: list[list[Any]]
    layout: Layout


def check(file: File[bytes]) -> Upload:
    """Return an uploaded file that is a workbook.

    Raises ValidationError, naming the file and what to do, for one that is empty, too large, no
    workbook of today's Excel, locked by a password, or damaged.
    """
    name = plain_name(file.name or "")
    if file.size > settings.UPLOAD_FILE_BYTES:
        sentence = _(
            "“%(name)s”有%(size)s，超过%(limit)s的上限。请删去图片和多余的工作表，或者分成几个文件。"
        )
        size, limit = filesizeformat(file.size), filesizeformat(settings.UPLOAD_FILE_BYTES)
        raise ValidationError(sentence % {"name": name, "size": size, "limit": limit}, code="size")
    file.seek(0)
    content = file.read()
    _check_type(name, content)
    return Upload(name, content)


def open_workbook(name: str, content: bytes, *, most_rows: int) -> Iterator[RawSheet]:
    """Yield the sheets of a workbook that hold anything, in their order, those that are hidden left out.

    Raises ValidationError, naming the file, for one that is damaged, unpacks to too much, or has
    values farther down or to the right than can be read.
    """
    layouts, sheet_parts = _look_through(name, content)
    for layout in layouts.values():
        _check_extent(name, layout, most_rows)
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as workbook:
            for sheet in workbook.sheets_metadata:
                layout = layouts[sheet_parts[sheet.name]] if sheet.name in sheet_parts else Layout()
                visible = sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
                if visible and layout.last_row >= 0:
                    rows = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
                    yield RawSheet(sheet.name, rows, layout)
    except (CalamineError, ValueError, OSError) as error:
        raise _damaged(name) from error
    except BaseException as error:
        # What Rust did not expect; it derives from nothing else.
        if type(error).__name__ == "PanicException":
            raise _damaged(name) from error
        raise


def _check_type(name: str, content: bytes) -> None:
    if not content:
        raise ValidationError(_("“%(name)s”是空文件，请重新选择。") % {"name": name}, code="empty")
    if content.startswith(_OLD_OFFICE):
        if _ENCRYPTED in content:
            sentence = _(
                "“%(name)s”设有打开密码，无法读取。请在Excel中取消密码（文件→信息→保护工作簿）后再上传。"
            )
            raise ValidationError(sentence % {"name": name}, code="password")
        sentence = _(
            "“%(name)s”是旧版Excel文件（.xls）。请在Excel或WPS中另存为“Excel工作簿（.xlsx）”后再上传。"
        )
        raise ValidationError(sentence % {"name": name}, code="type")
    sentence = _(
        "“%(name)s”不是Excel工作簿（.xlsx）。请下载模板填写，或者在Excel、WPS中另存为.xlsx后再上传。"
    )
    other = ValidationError(sentence % {"name": name}, code="type")
    if not content.startswith(b"PK"):
        raise other
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            names = set(parts.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _damaged(name) from error
    if not {_WORKBOOK, _RELATIONS} <= names:
        raise other


def _damaged(name: str) -> ValidationError:
    return ValidationError(
        _("“%(name)s”已损坏或不完整，打不开。请在Excel中打开并重新保存后再上传。") % {"name": name},
        code="damaged",
    )


def _check_extent(name: str, layout: Layout, most_rows: int) -> None:
    if layout.last_row >= most_rows + SPARE_ROWS:
        sentence = _(
            "“%(name)s”有一张工作表用到了第%(row)d行，一次最多导入%(most)d行。请删去多余的行，或者分成几个文件。"
        )
        shown = {"name": name, "row": layout.last_row + 1, "most": most_rows}
        raise ValidationError(sentence % shown, code="rows")
    if layout.last_column >= MOST_COLUMNS:
        sentence = _("“%(name)s”有一张工作表用到了第%(column)d列，最多%(most)d列。请删去多余的列。")
        shown = {"name": name, "column": layout.last_column + 1, "most": MOST_COLUMNS}
        raise ValidationError(sentence % shown, code="columns")


def _look_through(name: str, content: bytes) -> tuple[dict[str, Layout], dict[str, str]]:
    """Return the layout of each part that holds cells, and which part each sheet is in."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = _read_parts(archive)
    except _TooMuch:
        sentence = _(
            "“%(name)s”内容过多，打开后太大，无法读取。请删去图片、批注和多余的工作表，或者分成几个文件。"
        )
        raise ValidationError(sentence % {"name": name}, code="unpacked") from None
    except _UNREADABLE as error:
        raise _damaged(name) from error
    layouts = {path: part.layout for path, part in parts.items() if part.layout is not None}
    worksheets = parts[_RELATIONS].worksheets
    sheets = {sheet: worksheets[key] for key, sheet in parts[_WORKBOOK].sheets.items() if key in worksheets}
    if not layouts.keys() >= set(sheets.values()):
        raise _damaged(name)
    return layouts, sheets


def _read_parts(archive: zipfile.ZipFile) -> dict[str, "_Part"]:
    """Read every part, whatever it is called. Raises one of _UNREADABLE."""
    listed = archive.infolist()
    if len(listed) > PARTS:
        raise _TooMuch
    seen, parts = _Seen(), {}
    for one in listed:
        path = one.filename.lower()
        if path in parts or one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise zipfile.BadZipFile(path)
        with archive.open(one) as unpacked:
            parts[path] = _Part(seen)
            parts[path].read(unpacked)
    return parts


@dataclass
class _Seen:
    """What of a whole file has been unpacked."""

    bytes: int = 0
    elements: int = 0


class _Part:
    """Reads one part of the file: notes where its cells have values, and which sheets it names."""

    def __init__(self, seen: _Seen) -> None:
        self.seen = seen
        self.layout: Layout | None = None
        self.holds_cells = False
        self.sheets: dict[str, str] = {}
        self.worksheets: dict[str, str] = {}
        self.row = self.column = -1
        self.formula = self.value = False
        self.type = ""

    def read(self, unpacked: IO[bytes]) -> None:
        """Read to the end. Raises ValueError for cells in what is no XML."""
        # Whatever encoding a part claims: calamine takes it for UTF-8, and both must see the same.
        parser = expat.ParserCreate("UTF-8", " ")
        parser.StartElementHandler = self._start
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        is_xml, before = True, b""
        while piece := unpacked.read(_PIECE):
            self.seen.bytes += len(piece)
            if self.seen.bytes > UNPACKED_BYTES:
                raise _TooMuch
            # A name that lies across two pieces counts too.
            self.holds_cells = self.holds_cells or _CELLS_IN in before + piece
            before = piece[-len(_CELLS_IN) :]
            is_xml = is_xml and _parsed(parser, piece, last=False)
        is_xml = is_xml and _parsed(parser, b"", last=True)
        self._end_cell()
        if self.holds_cells and not is_xml:
            raise ValueError("Cells outside XML.")

    def _refuse_doctype(self, *declared: Any) -> None:
        raise _TooMuch

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.seen.elements += 1
        if self.seen.elements > XML_ELEMENTS:
            raise _TooMuch
        element = name.rpartition(" ")[2]
        if element == "c":
            self._end_cell()
            self._begin_cell(attributes)
        elif element in {"v", "is"}:
            self.value = True
        elif element == "f":
            self.formula = True
        elif element == "row":
            self._end_cell()
            self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
            self.column = -1
        elif element in {"worksheet", "sheetData"}:
            self.layout = self.layout or Layout()
        elif element == "sheet":
            key = next((value for key, value in attributes.items() if key.endswith(" id")), "")
            self.sheets[key] = attributes.get("name", "")
        elif element == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            path = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))
            self.worksheets[attributes.get("Id", "")] = path.lstrip("/").lower()

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        if "r" in attributes:
            self.row, self.column = _position(attributes["r"])
        else:
            self.column += 1
        self.type = attributes.get("t", "")

    def _end_cell(self) -> None:
        """Note a cell that is over, if there is anything in it."""
        if self.layout is not None and (self.value or self.formula):
            layout, where = self.layout, (self.row, self.column)
            layout.last_row = max(layout.last_row, self.row)
            layout.last_column = max(layout.last_column, self.column)
            if self.type == "e":
                layout.errors.add(where)
            elif self.formula and self.type != "str":
                layout.formulas.add(where)
        self.formula = self.value = False
        self.type = ""


def _parsed(parser: Any, piece: bytes, *, last: bool) -> bool:
    try:
        parser.Parse(piece, last)
    except expat.ExpatError:
        return False
    return True


def _position(reference: str) -> tuple[int, int]:
    """Return row and column of a reference such as BC12. Raises ValueError for what is none."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise ValueError(reference)
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(reference[len(letters) :]) - 1, column - 1
