"""The preliminary and the final list of an election, for the office's file: votes, ways, verdicts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy

from candidates.kinds.signers import committee_of, government_of
from candidates.models import POST_TITLES, Candidacy, FinalList
from candidates.order import in_order, order_of, order_words
from election_admin.documents.registry import Kind, register_kind
from election_admin.rulebooks.eligibility_lists import load_eligibility_list
from villages.models import Election, Mode

PRELIMINARY_LIST = "preliminary_list"
FINAL_LIST = "final_list"


@dataclass(frozen=True)
class PostList:
    """One post: its seats, None where the election has none, and its people in the lawful order."""

    title: str
    seats: int | None
    people: tuple[Candidacy, ...]


def preliminary(election: Election, language: str) -> Mapping[str, Any]:
    """Whoever was nominated and has not left, by post; and whoever is out, with how they went."""
    return _context(election, language, lambda one: one.is_standing)


def final(election: Election, language: str) -> Mapping[str, Any]:
    """The final candidates by post; and everybody else who was nominated, with where they stand."""
    settled = FinalList.objects.filter(election=election).only("number", "settled_at").first()
    return {
        **_context(election, language, lambda one: one.state == Candidacy.State.FINAL),
        "final": True,
        "settled": settled,
    }


def _context(election: Election, language: str, is_listed: Callable[[Candidacy], bool]) -> dict[str, Any]:
    order = order_of(election)
    people = in_order(Candidacy.objects.filter(election=election).select_related("person"), order)
    on_it = [one for one in people if is_listed(one)]
    source = load_eligibility_list(election.term.eligibility_list)
    return {
        "election": election,
        "self_nominated": election.mode == Mode.SELF_NOMINATED,
        "posts": _by_post(election, on_it),
        "count": len(on_it),
        "others": [one for one in people if not is_listed(one)],
        "order_words": order_words(order, voted=any(one.votes is not None for one in on_it)),
        "list_title": source.title.in_(language),
        "list_verified": source.verified,
        "committee": committee_of(election.place),
        "government": government_of(election.place.parent),
    }


def _by_post(election: Election, people: Iterable[Candidacy]) -> list[PostList]:
    """The posts by rank; one without seats only if somebody stands for it all the same."""
    rows = list(people)
    seats = {seat.post: seat.seats for seat in election.seats.all()}
    posts = dict.fromkeys([*seats, *(one.post for one in rows)])
    return [
        PostList(
            title=str(POST_TITLES.get(post, post)),
            seats=seats.get(post),
            people=tuple(one for one in rows if one.post == post),
        )
        for post in posts
    ]


def _register(
    code: str, title: Promise, context: Callable[[Election, str], Mapping[str, Any]], name: Promise
) -> None:
    def named(election: Election) -> str:
        return str(name) % {"village": election.place.name, "election": election.title}

    register_kind(
        Kind(
            code=code,
            title=title,
            template="candidates/documents/candidate_list.html",
            subject=lambda: Election.objects.with_place(),
            context=context,
            name=named,
            permission="candidates.see",
        )
    )


_register(
    PRELIMINARY_LIST,
    _lazy("初步候选人名单（存档）"),
    preliminary,
    _lazy("%(village)s%(election)s初步候选人名单（存档）"),
)
_register(
    FINAL_LIST,
    _lazy("正式候选人名单（存档）"),
    final,
    _lazy("%(village)s%(election)s正式候选人名单（存档）"),
)
