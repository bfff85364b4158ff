"""What the tests of the final list do again and again: people enough, votes, a review, a list."""

from collections.abc import Mapping
from typing import Any

from candidates.actions import final_lists, votes
from candidates.models import Candidacy, FinalList
from tests.candidates.conftest import make_candidate, make_id_number
from tests.cast import NOW, County
from villages.models import Election

# Two for every seat of the cast but the members', of whom three: the least the law takes.
ENOUGH = {"chair": 2, "vice_chair": 2, "women": 2, "member": 3}


def stand(county: County, posts: Mapping[str, int] = ENOUGH, **changes: Any) -> list[Candidacy]:
    """So many people for each post, each with an ID number of their own."""
    first = Candidacy.objects.count()
    people = [post for post, count in posts.items() for _ in range(count)]
    return [
        make_candidate(
            county,
            f"陈{chr(0x4E00 + first + number)}",
            post=post,
            sex="female" if post == "women" else "male",
            id_number=make_id_number(order=2 * (first + number) + (100 if post == "women" else 101)),
            **changes,
        )
        for number, post in enumerate(people)
    ]


def enter_votes(county: County, given: Mapping[Candidacy, int | None], reason: str = "") -> int:
    """The votes of these people for the post each stands for."""
    return votes.record_votes(
        election=county.election,
        votes={(one.pk, one.post): count for one, count in given.items()},
        reason=reason,
        actor=county.township_official,
        at=NOW,
    )


def settle(county: County, **changes: Any) -> FinalList:
    """The township confirms the list."""
    values: dict[str, Any] = {"election": county.election, "actor": county.township_official, "at": NOW}
    return final_lists.settle_final_list(**(values | changes))


def state_of(candidacy: Candidacy) -> str:
    """Where somebody stands now."""
    return Candidacy.objects.get(pk=candidacy.pk).state


def go_by(county: County, procedure: str) -> None:
    """Let the county's elections go by another rulebook."""
    county.term.procedure = procedure
    county.term.save()
    county.election = Election.objects.get(pk=county.election.pk)
