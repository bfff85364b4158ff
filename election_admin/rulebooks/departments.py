"""The county departments that take part in the joint review (`departments.yaml`)."""

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from election_admin.rulebooks.loading import Fault, read
from election_admin.rulebooks.values import STRICT, Code, Text

_FILE = Path(__file__).with_name("departments.yaml")


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Department:
    """One department: `title` is its line on the joint-review form, `body` its full name."""

    code: Code
    title: Text
    body: Text


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Departments:
    """All of them, in the order of the form."""

    departments: Annotated[tuple[Department, ...], Field(min_length=1)]


@cache
def load_departments() -> tuple[Department, ...]:
    """Every department of the county that answers in joint reviews, in the form's order."""
    return read(_FILE, Departments, check=_repeated).departments


def department(code: str) -> Department:
    """The department of that code; KeyError if there is none."""
    for each in load_departments():
        if each.code == code:
            return each
    raise KeyError(code)


def _repeated(value: Departments) -> list[Fault]:
    codes = [each.code for each in value.departments]
    return [
        Fault(("departments", index, "code"), f"{code} is given twice")
        for index, code in enumerate(codes)
        if code in codes[:index]
    ]
