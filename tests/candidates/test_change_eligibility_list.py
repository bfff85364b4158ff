"""Another eligibility list for the term: previewed, changed by the county, everybody judged anew."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates.actions.decisions import decide
from candidates.actions.judging import facts_of_finding
from candidates.foresight import foresee
from candidates.judgements import shown_findings, shown_judgement
from candidates.law import eligibility_law
from candidates.models import Assessment, Candidacy, Enquiry, Finding, Flag, Person, Verdict
from candidates.rules import facts
from candidates.rules.eligibility import UnknownSituation, assess
from election_admin.journal.models import Entry
from election_admin.rulebooks.eligibility_lists import load_eligibility_list
from tests.candidates.conftest import make_candidate, make_finding
from tests.candidates.review import answer_all, reviewed, send
from tests.cast import NOW, County, make_term
from villages.actions.eligibility import change_eligibility_list
from villages.models import Election, Stage, Term
from villages.signals import edition_moved

pytestmark = pytest.mark.django_db
NEW = "situations-2018"
LATER = NOW + timedelta(hours=1)


def text(response) -> str:
    return response.content.decode()


def change(county: County, to: str = NEW, **changes: Any) -> Term:
    values: dict[str, Any] = {"reason": "县委组织部文件", "actor": county.county_reviewer, "at": LATER}
    return change_eligibility_list(term=county.term, eligibility_list=to, **(values | changes))


def url(county: County) -> str:
    return reverse("candidates:change_eligibility_list", args=[county.term.pk])


def verdict(candidacy: Candidacy) -> str:
    return Candidacy.objects.get(pk=candidacy.pk).verdict


def gang(county, candidacy):
    """Dealt with four years ago: over by the 2013 list (3 years), running by the later one (5)."""
    details = {"situation": "gang_related", "status": "confirmed", "dealt_with_on": date(2022, 12, 1)}
    return make_finding(county, candidacy, **details, source="处理决定书")


def family_planning(county, candidacy):
    details = {"situation": "family_planning", "status": "confirmed", "dealt_with_on": date(2025, 1, 1)}
    return make_finding(county, candidacy, **details, source="处理决定书")


class TestAction:
    def test_everybody_is_judged_by_the_new_list(self, county, candidacy):
        gang(county, candidacy)
        answer_all(county, candidacy)
        assert verdict(candidacy) == Verdict.QUALIFIED
        change(county)
        assert verdict(candidacy) == Verdict.DISQUALIFIED
        newest = Assessment.objects.get(candidacy=candidacy, current=True)
        assert newest.eligibility_list == NEW
        assert (newest.was, newest.cause) == ("qualified", "villages.change_eligibility_list")
        assert newest.caused_by == county.county_reviewer
        # What was decided by the old list stays as it was.
        assert set(Assessment.objects.values_list("eligibility_list", flat=True)) == {
            "five-situations-2013",
            NEW,
        }

    def test_the_journal_says_on_which_document(self, county):
        change(county)
        entry = Entry.objects.filter(verb="villages.change_eligibility_list").get()
        assert entry.reason == "县委组织部文件"
        assert entry.before == {"eligibility_list": "five-situations-2013"}
        assert entry.after == {"eligibility_list": NEW}
        assert entry.place == county.county

    @pytest.mark.parametrize(
        ("to", "reason", "key"),
        [
            ("five-situations-2013", "文件", "eligibility_list"),
            ("situations-1999", "文件", "eligibility_list"),
            ("", "文件", "eligibility_list"),
            (NEW, "  ", "reason"),
            (NEW, "字" * 501, "reason"),
        ],
    )
    def test_refused(self, county, to, reason, key):
        with pytest.raises(ValidationError) as error:
            change(county, to, reason=reason)
        assert list(error.value.message_dict) == [key]
        assert Term.objects.get(pk=county.term.pk).eligibility_list == "five-situations-2013"

    def test_refused_in_a_term_that_is_over(self, county):
        make_term(county.county, number=13)
        with pytest.raises(ValidationError, match="往届"):
            change(county)

    @pytest.mark.parametrize("who", ["township_official", "court", "committee_member", "administrator"])
    def test_the_county_decides(self, county, who):
        with pytest.raises(PermissionDenied):
            change(county, actor=getattr(county, who))

    def test_another_county_does_not(self, county, neighbour):
        with pytest.raises(PermissionDenied):
            change(county, actor=neighbour.county_reviewer)

    def test_another_countys_candidates_are_not_touched(self, county, neighbour):
        other = make_candidate(neighbour, "李小山", id_number="", born=date(1990, 1, 1))
        before = Assessment.objects.filter(candidacy=other).count()
        change(county)
        assert Assessment.objects.filter(candidacy=other).count() == before

    def test_nothing_is_left_of_it_when_judging_fails(self, county, candidacy, monkeypatch):
        def fail(*args, **kwargs):
            raise RuntimeError

        monkeypatch.setattr("candidates.receivers.judge_by_list", fail)
        with pytest.raises(RuntimeError):
            change(county)
        assert Term.objects.get(pk=county.term.pk).eligibility_list == "five-situations-2013"
        assert not Entry.objects.filter(verb="villages.change_eligibility_list").exists()


class TestWhatTheNewListLacks:
    """A finding of a situation the new list lacks stays on record and counts no more."""

    @pytest.fixture
    def found(self, county, candidacy) -> Finding:
        found = family_planning(county, candidacy)
        answer_all(county, candidacy)
        assert verdict(candidacy) == Verdict.DISQUALIFIED
        return found

    def test_it_counts_no_more(self, county, candidacy, found):
        change(county)
        assert verdict(candidacy) == Verdict.QUALIFIED
        assert Finding.objects.in_force().filter(pk=found.pk).exists()

    def test_the_judgement_names_it(self, county, candidacy, found):
        change(county)
        newest = Assessment.objects.get(candidacy=candidacy, current=True)
        shown = shown_judgement(newest, masked=False)
        assert "认定材料“违反计划生育”：现行清单没有这一情形，保留记录，不再计入认定。" in shown.warnings
        assert shown_judgement(newest, masked=True).warnings == ()

    def test_the_candidates_page_says_so(self, official, county, candidacy, found):
        change(county)
        official.post(reverse("candidates:look", args=[candidacy.pk]), {"reason": "核对"})
        page = text(official.get(reverse("candidates:candidate", args=[candidacy.pk])))
        assert "违反计划生育" in page
        assert "现行清单没有这一情形，保留记录，不再计入" in page

    def test_it_counts_again_when_the_list_comes_back(self, county, candidacy, found):
        change(county)
        change(county, "five-situations-2013", at=LATER + timedelta(hours=1))
        assert verdict(candidacy) == Verdict.DISQUALIFIED
        shown = shown_findings([found], load_eligibility_list("five-situations-2013"))
        assert shown[0].counts

    def test_the_rules_still_refuse_to_pass_anything_over(self, county, found):
        """Leaving it out is an act that is recorded, not something a rule does by itself."""
        with pytest.raises(UnknownSituation):
            assess(
                law=eligibility_law(NEW),
                election_day=date(2026, 12, 20),
                person=facts.Person(born=date(1980, 1, 1)),
                findings=[facts_of_finding(found.details)],
                replies={},
            )

    def test_a_later_act_finds_nothing_amiss(self, official, county, candidacy, found):
        """To withdraw what counts no more, and to record what does, work as ever."""
        change(county)
        make_finding(county, candidacy)
        official.post(reverse("candidates:look", args=[candidacy.pk]), {"reason": "核对"})
        address = reverse("candidates:withdraw_finding", args=[found.pk])
        assert "违反计划生育" in text(official.get(address))
        assert official.post(address, {"reason": "重复"}).status_code == 302


class TestTheReview:
    def test_a_signed_candidate_who_is_qualified_no_longer_is_frozen(self, county, candidacy):
        gang(county, candidacy)
        reviewed(county, candidacy)
        change(county)
        flag = Flag.objects.get(candidacy=candidacy)
        assert flag.kind == Flag.Kind.VERDICT_CHANGED
        assert flag.details == {"was": "qualified", "verdict": "disqualified"}
        assert Candidacy.objects.get(pk=candidacy.pk).is_frozen

    def test_a_final_candidate_is_flagged_once(self, county, candidacy):
        gang(county, candidacy)
        reviewed(county, candidacy)
        row = Candidacy.objects.select_related("election__place").get(pk=candidacy.pk)
        decide(row, Candidacy.State.FINAL, reason="名单", actor=county.township_official, at=NOW)
        change(county)
        assert Flag.objects.filter(candidacy=candidacy).count() == 1
        assert Candidacy.objects.get(pk=candidacy.pk).is_frozen

    def test_it_is_taken_back_when_the_list_is(self, county, candidacy):
        gang(county, candidacy)
        reviewed(county, candidacy)
        change(county)
        change(county, "five-situations-2013", at=LATER + timedelta(hours=1))
        assert not Flag.objects.open().filter(candidacy=candidacy).exists()
        assert not Candidacy.objects.get(pk=candidacy.pk).is_frozen

    def test_whoever_is_still_qualified_is_left_alone(self, county, candidacy):
        reviewed(county, candidacy)
        change(county)
        assert verdict(candidacy) == Verdict.QUALIFIED
        assert not Flag.objects.exists()

    def test_nobody_is_frozen_who_was_not_signed(self, county, candidacy):
        gang(county, candidacy)
        send(county, candidacy)
        answer_all(county, candidacy)
        change(county)
        assert verdict(candidacy) == Verdict.DISQUALIFIED
        assert not Flag.objects.exists()

    def test_the_batch_asks_whom_the_new_list_asks(self, county, candidacy):
        batch = send(county, candidacy)
        asked = load_eligibility_list(NEW).departments.value
        gone, kept = asked[0], asked[1]
        Enquiry.objects.filter(batch=batch, department=gone).delete()
        Enquiry.objects.create(batch=batch, department="weather_bureau")
        answer_all(county, candidacy, but=[kept])
        change(county)
        now = set(Enquiry.objects.filter(batch=batch).values_list("department", flat=True))
        assert now == set(asked)
        waiting = Enquiry.objects.filter(batch=batch, answered_at=None)
        assert {one.department for one in waiting} == {kept}


class TestForesight:
    def test_it_says_what_the_change_then_does(self, county, candidacy):
        other = make_candidate(county, "李小山", id_number="", born=date(1990, 1, 1), post="member")
        gang(county, candidacy)
        family_planning(county, other)
        answer_all(county, candidacy, other)
        foreseen = foresee(Candidacy.objects.all(), list_id=NEW)
        before = Assessment.objects.count()
        assert foreseen.judged == 2
        assert foreseen.outside == 1
        assert foreseen.counts == [("qualified", "disqualified", 1), ("disqualified", "qualified", 1)]
        assert Assessment.objects.count() == before
        change(county)
        assert {one.candidacy.pk: one.verdict for one in foreseen.changes} == {
            candidacy.pk: verdict(candidacy),
            other.pk: verdict(other),
        }

    def test_whoever_has_voted_is_counted(self, county, candidacy):
        gang(county, candidacy)
        answer_all(county, candidacy)
        Election.objects.filter(pk=county.election.pk).update(stage=Stage.AFTER)
        assert foresee(Candidacy.objects.all(), list_id=NEW).voted == 1

    def test_nobody_to_judge(self, county):
        foreseen = foresee(Candidacy.objects.all(), list_id=NEW)
        assert (foreseen.judged, foreseen.changes, foreseen.counts) == (0, (), [])


class TestView:
    def test_anonymous(self, client, county):
        assert client.get(url(county)).status_code == 302

    @pytest.mark.parametrize("who", ["township_official", "court", "committee_member", "administrator"])
    def test_other_roles(self, client, county, who):
        client.force_login(getattr(county, who))
        assert client.get(url(county)).status_code == 403
        assert client.post(url(county), {"eligibility_list": NEW, "reason": "文件"}).status_code == 403

    def test_outsider(self, client, county, neighbour):
        client.force_login(neighbour.county_reviewer)
        assert client.get(url(county)).status_code == 404

    @pytest.mark.parametrize("pk", [0, 999999, 9**30])
    def test_bad_id(self, client, county, pk):
        client.force_login(county.county_reviewer)
        assert client.get(reverse("candidates:change_eligibility_list", args=[pk])).status_code == 404

    def test_wrong_verb(self, client, county):
        client.force_login(county.county_reviewer)
        assert client.put(url(county)).status_code == 405

    def test_every_list_shows_its_date_source_and_what_to_mind(self, client, county):
        client.force_login(county.county_reviewer)
        page = text(client.get(url(county)))
        for shown in ("五种情形（2013年）", "2018年", "未见正式文号", "文字尚未与原文件核对"):
            assert shown in page
        change(county)
        page = text(client.get(url(county)))
        assert "2021年修法调整" in page
        assert "浙村换发〔2013〕4号" in page

    def test_the_preview_changes_nothing_and_keeps_what_was_typed(self, client, county, candidacy):
        gang(county, candidacy)
        answer_all(county, candidacy)
        client.force_login(county.county_reviewer)
        posted = {"eligibility_list": NEW, "reason": "县文件", "preview": "1"}
        page = text(client.post(url(county), posted))
        assert "王大山" in page
        assert "还没有更换" in page
        assert "县文件" in page
        assert "受过刑罚" not in page
        assert "涉黑涉恶" not in page
        assert Term.objects.get(pk=county.term.pk).eligibility_list == "five-situations-2013"
        assert verdict(candidacy) == Verdict.QUALIFIED

    def test_the_preview_asks_for_no_reason(self, client, county):
        client.force_login(county.county_reviewer)
        page = text(client.post(url(county), {"eligibility_list": NEW, "preview": "1"}))
        assert "没有人的结论会变" in page

    def test_confirmed(self, client, county, candidacy):
        gang(county, candidacy)
        answer_all(county, candidacy)
        client.force_login(county.county_reviewer)
        posted = {"eligibility_list": NEW, "reason": "县文件", "confirm": "1"}
        page = text(client.post(url(county), posted, follow=True))
        assert "本届的资格条件已更换" in page
        assert "重新认定1人，1人的结论有变：王大山（符合资格→不符合资格）。" in page
        assert reverse("candidates:verdict_changes") in page

    @pytest.mark.parametrize(
        ("posted", "said"),
        [
            ({}, "请选择“改用的资格条件”"),
            ({"eligibility_list": NEW}, "请填写“更换的依据”"),
            ({"eligibility_list": "five-situations-2013", "reason": "县文件"}, "没有这个选项"),
            ({"eligibility_list": "x", "reason": "县文件"}, "没有这个选项"),
            ({"eligibility_list": "x", "preview": "1"}, "没有这个选项"),
        ],
    )
    def test_bad_input_is_said_and_nothing_is_lost(self, client, county, posted, said):
        client.force_login(county.county_reviewer)
        page = text(client.post(url(county), posted))
        assert said in page
        assert posted.get("reason", "") in page
        assert Term.objects.get(pk=county.term.pk).eligibility_list == "five-situations-2013"

    def test_a_term_that_is_over(self, client, county):
        make_term(county.county, number=13)
        client.force_login(county.county_reviewer)
        assert "往届" in text(client.get(url(county), follow=True))

    def test_the_terms_lead_there(self, client, county):
        address = reverse("villages:term_list")
        client.force_login(county.county_reviewer)
        assert url(county) in text(client.get(address))
        client.force_login(county.administrator)
        assert url(county) not in text(client.get(address))


def test_a_moved_rulebook_edition_judges_nobody(county, candidacy):
    """An edition changes the procedure's numbers; nothing of it is asked when somebody is judged."""
    before = Assessment.objects.count()
    edition_moved.send(None, edition=None, elections=[county.election], actor=None, at=NOW)
    assert Assessment.objects.count() == before


def crowd(county: County, count: int) -> list[Candidacy]:
    """So many people who stand, put in at once."""
    people = Person.objects.bulk_create(
        Person(place=county.village, name="李甲", sex="male", born=date(1980, 1, 1)) for _ in range(count)
    )
    return Candidacy.objects.bulk_create(
        Candidacy(
            election=county.election,
            person=one,
            post="member",
            how="self",
            nominated_on=date(2026, 11, 28),
            standing={"registered_voter": True, "deprived_of_political_rights": False},
        )
        for one in people
    )


def test_the_queries_do_not_grow_with_the_people(county):
    crowd(county, 2)
    with CaptureQueriesContext(connection) as few:
        change(county)
    crowd(county, 100)
    with CaptureQueriesContext(connection) as many:
        change(county, "five-situations-2013")
    assert len(many) <= len(few) + 2


def test_hundreds_of_people_are_judged_anew(county):
    """More than one statement takes at once: nobody is left with a judgement by the old list."""
    crowd(county, 600)
    change(county)
    assert Assessment.objects.filter(current=True, eligibility_list=NEW).count() == 600
