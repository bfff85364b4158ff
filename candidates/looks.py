"""Whose findings and ID number this user may read just now: each look is short, and journalled first."""

from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from candidates.models import Candidacy

OPEN_FOR = timedelta(minutes=10)
# A finding that was just recorded is shown to whoever recorded it; the journal says so in these words.
TO_RECORD = "录入认定材料"
_KEY = "looks"


def open_until(request: HttpRequest, candidacy: Candidacy, *, at: datetime) -> datetime | None:
    """Return until when the user's look at this candidate lasts, None if everything is masked."""
    stored = request.session.get(_KEY, {}).get(str(candidacy.pk))
    until = parse_datetime(stored) if stored else None
    return until if until and at < until else None


def remember(request: HttpRequest, candidacy: Candidacy, *, at: datetime) -> None:
    """Keep in the session that a look at this candidate was journalled; forget those run out."""
    running = {
        pk: until
        for pk, until in request.session.get(_KEY, {}).items()
        if (parsed := parse_datetime(until)) and at < parsed
    }
    request.session[_KEY] = {**running, str(candidacy.pk): (at + OPEN_FOR).isoformat()}


def forget(request: HttpRequest, candidacy: Candidacy) -> None:
    """Mask this candidate again."""
    looks = dict(request.session.get(_KEY, {}))
    looks.pop(str(candidacy.pk), None)
    request.session[_KEY] = looks
