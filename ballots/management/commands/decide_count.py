"""One round of one village's vote, decided from a case in JSON."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from ballots.law import counting_law
from ballots.rules.counting import Count, Decision, Kin, Post, Problem, Sheet, decide
from election_admin.cases import CaseCommand, CaseError, Whole
from election_admin.rulebooks.procedures import load_procedure

STRICT = ConfigDict(extra="forbid")
OneOrMore = Annotated[int, Field(ge=1, le=1000)]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class PostCase:
    """Seats of one kind; rank 1 is the highest."""

    code: str
    seats: OneOrMore
    rank: OneOrMore
    women_only: bool = False


@dataclass(frozen=True, kw_only=True, config=STRICT)
class PersonCase:
    """What a count needs to know of a person."""

    woman: bool


@dataclass(frozen=True, kw_only=True, config=STRICT)
class CountCase:
    """The totals and the votes: post to person to votes for."""

    registered: Whole
    issued: Whole
    collected: Whole
    void: Whole
    votes: dict[str, dict[str, Whole]]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class RoundCase:
    """One round: 1, or 2 for the further election."""

    rulebook: str
    round: Annotated[int, Field(ge=1, le=2)]
    posts: Annotated[tuple[PostCase, ...], Field(min_length=1)]
    people: dict[str, PersonCase]
    relatives: tuple[tuple[str, str, Literal["spouse", "parent_child", "sibling"]], ...]
    disqualified: tuple[str, ...]
    count: CountCase
    elected_before: dict[str, tuple[str, ...]] | None = None


class Command(CaseCommand[RoundCase]):
    """The decision of each case."""

    help = "Decides one round of a village's vote from its count sheet."
    shape = RoundCase

    def answer(self, case: RoundCase) -> object:
        for key, message in _faults(case):
            raise CaseError(key, message)
        decision = decide(_sheet(case), counting_law(load_procedure(case.rulebook), case.round))
        return _answer(decision)


def _faults(case: RoundCase) -> Iterator[tuple[str, str]]:
    """References that lead nowhere. Strangers among the votes are the count's own matter."""
    codes = [post.code for post in case.posts]
    for index, code in enumerate(codes):
        if code in codes[:index]:
            yield f"posts[{index}].code", f"{code} is given twice"
    for index, (one, other, _) in enumerate(case.relatives):
        yield from _strangers(case, f"relatives[{index}]", (one, other))
        if one == other:
            yield f"relatives[{index}]", f"{one} cannot be related to themselves"
    yield from _strangers(case, "disqualified", case.disqualified)
    yield from _faults_before(case)


def _faults_before(case: RoundCase) -> Iterator[tuple[str, str]]:
    seated: set[str] = set()
    for post, people in (case.elected_before or {}).items():
        key = f"elected_before.{post}"
        if case.round == 1 and people:
            yield "elected_before", "nobody is elected before round 1"
        yield from _strangers(case, key, people)
        for index, person in enumerate(people):
            if person in seated:
                yield f"{key}[{index}]", f"{person} is elected twice"
            seated.add(person)


def _strangers(case: RoundCase, key: str, people: Iterable[str]) -> Iterator[tuple[str, str]]:
    for index, person in enumerate(people):
        if person not in case.people:
            yield f"{key}[{index}]", f"{person} is not among the people"


def _sheet(case: RoundCase) -> Sheet:
    count = case.count
    return Sheet(
        posts=tuple(
            Post(code=p.code, seats=p.seats, rank=p.rank, women_only=p.women_only) for p in case.posts
        ),
        people={name: person.woman for name, person in case.people.items()},
        count=Count(
            registered=count.registered,
            issued=count.issued,
            collected=count.collected,
            void=count.void,
            votes=count.votes,
        ),
        relatives=tuple(Kin(one=a, other=b, relation=r) for a, b, r in case.relatives),
        disqualified=frozenset(case.disqualified),
        elected_before=case.elected_before or {},
    )


def _answer(decision: Decision) -> object:
    problems = [_problem(problem) for problem in decision.problems]
    if decision.status != "valid":
        return {
            "status": decision.status,
            "problems": problems,
            "explanations": decision.explanations,
        }
    return {**vars(decision), "problems": problems}


def _problem(problem: Problem) -> dict[str, str]:
    return {key: value for key, value in vars(problem).items() if value is not None}
