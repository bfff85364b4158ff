"""The election committee: whom a vote put on it, who has to leave it, who is next (art. 12).

Nobody appoints, replaces or re-orders: everything here follows from votes and from who stands.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

# Whom a law names by one word for several kinds of relative.
_COVERS: Mapping[str, frozenset[str]] = {
    "direct_relative": frozenset({"parent_child", "grandparent_grandchild"}),
    "close_relative": frozenset(
        {"spouse", "parent_child", "sibling", "grandparent_grandchild", "close_relative"}
    ),
}
SAME_PERSON = "same"

# A person as one village's votes know them: name and villagers' group.
Person = tuple[str, str]


@dataclass(frozen=True, order=True)
class Counted:
    """What one person got in one vote, and whether they are ready to serve."""

    person: Person
    votes: int
    willing: bool = True


@dataclass(frozen=True)
class Outcome:
    """Whom a vote seats. ``tied``: as many votes at the cut as others, so nobody of them sits yet.

    ``serving`` and ``runners_up`` stand by their votes, most first; the tied are runners-up until
    they are voted on again. ``open_seats``: how many seats this vote leaves empty.
    """

    serving: tuple[Person, ...]
    runners_up: tuple[Person, ...]
    declined: tuple[Person, ...]
    tied: tuple[Person, ...]
    open_seats: int


def seat(counted: Iterable[Counted], *, seats: int) -> Outcome:
    """Fill the seats with those who have most votes and are willing (art. 12: 按推选结果).

    Where the last seats would go to some of several with equal votes, these stay empty: only a
    vote between the tied can fill them.
    """
    rows = sorted(counted, key=lambda one: (-one.votes, one.person))
    willing = [one for one in rows if one.willing]
    serving, tied = willing[:seats], []
    if seats < len(willing) and willing[seats].votes == willing[seats - 1].votes:
        cut = willing[seats].votes
        serving = [one for one in willing if one.votes > cut]
        tied = [one for one in willing if one.votes == cut]
    return Outcome(
        serving=tuple(one.person for one in serving),
        runners_up=tuple(one.person for one in willing[len(serving) :]),
        declined=tuple(one.person for one in rows if not one.willing),
        tied=tuple(one.person for one in tied),
        open_seats=seats - len(serving),
    )


class Place(StrEnum):
    """Where a vote left somebody, or what became of it since."""

    SERVING = "serving"
    RUNNER_UP = "runner_up"
    LEFT = "left"
    DECLINED = "declined"


@dataclass(frozen=True)
class Result:
    """One person's votes in one of the committee's votes, and where they stand."""

    person: Person
    vote: int
    votes: int
    place: Place


@dataclass(frozen=True)
class Line:
    """Who takes the next empty seat: one person, or several tied, or nobody.

    ``passed_over``: those before them who may not serve.
    """

    first: Person | None = None
    tied: tuple[Person, ...] = ()
    passed_over: tuple[Person, ...] = ()


def next_in_line(results: Iterable[Result], *, barred: Collection[Person] = ()) -> Line:
    """Find who moves up by the original vote (art. 12: 按照原推选结果依次递补).

    Runners-up of an earlier vote come before those of a later one, more votes before fewer; those
    with equal votes stand in the order of a later vote between them. ``barred`` are those who
    would have to leave at once: they are passed over, and stay in line.
    """
    waiting = _waiting(results)
    passed_over: list[Person] = []
    while waiting:
        leaders = _leaders(waiting)
        free = sorted(person for person in leaders if person not in barred)
        passed_over += sorted(person for person in leaders if person in barred)
        if free:
            alone = len(free) == 1
            return Line(free[0] if alone else None, () if alone else tuple(free), tuple(passed_over))
        waiting = {person: votes for person, votes in waiting.items() if person not in leaders}
    return Line(passed_over=tuple(passed_over))


def _waiting(results: Iterable[Result]) -> dict[Person, dict[int, int]]:
    """Who is in line, with their votes by vote: those whose newest result is that of a runner-up."""
    of_person: dict[Person, dict[int, Result]] = {}
    for one in results:
        of_person.setdefault(one.person, {})[one.vote] = one
    return {
        person: {vote: one.votes for vote, one in own.items() if one.place is Place.RUNNER_UP}
        for person, own in of_person.items()
        if own[max(own)].place is Place.RUNNER_UP
    }


def _leaders(waiting: Mapping[Person, Mapping[int, int]]) -> list[Person]:
    """Those at the head of the line; more than one only where no vote tells them apart."""
    first = min((min(votes), -votes[min(votes)]) for votes in waiting.values())
    leaders = [p for p, votes in waiting.items() if (min(votes), -votes[min(votes)]) == first]
    for vote in sorted({vote for person in leaders for vote in waiting[person]}):
        if all(vote in waiting[person] for person in leaders):
            most = max(waiting[person][vote] for person in leaders)
            leaders = [person for person in leaders if waiting[person][vote] == most]
    return leaders


class Because(StrEnum):
    """Why somebody may not sit on the committee, or that this is still to be found out."""

    CANDIDATE = "candidate"
    RELATIVE = "relative"
    TO_CHECK = "to_check"


@dataclass(frozen=True)
class Standing:
    """Somebody who stands as candidate: under which number, by what name."""

    number: int
    name: str


@dataclass(frozen=True)
class LeavingLaw:
    """Who must leave: a member who stands, and which relatives of one who does.

    The articles are those that say so, the highest law's first; each as (document, article).
    """

    candidate_leaves: bool
    relatives_leave: tuple[str, ...]
    candidate_articles: tuple[tuple[str, str], ...] = ()
    relative_articles: tuple[tuple[str, str], ...] = ()

    def covers(self, relation: str) -> bool:
        """Whether a relative of this kind must leave."""
        return any(relation == one or relation in _COVERS.get(one, ()) for one in self.relatives_leave)


@dataclass(frozen=True)
class Leaving:
    """Somebody who must leave because of somebody who stands, and the articles that say so."""

    person: Person
    standing: Standing
    because: Because
    relation: str = ""
    articles: tuple[tuple[str, str], ...] = ()


def must_leave(
    persons: Iterable[Person],
    standing: Sequence[Standing],
    known: Mapping[tuple[Person, int], str],
    law: LeavingLaw,
) -> tuple[Leaving, ...]:
    """Find who may not sit on the committee (Organic Law art. 12; Zhejiang art. 9).

    ``known`` holds what the office has found somebody to be to a candidate. Who only shares a
    name with one is to be checked: the same person would have to leave.
    """
    found = (
        _leaving(person, other, known.get((person, other.number)), law)
        for person in sorted(persons)
        for other in standing
    )
    return tuple(one for one in found if one is not None)


def _leaving(person: Person, other: Standing, relation: str | None, law: LeavingLaw) -> Leaving | None:
    if relation is not None and law.covers(relation):
        return Leaving(person, other, Because.RELATIVE, relation, law.relative_articles)
    if not law.candidate_leaves:
        return None
    if relation == SAME_PERSON:
        return Leaving(person, other, Because.CANDIDATE, relation, law.candidate_articles)
    if relation is None and same_name(person[0], other.name):
        return Leaving(person, other, Because.TO_CHECK, "", law.candidate_articles)
    return None


def same_name(one: str, other: str) -> bool:
    """Whether two names are written the same, however the dots and spaces in them stand."""
    return _bare(one) == _bare(other)


def _bare(name: str) -> str:
    return "".join(sign for sign in name if sign not in " ·•.-").casefold()
