"""The legal dates of an election, and the order of its steps."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballots.law import schedule_law
from ballots.management.commands.plan_schedule import Command
from ballots.rules.schedule import ScheduleError, plan, unmet
from election_admin.rulebooks.procedures import load_procedure, procedure_ids
from tests.ballots.asking import ask, differences, scenarios

DAY = date(2026, 12, 20)
ZHEJIANG = schedule_law(load_procedure("zhejiang-2020").general)
BEIJING = schedule_law(load_procedure("beijing-2012").general)
ON_THE_DAY = (
    "boxes_sealed",
    "secret_place_ready",
    "vote_held",
    "boxes_opened_publicly",
    "count_done",
    "ballots_sealed",
)


def planned(law=ZHEJIANG, mode="nominated", today=None, **actual):
    days = {code: DAY + timedelta(days=offset) for code, offset in actual.items()}
    return plan(law, election_day=DAY, mode=mode, actual=days, today=today)


def codes(schedule):
    return [(violation.step, violation.code) for violation in schedule.violations]


@pytest.mark.parametrize("scenario", scenarios("schedule"), ids=lambda s: s["name"])
def test_scenarios(scenario):
    assert differences(scenario["expect"], ask(Command(), scenario["case"])) == []


@pytest.mark.parametrize("rulebook", procedure_ids())
@pytest.mark.parametrize("step", ON_THE_DAY)
def test_the_vote_and_the_count_are_on_the_day(rulebook, step):
    """Organic Law art. 15: public count, on the spot."""
    dates = planned(schedule_law(load_procedure(rulebook).general)).steps[step]
    assert (dates.earliest, dates.latest) == (DAY, DAY)


def test_the_day_of_the_event_is_not_counted():
    """Organic Law art. 14: at least 20 days before election day is no later than D−20."""
    assert planned(voter_list_published=-20).steps["voter_list_published"].state == "done"
    assert planned(voter_list_published=-19).steps["voter_list_published"].state == "late"


def test_objections_run_from_the_real_publication():
    """Organic Law art. 14: five days from publication, three days to decide."""
    steps = planned(voter_list_published=-25).steps
    assert steps["objections_closed"].latest == DAY - timedelta(days=20)
    assert steps["objections_decided"].latest == DAY - timedelta(days=17)
    assert steps["objections_closed"].latest_reason.base_is_actual
    again = planned(voter_list_published=-25, objections_closed=-22).steps
    assert again["objections_decided"].latest == DAY - timedelta(days=19)


def test_a_postponed_vote_moves_no_other_date():
    schedule = planned(vote_held=1)
    assert schedule.steps["handover_done"].latest == DAY + timedelta(days=10)
    assert codes(schedule) == [("vote_held", "late")]


def test_a_result_before_the_vote_is_early():
    schedule = planned(result_announced=-1)
    assert schedule.steps["result_announced"].state == "done"
    assert codes(schedule) == [("result_announced", "early")]


def test_today_makes_overdue():
    on_time, after = DAY - timedelta(days=20), DAY - timedelta(days=19)
    assert planned(today=on_time).steps["voter_list_published"].state == "due"
    assert planned(today=after).steps["voter_list_published"].state == "overdue"
    assert planned().steps["voter_list_published"].state == "due"


def test_a_step_before_one_it_depends_on():
    assert codes(planned(joint_review_done=-6, final_list_published=-8)) == [
        ("final_list_published", "before_its_turn")
    ]
    assert codes(planned(joint_review_done=-6, final_list_published=-6)) == []


def test_order_is_seen_through_steps_not_recorded():
    schedule = planned(registration_notice=-20, voter_list_published=-25)
    assert codes(schedule) == [("voter_list_published", "before_its_turn")]
    assert schedule.violations[0].steps == ("registration_notice",)


def test_order_is_seen_through_steps_of_another_mode():
    schedule = planned(nomination_notice=-14, nominations_done=-15)
    assert codes(schedule) == [("nominations_done", "before_its_turn")]


def test_what_is_not_recorded_is_no_violation():
    assert codes(planned(final_list_published=-5)) == []


def test_violations_of_one_step_come_in_order():
    schedule = planned(vote_held=1, count_done=-1, boxes_opened_publicly=2)
    assert codes(schedule) == [
        ("vote_held", "late"),
        ("boxes_opened_publicly", "late"),
        ("count_done", "early"),
        ("count_done", "before_its_turn"),
    ]


def test_self_nomination_is_no_step_of_a_nominated_election():
    """Zhejiang art. 20."""
    assert planned().steps["self_nomination_closed"].state == "not_applicable"
    with pytest.raises(ScheduleError, match="no step of an election nominated"):
        planned(self_nomination_closed=-11)
    assert planned(mode="self_nominated", self_nomination_closed=-11).violations == ()


def test_beijing_knows_no_self_nomination():
    assert planned(BEIJING).mode_allowed
    assert not planned(BEIJING, mode="self_nominated").mode_allowed


def follow_up(occasion, day, occasion_day, rulebook="zhejiang-2020", **actual):
    course = load_procedure(rulebook).course("villagers_committee", occasion, "nominated")
    law = schedule_law(course)
    return plan(law, election_day=day, occasion_day=occasion_day, mode="nominated", actual=actual)


def test_a_further_election_may_be_the_same_day_or_thirty_days_later():
    """Zhejiang art. 29; the day of the first vote is not counted."""
    assert codes(follow_up("further", DAY, DAY, vote_held=DAY)) == []
    last = DAY + timedelta(days=30)
    assert codes(follow_up("further", last, DAY, vote_held=last)) == []
    beyond = last + timedelta(days=1)
    assert codes(follow_up("further", beyond, DAY, vote_held=beyond)) == [("vote_held", "late")]


def test_a_vote_that_follows_nothing_has_no_time_running():
    """Without the day it comes from, only what counts from election day is dated."""
    steps = follow_up("further", DAY, None).steps
    assert (steps["vote_held"].earliest, steps["vote_held"].latest) == (DAY, None)
    assert steps["seats_left_announced"].earliest is None


def test_a_recall_nobody_votes_on_passes_to_the_township():
    """Zhejiang art. 35: thirty days for the villagers' committee, then sixty for the township."""
    steps = follow_up("recall", DAY, date(2026, 12, 1)).steps
    assert steps["vote_held"].latest == date(2026, 12, 31)
    assert steps["township_steps_in"].latest == date(2027, 3, 1)


