"""The earliest lawful election day, and what a moved day makes late."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballots.law import schedule_law
from ballots.rules.outlook import earliest_lawful_day, made_late
from ballots.rules.schedule import DeadlineLaw, ScheduleLaw, StepLaw, plan
from election_admin.rulebooks.procedures import load_procedure, procedure_ids

TODAY = date(2026, 12, 1)
ZHEJIANG = schedule_law(load_procedure("zhejiang-2020").general)
COURSES = {
    (rulebook, code, mode): schedule_law(course)
    for rulebook in procedure_ids()
    for code, course in load_procedure(rulebook).all_courses().items()
    for mode in course.modes
}
# Enough of the procedure, in order, for the list to have been published.
BEFORE_THE_LIST = ("seats_decided", "election_committee_chosen", "registration_notice", "registration_done")


def law_of(rulebook, body="villagers_committee", occasion="general", mode="nominated"):
    return schedule_law(load_procedure(rulebook).course(body, occasion, mode))


def outlook(law=ZHEJIANG, *, mode="nominated", today=TODAY, done=None, **more):
    return earliest_lawful_day(law, mode=mode, actual=done or {}, today=today, **more)


def done_up_to_list(list_published, *more):
    days = dict.fromkeys(BEFORE_THE_LIST, date(2026, 11, 1))
    return {**days, "voter_list_published": list_published, **dict(more)}


@pytest.mark.parametrize(
    ("rulebook", "mode", "days"),
    [
        # Organic Law art. 14: the list at least 20 days before; published today.
        ("national-2018", "nominated", 20),
        # Zhejiang art. 14, 20 days; its 10 days for self-nominees (art. 20) are fewer.
        ("zhejiang-2020", "nominated", 20),
        ("zhejiang-2020", "self_nominated", 20),
        # Beijing art. 15, Shanghai art. 10: 20 days.
        ("beijing-2012", "nominated", 20),
        ("shanghai-2020", "nominated", 20),
    ],
)
def test_from_nothing_it_is_the_voter_list_that_holds(rulebook, mode, days) -> None:
    found = outlook(law_of(rulebook, mode=mode), mode=mode)

    assert found.day == TODAY + timedelta(days=days)
    assert [(link.step, link.bond) for link in found.chain] == [
        ("voter_list_published", "today"),
        ("election_day", "latest"),
    ]
    last = found.chain[-1]
    assert (last.base, last.base_day, last.days) == ("voter_list_published", TODAY, -20)


@pytest.mark.parametrize(
    ("published", "today", "day", "held_by"),
    [
        # Published on 20 November, D-20: not before 10 December (art. 14).
        (date(2026, 11, 20), date(2026, 11, 24), date(2026, 12, 10), "voter_list_published"),
        # Published on the last of February of a leap year, and of a common one.
        (date(2028, 2, 29), date(2028, 2, 29), date(2028, 3, 20), "voter_list_published"),
        (date(2027, 2, 28), date(2027, 2, 28), date(2027, 3, 20), "voter_list_published"),
        # Over the end of a year.
        (date(2026, 12, 20), date(2026, 12, 20), date(2027, 1, 9), "voter_list_published"),
        # Long published: now the final list of candidates holds, D-5 (Zhejiang art. 18).
        (date(2026, 10, 1), date(2026, 12, 1), date(2026, 12, 6), "final_list_published"),
    ],
)
def test_a_published_list_counts_from_its_real_day(published, today, day, held_by) -> None:
    found = outlook(done=done_up_to_list(published), today=today)

    assert found.day == day
    assert found.chain[-1].base == held_by
    assert found.chain[-1].base_is_actual is (held_by == "voter_list_published")


@pytest.mark.parametrize(
    ("rulebook", "mode", "left", "days"),
    [
        # Zhejiang art. 19: candidates may decline until D-3.
        ("zhejiang-2020", "nominated", ("withdrawals_closed",), 3),
        # Zhejiang art. 25: proxies are asked for until D-3, published before D.
        ("zhejiang-2020", "nominated", ("proxies_closed", "proxies_published"), 3),
        ("zhejiang-2020", "nominated", ("proxies_published",), 1),
        # Zhejiang art. 20: self-nomination until D-10.
        ("zhejiang-2020", "self_nominated", ("self_nomination_closed",), 10),
        # Zhejiang art. 22: place, time and tellers by D-5.
        ("zhejiang-2020", "nominated", ("place_time_tellers_published",), 5),
        # Shanghai art. 16: proxies until D-5, published by D-2.
        ("shanghai-2020", "nominated", ("proxies_closed", "proxies_published"), 5),
        ("shanghai-2020", "nominated", ("proxies_published",), 2),
        # Beijing art. 25: before D.
        ("beijing-2012", "nominated", ("proxies_closed",), 1),
        # Organic Law art. 15: candidates meet villagers before D; art. 35: audits published before D.
        ("national-2018", "nominated", ("candidates_met_villagers",), 1),
        ("national-2018", "nominated", ("audit_published",), 1),
        # Nothing left but the day itself.
        ("national-2018", "nominated", (), 0),
    ],
)
def test_each_step_left_open_holds_by_its_own_days(rulebook, mode, left, days) -> None:
    law = law_of(rulebook, mode=mode)
    of_the_day = {
        code
        for code, step in law.by_code().items()
        if not step.applies_in(mode) or (step.earliest and step.earliest.base == "election_day")
    }
    done = dict.fromkeys(law.by_code().keys() - of_the_day - set(left), date(2026, 10, 1))

    assert outlook(law, mode=mode, done=done).day == TODAY + timedelta(days=days)


def test_objections_keep_their_five_days_whatever_the_hurry() -> None:
    """Organic Law art. 14: nobody's five days are cut short; the vote waits for them."""
    law = ScheduleLaw(
        steps=(
            StepLaw(code="list"),
            StepLaw(
                code="closed",
                depends_on=("list",),
                open_until=DeadlineLaw(base="list", days=5, document="law", article="14"),
            ),
            StepLaw(
                code="vote",
                depends_on=("closed",),
                earliest=DeadlineLaw(base="election_day", days=0, document="law", article="15"),
                latest=DeadlineLaw(base="election_day", days=0, document="law", article="15"),
            ),
        ),
        modes=("nominated",),
    )

    found = outlook(law)

    assert found.day == date(2026, 12, 6)
    assert [link.bond for link in found.chain] == ["today", "open_until", "after", "latest"]
    assert found.soonest == {"list": TODAY, "closed": found.day, "vote": found.day}


