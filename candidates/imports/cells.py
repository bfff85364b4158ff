"""Cells that several kinds of file have: whom a row is about, and what its preview shows of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _lazy

from candidates.id_numbers import fault_of, normalised
from election_admin.imports.registry import Column, Fault

# What a preview shows of a cell that screens mask whole: that something stands there.
HIDDEN = "●●●"

VILLAGE = Column(
    "village",
    _lazy("村"),
    required=True,
    help=_lazy("村名，或者12位区划代码。"),
    example="桃园村",
    longest=60,
    plain=True,
)
ID_NUMBER_WIDTH = 22
YES_NO: tuple[tuple[str, Any], ...] = (("yes", _lazy("是")), ("no", _lazy("否")))
YES_NO_UNKNOWN: tuple[tuple[str, Any], ...] = (*YES_NO, ("unknown", _lazy("尚未查明")))
ANSWERS = {"yes": True, "no": False, "unknown": None}
WORDS = {True: "yes", False: "no", None: "unknown"}


def masked(id_number: str) -> str:
    """An ID number as a preview shows it; one that is not whole is hidden whole."""
    if not id_number:
        return ""
    return f"{id_number[:6]}********{id_number[-4:]}" if len(id_number) == 18 else HIDDEN


def changed_cell(old: str, new: str) -> str:
    """What a preview shows of a cell that would change: 高中 → 大专."""
    return f"{old or '—'} → {new}"


def hidden(value: object) -> str:
    """What a preview shows of a cell that is masked whole."""
    return "" if value in (None, "") else HIDDEN


def read_id_number(cells: Mapping[str, Any]) -> str:
    """The number in its normal form, empty if there is none. Raises ValidationError for a wrong one."""
    number = normalised(cells.get("id_number") or "")
    fault = fault_of(number) if number else None
    if fault:
        raise ValidationError({"id_number": fault})
    return number


def faults_of(error: ValidationError, columns: Iterable[str], *, otherwise: str = "") -> list[Fault]:
    """What was refused, beside the columns it names; what names none, beside ``otherwise``."""
    if not hasattr(error, "error_dict"):
        return [Fault(otherwise, sentence) for sentence in error.messages]
    known = set(columns)
    return [
        Fault(name if name in known else otherwise, sentence)
        for name, errors in error.error_dict.items()
        for each in errors
        for sentence in each.messages
    ]
