"""Sending word of documents to a worker. Nothing depends on its arrival: the sweep sends again."""

from collections.abc import Iterable
from datetime import datetime

from election_admin.documents.models import Document
from election_admin.waking import wake

RENDER = "documents.render"
SWEEP = "documents.sweep"


def send(pks: Iterable[int], at: datetime) -> int:
    """Send a message for each document and return how many went out."""
    sent = wake(RENDER, pks)
    Document.objects.filter(pk__in=sent, state=Document.State.QUEUED).update(sent_at=at)
    return len(sent)
