"""Each view says who may use it, and each row is fetched as the user's own or not at all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import rules
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from election_admin.accounts.models import User
from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet

ViewT = TypeVar("ViewT", bound=Callable[..., Any])
ModelT = TypeVar("ModelT", bound=models.Model)


@dataclass(frozen=True)
class Access:
    """Who may use a view: anybody, whoever is logged in, or who holds one of the roles somewhere."""

    roles: frozenset[str] = frozenset()
    """None at all: it is enough to be logged in."""
    public: bool = False

    def allows(self, user: Any) -> bool:
        """Whether this user may use the view at all; rows are checked by the view."""
        if self.public:
            return True
        if not user.is_authenticated:
            return False
        return not self.roles or any(user.holds(role) for role in self.roles)


def allow(*roles: str) -> Callable[[ViewT], ViewT]:
    """Declare which roles may use a view; with none named, any user who is logged in."""
    return _declare(Access(frozenset(roles)))


def allow_anybody(view: ViewT) -> ViewT:
    """Declare a view that needs no login: the log-in page, the language switch."""
    return _declare(Access(public=True))(view)


def _declare(access: Access) -> Callable[[ViewT], ViewT]:
    def mark(view: ViewT) -> ViewT:
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark


def place_of(row: Any) -> Place:
    """Return the place a row belongs to: itself, or what its ``place`` says."""
    return row if isinstance(row, Place) else row.place


def holds(*roles: str) -> Any:
    """Return a rules predicate: the user has one of the roles at a place containing the row's."""

    @rules.predicate
    def holds_role(user: User, row: Any = None) -> bool:
        place = None if row is None else place_of(row)
        return any(user.holds(role, place) for role in roles)

    return holds_role


@dataclass(frozen=True)
class Reach:
    """Subtrees to limit rows to, where not every membership of a user counts."""

    place_codes: tuple[str, ...]


def reach_of(user: User, *roles: str) -> Reach:
    """Return the subtrees in which the user holds one of the roles."""
    return Reach(tuple(held.place.code for held in user.held_memberships if held.role in roles))


def require(user: User, permission: str, row: Any) -> None:
    """Raise PermissionDenied unless the rules allow the user this on the row."""
    if not user.has_perm(permission, row):
        raise PermissionDenied(_("您没有办理此项工作的权限。"))


def get_visible(queryset: PlaceScopedQuerySet[ModelT], request: HttpRequest, **lookup: Any) -> ModelT:
    """Return the one row that the user may see, else 404: not found and not yours look the same."""
    try:
        return queryset.visible_to(request.user).get(**lookup)
    except (ObjectDoesNotExist, ValueError, OverflowError) as error:
        raise Http404(_("没有找到。")) from error
