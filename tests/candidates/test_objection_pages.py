"""The pages of objections: who gets which, what is masked, and what typing wrongly costs."""

import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from candidates.models import Objection
from election_admin.documents.models import Document
from election_admin.evidence.actions import attach
from election_admin.journal.models import Entry
from tests.candidates.conftest import make_candidate, make_id_number
from tests.candidates.test_objections import SECRET, WHO, decide, record, strike_off
from tests.cast import NOW, TODAY
from tests.evidence.uploads import make_photo
from villages.models import Election, Term

pytestmark = pytest.mark.django_db
POSTED = {
    "about": "candidate",
    "received_on": "2026-11-29",
    "raised_by": WHO,
    "content": SECRET,
}
DECISION = {
    "outcome": "rejected",
    "decided_on": "2026-12-01",
    "decided_body": "桃园村村民选举委员会",
    "grounds": "查过户籍，仍在本村",
}
COUNTY_ONLY = ("court", "administrator")


def page(name: str, *args: object) -> str:
    return reverse(f"candidates:{name}", args=args)


@pytest.fixture
def committee(client, county):
    """The election committee's member, logged in."""
    client.force_login(county.committee_member)
    return client


def text_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


# Recording -------------------------------------------------------------------------------------


def test_a_committee_records_an_objection(committee, county, candidacy) -> None:
    address = page("record_objection", county.election.pk)
    response = committee.post(address, {**POSTED, "candidacy": candidacy.pk})
    row = Objection.objects.get()
    assert response.headers["Location"] == page("objection", row.pk)
    assert (row.candidacy, row.office, row.content) == (candidacy, "committee", SECRET)


def test_a_township_says_to_whom_it_was_brought(official, county, candidacy) -> None:
    address = page("record_objection", county.election.pk)
    official.post(address, {**POSTED, "candidacy": candidacy.pk, "office": "township"})
    assert Objection.objects.get().office == "township"


def test_a_committee_sees_names_and_posts_of_whoever_stands(committee, county, candidacy) -> None:
    """Names are on the village's notices; who was refused, and any verdict, is not."""
    struck = make_candidate(county, "赵不符", id_number=make_id_number(order=13), post="member")
    strike_off(county, struck)
    text = text_of(committee.get(page("record_objection", county.election.pk)))
    assert "王大山（主任）" in text
    for hidden in ("赵不符", "尚未查清", "符合资格", make_id_number(), "1980"):
        assert hidden not in text


def test_a_township_sees_who_was_refused(official, county, candidacy) -> None:
    strike_off(county, candidacy)
    text = text_of(official.get(page("record_objection", county.election.pk)))
    assert "王大山（主任，不能确定为候选人）" in text


def test_a_committee_cannot_choose_what_it_is_not_offered(committee, county, candidacy) -> None:
    """A forged choice is refused, and the office cannot be slipped in."""
    strike_off(county, candidacy)
    address = page("record_objection", county.election.pk)
    response = committee.post(address, {**POSTED, "candidacy": candidacy.pk, "office": "township"})
    assert "candidacy" in response.context["form"].errors
    committee.post(address, {**POSTED, "about": "list", "office": "township"})
    assert Objection.objects.get().office == "committee"


def test_the_form_comes_back_as_it_was_typed(committee, county) -> None:
    response = committee.post(
        page("record_objection", county.election.pk), {**POSTED, "received_on": "2026-12-24"}
    )
    text = text_of(response)
    assert "日期还没有到" in text
    assert SECRET in text
    assert WHO in text
    assert not Objection.objects.exists()


def test_what_the_action_refuses_stands_beside_its_field(committee, county) -> None:
    response = committee.post(page("record_objection", county.election.pk), POSTED)
    assert "请选择异议涉及的人。" in response.context["form"].errors["candidacy"]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("township_official", 200),
        ("committee_member", 200),
        ("county_reviewer", 403),
        ("court", 403),
        ("administrator", 403),
        ("other_township_official", 404),
    ],
)
def test_who_may_record(client, county, who, status) -> None:
    client.force_login(getattr(county, who))
    address = page("record_objection", county.election.pk)
    assert client.get(address).status_code == status
    if status != 200:
        assert client.post(address, {**POSTED, "about": "list"}).status_code == status
    assert not Objection.objects.exists()


def test_the_party_branch_is_not_the_committees(committee, official, county) -> None:
    Election.objects.filter(pk=county.election.pk).update(body="party_branch", mode="two_recommendations")
    committee.force_login(county.committee_member)
    for name in ("objection_list", "record_objection"):
        assert committee.get(page(name, county.election.pk)).status_code == 404
    official.force_login(county.township_official)
    assert official.get(page("objection_list", county.election.pk)).status_code == 200


