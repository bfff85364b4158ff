"""Whom votes seat, who has to leave, who is next: the rules of the election committee."""

from hypothesis import given
from hypothesis import strategies as st

from ballots.rules.committee import (
    Because,
    Counted,
    LeavingLaw,
    Line,
    Outcome,
    Place,
    Result,
    Standing,
    must_leave,
    next_in_line,
    seat,
)

NATIONAL = LeavingLaw(candidate_leaves=True, relatives_leave=(), candidate_articles=(("organic-law", "12"),))
ZHEJIANG = LeavingLaw(
    candidate_leaves=True,
    relatives_leave=("spouse", "parent_child", "sibling"),
    candidate_articles=(("organic-law", "12"), ("zhejiang-measures", "9")),
    relative_articles=(("zhejiang-measures", "9"),),
)


def person(name: str) -> tuple[str, str]:
    return (name, "")


def counted(**votes: int) -> list[Counted]:
    return [Counted(person(name), number) for name, number in votes.items()]


def result(name: str, votes: int, place: str = "runner_up", vote: int = 1) -> Result:
    return Result(person(name), vote, votes, Place(place))


def test_most_votes_sit() -> None:
    """Organic Law art. 12: whoever has most votes sits, the rest are in line by their votes."""
    assert seat(counted(a=10, b=30, c=20), seats=2) == Outcome(
        serving=(person("b"), person("c")),
        runners_up=(person("a"),),
        declined=(),
        tied=(),
        open_seats=0,
    )


def test_who_will_not_serve_makes_room() -> None:
    rows = [Counted(person("a"), 30, willing=False), *counted(b=20, c=10)]
    outcome = seat(rows, seats=2)
    assert outcome.serving == (person("b"), person("c"))
    assert outcome.declined == (person("a"),)


def test_a_tie_at_the_cut_seats_none_of_the_tied() -> None:
    """Else the office would pick one of two whom the village chose alike."""
    outcome = seat(counted(a=30, b=20, c=20, d=20, e=5), seats=2)
    assert outcome.serving == (person("a"),)
    assert outcome.tied == (person("b"), person("c"), person("d"))
    assert outcome.open_seats == 1
    assert person("e") in outcome.runners_up


def test_a_tie_above_the_cut_is_none() -> None:
    outcome = seat(counted(a=20, b=20, c=5), seats=2)
    assert (outcome.tied, outcome.open_seats) == ((), 0)


def test_too_few_leave_seats_empty() -> None:
    assert seat(counted(a=20), seats=3).open_seats == 2


ROWS = st.lists(
    st.builds(
        Counted,
        st.tuples(st.sampled_from("甲乙丙丁戊己庚辛壬癸"), st.just("")),
        st.integers(1, 6),
        st.booleans(),
    ),
    max_size=10,
    unique_by=lambda one: one.person,
)


@given(rows=ROWS, seats=st.integers(1, 9), data=st.data())
def test_the_order_of_the_minutes_does_not_matter(rows, seats, data) -> None:
    """Whoever types the table first or last decides nothing."""
    assert seat(data.draw(st.permutations(rows)), seats=seats) == seat(rows, seats=seats)


@given(rows=ROWS, seats=st.integers(1, 9))
def test_nobody_with_fewer_votes_sits_before_one_with_more(rows, seats) -> None:
    votes = {one.person: one.votes for one in rows}
    outcome = seat(rows, seats=seats)
    lowest = min((votes[one] for one in outcome.serving), default=7)
    assert all(votes[one] < lowest for one in outcome.runners_up) or outcome.serving == ()
    assert len(outcome.serving) + outcome.open_seats == seats
    assert {*outcome.serving, *outcome.runners_up, *outcome.declined} == votes.keys()


def test_the_next_by_the_original_vote() -> None:
    """Organic Law art. 12: 按照原推选结果依次递补."""
    line = next_in_line([result("a", 50, "left"), result("b", 10), result("c", 20), result("d", 15)])
    assert line == Line(first=person("c"))


def test_equal_votes_need_a_new_vote() -> None:
    line = next_in_line([result("a", 20), result("b", 20), result("c", 5)])
    assert (line.first, line.tied) == (None, (person("a"), person("b")))


def test_the_vote_between_the_tied_orders_those_left_of_them() -> None:
    """b, c and d had 20 each; voted on again b sat, so c with 9 comes before d with 8."""
    rows = [
        result("b", 20),
        result("c", 20),
        result("d", 20),
        result("b", 30, "serving", 2),
        result("d", 8, vote=2),
        result("c", 9, vote=2),
    ]
    assert next_in_line(rows).first == person("c")


def test_who_was_not_voted_on_again_is_still_level() -> None:
    rows = [result("b", 20), result("c", 20), result("b", 9, vote=2)]
    assert next_in_line(rows).tied == (person("b"), person("c"))


