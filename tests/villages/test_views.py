"""The pages on which a township writes what it knows and a county decides."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ballots.models import Step
from election_admin.accounts.models import Membership, Role, User
from election_admin.documents.models import Document
from election_admin.documents.registry import kind
from election_admin.documents.rendering import document_html
from tests.addresses import Rows, make_rows
from tests.cast import NOW, TODAY, County
from villages.actions.plans import review_plan, submit_plan, write_plan
from villages.law import risk_model
from villages.models import Audit, DisposalPlan, Dispute, Rating, SurveyAnswer, VillageProfile
from villages.models.audits import Subject
from villages.registry import Need, Urgency

pytestmark = pytest.mark.django_db
FACTORS = [factor.code for factor in risk_model("default-2026").factors]


def _as(client: Client, user: User) -> Client:
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def township(client: Client, county: County) -> Client:
    """A browser in which the township official is logged in."""
    return _as(client, county.township_official)


@pytest.fixture
def rows(county: County) -> Rows:
    """One row of each kind in the first village."""
    return make_rows(county)


class TestVillage:
    """The page of one village."""

    def test_it_says_what_the_village_needs(self, township: Client, county: County) -> None:
        page = township.get(reverse("villages:village", args=[county.village.code])).content.decode()
        assert "还没有做村情调查" in page
        assert "财务清理审计还没有开始" in page

    def test_the_committee_sees_neither_risk_nor_plan(self, client: Client, rows: Rows) -> None:
        """A villagers' committee is not shown what the office thinks of its village (§11)."""
        county = rows.county
        address = reverse("villages:village", args=[county.village.code])
        page = _as(client, county.committee_member).get(address).content.decode()
        for hidden in ("风险评级", "处置预案", "矛盾纠纷", "两姓争夺"):
            assert hidden not in page

    def test_a_community_elects_by_another_law(self, township: Client, county: County) -> None:
        address = reverse("villages:village", args=[county.community.code])
        assert township.get(address).status_code == 404

    @pytest.mark.parametrize(("number", "folded"), [(6, ""), (7, "其余1件"), (9, "其余3件")])
    def test_more_than_six_things_to_do_are_folded(
        self,
        township: Client,
        county: County,
        monkeypatch: pytest.MonkeyPatch,
        number: int,
        folded: str,
    ) -> None:
        needs = [Need(f"第{one}件事", "/", Urgency.NOW) for one in range(1, number + 1)]
        monkeypatch.setattr(
            "villages.views.villages.needs_of", lambda user, places, on: {places[0].pk: needs}
        )
        page = township.get(reverse("villages:village", args=[county.village.code])).content.decode()
        section = page[page.index('<h2 id="needs">') :].split("</section>")[0]
        shown, _details, rest = section.partition("<details>")
        assert shown.count("<li>") == min(number, 6)
        assert rest.count("<li>") == max(number - 6, 0)
        assert folded in rest


class TestTwoPlaces:
    """Somebody who is an official in one place and a committee's member in another."""

    @pytest.fixture
    def visitor(self, client: Client, county: County, neighbour: County) -> Client:
        user = county.township_official
        Membership.objects.create(user=user, place=neighbour.village, role=Role.COMMITTEE)
        return _as(client, user)

    @pytest.mark.parametrize(("page", "row"), [("settle_dispute", "dispute"), ("publish_audit", "audit")])
    def test_the_office_of_one_place_opens_nothing_in_the_other(
        self, visitor: Client, neighbour: County, page: str, row: str
    ) -> None:
        rows = make_rows(neighbour)
        address = reverse(f"villages:{page}", args=[getattr(rows, row).pk])
        assert visitor.get(address).status_code == 403
        assert visitor.post(address).status_code == 403


class TestProfile:
    """The village in figures."""

    def _post(self, client: Client, county: County, **values: Any) -> Any:
        return client.post(reverse("villages:edit_profile", args=[county.village.code]), values)

    def test_entered_and_corrected(self, township: Client, county: County) -> None:
        assert self._post(township, county, population=1200, voters=900).status_code == 302
        assert self._post(township, county, population=1210, voters=900).status_code == 302
        profile = VillageProfile.objects.get(place=county.village)
        assert (profile.population, profile.households) == (1210, None)
        page = township.get(reverse("villages:village", args=[county.village.code])).content.decode()
        assert "1,210" in page

    @pytest.mark.parametrize(
        ("values", "field", "sentence"),
        [
            ({"population": 100, "voters": 101}, "voters", "不能多于"),
            ({"voters": 100, "voters_away": 101}, "voters_away", "不能多于"),
            ({"largest_clan_share": 101}, "largest_clan_share", "100"),
            ({"population": "一千"}, "population", "整数"),
        ],
    )
    def test_figures_that_contradict_each_other(
        self, township: Client, county: County, values: dict[str, Any], field: str, sentence: str
    ) -> None:
        response = self._post(township, county, **values, remark="保留的说明")
        assert response.status_code == 200
        assert sentence in response.context["form"].errors[field][0]
        assert "保留的说明" in response.content.decode()
        assert not VillageProfile.objects.exists()


