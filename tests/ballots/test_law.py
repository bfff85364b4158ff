"""The pages on which the law is read."""

import html
import re
from dataclasses import fields

import pytest
from django.urls import reverse
from django.utils import translation

from ballots.law_comparison import compare
from ballots.parameters import PARAMETERS, parameter_rows
from election_admin.rulebooks.eligibility_lists import eligibility_list_ids
from election_admin.rulebooks.procedures import Parameters, load_procedure, procedure_ids
from election_admin.rulebooks.risk_models import risk_model_ids
from tests.ballots.office import log_in
from tests.cast import NOW, TODAY
from villages.actions.editions import adopt_edition

pytestmark = pytest.mark.django_db


def test_every_parameter_is_named() -> None:
    assert set(PARAMETERS) == {field.name for field in fields(Parameters)}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("rulebook_id", procedure_ids())
def test_every_parameter_has_words_and_a_source(rulebook_id, language) -> None:
    with translation.override(language):
        rows = list(parameter_rows(load_procedure(rulebook_id)))

    assert all(row.label and row.value for row in rows)
    silent = {field for field in PARAMETERS if getattr(load_procedure(rulebook_id).parameters, field) is None}
    assert {row.code for row in rows if not row.source} == silent


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("seats", "3–7人"),
        ("election_committee_size", "5–9人"),
        ("elected_above", "超过参加投票选民的一半"),
        ("further_election_from", "得票多的当选，但不得少于所投票数的三分之一"),
        ("modes", "有候选人的差额选举；自荐直选（无候选人）"),
        ("proxies_per_holder", "不超过3人"),
        ("vacancy", "另行选举后仍有缺额，已选出3人以上的，可以暂缺"),
        ("ballots_kept", "法律未规定"),
        ("post_choice", "由本人书面选定其中一个，最迟到“公布正式候选人（自荐人）名单”"),
    ],
)
def test_the_words_of_zhejiang(code, value) -> None:
    rows = {row.code: row for row in parameter_rows(load_procedure("zhejiang-2020"))}

    assert rows[code].value == value


def test_every_role_reads_the_law(client, county) -> None:
    for who, user in county.everyone().items():
        log_in(client, user)
        assert client.get(reverse("ballots:law_list")).status_code == 200, who
        for rulebook_id in procedure_ids():
            assert client.get(reverse("ballots:rulebook", args=[rulebook_id])).status_code == 200
        for rulebook_id in eligibility_list_ids():
            assert client.get(reverse("ballots:eligibility", args=[rulebook_id])).status_code == 200


def test_the_list_says_which_the_county_goes_by(client, county) -> None:
    page = log_in(client, county.committee_member).get(reverse("ballots:law_list")).content.decode()

    assert page.count("采用</span>") == 2
    assert "风险评估模型" not in page


def test_the_rulebook_shows_days_who_checks_and_sources(client, county) -> None:
    page = log_in(client, county.court).get("/elections/law/zhejiang-2020/").content.decode()

    for words in (
        "选举日前20日",
        "《浙江省村民委员会选举办法》第十四条",
        "名单总人数与登记表一致",
        "2020年修正本",
    ):
        assert words in page
    assert "仅限自荐直选（无候选人）" in page


def test_risk_is_not_for_committees(client, county) -> None:
    for rulebook_id in risk_model_ids():
        address = reverse("ballots:risk_model", args=[rulebook_id])
        assert log_in(client, county.committee_member).get(address).status_code == 403
        assert "因素" in log_in(client, county.township_official).get(address).content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "law/atlantis-1999/",
        "law/eligibility/nobody/",
        "law/risk/none/",
        "law/..%2Fdepartments/",
        "law/ZHEJIANG/",
    ],
)
def test_what_is_not_there(client, county, address) -> None:
    log_in(client, county.township_official)

    assert client.get(f"/elections/{address}").status_code == 404


def test_only_read_and_only_logged_in(client, county) -> None:
    assert client.get(reverse("ballots:law_list")).status_code == 302
    log_in(client, county.township_official)
    for name in ("ballots:law_list",):
        assert client.post(reverse(name)).status_code == 405
    assert client.post("/elections/law/zhejiang-2020/").status_code == 405


