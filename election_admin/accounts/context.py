"""What every page's frame shows: where am I, is this a demo."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from election_admin.accounts.menu import entries_for
from election_admin.accounts.models import User
from election_admin.places.demo import is_demo


def office(request: HttpRequest) -> dict[str, Any]:
    """The menu and place of the user, and whether the database holds demo data."""
    user = request.user if isinstance(request.user, User) else None
    return {
        "page": _page(request),
        "demo": is_demo(),
        "membership": user.membership if user else None,
        "menu": entries_for(user, request.path) if user else [],
    }


def _page(request: HttpRequest) -> str:
    """Where the language switch comes back to.

    An address that was posted to may take nothing else: then it is the page that held the form.
    """
    if request.method == "GET":
        return request.get_full_path()
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, request.get_host(), require_https=request.is_secure()):
        return reverse("home")
    where = urlsplit(referer)
    return f"{where.path}?{where.query}" if where.query else where.path or reverse("home")
