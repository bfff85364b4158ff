"""Notices in templates: what is known, or a blank to write it in by hand."""

from datetime import date
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ballots import notices
from ballots.actions.steps import CONFIDENTIAL
from villages.models import Election
from villages.procedures import course_of

register = template.Library()

# Wide enough for the words usually written there, in characters.
WIDTH = 6
# What a blank is made of: a space no line drops, as wide as a character.
SPACE = "\u3000"


@register.filter
def blank(value: Any, width: int = WIDTH) -> Any:
    """The value, or an underlined space as wide as so many characters."""
    return value if value not in (None, "") else _blank(width)


@register.filter
def day(value: date | None) -> str | SafeString:
    """A day in full, or blanks for year, month and day."""
    if value:
        return date_format(value)
    parts = {"year": _blank(3), "month": _blank(2), "day": _blank(2)}
    return format_html(_("{year}年{month}月{day}日"), **parts)


@register.filter
def weekday(value: date) -> str:
    """The day of the week: 星期日."""
    return date_format(value, "l")


@register.filter
def numeral(value: int) -> str:
    """A number as it stands in a sentence of law: 三; 3 in English."""
    return notices.numeral(value)


@register.inclusion_tag("ballots/documents/notices/_lines.html")
def typed_lines(lines: list[str], blanks: int = 4) -> dict[str, Any]:
    """What somebody typed line by line, or so many lines to write on."""
    return {"lines": lines, "blanks": range(0 if lines else blanks)}


@register.simple_tag
def stages_of(election: Election) -> list[tuple[str, Any]]:
    """The stages of an election's own procedure that have a step everybody may see."""
    course = course_of(election)
    shown = {step.stage for code, step in course.steps.items() if code not in CONFIDENTIAL}
    return [(code, title) for code, title in course.stages.items() if code in shown]


def _blank(width: int) -> SafeString:
    return format_html('<span class="blank">{}</span>', SPACE * int(width))
