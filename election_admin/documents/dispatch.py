"""Sending word to a worker. Nothing depends on its arrival: the sweep sends again."""

import logging
from collections.abc import Iterable
from datetime import datetime

from kombu.exceptions import KombuError, OperationalError

from election_admin.celery import app
from election_admin.documents.models import Document

logger = logging.getLogger(__name__)

RENDER = "documents.render"
SWEEP = "documents.sweep"


def send(pks: Iterable[int], at: datetime) -> int:
    """Send a message for each document and return how many went out.

    A broker that is away is not the caller's trouble: the rows stay queued and unheard, and
    the sweep sends them once it is back. So the first refusal ends the attempt, unretried.
    """
    sent: list[int] = []
    try:
        for pk in pks:
            app.send_task(RENDER, args=(pk,), retry=False, ignore_result=True)
            sent.append(pk)
    except (OperationalError, KombuError, OSError) as error:
        logger.warning("The queue does not answer, documents wait for it: %s", error)
    Document.objects.filter(pk__in=sent, state=Document.State.QUEUED).update(sent_at=at)
    return len(sent)
