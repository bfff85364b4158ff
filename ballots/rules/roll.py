"""Who may be entered on the roll of an election (Organic Law art. 13)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from dateutil.relativedelta import relativedelta

# The ground on which somebody registered elsewhere votes: a meeting has accepted them.
ACCEPTED = "accepted"

FaultCode = Literal[
    "not_of_age",
    "registered",
    "twice",
    "acceptance_missing",
    "acceptance_needless",
    "acceptance_ahead",
]


@dataclass(frozen=True, kw_only=True)
class Registration:
    """One person to be entered. ``line`` is where they stand in a list, from 1."""

    name: str
    sex: str
    born: date
    group: str
    ground: str
    accepted_on: date | None = None
    line: int = 1

    @property
    def identity(self) -> tuple[str, date, str]:
        """By what a roll tells people apart."""
        return (self.name, self.born, self.group)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Why one person cannot be entered: in which field. ``other``: the line they stood on before."""

    line: int
    field: str
    code: FaultCode
    other: int = 0


def comes_of_age(born: date, *, years: int) -> date:
    """Return the day of the birthday; born on 29 February, in a common year that is the 28th."""
    return born + relativedelta(years=years)


def youngest_birthday(*, on: date, years: int) -> date:
    """Return the last day on which somebody of that age on a day can have been born."""
    birthday = on - relativedelta(years=years)
    next_day = birthday + timedelta(days=1)
    return next_day if comes_of_age(next_day, years=years) <= on else birthday


def faults(
    registrations: Sequence[Registration],
    *,
    registered: Collection[tuple[str, date, str]],
    election_day: date,
    voter_age: int,
    today: date,
) -> tuple[Fault, ...]:
    """Return everything against entering these people, in the order of the list (art. 13).

    Whoever comes of age by election day votes, however young on the day of registration.
    ``registered`` are the identities that stand on the roll already.
    """
    found: list[Fault] = []
    lines: dict[tuple[str, date, str], int] = {}
    for one in registrations:
        if comes_of_age(one.born, years=voter_age) > election_day:
            found.append(Fault(line=one.line, field="born", code="not_of_age"))
        if one.identity in registered:
            found.append(Fault(line=one.line, field="name", code="registered"))
        elif one.identity in lines:
            found.append(Fault(line=one.line, field="name", code="twice", other=lines[one.identity]))
        lines.setdefault(one.identity, one.line)
        code = _acceptance(one, today)
        if code is not None:
            found.append(Fault(line=one.line, field="accepted_on", code=code))
    return tuple(found)


def _acceptance(one: Registration, today: date) -> FaultCode | None:
    """What is wrong with the meeting's acceptance, which only the third ground of art. 13 needs."""
    if one.ground != ACCEPTED:
        return None if one.accepted_on is None else "acceptance_needless"
    if one.accepted_on is None:
        return "acceptance_missing"
    return "acceptance_ahead" if one.accepted_on > today else None