class TestTheWholeLaw:
    """Whoever has never run an election reads here what comes, when, by whom, and why."""

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    @pytest.mark.parametrize("rulebook_id", procedure_ids())
    def test_every_course_and_step_is_there(self, client, county, rulebook_id, language) -> None:
        client.cookies["django_language"] = language
        page = log_in(client, county.court).get(reverse("ballots:rulebook", args=[rulebook_id]))
        text = html.unescape(page.content.decode())
        for code, course in load_procedure(rulebook_id).all_courses().items():
            assert course.title.in_(language) in text
            assert f'href="#course-{code}"' in text
            assert f'id="course-{code}"' in text
            for step in course.steps.values():
                assert step.title.in_(language) in text
                assert step.who.in_(language) in text

    @pytest.mark.parametrize("rulebook_id", procedure_ids())
    def test_every_link_of_the_contents_leads_somewhere(self, client, county, rulebook_id) -> None:
        page = log_in(client, county.court).get(reverse("ballots:rulebook", args=[rulebook_id]))
        text = page.content.decode()
        ids = re.findall(r'\sid="([^"]+)"', text)
        assert len(ids) == len(set(ids))
        assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)

    def test_a_step_says_who_records_it_and_what_is_looked_up(self, client, county) -> None:
        text = log_in(client, county.committee_member).get("/elections/law/zhejiang-2020/").content.decode()
        step = text[text.index('id="voter_list_published"') :].split("</li>\n")[0]
        assert "登记时系统核对：系统中已有选民名单" in text
        assert "由谁登记：乡镇干部、村民选举委员会" in text
        assert "先办：" in text
        assert "最迟 <strong>选举日前20日</strong>" in step

    def test_a_period_that_is_somebodys_right_is_named(self, client, county) -> None:
        text = log_in(client, county.court).get("/elections/law/zhejiang-2020/").content.decode()
        assert "期限到 <strong>“公布选民名单”后5日</strong>" in text

    def test_documents_stand_with_edition_and_rank(self, client, county) -> None:
        text = log_in(client, county.court).get("/elections/law/zhejiang-2020/").content.decode()
        part = text[text.index('id="documents"') :]
        for words in ("浙江省村民委员会选举办法（2020年修正本）", "法律、党内法规", "省级法规", "市县文件"):
            assert words in part


class TestSideBySide:
    """Two provinces' rules, so that who moves from one to the other sees what is otherwise here."""

    def test_marks_what_differs_and_counts_it(self, client, county) -> None:
        address = reverse("ballots:compare_rulebooks", args=["zhejiang-2020", "shanghai-2020"])
        page = log_in(client, county.court).get(address)
        text = page.content.decode()
        assert text.count(">不同</span>") == page.context["differences"] > 0
        row = text[text.index("村民选举委员会人数") :].split("</tr>")[0]
        assert "5–9人" in row
        assert "7–9人" in row
        assert "不同" in row
        assert "选举日前20日" in text

    def test_only_the_differences(self, client, county) -> None:
        address = reverse("ballots:compare_rulebooks", args=["zhejiang-2020", "beijing-2012"])
        page = log_in(client, county.court).get(address, {"only": "1"})
        text = page.content.decode()
        assert text.count("<tr class") == page.context["differences"]
        assert text.count('scope="row"') == page.context["differences"]

    def test_another_document_for_the_same_rule_is_no_difference(self) -> None:
        """浙江 art. 14 and the Organic Law art. 14 both say twenty days."""
        parts = compare(load_procedure("zhejiang-2020"), load_procedure("national-2018"))
        pairs = {pair.label: pair for part in parts for pair in part.pairs}
        same = pairs["公布选民名单：最迟"]
        assert same.one.source != same.other.source
        assert not same.differs
        other = pairs["公布正式候选人（自荐人）名单：最迟"]
        assert (other.one.words, other.other.words) == ("选举日前5日", "没有法定期限")
        assert other.differs

    @pytest.mark.parametrize("rulebook_id", procedure_ids())
    def test_nothing_differs_from_itself(self, client, county, rulebook_id) -> None:
        address = reverse("ballots:compare_rulebooks", args=[rulebook_id, rulebook_id])
        page = log_in(client, county.court).get(address, {"only": "1"})
        assert page.context["differences"] == 0
        assert "没有不同" in page.content.decode()

    def test_is_chosen_from_a_list(self, client, county) -> None:
        address = reverse("ballots:choose_comparison", args=["zhejiang-2020"])
        log_in(client, county.committee_member)
        chosen = client.get(address, {"other": "beijing-2012", "only": "1"})
        assert chosen.headers["Location"] == "/elections/law/zhejiang-2020/with/beijing-2012/?only=1"
        assert client.get(address).headers["Location"] == "/elections/law/zhejiang-2020/"
        assert client.get(address, {"other": "atlantis-1999"}).status_code == 404
        assert client.get("/elections/law/atlantis-1999/with/beijing-2012/").status_code == 404

    @pytest.mark.parametrize(
        "reference", ["edition-", "edition-0", "edition-x", "edition-９", "edition-" + "9" * 30]
    )
    def test_an_edition_that_is_none(self, client, county, reference) -> None:
        address = reverse("ballots:compare_rulebooks", args=["zhejiang-2020", reference])
        assert log_in(client, county.court).get(address).status_code == 404

    def test_a_countys_edition_beside_what_it_stems_from(self, client, county) -> None:
        edition = adopt_edition(
            county=county.county,
            rulebook="zhejiang-2020",
            path="steps.voter_list_published.latest.days",
            new=-28,
            document="实施意见",
            article="6",
            rank="arrangement",
            in_force_from=TODAY,
            remark="",
            actor=county.administrator,
            at=NOW,
        )
        address = reverse("ballots:compare_rulebooks", args=["zhejiang-2020", f"edition-{edition.pk}"])
        page = log_in(client, county.committee_member).get(address, {"only": "1"})
        assert page.context["differences"] == 1
        assert "选举日前28日" in page.content.decode()
        choices = client.get("/elections/law/zhejiang-2020/").content.decode()
        assert f'<option value="edition-{edition.pk}">' in choices
