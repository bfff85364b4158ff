"""Recording a step: on its turn, on a lawful day, and never a traceback."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.actions.steps import follow_step, record_step, undo_step
from ballots.actions.violations import correct_violation, record_violation
from election_admin.evidence.actions import attach
from election_admin.journal.models import Entry
from tests.ballots.office import UP_TO_THE_LIST, end_term, enrol, log_in, mark_done, record, step_of
from tests.cast import ELECTION_DAY, NOW, SEATS
from tests.evidence.uploads import make_photo
from villages.actions.terms import set_election_day
from villages.models import Election
from villages.procedures import course_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_of_december")]
HTMX = {"HX-Request": "true"}


def address(election: Election, code: str) -> str:
    return reverse("ballots:record_step", args=[step_of(election, code).pk])


def send(client, county, code, who="committee_member", headers=None, **data):
    values = {"done_on": "2026-11-30", "remark": ""} | data
    return log_in(client, getattr(county, who)).post(address(county.election, code), values, headers=headers)


def test_recorded_with_day_and_remark(client, county) -> None:
    response = send(client, county, "seats_decided", done_on="2026-11-05", remark="会议记录存档案室")

    step = step_of(county.election, "seats_decided")
    assert response.status_code == 302
    assert response.url.endswith(f"/{county.election.pk}/#seats_decided")
    assert (step.done_on, step.remark) == (date(2026, 11, 5), "会议记录存档案室")
    assert step.recorded_by == county.committee_member
    assert Entry.objects.filter(verb="ballots.record_step").count() == 1
    page = client.get(response.url).content.decode()
    assert "已登记“确定村民委员会职数”" in page
    assert "会议记录存档案室" in page


def test_who_did_it_is_kept(client, county) -> None:
    send(client, county, "seats_decided", done_on="2026-11-05", done_by="村民代表会议（42人）")

    step = step_of(county.election, "seats_decided")
    assert step.done_by == "村民代表会议（42人）"
    assert Entry.objects.get(verb="ballots.record_step").after["done_by"] == "村民代表会议（42人）"


def test_who_did_it_is_as_the_rulebook_says_unless_said_otherwise(client, county) -> None:
    form = log_in(client, county.committee_member).get(f"/elections/{county.election.pk}/").content.decode()
    assert 'value="村民会议或村民代表会议"' in form

    send(client, county, "seats_decided", done_on="2026-11-05", done_by="")

    assert step_of(county.election, "seats_decided").done_by == "村民会议或村民代表会议"


def test_htmx_gets_only_the_timeline(client, county) -> None:
    response = send(client, county, "seats_decided", headers=HTMX)

    page = response.content.decode()
    assert response.status_code == 200
    assert page.lstrip().startswith('<div id="timeline">')
    assert "<h1>" not in page
    assert "已登记“确定村民委员会职数”" in page


@pytest.mark.parametrize("headers", [None, HTMX])
def test_a_step_before_its_turn_is_stopped_with_the_reason(client, county, headers) -> None:
    response = send(client, county, "voter_list_published", headers=headers, remark="张贴在村口")

    page = response.content.decode()
    assert response.status_code == 200
    assert "还没有轮到“公布选民名单”：请先办理并登记“完成选民登记”。" in page
    assert 'value="张贴在村口"' in page
    assert 'value="2026-11-30"' in page
    assert step_of(county.election, "voter_list_published").done_on is None


def test_a_day_before_what_had_to_come_first(client, county) -> None:
    record(county.election, county.committee_member, UP_TO_THE_LIST)

    page = send(client, county, "objections_closed", done_on="2026-11-20", remark="无异议").content.decode()
    assert 'value="无异议"' in page

    assert "“选民名单异议期满”不能早于“公布选民名单”（2026年11月30日办理）。" in page
    assert step_of(county.election, "objections_closed").done_on is None


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"done_on": "2026-12-02"}, "日期还没有到"),
        ({"done_on": "1026-11-30"}, "日期早于1900年"),
        ({"done_on": "下周"}, "输入一个有效的日期"),
        ({"done_on": ""}, "这个字段是必填项"),
        ({"done_on": "99999-12-01"}, "输入一个有效的日期"),
        ({"remark": "长" * 301}, "300"),
        ({"remark": "已办😀"}, "无法打印的字符“😀”"),
        ({"done_by": "村委会😀"}, "无法打印的字符“😀”"),
        ({"done_by": "长" * 81}, "80"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(client, county, values, sentence) -> None:
    values = {"remark": "按时张贴"} | values
    response = send(client, county, "seats_decided", **values)

    page = response.content.decode()
    assert response.status_code == 200
    assert sentence in page
    assert values["remark"] in page
    assert "autofocus" in page
    assert step_of(county.election, "seats_decided").done_on is None


def test_a_late_step_is_recorded_and_shown_as_late(client, county) -> None:
    record(
        county.election,
        county.committee_member,
        {**UP_TO_THE_LIST, "voter_list_published": date(2026, 12, 1)},
    )

    page = log_in(client, county.committee_member).get(f"/elections/{county.election.pk}/").content.decode()

    assert "迟办1天" in page
    assert "“公布选民名单”于2026年12月1日办理，迟于最迟日期2026年11月30日" in page
    assert "《浙江省村民委员会选举办法》第十四条" in page


def test_recording_late_says_so_at_once(client, county) -> None:
    days = {code: day for code, day in UP_TO_THE_LIST.items() if code != "voter_list_published"}
    record(county.election, county.committee_member, days)
    enrol(county.election)

    page = send(client, county, "voter_list_published", headers=HTMX, done_on="2026-12-01").content.decode()

    assert "迟办1天：法定最迟日期是2026年11月30日" in page


def test_twice_is_once(client, county) -> None:
    send(client, county, "seats_decided", done_on="2026-11-05")
    page = send(client, county, "seats_decided", done_on="2026-11-06").content.decode()

    assert "“确定村民委员会职数”已登记为2026年11月5日办理" in page
    assert step_of(county.election, "seats_decided").done_on == date(2026, 11, 5)


def test_a_step_that_follows_the_villages_records_is_not_recorded_here(client, county) -> None:
    page = send(client, county, "audit_published", who="township_official").content.decode()

    assert "由系统根据村情记录自动登记" in page


def test_the_vote_waits_for_the_audit(county) -> None:
    """Art. 35: the end-of-term audit is published before the election."""
    election = county.election
    at = NOW.replace(day=20)
    everything = {
        step.code: date(2026, 12, 19)
        for step in election.steps.exclude(stage__in=("vote", "after")).exclude(code="audit_published")
    }
    mark_done(
        election,
        everything | {"boxes_sealed": date(2026, 12, 20), "secret_place_ready": date(2026, 12, 20)},
        county.township_official,
    )
    with pytest.raises(ValidationError, match="请先办理并登记“公布财务清理审计（任期经济责任审计）结果”"):
        record_step(
            step=step_of(election, "vote_held"),
            done_on=date(2026, 12, 20),
            remark="",
            actor=county.committee_member,
            at=at,
        )

    follow_step(
        election=election,
        code="audit_published",
        done_on=date(2026, 12, 10),
        actor=county.township_official,
        at=at,
    )
    vote = record_step(
        step=step_of(election, "vote_held"),
        done_on=date(2026, 12, 20),
        remark="",
        actor=county.committee_member,
        at=at,
    )
    assert vote.done_on == date(2026, 12, 20)


@pytest.mark.parametrize(("day", "late"), [(30, False), (31, True)])
def test_the_voter_list_is_published_twenty_days_before(county, day, late) -> None:
    """Art. 14: at least twenty days before election day, the day itself not counted."""
    published = date(2026, 11, 30) if day == 30 else date(2026, 12, 1)
    record(county.election, county.committee_member, {**UP_TO_THE_LIST, "voter_list_published": published})

    assert step_of(county.election, "voter_list_published").done_late is late


@pytest.mark.parametrize("who", ["county_reviewer", "court", "administrator"])
def test_who_only_reads_cannot_record(client, county, who) -> None:
    assert send(client, county, "seats_decided", who=who).status_code == 403
    assert step_of(county.election, "seats_decided").done_on is None


def test_outsiders_find_nothing(client, county, neighbour) -> None:
    for user in (neighbour.committee_member, neighbour.township_official, county.other_township_official):
        response = log_in(client, user).post(
            address(county.election, "seats_decided"), {"done_on": "2026-11-30"}
        )
        assert response.status_code == 404


def test_without_logging_in(client, county) -> None:
    assert client.post(address(county.election, "seats_decided")).status_code == 302
    assert step_of(county.election, "seats_decided").done_on is None


def test_wrong_verb_and_bad_id(client, county) -> None:
    log_in(client, county.committee_member)

    assert client.get(address(county.election, "seats_decided")).status_code == 405
    assert client.post("/elections/steps/987654321/record/", {}).status_code == 404


@pytest.mark.parametrize("headers", [None, HTMX])
def test_nothing_is_recorded_in_a_past_term(client, county, headers) -> None:
    end_term(county)

    response = send(client, county, "seats_decided", headers=headers)

    page = response.content.decode()
    assert response.status_code == 200
    assert "这是往届的选举，只能查看，不能再改。" in page
    assert "/record/" not in page
    assert step_of(county.election, "seats_decided").done_on is None


@pytest.mark.parametrize(("who", "status"), [("committee_member", 404), ("township_official", 200)])
def test_a_committee_finds_no_step_about_the_plan(client, county, who, status) -> None:
    assert send(client, county, "plan_approved", who=who).status_code == status
    with pytest.raises(PermissionDenied):
        record_step(
            step=step_of(county.election, "plan_approved"),
            done_on=date(2026, 11, 30),
            remark="",
            actor=county.committee_member,
            at=NOW,
        )


def test_a_plan_approved_late_holds_up_no_vote(county) -> None:
    """A refusal that named the plan would tell the committee how the village is rated."""
    election, at = county.election, NOW.replace(day=25)
    before = election.steps.exclude(stage__in=("vote", "after"))
    everything = {step.code: date(2026, 12, 19) for step in before}
    election_day = dict.fromkeys(("boxes_sealed", "secret_place_ready"), date(2026, 12, 20))
    late = {"plan_approved": date(2026, 12, 24)}
    mark_done(election, everything | election_day | late, county.township_official)

    vote = record_step(
        step=step_of(election, "vote_held"),
        done_on=date(2026, 12, 20),
        remark="",
        actor=county.committee_member,
        at=at,
    )

    assert vote.done_on == date(2026, 12, 20)


@pytest.mark.parametrize("act", ["record", "undo"])
def test_every_act_takes_its_turn_before_it_reads(county, act) -> None:
    if act == "undo":
        record(county.election, county.committee_member, {"seats_decided": date(2026, 11, 5)})
    step = step_of(county.election, "seats_decided")
    who = {"step": step, "actor": county.committee_member, "at": NOW}

    with CaptureQueriesContext(connection) as queries:
        if act == "undo":
            undo_step(reason="日期登记错了", **who)
        else:
            record_step(done_on=date(2026, 11, 5), remark="", **who)

    said = [one["sql"] for one in queries if not one["sql"].startswith("SAVEPOINT")]
    turn = next(number for number, sql in enumerate(said) if '"journal_chain"' in sql)
    # Only the step, to know the place: nothing is decided on what was read before.
    assert turn == 1
    assert any('FROM "ballots_step"' in sql for sql in said[turn:])


@pytest.mark.parametrize(("day", "closed"), [(4, False), (5, True), (6, True)])
def test_objections_are_open_for_five_whole_days(county, day, closed) -> None:
    """Art. 14: five days from publication on 30 November; the last one, 5 December, belongs to them."""
    record(county.election, county.committee_member, UP_TO_THE_LIST)
    on, at = date(2026, 12, day), NOW.replace(day=day)
    step = step_of(county.election, "objections_closed")
    act = {"step": step, "done_on": on, "remark": "", "actor": county.committee_member, "at": at}

    if closed:
        assert record_step(**act).done_on == on
    else:
        with pytest.raises(ValidationError, match="须等期限届满：最早在期限最后一天2026年12月5日办理"):
            record_step(**act)


@pytest.mark.parametrize(
    ("code", "who", "recorded"),
    [
        ("survey_done", "township_official", True),
        ("survey_done", "committee_member", False),
        ("seats_decided", "committee_member", True),
        ("seats_decided", "township_official", True),
    ],
)
def test_a_step_is_recorded_by_the_offices_its_rulebook_names(client, county, code, who, recorded) -> None:
    response = send(client, county, code, who=who, done_on="2026-11-05")

    assert (step_of(county.election, code).done_on is not None) is recorded
    if not recorded:
        assert "这一步由乡镇登记。" in response.content.decode()


def test_a_step_left_to_the_county_is_the_countys(client, county, monkeypatch) -> None:
    """A rulebook may name the county alone; then the township records what the county decides no more."""
    law = course_of(county.election)
    steps = dict(law.steps)
    steps["seats_decided"] = replace(steps["seats_decided"], recorded_by=("county",))
    monkeypatch.setattr("ballots.offices.course_of", lambda election: replace(law, steps=steps))

    refused = send(client, county, "seats_decided", who="township_official", done_on="2026-11-05")
    assert "这一步由县级登记。" in refused.content.decode()
    assert step_of(county.election, "seats_decided").done_on is None

    send(client, county, "seats_decided", who="county_reviewer", done_on="2026-11-05")
    assert step_of(county.election, "seats_decided").done_on == date(2026, 11, 5)


def test_an_open_violation_keeps_its_step_open(client, county) -> None:
    step = step_of(county.election, "seats_decided")
    violation = record_violation(
        step=step,
        what="会议到会不足半数。",
        found_on=date(2026, 12, 1),
        stopped_by="镇包村干部",
        actor=county.township_official,
        at=NOW,
    )
    page = send(client, county, "seats_decided", done_on="2026-11-05").content.decode()
    assert "“确定村民委员会职数”有尚未纠正的违规：会议到会不足半数。请先登记纠正，再登记这一步。" in page
    assert step_of(county.election, "seats_decided").done_on is None

    correct_violation(
        violation=violation,
        correction="另行召开会议",
        corrected_on=date(2026, 12, 1),
        voids="nothing",
        actor=county.township_official,
        at=NOW,
    )
    send(client, county, "seats_decided", done_on="2026-11-05")
    assert step_of(county.election, "seats_decided").done_on == date(2026, 11, 5)


def test_an_open_violation_keeps_a_followed_step_open_too(county) -> None:
    """The audit: what is known to be wrong is put right before the records close the step."""
    record_violation(
        step=step_of(county.election, "audit_published"),
        what="审计结果未张贴",
        found_on=date(2026, 12, 1),
        stopped_by="镇农经站",
        actor=county.township_official,
        at=NOW,
    )
    with pytest.raises(ValidationError, match="审计结果未张贴"):
        follow_step(
            election=county.election,
            code="audit_published",
            done_on=date(2026, 12, 1),
            actor=county.township_official,
            at=NOW,
        )


@pytest.mark.parametrize("kept_by", ["violation", "evidence", "nothing"])
def test_a_step_of_a_mode_given_up_goes_unless_something_is_kept_of_it(county, kept_by) -> None:
    """What went wrong, or was photographed, in the first mode is no less true in the second."""
    change_mode(county, "self_nominated")
    step = step_of(county.election, "self_nomination_closed")
    if kept_by == "violation":
        record_violation(
            step=step,
            what="逾期收件",
            found_on=date(2026, 12, 1),
            stopped_by="镇包村干部",
            actor=county.township_official,
            at=NOW,
        )
    elif kept_by == "evidence":
        mark_done(county.election, {step.code: date(2026, 11, 30)}, county.committee_member)
        attach(kind="step", subject=step, file=make_photo(), actor=county.committee_member, at=NOW)
        county.election.steps.filter(code=step.code).update(done_on=None)

    change_mode(county, "nominated")

    kept = county.election.steps.filter(code="self_nomination_closed").first()
    if kept_by == "nothing":
        assert kept is None
        return
    assert (kept.latest, kept.if_needed) == (None, True)
    with pytest.raises(ValidationError, match="现在的选举方式没有这一步"):
        record_step(
            step=kept,
            done_on=date(2026, 11, 30),
            remark="",
            actor=county.committee_member,
            at=NOW,
        )
    change_mode(county, "self_nominated")
    kept.refresh_from_db()
    assert (kept.latest, kept.if_needed) == (date(2026, 12, 10), False)


def change_mode(county, mode: str) -> None:
    set_election_day(
        election=county.election,
        election_day=ELECTION_DAY,
        mode=mode,
        seats=SEATS,
        actor=county.township_official,
        at=NOW,
    )
