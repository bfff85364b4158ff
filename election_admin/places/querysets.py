"""Which rows lie where, and who may see them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

from django.db import models

if TYPE_CHECKING:
    from election_admin.places.models import Place  # noqa: F401

CODE_LENGTH = 12
ModelT = TypeVar("ModelT", bound=models.Model)


class HasPlaces(Protocol):
    """Whoever is limited to the subtrees of some places."""

    @property
    def place_codes(self) -> Iterable[str]: ...


def within(code: str, field: str) -> models.Q:
    """Return the condition that the code in ``field`` is ``code`` or lies below it.

    A range of digits rather than LIKE: any database uses its index, under any collation.
    """
    return models.Q(**{f"{field}__gte": code, f"{field}__lte": code.ljust(CODE_LENGTH, "9")})


class PlaceScopedQuerySet(models.QuerySet[ModelT]):
    """Rows that belong to a place; ``place_code_field`` is the path to its code."""

    place_code_field = "place__code"

    def within(self, code: str) -> Self:
        """Only rows of the place with this code and of the places below it."""
        return self.filter(within(code, self.place_code_field))

    def visible_to(self, user: HasPlaces | Any) -> Self:
        """Only rows in a subtree the user belongs to; nothing for a user of no place."""
        condition = models.Q(pk__in=[])
        for code in user.place_codes:
            condition |= within(code, self.place_code_field)
        return self.filter(condition)


class PlaceQuerySet(PlaceScopedQuerySet["Place"]):
    """Places themselves."""

    place_code_field = "code"

    def villages(self) -> Self:
        """Only places where a villagers' committee is elected."""
        return self.filter(kind="village")

    def townships(self) -> Self:
        """Only townships and streets."""
        return self.filter(level="township")