def test_nothing_comes_before_what_it_comes_from():
    """A step dated before the first vote, the demand or the vacancy is an error of the record."""
    early = DAY - timedelta(days=1)
    assert codes(follow_up("further", DAY, DAY, seats_left_announced=early)) == [
        ("seats_left_announced", "early")
    ]
    assert codes(follow_up("recall", DAY, DAY, demand_received=early)) == [("demand_received", "early")]
    assert codes(follow_up("by_election", DAY, DAY, vacancy_announced=early)) == [
        ("vacancy_announced", "early")
    ]


def test_unmet_steps_are_told_in_order():
    step = "ballots_printed"
    assert unmet(ZHEJIANG, step=step, mode="nominated", actual={}) == (
        "final_list_published",
        "withdrawals_closed",
    )
    recorded = {"final_list_published": DAY, "withdrawals_closed": DAY}
    assert unmet(ZHEJIANG, step=step, mode="nominated", actual=recorded) == ()
    # In Beijing nobody need withdraw, yet the list must stand.
    assert unmet(BEIJING, step=step, mode="nominated", actual={}) == ("final_list_published",)


def test_unmet_sees_behind_a_step_only_done_if_needed():
    """A village without a plan still needs its survey; one without roving boxes its roll."""
    missing = unmet(ZHEJIANG, step="vote_held", mode="nominated", actual={})
    assert "plan_approved" not in missing
    assert {"survey_done", "registration_done", "audit_published"} <= set(missing)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 400), st.sampled_from(procedure_ids()))
def test_dates_move_with_the_day(day, later, rulebook):
    law = schedule_law(load_procedure(rulebook).general)
    one = plan(law, election_day=day, mode="nominated", actual={})
    other = plan(law, election_day=day + timedelta(days=later), mode="nominated", actual={})
    for code, dates in one.steps.items():
        for end in ("earliest", "latest"):
            before, after = getattr(dates, end), getattr(other.steps[code], end)
            assert (before is None) == (after is None)
            if before is not None:
                assert after - before == timedelta(days=later)


@given(st.dictionaries(st.sampled_from(sorted(ZHEJIANG.by_code())), st.integers(-60, 60)))
def test_any_recorded_dates_are_judged(offsets):
    offsets.pop("self_nomination_closed", None)
    schedule = planned(**offsets)
    assert all(violation.step in offsets for violation in schedule.violations)
    late = {step for step, code in codes(schedule) if code == "late"}
    assert late == {code for code, dates in schedule.steps.items() if dates.state == "late"}


CASE = {"rulebook": "zhejiang-2020", "election_day": "2026-12-20", "mode": "nominated"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"rulebook": "atlantis"}, "rulebook: "),
        ({"rulebook": ""}, "rulebook: "),
        ({"election_day": "2026-02-30"}, "election_day: there is no day 2026-02-30"),
        ({"election_day": "20261220"}, "election_day: "),
        ({"election_day": "1767225600"}, "election_day: "),
        ({"election_day": 5}, "election_day: "),
        ({"election_day": "0001-01-01"}, "election_day: has legal dates outside the calendar"),
        ({"election_day": "9999-12-31"}, "election_day: has legal dates outside the calendar"),
        ({"mode": "lottery"}, "mode: "),
        ({"actual": {"coronation": "2026-12-20"}}, "actual.coronation: "),
        ({"actual": {"self_nomination_closed": "2026-12-01"}}, "actual.self_nomination_closed: "),
        ({"actual": {"vote_held": "yesterday"}}, "actual.vote_held: "),
        ({"actual": {"voter_list_published": "9999-12-31"}}, "actual.voter_list_published: has legal"),
        ({"today": "now"}, "today: "),
        ({"tomorrow": "2026-12-21"}, "tomorrow: "),
    ],
)
def test_a_case_that_cannot_be_read_names_its_key(change, told):
    assert ask(Command(), {**CASE, **change}).startswith(told)


@pytest.mark.parametrize("key", CASE)
def test_every_key_is_needed(key):
    case = {k: v for k, v in CASE.items() if k != key}
    assert ask(Command(), case) == f"{key}: is missing"