def test_a_term_that_is_over_is_only_read(official, county) -> None:
    row = record(county)
    Term.objects.update(current=False)
    for name, pk in (("record_objection", county.election.pk), ("decide_objection", row.pk)):
        response = official.get(page(name, pk), follow=True)
        assert "往届" in text_of(response)
    assert "登记处理结果" not in text_of(official.get(page("objection", row.pk)))


# Reading ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["township_official", "county_reviewer"])
def test_it_is_masked_until_somebody_says_why(client, county, candidacy, who) -> None:
    row = decide(county, record(county, candidacy))
    client.force_login(getattr(county, who))
    masked = text_of(client.get(page("objection", row.pk)))
    for secret in (SECRET, WHO, "查过户籍"):
        assert secret not in masked
    assert "王大山（主任）" in masked
    client.post(page("look_at_objection", row.pk), {"reason": "准备答复"})
    opened = text_of(client.get(page("objection", row.pk)))
    for secret in (SECRET, WHO, "查过户籍"):
        assert secret in opened
    entry = Entry.objects.get(verb="candidates.look")
    assert (entry.actor, entry.reason, entry.object_id) == (getattr(county, who), "准备答复", str(row.pk))
    client.post(page("close_objection_look", row.pk))
    assert SECRET not in text_of(client.get(page("objection", row.pk)))


def test_a_look_runs_out(official, county, monkeypatch) -> None:
    row = record(county)
    official.post(page("look_at_objection", row.pk), {"reason": "准备答复"})
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(minutes=11))
    assert SECRET not in text_of(official.get(page("objection", row.pk)))


def test_a_look_at_one_opens_no_other(official, county) -> None:
    first, second = record(county), record(county)
    official.post(page("look_at_objection", first.pk), {"reason": "准备答复"})
    assert SECRET not in text_of(official.get(page("objection", second.pk)))


def test_without_a_reason_nothing_opens(official, county) -> None:
    row = record(county)
    text = text_of(official.post(page("look_at_objection", row.pk), {"reason": ""}))
    assert "请填写“事由”。" in text
    assert SECRET not in text
    assert not Entry.objects.filter(verb="candidates.look").exists()


def test_whoever_recorded_it_reads_it(committee, county) -> None:
    """They typed it. A colleague, and whoever follows them, says why."""
    row = record(county)
    assert SECRET in text_of(committee.get(page("objection", row.pk)))
    row.recorded_by = county.township_official
    row.save()
    assert SECRET not in text_of(committee.get(page("objection", row.pk)))


@pytest.mark.parametrize(
    ("who", "own", "past"),
    [
        ("township_official", 200, 200),
        ("county_reviewer", 200, 200),
        ("committee_member", 200, 404),
        ("court", 403, 403),
        ("administrator", 403, 403),
        ("other_township_official", 404, 404),
    ],
)
def test_who_opens_the_page(client, county, who, own, past) -> None:
    """What was brought past the committee to the township is not there for the committee."""
    rows = record(county), record(county, actor=county.township_official, office="township")
    client.force_login(getattr(county, who))
    for row, status in zip(rows, (own, past), strict=True):
        assert client.get(page("objection", row.pk)).status_code == status
        wanted = status if status != 200 else 302
        assert client.post(page("look_at_objection", row.pk), {"reason": "看看"}).status_code == wanted


def test_another_county_finds_nothing(client, county, neighbour) -> None:
    row = record(county)
    for user in neighbour.everyone().values():
        client.force_login(user)
        for name in ("objection", "decide_objection"):
            assert client.get(page(name, row.pk)).status_code in {403, 404}


def test_strangers_log_in_first(client, county) -> None:
    row = record(county)
    for address in (
        page("objections"),
        page("own_objections"),
        page("objection_list", county.election.pk),
        page("objection", row.pk),
    ):
        assert client.get(address).headers["Location"].startswith(reverse("accounts:log_in"))


def test_wrong_verbs_and_numbers(official, county) -> None:
    row = record(county)
    assert official.get(page("look_at_objection", row.pk)).status_code == 405
    assert official.get(page("close_objection_look", row.pk)).status_code == 405
    assert official.post(page("objection", row.pk)).status_code == 405
    assert official.get(page("objection", 999_999)).status_code == 404


