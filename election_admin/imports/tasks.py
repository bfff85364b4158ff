"""What a worker does when it is woken: look at the row, and read or write what it says."""

import logging
import traceback
from datetime import timedelta
from typing import Any

from billiard.exceptions import SoftTimeLimitExceeded
from celery import shared_task
from celery.signals import worker_ready
from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
from django.db import InterfaceError, OperationalError
from django.utils import timezone, translation

from election_admin.imports import clearing, queue, reading, writing
from election_admin.imports.dispatch import CLEAR, SWEEP, WORK, send
from election_admin.imports.models import ImportJob
from election_admin.imports.registry import UnknownKind
from election_admin.leases import LostLease
from election_admin.sentences import one_after_another
from election_admin.workers import new_claim

logger = logging.getLogger(__name__)

# Below queue.WRITING_LEASE, so that what hangs fails before anybody takes it for lost.
TIME_LIMIT = 300
_FAILURES: dict[type[BaseException], str] = {
    UnknownKind: ImportJob.Failure.KIND_GONE,
    PermissionDenied: ImportJob.Failure.FORBIDDEN,
    FileNotFoundError: ImportJob.Failure.FILE_GONE,
    ImproperlyConfigured: ImportJob.Failure.FILE_GONE,
    SoftTimeLimitExceeded: ImportJob.Failure.TOO_LONG,
}


@shared_task(name=WORK, soft_time_limit=TIME_LIMIT, time_limit=TIME_LIMIT + 10)
def work(pk: int) -> None:
    """Read or write one import, if it still wants that."""
    claimed = queue.claim(pk, new_claim(), timezone.now())
    if claimed is None:
        return
    try:
        with translation.override(claimed.job.language):
            _work(claimed)
    except LostLease:
        logger.info("Import %s is no longer ours; what was made of it is dropped.", pk)


@shared_task(name=SWEEP)
def sweep() -> None:
    """Put back what dead workers held and send again what no worker has heard of."""
    now = timezone.now()
    queue.requeue_lost(now)
    send(queue.unheard(now), now)


@shared_task(name=CLEAR)
def clear() -> None:
    """Call off what nobody confirmed, and remove what finished imports do not need any more."""
    now = timezone.now()
    clearing.expire(now)
    clearing.clear(now)


def _work(claimed: queue.Claim) -> None:
    job, now = claimed.job, timezone.now
    try:
        if job.state == ImportJob.State.READING:
            reading.read(claimed)
        else:
            writing.write(claimed)
    except LostLease:
        raise
    except writing.Stopped:
        queue.stop(claimed, now())
    except writing.Overtaken:
        queue.read_anew(claimed, now())
        send([job.pk], now())
    except ValidationError as error:
        queue.fail(claimed, ImportJob.Failure.REFUSED, one_after_another(error.messages), now())
    except tuple(_FAILURES) as error:
        queue.fail(
            claimed, next(_FAILURES[one] for one in type(error).__mro__ if one in _FAILURES), "", now()
        )
    except (OperationalError, InterfaceError) as error:
        # The database was busy or away: that passes.
        logger.warning("Import %s is put back: %s", job.pk, type(error).__name__)
        failure, detail = ImportJob.Failure.UNEXPECTED, type(error).__name__
        queue.hand_back(queue.ours(claimed), job, str(failure), detail, now())
    except Exception as error:
        # Where, but not the message: a database puts the row into it, and a log is no place for people.
        where = "".join(traceback.format_tb(error.__traceback__))
        logger.error("Import %s failed: %s\n%s", job.pk, type(error).__name__, where)
        queue.fail(claimed, ImportJob.Failure.UNEXPECTED, type(error).__name__, now())


@worker_ready.connect
def _take_up_what_was_left(**kwargs: Any) -> None:
    """Look for work at once: what was sent to the worker before this one died with it."""
    now = timezone.now()
    queue.requeue_lost(now)
    send(queue.unheard(now, after=timedelta()), now)