def test_what_is_late_already_holds_no_day_up_but_is_said() -> None:
    """Art. 14: objections closed on the 26th, six days after publication; no election day cures that."""
    done = done_up_to_list(date(2026, 11, 20), ("objections_closed", date(2026, 11, 26)))

    found = outlook(done=done, today=date(2026, 11, 27))

    assert found.day == date(2026, 12, 10)
    assert [(one.step, one.code) for one in found.standing] == [("objections_closed", "late")]


def test_a_step_whose_time_has_run_out_is_said_too() -> None:
    found = outlook(done=done_up_to_list(date(2026, 11, 20)), today=date(2026, 12, 1))

    assert found.day == date(2026, 12, 10)
    assert [(one.step, one.code) for one in found.standing] == [("objections_closed", "late")]


def test_a_vote_already_recorded_leaves_no_other_day() -> None:
    found = outlook(done={"vote_held": date(2026, 11, 29)})

    assert found.day is None
    assert (found.limit.base, found.limit.bond, found.limit.day) == (
        "vote_held",
        "earliest",
        date(2026, 11, 29),
    )


@pytest.mark.parametrize(
    ("rulebook", "days"), [("zhejiang-2020", 30), ("beijing-2012", 15), ("shanghai-2020", 30)]
)
@pytest.mark.parametrize("beyond", [0, 1])
def test_a_further_election_within_its_days(rulebook, days, beyond) -> None:
    """Zhejiang art. 29 and Shanghai art. 21: 30 days; Beijing art. 30: 15 days."""
    law = law_of(rulebook, occasion="further")
    steps = law.by_code()
    done = {
        code: date(2026, 12, 2)
        for code, step in steps.items()
        if step.applies_in("nominated")
        and not step.if_needed
        and code != "vote_held"
        and not (step.earliest and step.earliest.base == "election_day")
    }
    today = TODAY + timedelta(days=days + beyond)

    found = outlook(law, done=done, today=today, occasion_day=TODAY)

    assert (found.day is None) is bool(beyond)
    if beyond:
        assert found.limit.bond == "latest"
        assert found.limit.day == TODAY + timedelta(days=days)


def test_a_day_asked_for_is_not_undercut() -> None:
    assert outlook(not_before=date(2027, 1, 31)).day == date(2027, 1, 31)
    assert outlook(not_before=TODAY).day == date(2026, 12, 21)


def test_a_law_that_contradicts_itself_has_no_day() -> None:
    """A county that gives objections three days to close and five to run is told so, not left to wait."""
    five = DeadlineLaw(base="list", days=5, document="law", article="14")
    three = DeadlineLaw(base="list", days=3, document="county", article="1")
    law = ScheduleLaw(
        steps=(StepLaw(code="list"), StepLaw(code="closed", open_until=five, latest=three)),
        modes=("nominated",),
    )

    found = outlook(law)

    assert (found.day, found.limit) == (None, None)
    assert {link.step for link in found.chain} == {"list", "closed"}


# What any state of any course keeps to ----------------------------------------------------


@st.composite
def states(draw):
    """A course in one of its modes, with a lawful beginning of its steps recorded."""
    rulebook, code, mode = draw(st.sampled_from(sorted(COURSES)))
    law = COURSES[rulebook, code, mode]
    today = draw(st.dates(date(2024, 1, 1), date(2032, 12, 31)))
    begun = draw(st.integers(0, 12))
    before_the_vote = [
        step
        for step in law.steps
        if step.applies_in(mode)
        and not step.if_needed
        and not (step.earliest and step.earliest.base == "election_day")
    ]
    offsets = sorted(draw(st.lists(st.integers(-60, 0), min_size=begun, max_size=begun)))
    done = {
        step.code: today + timedelta(days=offset)
        for step, offset in zip(before_the_vote, offsets, strict=False)
    }
    return law, mode, today, done


