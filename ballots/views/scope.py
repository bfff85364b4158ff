"""The election a page is about, as far as the user may see it."""

from django.http import HttpRequest

from election_admin.accounts.access import get_visible, require
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from villages.models import Election

READERS = (Role.TOWNSHIP, Role.COUNTY, Role.COMMITTEE)


def election_of(request: HttpRequest, pk: int, permission: str = "ballots.see_procedure") -> Election:
    """Return the election; 404 if it is not the user's, PermissionDenied without the permission."""
    election = get_visible(Election.objects.with_place(), request, pk=pk)
    require(signed_in(request), permission, election)
    return election
