"""The numbers of a rulebook that a document can change, in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ballots.parameters import PARAMETERS
from ballots.wording import cite
from election_admin.rulebooks.procedures import Procedure
from election_admin.rulebooks.revisions import numbers_of
from election_admin.sentences import bracketed, explained, listed
from villages.law_words import dated
from villages.models import RulebookEdition
from villages.procedures import changes_of, procedure_in

# What a part of a parameter counts, where it has more than one number.
PARTS: Mapping[str, Promise] = {
    "chair": _lazy("主任"),
    "vice_chair": _lazy("副主任"),
    "member": _lazy("委员"),
    "least": _lazy("最少"),
    "most": _lazy("最多"),
    "numerator": _lazy("分子"),
    "denominator": _lazy("分母"),
    "after_round": _lazy("第几轮选举后"),
    "least_elected": _lazy("至少已选出人数"),
}


@dataclass(frozen=True)
class NumberWords:
    """One number: among which rules it stands, what it is of, and what it says."""

    path: str
    group: str
    label: str
    value: str

    def __str__(self) -> str:
        return explained(self.label, self.value)


@dataclass(frozen=True)
class ChangeWords:
    """A change: of what, from what to what, by which article of which document."""

    group: str
    label: str
    old: str
    new: str
    source: str
    remark: str


def number_words(procedure: Procedure, path: str, value: int) -> NumberWords:
    """A number in words, were it ``value``."""
    day = dated(procedure, path)
    if day is not None:
        language = get_language() or ""
        title = day.course.steps[day.step].title.in_(language)
        return NumberWords(path, day.course.title.in_(language), title, day.in_words(value))
    code, parts = path.split(".")[1], path.split(".")[2:]
    label, in_words = PARAMETERS[code]
    # The value itself and the share within it go without saying.
    named = [str(PARTS.get(part, part)) for part in parts if part not in {"value", "more_than"}]
    said = str(value) if named else in_words(value)
    return NumberWords(path, _("规定"), f"{label}{bracketed(listed(named)) if named else ''}", said)


def numbers_in_words(procedure: Procedure) -> Iterator[NumberWords]:
    """Every number of a rulebook that a document can change, as it stands."""
    for number in numbers_of(procedure):
        yield number_words(procedure, number.path, number.value)


def number_choices(procedure: Procedure) -> list[tuple[str, list[tuple[str, str]]]]:
    """The numbers as choices of a form, by the course in which they stand."""
    return [
        (group, [(number.path, str(number)) for number in numbers])
        for group, numbers in groupby(numbers_in_words(procedure), key=lambda one: one.group)
    ]


def last_change(edition: RulebookEdition) -> ChangeWords:
    """What an edition has changed in the one before it."""
    procedure, changes = procedure_in(edition), changes_of(edition)
    change = changes[-1]
    old = number_words(procedure, change.path, change.old)
    new = number_words(procedure, change.path, change.new)
    return ChangeWords(
        group=old.group,
        label=old.label,
        old=old.value,
        new=new.value,
        source=cite(procedure, change.source(len(changes))),
        remark=change.remark,
    )
