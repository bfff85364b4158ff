"""Taking a recorded step back."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from ballots.actions.steps import follow_step, record_step, undo_step
from election_admin.evidence.actions import attach
from election_admin.journal.models import Entry
from tests.ballots.office import UP_TO_THE_LIST, end_term, log_in, mark_done, record, step_of
from tests.cast import NOW
from tests.evidence.uploads import make_photo
from villages.models import Election

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_of_december")]


def address(election: Election, code: str) -> str:
    return reverse("ballots:undo_step", args=[step_of(election, code).pk])


@pytest.fixture
def recorded(county) -> Election:
    record(county.election, county.committee_member, UP_TO_THE_LIST)
    return county.election


def test_the_page_shows_what_is_taken_back(client, county, recorded) -> None:
    page = log_in(client, county.committee_member).get(address(recorded, "voter_list_published"))

    assert page.status_code == 200
    assert "撤销“公布选民名单”的登记" in page.content.decode()
    assert "2026年11月30日" in page.content.decode()


def test_undone_for_a_reason_that_is_kept(client, county, recorded) -> None:
    response = log_in(client, county.committee_member).post(
        address(recorded, "voter_list_published"), {"reason": "日期登记错了"}
    )

    assert response.status_code == 302
    assert step_of(recorded, "voter_list_published").done_on is None
    assert Entry.objects.get(verb="ballots.undo_step").reason == "日期登记错了"
    assert "已撤销“公布选民名单”的登记" in client.get(response["Location"]).content.decode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "请写明撤销的原因。"),
        ({"reason": "   "}, "请写明撤销的原因。"),
        ({"reason": "错了😀"}, "无法打印的字符"),
        ({"reason": "长" * 301}, "300"),
    ],
)
def test_without_a_proper_reason_nothing_is_undone(client, county, recorded, data, sentence) -> None:
    response = log_in(client, county.committee_member).post(address(recorded, "voter_list_published"), data)

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert step_of(recorded, "voter_list_published").done_on == date(2026, 11, 30)


def test_a_step_that_later_ones_stand_on(client, county, recorded) -> None:
    response = log_in(client, county.committee_member).post(
        address(recorded, "registration_done"), {"reason": "日期登记错了"}
    )

    assert "后面的步骤“公布选民名单”已经登记，请从后往前撤销。" in response.content.decode()
    assert "日期登记错了" in response.content.decode()
    assert step_of(recorded, "registration_done").done_on == date(2026, 11, 25)


def test_a_step_that_is_not_recorded(client, county, recorded) -> None:
    response = log_in(client, county.committee_member).get(address(recorded, "vote_held"), follow=True)

    assert "“投票”没有登记，不用撤销。" in response.content.decode()


def test_a_step_that_follows_the_villages_records_stays(client, county) -> None:
    """Undone, it could not be recorded again, and the vote would wait for ever (art. 35)."""
    follow_step(
        election=county.election,
        code="audit_published",
        done_on=date(2026, 11, 20),
        actor=county.township_official,
        at=NOW,
    )
    response = log_in(client, county.committee_member).post(
        address(county.election, "audit_published"), {"reason": "登记错了"}, follow=True
    )

    assert "由系统根据村情记录自动登记" in response.content.decode()
    assert step_of(county.election, "audit_published").done_on == date(2026, 11, 20)


@pytest.mark.parametrize("who", ["county_reviewer", "court", "administrator"])
def test_who_only_reads_cannot_undo(client, county, recorded, who) -> None:
    log_in(client, getattr(county, who))

    assert client.get(address(recorded, "voter_list_published")).status_code == 403
    assert client.post(address(recorded, "voter_list_published"), {"reason": "错"}).status_code == 403


def test_outsiders_strangers_and_bad_ids(client, county, neighbour, recorded) -> None:
    assert client.get(address(recorded, "voter_list_published")).status_code == 302
    log_in(client, neighbour.committee_member)
    assert client.get(address(recorded, "voter_list_published")).status_code == 404
    assert client.get("/elections/steps/987654321/undo/").status_code == 404
    assert client.put(address(recorded, "voter_list_published")).status_code == 405


@pytest.mark.parametrize("how", ["get", "post"])
@pytest.mark.parametrize(
    ("who", "recorder", "refused"),
    [
        ("committee_member", "committee_member", False),
        ("committee_member", "township_official", True),
        ("township_official", "committee_member", False),
        ("township_official", "township_official", False),
    ],
)
def test_a_committee_takes_back_only_its_own(client, county, how, who, recorder, refused) -> None:
    record(county.election, getattr(county, recorder), {"seats_decided": date(2026, 11, 5)})
    log_in(client, getattr(county, who))

    response = getattr(client, how)(
        address(county.election, "seats_decided"), {"reason": "日期登记错了"}, follow=True
    )

    assert ("这一步由乡镇登记，请由乡镇撤销。" in response.content.decode()) is refused
    undone = how == "post" and not refused
    assert (step_of(county.election, "seats_decided").done_on is None) is undone


def test_the_act_refuses_what_the_page_refuses(county) -> None:
    record(county.election, county.township_official, {"seats_decided": date(2026, 11, 5)})

    with pytest.raises(ValidationError, match="请由乡镇撤销"):
        undo_step(
            step=step_of(county.election, "seats_decided"),
            reason="日期登记错了",
            actor=county.committee_member,
            at=NOW,
        )


@pytest.mark.parametrize("who", ["committee_member", "township_official"])
def test_nothing_is_undone_in_a_past_term(client, county, recorded, who) -> None:
    end_term(county)
    log_in(client, getattr(county, who))

    for ask in (client.get, client.post):
        page = ask(address(recorded, "voter_list_published"), {"reason": "日期登记错了"}, follow=True)
        assert "这是往届的选举，只能查看，不能再改。" in page.content.decode()
    assert step_of(recorded, "voter_list_published").done_on == date(2026, 11, 30)


def test_a_committee_finds_no_step_about_the_plan(client, county) -> None:
    mark_done(county.election, {"plan_approved": date(2026, 11, 5)}, county.township_official)
    log_in(client, county.committee_member)

    for ask in (client.get, client.post):
        assert ask(address(county.election, "plan_approved"), {"reason": "登记错了"}).status_code == 404
    with pytest.raises(PermissionDenied):
        undo_step(
            step=step_of(county.election, "plan_approved"),
            reason="登记错了",
            actor=county.committee_member,
            at=NOW,
        )


def test_an_approved_plan_stands_on_nothing(client, county) -> None:
    """Nobody can undo it, so the survey before it could never be corrected; and it would tell."""
    record(county.election, county.township_official, {"survey_done": date(2026, 11, 5)})
    mark_done(county.election, {"plan_approved": date(2026, 11, 6)}, county.township_official)

    log_in(client, county.township_official).post(
        address(county.election, "survey_done"), {"reason": "日期登记错了"}
    )

    assert step_of(county.election, "survey_done").done_on is None


def test_the_record_and_its_undoing_both_stay_in_the_journal(county) -> None:
    step = step_of(county.election, "seats_decided")
    record_step(
        step=step,
        done_on=date(2026, 11, 5),
        done_by="村民代表会议",
        remark="42人到会",
        actor=county.committee_member,
        at=NOW,
    )
    undo_step(step=step, reason="日期登记错了", actor=county.committee_member, at=NOW)

    recorded = Entry.objects.get(verb="ballots.record_step")
    undone = Entry.objects.get(verb="ballots.undo_step")
    assert recorded.after == undone.before
    assert undone.before["done_by"] == "村民代表会议"
    assert undone.after == {"code": "seats_decided", "done_on": None, "done_by": "", "remark": ""}
    assert undone.reason == "日期登记错了"


def test_what_showed_a_step_stays_with_it_when_it_is_undone(client, county) -> None:
    record(county.election, county.committee_member, {"seats_decided": date(2026, 11, 5)})
    step = step_of(county.election, "seats_decided")
    file = attach(kind="step", subject=step, file=make_photo(), actor=county.committee_member, at=NOW)

    undo_step(step=step, reason="日期登记错了", actor=county.committee_member, at=NOW)

    page = log_in(client, county.committee_member).get(f"/elections/{county.election.pk}/").content.decode()
    assert reverse("evidence:open_evidence", args=[file.pk]) in page


def test_the_township_takes_back_a_step_only_the_township_records(client, county) -> None:
    record(county.election, county.township_official, {"survey_done": date(2026, 11, 5)})

    log_in(client, county.committee_member).post(address(county.election, "survey_done"), {"reason": "错了"})
    assert step_of(county.election, "survey_done").done_on == date(2026, 11, 5)

    log_in(client, county.township_official).post(address(county.election, "survey_done"), {"reason": "错了"})
    assert step_of(county.election, "survey_done").done_on is None
