"""Who is on the final list: the law's count, and nobody's choice (Organic Law arts. 11 and 15)."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidates.rules.final_list import (
    Fault,
    FaultCode,
    Hindrance,
    Person,
    Post,
    Settlement,
    in_order,
    settle,
)

CHAIR = Post(code="chair", seats=1, least=1, most=1)
MEMBERS = Post(code="member", seats=2, least=1, most=3)


def people(*votes: int | None, post: str = "chair") -> list[Person]:
    """People numbered from 1, with these votes, whose keys are in the order of their numbers."""
    return [Person(id=number, post=post, key=(number,), votes=one) for number, one in enumerate(votes, 1)]


def settled(post: Post, rows: list[Person], *, by_votes: bool = True) -> Settlement:
    return settle([post], rows, by_votes=by_votes)


def faults(outcome: Settlement) -> list[Any]:
    return [(one.code.value, one.people) for one in outcome.faults]


@pytest.mark.parametrize(
    ("post", "votes", "listed", "not_listed"),
    [
        # Shanghai art. 12: one more than the chair's seat. The two with the most votes.
        (CHAIR, (30, 20), (1, 2), ()),
        (CHAIR, (10, 30, 20), (2, 3), (1,)),
        # Members: one to three more.
        (MEMBERS, (9, 8, 7), (1, 2, 3), ()),
        (MEMBERS, (5, 9, 8, 7, 6, 4), (2, 3, 4, 5, 1), (6,)),
        # Equal votes below the line or above it settle nothing: the key orders them.
        (CHAIR, (30, 20, 5, 5), (1, 2), (3, 4)),
        (MEMBERS, (9, 9, 7, 6, 5, 1), (1, 2, 3, 4, 5), (6,)),
        # Zhejiang and the national law: more than seats, and no upper end.
        (replace(CHAIR, most=None), (1, 3, 2, None, 4), (5, 2, 3, 1, 4), ()),
        # Nobody has votes and nobody needs any.
        (CHAIR, (None, None), (1, 2), ()),
    ],
)
def test_the_list_of_a_post(post, votes, listed, not_listed) -> None:
    outcome = settled(post, people(*votes, post=post.code))

    assert (outcome.listed, outcome.not_listed, outcome.faults) == (listed, not_listed, ())


def test_too_few_candidates() -> None:
    """Art. 15: more candidates than seats. As many as seats is no election."""
    outcome = settled(CHAIR, people(30))

    assert outcome.faults == (Fault(code=FaultCode.TOO_FEW, post=CHAIR, standing=1, people=(1,)),)
    assert faults(settled(MEMBERS, people(3, 2, post="member"))) == [("too_few", (1, 2))]


def test_a_tie_across_the_line_names_all_and_picks_nobody() -> None:
    """Art. 11: nobody picks. Equal votes at the line are voted on again, between all of them."""
    outcome = settled(CHAIR, people(30, 20, 20, 20, 5))

    assert (outcome.listed, outcome.posts[0].undecided, outcome.not_listed) == ((1,), (2, 3, 4), (5,))
    assert outcome.faults == (Fault(code=FaultCode.TIE, post=CHAIR, standing=5, people=(2, 3, 4), places=1),)


def test_a_tie_of_nobodys_votes() -> None:
    outcome = settled(CHAIR, people(0, 0, 0))

    assert (outcome.listed, faults(outcome)) == ((), [("tie", (1, 2, 3))])


@pytest.mark.parametrize(("votes", "silent"), [((30, 20, None), (3,)), ((None, None, None), (1, 2, 3))])
def test_more_than_the_law_allows_without_votes(votes, silent) -> None:
    """How many signed for somebody is no vote: who was recommended or came forward would lose by it."""
    outcome = settled(CHAIR, people(*votes))

    assert (outcome.listed, outcome.not_listed, faults(outcome)) == ((), (), [("votes_missing", silent)])


def test_more_than_the_law_allows_where_no_order_is_set() -> None:
    outcome = settled(CHAIR, people(3, 2, 1), by_votes=False)

    assert (outcome.listed, faults(outcome)) == ((), [("no_order", (1, 2, 3))])


def test_self_nominees_are_all_listed_by_their_keys() -> None:
    """Zhejiang arts. 20 and 21: no surplus is asked for, and votes order nobody."""
    post = Post(code="chair", seats=1, least=None)
    rows = [
        Person(id=1, post="chair", key=(9,), votes=99),
        Person(id=2, post="chair", key=(3,)),
        Person(id=3, post="chair", key=(5,)),
    ]

    assert settled(post, rows, by_votes=False).listed == (2, 3, 1)
    assert settled(post, rows[:1], by_votes=False).faults == ()


def test_nobody_at_all() -> None:
    assert [one.code for one in settled(CHAIR, []).faults] == [FaultCode.NOBODY]


@pytest.mark.parametrize("hindrance", list(Hindrance))
def test_whoever_has_something_against_them_is_left_out(hindrance) -> None:
    rows = people(30, 20, 10)
    rows[0] = replace(rows[0], hindrances=(hindrance,))

    outcome = settled(CHAIR, rows)

    assert outcome.listed == (2, 3)
    assert [(one.id, one.hindrances) for one in outcome.left_out] == [(1, (hindrance,))]


def test_a_post_without_seats() -> None:
    outcome = settle([CHAIR], [*people(2, 1), Person(id=9, post="mayor", key=(9,))], by_votes=True)

    assert [(one.id, one.hindrances) for one in outcome.left_out] == [(9, (Hindrance.NO_SEAT,))]


def test_as_it_is_kept() -> None:
    kept = settle([CHAIR], people(30, 20, 20), by_votes=True).as_json()

    assert kept["posts"] == [{"post": "chair", "listed": [1], "not_listed": [], "undecided": [2, 3]}]
    assert kept["faults"] == [{"code": "tie", "post": "chair", "people": [2, 3]}]
    assert kept["left_out"] == []


# --- whatever the numbers ------------------------------------------------------------

POSTS = st.builds(
    Post,
    code=st.just("chair"),
    seats=st.integers(1, 4),
    least=st.none() | st.integers(0, 2),
    most=st.none() | st.integers(2, 4),
)
ROWS = st.lists(
    st.tuples(
        st.none() | st.integers(0, 6),
        st.integers(0, 3),
        st.lists(st.sampled_from(list(Hindrance)), max_size=1),
    ),
    max_size=10,
)


def rows_of(drawn) -> list[Person]:
    return [
        Person(id=number, post="chair", key=(key,), votes=votes, hindrances=tuple(against))
        for number, (votes, key, against) in enumerate(drawn, 1)
    ]


@given(POSTS, ROWS, st.randoms(), st.booleans())
def test_the_order_in_which_people_are_handed_in_does_not_matter(post, drawn, random, by_votes) -> None:
    rows = rows_of(drawn)
    shuffled = list(rows)
    random.shuffle(shuffled)

    assert settled(post, shuffled, by_votes=by_votes) == settled(post, rows, by_votes=by_votes)


@given(POSTS, ROWS, st.booleans())
def test_everybody_is_somewhere_and_only_once(post, drawn, by_votes) -> None:
    rows = rows_of(drawn)
    outcome = settled(post, rows, by_votes=by_votes)
    places = [
        *outcome.listed,
        *outcome.not_listed,
        *outcome.posts[0].undecided,
        *(one.id for one in outcome.left_out),
    ]

    assert sorted(places) == [one.id for one in rows]


@given(POSTS, ROWS, st.booleans())
def test_nobody_is_listed_against_whom_something_stands(post, drawn, by_votes) -> None:
    rows = rows_of(drawn)
    free = {one.id for one in rows if not one.hindrances}

    assert free.issuperset(settled(post, rows, by_votes=by_votes).listed)


@given(POSTS, ROWS, st.booleans())
def test_as_many_as_the_law_wants_or_a_fault_is_named(post, drawn, by_votes) -> None:
    outcome = settled(post, rows_of(drawn), by_votes=by_votes)
    count = len(outcome.listed)

    assert outcome.faults or post.fewest <= count
    assert post.limit is None or count <= post.limit


@given(POSTS, ROWS, st.data())
def test_a_vote_more_never_costs_anybody_their_place(post, drawn, data) -> None:
    rows = rows_of(drawn)
    listed = settled(post, rows).listed
    chosen = [one for one in rows if one.id in listed and one.votes is not None]
    if not chosen:
        return
    lucky = data.draw(st.sampled_from(chosen))
    more = [replace(one, votes=(one.votes or 0) + 1) if one is lucky else one for one in rows]

    assert lucky.id in settled(post, more).listed


@given(POSTS, ROWS)
def test_nobody_stands_before_somebody_with_more_votes(post, drawn) -> None:
    ordered = in_order(rows_of(drawn), by_votes=True)
    votes = [-1 if one.votes is None else one.votes for one in ordered]

    assert votes == sorted(votes, reverse=True)


@given(POSTS, ROWS)
def test_nobody_left_off_has_more_votes_than_anybody_listed(post, drawn) -> None:
    rows = {one.id: one for one in rows_of(drawn)}
    outcome = settled(post, list(rows.values()))
    listed = [rows[pk].votes or 0 for pk in outcome.listed]
    others = [rows[pk].votes or 0 for pk in outcome.not_listed]

    assert not listed or not others or min(listed) > max(others)