class TestSurvey:
    """Eighteen factors, each with a level and its evidence."""

    def _post(self, client: Client, county: County, **answers: str) -> Any:
        levels = {f"level_{factor}": "0" for factor in FACTORS} | answers
        return client.post(reverse("villages:survey", args=[county.village.code]), levels)

    def test_the_rating_changes_with_its_reasons(self, township: Client, county: County) -> None:
        response = self._post(township, county)
        assert response.status_code == 302
        page = township.get(response.headers["Location"]).content.decode()
        assert "放心村" in page
        response = self._post(
            township, county, level_clan_factions="3", evidence_clan_factions="两姓争夺主任职位"
        )
        page = township.get(response.headers["Location"]).content.decode()
        assert "难点村" in page
        assert "两姓争夺主任职位" in page
        assert "达到底线" in page

    def test_a_severe_answer_without_evidence_comes_back_filled(
        self, township: Client, county: County
    ) -> None:
        response = self._post(township, county, level_weak_team="3", evidence_weak_team="")
        assert response.status_code == 200
        assert "请写明依据" in response.content.decode()
        assert response.context["form"]["level_weak_team"].value() == "3"
        assert not SurveyAnswer.objects.exists()

    def test_what_was_answered_stands_in_the_form(self, township: Client, rows: Rows) -> None:
        form = township.get(reverse("villages:survey", args=[rows.county.village.code])).context["form"]
        assert form["level_clan_factions"].value() == "3"
        assert form["level_weak_team"].value() == ""


class TestDecision:
    """The county's word on a rating."""

    def test_override_with_a_reason(self, client: Client, rows: Rows) -> None:
        reviewer = _as(client, rows.county.county_reviewer)
        address = reverse("villages:decide_rating", args=[rows.rating.pk])
        refused = reviewer.post(address, {"band": "settled", "reason": ""})
        assert "请写明调整理由" in refused.content.decode()
        assert reviewer.post(address, {"band": "key", "reason": "两姓已谈妥"}).status_code == 302
        assert Rating.objects.get(pk=rows.rating.pk).band == "key"
        page = reviewer.get(reverse("villages:rating", args=[rows.county.village.code])).content.decode()
        assert "两姓已谈妥" in page
        assert "测算等级" in page

    def test_the_township_sees_no_form(self, township: Client, rows: Rows) -> None:
        page = township.get(reverse("villages:rating", args=[rows.county.village.code])).content.decode()
        assert "县级审定</h2>" not in page
        address = reverse("villages:decide_rating", args=[rows.rating.pk])
        assert township.post(address, {"band": "key", "reason": "x"}).status_code == 403


class TestDisputes:
    """The register of disputes."""

    def test_recorded_and_settled(self, township: Client, county: County) -> None:
        values = {
            "subject": "land",
            "summary": "界址不清",
            "raised_on": "2026-03-01",
            "parties": "张家、李家",
        }
        assert township.post(reverse("villages:record_dispute", args=[county.village.code]), values)
        dispute = Dispute.objects.get()
        address = reverse("villages:settle_dispute", args=[dispute.pk])
        early = township.post(address, {"settled_on": "2026-02-01", "outcome": "签协议"})
        assert "早于发生日期" in early.content.decode()
        assert township.post(address, {"settled_on": "2026-04-01", "outcome": "签协议"}).status_code == 302
        dispute.refresh_from_db()
        assert dispute.outcome == "签协议"

    def test_the_county_reads_and_does_not_write(self, client: Client, rows: Rows) -> None:
        address = reverse("villages:settle_dispute", args=[rows.dispute.pk])
        reviewer = _as(client, rows.county.county_reviewer)
        assert reviewer.get(address).status_code == 200
        assert reviewer.post(address, {"settled_on": TODAY, "outcome": "x"}).status_code == 403


