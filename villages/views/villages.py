"""The page of one village: everything about it, with what to do next on top."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from election_admin.accounts.access import allow
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from villages.models import Term
from villages.registry import needs_of, panels_for
from villages.views.scope import village_of


@allow(Role.TOWNSHIP, Role.COUNTY, Role.COMMITTEE)
@require_safe
def village(request: HttpRequest, code: str) -> HttpResponse:
    """Show a village: what it needs, then each part of what is known and done."""
    place = village_of(request, code)
    user = signed_in(request)
    return render(
        request,
        "villages/village.html",
        {
            "place": place,
            "term": Term.objects.held_in(place),
            "needs": needs_of(user, [place], on=timezone.localdate())[place.pk],
            "panels": panels_for(request, user, place),
        },
    )