def test_a_scan_is_listed_and_offered(official, county) -> None:
    row = record(county)
    attach(kind="objection", subject=row, file=make_photo(), actor=county.township_official, at=NOW)
    text = text_of(official.get(page("objection", row.pk)))
    assert reverse("evidence:attach", args=["objection", row.pk]) in text
    assert "/evidence/" in text


# Deciding --------------------------------------------------------------------------------------


def test_a_decision_is_recorded_and_its_reply_offered(committee, county, candidacy) -> None:
    row = record(county, candidacy)
    response = committee.post(page("decide_objection", row.pk), DECISION, follow=True)
    text = text_of(response)
    row.refresh_from_db()
    assert (row.outcome, row.decided_on) == ("rejected", TODAY)
    assert reverse("documents:request_document", args=["objection_reply", row.pk]) in text
    assert "登记处理结果" not in text


def test_the_body_that_decides_is_proposed(official, county) -> None:
    for office, body in (("committee", "桃园村村民选举委员会"), ("township", "长塘镇人民政府")):
        row = record(county, actor=county.township_official, office=office)
        form = official.get(page("decide_objection", row.pk)).context["form"]
        assert form["decided_body"].value() == body


def test_a_decision_typed_wrongly_comes_back(committee, county) -> None:
    row = record(county)
    response = committee.post(
        page("decide_objection", row.pk), {**DECISION, "decided_on": "2026-11-01", "outcome": "upheld"}
    )
    text = text_of(response)
    assert "决定不能早于收到异议" in text
    assert "查过户籍，仍在本村" in text
    row.refresh_from_db()
    assert row.is_open


def test_what_is_decided_is_not_decided_again(committee, county) -> None:
    row = decide(county, record(county))
    response = committee.get(page("decide_objection", row.pk), follow=True)
    assert "这件异议已经处理。" in text_of(response)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("township_official", 200),
        ("committee_member", 200),
        ("county_reviewer", 403),
        ("court", 403),
        ("other_township_official", 404),
    ],
)
def test_who_may_decide(client, county, who, status) -> None:
    row = record(county)
    client.force_login(getattr(county, who))
    assert client.get(page("decide_objection", row.pk)).status_code == status
    if status != 200:
        assert client.post(page("decide_objection", row.pk), DECISION).status_code == status
    row.refresh_from_db()
    assert row.is_open


@pytest.mark.parametrize(
    ("about", "said"),
    [("candidate", "把核实的事实录入认定材料"), ("list", "更正名单"), ("refusal", "由乡镇变更其状态")],
)
def test_an_upheld_one_says_what_to_do_and_does_nothing_itself(official, county, candidacy, about, said):
    if about == "refusal":
        strike_off(county, candidacy)
    row = record(
        county,
        None if about == "list" else candidacy,
        county.township_official,
        about=about,
        office="township",
    )
    text = text_of(official.get(page("objection", decide(county, row, county.township_official).pk)))
    assert said in text
    target = (
        page("candidate_list", county.election.pk) if about == "list" else page("candidate", candidacy.pk)
    )
    assert target in text
    assert page("change_state", candidacy.pk) not in text


def test_a_committee_is_led_to_the_township_not_to_the_candidate(committee, county, candidacy) -> None:
    row = decide(county, record(county, candidacy))
    text = text_of(committee.get(page("objection", row.pk)))
    assert "请把核实的情况报乡镇" in text
    assert page("candidate", candidacy.pk) not in text


def test_the_township_is_asked_whom_a_refusal_was_about(official, committee, county, candidacy) -> None:
    strike_off(county, candidacy)
    row = record(county, about="refusal")
    committee.force_login(county.committee_member)
    assert "candidacy" not in committee.get(page("decide_objection", row.pk)).context["form"].fields
    official.force_login(county.township_official)
    official.post(page("decide_objection", row.pk), {**DECISION, "candidacy": candidacy.pk})
    row.refresh_from_db()
    assert row.candidacy == candidacy
    committee.force_login(county.committee_member)
    assert "王大山" not in text_of(committee.get(page("objection", row.pk)))


# Lists -----------------------------------------------------------------------------------------


def test_open_ones_come_first_with_the_days_they_waited(official, county, candidacy) -> None:
    decide(county, record(county, candidacy))
    record(county, received_on=TODAY)
    record(county, candidacy, received_on=date(2026, 11, 20))
    text = text_of(official.get(page("objections")))
    places = [text.index(words) for words in ("已收到11天", "今天收到", "成立</span>")]
    assert places == sorted(places)
    assert "王大山（主任）" in text
    assert SECRET not in text