def _audit_values(**changes: str) -> dict[str, str]:
    values = {
        "auditor": "镇农经站",
        "period_start": "2021-12-01",
        "period_end": "2026-10-31",
        "opening_balance": "100.00",
        "income": "50",
        "expenditure": "30",
        "closing_balance": "120",
        "opinion": "基本合规。",
        "completed": "on",
        "findings-TOTAL_FORMS": "1",
        "findings-INITIAL_FORMS": "0",
        "findings-0-subject": "contracts",
        "findings-0-description": "合同未备案",
        "findings-0-amount": "1234.50",
    }
    return values | {f"conclusion_{subject}": "无" for subject in Subject.values} | changes


class TestAudit:
    """Entered, completed, published (art. 35)."""

    def test_from_entry_to_publication(self, township: Client, county: County) -> None:
        address = reverse("villages:edit_audit", args=[county.village.code])
        wrong = township.post(address, _audit_values(closing_balance="121"))
        assert "相差1.00元" in wrong.content.decode()
        assert township.post(address, _audit_values()).status_code == 302
        audit = Audit.objects.get()
        assert audit.findings.get().description == "合同未备案"
        again = township.get(address)
        assert "合同未备案" in again.content.decode()
        publish = reverse("villages:publish_audit", args=[audit.pk])
        values = {"published_on": "2026-11-01", "published_where": "村务公开栏"}
        assert township.post(publish, values).status_code == 302
        assert Step.objects.get(election=county.election, code="audit_published").done_on is not None
        page = township.get(reverse("villages:village", args=[county.village.code])).content.decode()
        assert "完成已公布" in page

    def test_a_second_save_does_not_double_the_findings(self, township: Client, county: County) -> None:
        address = reverse("villages:edit_audit", args=[county.village.code])
        township.post(address, _audit_values())
        form = township.get(address).context["rows"]
        assert form.initial_form_count() == 1
        township.post(address, _audit_values(**{"findings-INITIAL_FORMS": "1"}))
        assert Audit.objects.get().findings.count() == 1

    def test_saved_to_enter_more_rows(self, township: Client, county: County) -> None:
        """A table of more findings than there are empty rows is entered in two goes."""
        address = reverse("villages:edit_audit", args=[county.village.code])
        assert 'name="stay"' in township.get(address).content.decode()
        response = township.post(address, _audit_values(stay="1"))
        assert response.headers["Location"] == address
        assert township.get(address).context["rows"].total_form_count() == 3


