"""Names found by the first letters of their pinyin: 曾大山 by zds, and by cds, as 曾 may be read.

The readings are those of the table that also ranks signs by their strokes.
"""

import re
import unicodedata
from functools import cache
from typing import Any

from django.db import models

from election_admin.strokes import signs

# Letters that could begin a reading of each sign stand between these.
_BETWEEN = ","
_LETTERS = re.compile(r"[a-z]+")


def initials(name: str) -> str:
    """Every letter that could begin each sign of a name, sign by sign: 曾大山 is ``cz,dt,s``.

    A sign that is not read in pinyin stands for itself if it is a letter, and else is left out.
    """
    letters = (_first_letters(sign) for sign in unicodedata.normalize("NFKC", name).lower())
    return _BETWEEN.join(filter(None, letters))


def initials_pattern(typed: str) -> str | None:
    """The regular expression that finds in ``initials`` what was typed; None if it is not letters.

    The letters may begin within a name: ds finds 曾大山. Each database knows this much of regular
    expressions.
    """
    letters = unicodedata.normalize("NFKC", typed).strip().lower()
    if not _LETTERS.fullmatch(letters):
        return None
    return _BETWEEN.join(f"[a-z]*{letter}[a-z]*" for letter in letters)


class InitialsField(models.CharField[str, str]):
    """The initials of the name in another field, worked out whenever the row is written."""

    def __init__(self, *args: Any, name_field: str, **kwargs: Any) -> None:
        self.name_field = name_field
        super().__init__(*args, **{"max_length": 400, "blank": True, "editable": False, **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "name_field": self.name_field}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        found = initials(getattr(model_instance, self.name_field))[: self.max_length]
        setattr(model_instance, self.attname, found)
        return found


def _first_letters(sign: str) -> str:
    if _LETTERS.fullmatch(sign):
        return sign
    return "".join(sorted(_readings().get(sign, ())))


@cache
def _readings() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for word in signs():
        _sign, marked, reading = word["signature"].partition("_")
        first = unicodedata.normalize("NFD", reading[:1]).lower()[:1]
        if marked and _LETTERS.fullmatch(first):
            found.setdefault(word["chinese"], set()).add(first)
    return found
