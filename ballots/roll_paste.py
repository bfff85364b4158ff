"""Reading a list of voters pasted from a spreadsheet."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ballots.actions.roll import COLUMNS, in_sentences
from ballots.models import Voter
from ballots.rules.roll import Registration
from election_admin.forms import EARLIEST_DATE, half_width
from election_admin.sentences import listed
from election_admin.validators import validate_person_name, validate_printable

MOST_LINES = 2_000
LONGEST_NAME = 40
LONGEST_GROUP = 20
SEXES = {
    "男": Voter.Sex.MALE,
    "女": Voter.Sex.FEMALE,
    "男性": Voter.Sex.MALE,
    "女性": Voter.Sex.FEMALE,
    "male": Voter.Sex.MALE,
    "female": Voter.Sex.FEMALE,
}
# What people write in the column of the ground, besides its full words.
GROUNDS = {
    "在村": Voter.Ground.RESIDENT,
    "外出": Voter.Ground.AWAY,
    "外来": Voter.Ground.ACCEPTED,
    "resident": Voter.Ground.RESIDENT,
    "away": Voter.Ground.AWAY,
    "accepted": Voter.Ground.ACCEPTED,
}
# 1980-01-02, 1980/1/2, 1980.1.2, 1980年1月2日, 19800102; a spreadsheet may add midnight.
_DATE = re.compile(
    r"(\d{4})(?:(\d{2})(\d{2})|\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?)(?:\s+0?0:00(?::00)?)?"
)
_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")


def tidy_name(name: str) -> str:
    """Return a name without the spaces by which lists widen names of two signs."""
    return _BETWEEN_HAN.sub("", name.strip())


def read_voters(text: str) -> list[Registration]:
    """Read pasted lines: name, sex, birthday, group, ground, and the day a meeting accepted them.

    Cells are parted by tabs or commas; a first line that names the columns is passed over, and so
    are empty lines. Raises ValidationError with a sentence for each fault, by line and column; for
    a list that is too long; and for one with nobody on it.
    """
    lines = [(number, _cells(line)) for number, line in enumerate(text.splitlines(), start=1)]
    lines = [(number, cells) for number, cells in lines if any(cells)]
    if lines and _names_columns(lines[0][1]):
        lines = lines[1:]
    if not lines:
        raise ValidationError(_("没有读到选民：请从表格里复制几行，粘贴到这里。"))
    if len(lines) > MOST_LINES:
        sentence = ngettext(
            "一次最多粘贴%(most)d行，现有%(count)d行：请分几次粘贴。",
            "一次最多粘贴%(most)d行，现有%(count)d行：请分几次粘贴。",
            len(lines),
        )
        raise ValidationError(sentence % {"most": MOST_LINES, "count": len(lines)})
    voters: list[Registration] = []
    found: list[tuple[int, str, str]] = []
    for number, cells in lines:
        values, wrong = _read_line(cells)
        found += [(number, field, sentence) for field, sentence in wrong.items()]
        if not wrong:
            voters.append(Registration(line=number, **values))
    if found:
        raise ValidationError(in_sentences(found))
    return voters


def _cells(line: str) -> list[str]:
    cells = line.split("\t") if "\t" in line else line.replace("，", ",").split(",")
    cells = [cell.strip() for cell in cells]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _names_columns(cells: list[str]) -> bool:
    """Whether a line holds the columns' names.

    Raises ValidationError where they stand in another order: a birthday is not read as a group.
    """
    titles = ["".join(cell.split()) for cell in cells]
    order = [str(title) for title in COLUMNS.values()]
    if not any(title in order for title in titles):
        return False
    if titles not in (order, order[:-1]):
        raise ValidationError(
            _("列的次序应为：%s，最后一列可以没有。请在表格里调整后再复制。") % listed(order)
        )
    return True


def _read_line(cells: list[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The values of one line and what is wrong in it, both by column."""
    if len(cells) > len(COLUMNS):
        return {}, {"accepted_on": _("这一行有%d列，超出了应有的列数，请核对。") % len(cells)}
    cells = cells + [""] * (len(COLUMNS) - len(cells))
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for field, cell in zip(COLUMNS, cells, strict=True):
        try:
            values[field] = _READERS[field](cell)
        except ValidationError as error:
            wrong[field] = " ".join(error.messages)
    return values, wrong


def _name(cell: str) -> str:
    name = tidy_name(cell)
    if not name:
        raise ValidationError(_("请填写姓名。"))
    if len(name) > LONGEST_NAME:
        raise ValidationError(_("姓名超过了%d个字，请核对。") % LONGEST_NAME)
    validate_person_name(name)
    return name


def _sex(cell: str) -> str:
    if half_width(cell).lower() not in SEXES:
        raise ValidationError(_("应为“男”或者“女”。"))
    return SEXES[half_width(cell).lower()]


def _born(cell: str) -> date:
    if not cell:
        raise ValidationError(_("请填写出生日期。"))
    return _day(cell)


def _day(cell: str) -> date:
    found = _DATE.fullmatch(half_width(cell).strip())
    if found is None:
        raise ValidationError(_("“%s”不是日期，应写成1980-01-02或者1980年1月2日。") % cell[:20])
    year, *parts = (int(part) for part in found.groups() if part is not None)
    try:
        day = date(year, *parts)
    except ValueError:
        raise ValidationError(_("没有%s这一天，请核对。") % cell[:20]) from None
    if day < EARLIEST_DATE:
        raise ValidationError(_("日期早于1900年，请检查年份。"))
    return day


def _group(cell: str) -> str:
    group = half_width(cell)
    if len(group) > LONGEST_GROUP:
        raise ValidationError(_("村民小组超过了%d个字，请核对。") % LONGEST_GROUP)
    validate_printable(group)
    return group


def _ground(cell: str) -> str:
    full_words = {str(ground.label): ground for ground in Voter.Ground}
    ground = (GROUNDS | full_words).get(cell)
    if ground is None:
        raise ValidationError(
            _("应为“在村”（户籍在本村并居住）、“外出”（户籍在本村、不在本村居住）或者“外来”（经会议同意）。")
        )
    return ground


def _accepted_on(cell: str) -> date | None:
    return _day(cell) if cell else None


_READERS: Mapping[str, Callable[[str], Any]] = {
    "name": _name,
    "sex": _sex,
    "born": _born,
    "group": _group,
    "ground": _ground,
    "accepted_on": _accepted_on,
}
