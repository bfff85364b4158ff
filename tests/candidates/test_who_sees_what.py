"""Who sees what of a person: every role against every field, on every page and in every file.

Each role opens every address of the office that leads to the candidate, then says why it looks
wherever that is asked, and opens them all again. What must not be there is searched for by value.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from candidates.actions.decisions import decide
from candidates.actions.findings import record_finding
from candidates.actions.replies import reply
from candidates.models import Candidacy, DepartmentReply, Enquiry, Flag, Objection, Person, ReviewBatch
from election_admin.accounts.models import User
from election_admin.encryption import keyed_hash
from election_admin.journal.models import Entry
from election_admin.tables import EXCEL_TYPE
from tests.addresses import ARGUMENTS, Rows, make_rows, routes
from tests.candidates.conftest import make_id_number
from tests.candidates.review import department_user
from tests.cast import NOW, TODAY, County

pytestmark = pytest.mark.django_db
BORN = date(1957, 3, 9)
NUMBER = make_id_number(BORN)

# Each field of a person by what would be read of it.
VALUES: dict[str, tuple[str, ...]] = {
    "name": ("欧阳匡义",),
    "born_year": ("1957",),
    "born_day": ("1957年3月9日", "1957-03-09"),
    "id_masked": (f"{NUMBER[:6]}********{NUMBER[-4:]}",),
    "id_number": (NUMBER,),
    "ethnicity": ("珞巴族",),
    "education": ("夜大结业",),
    "supporters": ("13579",),
    "supporter_names": ("司马匡一",),
    "votes": ("24680",),
    "finding": ("（2019）密刑初88号", "密认定说明"),
    "finding_dates": ("2023年3月7日", "2023-03-07"),
    "court_remark": ("密法院说明",),
    "health_remark": ("密卫健说明",),
    "objector": ("司马匡二",),
    "objection": ("密异议事由",),
    "objection_grounds": ("密异议理由",),
    "decision_reason": ("密决定依据",),
    "resolution": ("密处理意见",),
}
SEES, LOOKS, NEVER = "sees", "after a look", "never"


@pytest.fixture
def rows(county: County) -> Rows:
    """The rows of all addresses; the person in them made recognisable in every field."""
    rows = make_rows(county)
    candidacy = rows.candidacy
    Person.objects.filter(pk=candidacy.person_id).update(
        name=VALUES["name"][0],
        born=BORN,
        id_number=NUMBER,
        id_hash=keyed_hash(NUMBER),
        ethnicity=VALUES["ethnicity"][0],
        education=VALUES["education"][0],
    )
    # Every address has its rows: the batch by which all departments are asked among them.
    for arguments in ARGUMENTS.values():
        arguments(rows)
    candidacy.refresh_from_db()
    _record(rows)
    return rows


def _record(rows: Rows) -> None:
    candidacy, county = rows.candidacy, rows.county
    context: dict[str, Any] = {"actor": county.township_official, "at": NOW}
    # Nobody on the roll of voters, whose pages show names of their own.
    candidacy.nominations.update(supporters=13579, supporter_names=[VALUES["supporter_names"][0]])
    Candidacy.objects.filter(pk=candidacy.pk).update(supporters=13579, votes=24680)
    record_finding(
        candidacy=candidacy,
        details={
            "situation": "criminal_penalty",
            "status": "confirmed",
            "sentenced_on": date(2019, 3, 7),
            "released_on": date(2023, 3, 7),
            "source": VALUES["finding"][0],
            "remark": VALUES["finding"][1],
        },
        **context,
    )
    for department in ("court", "health"):
        reply(
            candidacy=candidacy,
            department=department,
            answer=DepartmentReply.Answer.NO_RECORD,
            remark=VALUES[f"{department}_remark"][0],
            actor=department_user(county, department),
            at=NOW,
        )
    Objection.objects.filter(pk=rows.objection.pk).update(
        raised_by=VALUES["objector"][0],
        content=VALUES["objection"][0],
        grounds=VALUES["objection_grounds"][0],
    )
    flag = Flag.objects.filter(candidacy=candidacy).first()
    assert flag is not None
    Flag.objects.create(
        candidacy=candidacy,
        kind=flag.kind,
        details=flag.details,
        opened_at=NOW,
        resolved_at=NOW,
        resolved_by=county.county_reviewer,
        resolution=VALUES["resolution"][0],
    )
    decide(
        Candidacy.objects.select_related("election__place").get(pk=candidacy.pk),
        Candidacy.State.IN_REVIEW,
        reason=VALUES["decision_reason"][0],
        **context,
    )


def _pages(rows: Rows) -> Iterator[tuple[str, str]]:
    """Every address there is; those of an enquiry for each department."""
    enquiries = list(Enquiry.objects.filter(batch__items__candidacy=rows.candidacy))
    asked = {"pk": next(one.pk for one in enquiries if one.department == "court")}
    for name, pattern in routes():
        if name == "accounts:log_out":
            continue
        if not pattern.pattern.regex.groups:
            yield name, reverse(name)
        elif name in ARGUMENTS:
            kwargs = ARGUMENTS[name](rows)
            yield name, reverse(name, kwargs=kwargs)
            if kwargs == asked and name.startswith("candidates:"):
                for enquiry in enquiries:
                    yield name, reverse(name, kwargs={"pk": enquiry.pk})


def _looks(rows: Rows) -> Iterator[str]:
    """Wherever a reason opens something."""
    one = {"pk": rows.candidacy.pk}
    yield reverse("candidates:look", kwargs=one)
    yield reverse("candidates:look_at_objection", kwargs={"pk": rows.objection.pk})
    yield reverse("candidates:look_at_flag", kwargs=ARGUMENTS["candidates:look_at_flag"](rows))
    yield reverse("candidates:export_candidates")
    yield reverse("candidates:export_findings")
    for enquiry in Enquiry.objects.filter(batch__items__candidacy=rows.candidacy):
        yield reverse("candidates:look_at_enquiry", args=[enquiry.pk])
        yield reverse("candidates:open_sheet", args=[enquiry.pk])


def _read(response: Any) -> str:
    """What a page or an Excel file says."""
    if response.headers.get("Content-Type", "").startswith(EXCEL_TYPE):
        book = CalamineWorkbook.from_filelike(BytesIO(b"".join(response)))
        return str([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
    if response.status_code != 200 or response.streaming:
        return ""
    return str(response.content.decode())


def _seen(client: Client, rows: Rows) -> str:
    said = []
    for _name, address in _pages(rows):
        for query in ({}, {"export": "xlsx"}, {"show": "answered"}):
            said.append(_read(client.get(address, query)))
    return "\n".join(said)


def levels(client: Client, rows: Rows) -> dict[str, str]:
    """Which fields this client's user sees at once, which after saying why, which never."""
    before = _seen(client, rows)
    opened = [_read(client.post(address, {"reason": "核对"})) for address in _looks(rows)]
    after = "\n".join([*opened, _seen(client, rows)])

    def level(values: Iterable[str]) -> str:
        if any(value in before for value in values):
            return SEES
        return LOOKS if any(value in after for value in values) else NEVER

    return {name: level(values) for name, values in VALUES.items()}
