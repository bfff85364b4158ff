"""Who fills the seats of a round: by votes, then without relatives sitting together."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from .sheet import CountingLaw, Post, Sheet


@dataclass(frozen=True, kw_only=True)
class Tie:
    """People with equal votes for fewer seats: those seats are voted on again between them."""

    post: str
    seats: int
    people: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class VoidWin:
    """A disqualified person whom the votes would have elected; the seat stays empty."""

    post: str
    person: str


@dataclass(frozen=True, kw_only=True)
class Displaced:
    """A winner who may not sit with ``by``, to whom the relation is."""

    post: str
    person: str
    by: str
    relation: str


@dataclass
class Filling:
    """The seats of a round as far as they are filled; ``winners`` by post, most votes first."""

    winners: dict[str, list[str]] = field(default_factory=dict)
    ties: list[Tie] = field(default_factory=list)
    void_wins: list[VoidWin] = field(default_factory=list)
    displaced: list[Displaced] = field(default_factory=list)

    def seats_left(self, post: Post) -> int:
        """Seats neither filled nor waiting for a tie to be voted on again."""
        waiting = sum(tie.seats for tie in self.ties if tie.post == post.code)
        return post.seats - len(self.winners[post.code]) - waiting


@dataclass(frozen=True)
class _KinTie:
    post: str
    people: frozenset[str]


def fill(sheet: Sheet, law: CountingLaw) -> Filling:
    """The seats filled by votes, relatives kept apart as Zhejiang art. 31 has it.

    Whenever two relatives would sit together, the one of lower post or fewer votes is taken
    out and all seats are filled anew, so that whoever moves up is looked at like anyone else.
    """
    displaced: dict[str, Displaced] = {}
    kin_ties: list[_KinTie] = []
    while True:
        filling = _fill_by_votes(sheet, law, frozenset(displaced), kin_ties)
        conflict = _first_conflict(sheet, law, filling)
        if isinstance(conflict, Displaced):
            displaced[conflict.person] = conflict
        elif isinstance(conflict, _KinTie):
            kin_ties.append(conflict)
        else:
            filling.displaced = list(displaced.values())
            return _in_order_of_posts(sheet, filling)


def _fill_by_votes(sheet: Sheet, law: CountingLaw, out: frozenset[str], kin_ties: list[_KinTie]) -> Filling:
    """Highest post first: who wins there is struck from the posts below (and from any equal)."""
    filling = Filling()
    struck = set(out) | set(sheet.seated)
    for post in sorted(sheet.posts, key=lambda post: post.rank):
        filling.winners[post.code] = []
        for group in _passing(sheet, law, post, struck):
            related = [kin.people & set(group) for kin in kin_ties if kin.post == post.code]
            if not _seat_group(sheet, filling, post, group, [k for k in related if len(k) > 1]):
                break
        struck |= set(filling.winners[post.code])
        struck |= {win.person for win in filling.void_wins}
    return filling


def _passing(sheet: Sheet, law: CountingLaw, post: Post, struck: Iterable[str]) -> Iterator[list[str]]:
    """Those with enough votes for a post, most first, in groups of equal votes."""
    votes = sheet.count.votes.get(post.code, {})
    enough = [
        person
        for person, got in votes.items()
        if person not in struck and law.elects(got, sheet.count.collected)
    ]
    for _, group in groupby(sorted(enough, key=lambda p: -votes[p]), key=votes.__getitem__):
        yield list(group)


def _seat_group(
    sheet: Sheet, filling: Filling, post: Post, group: list[str], related: list[frozenset[str]]
) -> bool:
    """Seat people of equal votes; False once the post has no room left for those below."""
    voided = {w.person for w in filling.void_wins if w.post == post.code}
    free = filling.seats_left(post) - len(voided)
    in_kin_tie = frozenset().union(*related)
    alone = [person for person in group if person not in in_kin_tie]
    if free <= 0:
        return False
    if len(alone) + len(related) > free:
        _tie_at_the_cut(sheet, filling, post, group, free)
        return False
    for person in alone:
        if person in sheet.disqualified:
            filling.void_wins.append(VoidWin(post=post.code, person=person))
        else:
            filling.winners[post.code].append(person)
    for kin in related:
        people = tuple(person for person in group if person in kin)
        filling.ties.append(Tie(post=post.code, seats=1, people=people))
    return True


def _tie_at_the_cut(sheet: Sheet, filling: Filling, post: Post, group: list[str], free: int) -> None:
    """Equal votes for too few seats. Nobody disqualified can be voted on again.

    If those who can are no more than the seats, there is nothing left to vote on.
    """
    able = tuple(person for person in group if person not in sheet.disqualified)
    if len(able) > free:
        filling.ties.append(Tie(post=post.code, seats=free, people=able))
    else:
        filling.winners[post.code] += able


def _first_conflict(sheet: Sheet, law: CountingLaw, filling: Filling) -> Displaced | _KinTie | None:
    """The first winner, from the highest rank down and then by votes, related to one kept."""
    kept = list(sheet.seated)
    for post, group in _winners_downwards(sheet, filling):
        for person in group:
            for other in kept:
                relation = sheet.relation(person, other, law.relations)
                if relation:
                    return Displaced(post=post, person=person, by=other, relation=relation)
        related = _related(sheet, law, group)
        if related:
            return _KinTie(post, related)
        kept += group
    return None


def _winners_downwards(sheet: Sheet, filling: Filling) -> list[tuple[str, list[str]]]:
    """Winners in groups of one post and equal votes."""
    groups: list[tuple[int, int, int, str, list[str]]] = []
    for index, post in enumerate(sheet.posts):
        votes = sheet.count.votes.get(post.code, {})
        for got, group in groupby(filling.winners[post.code], key=votes.__getitem__):
            groups.append((post.rank, -got, index, post.code, list(group)))
    return [(code, group) for *_, code, group in sorted(groups)]


def _related(sheet: Sheet, law: CountingLaw, group: list[str]) -> frozenset[str]:
    """The first family among people of equal standing; empty if nobody is related."""
    for person in group:
        family = [person]
        for member in family:
            family += [
                other
                for other in group
                if other not in family and sheet.relation(member, other, law.relations)
            ]
        if len(family) > 1:
            return frozenset(family)
    return frozenset()


def _in_order_of_posts(sheet: Sheet, filling: Filling) -> Filling:
    order = {post.code: index for index, post in enumerate(sheet.posts)}
    filling.winners = {code: filling.winners[code] for code in order}
    filling.ties.sort(key=lambda tie: order[tie.post])
    filling.void_wins.sort(key=lambda win: order[win.post])
    return filling
