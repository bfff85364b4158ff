"""Deciding a round: tables of cases, and what must hold of any count."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballots.law import counting_law
from ballots.rules.counting import Count, Kin, Post, Sheet, decide
from election_admin.rulebooks.procedures import load_procedure

ZHEJIANG = counting_law(load_procedure("zhejiang-2020"), 1)
ZHEJIANG_FURTHER = counting_law(load_procedure("zhejiang-2020"), 2)
SHANGHAI = counting_law(load_procedure("shanghai-2020"), 1)
BEIJING_FURTHER = counting_law(load_procedure("beijing-2012"), 2)
NATIONAL = counting_law(load_procedure("national-2018"), 1)

CHAIR = Post(code="chair", seats=1, rank=1)
VICE = Post(code="vice_chair", seats=1, rank=2)
WOMEN = Post(code="women", seats=1, rank=3, women_only=True)
MEMBERS = Post(code="member", seats=2, rank=3)
WOMEN_OF_THE_CAST = "EFL"


def make_sheet(
    *posts: Post, collected: int = 900, void: int = 0, kin: str = "", **votes: dict[str, int]
) -> Sheet:
    """``kin="A-B spouse, …"``; everybody named is known, E, F and L are women."""
    people = {p: p in WOMEN_OF_THE_CAST for p in "ABCDEFGHIJKLMN"}
    relatives = []
    for item in filter(None, kin.split(", ")):
        pair, relation = item.split()
        one, other = pair.split("-")
        relatives.append(Kin(one=one, other=other, relation=relation))
    count = Count(registered=1200, issued=collected, collected=collected, void=void, votes=votes)
    return Sheet(posts=posts, people=people, count=count, relatives=tuple(relatives))


# Thresholds -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("votes", "collected", "elected"), [(450, 900, 0), (451, 900, 1), (450, 899, 1), (449, 899, 0)]
)
def test_more_than_half_of_ballots_collected_elects(votes, collected, elected):
    """Organic Law art. 15: more than half of those who voted."""
    sheet = make_sheet(CHAIR, collected=collected, chair={"A": votes})
    assert len(decide(sheet, ZHEJIANG).elected["chair"]) == elected


@pytest.mark.parametrize(
    ("votes", "collected", "elected"), [(249, 750, 0), (250, 750, 1), (250, 751, 0), (251, 751, 1)]
)
def test_one_third_elects_in_the_further_election(votes, collected, elected):
    """Organic Law art. 15: no fewer than one third of the ballots cast."""
    sheet = make_sheet(CHAIR, collected=collected, chair={"A": votes})
    assert len(decide(sheet, ZHEJIANG_FURTHER).elected["chair"]) == elected


def test_void_ballots_count_as_cast():
    """Beijing art. 28: void ballots count in the ballots cast."""
    sheet = make_sheet(CHAIR, collected=900, void=100, chair={"A": 450})
    assert decide(sheet, counting_law(load_procedure("beijing-2012"), 1)).elected["chair"] == ()


def test_nobody_is_elected_without_a_vote():
    law = replace(ZHEJIANG_FURTHER, turnout_above=None)
    sheet = make_sheet(CHAIR, collected=0, chair={"A": 0})
    assert decide(sheet, law).elected["chair"] == ()


# Two posts, ties, void wins -----------------------------------------------------------


def test_a_person_passing_for_two_posts_takes_the_higher():
    """Organic Law art. 15; the next to pass moves up below."""
    sheet = make_sheet(CHAIR, MEMBERS, chair={"A": 500}, member={"A": 800, "G": 500, "H": 480, "I": 10})
    assert decide(sheet, ZHEJIANG).elected == {"chair": ("A",), "member": ("G", "H")}


def test_whoever_loses_the_higher_post_may_win_the_lower():
    sheet = make_sheet(CHAIR, VICE, chair={"A": 400, "B": 350}, vice_chair={"B": 500})
    decision = decide(sheet, ZHEJIANG_FURTHER)
    assert decision.elected == {"chair": ("A",), "vice_chair": ("B",)}


def test_a_tie_is_looked_for_after_striking():
    """Zhejiang art. 28: with A gone to the chair, G, H and I no longer tie for one seat."""
    three = replace(MEMBERS, seats=3)
    sheet = make_sheet(CHAIR, three, chair={"A": 500}, member={"A": 800, "G": 500, "H": 500, "I": 500})
    decision = decide(sheet, ZHEJIANG)
    assert decision.ties == ()
    assert decision.elected["member"] == ("G", "H", "I")


def test_a_disqualified_winner_leaves_the_seat_empty():
    """Zhejiang art. 32: the win is void; nobody moves up."""
    sheet = replace(
        make_sheet(MEMBERS, member={"G": 600, "H": 500, "I": 480, "J": 90, "K": 80}),
        disqualified=frozenset("H"),
    )
    decision = decide(sheet, ZHEJIANG)
    assert decision.elected["member"] == ("G",)
    assert [(v.post, v.person) for v in decision.void_wins] == [("member", "H")]
    assert decision.vacancies == {"member": 1}
    assert decision.further_election["member"].candidates == ("I", "J")


def test_a_void_win_is_one_post_only():
    sheet = replace(
        make_sheet(CHAIR, MEMBERS, chair={"A": 500}, member={"A": 800, "G": 500, "H": 480}),
        disqualified=frozenset("A"),
    )
    decision = decide(sheet, ZHEJIANG)
    assert [(v.post, v.person) for v in decision.void_wins] == [("chair", "A")]
    assert decision.elected["member"] == ("G", "H")


def test_nobody_disqualified_is_voted_on_again():
    sheet = replace(
        make_sheet(MEMBERS, member={"G": 700, "H": 350, "I": 350, "J": 350}), disqualified=frozenset("H")
    )
    (tie,) = decide(sheet, ZHEJIANG_FURTHER).ties
    assert (tie.seats, tie.people) == (1, ("I", "J"))


# Relatives --------------------------------------------------------------------------------


def test_the_gap_of_a_displaced_relative_is_filled_by_the_next_to_pass():
    """Zhejiang art. 31."""
    sheet = make_sheet(
        CHAIR, MEMBERS, kin="A-G sibling", chair={"A": 500}, member={"G": 700, "H": 500, "I": 480}
    )
    decision = decide(sheet, ZHEJIANG)
    assert decision.elected["member"] == ("H", "I")
    assert [(d.person, d.by, d.relation) for d in decision.displaced] == [("G", "A", "sibling")]


def test_who_moves_up_may_be_displaced_too():
    """Zhejiang art. 31."""
    sheet = make_sheet(
        CHAIR,
        replace(MEMBERS, seats=3),
        kin="A-G sibling, H-I spouse",
        chair={"A": 500},
        member={"G": 700, "H": 500, "I": 480, "J": 460},
    )
    decision = decide(sheet, ZHEJIANG)
    assert decision.elected["member"] == ("H", "J")
    assert [(d.person, d.by) for d in decision.displaced] == [("G", "A"), ("I", "H")]
    assert decision.vacancies == {"member": 1}


def test_of_equal_posts_more_votes_stay():
    """Zhejiang art. 31: the women's seat and a member's rank the same here."""
    sheet = make_sheet(WOMEN, MEMBERS, kin="E-G sibling", women={"E": 500}, member={"G": 700, "H": 500})
    decision = decide(sheet, ZHEJIANG)
    assert decision.elected == {"women": (), "member": ("G", "H")}


def test_relatives_with_equal_votes_for_one_post_are_voted_on_again():
    """Zhejiang art. 31: same post, same votes, vote again; the other seat goes to the next."""
    sheet = make_sheet(MEMBERS, kin="G-H parent_child", member={"G": 550, "H": 550, "I": 500})
    decision = decide(sheet, ZHEJIANG)
    assert decision.elected["member"] == ("I",)
    assert [(t.seats, t.people) for t in decision.ties] == [(1, ("G", "H"))]
    assert decision.vacancies == {}


@pytest.mark.parametrize(
    ("law", "relation", "kept_apart"),
    [
        (ZHEJIANG, "sibling", True),
        (SHANGHAI, "sibling", False),
        (SHANGHAI, "parent_child", True),
        (NATIONAL, "spouse", False),
    ],
)
def test_the_rulebook_says_which_relations_count(law, relation, kept_apart):
    """Zhejiang art. 31, Shanghai art. 2."""
    sheet = make_sheet(CHAIR, VICE, kin=f"A-C {relation}", chair={"A": 500}, vice_chair={"C": 500})
    assert bool(decide(sheet, law).displaced) is kept_apart


def test_those_elected_before_are_kept():
    sheet = replace(
        make_sheet(CHAIR, kin="A-G spouse", chair={"A": 400, "B": 300}), elected_before={"member": ("G",)}
    )
    decision = decide(sheet, ZHEJIANG_FURTHER)
    assert decision.elected["chair"] == ("B",)
    assert decision.displaced[0].by == "G"


def test_nobody_elected_before_is_elected_again():
    sheet = replace(make_sheet(CHAIR, chair={"A": 400, "G": 500}), elected_before={"member": ("G",)})
    assert decide(sheet, ZHEJIANG_FURTHER).elected["chair"] == ("A",)


# Further election, vacancies, women ---------------------------------------------------


def test_everybody_equal_to_the_last_candidate_stands():
    """Organic Law art. 15: most votes of the first round, one more than the seats."""
    sheet = make_sheet(CHAIR, chair={"A": 300, "B": 200, "C": 200, "D": 100})
    assert decide(sheet, ZHEJIANG).further_election["chair"].candidates == ("A", "B", "C")


def test_only_women_stand_for_the_womens_seat():
    sheet = make_sheet(WOMEN, women={"E": 300, "G": 0, "F": 0})
    assert decide(sheet, ZHEJIANG).further_election["women"].candidates == ("E", "F")


def test_with_nobody_left_the_list_is_empty():
    sheet = make_sheet(CHAIR, VICE, chair={"A": 500}, vice_chair={"A": 300})
    assert decide(sheet, ZHEJIANG).further_election["vice_chair"].candidates == ()


def test_no_further_election_follows_the_further_election():
    sheet = make_sheet(CHAIR, chair={"A": 100})
    decision = decide(sheet, ZHEJIANG_FURTHER)
    assert decision.vacancies == {"chair": 1}
    assert decision.further_election == {}


@pytest.mark.parametrize(
    ("law", "before", "may"),
    [
        (ZHEJIANG, "GHE", False),
        (ZHEJIANG_FURTHER, "GHE", True),
        (ZHEJIANG_FURTHER, "GH", False),
        (SHANGHAI, "GHE", True),
        (SHANGHAI, "GH", False),
        (BEIJING_FURTHER, "GHEF", False),
        (NATIONAL, "GHEF", False),
    ],
)
def test_seats_may_stay_empty_as_the_rulebook_says(law, before, may):
    """Zhejiang art. 30, Shanghai art. 21, Beijing art. 30; the national law lets none."""
    sheet = replace(make_sheet(CHAIR, chair={"A": 100}), elected_before={"member": tuple(before)})
    assert decide(sheet, law).may_stay_vacant is may


@pytest.mark.parametrize(("members", "may"), [("GHE", True), ("GH", False)])
def test_beijing_wants_more_than_three_and_a_chair(members, may):
    """Beijing art. 30."""
    sheet = replace(
        make_sheet(VICE, vice_chair={"B": 10}),
        elected_before={"chair": ("A",), "member": tuple(members)},
    )
    assert decide(sheet, BEIJING_FURTHER).may_stay_vacant is may


@pytest.mark.parametrize(("before", "missing"), [("GH", True), ("GE", False)])
def test_a_woman_elected_before_is_enough(before, missing):
    """Organic Law art. 6: the committee must include women."""
    sheet = replace(make_sheet(CHAIR, chair={"A": 400}), elected_before={"member": tuple(before)})
    decision = decide(sheet, ZHEJIANG_FURTHER)
    assert decision.women_missing is missing
    assert decision.complete is not missing


# Sheets that cannot be true, votes that fail -----------------------------------------


def test_everything_wrong_is_told_in_order():
    sheet = make_sheet(WOMEN, CHAIR, collected=900, void=100, women={"Z": 801, "G": 5}, nobody={"A": 1})
    sheet = replace(sheet, count=replace(sheet.count, issued=1300))
    decision = decide(sheet, ZHEJIANG)
    assert decision.status == "inconsistent"
    assert [(p.code, p.post, p.person) for p in decision.problems] == [
        ("issued_over_registered", None, None),
        ("unknown_person", "women", "Z"),
        ("votes_over_valid", "women", "Z"),
        ("not_a_woman", "women", "G"),
        ("votes_over_seats", "women", None),
        ("unknown_post", "nobody", None),
    ]


def test_more_void_than_collected_says_nothing_of_the_votes():
    sheet = make_sheet(CHAIR, collected=900, void=901, chair={"A": 500})
    assert [p.code for p in decide(sheet, ZHEJIANG).problems] == ["void_over_collected"]


def test_both_reasons_of_an_invalid_vote_are_told():
    """Zhejiang art. 27."""
    sheet = make_sheet(CHAIR, collected=600, chair={"A": 500})
    sheet = replace(sheet, count=replace(sheet.count, issued=599))
    decision = decide(sheet, ZHEJIANG)
    assert [p.code for p in decision.problems] == ["more_ballots_than_voters", "turnout"]


# What holds of any count ----------------------------------------------------------------


@st.composite
def sheets(draw, kin=True):
    people = "ABCDEFGH"
    posts = (CHAIR, replace(VICE, seats=draw(st.integers(1, 2))), WOMEN, replace(MEMBERS, seats=3))
    collected = draw(st.integers(7, 12))
    void = draw(st.integers(0, 2))
    votes: dict[str, dict[str, int]] = {}
    for post in posts:
        left = post.seats * (collected - void)
        votes[post.code] = {}
        for person in draw(st.permutations(people)):
            if post.women_only and person not in WOMEN_OF_THE_CAST:
                continue
            got = draw(st.integers(0, min(left, collected - void)))
            votes[post.code][person] = got
            left -= got
    pairs = st.tuples(st.sampled_from(people), st.sampled_from(people)).filter(lambda p: p[0] != p[1])
    related = draw(st.lists(pairs, max_size=4)) if kin else []
    return Sheet(
        posts=posts,
        people={p: p in WOMEN_OF_THE_CAST for p in people},
        count=Count(registered=12, issued=collected, collected=collected, void=void, votes=votes),
        relatives=tuple(Kin(one=a, other=b, relation="spouse") for a, b in related),
        disqualified=draw(st.frozensets(st.sampled_from(people), max_size=2)),
    )


@given(sheets(), st.sampled_from([ZHEJIANG, ZHEJIANG_FURTHER]))
def test_any_decision_is_lawful(sheet, law):
    decision = decide(sheet, law)
    assert decision.status == "valid"
    elected = [p for people in decision.elected.values() for p in people]
    assert len(elected) == len(set(elected)), "somebody is elected twice"
    assert not set(elected) & sheet.disqualified
    for one in elected:
        assert not any(sheet.relation(one, other, law.relations) for other in elected if other != one)
    for post in sheet.posts:
        waiting = sum(t.seats for t in decision.ties if t.post == post.code)
        filled = len(decision.elected[post.code])
        assert filled + waiting + decision.vacancies.get(post.code, 0) == post.seats
        for person in decision.elected[post.code]:
            assert law.elects(sheet.count.votes[post.code][person], sheet.count.collected)
    for tie in decision.ties:
        assert len(tie.people) > tie.seats
        assert len({sheet.count.votes[tie.post][p] for p in tie.people}) == 1
    for further in decision.further_election.values():
        assert not set(further.candidates) & (set(elected) | sheet.disqualified)


@given(sheets(kin=False))
def test_a_void_ballot_more_elects_nobody(sheet):
    """With one post a person: who fails one post may be free to win another."""
    first = {"A": "chair", "B": "chair", "C": "vice_chair", "D": "vice_chair", "E": "women"}
    votes = {
        post: {p: n for p, n in got.items() if first.get(p, "member") == post}
        for post, got in sheet.count.votes.items()
    }
    count = replace(sheet.count, votes=votes, registered=13)
    more = replace(count, void=count.void + 1, collected=count.collected + 1, issued=count.issued + 1)
    before = decide(replace(sheet, count=count), ZHEJIANG)
    after = decide(replace(sheet, count=more), ZHEJIANG)
    if before.status == after.status == "valid":
        for post, people in after.elected.items():
            assert set(people) <= set(before.elected[post])


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_thresholds_are_exact(votes, collected):
    """Organic Law art. 15, in whole numbers."""
    assert ZHEJIANG.elects(votes, collected) == (2 * votes > collected)
    assert ZHEJIANG_FURTHER.elects(votes, collected) == (3 * votes >= collected and votes > 0)
    assert ZHEJIANG.turnout_above == Fraction(1, 2)
