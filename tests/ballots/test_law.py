"""The pages on which the law is read."""

from dataclasses import fields

import pytest
from django.urls import reverse
from django.utils import translation

from ballots.parameters import PARAMETERS, parameter_rows
from election_admin.rulebooks.eligibility_lists import eligibility_list_ids
from election_admin.rulebooks.procedures import Parameters, load_procedure, procedure_ids
from election_admin.rulebooks.risk_models import risk_model_ids
from tests.ballots.office import log_in

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
        "2020年修订本",
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
