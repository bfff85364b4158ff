"""The morning's letter: what apps have to say in it, each to whom it concerns. This module knows no app.

One letter a day and reader; who sends it and notes that it was sent is an app's. It goes through
mail servers that are not the office's own: no part names a person, or says what was found of one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from election_admin.accounts.models import User


@dataclass(frozen=True)
class LetterPart:
    """What one app says: a line for the subject, paragraphs, how much is late or due, the page it is on."""

    subject: str
    paragraphs: tuple[str, ...]
    overdue: int
    soon: int
    path: str


# Given a reader and today, what there is to say; None for nothing.
PartSource = Callable[[User, date], LetterPart | None]


@dataclass(frozen=True)
class _Source:
    roles: frozenset[str]
    part: PartSource
    order: int


_sources: list[_Source] = []


def register_letter(roles: Iterable[str], part: PartSource, order: int) -> None:
    """Add a part of the letter to whoever holds one of the roles, once, at start."""
    _sources.append(_Source(frozenset(roles), part, order))
    _sources.sort(key=lambda one: one.order)


def parts_for(user: User, *, on: date) -> list[LetterPart]:
    """What there is to say to this reader today, in order; empty for nothing."""
    held = {one.role for one in user.held_memberships}
    found = [source.part(user, on) for source in _sources if held & source.roles]
    return [part for part in found if part is not None]


def readers() -> QuerySet[User]:
    """Everybody who wants the letter, can be reached, and whom some part of it may concern."""
    roles = {role for source in _sources for role in source.roles}
    wanting = User.objects.filter(is_active=True, wants_digest=True, memberships__role__in=roles)
    return wanting.exclude(email="").distinct().order_by("pk")
