"""Who has not answered, at a glance: townships down the side, departments across."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from candidates.batch_tables import due_state, due_words, enquiries_url
from candidates.judgements import department_title
from election_admin.places.models import Place
from election_admin.rulebooks.departments import load_departments


@dataclass
class Sum:
    """About how many people an answer is wanted, given and missing, and by when the first of these."""

    url: str
    asked: int = 0
    answered: int = 0
    due_on: date | None = None

    @property
    def missing(self) -> int:
        """How many answers are still wanted."""
        return self.asked - self.answered

    def add(self, enquiry: Any) -> None:
        """Take in what one department is asked by one batch."""
        self.asked += enquiry.asked
        self.answered += enquiry.answered
        if enquiry.missing and (self.due_on is None or enquiry.batch.due_on < self.due_on):
            self.due_on = enquiry.batch.due_on


@dataclass(frozen=True)
class Row:
    """A township, what is wanted from each department there, and in all."""

    place: Place
    cells: Sequence[Sum]
    total: Sum
    due_words: str
    due_state: str


@dataclass(frozen=True)
class DepartmentTotal:
    """A department and what it is asked in all townships together."""

    title: str
    total: Sum
    due_words: str
    due_state: str


@dataclass(frozen=True)
class Grid:
    """All townships that wait for answers, the one overdue longest first, by department."""

    departments: Sequence[DepartmentTotal]
    rows: Sequence[Row]
    total: Sum


def grid_of(enquiries: QuerySet[Any], *, on: date) -> Grid | None:
    """Add up what is asked by the batches under way; None while nothing is. One query."""
    found = list(enquiries)
    if not found:
        return None
    asked = {one.department for one in found}
    # A department that the rulebook has given up may still be asked by an old batch: it comes last.
    known = [one.code for one in load_departments() if one.code in asked]
    codes = [*known, *sorted(asked - set(known))]
    places = {one.batch.place_id: one.batch.place for one in found}
    total = Sum(enquiries_url())
    columns = {code: Sum(enquiries_url(department=code, missing="yes")) for code in codes}
    lines = {pk: Sum(enquiries_url(township=place.code, missing="yes")) for pk, place in places.items()}
    cells = {
        (pk, code): Sum(enquiries_url(township=place.code, department=code))
        for pk, place in places.items()
        for code in codes
    }
    for one in found:
        sums = (total, columns[one.department], lines[one.batch.place_id])
        for each in (*sums, cells[one.batch.place_id, one.department]):
            each.add(one)
    rows = [
        Row(place, [cells[pk, code] for code in codes], lines[pk], *_due(lines[pk], on))
        for pk, place in places.items()
    ]
    return Grid(
        departments=[
            DepartmentTotal(department_title(code), columns[code], *_due(columns[code], on)) for code in codes
        ],
        rows=sorted(rows, key=_most_pressing),
        total=total,
    )


def _most_pressing(row: Row) -> tuple[date, int, str]:
    return (row.total.due_on or date.max, -row.total.missing, row.place.code)


def _due(sums: Sum, on: date) -> tuple[str, str]:
    if sums.due_on is None:
        return "", "good"
    return due_words(sums.due_on, on=on), due_state(sums.due_on, on=on)
