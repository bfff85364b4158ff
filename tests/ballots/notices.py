"""What the tests of notices do again and again."""

import io
import re
from datetime import date, timedelta
from typing import Any

from django.utils import translation
from pypdf import PdfReader

from ballots.actions import notices as actions
from ballots.kinds.notices import NOTICE
from ballots.models import Notice, Voter
from candidates.models import Candidacy, Person
from election_admin.documents import rendering
from election_admin.documents.models import Document
from election_admin.documents.registry import kind
from tests.cast import NOW, TODAY
from villages.models import Election

CHINESE = "zh-hans"
REVISED = "city-2026-revised"
BEFORE_THE_DAY = {"seats_decided": date(2026, 11, 5), "election_committee_chosen": date(2026, 11, 6)}


def fresh(county) -> Election:
    return Election.objects.with_place().get(pk=county.election.pk)


def made(county, code: str, **values: Any) -> Notice:
    """A notice of the village's election as it stands."""
    notice = Notice(election=fresh(county), code=code, **values)
    notice.save()
    return notice


def html_of(notice: Notice, language: str = CHINESE) -> str:
    with translation.override(language):
        title = kind(NOTICE).name(notice)
    document = Document(
        place=notice.place,
        kind=NOTICE,
        subject_id=str(notice.pk),
        language=language,
        title=title,
        requested_at=NOW,
    )
    return rendering.document_html(document, kind(NOTICE), notice)


def paper(notice: Notice, language: str = CHINESE) -> PdfReader:
    return PdfReader(io.BytesIO(rendering.render_pdf(html_of(notice, language))))


def words_on(notice: Notice, language: str = CHINESE) -> str:
    """What stands on the paper, without white space, which a blank and the layout are made of."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in paper(notice, language).pages))


def stand(
    county,
    name: str,
    post: str = "member",
    supporters: int | None = None,
    how: str = "joint",
    state: str = "final",
) -> Candidacy:
    person = Person.objects.create(place=county.village, name=name, sex="female", born=date(1980, 1, 1))
    return Candidacy.objects.create(
        election=county.election,
        person=person,
        post=post,
        how=how,
        nominated_on=TODAY,
        supporters=supporters,
        state=state,
    )


def enrol(county, *names: str, group: str = "") -> None:
    Voter.objects.bulk_create(
        Voter(
            election=county.election,
            name=name,
            sex="male",
            born=date(1980, 1, 1) + timedelta(days=number),
            group=group,
        )
        for number, name in enumerate(names)
    )


def in_this_order(text: str, *names: str) -> bool:
    places = [text.index(name) for name in names]
    return places == sorted(places)


def draft(county, code: str = "election_day", serial: int = 1, **changes: Any) -> Notice:
    values: dict[str, Any] = {
        "election": county.election,
        "code": code,
        "serial": serial,
        "details": {"contact": "王芳", "phone": "0575-1234"},
        "dated": TODAY,
        "actor": county.committee_member,
        "at": NOW,
    }
    return actions.draft_notice(**(values | changes))


def post(county, code: str = "election_day", serial: int = 1, **changes: Any) -> Notice:
    values: dict[str, Any] = {
        "election": county.election,
        "code": code,
        "serial": serial,
        "posted_on": TODAY,
        "posted_where": "村务公开栏",
        "with_step": False,
        "actor": county.committee_member,
        "at": NOW,
    }
    return actions.post_notice(**(values | changes))
