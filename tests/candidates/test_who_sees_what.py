"""Who sees what of a person: every role against every field, on every page and in every file.

Each role opens every address of the office that leads to the candidate, then says why it looks
wherever that is asked, and opens them all again. What must not be there is searched for by value;
that the search finds what is there, the township's row shows.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
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
from election_admin.rulebooks.departments import load_departments
from election_admin.rulebooks.eligibility_lists import load_eligibility_list
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

_OFFICIAL = {
    "name": SEES,
    "born_year": SEES,
    "born_day": LOOKS,
    "id_masked": SEES,
    "id_number": LOOKS,
    "ethnicity": SEES,
    "education": SEES,
    "supporters": SEES,
    "supporter_names": LOOKS,
    "votes": SEES,
    "finding": LOOKS,
    "finding_dates": LOOKS,
    "court_remark": LOOKS,
    "health_remark": LOOKS,
    "objector": LOOKS,
    "objection": LOOKS,
    "objection_grounds": LOOKS,
    "decision_reason": LOOKS,
    "resolution": LOOKS,
}
# What tells people of one name apart; and, for who answers for a situation, the number to search by.
_ASKED = {"name": SEES, "born_year": SEES}
_SEARCHES = _ASKED | {"id_masked": SEES, "id_number": LOOKS}
# Every role by what it sees; of a field that is not named, nothing ever.
MATRIX: dict[str, dict[str, str]] = {
    "township_official": _OFFICIAL,
    "county_reviewer": _OFFICIAL,
    # Those who stand are on its notices; an objection brought to it, it decides.
    "committee_member": {"name": SEES, "objector": LOOKS, "objection": LOOKS, "objection_grounds": LOOKS},
    "other_township_official": {},
    "administrator": {},
    # Each department its own answer, never another's.
    "court": _SEARCHES | {"court_remark": LOOKS},
    "health": _SEARCHES | {"health_remark": LOOKS},
    "discipline": _SEARCHES,
    "organisation": _SEARCHES,
    "political_legal": _SEARCHES,
    "public_security": _SEARCHES,
    "procuratorate": _SEARCHES,
    "justice": _SEARCHES,
    "civil_affairs": _SEARCHES,
    # Answers for no situation: no number.
    "publicity": _ASKED,
    "petitions": _ASKED,
    "agriculture": _ASKED,
}


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
        # Whoever recorded it reads what they wrote; everybody else says why.
        recorded_by=None,
        decided_on=TODAY,
        outcome=Objection.Outcome.REJECTED,
        decided_body="村民选举委员会",
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


def _pages(rows: Rows, user: Any) -> Iterator[tuple[str, str]]:
    """Every address whose view lets this user in at all; those of an enquiry for each department."""
    enquiries = list(Enquiry.objects.filter(batch__items__candidacy=rows.candidacy))
    asked = {"pk": next(one.pk for one in enquiries if one.department == "court")}
    for name, pattern in routes():
        if name == "accounts:log_out" or not pattern.callback.access.allows(user):  # type: ignore[attr-defined]
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


def _seen(client: Client, pages: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """What each page says, with its other half and its Excel file where it offers them."""
    said = {}
    for name, address in pages:
        page = _read(client.get(address))
        if "export=xlsx" in page:
            page += _read(client.get(address, {"export": "xlsx"}))
        if "show=answered" in page:
            page += _read(client.get(address, {"show": "answered"}))
        said[name, address] = page
    return said


def levels(client: Client, rows: Rows, user: Any) -> dict[str, str]:
    """Which fields this client's user sees at once, which after saying why, which never."""
    before = _seen(client, _pages(rows, user))
    opened = "".join(_read(client.post(address, {"reason": "核对"})) for address in _looks(rows))
    # A look opens nothing but what is about candidates.
    about = [page for page, text in before.items() if page[0].startswith("candidates:") or _name(text)]
    after = [opened, *_seen(client, about).values()]

    def level(values: Iterable[str]) -> str:
        if any(value in text for value in values for text in before.values()):
            return SEES
        return LOOKS if any(value in text for value in values for text in after) else NEVER

    return {name: level(values) for name, values in VALUES.items()}


def _name(text: str) -> bool:
    return VALUES["name"][0] in text


def enter(client: Client, user: User) -> User:
    """Log in, and be the user as a page knows them."""
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return User.objects.get(pk=user.pk)


def filled(seen: dict[str, str]) -> dict[str, str]:
    """The whole row of the matrix."""
    return {name: seen.get(name, NEVER) for name in VALUES}


def user_of(county: County, who: str) -> User:
    """The cast's person in that office, or the department's reviewer."""
    return getattr(county, who, None) or department_user(county, who)


def test_every_department_has_its_row(county: County) -> None:
    """A thirteenth department without a row would be one nobody has thought about."""
    asked = load_eligibility_list(county.term.eligibility_list).departments.value
    assert set(asked) == {one.code for one in load_departments()} <= MATRIX.keys()


@pytest.mark.parametrize("who", MATRIX)
def test_the_matrix(client: Client, rows: Rows, who: str) -> None:
    user = enter(client, user_of(rows.county, who))

    found = levels(client, rows, user)

    assert found == filled(MATRIX[who])
    if LOOKS in found.values():
        assert Entry.objects.filter(actor=user, reason="核对").exists()
    if set(found.values()) == {NEVER}:
        assert not Entry.objects.filter(actor=user, reason="核对").exists()


@pytest.mark.parametrize("state", ["draft", "returned"])
def test_a_department_that_is_not_asked_sees_nobody(client: Client, rows: Rows, state: str) -> None:
    """Before it is asked, and once the batch is back, the person is none of its business."""
    ReviewBatch.objects.update(state=state)
    user = enter(client, user_of(rows.county, "public_security"))

    assert levels(client, rows, user) == filled({})


@pytest.mark.parametrize("who", ["county_reviewer", "township_official", "committee_member", "court"])
def test_another_county_sees_nobody(client: Client, rows: Rows, neighbour: County, who: str) -> None:
    user = enter(client, user_of(neighbour, who))

    assert levels(client, rows, user) == filled({})
    assert not Entry.objects.filter(actor=user, reason="核对").exists()


def test_a_stranger_sees_nobody(client: Client, rows: Rows) -> None:
    assert levels(client, rows, AnonymousUser()) == filled({})
