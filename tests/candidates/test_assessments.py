"""One assessment as it was made: the same page years later, and the same answer from the rules."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from candidates import lexicon, phrases
from candidates.actions import findings, looking, people
from candidates.judgements import shown_judgement
from candidates.law import law_of
from candidates.lexicon import basis_texts
from candidates.models import Assessment, Basis, Candidacy, Finding
from candidates.recomputing import recompute
from election_admin.rulebooks import eligibility_lists
from election_admin.rulebooks.eligibility_lists import load_eligibility_list
from election_admin.rulebooks.values import Text
from tests.candidates.conftest import BORN, make_candidate, make_finding
from tests.candidates.review import answer_all, department_user, reviewed
from tests.cast import NOW, County

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


def current(candidacy: Candidacy) -> Assessment:
    return Assessment.objects.select_related("basis").get(candidacy=candidacy, current=True)


def url(assessment: Assessment) -> str:
    return reverse("candidates:assessment", args=[assessment.pk])


@pytest.fixture
def assessment(county: County, candidacy: Candidacy) -> Assessment:
    """He was released on 1 March 2023: the five years are not up."""
    make_finding(county, candidacy)
    return current(candidacy)


def look(client, candidacy: Candidacy) -> None:
    client.post(reverse("candidates:look", args=[candidacy.pk]), {"reason": "核对认定"})


class TestAccess:
    def test_anonymous(self, client, assessment):
        assert client.get(url(assessment)).status_code == 302

    @pytest.mark.parametrize("who", ["other_township_official", "neighbour"])
    def test_outsider(self, client, county, neighbour, assessment, who):
        client.force_login(neighbour.township_official if who == "neighbour" else getattr(county, who))
        assert client.get(url(assessment)).status_code == 404

    @pytest.mark.parametrize("who", ["court", "committee_member", "administrator"])
    def test_other_roles(self, client, county, assessment, who):
        client.force_login(getattr(county, who))
        assert client.get(url(assessment)).status_code == 403

    def test_wrong_verb(self, official, assessment):
        assert official.post(url(assessment)).status_code == 405

    @pytest.mark.parametrize("pk", [0, 999999, 9**30])
    def test_bad_id(self, official, pk):
        assert official.get(reverse("candidates:assessment", args=[pk])).status_code == 404


@pytest.mark.parametrize("who", ["township_official", "county_reviewer"])
def test_masked_until_somebody_says_why(client, county, candidacy, assessment, who):
    client.force_login(getattr(county, who))
    page = text(client.get(url(assessment)))
    for shown in ("不符合资格", "2026年12月20日", "记录认定材料", "2013年", "虞政发〔2013〕72号", "张三"):
        assert shown in page
    for hidden in ("2023年3月1日", "浙0604刑初88号", "1980年5月1日", "仍然适用"):
        assert hidden not in page
    look(client, candidacy)
    page = text(client.get(url(assessment)))
    for shown in ("2023年3月1日", "浙0604刑初88号", "1980年5月1日", "选举日2026年12月20日未满5年"):
        assert shown in page


def test_a_departments_name_is_told_to_an_open_look_only(client, county, candidacy):
    """Whose answer changed the verdict tells who holds a record."""
    make_candidate(county, "李小山", id_number="", born=date(1990, 1, 1))
    court = department_user(county, "court")
    court.name = "法院审核员丙"
    court.save()
    answer_all(county, candidacy)
    client.force_login(county.township_official)
    row = Assessment.objects.get(candidacy=candidacy, caused_by=court)
    assert "法院审核员丙" not in text(client.get(url(row)))
    look(client, candidacy)
    assert "法院审核员丙" in text(client.get(url(row)))


class TestYearsLater:
    """What was decided on is shown as it was made, whatever has changed since."""

    def test_it_reads_the_same_when_everything_else_has_changed(
        self, client, county, candidacy, assessment, monkeypatch
    ):
        client.force_login(county.township_official)
        look(client, candidacy)
        before = text(client.get(url(assessment)))

        # The facts: the finding is taken back, the man gets another birthday and another name.
        findings.withdraw_finding(
            finding=Finding.objects.get(), reason="录错", actor=county.township_official, at=NOW
        )
        people.correct_candidate(
            candidacy=candidacy,
            person={
                "name": "王小山",
                "sex": "male",
                "born": date(1981, 5, 1),
                "id_number": "",
                "ethnicity": "",
                "education": "",
                "party_member": False,
            },
            values={
                "post": "chair",
                "how": "joint",
                "nominated_on": date(2026, 11, 28),
                "supporters": 30,
                "registered_voter": None,
                "deprived_of_political_rights": False,
            },
            actor=county.township_official,
            at=NOW,
        )
        # The words: of the list, and of every sentence.
        other = load_eligibility_list("five-situations-2013")
        other = replace(
            other,
            title=Text(zh="另一个名称", en="Another title"),
            effect=Text(zh="另一种后果", en="Another effect"),
            documents={code: Text(zh="另一份文件", en="Another paper") for code in other.documents},
        )
        for module in (eligibility_lists, lexicon):
            monkeypatch.setattr(module, "load_eligibility_list", lambda list_id: other)
        monkeypatch.setattr("candidates.judgements.load_eligibility_list", lambda list_id: other)
        for code in phrases.SENTENCES:
            monkeypatch.setitem(phrases.SENTENCES, code, "另一种说法")

        after = text(client.get(url(assessment)))
        assert "另一" not in after
        for shown in (
            "王大山",
            "1980年5月1日",
            "（2019）浙0604刑初88号",
            "2023年3月1日刑满释放，至2028年3月1日满5年",
            "虞政发〔2013〕72号文件第16条第1项",
            "不能确定为候选人（自荐人）的五种情形（2013年）",
        ):
            assert shown in before
            assert shown in after
        assert "以前的认定" in after

    def test_in_both_languages(self, assessment):
        with override("en"):
            shown = shown_judgement(assessment, masked=False)
            assert "Criminal penalty" in shown.situations[0].title
            assert shown.list.title.startswith("The five situations")
        with override("zh-hans"):
            assert "受过刑罚" in shown_judgement(assessment, masked=False).situations[0].title

    def test_one_made_before_the_words_were_kept_is_shown_in_todays(self, official, assessment):
        Assessment.objects.filter(pk=assessment.pk).update(basis=None)
        assert "五种情形" in text(official.get(url(assessment)))

    def test_the_words_are_kept_once(self, county, candidacy, assessment):
        answer_all(county, candidacy)
        make_candidate(county, "李小山", id_number="", born=date(1990, 1, 1))
        assert Basis.objects.count() == 1
        assert Basis.objects.get().digest == basis_texts("five-situations-2013")[0]

    def test_nothing_personal_is_among_the_words(self, assessment):
        kept = str(Basis.objects.get().texts)
        for personal in ("王大山", "1980", "2023-03-01", "刑初88号"):
            assert personal not in kept

    def test_what_was_signed_and_decided_on_it_is_named(self, official, county, candidacy):
        reviewed(county, candidacy)
        page = text(official.get(url(current(candidacy))))
        assert "据此作出的决定" in page
        assert "县级签署为“符合资格”" in page

    def test_it_says_which_one_counts_now(self, official, county, candidacy, assessment):
        first = candidacy.assessments.order_by("pk").first()
        page = text(official.get(url(first)))
        assert "以前的认定" in page
        assert url(assessment) in page
        assert "现行认定" in text(official.get(url(assessment)))


class TestRecompute:
    def test_the_same_case_gives_the_same_answer(self, official, assessment):
        page = text(official.get(url(assessment), {"recompute": "1"}))
        assert "与存档完全相同" in page

    def test_every_assessment_of_a_review(self, county, candidacy):
        reviewed(county, candidacy)
        make_finding(county, candidacy, situation="incapacity", status="alleged", source="村民反映")
        for one in Assessment.objects.select_related("basis"):
            assert recompute(one).same

    def test_nothing_is_written(self, official, assessment):
        before = Assessment.objects.count()
        official.get(url(assessment), {"recompute": "1"})
        assert Assessment.objects.count() == before

    def test_a_difference_is_named_to_an_open_look(self, official, candidacy, assessment):
        """Somebody, or a fault of the program, changed what was kept: it shows."""
        snapshot = assessment.snapshot
        snapshot["answer"]["verdict"] = "qualified"
        snapshot["answer"]["situations"]["criminal_penalty"]["state"] = "clear"
        snapshot["answer"]["missing_replies"] = []
        assessment.save(update_fields=["snapshot"])
        page = text(official.get(url(assessment), {"recompute": "1"}))
        assert "与存档不同" in page
        assert "受过刑罚：当时" not in page
        look(official, candidacy)
        page = text(official.get(url(assessment), {"recompute": "1"}))
        assert "结论：当时为“符合资格”，现在算得“不符合资格”" in page
        assert "受过刑罚：当时为“不适用”，现在算得“适用”" in page
        assert "尚未答复的部门不同" in page

    def test_the_law_that_was_kept_is_the_one_it_is_judged_by(self, assessment, monkeypatch):
        """A list whose years are changed later does not change what was decided by it."""
        other = replace(law_of(load_eligibility_list("five-situations-2013")), voting_age=60)
        monkeypatch.setattr("candidates.recomputing.eligibility_law", lambda list_id: other)
        again = recompute(assessment)
        assert again.same
        assert again.list_changed

    def test_a_list_that_is_no_longer_there(self, assessment):
        Assessment.objects.filter(pk=assessment.pk).update(eligibility_list="gone-1999")
        assessment.refresh_from_db()
        assert recompute(assessment).same
        assert recompute(assessment).list_changed


def test_the_queries_do_not_grow(client, county, candidacy, assessment):
    client.force_login(county.township_official)
    client.get(url(assessment))
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(url(assessment))
    answer_all(county, candidacy)
    for n in range(5):
        make_finding(county, candidacy, situation="gang_related", status="alleged", source=f"第{n}件")
    newest = url(current(candidacy))
    with CaptureQueriesContext(connection) as many:
        client.get(newest)
    assert len(many) <= len(few)


def test_the_snapshot_is_a_token_in_the_database(county, assessment):
    with connection.cursor() as cursor:
        cursor.execute("SELECT snapshot FROM candidates_assessment WHERE id = %s", [assessment.pk])
        (stored,) = cursor.fetchone()
    for plain in ("王大山", BORN.isoformat(), "criminal_penalty", "2023-03-01"):
        assert plain not in stored


def test_a_look_is_journalled_before_anything_shows(official, county, candidacy, assessment):
    looking.look(
        candidacy=candidacy, reason="核对", actor=county.township_official, at=NOW - timedelta(days=1)
    )
    assert "刑初88号" not in text(official.get(url(assessment)))
