"""Asking for the papers about candidates: who may, from which page, one by one and together."""

import pytest
from django.urls import reverse

from candidates.actions import people
from election_admin.documents.models import Batch, Document
from election_admin.journal.models import Entry
from tests.candidates.conftest import make_candidate, make_finding, make_id_number
from tests.candidates.review import make_batch
from tests.cast import NOW, County

pytestmark = pytest.mark.django_db
PRINTERS = {"township_official": 302, "county_reviewer": 302}
OTHERS = ("committee_member", "court", "administrator", "other_township_official")


@pytest.fixture
def papers(county: County, candidacy):
    """Each paper by its kind, with the row it is about."""
    batch = make_batch(county, candidacy)
    make_finding(county, candidacy)
    candidacy.refresh_from_db()
    people.change_state(
        candidacy=candidacy, state="struck_off", reason="联审结论", actor=county.township_official, at=NOW
    )
    return {
        "qualification_form": candidacy,
        "review_form": batch,
        "refusal_notice": candidacy.decisions.get(state="struck_off"),
        "preliminary_list": county.election,
        "final_list": county.election,
    }


def ask(client, code: str, row, language: str = "zh-hans"):
    return client.post(reverse("documents:request_document", args=[code, row.pk]), {"language": language})


@pytest.mark.parametrize("who", PRINTERS)
def test_township_and_county_print(client, county, papers, who) -> None:
    client.force_login(getattr(county, who))
    for code, row in papers.items():
        assert ask(client, code, row).status_code == 302, code
    assert set(Document.objects.values_list("kind", flat=True)) == papers.keys()


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_prints(client, county, papers, who) -> None:
    """A committee and a department see nothing of findings, on paper as on screen."""
    client.force_login(getattr(county, who))
    for code, row in papers.items():
        assert ask(client, code, row).status_code in {403, 404}, code
    assert not Document.objects.exists()


def test_another_county_prints_nothing(client, neighbour, papers) -> None:
    for user in neighbour.everyone().values():
        client.force_login(user)
        for code, row in papers.items():
            assert ask(client, code, row).status_code in {403, 404}, code


def test_a_committee_does_not_see_what_was_printed(client, county, papers) -> None:
    client.force_login(county.township_official)
    for code, row in papers.items():
        ask(client, code, row)
    client.force_login(county.committee_member)
    page = client.get(reverse("documents:document_list")).content.decode()
    assert "王大山" not in page
    for document in Document.objects.all():
        assert client.get(reverse("documents:document", args=[document.pk])).status_code == 404


def test_the_journal_of_a_print_names_nobody(client, county, papers) -> None:
    """Who asked for which paper is kept; a name would stay when personal data is erased."""
    client.force_login(county.township_official)
    for code in ("qualification_form", "refusal_notice", "review_form"):
        ask(client, code, papers[code])
    entries = Entry.objects.filter(verb="documents.request_document")
    assert entries.count() == 3
    for entry in entries:
        assert "王大山" not in str(entry.after)
        assert make_id_number() not in str(entry.after)


# Together --------------------------------------------------------------------------------------


def test_everybodys_form_of_an_election(official, county) -> None:
    for number, name in enumerate(("王一", "李二", "张三")):
        make_candidate(county, name, id_number=make_id_number(order=11 + 2 * number), post="member")
    people.change_state(
        candidacy=county.election.candidacies.get(person__name="张三"),
        state="declined",
        reason="本人书面声明",
        declined_on=NOW.date(),
        actor=county.township_official,
        at=NOW,
    )
    response = official.post(
        reverse("candidates:print_forms", args=[county.election.pk]), {"language": "en"}, follow=True
    )
    batch = Batch.objects.get()
    assert batch.documents.count() == 2
    assert set(batch.documents.values_list("language", flat=True)) == {"en"}
    assert "正在生成2份资格审查表" in response.content.decode()


def test_everybodys_form_of_a_batch(official, county, candidacy) -> None:
    batch = make_batch(county, candidacy)
    official.post(reverse("candidates:print_batch_forms", args=[batch.pk]))
    document = Document.objects.get()
    assert (document.kind, document.subject_id) == ("qualification_form", str(candidacy.pk))
    assert document.language == "zh-hans"


def test_a_language_no_paper_is_written_in_is_chinese(official, county, candidacy) -> None:
    official.post(reverse("candidates:print_forms", args=[county.election.pk]), {"language": "tlh"})
    assert Document.objects.get().language == "zh-hans"


def test_an_election_without_candidates_prints_no_form(official, county) -> None:
    response = official.post(reverse("candidates:print_forms", args=[county.election.pk]), follow=True)
    assert "还没有人可以打印资格审查表" in response.content.decode()
    assert not Batch.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("township_official", 302),
        ("county_reviewer", 302),
        ("committee_member", 403),
        ("court", 403),
        ("administrator", 403),
        ("other_township_official", 404),
    ],
)
def test_who_prints_together(client, county, candidacy, who, status) -> None:
    batch = make_batch(county, candidacy)
    client.force_login(getattr(county, who))
    for name, pk in (("print_forms", county.election.pk), ("print_batch_forms", batch.pk)):
        assert client.post(reverse(f"candidates:{name}", args=[pk])).status_code == status, name
    assert Batch.objects.count() == (2 if status == 302 else 0)


@pytest.mark.parametrize("name", ["print_forms", "print_batch_forms"])
def test_printing_together_wants_post_and_a_row_that_is_there(official, name) -> None:
    assert official.get(reverse(f"candidates:{name}", args=[1])).status_code == 405
    assert official.post(reverse(f"candidates:{name}", args=[999_999])).status_code == 404


# Buttons ---------------------------------------------------------------------------------------


def test_a_candidates_page_offers_the_form_and_lists_what_was_printed(official, county, candidacy) -> None:
    address = reverse("candidates:candidate", args=[candidacy.pk])
    page = official.get(address).content.decode()
    assert reverse("documents:request_document", args=["qualification_form", candidacy.pk]) in page
    assert "refusal_notice" not in page
    ask(official, "qualification_form", candidacy)
    page = official.get(address).content.decode()
    assert reverse("documents:document", args=[Document.objects.get().pk]) in page


def test_the_notice_is_offered_while_the_refusal_stands(official, county, papers) -> None:
    candidacy = papers["qualification_form"]
    address = reverse("candidates:candidate", args=[candidacy.pk])
    notice = reverse("documents:request_document", args=["refusal_notice", papers["refusal_notice"].pk])
    assert notice in official.get(address).content.decode()
    people.change_state(
        candidacy=candidacy,
        state="preliminary",
        reason="判决已撤销",
        actor=county.township_official,
        at=NOW,
    )
    assert notice not in official.get(address).content.decode()


def test_an_elections_page_offers_its_lists_and_everybodys_form(official, county, candidacy) -> None:
    page = official.get(reverse("candidates:candidate_list", args=[county.election.pk])).content.decode()
    for code in ("preliminary_list", "final_list"):
        assert reverse("documents:request_document", args=[code, county.election.pk]) in page
    for name in ("print_forms", "objection_list"):
        assert reverse(f"candidates:{name}", args=[county.election.pk]) in page


def test_a_batchs_page_offers_the_review_form(official, county, candidacy) -> None:
    batch = make_batch(county, candidacy)
    page = official.get(reverse("candidates:batch", args=[batch.pk])).content.decode()
    assert reverse("documents:request_document", args=["review_form", batch.pk]) in page
    assert reverse("candidates:print_batch_forms", args=[batch.pk]) in page
