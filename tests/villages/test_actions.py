"""What the township and the county write about a village, and what follows from it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from ballots.models import Step
from candidates.actions.findings import record_finding
from election_admin.journal.models import Entry
from tests.addresses import make_rows
from tests.cast import ELECTION_DAY, NOW, SEATS, TODAY, County, make_term
from villages.actions.audits import publish_audit, record_audit
from villages.actions.facts import settle_dispute
from villages.actions.plans import review_plan, submit_plan, write_plan
from villages.actions.risk import Answer, decide_rating, record_survey
from villages.actions.terms import set_election_day
from villages.law import risk_model
from villages.models import Audit, Band, DisposalPlan, Election, Rating, SurveyAnswer, Term
from villages.models.audits import Subject

pytestmark = pytest.mark.django_db
CALM = {factor.code: Answer(0) for factor in risk_model("default-2026").factors}


def _survey(county: County, **answers: Answer) -> Rating | None:
    return record_survey(
        place=county.village,
        term=county.term,
        answers={**CALM, **answers},
        actor=county.township_official,
        at=NOW,
    )


class TestSurvey:
    """Answers are a history; each change rates the village anew."""

    def test_a_calm_village_is_settled(self, county: County) -> None:
        rating = _survey(county)
        assert rating is not None
        assert rating.band == Band.SETTLED
        assert (rating.score, rating.completeness) == (Decimal(0), Decimal(1))

    def test_an_answer_changes_the_rating_and_keeps_the_old_one(self, county: County) -> None:
        _survey(county)
        rating = _survey(county, clan_factions=Answer(3, "两姓争夺主任职位"))
        assert rating is not None
        assert (rating.band, rating.floors) == (Band.DIFFICULT, ["clan_factions"])
        assert Rating.objects.filter(place=county.village).count() == 2
        assert Rating.objects.filter(place=county.village, current=True).get() == rating
        held = SurveyAnswer.objects.filter(place=county.village, factor="clan_factions")
        assert [one.level for one in held.order_by("id")] == [0, 3]
        assert [one.level for one in held.newest()] == [3]

    def test_saving_the_same_again_writes_nothing(self, county: County) -> None:
        _survey(county)
        entries = Entry.objects.count()
        assert _survey(county) is None
        assert Entry.objects.count() == entries

    def test_marked_and_severe_need_evidence(self, county: County) -> None:
        with pytest.raises(ValidationError) as refused:
            _survey(county, weak_team=Answer(2, "  "))
        assert "weak_team" in refused.value.message_dict
        assert not SurveyAnswer.objects.exists()

    def test_an_unknown_factor_is_refused(self, county: County) -> None:
        with pytest.raises(ValidationError):
            _survey(county, weather=Answer(1))

    def test_only_the_township_answers(self, county: County) -> None:
        for user in (county.county_reviewer, county.committee_member, county.other_township_official):
            with pytest.raises(PermissionDenied):
                record_survey(place=county.village, term=county.term, answers=CALM, actor=user, at=NOW)


class TestDecision:
    """The county confirms or overrides; the computed band stays beside it."""

    def _decide(self, county: County, rating: Rating, band: str, reason: str = "") -> Rating:
        return decide_rating(rating=rating, band=band, reason=reason, actor=county.county_reviewer, at=NOW)

    def test_override_needs_a_reason(self, county: County) -> None:
        rating = _survey(county)
        assert rating is not None
        with pytest.raises(ValidationError) as refused:
            self._decide(county, rating, Band.KEY)
        assert "reason" in refused.value.message_dict
        decided = self._decide(county, rating, Band.KEY, "外出务工返乡人员串联")
        assert (decided.band, decided.computed_band, decided.overridden) == (Band.KEY, Band.SETTLED, True)

    def test_a_decision_stands_while_the_computed_band_is_the_same(self, county: County) -> None:
        rating = _survey(county)
        assert rating is not None
        self._decide(county, rating, Band.KEY, "串联")
        again = _survey(county, voters_away=Answer(1))
        assert again is not None
        assert (again.band, again.decided_by) == (Band.KEY, county.county_reviewer)

    def test_nothing_grows_milder_by_itself(self, county: County) -> None:
        rating = _survey(county)
        assert rating is not None
        self._decide(county, rating, Band.DIFFICULT, "串联")
        again = _survey(county, no_last_election=Answer(2, "上届推迟一年"))
        assert again is not None
        assert (again.computed_band, again.band) == (Band.KEY, Band.DIFFICULT)
        assert again.decided_by is None

    def test_a_confirmed_band_does_not_fall_by_the_townships_answers_alone(self, county: County) -> None:
        """Else a township could answer its way out of the plan it owes."""
        rating = _survey(county, clan_factions=Answer(3, "两姓相争"))
        assert rating is not None
        self._decide(county, rating, Band.DIFFICULT)
        for answers in (CALM, dict.fromkeys(CALM, Answer(None))):
            again = record_survey(
                place=county.village,
                term=county.term,
                answers=answers,
                actor=county.township_official,
                at=NOW,
            )
            assert again is not None
            assert (again.band, again.decided_by) == (Band.DIFFICULT, None)
            assert again.decision_reason

    def test_an_outdated_rating_cannot_be_decided(self, county: County) -> None:
        rating = _survey(county)
        assert rating is not None
        _survey(county, clan_factions=Answer(3, "两姓相争"))
        with pytest.raises(ValidationError):
            self._decide(county, rating, Band.SETTLED)

    def test_the_township_cannot_decide(self, county: County) -> None:
        rating = _survey(county)
        assert rating is not None
        with pytest.raises(PermissionDenied):
            decide_rating(rating=rating, band=Band.SETTLED, reason="", actor=county.township_official, at=NOW)


def _audit(county: County, *, completed: bool = True, **changes: Any) -> Audit:
    values = {
        "auditor": "镇农经站",
        "period_start": TODAY.replace(year=2021),
        "period_end": TODAY.replace(month=10),
        "opening_balance": Decimal("1000.10"),
        "income": Decimal("500.20"),
        "expenditure": Decimal("300.30"),
        "closing_balance": Decimal("1200.00"),
        "opinion": "收支基本合规。",
    }
    return record_audit(
        place=county.village,
        term=county.term,
        values=values | changes,
        conclusions=dict.fromkeys(Subject.values, "无"),
        findings=[],
        completed=completed,
        actor=county.township_official,
        at=NOW,
    )


class TestAudit:
    """Art. 35: six subjects, published before the next election."""

    def test_balances_have_to_add_up(self, county: County) -> None:
        with pytest.raises(ValidationError) as refused:
            _audit(county, closing_balance=Decimal("1200.01"))
        assert "1,200.00" in refused.value.message_dict["closing_balance"][0]
        assert "0.01" in refused.value.message_dict["closing_balance"][0]

    def test_complete_means_every_subject_of_article_35(self, county: County) -> None:
        with pytest.raises(ValidationError) as refused:
            record_audit(
                place=county.village,
                term=county.term,
                values={name: getattr(_audit(county), name) for name in Audit.recorded_fields},
                conclusions=dict.fromkeys(Subject.values, ""),
                findings=[],
                completed=True,
                actor=county.township_official,
                at=NOW,
            )
        assert len(refused.value.message_dict) == 6

    def test_publishing_records_the_step_and_ends_changes(self, county: County) -> None:
        audit = _audit(county)
        publish_audit(
            audit=audit,
            published_on=TODAY,
            published_where="村务公开栏",
            actor=county.township_official,
            at=NOW,
        )
        assert Step.objects.get(election=county.election, code="audit_published").done_on == TODAY
        with pytest.raises(ValidationError):
            _audit(county)

    def test_a_draft_cannot_be_published(self, county: County) -> None:
        audit = _audit(county, completed=False)
        with pytest.raises(ValidationError):
            publish_audit(
                audit=audit, published_on=TODAY, published_where="栏", actor=county.township_official, at=NOW
            )


class TestPlan:
    """Township submits, county returns or approves; what was approved is never changed."""

    def _write(self, county: County, **changes: Any) -> DisposalPlan:
        measure = {
            "risk_point": "宗族",
            "measure": "与两姓老人谈话",
            "owner": "张三",
            "due_on": ELECTION_DAY,
            "done_on": None,
        }
        return write_plan(
            place=county.village,
            term=county.term,
            values=dict.fromkeys(DisposalPlan.recorded_fields, "文字"),
            measures=changes.pop("measures", [measure]),
            actor=county.township_official,
            at=NOW,
        )

    def test_the_whole_way(self, county: County) -> None:
        plan = submit_plan(plan=self._write(county), actor=county.township_official, at=NOW)
        with pytest.raises(ValidationError):
            self._write(county)
        with pytest.raises(ValidationError):
            review_plan(plan=plan, approved=False, remark=" ", actor=county.county_reviewer, at=NOW)
        review_plan(plan=plan, approved=False, remark="责任人要写到人", actor=county.county_reviewer, at=NOW)
        again = submit_plan(plan=self._write(county), actor=county.township_official, at=NOW)
        assert again.version == 1
        review_plan(plan=again, approved=True, remark="", actor=county.county_reviewer, at=NOW)
        assert Step.objects.get(election=county.election, code="plan_approved").done_on == TODAY
        second = self._write(county)
        assert (second.version, second.state) == (2, DisposalPlan.State.DRAFT)
        assert list(DisposalPlan.objects.current()) == [second]
        assert DisposalPlan.objects.get(version=1).state == DisposalPlan.State.APPROVED

    def test_a_plan_without_a_measure_is_not_sent(self, county: County) -> None:
        with pytest.raises(ValidationError):
            submit_plan(plan=self._write(county, measures=[]), actor=county.township_official, at=NOW)

    def test_only_the_county_approves(self, county: County) -> None:
        plan = submit_plan(plan=self._write(county), actor=county.township_official, at=NOW)
        for user in (county.township_official, county.committee_member, county.administrator):
            with pytest.raises(PermissionDenied):
                review_plan(plan=plan, approved=True, remark="", actor=user, at=NOW)


class TestElectionDay:
    """The day, the mode and the seats, within what the law and the term allow."""

    def _set(self, county: County, **changes: Any) -> Election:
        values: dict[str, Any] = {"election_day": ELECTION_DAY, "mode": "nominated", "seats": SEATS}
        return set_election_day(
            election=county.election, actor=county.township_official, at=NOW, **(values | changes)
        )

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"election_day": TODAY.replace(year=2027)}, "election_day"),
            ({"election_day": TODAY.replace(month=11, day=30)}, "election_day"),
            ({"seats": {**SEATS, "women": 0, "member": 3}}, "seats_women"),
            ({"seats": {**SEATS, "member": 0, "women": 0, "vice_chair": 0}}, "seats_member"),
            ({"seats": {**SEATS, "member": 9}}, "seats_member"),
            ({"seats": {**SEATS, "chair": 2}}, "seats_chair"),
            ({"mode": "appointed"}, "mode"),
        ],
    )
    def test_what_the_law_does_not_allow(self, county: County, changes: dict[str, Any], field: str) -> None:
        """Art. 6: three to seven in all; art. 11: nobody appoints."""
        with pytest.raises(ValidationError) as refused:
            self._set(county, **changes)
        assert field in refused.value.message_dict

    def test_dates_follow_the_day(self, county: County) -> None:
        """Art. 14: the voter list hangs 20 days before the day, wherever the day moves."""
        self._set(county, election_day=ELECTION_DAY.replace(day=28))
        step = Step.objects.get(election=county.election, code="voter_list_published")
        assert step.latest is not None
        assert step.latest.isoformat() == "2026-12-08"

    def test_the_mode_brings_its_own_steps(self, county: County) -> None:
        codes = set(county.election.steps.values_list("code", flat=True))
        assert "self_nomination_closed" not in codes
        self._set(county, mode="self_nominated")
        assert "self_nomination_closed" in set(county.election.steps.values_list("code", flat=True))


def test_a_dispute_is_settled_once(county: County) -> None:
    """Two officials at two desks do not overwrite each other's outcome."""
    dispute = make_rows(county).dispute
    settle_dispute(
        dispute=dispute, settled_on=TODAY, outcome="签订协议", actor=county.township_official, at=NOW
    )
    with pytest.raises(ValidationError):
        settle_dispute(
            dispute=dispute, settled_on=TODAY, outcome="另一结果", actor=county.township_official, at=NOW
        )


