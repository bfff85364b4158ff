"""Where somebody lands after logging in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from election_admin.accounts.access import allow
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in

# The page each role works from. A committee member's is the village's own procedure.
HOME_PAGES = {
    Role.COUNTY: "villages:dashboard",
    Role.TOWNSHIP: "villages:village_list",
    Role.COMMITTEE: "ballots:own_procedure",
    Role.DEPARTMENT: "candidates:inbox",
    Role.ADMINISTRATOR: "accounts:account_list",
}


@allow()
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Send each person to the page their work begins on."""
    membership = signed_in(request).membership
    if membership is None:
        return render(request, "home_without_place.html", status=403)
    return redirect(HOME_PAGES[Role(membership.role)])
