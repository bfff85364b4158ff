"""Notices: drafted, printed, posted with their step, the posting taken back."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from ballots.actions import notices as actions
from ballots.models import Notice
from ballots.notices import completes_step, lines_of
from election_admin.documents.models import Document
from election_admin.journal.models import Entry
from tests.ballots.notices import BEFORE_THE_DAY, draft, fresh, post
from tests.ballots.office import end_term, log_in, mark_done, record, step_of
from tests.cast import NOW, TODAY
from villages.models import Election

pytestmark = pytest.mark.django_db


# Drafting ------------------------------------------------------------------------------------


def test_a_draft_keeps_only_the_fields_of_its_notice(county) -> None:
    notice = draft(county, details={"contact": "王芳", "phone": "", "secret": "x"})
    assert notice.details == {"contact": "王芳"}
    assert lines_of(fresh(county))[0].issues[0].mark.word == "已拟"


def test_the_journal_names_nobody_of_a_notice(county) -> None:
    """Staff, proxies, voters at a roving box: personal data, which is erased one day."""
    draft(county)
    entry = Entry.objects.get(verb="ballots.draft_notice")
    assert "王芳" not in str(entry.after)
    assert entry.after["details"].startswith("#")


@pytest.mark.parametrize("who", ["county_reviewer", "court", "other_township_official", "administrator"])
def test_only_the_village_and_its_township_write(county, who) -> None:
    with pytest.raises(PermissionDenied):
        draft(county, actor=getattr(county, who))


def test_another_issue_only_after_the_last_is_posted(county) -> None:
    draft(county, "voter_list_supplement", details={})
    with pytest.raises(ValidationError, match="上一件还没有登记张贴"):
        draft(county, "voter_list_supplement", serial=2)
    post(county, "voter_list_supplement")
    assert draft(county, "voter_list_supplement", serial=2).serial == 2


def test_a_notice_the_set_does_not_have_is_refused(county) -> None:
    with pytest.raises(ValidationError, match="没有这件公告"):
        draft(county, "committee_replacement")


def test_a_past_term_is_only_read(county) -> None:
    end_term(county)
    with pytest.raises(ValidationError, match="往届"):
        draft(county)


# Posting -------------------------------------------------------------------------------------


def test_posting_records_its_step(county) -> None:
    record(county.election, county.township_official, {"seats_decided": date(2026, 11, 5)})
    mark_done(county.election, BEFORE_THE_DAY, county.township_official)
    notice = post(county, posted_on=date(2026, 11, 10), with_step=True)
    assert (notice.posted_on, notice.posted_where) == (date(2026, 11, 10), "村务公开栏")
    step = step_of(county.election, "election_day_announced")
    assert step.done_on == date(2026, 11, 10)
    assert "村务公开栏" in step.remark


def test_a_step_before_its_turn_refuses_the_posting_too(county) -> None:
    """All or nothing: no notice counts as posted whose step was not allowed."""
    with pytest.raises(ValidationError) as refused:
        post(county, with_step=True)
    assert "还没有轮到" in refused.value.message_dict["with_step"][0]
    assert not Notice.objects.posted().exists()
    assert post(county, with_step=False).posted_on == TODAY


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"posted_on": date(2026, 12, 2)}, "posted_on"),
        ({"posted_where": "  "}, "posted_where"),
    ],
)
def test_a_posting_says_when_and_where(county, changes, field) -> None:
    with pytest.raises(ValidationError) as refused:
        post(county, **changes)
    assert field in refused.value.message_dict


def test_nothing_is_posted_before_the_day_under_it(county) -> None:
    draft(county, dated=TODAY)
    with pytest.raises(ValidationError, match="早于落款日期"):
        post(county, posted_on=date(2026, 11, 30))


def test_what_is_posted_stays(county) -> None:
    post(county)
    with pytest.raises(ValidationError, match="不能再改"):
        draft(county)
    with pytest.raises(ValidationError, match="不能再改"):
        post(county)


def test_place_and_staff_share_a_step(county) -> None:
    """Place, time and tellers: done once both notices hang, so only the second offers it."""
    assert not completes_step(fresh(county), "voting_place_time")
    post(county, "election_staff")
    assert completes_step(fresh(county), "voting_place_time")


def test_undoing_a_posting_needs_a_reason(county) -> None:
    notice = post(county)
    context = {"actor": county.committee_member, "at": NOW}
    with pytest.raises(ValidationError, match="原因"):
        actions.undo_posting(notice=notice, reason=" ", **context)
    undone = actions.undo_posting(notice=notice, reason="日期登记错了", **context)
    assert (undone.posted_on, undone.posted_where) == (None, "")
    assert Entry.objects.get(verb="ballots.undo_posting").reason == "日期登记错了"
    with pytest.raises(ValidationError, match="没有登记张贴"):
        actions.undo_posting(notice=notice, reason="再来", **context)


def test_a_posting_followed_by_another_issue_stays(county) -> None:
    first = post(county, "voter_list_supplement")
    draft(county, "voter_list_supplement", serial=2)
    with pytest.raises(ValidationError, match="已经另发"):
        actions.undo_posting(notice=first, reason="错了", actor=county.committee_member, at=NOW)


# Pages ---------------------------------------------------------------------------------------


def address(name: str, county, code: str = "election_day", serial: int = 1) -> str:
    return reverse(f"ballots:{name}", args=[county.election.pk, code, serial])


def test_the_list_names_every_notice_with_its_legal_day(client, county) -> None:
    post(county)
    page = log_in(client, county.committee_member).get(reverse("ballots:notices", args=[county.election.pk]))
    text = page.content.decode()
    for words in ("第1号", "第6-1号", "不编号", "2026-11-30", "已张贴", "未拟", "村务公开栏", "另发一件"):
        assert words in text
    assert len(page.context["lines"]) == 19


def test_the_list_costs_the_same_however_many_issues(client, county, django_assert_max_num_queries) -> None:
    log_in(client, county.committee_member)
    for serial in range(1, 6):
        post(county, "voter_list_supplement", serial=serial)
    with django_assert_max_num_queries(14):
        client.get(reverse("ballots:notices", args=[county.election.pk]))


def test_a_draft_is_saved_and_shown_on_the_page(client, county) -> None:
    log_in(client, county.committee_member)
    where = address("notice", county, "voting_place_time")
    filled = {
        "fill_opens": "08:00",
        "fill_places": "第一投票站：文化礼堂\n第二投票站：老年活动室",
        "dated": "2026-12-01",
    }
    assert client.post(where, filled).status_code == 302
    text = client.get(where).content.decode()
    assert "2026年12月20日08:00至" in text
    assert '<p class="line">第二投票站：老年活动室</p>' in text
    assert Notice.objects.get().details["opens"] == "08:00"


def test_posting_from_the_page_offers_the_step(client, county) -> None:
    log_in(client, county.committee_member)
    mark_done(county.election, BEFORE_THE_DAY, county.township_official)
    where = address("post_notice", county)
    assert "同时登记步骤" in client.get(where).content.decode()
    sent = {"posted_on": "2026-12-01", "posted_where": "公开栏", "with_step": "on"}
    assert client.post(where, sent).status_code == 302
    assert step_of(county.election, "election_day_announced").done_on == TODAY
    assert client.get(where).status_code == 302


def test_a_refused_step_comes_back_beside_its_tick(client, county) -> None:
    log_in(client, county.committee_member)
    sent = {"posted_on": "2026-12-01", "posted_where": "公开栏", "with_step": "on"}
    page = client.post(address("post_notice", county), sent)
    assert page.status_code == 200
    assert "with_step" in page.context["form"].errors
    assert page.context["form"]["posted_where"].value() == "公开栏"


def test_taking_a_posting_back_from_the_page(client, county) -> None:
    post(county)
    log_in(client, county.committee_member)
    assert client.post(address("undo_posting", county), {"reason": "错了"}).status_code == 302
    assert not Notice.objects.posted().exists()


def test_a_reviewer_reads_and_writes_nothing(client, county) -> None:
    draft(county)
    log_in(client, county.county_reviewer)
    page = client.get(address("notice", county))
    assert page.status_code == 200
    assert page.context["form"] is None
    for name in ("notice", "post_notice", "undo_posting"):
        assert client.post(address(name, county), {"dated": "2026-12-01"}).status_code == 403
    assert client.get(address("post_notice", county)).status_code == 403


@pytest.mark.parametrize(("code", "serial"), [("no_such", 1), ("election_day", 2), ("election_day", 0)])
def test_a_notice_that_is_none_is_not_found(client, county, code, serial) -> None:
    log_in(client, county.committee_member)
    assert client.get(address("notice", county, code, serial)).status_code == 404


def test_one_nobody_began_prints_with_blanks_and_stays_not_begun(client, county) -> None:
    log_in(client, county.committee_member)
    assert client.post(address("print_notice", county), {"language": "zh-hans"}).status_code == 302
    document = Document.objects.get()
    assert document.title == "桃园村第十二届村民选举委员会公告（第1号）关于选举日的公告"
    assert {line.issues[0].mark.word for line in lines_of(fresh(county))} == {"未拟"}


def test_a_reviewer_prints_what_is_there(client, county) -> None:
    log_in(client, county.county_reviewer)
    client.post(address("print_notice", county))
    assert not Document.objects.exists()
    draft(county)
    client.post(address("print_notice", county))
    assert Document.objects.count() == 1


def test_all_notices_of_a_village_at_once(client, county) -> None:
    log_in(client, county.committee_member)
    where = reverse("ballots:print_notices", args=[county.election.pk])
    assert client.post(where, {"language": "zh-hans"}).status_code == 302
    batch = Document.objects.first().batch
    assert batch is not None
    assert batch.documents.count() == 19
    assert "桃园村" in batch.title


def test_a_recall_says_that_it_has_no_notices(client, county) -> None:
    Election.objects.filter(pk=county.election.pk).update(occasion="recall", occasion_day=TODAY)
    page = log_in(client, county.committee_member).get(reverse("ballots:notices", args=[county.election.pk]))
    assert "没有统一编号的公告" in page.content.decode()
