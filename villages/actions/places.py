"""Places from a table of division codes: read whole, checked row by row, taken or refused as one.

The table is a CSV file with one village or community a row and the places above it beside it:
``code,name,township_code,township_name,county_code,county_name,city_code,city_name,
province_code,province_name``, and if wanted ``kind`` (village or community). Without a kind a
place whose name ends in 社区, 居委会 or 居民委员会 is a community, which elects its residents'
committee under another law; every other one is a village, kept under its own name: 桃园村 for 桃园村委会.
"""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.journal.record import append
from election_admin.places.models import CODE_DIGITS, Kind, Level, Place
from election_admin.sentences import listed
from election_admin.validators import validate_printable

COMMITTEE_ENDINGS = ("村民委员会", "民委员会", "委会")
COMMUNITY_ENDINGS = ("社区", "居委会", "居民委员会")
LONGEST_NAME = 60
BATCH = 2000
# Column of the code and of the name at each level, from the province down.
LEVEL_COLUMNS = {
    Level.PROVINCE: ("province_code", "province_name"),
    Level.CITY: ("city_code", "city_name"),
    Level.COUNTY: ("county_code", "county_name"),
    Level.TOWNSHIP: ("township_code", "township_name"),
    Level.VILLAGE: ("code", "name"),
}
COLUMNS = tuple(column for level in reversed(LEVEL_COLUMNS) for column in LEVEL_COLUMNS[level])
OPTIONAL_COLUMNS = ("kind",)
KINDS = (Kind.VILLAGE, Kind.COMMUNITY)
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Imported:
    """What an import did; ``after`` is what the journal keeps of it."""

    created: dict[str, int]
    renamed: int
    unchanged: int

    @property
    def changed(self) -> bool:
        """Whether anything was written at all."""
        return bool(sum(self.created.values()) or self.renamed)


@dataclass
class _Wanted:
    """One place as the table has it, and the row that said so first."""

    name: str
    row: int
    kind: str | None = None


@dataclass
class _Table:
    """What was read so far: places by level and code, and every problem met."""

    places: dict[Level, dict[str, _Wanted]] = field(
        default_factory=lambda: {level: {} for level in LEVEL_COLUMNS}
    )
    problems: list[str] = field(default_factory=list)

    def complain(self, row: int, column: str, problem: str) -> None:
        self.problems.append(
            _("第%(row)d行“%(column)s”列：%(problem)s") % {"row": row, "column": column, "problem": problem}
        )


@transaction.atomic
def import_places(*, file: BinaryIO, actor: User | None, at: datetime) -> Imported:
    """Bring the places of a table in, all of them or none; those already there are renamed.

    ``file`` must be seekable; ``actor`` is None only from the command line. Raises
    ValidationError with one sentence for each problem of the table.
    """
    table = _read(file)
    if table.problems:
        raise ValidationError(table.problems)
    counties = [Place(code=code, name=each.name) for code, each in table.places[Level.COUNTY].items()]
    for county in counties:
        if actor is not None:
            require(actor, "accounts.manage", county)
    held = _held(table)
    done: Counter[tuple[str, str]] = Counter()
    for level in LEVEL_COLUMNS:
        _write(level, table.places[level], held, done)
    _journal(counties, held, done, actor, at)
    return Imported(
        created={level.value: _count(done, f"created_{level}") for level in LEVEL_COLUMNS},
        renamed=_count(done, "changed"),
        unchanged=_count(done, "unchanged"),
    )


def kind_of_name(name: str) -> str:
    """Return which committee a place of that name elects."""
    return Kind.COMMUNITY if name.endswith(COMMUNITY_ENDINGS) else Kind.VILLAGE


def village_name(name: str) -> str:
    """Return the village's own name where a register names its committee: 桃园村委会 is 桃园村."""
    for ending in COMMITTEE_ENDINGS:
        if name.endswith(f"村{ending}"):
            return name.removesuffix(ending)
    return name


# --- writing ----------------------------------------------------------------
def _held(table: _Table) -> dict[str, Place]:
    """The places already there, by code: all of the counties named, and what lies above."""
    above = [*table.places[Level.PROVINCE], *table.places[Level.CITY]]
    held = {place.code: place for place in Place.objects.filter(code__in=above)}
    for code in table.places[Level.COUNTY]:
        held.update({place.code: place for place in Place.objects.within(code)})
    return held


