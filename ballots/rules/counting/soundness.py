"""Whether a count sheet can be true, and whether the vote on it stands."""

from collections.abc import Iterator
from dataclasses import dataclass

from .sheet import CountingLaw, Post, Sheet


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Why nothing is decided; post and person where it is about one."""

    code: str
    post: str | None = None
    person: str | None = None


def inconsistencies(sheet: Sheet) -> Iterator[Problem]:
    """Everything on the sheet that cannot be true: totals, then post by post, then strangers."""
    count = sheet.count
    if count.issued > count.registered:
        yield Problem(code="issued_over_registered")
    if count.void > count.collected:
        yield Problem(code="void_over_collected")
    for post in sheet.posts:
        yield from _of_post(sheet, post)
    known = {post.code for post in sheet.posts}
    for post_code in count.votes:
        if post_code not in known:
            yield Problem(code="unknown_post", post=post_code)


def _of_post(sheet: Sheet, post: Post) -> Iterator[Problem]:
    count = sheet.count
    votes = count.votes.get(post.code, {})
    # With more void ballots than ballots, what is valid is unknown: nothing can exceed it.
    known = count.void <= count.collected
    for person, got in votes.items():
        if person not in sheet.people:
            yield Problem(code="unknown_person", post=post.code, person=person)
        elif post.women_only and got > 0 and not sheet.people[person]:
            yield Problem(code="not_a_woman", post=post.code, person=person)
        if known and got > count.valid:
            yield Problem(code="votes_over_valid", post=post.code, person=person)
    if known and sum(votes.values()) > post.seats * count.valid:
        yield Problem(code="votes_over_seats", post=post.code)


def invalidities(sheet: Sheet, law: CountingLaw) -> Iterator[Problem]:
    """Why the vote itself fails.

    More ballots than were handed out void it (Zhejiang art. 27, Beijing art. 28, Shanghai
    art. 19); more than half of the registered must have voted (Organic Law art. 15).
    """
    count = sheet.count
    if count.collected > count.issued:
        yield Problem(code="more_ballots_than_voters")
    if law.turnout_above is not None and count.collected <= law.turnout_above * count.registered:
        yield Problem(code="turnout")
