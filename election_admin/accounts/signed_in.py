"""The user behind a request that the access middleware has let through."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from election_admin.accounts.models import User


def signed_in(request: HttpRequest) -> User:
    """Return the request's user. Raises PermissionDenied where nobody is logged in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