@given(states(), st.integers(0, 5))
def test_every_open_step_can_be_done_for_the_day_and_not_for_the_day_before(state, ago) -> None:
    """A day that the office calls lawful must leave every step a lawful day, and no sooner one may."""
    law, mode, today, done = state
    occasion = today - timedelta(days=ago)
    found = earliest_lawful_day(law, mode=mode, actual=done, today=today, occasion_day=occasion)
    if found.day is None:
        assert found.limit is not None
        return
    steps = {code for code, step in law.by_code().items() if step.applies_in(mode) and not step.if_needed}
    assert found.soonest.keys() == steps - done.keys()
    assert min(found.soonest.values(), default=today) >= today
    whole = plan(
        law, election_day=found.day, mode=mode, actual={**done, **found.soonest}, occasion_day=occasion
    )
    assert whole.violations == found.standing
    later = plan(
        law,
        election_day=found.day + timedelta(days=40),
        mode=mode,
        actual=done,
        occasion_day=occasion,
    )
    for one in found.standing:
        # What stands in no day's power to cure is no fault of this day.
        if one.step in done:
            assert one.step in {other.step for other in later.violations} or one.code == "before_its_turn"
    if found.day > today:
        sooner = plan(
            law,
            election_day=found.day - timedelta(days=1),
            mode=mode,
            actual={**done, **found.soonest},
            occasion_day=occasion,
        )
        assert set(sooner.violations) > set(found.standing) or found.chain[-1].bond == "earliest"


@given(states(), st.integers(1, 400))
def test_waiting_never_brings_the_day_nearer(state, later) -> None:
    """An office that loses a week cannot gain by it."""
    law, mode, today, done = state
    now = earliest_lawful_day(law, mode=mode, actual=done, today=today)
    then = earliest_lawful_day(law, mode=mode, actual=done, today=today + timedelta(days=later))
    if now.day is not None and then.day is not None:
        assert now.day <= then.day <= now.day + timedelta(days=later)


@given(st.sampled_from(sorted(COURSES)), st.dates(date(2024, 1, 1), date(2032, 12, 31)), st.integers(1, 800))
def test_with_nothing_done_the_day_moves_with_today(key, today, later) -> None:
    """Over leap years, month ends and year ends the number of days stays the same."""
    now = outlook(COURSES[key], mode=key[2], today=today)
    then = outlook(COURSES[key], mode=key[2], today=today + timedelta(days=later))
    assert then.day - now.day == timedelta(days=later)


# What a moved day makes late --------------------------------------------------------------


def moved(before, after, done=None):
    """What moving the election day of a nominated election in Zhejiang makes late."""
    old, new = (
        plan(ZHEJIANG, election_day=day, mode="nominated", actual=done or {}) if day else None
        for day in (before, after)
    )
    return made_late(old, new, TODAY)


def test_a_day_brought_forward_makes_the_list_late() -> None:
    """Zhejiang art. 14: for 20 December the list is due on 30 November, for 25 December on 5 December."""
    late = moved(date(2026, 12, 25), date(2026, 12, 20))

    assert "voter_list_published" in late.overdue
    dates = {(one.step, one.end): (one.before, one.after) for one in late.moved}
    assert dates["voter_list_published", "latest"] == (date(2026, 12, 5), date(2026, 11, 30))
    assert dates["handover_done", "earliest"] == (date(2026, 12, 25), date(2026, 12, 20))


def test_a_recorded_step_that_the_new_day_makes_unlawful() -> None:
    """Zhejiang art. 14: published on 30 November, lawful for 20 December, late for the 19th."""
    done = {"voter_list_published": date(2026, 11, 30)}

    late = moved(date(2026, 12, 20), date(2026, 12, 19), done)

    assert [(one.step, one.code) for one in late.violations] == [("voter_list_published", "late")]
    assert "voter_list_published" not in late.overdue
    assert "voter_list_published" not in {one.step for one in late.moved}


def test_what_was_late_before_is_not_blamed_on_the_new_day() -> None:
    done = {"voter_list_published": date(2026, 12, 1)}

    late = moved(date(2026, 12, 10), date(2026, 12, 11), done)

    assert late.violations == ()
    assert late.overdue == ()


def test_a_later_day_makes_nothing_late() -> None:
    late = moved(date(2026, 12, 25), date(2026, 12, 28))

    assert (late.overdue, late.violations) == ((), ())
    assert all(one.after - one.before == timedelta(days=3) for one in late.moved)


def test_the_same_day_moves_nothing() -> None:
    late = moved(date(2026, 12, 25), date(2026, 12, 25))

    assert (late.overdue, late.violations, late.moved) == ((), (), ())


def test_a_first_day_sets_every_date() -> None:
    late = moved(None, date(2026, 12, 15))

    assert "voter_list_published" in late.overdue
    assert all(one.before is None for one in late.moved)
