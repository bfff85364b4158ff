"""The procedure checklist, for the wall and for the table."""

import io
import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from ballots.actions.steps import date_steps, lay_out_steps
from ballots.kinds import checklist
from ballots.kinds.checklists import STAGES
from election_admin.documents import rendering
from election_admin.documents.models import Document
from election_admin.documents.registry import kind
from election_admin.rulebooks.procedures import load_procedure, procedure_ids
from tests.ballots.office import log_in, mark_done, rate
from tests.cast import NOW
from villages.models import Election
from villages.procedures import course_of

pytestmark = pytest.mark.django_db
KINDS = ("checklist_wall", "checklist_table")
LANGUAGES = ("zh-hans", "en")


def election_by(county, rulebook_id: str, mode: str) -> Election:
    """The village's election, laid out anew by another law."""
    county.term.procedure = rulebook_id
    county.term.save()
    county.election.steps.all().delete()
    Election.objects.update(mode=mode)
    election = Election.objects.with_place().get(pk=county.election.pk)
    lay_out_steps([election])
    date_steps(election)
    return election


def html_of(code: str, election: Election, language: str) -> str:
    with translation.override(language):
        title = kind(code).name(election)
    document = Document(
        place=election.place,
        kind=code,
        subject_id=str(election.pk),
        language=language,
        title=title,
        requested_at=NOW,
    )
    return rendering.document_html(document, kind(code), election)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("rulebook_id", "mode"),
    [
        (rulebook_id, mode)
        for rulebook_id in procedure_ids()
        for mode in load_procedure(rulebook_id).parameters.modes.value
    ],
)
def test_nothing_is_missing_under_any_law(county, rulebook_id, mode, language) -> None:
    election = election_by(county, rulebook_id, mode)
    law = load_procedure(rulebook_id)
    with translation.override(language):
        shown = checklist(election, language)

    items = {item.step.code: item for stage in shown["stages"] for item in stage.items}
    assert list(items) == [
        code for code, step in law.steps.items() if step.applies_in(mode) and code != "plan_approved"
    ]
    for code, item in items.items():
        step = law.steps[code]
        assert item.title == step.title.in_(language)
        assert item.who == step.who.in_(language)
        assert item.checks == tuple(check.in_(language) for check in step.checks)
        assert (item.latest is None) == (step.latest is None)
        if item.latest:
            assert item.latest.day
            assert law.documents[step.latest.source.document].title.in_(language) in item.latest.source
    assert [item.number for item in items.values()] == list(range(1, len(items) + 1))
    for code in KINDS:
        page = html_of(code, election, language)
        assert law.note.in_(language).replace("'", "&#x27;") in page
        for item in items.values():
            assert item.title.replace("'", "&#x27;") in page


@pytest.mark.parametrize("code", KINDS)
def test_done_steps_are_ticked_with_their_day(county, code) -> None:
    mark_done(county.election, {"seats_decided": date(2026, 11, 5)}, county.township_official)
    page = html_of(code, Election.objects.with_place().get(pk=county.election.pk), "zh-hans")

    row = next(row for row in page.split("<tr>") if "确定村民委员会职数" in row)
    assert ">√<" in row
    assert {"checklist_wall": "11月5日", "checklist_table": "2026-11-05"}[code] in row
    assert page.count('<td class="mark">√') == 1
    assert "☐" not in page
    assert "☑" not in page


@pytest.mark.parametrize("code", KINDS)
@pytest.mark.parametrize("approved", [True, False])
def test_no_sheet_tells_how_the_village_is_rated(county, code, approved) -> None:
    rate(county, "difficult")
    if approved:
        mark_done(county.election, {"plan_approved": date(2026, 11, 5)}, county.township_official)
    page = html_of(code, Election.objects.with_place().get(pk=county.election.pk), "zh-hans")

    assert "预案" not in page
    assert "难点村" not in page
    assert "已办0步，共40步" in page


@pytest.mark.parametrize("code", KINDS)
def test_without_an_election_day_the_law_is_printed_in_words(county, code) -> None:
    election = Election.objects.with_place().get(place=county.second_village)

    page = html_of(code, election, "zh-hans")

    assert "选举日：未定" in page
    assert "最迟选举日前20日" in page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("code", "pages"), [("checklist_wall", 1), ("checklist_table", 6)])
