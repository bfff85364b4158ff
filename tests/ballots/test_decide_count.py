"""The command that decides a round: the worked scenarios, and what it says of a bad case."""

from typing import Any

import pytest

from ballots.management.commands.decide_count import Command
from tests.ballots.asking import ask, differences, scenarios

POST = {"code": "chair", "seats": 1, "rank": 1}
COUNT: dict[str, Any] = {
    "registered": 10,
    "issued": 8,
    "collected": 8,
    "void": 0,
    "votes": {"chair": {"A": 5, "B": 3}},
}
CASE: dict[str, Any] = {
    "rulebook": "zhejiang-2020",
    "round": 1,
    "posts": [POST],
    "people": {"A": {"woman": False}, "B": {"woman": True}},
    "relatives": [],
    "disqualified": [],
    "count": COUNT,
}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"rulebook": "atlantis"}, "rulebook: "),
        ({"rulebook": "../rulebooks"}, "rulebook: "),
        ({"round": 3}, "round: "),
        ({"round": True}, "round: "),
        ({"round": "1"}, "round: "),
        ({"posts": []}, "posts: "),
        ({"posts": [POST, POST]}, "posts[1].code: "),
        ({"posts": [{"code": "chair", "seats": 0, "rank": 1}]}, "posts[0].seats: "),
        ({"posts": [{"code": "chair", "seats": 1}]}, "posts[0].rank: "),
        ({"people": {"A": {}}}, "people.A.woman: "),
        ({"people": {"A": {"woman": 1}}}, "people.A.woman: "),
        ({"relatives": [["A", "B", "cousin"]]}, "relatives[0][2]: "),
        ({"relatives": [["A", "Z", "spouse"]]}, "relatives[0][1]: "),
        ({"relatives": [["A", "A", "spouse"]]}, "relatives[0]: "),
        ({"disqualified": ["Z"]}, "disqualified[0]: "),
        ({"elected_before": {"member": ["A"]}}, "elected_before: "),
        ({"round": 2, "elected_before": {"member": ["Z"]}}, "elected_before.member[0]: "),
        ({"round": 2, "elected_before": {"member": ["A"], "women": ["A"]}}, "elected_before.women[0]: "),
        ({"count": {**COUNT, "void": -1}}, "count.void: "),
        ({"count": {**COUNT, "votes": {"chair": {"A": -1}}}}, "count.votes.chair.A: "),
        ({"count": {**COUNT, "votes": {"chair": {"A": True}}}}, "count.votes.chair.A: "),
        ({"counted": 3}, "counted: "),
    ],
)
def test_a_case_that_cannot_be_read_names_its_key(change, told):
    assert ask(Command(), {**CASE, **change}).startswith(told)


@pytest.mark.parametrize("key", CASE)
def test_every_key_is_needed(key):
    case = {k: v for k, v in CASE.items() if k != key}
    assert ask(Command(), case) == f"{key}: is missing"


def test_strangers_among_the_votes_make_the_sheet_inconsistent():
    votes = {"chair": {"A": 5, "Z": 1}, "mayor": {"A": 1}}
    answer = ask(Command(), {**CASE, "count": {**COUNT, "votes": votes}})
    assert answer["problems"] == [
        {"code": "unknown_person", "post": "chair", "person": "Z"},
        {"code": "unknown_post", "post": "mayor"},
    ]


def test_answers_say_why():
    answer = ask(Command(), CASE)
    threshold = next(e for e in answer["explanations"] if e["code"] == "threshold")
    assert threshold["numbers"] == {"collected": 8, "votes_needed": 5}
    assert (threshold["document"], threshold["article"]) == ("zhejiang-measures", "28")


@pytest.mark.parametrize("scenario", scenarios("counting"), ids=lambda s: s["name"])
def test_scenarios(scenario):
    assert differences(scenario["expect"], ask(Command(), scenario["case"])) == []
