"""The county at a glance."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from election_admin.accounts.access import allow
from election_admin.accounts.models import Role


@allow(Role.COUNTY)
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Being written."""
    return HttpResponse("")
