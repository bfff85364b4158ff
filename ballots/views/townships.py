"""The township a page is about, as far as the user may see it."""

from django.http import HttpRequest

from election_admin.accounts.access import get_visible, require
from election_admin.accounts.signed_in import signed_in
from election_admin.places.models import Level, Place


def township_of(request: HttpRequest, code: str, permission: str) -> Place:
    """Return the township; 404 if it is not the user's, PermissionDenied without the permission."""
    places = Place.objects.select_related("parent")
    township = get_visible(places, request, code=code, level=Level.TOWNSHIP)
    require(signed_in(request), permission, township)
    return township
