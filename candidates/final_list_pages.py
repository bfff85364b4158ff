"""The final list as its page shows it: post by post, with reasons; and as it was settled before."""

from dataclasses import dataclass

from candidates.final_lists import Proposal
from candidates.list_words import (
    HINDRANCES,
    hold_ups,
    left_out_rows,
    limits_words,
    list_order_words,
    post_title,
)
from candidates.models import Candidacy, FinalList
from candidates.rules.final_list import Hindrance
from election_admin.sentences import listed
from villages.models import Election


@dataclass(frozen=True)
class ShownPost:
    """One post of the list."""

    title: str
    seats: int
    limits: str
    listed: tuple[Candidacy, ...]
    undecided: tuple[Candidacy, ...]
    not_listed: tuple[Candidacy, ...]


@dataclass(frozen=True)
class ShownLeftOut:
    """Somebody who is not considered, and why. ``waiting``: they must be settled first."""

    candidacy: Candidacy
    reasons: str
    waiting: bool


@dataclass(frozen=True)
class ListPage:
    """The whole proposal; ``mark`` is confirmed with it."""

    posts: tuple[ShownPost, ...]
    left_out: tuple[ShownLeftOut, ...]
    hold_ups: tuple[str, ...]
    order: str
    mark: str


@dataclass(frozen=True)
class SettledPost:
    """One post of a list as it was settled: names and votes of the day."""

    title: str
    listed: tuple[tuple[str, int | None], ...]
    not_listed: tuple[tuple[str, int | None], ...]


@dataclass(frozen=True)
class SettledList:
    """A list as it was settled."""

    row: FinalList
    posts: tuple[SettledPost, ...]
    left_out: tuple[tuple[str, str], ...]


def list_page(proposal: Proposal) -> ListPage:
    """The proposal in words."""
    waiting = {one.id for one in proposal.waiting}
    people = proposal.people
    return ListPage(
        posts=tuple(
            ShownPost(
                title=post_title(one.post.code),
                seats=one.post.seats,
                limits=limits_words(proposal.election, one.post),
                listed=tuple(people[pk] for pk in one.listed),
                undecided=tuple(people[pk] for pk in one.undecided),
                not_listed=tuple(people[pk] for pk in one.not_listed),
            )
            for one in proposal.settlement.posts
        ),
        left_out=tuple(
            ShownLeftOut(people[pk], reasons, pk in waiting) for pk, _name, reasons in left_out_rows(proposal)
        ),
        hold_ups=tuple(hold_ups(proposal)),
        order=list_order_words(proposal),
        mark=proposal.mark,
    )


def settled_lists(election: Election) -> list[SettledList]:
    """Every list that was settled, the last one first, each from its own snapshot."""
    rows = FinalList.objects.filter(election=election).select_related("settled_by")
    return [_settled(row) for row in rows]


def _settled(row: FinalList) -> SettledList:
    case, answer = row.snapshot["case"], row.snapshot["answer"]
    people = {one["id"]: (one["name"], one["votes"]) for one in case["people"]}
    return SettledList(
        row=row,
        posts=tuple(
            SettledPost(
                title=post_title(one["post"]),
                listed=tuple(people[pk] for pk in one["listed"]),
                not_listed=tuple(people[pk] for pk in one["not_listed"]),
            )
            for one in answer["posts"]
        ),
        left_out=tuple(
            (people[one["id"]][0], listed(HINDRANCES[Hindrance(each)] for each in one["hindrances"]))
            for one in answer["left_out"]
        ),
    )
