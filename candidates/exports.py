"""Candidates and findings as the files of their imports have them: what is exported can be read back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

from django.utils.translation import gettext as _

from candidates.imports.candidate_columns import candidate_cells, candidate_columns
from candidates.imports.findings import finding_cells, finding_columns
from candidates.imports.ground import Names
from candidates.models import Candidacy, Finding
from election_admin.imports.registry import Column
from election_admin.places.models import Place
from election_admin.tables import write_excel

_TOWNSHIP_WIDTH = 14


def write_candidates(
    file: IO[bytes], candidacies: Iterable[Candidacy], *, place: Place, with_township: bool
) -> None:
    """Write candidates with their whole ID numbers, one line for each nomination in force."""
    _write(
        file,
        _("候选人"),
        candidate_columns(place),
        candidate_cells(candidacies, Names(place)),
        with_township=with_township,
    )


def write_findings(
    file: IO[bytes], findings: Iterable[Finding], *, place: Place, with_township: bool
) -> None:
    """Write findings with the people they are about."""
    _write(
        file,
        _("认定材料"),
        finding_columns(place),
        finding_cells(findings, Names(place)),
        with_township=with_township,
    )


def _write(
    file: IO[bytes],
    title: str,
    columns: Sequence[Column],
    rows: Iterable[tuple[Place, Mapping[str, Any]]],
    *,
    with_township: bool,
) -> None:
    headers = [(str(column.title), column.width) for column in columns]
    words = {column.key: dict(column.choices) for column in columns}

    def lines() -> Iterator[list[Any]]:
        for village, cells in rows:
            line = [_word(words[column.key], cells.get(column.key)) for column in columns]
            yield [village.parent.name, *line] if with_township and village.parent else line

    if with_township:
        headers = [(_("乡镇（街道）"), _TOWNSHIP_WIDTH), *headers]
    write_excel(file, title=title, headers=headers, rows=lines())


def _word(words: Mapping[str, Any], value: Any) -> Any:
    return str(words.get(value, value)) if words and value is not None else value
