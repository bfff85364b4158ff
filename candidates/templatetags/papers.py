"""Papers: what is known, or a blank to write it in by hand; and the buttons that ask for them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from election_admin import sentences

register = template.Library()

# What a blank is made of: a space no line drops, as wide as a character.
SPACE = "\u3000"
WIDTH = 6


@register.filter
def blank(value: Any, width: int = WIDTH) -> Any:
    """The value, or a space as wide as so many characters to write it in."""
    return value if value not in (None, "") else _blank(width)


@register.filter
def day(value: date | None) -> str | SafeString:
    """A day in full, or blanks for year, month and day."""
    if value:
        return date_format(value)
    parts = {"year": _blank(3), "month": _blank(2), "day": _blank(2)}
    return format_html(_("{year}年{month}月{day}日"), **parts)


@register.filter
def month(value: date) -> str:
    """A birthday as a form has it: 1980年5月."""
    return date_format(value, "F Y" if (get_language() or "").startswith("en") else "Y年n月")


@register.filter
def listed(parts: Iterable[object]) -> str:
    """``{{ titles|listed }}``: the parts as a list in a sentence."""
    return sentences.listed(parts)


def _blank(width: int) -> SafeString:
    return format_html('<span class="blank">{}</span>', SPACE * int(width))
