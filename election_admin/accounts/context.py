"""What every page's frame shows: where am I, is this a demo."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from election_admin.accounts.menu import entries_for
from election_admin.accounts.models import User
from election_admin.places.demo import is_demo


def office(request: HttpRequest) -> dict[str, Any]:
    """The menu and place of the user, and whether the database holds demo data."""
    user = request.user if isinstance(request.user, User) else None
    return {
        # Where the language switch comes back to: an address that was posted to may take nothing else.
        "page": request.get_full_path() if request.method == "GET" else reverse("home"),
        "demo": is_demo(),
        "membership": user.membership if user else None,
        "menu": entries_for(user, request.path) if user else [],
    }