def test_what_comes_out_of_the_printer(county, code, pages, language) -> None:
    """The longest case: the mode with one step more. The wall's sheet stays one sheet."""
    election = election_by(county, "zhejiang-2020", "self_nominated")

    reader = PdfReader(io.BytesIO(rendering.render_pdf(html_of(code, election, language))))
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))

    assert len(reader.pages) <= pages
    width = float(reader.pages[0].mediabox[2]) / 72 * 25.4
    assert round(width) == {"checklist_wall": 297, "checklist_table": 210}[code]
    words = {
        "zh-hans": ("公布选民名单", "11月30日", "2026年12月20日", "选举档案归档", "尚未与新法核对"),
        "en": ("Voterlistpublished", "Nov.30", "Electionarchiveclosed", "nocitation"),
    }[language]
    for word in ("□", *words):
        assert word in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", STAGES)
def test_one_stage_fits_one_sheet_of_the_wall(county, stage, language) -> None:
    """Its steps alone, with article, room for the day and a signature, numbered as in the whole."""
    election = election_by(county, "zhejiang-2020", "self_nominated")
    with translation.override(language):
        whole = checklist(election, language)
    (shown,) = [one for one in whole["stages"] if one.code == stage]
    for sheet in KINDS:
        page = html_of(f"{sheet}_{stage}", election, language)
        for one in whole["stages"]:
            for item in one.items:
                words = f"{item.number}. {item.title}".replace("'", "&#x27;")
                assert (words in page) == (one.code == stage), (sheet, words)
        assert page.count('<td class="mark">') == len(shown.items)
    pages = PdfReader(
        io.BytesIO(rendering.render_pdf(html_of(f"checklist_wall_{stage}", election, language)))
    )
    assert len(pages.pages) == 1
    assert round(float(pages.pages[0].mediabox[2]) / 72 * 25.4) == 297


@pytest.mark.parametrize("stage", STAGES)
def test_no_sheet_of_a_stage_tells_how_the_village_is_rated(county, stage) -> None:
    rate(county, "difficult")
    for sheet in KINDS:
        page = html_of(
            f"{sheet}_{stage}", Election.objects.with_place().get(pk=county.election.pk), "zh-hans"
        )
        assert "预案" not in page


def test_a_sheet_is_named_after_its_election(county) -> None:
    """A recall's sheet is not taken for the general election's."""
    election = Election.objects.with_place().get(pk=county.election.pk)
    with translation.override("zh-hans"):
        assert kind("checklist_wall").name(election) == "桃园村村民委员会换届选举程序一览表（张贴版）"
        assert (
            kind("checklist_table_register").name(election)
            == "桃园村村民委员会换届选举程序清单：选民登记（办公版）"
        )
    assert "桃园村村民委员会换届选举程序一览表" in html_of("checklist_wall", election, "zh-hans")


@pytest.mark.parametrize(
    ("body", "occasion", "mode", "words"),
    [
        ("party_branch", "general", "two_recommendations", "村党组织换届选举程序"),
        ("party_branch", "general", "open_recommendation", "村党组织换届选举程序"),
        ("villagers_committee", "further", "nominated", "村民委员会另行选举程序"),
        ("villagers_committee", "recall", "nominated", "村民委员会罢免程序"),
        ("villagers_committee", "by_election", "nominated", "村民委员会补选程序"),
    ],
)
def test_every_kind_of_election_has_its_sheets(county, body, occasion, mode, words) -> None:
    election = Election.objects.with_place().get(pk=county.election.pk)
    election.steps.all().delete()
    Election.objects.filter(pk=election.pk).update(
        body=body,
        occasion=occasion,
        mode=mode,
        occasion_day=None if occasion == "general" else date(2026, 11, 1),
    )
    election = Election.objects.with_place().get(pk=election.pk)
    lay_out_steps([election])
    date_steps(election)
    for sheet in KINDS:
        page = html_of(sheet, election, "zh-hans")
        assert words in page
        rendering.render_pdf(page)
    assert "选举委员会主任（签名）" not in html_of(KINDS[1], election, "zh-hans") or body != "party_branch"
    for stage in STAGES:
        assert ("没有这个阶段" in html_of(f"checklist_wall_{stage}", election, "zh-hans")) == (
            stage not in course_of(election).stages
        )


@pytest.mark.parametrize("code", KINDS)
def test_asked_for_by_who_may_see_the_procedure(client, county, neighbour, code) -> None:
    address = reverse("documents:request_document", args=[code, county.election.pk])

    assert log_in(client, county.committee_member).post(address, {"language": "en"}).status_code == 302
    assert Document.objects.get().title.startswith("桃园村")
    assert log_in(client, county.court).post(address, {"language": "en"}).status_code in {403, 404}
    assert log_in(client, neighbour.committee_member).post(address).status_code == 404
    assert client.post(address.replace(str(county.election.pk), "987654321")).status_code == 404
