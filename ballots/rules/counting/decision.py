"""The decision of a round: whether the vote stands, who is elected, what remains to be done."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from .filling import Displaced, Filling, Tie, VoidWin, fill
from .sheet import CountingLaw, Post, Sheet
from .soundness import Problem, inconsistencies, invalidities

CHAIR = "chair"


@dataclass(frozen=True, kw_only=True)
class FurtherElection:
    """Seats left of one post, and who stands for them, by votes."""

    seats: int
    candidates: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """One reason behind a decision: a code, the article and the numbers it was judged on."""

    code: str
    document: str | None
    article: str | None
    numbers: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a round decides. Unless ``status`` is valid, only ``problems`` says anything."""

    status: Literal["inconsistent", "invalid", "valid"]
    problems: tuple[Problem, ...] = ()
    elected: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ties: tuple[Tie, ...] = ()
    void_wins: tuple[VoidWin, ...] = ()
    displaced: tuple[Displaced, ...] = ()
    vacancies: Mapping[str, int] = field(default_factory=dict)
    further_election: Mapping[str, FurtherElection] = field(default_factory=dict)
    women_missing: bool = False
    may_stay_vacant: bool = False
    complete: bool = False
    explanations: tuple[Explanation, ...] = ()


def decide(sheet: Sheet, law: CountingLaw) -> Decision:
    """The decision of one round (Organic Law art. 6 and 15, and the province's measures).

    A sheet that cannot be true decides nothing; neither does a vote that fails. Votes are
    compared in whole numbers. Everyone named in ``sheet`` outside ``votes`` must be in
    ``people``.
    """
    if problems := tuple(inconsistencies(sheet)):
        return Decision(status="inconsistent", problems=problems)
    if problems := tuple(invalidities(sheet, law)):
        explanations = tuple(_on_validity(sheet, law))
        return Decision(status="invalid", problems=problems, explanations=explanations)
    filling = fill(sheet, law)
    left = {post.code: n for post in sheet.posts if (n := filling.seats_left(post)) > 0}
    women_missing = not any(sheet.people[person] for person in (*sheet.seated, *_everyone_in(filling)))
    return Decision(
        status="valid",
        elected={post: tuple(people) for post, people in filling.winners.items()},
        ties=tuple(filling.ties),
        void_wins=tuple(filling.void_wins),
        displaced=tuple(filling.displaced),
        vacancies=left,
        further_election=_further_election(sheet, law, filling, left),
        women_missing=women_missing,
        may_stay_vacant=_may_stay_vacant(sheet, law, filling, left),
        complete=not (filling.ties or left or women_missing),
        explanations=(*_on_validity(sheet, law), *_on_winners(sheet, law, filling, left)),
    )


def _everyone_in(filling: Filling) -> list[str]:
    return [person for people in filling.winners.values() for person in people]


def _further_election(
    sheet: Sheet, law: CountingLaw, filling: Filling, left: Mapping[str, int]
) -> dict[str, FurtherElection]:
    """Who stands for the seats left: the unelected of that post, by votes (art. 15).

    As many as the seats and the surplus; equal votes with the last of them stand too.
    """
    if not law.further_election:
        return {}
    out = {*_everyone_in(filling), *sheet.seated, *sheet.disqualified}
    return {
        post.code: FurtherElection(
            seats=left[post.code], candidates=_standing(sheet, law, post, left[post.code], out)
        )
        for post in sheet.posts
        if post.code in left
    }


def _standing(sheet: Sheet, law: CountingLaw, post: Post, seats: int, out: set[str]) -> tuple[str, ...]:
    votes = sheet.count.votes.get(post.code, {})
    able = [p for p in votes if p not in out and (sheet.people[p] or not post.women_only)]
    by_votes = sorted(able, key=lambda person: -votes[person])
    places = seats + law.surplus.get(post.code, law.surplus_otherwise)
    if len(by_votes) <= places:
        return tuple(by_votes)
    last = votes[by_votes[places - 1]]
    return tuple(person for person in by_votes if votes[person] >= last)


def _may_stay_vacant(sheet: Sheet, law: CountingLaw, filling: Filling, left: Mapping[str, int]) -> bool:
    """Whether seats may stay empty (Zhejiang art. 30, Beijing art. 30, Shanghai art. 21)."""
    if law.vacancy is None or not left:
        return False
    elected = len(_everyone_in(filling)) + len(sheet.seated)
    chair = filling.winners.get(CHAIR) or sheet.elected_before.get(CHAIR)
    enough = elected >= law.vacancy.least_elected
    return enough and bool(chair or not law.vacancy.chair_elected)


def _on_validity(sheet: Sheet, law: CountingLaw) -> Iterator[Explanation]:
    count = sheet.count
    yield _because(law, "ballots", issued=count.issued, collected=count.collected)
    if law.turnout_above is not None:
        share = law.turnout_above * count.registered
        needed = share.numerator // share.denominator + 1
        yield _because(law, "turnout", registered=count.registered, collected=count.collected, needed=needed)


def _on_winners(
    sheet: Sheet, law: CountingLaw, filling: Filling, left: Mapping[str, int]
) -> Iterator[Explanation]:
    collected = sheet.count.collected
    yield _because(law, "threshold", collected=collected, votes_needed=law.votes_needed(collected))
    if filling.ties:
        yield _because(law, "tie", seats=sum(tie.seats for tie in filling.ties))
    if filling.displaced:
        yield _because(law, "relatives", people=len(filling.displaced))
    if filling.void_wins:
        yield _because(law, "void_win", people=len(filling.void_wins))
    if left:
        yield _because(law, "vacancy", seats=sum(left.values()))
        if law.further_election:
            yield _because(law, "further_election", seats=sum(left.values()))


def _because(law: CountingLaw, code: str, **numbers: int) -> Explanation:
    source = law.sources.get(code)
    return Explanation(
        code=code,
        document=source.document if source else None,
        article=source.article if source else None,
        numbers=numbers,
    )
