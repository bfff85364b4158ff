"""What somebody is told whose act had to wait too long for another's."""

import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error as went_wrong

# SQLite has one writer; whoever waits longer than its timeout is refused in these words.
_LOCKED = "locked"
_WAIT_SECONDS = 60


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that nothing was changed: and, where only a long write was in the way, to try again."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError) and _LOCKED in str(error):
        return HttpResponse(
            render_to_string("503.html"), status=503, headers={"Retry-After": str(_WAIT_SECONDS)}
        )
    return went_wrong(request)
