"""The rows of an import as pages show them, and what is wrong in them as an Excel file holds it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from election_admin.imports.models import ImportJob, ImportRow
from election_admin.imports.registry import Change, Column, UnknownKind, import_kind

ROWS_A_PAGE = 50
FAULTS_AT_ONCE = 1_000


@dataclass(frozen=True)
class Tab:
    """Some of the rows: what they are called, how many they are, where they are listed."""

    title: str
    count: int
    change: str
    state: str
    current: bool

    @property
    def query(self) -> str:
        return "?" + urlencode({"change": self.change}) if self.change else "?"


@dataclass(frozen=True)
class ShownCell:
    """What a row shows in one column, and what is wrong there."""

    title: str
    text: str
    faults: Sequence[str]


@dataclass(frozen=True)
class ShownRow:
    """One row of the preview."""

    number: int
    change: str
    mark: str
    cells: Sequence[ShownCell]
    faults: Sequence[str]
    """What is wrong with the row as a whole."""


MARKS = {
    Change.NEW: "good",
    Change.CHANGED: "warn",
    Change.SAME: "open",
    Change.WRONG: "bad",
}


def change_title(change: str) -> str:
    """What a row would do, in a word."""
    return {
        Change.NEW: pgettext("a row of an import", "新增"),
        Change.CHANGED: pgettext("a row of an import", "变更"),
        Change.SAME: pgettext("a row of an import", "相同"),
        Change.WRONG: pgettext("a row of an import", "有误"),
    }[Change(change)]


def columns_of(job: ImportJob) -> Sequence[Column]:
    """The columns of an import's kind; none when no app offers it any more."""
    try:
        return import_kind(job.kind).columns(job.place)
    except UnknownKind:
        return ()


def tabs(job: ImportJob, chosen: str) -> list[Tab]:
    """All rows, and those of each change."""
    return [
        Tab(pgettext("rows of an import", "全部"), job.rows, "", "", chosen == ""),
        *(
            Tab(change_title(change), getattr(job, change), change, MARKS[change], chosen == change)
            for change in (Change.NEW, Change.CHANGED, Change.SAME, Change.WRONG)
        ),
    ]


def page_of_rows(job: ImportJob, change: str, number: str) -> Page[ImportRow]:
    """A page of the rows; what does not exist becomes what does."""
    rows = ImportRow.objects.filter(job=job).order_by("number")
    return Paginator(rows.filter(change=change) if change else rows, ROWS_A_PAGE).get_page(number)


def shown_rows(rows: Sequence[ImportRow], columns: Sequence[Column]) -> list[ShownRow]:
    """The rows with each fault beside its column."""
    titles = {column.key: str(column.title) for column in columns}
    return [_shown(row, titles) for row in rows]


def _shown(row: ImportRow, titles: dict[str, str]) -> ShownRow:
    faults: dict[str, list[str]] = {}
    for column, sentence in row.faults or []:
        faults.setdefault(column if column in titles else "", []).append(sentence)
    return ShownRow(
        number=row.number,
        change=change_title(row.change),
        mark=MARKS[Change(row.change)],
        cells=[
            ShownCell(title, str(row.shown.get(key, "")), faults.get(key, ()))
            for key, title in titles.items()
        ],
        faults=faults.get("", ()),
    )


def fault_headers() -> list[tuple[str, int]]:
    """The headers of the list of faults, with their widths."""
    return [(_("行"), 8), (_("列"), 20), (_("原因"), 80)]


def fault_lines(job: ImportJob, columns: Sequence[Column]) -> Iterator[list[Any]]:
    """Row, column and reason of everything that is wrong."""
    titles = {column.key: str(column.title) for column in columns}
    wrong = ImportRow.objects.filter(job=job, change=Change.WRONG).order_by("number")
    for row in wrong.iterator(chunk_size=FAULTS_AT_ONCE):
        for column, sentence in row.faults or []:
            yield [row.number, titles.get(column, ""), sentence]
