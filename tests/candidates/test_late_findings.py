"""A finding that comes after the final list: flagged, the candidacy frozen, and what follows is said."""

from datetime import date

import pytest
from django.urls import reverse

from candidates.actions.decisions import decide
from candidates.actions.findings import withdraw_finding
from candidates.models import Candidacy, Finding, Flag
from election_admin.journal.models import Entry
from tests.candidates.conftest import make_finding
from tests.candidates.review import answer_all
from tests.cast import NOW, County

pytestmark = pytest.mark.django_db
State = Candidacy.State
POSTED = {
    "situation": "criminal_penalty",
    "status": "confirmed",
    "sentenced_on": "2019-03-01",
    "released_on": "2023-03-01",
    "source": "（2019）浙0604刑初88号",
}


def text(response) -> str:
    return response.content.decode()


def put(candidacy: Candidacy, state: State) -> Candidacy:
    row = Candidacy.objects.with_person().get(pk=candidacy.pk)
    decide(row, state, reason="名单已定", actor=None, at=NOW)
    return row


@pytest.fixture
def final(county: County, candidacy: Candidacy) -> Candidacy:
    """Qualified, and on the final list."""
    answer_all(county, candidacy)
    return put(candidacy, State.FINAL)


def late_flags(candidacy):
    return Flag.objects.filter(candidacy=candidacy, kind=Flag.Kind.LATE_FINDING)


@pytest.mark.parametrize("state", [State.FINAL, State.NOT_LISTED])
@pytest.mark.parametrize("status", ["confirmed", "alleged"])
def test_it_freezes_whoever_the_list_was_settled_for(county, candidacy, state, status):
    answer_all(county, candidacy)
    put(candidacy, state)
    made = make_finding(county, candidacy, situation="incapacity", status=status, source="鉴定书")
    flag = late_flags(candidacy).get()
    assert (flag.details, flag.finding) == ({"situation": "incapacity"}, made)
    assert Candidacy.objects.get(pk=candidacy.pk).is_frozen
    assert Entry.objects.filter(verb="candidates.open_flag").exists()


@pytest.mark.parametrize("state", [State.PRELIMINARY, State.IN_REVIEW, State.STRUCK_OFF, State.DECLINED])
def test_before_the_list_it_is_a_finding_like_any_other(county, candidacy, state):
    put(candidacy, state)
    make_finding(county, candidacy)
    assert not late_flags(candidacy).exists()


@pytest.mark.parametrize(
    "details",
    [
        {"situation": "incapacity", "status": "cleared", "source": "鉴定书"},
        # 不宜当选: pointed out, bars nobody.
        {"situation": "long_absence", "status": "confirmed", "source": "走访记录"},
    ],
)
def test_what_clears_and_what_bars_nobody_freezes_nobody(county, final, details):
    make_finding(county, final, **details)
    assert not late_flags(final).exists()
    assert not Candidacy.objects.get(pk=final.pk).is_frozen


def test_one_that_has_run_out_freezes_until_the_county_has_looked(county, final):
    """It changes no verdict, yet it is new, and the list is out: somebody has to look at it."""
    details = {"situation": "criminal_penalty", "status": "confirmed", "released_on": date(2001, 1, 1)}
    make_finding(county, final, **details, source="释放证明")
    row = Candidacy.objects.get(pk=final.pk)
    assert (row.verdict, row.is_frozen) == ("qualified", True)


def test_withdrawing_it_does_not_unfreeze(county, final):
    """Who is on the ballot is not settled by taking a paper back: the county settles it."""
    made = make_finding(county, final, situation="incapacity", status="alleged", source="村民反映")
    withdraw_finding(finding=made, reason="查无此事", actor=county.township_official, at=NOW)
    assert late_flags(final).get().resolved_at is None
    assert Candidacy.objects.get(pk=final.pk).is_frozen


def test_the_message_and_the_page_say_what_follows(official, final):
    address = reverse("candidates:record_finding", args=[final.pk])
    page = text(official.post(address, POSTED, follow=True))
    assert "重新认定1人，1人的结论有变：王大山（符合资格→不符合资格）。" in page
    assert "候选人资格已冻结" in page
    assert "依法应当怎样处理" in page
    # The list's words are marked as its words: alone, “有下列情形之一的” is followed by no list.
    assert "资格条件规定：有下列情形之一的" in page
    for said in ("从名单中划去", "依次递补", "不得印上其姓名", "提出异议是正当权利"):
        assert said in page
    assert Finding.objects.get().details["released_on"] == "2023-03-01"


def test_what_was_found_is_in_no_message(client, county, final):
    """The message stays on the screen of whoever recorded it; the county sees the page only."""
    make_finding(county, final)
    client.force_login(county.county_reviewer)
    page = text(client.get(reverse("candidates:candidate", args=[final.pk])))
    assert "依法应当怎样处理" in page
    for hidden in ("受过刑罚", "2023年3月1日", "刑初88号"):
        assert hidden not in page


def test_before_the_list_the_page_says_what_the_list_says(official, candidacy):
    address = reverse("candidates:record_finding", args=[candidacy.pk])
    page = text(official.post(address, POSTED, follow=True))
    assert "正式候选人名单尚未确定" in page
    assert "候选人资格已冻结" not in page


def test_taking_back_says_whose_verdict_changed(official, county, candidacy):
    made = make_finding(county, candidacy)
    address = reverse("candidates:withdraw_finding", args=[made.pk])
    page = text(official.post(address, {"reason": "录错了人"}, follow=True))
    assert "王大山（不符合资格→尚未查清）" in page
