"""The county departments that take part in the joint review (`departments.yaml`)."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from election_admin.rulebooks.loading import Fault, read
from election_admin.rulebooks.values import STRICT, Code, Text

_FILE = Path(__file__).with_name("departments.yaml")

Told = Literal["name", "village", "sex", "born_year", "id_number", "party_member", "post"]
"""What may be told of a candidate to a department; nothing else ever is."""

NEEDED: tuple[Told, ...] = ("name", "village")


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Department:
    """One department: `title` is its line on the joint-review form, `body` its full name.

    `sees` is what it is told of a candidate it is asked about: what it needs to find its own
    records, and no more. Without a name and a village nobody could answer.
    """

    code: Code
    title: Text
    body: Text
    sees: Annotated[tuple[Told, ...], Field(min_length=1)]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Departments:
    """All of them, in the order of the form; `notes` say why each sees what it sees."""

    notes: tuple[Text, ...]
    departments: Annotated[tuple[Department, ...], Field(min_length=1)]


@cache
def _load() -> Departments:
    return read(_FILE, Departments, check=_faults)


def load_departments() -> tuple[Department, ...]:
    """Every department of the county that answers in joint reviews, in the form's order."""
    return _load().departments


def department_notes() -> tuple[Text, ...]:
    """Why departments are told what they are told."""
    return _load().notes


def department(code: str) -> Department:
    """The department of that code; KeyError if there is none."""
    for each in load_departments():
        if each.code == code:
            return each
    raise KeyError(code)


def _faults(value: Departments) -> Iterator[Fault]:
    codes = [each.code for each in value.departments]
    for index, each in enumerate(value.departments):
        if each.code in codes[:index]:
            yield Fault(("departments", index, "code"), f"{each.code} is given twice")
        for at, told in enumerate(each.sees):
            if told in each.sees[:at]:
                yield Fault(("departments", index, "sees", at), f"{told} is given twice")
        for needed in NEEDED:
            if needed not in each.sees:
                yield Fault(("departments", index, "sees"), f"nobody can answer without the {needed}")
