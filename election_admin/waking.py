"""Sending word to the workers. Nothing depends on its arrival: a sweep sends again."""

import logging
from collections.abc import Iterable

from kombu.exceptions import KombuError, OperationalError

from election_admin.celery import app

logger = logging.getLogger(__name__)


def wake(task: str, pks: Iterable[int]) -> list[int]:
    """Send a message for each row of work and return those of which one went out.

    A broker that is away is not the caller's trouble: the rows stay in the queue, unheard, and the
    sweep sends them once it is back. So the first refusal ends the attempt, unretried.
    """
    sent: list[int] = []
    try:
        for pk in pks:
            app.send_task(task, args=(pk,), retry=False, ignore_result=True)
            sent.append(pk)
    except (OperationalError, KombuError, OSError) as error:
        logger.warning("The queue does not answer, the work of %s waits for it: %s", task, error)
    return sent
