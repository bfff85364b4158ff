"""Who of those nominated becomes a final candidate 正式候选人: the law's count decides, nobody picks.

Organic Law art. 11: nobody appoints or designates; art. 15: villagers nominate, with more candidates
than seats. Some provinces also say how many more at most (Beijing art. 16, Shanghai art. 12): then
those with the most votes received stand (Beijing art. 20, Shanghai art. 12).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Hindrance(StrEnum):
    """Why somebody cannot be on the list, as the office's records stand."""

    CHOOSING = "choosing"
    NOT_REVIEWED = "not_reviewed"
    NOT_ESTABLISHED = "not_established"
    DISQUALIFIED = "disqualified"
    FROZEN = "frozen"
    NO_SEAT = "no_seat"
    NOT_A_WOMAN = "not_a_woman"


class FaultCode(StrEnum):
    """Why a list cannot be settled as the people stand."""

    NOBODY = "nobody"
    TOO_FEW = "too_few"
    VOTES_MISSING = "votes_missing"
    NO_ORDER = "no_order"
    TIE = "tie"


@dataclass(frozen=True, kw_only=True)
class Post:
    """A post's seats, and by how many its candidates must and may outnumber them.

    ``least`` None: no surplus is asked for, as of self-nominees. ``most`` None: the law sets no
    upper end.
    """

    code: str
    seats: int
    least: int | None
    most: int | None = None

    @property
    def fewest(self) -> int:
        """How many candidates there must be at least."""
        return 0 if self.least is None else self.seats + self.least

    @property
    def limit(self) -> int | None:
        """How many candidates there may be at most, None if any number."""
        return None if self.most is None else self.seats + self.most


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who stands for a post.

    ``key`` orders those whom votes do not order. ``votes`` were received in the nomination or the
    preliminary vote, None where none are entered.
    """

    id: int
    post: str
    key: tuple[Any, ...]
    votes: int | None = None
    hindrances: tuple[Hindrance, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PostList:
    """One post: who is on the list, who is not, both in the lawful order; who is undecided, and why."""

    post: Post
    listed: tuple[int, ...] = ()
    not_listed: tuple[int, ...] = ()
    undecided: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """Somebody who is not considered for a post, and everything that stands against it."""

    id: int
    hindrances: tuple[Hindrance, ...]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Why a post's list cannot be settled.

    ``standing``: how many stand for it; ``people``: whom it is about; ``places``: what they contend for.
    """

    code: FaultCode
    post: Post | None = None
    standing: int = 0
    people: tuple[int, ...] = ()
    places: int = 0


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """What the law makes of those who stand. It is a final list only where there is no fault."""

    posts: tuple[PostList, ...]
    left_out: tuple[LeftOut, ...]
    faults: tuple[Fault, ...]

    @property
    def listed(self) -> tuple[int, ...]:
        """Everybody on the list, post by post."""
        return tuple(person for post in self.posts for person in post.listed)

    @property
    def not_listed(self) -> tuple[int, ...]:
        """Everybody whom others had more votes than, post by post."""
        return tuple(person for post in self.posts for person in post.not_listed)

    def as_json(self) -> dict[str, Any]:
        """The outcome as it is kept."""
        return {
            "posts": [
                {
                    "post": one.post.code,
                    "listed": list(one.listed),
                    "not_listed": list(one.not_listed),
                    "undecided": list(one.undecided),
                }
                for one in self.posts
            ],
            "left_out": [
                {"id": one.id, "hindrances": [each.value for each in one.hindrances]} for one in self.left_out
            ],
            "faults": [
                {
                    "code": one.code.value,
                    "post": one.post.code if one.post else None,
                    "people": list(one.people),
                }
                for one in self.faults
            ],
        }


def settle(posts: Sequence[Post], people: Iterable[Person], *, by_votes: bool) -> Settlement:
    """Settle who is on the final list of each post (Organic Law arts. 11 and 15).

    ``by_votes``: the rulebook orders candidates by votes received; else by their keys alone. Who
    has a hindrance is left out. More than the law allows: those with fewer votes are not on the
    list; nobody is picked from equal votes at the line, they are all named and voted on again.
    """
    known = {post.code for post in posts}
    left_out: list[LeftOut] = []
    standing: dict[str, list[Person]] = {post.code: [] for post in posts}
    for person in people:
        hindrances = person.hindrances
        if person.post not in known:
            hindrances = (*hindrances, Hindrance.NO_SEAT)
        if hindrances:
            left_out.append(LeftOut(id=person.id, hindrances=tuple(sorted(set(hindrances)))))
        else:
            standing[person.post].append(person)
    lists: list[PostList] = []
    faults: list[Fault] = []
    for post in posts:
        outcome, own_faults = _settle_post(post, standing[post.code], by_votes=by_votes)
        lists.append(outcome)
        faults += own_faults
    if not any(standing.values()):
        faults = [Fault(code=FaultCode.NOBODY)]
    return Settlement(
        posts=tuple(lists),
        left_out=tuple(sorted(left_out, key=lambda one: one.id)),
        faults=tuple(faults),
    )


def in_order(people: Iterable[Person], *, by_votes: bool) -> list[Person]:
    """The people of one post in the lawful order: most votes first where there are any, then by key."""
    rows = list(people)
    voted = by_votes and any(person.votes is not None for person in rows)
    return sorted(
        rows,
        key=lambda one: (-(-1 if one.votes is None else one.votes) if voted else 0, one.key, one.id),
    )


def _settle_post(post: Post, people: list[Person], *, by_votes: bool) -> tuple[PostList, list[Fault]]:
    ordered = in_order(people, by_votes=by_votes)
    ids = tuple(person.id for person in ordered)
    if post.limit is not None and len(ordered) > post.limit:
        return _cut(post, ordered, post.limit, by_votes=by_votes)
    faults = []
    if len(ordered) < post.fewest:
        faults.append(Fault(code=FaultCode.TOO_FEW, post=post, standing=len(ordered), people=ids))
    return PostList(post=post, listed=ids), faults


def _cut(post: Post, ordered: list[Person], limit: int, *, by_votes: bool) -> tuple[PostList, list[Fault]]:
    """The list of a post for which more stand than may: votes decide, where there are any."""
    ids = tuple(person.id for person in ordered)
    silent = tuple(person.id for person in ordered if person.votes is None)
    if not by_votes or silent:
        code = FaultCode.VOTES_MISSING if by_votes else FaultCode.NO_ORDER
        fault = Fault(code=code, post=post, standing=len(ids), people=silent or ids, places=limit)
        return PostList(post=post, undecided=ids), [fault]
    line = ordered[limit].votes
    if ordered[limit - 1].votes != line:
        return PostList(post=post, listed=ids[:limit], not_listed=ids[limit:]), []
    above = tuple(one.id for one in ordered if (one.votes or 0) > (line or 0))
    tied = tuple(one.id for one in ordered if one.votes == line)
    fault = Fault(code=FaultCode.TIE, post=post, standing=len(ids), people=tied, places=limit - len(above))
    rest = ids[len(above) + len(tied) :]
    return PostList(post=post, listed=above, not_listed=rest, undecided=tied), [fault]
