"""What a worker does when it is woken: look at the row, and do what it says."""

import logging
from datetime import timedelta
from typing import Any

from billiard.exceptions import SoftTimeLimitExceeded
from celery import shared_task
from celery.signals import worker_init, worker_process_init, worker_ready
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from election_admin.documents import queue, rendering
from election_admin.documents.dispatch import RENDER, SWEEP, send
from election_admin.documents.files import discard_orphans
from election_admin.documents.models import Document
from election_admin.documents.registry import UnknownKind, kind
from election_admin.leases import LostLease
from election_admin.workers import new_claim

logger = logging.getLogger(__name__)

# Below queue.LEASE, so that a document that hangs fails before anybody takes it for lost.
TIME_LIMIT = 75
# How long a child may take until it reports for work: it lays out a page of every face first.
CHILD_STARTS_WITHIN = 60.0


@shared_task(name=RENDER, soft_time_limit=TIME_LIMIT, time_limit=TIME_LIMIT + 10)
def render(pk: int) -> None:
    """Make one document, if it still wants making."""
    claimed = queue.claim(pk, new_claim(), timezone.now())
    if claimed is None:
        return
    try:
        content = _made(claimed)
        queue.finish(claimed, content, timezone.now())
    except LostLease:
        logger.info("Document %s is no longer ours; its result is dropped.", pk)
    except rendering.RenderingFailed as error:
        _fail(claimed, error.failure, error.detail)
    except UnknownKind:
        _fail(claimed, Document.Failure.KIND_GONE)
    except ObjectDoesNotExist:
        _fail(claimed, Document.Failure.SUBJECT_GONE)
    except SoftTimeLimitExceeded:
        _fail(claimed, Document.Failure.TOO_LONG)
    except Exception as error:
        logger.exception("Document %s failed.", pk)
        _fail(claimed, Document.Failure.UNEXPECTED, type(error).__name__)


@shared_task(name=SWEEP)
def sweep() -> None:
    """Put back what dead workers held and send again what no worker has heard of."""
    now = timezone.now()
    queue.requeue_lost(now)
    send(queue.unheard(now), now)
    discard_orphans()


def _made(claimed: queue.Claim) -> bytes:
    document = claimed.document
    its_kind = kind(document.kind)
    subject = its_kind.subject().get(pk=document.subject_id)
    html = rendering.document_html(document, its_kind, subject)
    queue.advance(claimed, Document.Stage.LAYING_OUT, 20, timezone.now())
    return rendering.render_pdf(
        html, lambda: queue.advance(claimed, Document.Stage.WRITING, 80, timezone.now())
    )


def _fail(claimed: queue.Claim, failure: str, detail: str = "") -> None:
    try:
        queue.fail(claimed, failure, detail, timezone.now())
    except LostLease:
        logger.info("Document %s is no longer ours; its failure is dropped.", claimed.document.pk)


@worker_init.connect
def _check_worker(sender: Any = None, **kwargs: Any) -> None:
    rendering.refuse_without_subsetter()
    sender.app.conf.worker_proc_alive_timeout = CHILD_STARTS_WITHIN


@worker_process_init.connect
def _prepare_child(**kwargs: Any) -> None:
    rendering.prepare_process()


@worker_ready.connect
def _take_up_what_was_left(**kwargs: Any) -> None:
    """Look for work at once: what was sent to the worker before this one died with it."""
    now = timezone.now()
    queue.requeue_lost(now)
    send(queue.unheard(now, after=timedelta()), now)
