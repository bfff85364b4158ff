"""What apps above put on a village's page and on the lists of what is to be done."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Any

from django.db.models import IntegerField, Value
from django.db.models.expressions import Combinable
from django.http import HttpRequest

from election_admin.accounts.models import User
from election_admin.places.models import Place


class Urgency(IntEnum):
    """How soon somebody has to act; a list shows the most urgent first."""

    OVERDUE = 0
    NOW = 1
    SOON = 2


@dataclass(frozen=True)
class Need:
    """One thing a village needs: a sentence, where to do it, how soon."""

    text: str
    url: str
    urgency: Urgency
    due: date | None = None


# Given villages and today, the needs of each by place id, in a fixed number of queries.
NeedSource = Callable[[Collection[Place], date], Mapping[int, Iterable[Need]]]

# Given today, an expression over Place that counts what is overdue there.
OverdueSource = Callable[[date], Combinable]


@dataclass(frozen=True)
class Panel:
    """A part of a village's page: a template and what it shows, for users with the permission."""

    template: str
    context: Callable[[HttpRequest, Place], Mapping[str, Any]]
    permission: str
    order: int


@dataclass(frozen=True)
class HomePart:
    """A part of the home pages of some roles: a template and what it shows a user on a day."""

    template: str
    context: Callable[[User, date], Mapping[str, Any]]
    roles: frozenset[str]
    order: int


_home_parts: list[HomePart] = []
_need_sources: list[tuple[str, NeedSource]] = []
_overdue_sources: list[OverdueSource] = []
_panels: list[Panel] = []


def register_needs(permission: str, source: NeedSource) -> None:
    """Add a source of needs, asked for users who have the permission."""
    _need_sources.append((permission, source))


def register_overdue(source: OverdueSource) -> None:
    """Add a source of what is overdue, for lists that count and sort by it."""
    _overdue_sources.append(source)


def register_panel(panel: Panel) -> None:
    """Add a panel to the village's page."""
    _panels.append(panel)
    _panels.sort(key=lambda one: one.order)


def register_home_part(part: HomePart) -> None:
    """Add a part to the home pages."""
    _home_parts.append(part)
    _home_parts.sort(key=lambda one: one.order)


def home_parts_for(user: User, *, on: date) -> list[tuple[str, Mapping[str, Any]]]:
    """Return (template, context) of each part that is on this user's home page."""
    return [
        (part.template, part.context(user, on))
        for part in _home_parts
        if any(held.role in part.roles for held in user.held_memberships)
    ]


def overdue_count(on: date) -> Combinable:
    """Return an expression over Place: how many things are overdue there."""
    number: Combinable = Value(0, output_field=IntegerField())
    for source in _overdue_sources:
        number = number + source(on)
    return number


def needs_of(user: User, villages: Collection[Place], *, on: date) -> dict[int, list[Need]]:
    """Return what each village needs of this user's office, most urgent first."""
    found: dict[int, list[Need]] = {village.pk: [] for village in villages}
    for permission, source in _need_sources:
        allowed = [village for village in villages if user.has_perm(permission, village)]
        for place_id, needs in source(allowed, on).items():
            found[place_id].extend(needs)
    for needs_here in found.values():
        needs_here.sort(key=lambda need: (need.urgency, need.due or date.max))
    return found


def panels_for(request: HttpRequest, user: User, place: Place) -> list[tuple[str, Mapping[str, Any]]]:
    """Return (template, context) of each panel this user may see of this village."""
    return [
        (panel.template, panel.context(request, place))
        for panel in _panels
        if user.has_perm(panel.permission, place)
    ]
