"""Findings: what is asked, what is refused and how it is said, what follows, and taking back."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from candidates.actions import findings
from candidates.models import Candidacy, Finding
from election_admin.journal.models import Entry
from tests.candidates.conftest import make_candidate, make_finding
from tests.cast import NOW

pytestmark = pytest.mark.django_db

POSTED = {
    "situation": "criminal_penalty",
    "status": "confirmed",
    "sentenced_on": "2019-03-01",
    "released_on": "2023-03-01",
    "source": "（2019）浙0604刑初88号",
    "remark": "缓刑未适用",
}


def text(response) -> str:
    return response.content.decode()


def url(candidacy, name="record_finding") -> str:
    return reverse(f"candidates:{name}", args=[candidacy.pk])


def withdraw_url(finding) -> str:
    return reverse("candidates:withdraw_finding", args=[finding.pk])


# --- recording --------------------------------------------------------------------
def test_record_finding(official, county, candidacy):
    page = text(official.get(url(candidacy)))
    assert "只用于：受过刑罚" in page
    assert "只用于：党纪处分" in page
    assert "长期外出" in page

    response = official.post(url(candidacy), POSTED)

    assert response.url == reverse("candidates:candidate", args=[candidacy.pk])
    assert Finding.objects.get().details == POSTED
    candidacy.refresh_from_db()
    assert candidacy.verdict == "disqualified"
    page = text(official.get(response.url))
    assert "2023年3月1日刑满释放，至2028年3月1日满5年" in page
    assert "2028年3月1日起不再适用" in page
    look = Entry.objects.get(verb="candidates.look")
    assert (look.reason, look.actor_id) == ("录入认定材料", county.township_official.pk)


def test_dates_not_known_are_not_a_pass(official, candidacy):
    official.post(
        url(candidacy), POSTED | {"situation": "gang_related", "sentenced_on": "", "released_on": ""}
    )

    candidacy.refresh_from_db()
    assert candidacy.verdict == "not_established"


@pytest.mark.parametrize("name", ["released_on", "probation_ended_on"])
def test_an_end_may_lie_ahead(official, candidacy, name):
    official.post(url(candidacy), POSTED | {"released_on": "", name: "2027-06-01"})

    assert Finding.objects.get().details[name] == "2027-06-01"


BAD = [
    ({"situation": ""}, "请选择“情形”"),
    ({"situation": "petitioning"}, "“情形”没有这个选项"),
    ({"status": ""}, "请选择“核实程度”"),
    ({"status": "rumoured"}, "“核实程度”没有这个选项"),
    ({"sentenced_on": "2026-12-02"}, "日期还没有到"),
    ({"sentenced_on": "1850-01-01"}, "早于1900年"),
    ({"sentenced_on": "去年"}, "“判决日期”不是有效的日期"),
    ({"sentenced_on": "1979-01-01"}, "早于本人出生日期"),
    ({"released_on": "2018-01-01"}, "早于“判决日期”"),
    ({"released_on": "2999-01-01"}, "日期晚于2199年，请检查年份"),
    ({"dealt_with_on": "2020-01-01"}, "这种情形不看此项，请留空"),
    ({"sanction": "warning"}, "这种情形不看此项，请留空"),
    ({"sanction": "scolding"}, "“处分种类”没有这个选项"),
    ({"source": ""}, "请填写“文书编号或材料来源”"),
    ({"source": "号" * 121}, "最多120个字，现有121个字"),
    ({"source": "😀"}, "表情符号"),
    ({"remark": "长" * 501}, "最多500个字"),
    ({"remark": "\x07"}, "无法打印的字符"),
]


@pytest.mark.parametrize(("changes", "sentence"), BAD)
def test_bad_input_is_said_and_nothing_is_lost(official, candidacy, changes, sentence):
    response = official.post(url(candidacy), POSTED | changes)

    page = text(response)
    assert response.status_code == 200
    assert sentence in page
    assert not Finding.objects.exists()
    for name, value in (POSTED | changes).items():
        if name in {"sentenced_on", "released_on", "source", "dealt_with_on"} and value:
            assert f'value="{value}"' in page
    assert not Entry.objects.filter(verb="candidates.look").exists()


def test_finding_facts_are_those_of_the_situation(official, candidacy):
    assert f'hx-post="{url(candidacy, "finding_facts")}"' in text(official.get(url(candidacy)))

    page = text(official.post(url(candidacy, "finding_facts"), {"situation": "gang_related"}))

    assert 'name="dealt_with_on"' in page
    assert 'name="sentenced_on"' not in page
    assert "<h1" not in page


def test_finding_facts_keep_what_was_typed(official, candidacy):
    typed = POSTED | {"situation": "party_discipline", "sanction": "warning", "sentenced_on": "不清楚"}

    page = text(official.post(url(candidacy, "finding_facts"), typed))

    assert 'value="不清楚"' in page
    assert '<option value="warning" selected>' in page
    assert 'name="dealt_with_on"' not in page
    assert not Finding.objects.exists()


@pytest.mark.parametrize(("situation", "asked"), [("", True), ("nothing", True), ("long_absence", False)])
def test_finding_facts_of_no_situation(official, candidacy, situation, asked):
    page = text(official.post(url(candidacy, "finding_facts"), {"situation": situation}))

    assert ('name="dealt_with_on"' in page) is asked


@pytest.mark.parametrize(
    ("details", "field"),
    [({"situation": "incapacity"}, "status"), ({"status": "confirmed"}, "situation")],
)
def test_the_action_refuses_what_no_form_would_send(county, candidacy, details, field):
    with pytest.raises(ValidationError) as refused:
        make_finding(county, candidacy, **details)

    assert list(refused.value.message_dict) == [field]


# --- taking back -------------------------------------------------------------------
def test_withdraw_finding(official, county, candidacy):
    finding = make_finding(county, candidacy)
    assert "内容已隐藏" in text(official.get(withdraw_url(finding)))

    response = official.post(withdraw_url(finding), {"reason": "录错了人"})

    assert response.url == reverse("candidates:candidate", args=[candidacy.pk])
    finding.refresh_from_db()
    assert (finding.withdrawn_by, finding.withdrawn_at) == (county.township_official, NOW)
    candidacy.refresh_from_db()
    assert candidacy.verdict == "not_established"
    assert Entry.objects.get(verb="candidates.withdraw_finding").reason == "录错了人"


def test_withdraw_finding_shows_it_while_a_look_is_open(official, county, candidacy):
    finding = make_finding(county, candidacy)
    official.post(url(candidacy, "look"), {"reason": "核对"})

    assert "刑初88号" in text(official.get(withdraw_url(finding)))


def test_withdraw_finding_twice(official, county, candidacy):
    finding = make_finding(county, candidacy)
    findings.withdraw_finding(finding=finding, reason="录错了人", actor=county.township_official, at=NOW)

    response = official.post(withdraw_url(finding), {"reason": "再撤一次"})

    assert "已经撤销" in text(response)
    assert Entry.objects.filter(verb="candidates.withdraw_finding").count() == 1


@pytest.mark.parametrize(
    ("reason", "sentence"), [("", "请填写“事由”"), ("😀", "表情符号"), ("长" * 501, "最多500个字")]
)
def test_withdraw_finding_wants_a_reason(official, county, candidacy, reason, sentence):
    finding = make_finding(county, candidacy)

    response = official.post(withdraw_url(finding), {"reason": reason})

    assert sentence in text(response)
    finding.refresh_from_db()
    assert finding.withdrawn_at is None


# --- who may ------------------------------------------------------------------------
VIEWS = ("record_finding", "finding_facts", "withdraw_finding")


def address(name, finding) -> str:
    return withdraw_url(finding) if name == "withdraw_finding" else url(finding.candidacy, name)


@pytest.mark.parametrize("name", VIEWS)
class TestAccess:
    @pytest.fixture
    def finding(self, county, candidacy):
        return make_finding(county, candidacy)

    def test_anonymous(self, client, finding, name):
        assert client.post(address(name, finding)).url.startswith(reverse("accounts:log_in"))

    @pytest.mark.parametrize("who", ["other_township_official", "neighbour"])
    def test_outsider(self, client, county, neighbour, finding, name, who):
        client.force_login(
            neighbour.township_official if who == "neighbour" else county.other_township_official
        )

        assert client.post(address(name, finding), POSTED).status_code == 404

    @pytest.mark.parametrize("who", ["county_reviewer", "court", "committee_member", "administrator"])
    def test_other_roles(self, client, county, finding, name, who):
        client.force_login(getattr(county, who))

        assert client.post(address(name, finding), POSTED).status_code == 403
        assert Finding.objects.count() == 1

    @pytest.mark.parametrize("pk", [999999, 9**30])
    def test_bad_id(self, official, name, pk):
        assert official.post(reverse(f"candidates:{name}", args=[pk]), POSTED).status_code == 404

    def test_wrong_verb(self, official, finding, name):
        assert official.delete(address(name, finding)).status_code == 405


def test_another_list_asks_other_things(official, county):
    county.term.eligibility_list = "situations-2018"
    county.term.save()
    candidacy = make_candidate(county)

    page = text(official.get(url(candidacy)))

    assert "村霸行为" in page
    assert "违反计划生育" not in page
    official.post(
        url(candidacy),
        {"situation": "village_bully", "status": "alleged", "source": "群众反映"},
    )
    assert Candidacy.objects.get().verdict == "not_established"
    assert "没有正式文号可以核对" in text(official.get(reverse("candidates:candidate", args=[candidacy.pk])))


def test_sanctions_are_counted(official, candidacy):
    official.post(
        url(candidacy),
        {
            "situation": "party_discipline",
            "status": "confirmed",
            "sanction": "serious_warning",
            "sanctioned_on": "2026-01-01",
            "source": "处分决定",
        },
    )

    page = text(official.get(reverse("candidates:candidate", args=[candidacy.pk])))
    assert "2027年7月1日满1年零6个月" in page
    assert Finding.objects.get().details["sanctioned_on"] == str(date(2026, 1, 1))