def test_a_past_day_cannot_be_chosen(county: County) -> None:
    """Within the window too: a day gone by would make every step overdue at once."""
    later = NOW + timedelta(days=10)
    with pytest.raises(ValidationError) as refused:
        set_election_day(
            election=county.election,
            election_day=TODAY + timedelta(days=5),
            mode="nominated",
            seats=SEATS,
            actor=county.township_official,
            at=later,
        )
    assert "过去" in refused.value.message_dict["election_day"][0]


def test_a_past_term_is_only_read(county: County) -> None:
    """What was decided years ago stays as it was decided."""
    rows = make_rows(county)
    make_term(
        county.county, number=13, window_start=TODAY.replace(year=2031), window_end=TODAY.replace(year=2032)
    )
    term = Term.objects.get(pk=county.term.pk)
    by_township: dict[str, Any] = {"actor": county.township_official, "at": NOW}
    for act in (
        lambda: set_election_day(
            election=county.election, election_day=ELECTION_DAY, mode="nominated", seats=SEATS, **by_township
        ),
        lambda: record_survey(place=county.village, term=term, answers=CALM, **by_township),
        lambda: submit_plan(plan=rows.plan, **by_township),
        lambda: decide_rating(
            rating=rows.rating, band=Band.KEY, reason="x", actor=county.county_reviewer, at=NOW
        ),
        lambda: record_finding(
            candidacy=rows.candidacy, details={"situation": "incapacity", "status": "alleged"}, **by_township
        ),
    ):
        with pytest.raises(ValidationError, match="往届"):
            act()


def test_plans_and_disputes_name_nobody_in_the_journal(county: County) -> None:
    """Names and telephone numbers can be erased later; the chain of the journal cannot."""
    make_rows(county)
    entries = Entry.objects.filter(verb__in=["villages.write_plan", "villages.record_dispute"])
    assert entries.count() == 2
    for entry in entries:
        assert "两姓" not in str(entry.after)
        assert "机耕路" not in str(entry.after)
