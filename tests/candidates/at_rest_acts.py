"""Acts that fill every encrypted column of an office with words that can be searched for."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from candidates.actions.doubles import take_back_telling_apart, tell_apart
from candidates.actions.findings import record_finding
from candidates.actions.flags import resolve_flag
from candidates.actions.nominations import record_nomination
from candidates.actions.objections import decide_objection, record_objection
from candidates.actions.people import change_state
from candidates.actions.replies import reply
from candidates.imports.kinds import CANDIDATES, FINDINGS
from candidates.models import Candidacy, Enquiry, Flag
from candidates.reply_papers import ENQUIRY
from election_admin.evidence.actions import attach
from election_admin.imports import actions as imports
from election_admin.imports import tasks
from election_admin.imports.models import ImportJob
from election_admin.imports.registry import import_kind
from election_admin.places.models import Place
from tests.candidates.conftest import make_candidate, make_id_number
from tests.candidates.review import answer_all, department_user, send
from tests.cast import ELECTION_DAY, NOW, PASSWORD, SEATS, TODAY, County, make_county
from tests.evidence.uploads import PDF, make_upload
from villages.actions.facts import record_dispute
from villages.actions.terms import set_election_day
from villages.models import Election

# Stands in clear, and so tells that a search finds what is there.
PLAIN = "机耕路占地补偿未谈妥"
SUPPORTERS = ["赵密一", "钱密二", "孙密三"]
NUMBERS = [make_id_number(order=order) for order in (11, 13, 15, 17)]
WRONG_NUMBER = "330604198005010199"
WORDS = {
    "finding_source": "（2019）密刑初88号",
    "finding_remark": "绝密认定说明",
    "reply_remark": "绝密答复说明",
    "reply_source": "（2020）密刑终99号",
    "decision": "绝密决定依据",
    "resolution": "绝密处理意见",
    "raised_by": "周密四",
    "content": "绝密异议事由",
    "grounds": "绝密异议理由",
    "compared": "绝密核对依据",
    "parties": "绝密当事人",
    "typed": "绝密误录文书",
    "imported_source": "（2018）密刑初77号",
    "file": "绝密导入文件名",
    "wrong": "绝密错行说明",
    "scan": "绝密回函文件名",
}


def make_office() -> County:
    """The cast's county; the other township's village has its election day too."""
    county = make_county()
    for village, official in (
        (county.other_village, county.other_township_official),
        (county.second_village, county.township_official),
    ):
        set_election_day(
            election=Election.objects.of_committee().get(place=village, term=county.term),
            election_day=ELECTION_DAY,
            mode="nominated",
            seats=SEATS,
            actor=official,
            at=NOW,
        )
    return county


def act(county: County) -> list[str]:
    """Fill every encrypted column; return what must stand nowhere in clear."""
    candidacy = make_candidate(county, id_number=NUMBERS[0])
    _nominate(county, candidacy)
    _dispute(county)
    _find(county, candidacy)
    _review(county, candidacy)
    _object(county, candidacy)
    _tell_apart(county, candidacy)
    _import(county, CANDIDATES, _candidate_cells(county))
    _import(county, FINDINGS, _finding_cells(county))
    _read(county, FINDINGS, _finding_cells(county) | {"id_number": WRONG_NUMBER, "remark": WORDS["wrong"]})
    return [*SUPPORTERS, *NUMBERS, WRONG_NUMBER, *WORDS.values()]


def _nominate(county: County, candidacy: Candidacy) -> None:
    record_nomination(
        candidacy=candidacy,
        values={
            "post": "chair",
            "how": "joint",
            "nominated_on": TODAY,
            "supporters": None,
            "supporter_names": SUPPORTERS,
        },
        actor=county.township_official,
        at=NOW,
    )


def _dispute(county: County) -> None:
    values = dict.fromkeys(("subject", "summary", "parties", "raised_on", "mediator", "deadline"))
    values |= {"subject": "land", "summary": PLAIN, "parties": WORDS["parties"], "raised_on": TODAY}
    record_dispute(
        place=county.village, values=values | {"mediator": ""}, actor=county.township_official, at=NOW
    )


def _find(county: County, candidacy: Candidacy) -> None:
    record_finding(
        candidacy=candidacy,
        details={
            "situation": "criminal_penalty",
            "status": "confirmed",
            "sentenced_on": date(2019, 3, 1),
            "released_on": date(2023, 3, 1),
            "source": WORDS["finding_source"],
            "remark": WORDS["finding_remark"],
        },
        actor=county.township_official,
        at=NOW,
    )


def _review(county: County, candidacy: Candidacy) -> None:
    """A batch in which the court has a record and another department none: a flag, and a decision."""
    batch = send(county, candidacy)
    attach(
        kind=ENQUIRY,
        subject=Enquiry.objects.get(batch=batch, department="court"),
        file=make_upload(f"{WORDS['scan']}.pdf", PDF),
        actor=county.court,
        at=NOW,
    )
    answer_all(county, candidacy, but=["court"])
    reply(
        candidacy=candidacy,
        department="court",
        answer="record",
        remark=WORDS["reply_remark"],
        situations=["criminal_penalty"],
        findings=[
            {
                "situation": "criminal_penalty",
                "status": "confirmed",
                "sentenced_on": date(2020, 3, 1),
                "released_on": date(2024, 3, 1),
                "source": WORDS["reply_source"],
            }
        ],
        actor=department_user(county, "court"),
        at=NOW,
    )
    for flag in Flag.objects.open():
        resolve_flag(flag=flag, resolution=WORDS["resolution"], actor=county.county_reviewer, at=NOW)
    change_state(
        candidacy=Candidacy.objects.get(pk=candidacy.pk),
        state="struck_off",
        reason=WORDS["decision"],
        actor=county.township_official,
        at=NOW,
    )


def _object(county: County, candidacy: Candidacy) -> None:
    objection = record_objection(
        election=county.election,
        about="refusal",
        candidacy=candidacy,
        received_on=TODAY,
        office="township",
        raised_by=WORDS["raised_by"],
        content=WORDS["content"],
        actor=county.township_official,
        at=NOW,
    )
    decide_objection(
        objection=objection,
        outcome="rejected",
        decided_on=TODAY,
        decided_body="长塘镇人民政府",
        grounds=WORDS["grounds"],
        actor=county.township_official,
        at=NOW,
    )


def _tell_apart(county: County, candidacy: Candidacy) -> None:
    """Two of one name in two villages, told apart, taken back."""
    own = make_candidate(county, "李水", id_number=NUMBERS[1])
    other = make_candidate(
        county,
        "李水",
        id_number=NUMBERS[2],
        election=Election.objects.of_committee().get(place=county.second_village, term=county.term),
    )
    pair: dict[str, Any] = {"own": own, "other": other, "actor": county.county_reviewer, "at": NOW}
    tell_apart(grounds=WORDS["compared"], **pair)
    take_back_telling_apart(reason="重新核对", **pair)
    tell_apart(grounds=WORDS["compared"], **pair)


def _candidate_cells(county: County) -> dict[str, Any]:
    return {
        "village": county.second_village.name,
        "name": "何山",
        "sex": "男",
        "id_number": NUMBERS[3],
        "party_member": "否",
        "post": "委员",
        "how": "村民联名提名",
        "nominated_on": date(2026, 11, 28),
        "supporter_names": "、".join(SUPPORTERS),
        "registered_voter": "是",
        "deprived_of_political_rights": "否",
    }


def _finding_cells(county: County) -> dict[str, Any]:
    return {
        "village": county.second_village.name,
        "name": "何山",
        "id_number": NUMBERS[3],
        "situation": "criminal_penalty",
        "status": "已查实",
        "sentenced_on": date(2018, 3, 1),
        "released_on": date(2024, 3, 1),
        "source": WORDS["imported_source"],
    }


def _import(county: County, code: str, cells: dict[str, Any]) -> None:
    """A file sent in, read and written: what is kept of it on the way is encrypted too."""
    job = _read(county, code, cells)
    if job.state != "read" or job.wrong:
        raise ValueError([job.state, job.failure, job.failure_detail])
    imports.confirm_import(job=job, reading=job.reading, actor=county.township_official, at=NOW)
    tasks.work(job.pk)
    job.refresh_from_db()
    if job.state != "done":
        raise ValueError([job.state, job.failure, job.failure_detail])


def _read(county: County, code: str, cells: dict[str, Any]) -> ImportJob:
    """A file sent in and read; where a row is wrong, it stays at that."""
    job = imports.request_import(
        kind=code,
        place=county.township,
        file=_workbook(county.township, code, cells),
        actor=county.township_official,
        at=NOW,
    )
    tasks.work(job.pk)
    job.refresh_from_db()
    return job


def _workbook(place: Place, code: str, cells: dict[str, Any]) -> SimpleUploadedFile:
    content = BytesIO()
    with xlsxwriter.Workbook(content) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet()
        for at, column in enumerate(import_kind(code).columns(place)):
            sheet.write_string(0, at, str(column.title))
            value = dict(column.choices).get(cells.get(column.key, ""), cells.get(column.key))
            if isinstance(value, date):
                sheet.write_datetime(1, at, value, day)
            elif value is not None:
                sheet.write_string(1, at, str(value))
    return SimpleUploadedFile(f"{WORDS['file']}.xlsx", content.getvalue())


def browse(county: County) -> None:
    """Go through pages as people do, with slips of the hand, so that sessions and logs have their share."""
    candidacy = Candidacy.objects.get(person__name="何山")
    client = Client()
    client.raise_request_exception = False
    client.post(
        reverse("accounts:log_in"), {"username": county.township_official.login, "password": PASSWORD}
    )
    for _name, address in _addresses(county, candidacy):
        client.get(address)
    client.post(reverse("candidates:look", args=[candidacy.pk]), {"reason": "核对登记"})
    client.get(reverse("candidates:candidate", args=[candidacy.pk]))
    client.get(reverse("candidates:correct_candidate", args=[candidacy.pk]))
    recording = reverse("candidates:record_finding", args=[candidacy.pk])
    typed = {"situation": "criminal_penalty", "status": "confirmed", "source": WORDS["typed"]}
    client.post(recording, typed | {"released_on": "2026-02-30"})
    client.post(recording, typed | {"released_on": "2024-03-02"})
    client.post(
        reverse("candidates:record_candidate", args=[county.election.pk]),
        {"name": "何山", "id_number": NUMBERS[0]},
    )
    client.get("/nowhere/")


def _addresses(county: County, candidacy: Candidacy) -> Iterator[tuple[str, str]]:
    yield "list", reverse("candidates:candidate_list", args=[county.election.pk])
    yield "one", reverse("candidates:candidate", args=[candidacy.pk])
    yield "all", reverse("candidates:candidates")
    yield "doubles", reverse("candidates:doubles")
    yield "day", timezone.localdate().isoformat()


def spellings(secret: str) -> Iterator[bytes]:
    """A secret as a database, a JSON column or a log may spell it."""
    for encoding in ("utf-8", "utf-16-le", "gb18030", "unicode_escape"):
        yield secret.encode(encoding)


def found_in(content: bytes, secrets: list[str]) -> list[str]:
    """Which of the secrets stand there in clear."""
    return [secret for secret in secrets if any(spelt in content for spelt in spellings(secret))]
