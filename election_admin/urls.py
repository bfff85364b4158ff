"""All addresses of the office."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_safe

from election_admin.accounts.access import allow_anybody
from villages.views.home import home


@allow_anybody
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Tell a supervisor that the server answers."""
    return HttpResponse("ok", content_type="text/plain")


# Which error it was decides what is said.
handler500 = "election_admin.busy.server_error"

urlpatterns = [
    path("", home, name="home"),
    path("health/", health, name="health"),
    path("", include("election_admin.accounts.urls")),
    path("documents/", include("election_admin.documents.urls")),
    path("evidence/", include("election_admin.evidence.urls")),
    path("imports/", include("election_admin.imports.urls")),
    path("villages/", include("villages.urls")),
    path("candidates/", include("candidates.urls")),
    path("elections/", include("ballots.urls")),
]