def test_a_committee_lists_its_own(committee, county, candidacy) -> None:
    record(county, candidacy)
    record(county, actor=county.township_official, office="township", received_on=date(2026, 11, 20))
    text = text_of(committee.get(page("objection_list", county.election.pk)))
    assert "已收到2天" in text
    assert "已收到11天" not in text
    assert "受理机构" not in text


def test_a_committee_gets_to_its_list_by_the_menu(committee, county) -> None:
    response = committee.get(page("own_objections"))
    assert response.headers["Location"] == page("objection_list", county.election.pk)
    Election.objects.filter(pk=county.election.pk).update(body="party_branch", mode="two_recommendations")
    assert "还没有正在进行的村民委员会选举" in text_of(committee.get(page("own_objections")))


@pytest.mark.parametrize("who", COUNTY_ONLY)
def test_no_list_for_others(client, county, who) -> None:
    client.force_login(getattr(county, who))
    for address in (page("objections"), page("own_objections"), page("objection_list", county.election.pk)):
        assert client.get(address).status_code == 403


def test_a_committee_has_no_list_of_the_township(committee) -> None:
    assert committee.get(page("objections")).status_code == 403


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 3),
        ("?state=open", 2),
        ("?state=decided", 1),
        ("?state=upheld", 1),
        ("?state=rejected", 0),
        ("?about=list", 2),
        ("?office=township", 1),
        ("?village=330604101201", 3),
        ("?village=330604101202", 0),
    ],
)
def test_filters(official, county, candidacy, query, count) -> None:
    decide(county, record(county, candidacy))
    record(county)
    record(county, actor=county.township_official, office="township")
    response = official.get(page("objections") + query)
    assert response.context["table"].paginator.count == count


def test_a_county_filters_by_township(client, county) -> None:
    record(county)
    client.force_login(county.county_reviewer)
    for code, count in (("330604101", 1), ("330604102", 0)):
        response = client.get(page("objections") + f"?township={code}")
        assert response.context["table"].paginator.count == count


def test_a_filter_that_is_none_says_so(official, county) -> None:
    record(county)
    text = text_of(official.get(page("objections") + "?state=nonsense"))
    assert "没有这个选项" in text


def test_excel_has_nothing_personal(official, county, candidacy) -> None:
    """The file leaves the office: no name, no reason, no word of anybody's."""
    decide(county, record(county, candidacy))
    for address in (page("objections"), page("objection_list", county.election.pk)):
        response = official.get(f"{address}?export=xlsx")
        content = b"".join(response.streaming_content)
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        words = str(rows)
        for personal in ("王大山", SECRET, WHO, "查过户籍"):
            assert personal not in words
        assert "对候选人的资格" in words
        assert "成立" in words


def test_queries_do_not_grow_with_rows(official, county, candidacy, django_assert_max_num_queries) -> None:
    for _number in range(3):
        record(county, candidacy)
    with django_assert_max_num_queries(20):
        official.get(page("objections"))
    for _number in range(20):
        record(county, candidacy)
    with django_assert_max_num_queries(20):
        official.get(page("objections"))


# The reply -------------------------------------------------------------------------------------


def test_each_office_prints_its_own_reply(client, county) -> None:
    """The committee prints what it decided; of the township's it finds neither row nor paper."""
    own = decide(county, record(county))
    past = record(county, actor=county.township_official, office="township")
    past = decide(county, past, county.township_official)
    client.force_login(county.committee_member)
    ask = "documents:request_document"
    assert client.post(reverse(ask, args=["objection_reply", own.pk])).status_code == 302
    assert client.post(reverse(ask, args=["objection_reply", past.pk])).status_code == 404
    assert client.post(reverse(ask, args=["township_objection_reply", past.pk])).status_code in {403, 404}
    client.force_login(county.township_official)
    assert client.post(reverse(ask, args=["township_objection_reply", past.pk])).status_code == 302
    client.force_login(county.committee_member)
    papers = Document.objects.visible_to(county.committee_member)
    assert set(papers.values_list("kind", flat=True)) == {"objection_reply"}


def test_an_open_one_has_no_reply_to_print(committee, county) -> None:
    row = record(county)
    address = reverse("documents:request_document", args=["objection_reply", row.pk])
    assert committee.post(address).status_code == 404
    assert address not in text_of(committee.get(page("objection", row.pk)))


def test_the_title_of_a_reply_names_nobody(committee, county, candidacy) -> None:
    row = decide(county, record(county, candidacy))
    committee.post(reverse("documents:request_document", args=["objection_reply", row.pk]))
    assert Document.objects.get().title == f"桃园村候选人异议答复书（{row.pk}）"