def test_an_earlier_vote_comes_first() -> None:
    rows = [result("a", 3), result("b", 90, vote=2)]
    assert next_in_line(rows).first == person("a")


def test_who_left_or_declined_is_out_of_the_line() -> None:
    rows = [result("a", 30, "left"), result("b", 20, "declined"), result("c", 10)]
    assert next_in_line(rows).first == person("c")
    assert next_in_line(rows[:2]) == Line()


def test_who_left_and_was_chosen_anew_waits_by_the_new_vote() -> None:
    rows = [result("a", 90, "left"), result("b", 9), result("a", 5, vote=2)]
    assert next_in_line(rows).first == person("b")
    assert next_in_line(rows[::2]).first == person("a")


def test_a_candidate_is_passed_over_and_stays_in_line() -> None:
    rows = [result("a", 20), result("b", 10)]
    assert next_in_line(rows, barred={person("a")}) == Line(first=person("b"), passed_over=(person("a"),))
    assert next_in_line(rows, barred={person("a"), person("b")}).first is None


def test_a_tie_of_which_one_is_barred_is_none() -> None:
    line = next_in_line([result("a", 20), result("b", 20)], barred={person("a")})
    assert line.first == person("b")


LINES = st.lists(
    st.builds(
        result,
        st.sampled_from("甲乙丙丁戊己"),
        st.integers(1, 5),
        st.sampled_from(list(Place)),
        st.integers(1, 3),
    ),
    max_size=12,
    unique_by=lambda one: (one.person, one.vote),
)


@given(rows=LINES, data=st.data())
def test_the_line_does_not_hang_on_the_order_of_rows(rows, data) -> None:
    assert next_in_line(data.draw(st.permutations(rows))) == next_in_line(rows)


@given(rows=LINES)
def test_nobody_is_passed_over_for_fewer_votes(rows) -> None:
    """Whoever is next has at least as many votes in their first vote as anybody waiting since then."""
    line = next_in_line(rows)
    waiting = {one.person for one in rows if one.place is Place.RUNNER_UP}
    if line.first is None and not line.tied:
        return
    head = line.first or line.tied[0]
    newest = {p: max(one.vote for one in rows if one.person == p) for p in waiting}
    still = {
        p
        for p in waiting
        if all(one.place is Place.RUNNER_UP for one in rows if one.person == p and one.vote == newest[p])
    }

    def first_votes(p):
        own = [one for one in rows if one.person == p and one.place is Place.RUNNER_UP]
        return min((one.vote, -one.votes) for one in own)

    assert head in still
    assert first_votes(head) == min(first_votes(p) for p in still)


def leaving(
    law: LeavingLaw, relation: str | None, name: str = "李四", candidate: str = "王五"
) -> list[Because]:
    known = {} if relation is None else {(person(name), 1): relation}
    found = must_leave([person(name)], [Standing(1, candidate)], known, law)
    return [one.because for one in found]


def test_a_member_nominated_leaves() -> None:
    """Organic Law art. 12: 被提名为村民委员会成员候选人，应当退出."""
    assert leaving(NATIONAL, "same") == [Because.CANDIDATE]
    assert leaving(NATIONAL, None) == []


def test_a_namesake_is_to_be_checked() -> None:
    assert leaving(NATIONAL, None, "王五", "王五") == [Because.TO_CHECK]
    assert leaving(NATIONAL, None, "阿卜杜拉·买买提", "阿卜杜拉•买买提") == [Because.TO_CHECK]
    assert leaving(NATIONAL, "none", "王五", "王五") == []


def test_relatives_leave_where_the_province_says_so() -> None:
    """Zhejiang art. 9: 配偶、父母子女、兄弟姐妹; the national law says nothing of relatives."""
    for relation in ("spouse", "parent_child", "sibling"):
        assert leaving(ZHEJIANG, relation) == [Because.RELATIVE]
        assert leaving(NATIONAL, relation) == []
    for relation in ("grandparent_grandchild", "close_relative", "none"):
        assert leaving(ZHEJIANG, relation) == []


def test_a_word_for_several_kinds_of_relative_covers_each() -> None:
    direct = LeavingLaw(candidate_leaves=True, relatives_leave=("direct_relative",))
    near = LeavingLaw(candidate_leaves=True, relatives_leave=("close_relative",))
    assert leaving(direct, "grandparent_grandchild") == [Because.RELATIVE]
    assert leaving(direct, "sibling") == []
    assert leaving(near, "close_relative") == [Because.RELATIVE]


def test_the_reason_names_the_articles() -> None:
    found = must_leave([person("李四")], [Standing(1, "王五")], {(person("李四"), 1): "spouse"}, ZHEJIANG)
    assert found[0].articles == (("zhejiang-measures", "9"),)
    found = must_leave([person("李四")], [Standing(1, "王五")], {(person("李四"), 1): "same"}, ZHEJIANG)
    assert found[0].articles == (("organic-law", "12"), ("zhejiang-measures", "9"))
