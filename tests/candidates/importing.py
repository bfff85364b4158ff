"""Rows of files as the engine hands them to a reader, read and written as the engine does it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from candidates.imports.candidate_writing import write_candidates
from candidates.imports.candidates import CandidateReader
from candidates.imports.findings import FindingReader, write_findings
from election_admin.imports.registry import Change, Read
from tests.candidates.conftest import BORN, make_id_number
from tests.cast import NOW, TODAY, County

TO_WRITE = (Change.NEW, Change.CHANGED)


def row(**changes: Any) -> dict[str, Any]:
    """A man whom thirty villagers nominate for chair; as the engine reads the cells of his row."""
    cells = {
        "village": "桃园村",
        "election": None,
        "name": "王大山",
        "sex": "male",
        "born": BORN,
        "id_number": make_id_number(),
        "ethnicity": "汉族",
        "education": "高中",
        "party_member": "yes",
        "post": "chair",
        "how": "joint",
        "nominated_on": date(2026, 11, 28),
        "supporters": 30,
        "supporter_names": None,
        "votes": None,
        "registered_voter": "yes",
        "deprived_of_political_rights": "no",
    }
    assert changes.keys() <= cells.keys()
    return cells | changes


def finding_row(**changes: Any) -> dict[str, Any]:
    """A penalty he was released from three years ago."""
    cells = {
        "village": "桃园村",
        "name": "王大山",
        "id_number": None,
        "situation": "1",
        "status": "confirmed",
        "sentenced_on": date(2019, 3, 1),
        "released_on": date(2023, 3, 1),
        "probation_ended_on": None,
        "dealt_with_on": None,
        "sanctioned_on": None,
        "rights_restored_on": None,
        "sanction": None,
        "barred_until": None,
        "source": "（2019）浙0604刑初88号",
        "remark": None,
    }
    assert changes.keys() <= cells.keys()
    return cells | changes


def read(county: County, *rows: Mapping[str, Any], reader: Any = CandidateReader) -> list[Read]:
    """What the rows of one file would do."""
    reading = reader(county.township, county.township_official, TODAY)
    return [reading.read(one) for one in rows]


def read_findings(county: County, *rows: Mapping[str, Any]) -> list[Read]:
    """What the rows of one file of findings would do."""
    return read(county, *rows, reader=FindingReader)


def bring_in(county: County, *rows: Mapping[str, Any], progress: Any = None) -> list[Read]:
    """Read the rows of one file and write what they do, as the engine does once it is confirmed."""
    return _bring_in(county, read, write_candidates, rows, progress)


def bring_in_findings(county: County, *rows: Mapping[str, Any], progress: Any = None) -> list[Read]:
    """The same for a file of findings."""
    return _bring_in(county, read_findings, write_findings, rows, progress)


def _bring_in(county: County, read_rows: Any, write: Any, rows: Any, progress: Any) -> list[Read]:
    with transaction.atomic():
        reads = read_rows(county, *rows)
        assert [one.faults for one in reads if one.change == Change.WRONG] == []
        to_write = [one for one in reads if one.change in TO_WRITE]
        write(county.township, to_write, county.township_official, NOW, progress or (lambda done: None))
    return reads


def changes(reads: list[Read]) -> list[str]:
    """What each row would do."""
    return [one.change.value for one in reads]


def faults(one: Read) -> dict[str, str]:
    """The faults of a row by column."""
    return {fault.column: str(fault.sentence) for fault in one.faults}
