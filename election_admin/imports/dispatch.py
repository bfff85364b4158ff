"""Sending word of imports to a worker. Nothing depends on its arrival: the sweep sends again."""

from collections.abc import Iterable
from datetime import datetime

from election_admin.imports.models import ImportJob
from election_admin.waking import wake

WORK = "imports.work"
SWEEP = "imports.sweep"
CLEAR = "imports.clear"


def send(pks: Iterable[int], at: datetime) -> int:
    """Send a message for each import and return how many went out."""
    sent = wake(WORK, pks)
    waiting = (ImportJob.State.QUEUED, ImportJob.State.CONFIRMED)
    ImportJob.objects.filter(pk__in=sent, state__in=waiting).update(sent_at=at)
    return len(sent)
