"""The village or township a page is about, as far as the user may see it."""

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from election_admin.accounts.access import get_visible, require
from election_admin.accounts.signed_in import signed_in
from election_admin.places.models import Kind, Level, Place
from villages.models import Term


def village_of(request: HttpRequest, code: str, permission: str | None = None) -> Place:
    """Return the village with this code; 404 if it is not the user's, or not a village.

    With a permission named, raises PermissionDenied unless the user holds it there.
    """
    place = get_visible(Place.objects.select_related("parent"), request, code=code, kind=Kind.VILLAGE)
    if permission is not None:
        require(signed_in(request), permission, place)
    return place


def township_of(request: HttpRequest, code: str, permission: str) -> Place:
    """Return the township; 404 if it is not the user's, PermissionDenied without the permission."""
    places = Place.objects.select_related("parent")
    township = get_visible(places, request, code=code, level=Level.TOWNSHIP)
    require(signed_in(request), permission, township)
    return township


def term_of(place: Place) -> Term:
    """Return the term being held where the village lies; 404 while there is none."""
    term = Term.objects.held_in(place)
    if term is None:
        raise Http404(_("县里还没有建立本届换届，请与县级审核员联系。"))
    return term
