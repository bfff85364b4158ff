"""The order in which the law lists those who stand: by votes received, by the strokes of the surname."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from candidates.models import Candidacy
from election_admin.strokes import stroke_key
from villages.models import Election, Mode
from villages.procedures import procedure_of

VOTES = "votes"
STROKES = "surname_strokes"
# The parameter of the rulebook that orders people, by how they come about.
PARAMETERS: Mapping[str, str] = {
    Mode.NOMINATED: "candidate_order",
    Mode.SELF_NOMINATED: "self_nominee_order",
}


def order_of(election: Election, parameters: Mapping[Any, str] = PARAMETERS) -> str | None:
    """How the rulebook orders those who stand in an election: VOTES, STROKES, or not at all."""
    name = {str(mode): parameter for mode, parameter in parameters.items()}.get(election.mode)
    sourced = getattr(procedure_of(election).parameters, name) if name else None
    return sourced.value if sourced else None


def in_order(people: Iterable[Candidacy], order: str | None) -> list[Candidacy]:
    """People in the lawful order: most votes first, by the strokes of the surname, or as entered.

    Where no votes are entered for a post, the number of its supporters stands for them; of equal
    ones the surname with fewer strokes comes first, and who has no number comes last.
    """
    rows = list(people)
    voted = voted_posts(rows) if order == VOTES else frozenset()
    return sorted(
        rows,
        key=lambda one: (_votes_first(one, voted), key_of(one, order, voted=one.post in voted)),
    )


def voted_posts(people: Iterable[Candidacy]) -> frozenset[str]:
    """The posts for which votes received are entered for anybody."""
    return frozenset(one.post for one in people if one.votes is not None)


def key_of(candidacy: Candidacy, order: str | None, *, voted: bool) -> tuple[Any, ...]:
    """What orders people whom votes do not; where there are votes, supporters no longer count."""
    entered = candidacy.pk
    if order == VOTES:
        supporters = 0 if voted else -(candidacy.supporters or 0)
        return supporters, stroke_key(candidacy.person.name), entered
    if order == STROKES:
        return stroke_key(candidacy.person.name), entered
    return (entered,)


def order_words(order: str | None, *, voted: bool = False) -> str:
    """How the people stand, as a list says it. ``voted``: votes received are entered."""
    if order == VOTES and voted:
        return _("以提名（预选）得票多少为序，得票相同的以姓名笔画为序")
    return {
        VOTES: _("以提名人数多少为序，人数相同的以姓名笔画为序"),
        STROKES: _("以姓名笔画为序"),
    }.get(order or "", _("以登记先后为序"))


def _votes_first(candidacy: Candidacy, voted: Collection[str]) -> int:
    if candidacy.post not in voted:
        return 0
    return -candidacy.votes if candidacy.votes is not None else 1