class TestPlan:
    """Written, submitted, returned, approved."""

    def _values(self, **changes: str) -> dict[str, str]:
        values = {
            "situation": "两姓相争。",
            "measures-TOTAL_FORMS": "2",
            "measures-INITIAL_FORMS": "0",
            "measures-0-risk_point": "宗族派性",
            "measures-0-measure": "与两姓老人谈话",
            "measures-0-owner": "张三",
            "measures-0-due_on": "2026-12-10",
        }
        return values | changes

    def test_the_first_draft_comes_from_what_is_known(self, township: Client, county: County) -> None:
        """Nobody types again what the survey and the register already say."""
        make_rows(county)
        DisposalPlan.objects.all().delete()
        page = township.get(reverse("villages:write_plan", args=[county.village.code])).content.decode()
        assert "两姓争夺主任职位" in page
        assert "机耕路占地补偿未谈妥" in page
        assert "人口1200人" in page

    def test_a_drafted_risk_point_without_a_measure_is_asked_for(
        self, township: Client, county: County
    ) -> None:
        """A risk point the draft proposed is not dropped silently because nobody filled the rest in."""
        make_rows(county)
        DisposalPlan.objects.all().delete()
        address = reverse("villages:write_plan", args=[county.village.code])
        rows = township.get(address).context["rows"]
        posted = self._values(
            **{
                "measures-TOTAL_FORMS": str(rows.total_form_count()),
                "measures-INITIAL_FORMS": str(rows.initial_form_count()),
                "measures-0-risk_point": rows.forms[0]["risk_point"].value(),
                "measures-0-measure": "",
                "measures-0-owner": "",
                "measures-0-due_on": "",
            }
        )
        response = township.post(address, posted)
        assert response.status_code == 200
        assert "measure" in response.context["rows"].errors[0]

    def test_the_whole_way(self, client: Client, county: County) -> None:
        address = reverse("villages:write_plan", args=[county.village.code])
        response = _as(client, county.township_official).post(address, self._values())
        plan = DisposalPlan.objects.get()
        assert response.headers["Location"] == reverse("villages:plan", args=[plan.pk])
        client.post(reverse("villages:submit_plan", args=[plan.pk]))
        _as(client, county.county_reviewer)
        review = reverse("villages:review_plan", args=[plan.pk])
        refused = client.post(review, {"decision": "return", "remark": ""})
        assert "请写明哪里要改" in refused.content.decode()
        assert client.post(review, {"decision": "approve", "remark": "同意"}).status_code == 302
        page = client.get(reverse("villages:plan", args=[plan.pk])).content.decode()
        assert "已批准" in page
        assert client.get(address).status_code == 403

    def test_saved_to_enter_more_rows(self, township: Client, county: County) -> None:
        address = reverse("villages:write_plan", args=[county.village.code])
        assert 'name="stay"' in township.get(address).content.decode()
        response = township.post(address, self._values(stay="1"))
        assert response.headers["Location"] == address
        assert township.get(address).context["rows"].initial_form_count() == 1

    def test_a_plan_under_review_is_not_offered_for_writing(self, township: Client, county: County) -> None:
        """Nobody fills in a form that will be refused; who was already filling one in keeps their words."""
        address = reverse("villages:write_plan", args=[county.village.code])
        township.post(address, self._values())
        plan = DisposalPlan.objects.get()
        township.post(reverse("villages:submit_plan", args=[plan.pk]))
        response = township.get(address, follow=True)
        assert response.redirect_chain == [(reverse("villages:plan", args=[plan.pk]), 302)]
        assert "县里退回或者批准后才能修改" in response.content.decode()
        late = township.post(address, self._values(situation="刚写的情况"))
        assert late.status_code == 200
        assert "刚写的情况" in late.content.decode()
        assert "县里退回或者批准后才能修改" in late.content.decode()

    def test_a_remark_is_the_last_ones_once_the_plan_is_rewritten(
        self, township: Client, county: County
    ) -> None:
        """An answered objection must not look like the county's word on the answer."""
        township.post(reverse("villages:write_plan", args=[county.village.code]), self._values())
        plan = DisposalPlan.objects.get()
        measures = list(plan.measures.values("risk_point", "measure", "owner", "due_on", "done_on"))
        values = {name: getattr(plan, name) for name in DisposalPlan.recorded_fields}
        official, reviewer = county.township_official, county.county_reviewer
        rewritten_at, later = NOW + timedelta(hours=1), NOW + timedelta(hours=2)

        def label() -> str:
            page = township.get(reverse("villages:plan", args=[plan.pk])).content.decode()
            return page[: page.index("写明责任人")].rsplit(">", 1)[1]

        submit_plan(plan=plan, actor=official, at=NOW)
        review_plan(plan=plan, approved=False, remark="写明责任人", actor=reviewer, at=NOW)
        assert label() == "县级意见："
        write_plan(
            place=county.village,
            term=county.term,
            values=values,
            measures=measures,
            actor=official,
            at=rewritten_at,
        )
        assert label() == "上次退回意见："
        submit_plan(plan=plan, actor=official, at=later)
        assert label() == "上次退回意见："
        review_plan(plan=plan, approved=True, remark="写明责任人，同意", actor=reviewer, at=later)
        assert label() == "县级意见："

    @pytest.mark.parametrize(("language", "words"), [("zh-hans", "逾期"), ("en", "Overdue")])
    def test_the_document_says_how_far_each_measure_is(
        self, township: Client, county: County, language: str, words: str
    ) -> None:
        """On paper it is late or not as of the day the document was asked for."""
        make_rows(county)
        plan = DisposalPlan.objects.get()
        for due, done in ((TODAY, None), (TODAY - timedelta(1), None), (TODAY, TODAY)):
            plan.measures.create(risk_point="宗族", measure="谈话", owner="张三", due_on=due, done_on=done)
        document = Document(kind="disposal_plan", language=language, requested_at=NOW, place=plan.place)
        html = document_html(document, kind("disposal_plan"), plan)
        cells = re.findall(r'<td class="centre">(.*?)</td>', html)
        progress = [cell for cell in cells if not re.fullmatch(r"\d+|\d{4}-\d\d-\d\d", cell)]
        assert len(progress) == 3
        assert progress.count(words) == 1
        assert progress.count("√<br>2026-12-01") == 1
