"""Election days that fit: no team in two villages a day, every day lawful, the load even."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ballots.rules.planner import (
    Bound,
    Clash,
    Engagement,
    Wanted,
    Wishes,
    clashes,
    crowded_out,
    plan_days,
)

MONDAY = date(2026, 12, 14)
A, B = 1, 2


def day(offset):
    return MONDAY + timedelta(days=offset)


def wants(election, first=0, last=20, *, village=None, law=None, **more):
    """An election that may be held from one day of the window to another."""
    lawful = Bound(code="law", day=day(first if law is None else law))
    return Wanted(
        election=election,
        village=election if village is None else village,
        not_before=(lawful, Bound(code="window", day=day(first))),
        not_after=(Bound(code="window", day=day(last)),),
        **more,
    )


def engaged(election, offset, team=None, *, village=None):
    return Engagement(
        election=election, village=election if village is None else village, day=day(offset), team=team
    )


def planned(wanted, engagements=(), teams=(A, B), **wishes):
    return plan_days(wanted, engagements=list(engagements), teams=list(teams), wishes=Wishes(**wishes))


def days_of(plan):
    return {one.election: one.day for one in plan.proposals}


# Clashes ----------------------------------------------------------------------------------


def test_one_team_in_two_villages_is_a_clash() -> None:
    found = clashes([engaged(1, 0, A), engaged(2, 0, A), engaged(3, 1, A)], 2)

    assert found == (Clash(day=day(0), team=A, elections=(1, 2)),)


def test_what_one_teams_clash_says_is_not_said_again() -> None:
    assert clashes([engaged(1, 0, A), engaged(2, 0, A)], 1) == (Clash(day=day(0), team=A, elections=(1, 2)),)


def test_two_elections_of_one_village_are_none() -> None:
    assert clashes([engaged(1, 0, A, village=7), engaged(2, 0, A, village=7)], 1) == ()


def test_more_villages_than_teams_is_a_clash() -> None:
    three = [engaged(1, 0, A), engaged(2, 0), engaged(3, 0)]

    assert clashes(three, 2) == (Clash(day=day(0), team=None, elections=(1, 2, 3)),)
    assert clashes(three, 3) == ()
    assert clashes(three, 0) == ()


def test_who_comes_first_keeps_the_day() -> None:
    assert crowded_out([engaged(1, 0, A), engaged(2, 0, A)], 2) == (2,)
    assert crowded_out([engaged(2, 0, A), engaged(1, 0, A)], 2) == (1,)
    assert crowded_out([engaged(1, 0), engaged(2, 0), engaged(3, 0)], 2) == (3,)


# Proposals --------------------------------------------------------------------------------


def test_the_party_branch_comes_before_the_committee() -> None:
    pair = [wants(1, village=7, after=2), wants(2, village=7)]

    found = days_of(planned(pair, teams=(A,)))

    assert found[2] < found[1]


def test_the_party_branch_leaves_the_committee_a_day() -> None:
    """Each alone could have the last day; the Party branch has to do without it."""
    found = days_of(planned([wants(1, 0, 1, village=7, after=2), wants(2, 0, 1, village=7)], teams=(A,)))

    assert found == {2: day(0), 1: day(1)}


def test_elections_stand_apart_where_there_is_room() -> None:
    found = days_of(planned([wants(number) for number in range(4)], teams=(A,)))

    assert sorted(found.values()) == [day(0), day(6), day(12), day(18)]


def test_one_a_day_before_two_a_day() -> None:
    found = days_of(planned([wants(number, 0, 3) for number in range(4)]))

    assert Counter(found.values()) == {day(offset): 1 for offset in range(4)}


def test_only_weekends_and_never_on_the_days_avoided() -> None:
    saturday, sunday = day(5), day(6)

    found = days_of(planned([wants(1, 0, 8)], weekends_only=True, avoid=frozenset({saturday})))

    assert found == {1: sunday}


def test_a_clash_is_settled_by_another_team_on_the_same_day() -> None:
    """A day already announced is not moved while somebody else can go."""
    found = planned([wants(2, day=day(3), team=A)], [engaged(1, 3, A)])

    assert [(one.day, one.team) for one in found.proposals] == [(day(3), B)]


def test_a_clash_without_another_team_moves_the_day() -> None:
    found = planned([wants(2, day=day(3), team=A)], [engaged(1, 3, A)], teams=(A,))

    assert [(one.day, one.team) for one in found.proposals] == [(day(0), A)]


def test_a_day_kept_need_not_leave_the_margin() -> None:
    wanted = wants(2, 3, day=day(3), team=A, rather_from=Bound(code="margin", day=day(6)))

    assert days_of(planned([wanted], [engaged(1, 3, A)])) == {2: day(3)}
    assert days_of(planned([wanted], [engaged(1, 3, A)], teams=(A,))) == {2: day(6)}


def test_a_village_keeps_the_team_that_knows_it() -> None:
    found = planned([wants(1, 4, 4, village=7)], [engaged(2, 0, B, village=7), engaged(3, 1, B)])

    assert [one.team for one in found.proposals] == [B]


def test_a_township_without_teams_gets_days_only() -> None:
    found = planned([wants(1), wants(2)], teams=())

    assert [one.team for one in found.proposals] == [None, None]
    assert len(set(days_of(found).values())) == 2


# Why none fits ----------------------------------------------------------------------------


def test_a_window_that_closes_before_the_first_lawful_day() -> None:
    found = planned([wants(1, 0, 5, law=6)])

    (misfit,) = found.misfits
    assert (misfit.code, misfit.first.code, misfit.first.day) == ("too_late", "law", day(6))
    assert (misfit.last.code, misfit.last.day) == ("window", day(5))


def test_no_day_of_the_kind_wished_for() -> None:
    (misfit,) = planned([wants(1, 0, 4)], weekends_only=True).misfits

    assert misfit.code == "no_day"


def test_every_team_is_elsewhere() -> None:
    (misfit,) = planned([wants(1, 0, 0)], [engaged(2, 0, A), engaged(3, 0)]).misfits

    assert misfit.code == "no_team"


def test_who_waits_for_one_without_a_day_has_none() -> None:
    found = planned([wants(1, village=7, after=2), wants(2, 0, 5, law=9, village=7)])

    assert {one.election: one.code for one in found.misfits} == {1: "waits", 2: "too_late"}


# What every plan keeps to -----------------------------------------------------------------


@st.composite
def townships(draw):
    teams = draw(st.lists(st.integers(1, 4), unique=True, max_size=4))
    wanted = []
    for village in range(draw(st.integers(0, 12))):
        first = draw(st.integers(0, 20))
        last = draw(st.integers(first - 3, 25))
        now = draw(st.one_of(st.none(), st.integers(0, 25)))
        wanted.append(
            wants(
                2 * village,
                first,
                last,
                village=village,
                day=None if now is None else day(now),
                team=draw(st.sampled_from([None, *teams])),
            )
        )
        if draw(st.booleans()):
            wanted.append(wants(2 * village + 1, first, last + 1, village=village, after=2 * village))
    fixed = [
        engaged(100 + number, offset, team)
        for number, (offset, team) in enumerate(
            draw(
                st.lists(
                    st.tuples(st.integers(0, 25), st.sampled_from([None, *teams])),
                    max_size=8,
                    unique=True,
                )
            )
        )
    ]
    out = set(crowded_out(fixed, len(teams)))
    fixed = [one for one in fixed if one.election not in out]
    wishes = {
        "weekends_only": draw(st.booleans()),
        "avoid": frozenset(map(day, draw(st.lists(st.integers(0, 25), max_size=4)))),
    }
    return wanted, fixed, teams, wishes


@given(townships())
def test_every_proposal_is_lawful_and_no_team_is_in_two_villages(township) -> None:
    """What the office proposes, an official may apply unread: it must hold."""
    wanted, fixed, teams, wishes = township
    found = planned(wanted, fixed, teams, **wishes)
    by_election = {one.election: one for one in wanted}
    days = days_of(found)

    assert sorted([*days, *(one.election for one in found.misfits)]) == sorted(by_election)
    for one in found.proposals:
        asked = by_election[one.election]
        assert asked.first.day <= one.day <= asked.last.day
        assert Wishes(**wishes).allow(one.day)
        assert (one.team in teams) if teams else one.team is None
        if asked.after is not None:
            assert days[asked.after] < one.day
    together = [
        Engagement(
            election=one.election, village=by_election[one.election].village, day=one.day, team=one.team
        )
        for one in found.proposals
    ]
    assert clashes([*fixed, *together], len(teams)) == ()
    assert planned(wanted, fixed, teams, **wishes) == found


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=10))
def test_an_empty_window_gets_nothing_and_a_wide_one_everything(spans) -> None:
    wanted = [wants(number, *span) for number, span in enumerate(spans)]
    found = planned(wanted, teams=range(1, 11))

    assert days_of(found).keys() == {number for number, (first, last) in enumerate(spans) if first <= last}


def test_forty_villages_are_planned_at_once() -> None:
    wanted = []
    for village in range(40):
        wanted.append(wants(2 * village, 0, 40, village=village))
        wanted.append(wants(2 * village + 1, 0, 40, village=village, after=2 * village))

    found = planned(wanted, teams=(1, 2, 3))

    assert len(found.proposals) == 80
    assert max(Counter(days_of(found).values()).values()) == 2