def _write(
    level: Level, wanted: dict[str, _Wanted], held: dict[str, Place], done: Counter[tuple[str, str]]
) -> None:
    """Create and rename the places of one level; those above it are in ``held`` by now."""
    new, changed = [], []
    for code, each in wanted.items():
        county, place = code[: CODE_DIGITS["county"]], held.get(code)
        if place is None:
            new.append(_new(level, code, each, held))
            done[county, f"created_{level}"] += 1
        elif _change(place, each):
            changed.append(place)
            done[county, "changed"] += 1
        else:
            done[county, "unchanged"] += 1
    for place in Place.objects.bulk_create(new, batch_size=BATCH):
        held[place.code] = place
    Place.objects.bulk_update(changed, ["name", "kind"], batch_size=BATCH // 4)


def _new(level: Level, code: str, wanted: _Wanted, held: dict[str, Place]) -> Place:
    shorter = [digits for digits in CODE_DIGITS.values() if digits < len(code)]
    kind = (wanted.kind or kind_of_name(wanted.name)) if level == Level.VILLAGE else Kind.NONE
    return Place(
        code=code,
        name=wanted.name,
        level=level,
        kind=kind,
        parent=held[code[: max(shorter)]] if shorter else None,
    )


def _change(place: Place, wanted: _Wanted) -> bool:
    """Make a place what the table says, and say whether it was not.

    A kind once given stays until the table gives another, or the place another name.
    """
    kind = place.kind
    if place.level == Level.VILLAGE:
        kind = wanted.kind or (kind if place.name == wanted.name else kind_of_name(wanted.name))
    if (place.name, place.kind) == (wanted.name, kind):
        return False
    place.name, place.kind = wanted.name, kind
    return True


def _journal(
    counties: Iterable[Place],
    held: dict[str, Place],
    done: Counter[tuple[str, str]],
    actor: User | None,
    at: datetime,
) -> None:
    """One entry for each county in which something changed: a county's chain tells its own story."""
    for county in counties:
        after = {what: count for (code, what), count in done.items() if code == county.code}
        if after.keys() - {"unchanged"}:
            place = held[county.code]
            append(verb="places.import_places", row=place, actor=actor, place=place, at=at, after=after)


def _count(done: Counter[tuple[str, str]], what: str) -> int:
    return sum(count for (_code, each), count in done.items() if each == what)


# --- reading ----------------------------------------------------------------
def _read(file: BinaryIO) -> _Table:
    table = _Table()
    encoding = _encoding(file, table)
    if encoding is None:
        return table
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        _read_rows(csv.reader(text), table)
    except csv.Error:
        table.problems.append(_("文件不是CSV表格：有一格过长。请用Excel另存为“CSV UTF-8”再导入。"))
    finally:
        # Or closing the wrapper would close the caller's file.
        text.detach()
    return table


def _encoding(file: BinaryIO, table: _Table) -> str | None:
    """The encoding every byte of the file fits: UTF-8, or what Chinese Excel writes."""
    start = file.read(8)
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        table.problems.append(_("这是Excel工作簿，不是CSV文件。请在Excel中另存为“CSV UTF-8”再导入。"))
        return None
    if not start:
        table.problems.append(_("文件是空的。请检查选择的文件。"))
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        if _fits(file, encoding):
            return encoding
    table.problems.append(_("文件不是UTF-8或者GB18030编码的文本。请在Excel中另存为“CSV UTF-8”再导入。"))
    return None


def _fits(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    try:
        while chunk := file.read(_CHUNK):
            # No text holds a zero byte: pictures, programs and UTF-16 do.
            if b"\0" in chunk:
                return False
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    finally:
        file.seek(0)
    return True


def _read_rows(rows: Iterator[list[str]], table: _Table) -> None:
    header = [cell.strip() for cell in next(rows, [])]
    while header and not header[-1]:
        header.pop()
    if not _check_header(header, table):
        return
    # Excel numbers rows, not lines: a cell with a line break is one row, an empty row counts.
    for number, cells in enumerate(rows, start=2):
        values = [cell.strip() for cell in cells]
        if any(values):
            _read_row(number, header, values, table)
    if not table.places[Level.VILLAGE] and not table.problems:
        table.problems.append(_("表格只有标题行，没有地区。请填好后再导入。"))


def _check_header(header: Sequence[str], table: _Table) -> bool:
    missing = [column for column in COLUMNS if column not in header]
    known = (*COLUMNS, *OPTIONAL_COLUMNS)
    # With no column known this is some other file: what stands in it is nothing to repeat.
    strange = [column for column in header if column not in known] if {*header} & {*known} else []
    twice = sorted(column for column, times in Counter(header).items() if times > 1)
    if missing:
        table.problems.append(
            _("第1行缺少列：%(columns)s。请照样例文件补上这些列，列与列之间用英文逗号分隔。")
            % {"columns": listed(missing)}
        )
    table.problems += [
        _("第1行有不认识的列“%(column)s”。请删去这一列，或者改成样例文件里的列名。") % {"column": column[:40]}
        for column in strange
        if column not in twice
    ]
    table.problems += [_("第1行“%s”列出现了不止一次。请只保留一列。") % column[:40] for column in twice]
    return not table.problems


def _read_row(number: int, header: Sequence[str], values: list[str], table: _Table) -> None:
    if any(values[len(header) :]):
        table.problems.append(
            _("第%(row)d行：比标题行多出%(count)d格。请检查名称里是否有多余的逗号。")
            % {"row": number, "count": len(values) - len(header)}
        )
        return
    row = dict(zip(header, values + [""] * (len(header) - len(values)), strict=False))
    sound = _check_codes(number, row, table)
    for level in LEVEL_COLUMNS:
        named = _check_name(number, row, level, table)
        if sound and named:
            _take(number, row, level, table)


def _check_codes(number: int, row: dict[str, str], table: _Table) -> bool:
    """Whether every code has its digits and begins with the one above it."""
    before = len(table.problems)
    above_column = ""
    for level, (column, _name) in LEVEL_COLUMNS.items():
        code, digits = row[column], CODE_DIGITS[level]
        if not (code.isascii() and code.isdigit() and len(code) == digits):
            table.complain(number, column, _digits_problem(code, digits))
        elif above_column and len(table.problems) == before and not code.startswith(row[above_column]):
            table.complain(
                number,
                column,
                _("%(code)s不是以%(column)s（%(above)s）开头。请核对是哪一个填错了。")
                % {"code": code, "column": above_column, "above": row[above_column]},
            )
        above_column = column
    kind = row.get("kind", "")
    if kind and kind not in KINDS:
        table.complain(
            number,
            "kind",
            _("“%s”不是地区类型。请填 village（行政村）或者 community（社区），也可以留空。") % kind[:20],
        )
    return len(table.problems) == before


def _digits_problem(code: str, digits: int) -> str:
    if not code:
        return _("没有填写。请填%d位区划代码。") % digits
    values = {"code": code[:20], "digits": digits}
    if "E+" in code.upper():
        return (
            _("“%(code)s”是Excel改写的科学计数法。请把这一列设为“文本”格式，重新填%(digits)d位区划代码。")
            % values
        )
    return _("“%(code)s”不是%(digits)d位数字。请填统计用区划代码的%(digits)d位数字。") % values


def _check_name(number: int, row: dict[str, str], level: Level, table: _Table) -> bool:
    _code, column = LEVEL_COLUMNS[level]
    name = row[column]
    if not name:
        table.complain(number, column, _("名称是空的。请填写名称。"))
        return False
    if any(character in name for character in "\n\r\t"):
        table.complain(number, column, _("名称里有换行或者制表符。请删去。"))
        return False
    if len(name) > LONGEST_NAME:
        table.complain(
            number,
            column,
            _("名称有%(length)d个字，最多%(most)d个字。请改短。")
            % {"length": len(name), "most": LONGEST_NAME},
        )
        return False
    try:
        validate_printable(name)
    except ValidationError as error:
        table.complain(number, column, error.messages[0])
        return False
    return True


def _take(number: int, row: dict[str, str], level: Level, table: _Table) -> None:
    """Keep the place of this level, unless another row says something else of the same code."""
    code_column, name_column = LEVEL_COLUMNS[level]
    code, name = row[code_column], village_name(row[name_column])
    known = table.places[level].setdefault(code, _Wanted(name, number, row.get("kind") or None))
    values = {"code": code, "row": known.row, "name": known.name, "own": name}
    if known.row == number:
        return
    if known.name != name:
        problem = _("代码%(code)s在第%(row)d行叫“%(name)s”，这里叫“%(own)s”。请核对哪一个正确。") % values
        table.complain(number, name_column, problem)
    elif level == Level.VILLAGE:
        problem = _("代码%(code)s与第%(row)d行重复。请删去其中一行。") % values
        table.complain(number, code_column, problem)
