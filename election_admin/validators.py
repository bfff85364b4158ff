"""What may stand in a field, said in a sentence when it may not."""

import re
import unicodedata
from collections.abc import Collection, Iterator

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

# Letters of any script, the dot of Uyghur and Tibetan names, hyphen and space.
_NAME = re.compile(r"[^\W\d_]+(?:[·•.\- ][^\W\d_]+)*")
# Pictures, flags, skin tones, joiners: no document font has them, no office signs them.
_PICTURES = re.compile(
    "[\U0001f000-\U0001faff\U0001f1e6-\U0001f1ff\u2600-\u27bf\u2b00-\u2bff\ufe0e\ufe0f\u200d\u20e3]"
)
_ALLOWED_SIGNS = frozenset("√☆★→×")


def unprintable(text: str) -> Iterator[str]:
    """Yield the characters of ``text`` that cannot stand in a printed document."""
    for character in text:
        if character in _ALLOWED_SIGNS or character in "\n\r\t":
            continue
        if _PICTURES.match(character) or unicodedata.category(character) in {"Cc", "Cs", "Co", "Cn"}:
            yield character


def validate_printable(text: str) -> None:
    """Raise ValidationError when the text holds emoji, control or unassigned characters."""
    found = next(unprintable(text), None)
    if found is not None:
        shown = found if found.isprintable() else f"U+{ord(found):04X}"
        raise ValidationError(
            _("含有无法打印的字符“%s”（如表情符号），请删去后再保存。") % shown, code="unprintable"
        )


def validate_person_name(name: str) -> None:
    """Raise ValidationError unless this can be a person's name."""
    validate_printable(name)
    if not _NAME.fullmatch(name):
        raise ValidationError(
            _("姓名只能由文字组成，少数民族姓名可用“·”分隔，不能含数字或符号。"), code="name"
        )


def validate_fields(row: models.Model, fields: Collection[str]) -> None:
    """Raise ValidationError unless the named fields, and the constraints on them, hold."""
    row.full_clean(exclude=[field.name for field in row._meta.fields if field.name not in fields])
