"""The villages of a township or county, with what each needs."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from election_admin.accounts.access import allow
from election_admin.accounts.models import Role


@allow(Role.TOWNSHIP, Role.COUNTY)
@require_safe
def village_list(request: HttpRequest) -> HttpResponse:
    """Being written."""
    return HttpResponse("")
