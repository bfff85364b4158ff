"""The pages of the joint review for township and county: who is in, who has answered, what comes next."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from candidates.actions import batches
from candidates.models import Candidacy, Enquiry, Person, ReviewBatch, ReviewItem
from tests.candidates.conftest import answer, make_candidate, make_finding, make_id_number
from tests.candidates.review import DUE, answer_all, make_batch, reviewed, send
from tests.candidates.test_batches import in_second_village, second_man
from tests.cast import NOW, TODAY
from villages.models import Election

pytestmark = pytest.mark.django_db

REMARK = "（2019）浙0604刑初88号"
OFFICIALS = ("township_official", "county_reviewer")


def get(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(f"candidates:{name}", args=args), query)


def main_of(response) -> str:
    html = response.content.decode()
    return html[html.index("<main") : html.index("</main>")]


# The list -------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", OFFICIALS)
def test_the_list_says_how_far_each_batch_is(client, county, candidacy, who) -> None:
    batch = send(county, candidacy)
    answer(candidacy, county.court, "court")

    shown = main_of(get(client, getattr(county, who), "batches"))

    assert "第1批" in shown
    assert "1/12" in shown
    assert "还有9天" in shown
    assert reverse("candidates:batch", args=[batch.pk]) in shown


def test_only_the_county_reads_which_township(client, county, candidacy) -> None:
    make_batch(county, candidacy)

    assert "长塘镇" in main_of(get(client, county.county_reviewer, "batches"))
    own = main_of(get(client, county.township_official, "batches"))
    assert '<td data-label="乡镇（街道）"' not in own
    # Whoever sends up is offered the first step.
    assert reverse("candidates:open_batch", args=[county.township.code]) in own


def test_another_township_and_another_county_see_nothing(client, county, neighbour, candidacy) -> None:
    batch = make_batch(county, candidacy)

    for user in (county.other_township_official, neighbour.county_reviewer):
        assert "第1批" not in main_of(get(client, user, "batches"))
        assert get(client, user, "batch", batch.pk).status_code == 404


@pytest.mark.parametrize("who", ["committee_member", "court", "administrator"])
def test_these_pages_are_not_for_others(client, county, candidacy, who) -> None:
    batch = send(county, candidacy)

    for name, args in (("batches", ()), ("batch", (batch.pk,)), ("review_overview", ())):
        assert get(client, getattr(county, who), name, *args).status_code == 403


def test_nobody_gets_in_without_logging_in(client, county, candidacy) -> None:
    batch = send(county, candidacy)

    assert client.get(reverse("candidates:batch", args=[batch.pk])).status_code == 302


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ({}, True),
        ({"state": "sent"}, True),
        ({"state": "signed"}, False),
        ({"situation": "overdue"}, True),
        ({"situation": "waiting"}, True),
        ({"situation": "ready"}, False),
        ({"township": "330604101"}, True),
        ({"township": "330604102"}, False),
    ],
)
def test_filters(client, county, candidacy, query, listed) -> None:
    send(county, candidacy)
    ReviewBatch.objects.update(due_on=TODAY - timedelta(days=1))

    assert ("第1批" in main_of(get(client, county.county_reviewer, "batches", **query))) is listed


def test_what_is_ready_to_be_signed(client, county, candidacy) -> None:
    send(county, candidacy)
    answer_all(county, candidacy)

    ready = main_of(get(client, county.county_reviewer, "batches", situation="ready"))

    assert "第1批" in ready
    assert "12/12" in ready


def rows_of(response) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(response.streaming_content)))
    return book.get_sheet_by_index(0).to_python()


def test_the_list_as_a_file(client, county, candidacy) -> None:
    send(county, candidacy)

    rows = rows_of(get(client, county.county_reviewer, "batches", export="xlsx"))

    assert rows[0][:3] == ["批次", "乡镇（街道）", "状态"]
    assert rows[1][:6] == ["长塘镇第1批", "长塘镇", "联审中", 1, 0, 12]


# Putting together -----------------------------------------------------------------------------


def test_everybody_who_can_be_sent_is_ticked(client, county, candidacy) -> None:
    other = in_second_village(county)
    make_candidate(county, "无号", id_number="")

    shown = main_of(get(client, county.township_official, "open_batch", county.township.code))

    for one in (candidacy, other):
        assert f'value="{one.pk}" id="people-{one.pk}" checked' in shown
    assert "桃园村" in shown
    assert "罗村村" in shown
    assert "还没有登记公民身份号码" in shown
    # The day before the first final list is due.
    assert 'value="2026-12-14"' in shown


def test_a_batch_is_opened_from_the_page(client, county, candidacy) -> None:
    client.force_login(county.township_official)

    response = client.post(
        reverse("candidates:open_batch", args=[county.township.code]),
        {"people": [candidacy.pk], "due_on": "2026-12-10"},
    )

    batch = ReviewBatch.objects.get()
    assert response.headers["Location"] == reverse("candidates:batch", args=[batch.pk])
    assert batch.due_on == date(2026, 12, 10)


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({"due_on": "2026-12-10"}, "请至少选一人"),
        ({"due_on": "2026-12-16"}, "最迟2026年12月15日公布正式候选人名单"),
        ({"due_on": "明天"}, "不是有效的日期"),
        ({"due_on": "2026-12-10", "people": ["999999"]}, "没有这个选项"),
    ],
)
def test_what_is_wrong_is_said_and_the_ticks_stay(client, county, candidacy, posted, sentence) -> None:
    client.force_login(county.township_official)
    if posted.get("people") is None and posted["due_on"] != "2026-12-10":
        posted = {**posted, "people": [candidacy.pk]}

    response = client.post(reverse("candidates:open_batch", args=[county.township.code]), posted)

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert not ReviewBatch.objects.exists()
    assert (" checked" in main_of(response)) is (str(candidacy.pk) in map(str, posted.get("people", ())))


@pytest.mark.parametrize(
    ("who", "status"),
    [("county_reviewer", 403), ("committee_member", 403), ("other_township_official", 404), ("court", 403)],
)
def test_only_the_township_opens_batches(client, county, who, status) -> None:
    assert get(client, getattr(county, who), "open_batch", county.township.code).status_code == status


@pytest.mark.parametrize("code", ["330604101201", "000000000", "abc"])
def test_what_is_no_township(client, county, code) -> None:
    assert get(client, county.township_official, "open_batch", code).status_code == 404


def test_a_returned_batch_says_why_where_it_is_mended(client, county, candidacy) -> None:
    other = second_man(county)
    batch = send(county, candidacy)
    batches.return_batch(batch=batch, reason="漏报了李水", actor=county.county_reviewer, at=NOW)

    shown = main_of(get(client, county.township_official, "batch", batch.pk))
    form = main_of(get(client, county.township_official, "change_items", batch.pk))

    assert "漏报了李水" in shown
    assert "重新上报" in shown
    assert "漏报了李水" in form
    assert f'id="people-{candidacy.pk}" checked' in form
    assert f'id="people-{other.pk}">' in form
    client.post(
        reverse("candidates:change_items", args=[batch.pk]),
        {"people": [candidacy.pk, other.pk], "due_on": "2026-12-10"},
    )
    client.post(reverse("candidates:send_batch", args=[batch.pk]))
    batch.refresh_from_db()
    assert batch.state == "sent"
    assert batch.items.count() == 2


def test_who_has_dropped_out_is_named_before_it_is_sent(client, county, candidacy) -> None:
    batch = make_batch(county, candidacy, second_man(county))
    Candidacy.objects.filter(pk=candidacy.pk).update(state="declined")

    shown = main_of(get(client, county.township_official, "batch", batch.pk))
    response = client.post(reverse("candidates:send_batch", args=[batch.pk]), follow=True)

    assert "已不再参选，请点“调整名单”保存后再上报" in shown
    assert "目前不是初步候选人" in response.content.decode()


def test_what_is_sent_is_not_changed(client, county, candidacy) -> None:
    batch = send(county, candidacy)

    assert "名单不能再改" in main_of(get(client, county.township_official, "change_items", batch.pk))


def test_a_draft_is_dropped(client, county, candidacy) -> None:
    batch = make_batch(county, candidacy)
    client.force_login(county.township_official)

    assert client.get(reverse("candidates:drop_batch", args=[batch.pk])).status_code == 405
    client.post(reverse("candidates:drop_batch", args=[batch.pk]))

    assert not ReviewBatch.objects.exists()


# The page of a batch --------------------------------------------------------------------------


@pytest.mark.parametrize("who", OFFICIALS)
def test_who_has_answered_is_shown_and_never_what(client, county, candidacy, who) -> None:
    batch = send(county, candidacy)
    answer(candidacy, county.court, "court", "record", REMARK)
    answer(candidacy, county.health, "health")

    response = get(client, getattr(county, who), "batch", batch.pk)
    shown = main_of(response)

    assert "2/12" in shown
    for secret in (REMARK, "有记录", "答复无记录", make_id_number()):
        assert secret not in shown
    # A record and none look the same in the matrix.
    matrix = shown[shown.index('id="matrix"') :]
    assert matrix.count("state-good") == 2
    assert "no-store" in response.headers["Cache-Control"]


def test_what_is_missing_is_named(client, county, candidacy) -> None:
    batch = send(county, candidacy, second_man(county))
    answer_all(county, candidacy)

    shown = main_of(get(client, county.county_reviewer, "batch", batch.pk))

    assert "还不能签署，因为" in shown
    assert "部门答复不齐的有1人：李水（桃园村）" in shown


def test_a_number_opens_who_is_missing(client, county, candidacy) -> None:
    batch = send(county, candidacy, second_man(county))
    answer(candidacy, county.court, "court")

    shown = main_of(get(client, county.county_reviewer, "batch", batch.pk, department="court"))

    people = shown[shown.index('id="people"') : shown.index('id="departments"')]
    assert "法院还没有答复的人" in people
    assert "李水" in people
    assert "王大山" not in people


@pytest.mark.parametrize("department", ["nobody", "", "court%00"])
def test_a_department_that_is_none(client, county, candidacy, department) -> None:
    batch = send(county, candidacy)

    assert "王大山" in main_of(get(client, county.county_reviewer, "batch", batch.pk, department=department))


def test_reminding_one_and_all(client, county, candidacy) -> None:
    batch = send(county, candidacy)
    answer_all(county, candidacy, but=["court", "health"])
    client.force_login(county.county_reviewer)
    court = batch.enquiries.get(department="court")

    client.post(reverse("candidates:remind", args=[court.pk]))
    response = client.post(reverse("candidates:remind_all", args=[batch.pk]), follow=True)

    assert "已催办1个部门" in response.content.decode()
    assert Enquiry.objects.filter(reminders=1).count() == 2
    again = client.post(reverse("candidates:remind", args=[court.pk]), follow=True)
    assert "今天已经催办过" in again.content.decode()
    assert client.get(reverse("candidates:remind", args=[court.pk])).status_code == 405


def test_returning_from_the_page(client, county, candidacy) -> None:
    batch = send(county, candidacy)
    client.force_login(county.county_reviewer)
    address = reverse("candidates:return_batch", args=[batch.pk])

    assert "请填写“退回原因”" in client.post(address, {"reason": "", "save": "1"}).content.decode()
    client.post(address, {"reason": "漏报一人"})

    batch.refresh_from_db()
    assert batch.state == "returned"
    assert "只有联审中的批次可以退回" in client.get(address).content.decode()


def test_signing_from_the_page(client, county, candidacy) -> None:
    batch = send(county, candidacy)
    client.force_login(county.county_reviewer)
    address = reverse("candidates:sign_off", args=[batch.pk])

    refused = client.post(address, {"opinion": "同意", "save": "1"})
    assert "部门答复不齐的有1人" in refused.content.decode()
    assert "同意" in refused.content.decode()
    answer_all(county, candidacy)
    client.post(address, {"opinion": "同意", "save": "1"})

    batch.refresh_from_db()
    assert (batch.state, batch.opinion) == ("signed", "同意")


def test_what_was_signed_stays_as_it_was(client, county, candidacy) -> None:
    batch = reviewed(county, candidacy)
    item = ReviewItem.objects.get()
    make_finding(county, candidacy)

    shown = main_of(get(client, county.township_official, "batch", batch.pk))

    assert "签署的结论" in shown
    assert "签署后有变" in shown
    assert reverse("candidates:assessment", args=[item.assessment_id]) in shown


@pytest.mark.parametrize("name", ["send_batch", "drop_batch", "return_batch", "sign_off", "remind_all"])
def test_another_countys_batch_is_not_there(client, county, neighbour, candidacy, name) -> None:
    batch = send(county, candidacy)
    for user in (neighbour.township_official, neighbour.county_reviewer):
        client.force_login(user)
        status = client.post(reverse(f"candidates:{name}", args=[batch.pk]), {"reason": "x"}).status_code
        assert status in {403, 404}
    batch.refresh_from_db()
    assert batch.state == "sent"


def test_the_printed_page_turns_sideways(client, county, candidacy) -> None:
    """A matrix of twelve departments fits a sheet only across; buttons stay off the paper."""
    batch = send(county, candidacy)

    shown = main_of(get(client, county.county_reviewer, "batch", batch.pk))
    css = open("static/office/office.css", encoding="utf-8").read()  # noqa: SIM115, PTH123

    assert 'class="review-batch"' in shown
    assert "body:has(.review-batch), body:has(.review-grid) { page: sideways; }" in css


# Who has not answered -------------------------------------------------------------------------


def test_the_overview_counts_by_department_and_township(client, county, candidacy) -> None:
    send(county, candidacy, second_man(county))
    answer(candidacy, county.court, "court")

    response = get(client, county.county_reviewer, "review_overview")
    grid = response.context["grid"]

    totals = {one.title: (one.total.asked, one.total.answered, one.total.missing) for one in grid.departments}
    assert totals["法院"] == (2, 1, 1)
    assert totals["公安"] == (2, 0, 2)
    assert (grid.total.asked, grid.total.missing) == (24, 23)
    (row,) = grid.rows
    assert (row.place, row.total.due_on) == (county.township, DUE)


def test_the_overdue_come_first(client, county, candidacy) -> None:
    send(county, candidacy)
    other = send(county, second_man(county))
    ReviewBatch.objects.filter(pk=other.pk).update(due_on=TODAY - timedelta(days=2))

    response = get(client, county.county_reviewer, "review_overview")

    assert response.context["table"].page.object_list[0].record.batch_id == other.pk
    assert "逾期2天" in main_of(response)


def test_each_number_opens_its_list(client, county, candidacy) -> None:
    send(county, candidacy)
    grid = get(client, county.county_reviewer, "review_overview").context["grid"]
    cell = next(one for one in grid.rows[0].cells if "department=court" in one.url)

    listed = client.get(cell.url).context["table"].page.object_list

    assert [row.record.department for row in listed] == ["court"]


def test_what_is_answered_in_full_waits_for_nobody(client, county, candidacy) -> None:
    send(county, candidacy)
    answer_all(county, candidacy, but=["court"])

    listed = get(client, county.county_reviewer, "review_overview", missing="yes").context["table"]

    assert [row.record.department for row in listed.page.object_list] == ["court"]


def test_somebody_reviewed_before_is_not_counted_twice(client, county, candidacy) -> None:
    """A second batch about the same person asks each department once, and the old answers count once."""
    reviewed(county, candidacy)
    make_finding(county, candidacy)
    send(county, candidacy)

    grid = get(client, county.county_reviewer, "review_overview").context["grid"]

    assert (grid.total.asked, grid.total.answered) == (12, 12)


def test_the_overview_as_a_file(client, county, candidacy) -> None:
    send(county, candidacy)

    rows = rows_of(get(client, county.county_reviewer, "review_overview", export="xlsx"))

    assert rows[0][:6] == ["部门", "乡镇（街道）", "批次", "应答复", "已答复", "未答复"]
    assert len(rows) == 13


def test_when_somebody_was_reminded_is_the_offices_time(client, county, candidacy) -> None:
    batch = send(county, candidacy)
    batches.remind_all(batch=batch, actor=county.county_reviewer, at=NOW)

    assert "2026-12-01 09:00" in main_of(get(client, county.county_reviewer, "review_overview"))


def test_nothing_under_way(client, county, candidacy) -> None:
    shown = main_of(get(client, county.county_reviewer, "review_overview"))

    assert "批次上报以后" in shown


# Plenty ---------------------------------------------------------------------------------------


def fill(county, count: int, *, start: int = 0) -> list[Candidacy]:
    """So many people of the village, entered without the desk."""
    people = Person.objects.bulk_create(
        Person(
            place=county.village,
            name="甲乙丙丁戊己庚辛壬癸"[number % 10] + "一二三四五六七八九十"[number // 10 % 10],
            sex="male",
            born=date(1970, 1, 1) + timedelta(days=number),
            id_number=make_id_number(),
            id_hash=f"hash-{number}",
        )
        for number in range(start, start + count)
    )
    return Candidacy.objects.bulk_create(
        Candidacy(election=county.election, person=person, post="member", how="self", nominated_on=TODAY)
        for person in people
    )


def raw_batch(county, number: int, candidacies) -> ReviewBatch:
    batch = ReviewBatch.objects.create(
        place=county.township,
        term=county.term,
        number=number,
        state=ReviewBatch.State.SENT,
        due_on=DUE,
        made_at=NOW,
        sent_at=NOW,
        sent_by=county.township_official,
    )
    ReviewItem.objects.bulk_create(ReviewItem(batch=batch, candidacy=one) for one in candidacies)
    batches.ask_departments(batch)
    return batch


def count_queries(act) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert act().status_code == 200
    return len(captured)


@pytest.mark.parametrize("who", OFFICIALS)
def test_queries_of_a_batch_do_not_grow_with_its_people(client, county, who) -> None:
    user = getattr(county, who)
    small = raw_batch(county, 1, fill(county, 2))
    large = raw_batch(county, 2, fill(county, 200, start=50))
    client.force_login(user)
    act = lambda batch: client.get(reverse("candidates:batch", args=[batch.pk]))  # noqa: E731
    act(small)

    assert count_queries(lambda: act(large)) == count_queries(lambda: act(small)) <= 25


@pytest.mark.parametrize("name", ["batches", "review_overview", "flags"])
def test_queries_of_the_lists_do_not_grow_with_batches(client, county, name) -> None:
    client.force_login(county.county_reviewer)
    act = lambda: client.get(reverse(f"candidates:{name}"))  # noqa: E731
    people = fill(county, 60)
    raw_batch(county, 1, people[:2])
    act()
    few = count_queries(act)
    for number in range(2, 32):
        raw_batch(county, number, people[number * 2 - 2 : number * 2])

    assert count_queries(act) == few <= 25


def test_queries_of_the_form_do_not_grow_with_people(client, county) -> None:
    client.force_login(county.township_official)
    act = lambda: client.get(reverse("candidates:open_batch", args=[county.township.code]))  # noqa: E731
    fill(county, 3)
    act()
    few = count_queries(act)
    fill(county, 100, start=20)

    assert count_queries(act) == few <= 25
    assert (
        len(act().context["form"].choices.free)
        == Election.objects.get(pk=county.election.pk).candidacies.count()
    )
