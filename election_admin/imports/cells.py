"""Reading the cells of a row as its columns say.

A sentence about a cell never repeats what stands in it: it may be what screens mask.
"""

import datetime
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from election_admin.forms import EARLIEST_DATE, LATEST_DATE, half_width
from election_admin.imports.registry import Column
from election_admin.sentences import listed
from election_admin.validators import validate_printable

# Excel keeps 15 digits of a number.
LARGEST_EXACT = 10**15
# What every database takes as a whole number.
LARGEST_NUMBER = 2**31 - 1
# A sentence that names more choices is not read to its end.
NAMED_CHOICES = 20
_DATES = (
    re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})"),
    re.compile(r"(\d{4})(年)(\d{1,2})月(\d{1,2})日"),
    re.compile(r"(\d{4})()(\d{2})(\d{2})"),
)
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.0+)?")
# Full-width letters and digits; signs stay, as 、 and （ are how Chinese is written.
_HALF_WIDTH = {
    code: code - 0xFEE0
    for first, last in (("０", "９"), ("Ａ", "Ｚ"), ("ａ", "ｚ"))
    for code in range(ord(first), ord(last) + 1)
}
# Spaces of all kinds are one; what cannot be seen, and came along from a page or a chat, is nothing.
_SPACES = dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2009\u202f\u3000\t"), " ")
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff\r"))
_PLAIN = str.maketrans({**_HALF_WIDTH, **_SPACES, **_UNSEEN})

Convert = Callable[[Any], Any]


class UnreadableCell(Exception):
    """A cell that does not hold what its column should; the message is the sentence."""


def is_blank(value: Any) -> bool:
    """Whether nothing can be seen in a cell."""
    return value is None or (isinstance(value, str) and not value.translate(_PLAIN).strip())


def converter(column: Column) -> Convert:
    """Return what reads the cells of a column that are not blank; it raises UnreadableCell."""
    match column.reads:
        case "text":
            return _text_reader(column.longest)
        case "date":
            return read_date
        case "number":
            return read_number
        case "id_number":
            return read_id_number
        case "choice":
            return _choice_reader(column)


def _text_reader(longest: int) -> Convert:
    def read(value: Any) -> str:
        text = _text_of(value)
        if len(text) > longest:
            raise UnreadableCell(
                _("最多%(most)d个字，现有%(length)d个字，请删减。") % {"most": longest, "length": len(text)}
            )
        if not (text.isascii() and text.isprintable()):
            try:
                validate_printable(text)
            except ValidationError as error:
                raise UnreadableCell(" ".join(error.messages)) from error
        return text

    return read


def _text_of(value: Any) -> str:
    """What Excel would show of the cell, with spaces and full-width digits made one."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        if abs(value) >= LARGEST_EXACT:
            raise UnreadableCell(
                _(
                    "Excel把这一格存成了数字，第15位以后的数字已经丢失。请先把这一列设为“文本”格式，再重新填写。"
                )
            )
        return str(int(value)) if float(value).is_integer() else repr(float(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    if isinstance(value, str):
        text = value.replace("_x000D_", "").translate(_PLAIN)
        return text.strip()
    return str(value)


def read_date(value: Any) -> datetime.date:
    """Read a day: an Excel date or one of the written forms."""
    if isinstance(value, datetime.datetime):
        return _in_range(value.date())
    if isinstance(value, datetime.date):
        return _in_range(value)
    if isinstance(value, float) and not isinstance(value, bool) and value.is_integer():
        value = str(int(value))
    if isinstance(value, str):
        text = _squeezed(value)
        for form in _DATES:
            if found := form.fullmatch(text):
                return _in_range(_day(int(found[1]), int(found[3]), int(found[4])))
    raise UnreadableCell(_("这里应填日期，如2026-12-01、2026/12/1或者2026年12月1日。"))


def _day(year: int, month: int, day: int) -> datetime.date:
    try:
        return datetime.date(year, month, day)
    except ValueError as error:
        raise UnreadableCell(_("没有这一天，请核对月份和日期。")) from error


def _in_range(day: datetime.date) -> datetime.date:
    if not EARLIEST_DATE <= day <= LATEST_DATE:
        raise UnreadableCell(_("日期应在1900年至2199年之间，请检查年份。"))
    return day


def read_number(value: Any) -> int:
    """Read a whole number."""
    if isinstance(value, str):
        text = _squeezed(value)
        if _NUMBER.fullmatch(text) and len(text) < 30:
            value = float(text.replace(",", ""))
    if isinstance(value, bool) or not isinstance(value, int | float) or not float(value).is_integer():
        raise UnreadableCell(_("这里应填整数，只写数字，不写单位。"))
    if abs(value) > LARGEST_NUMBER:
        raise UnreadableCell(_("数字太大，请核对。"))
    return int(value)


def read_id_number(value: Any) -> str:
    """Read an ID number as it is kept; whether it can be one is for the kind to say."""
    if isinstance(value, int | float):
        raise UnreadableCell(
            _(
                "Excel把公民身份号码存成了数字，最后几位已经变成0。请先把这一列设为“文本”格式，再重新填写号码。"
            )
        )
    text = re.sub(r"[\s\-']", "", unicodedata.normalize("NFKC", _text_of(value))).upper()
    if len(text) > 30:
        raise UnreadableCell(_("公民身份号码应为18位，请核对。"))
    return text


def _choice_reader(column: Column) -> Convert:
    codes = {_word(title): code for title, code in in_every_language(dict(column.choices)).items()}
    offered = listed(title for _code, title in column.choices)

    def read(value: Any) -> str:
        code = codes.get(_word(_text_of(value)))
        if code is not None:
            return code
        if len(column.choices) > NAMED_CHOICES:
            raise UnreadableCell(_("没有这个选项，请按模板“填写说明”中列出的填写。"))
        raise UnreadableCell(_("没有这个选项。可以填：%s。") % offered)

    return read


def _word(text: str) -> str:
    return "".join(half_width(text).split()).casefold()


def _squeezed(text: str) -> str:
    return "".join(half_width(text.translate(_PLAIN)).split())


def in_every_language(titles: Mapping[str, Any]) -> dict[str, str]:
    """Return the code of each title in each language the office speaks: {title: code}."""
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {str(title): code for code, title in titles.items()}
    return found
