"""Claiming documents and finishing them: every step one conditional UPDATE.

Whoever changes the row wins. A worker that lost its lease, to time or to somebody who called
the document off, finds no row to change and drops what it made.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from election_admin.documents import files
from election_admin.documents.models import ATTEMPTS, Document, DocumentQuerySet, documents_folder
from election_admin.journal import record
from election_admin.leases import LostLease

# Longer than a document may take (tasks.TIME_LIMIT): a lease runs out only under the dead.
LEASE = timedelta(seconds=90)
# A message this old was lost, or waits behind so many that one more does no harm.
SEND_AGAIN_AFTER = timedelta(seconds=60)
# How many documents one sweep sends word of, oldest first; more than workers make meanwhile.
SWEEP_SENDS = 100


@dataclass(frozen=True)
class Claim:
    """A document and the name under which it is being made."""

    document: Document
    holder: str

    @property
    def token(self) -> str:
        """The part of the name that no other claim has."""
        return self.holder.rpartition("/")[2]


def claim(pk: int, holder: str, now: datetime) -> Claim | None:
    """Take a document that waits, or whose lease has run out; None if there is nothing to do."""
    free = Q(state=Document.State.QUEUED) | Q(state=Document.State.RUNNING, lease_until__lt=now)
    taken = Document.objects.filter(free, pk=pk, attempts__lt=ATTEMPTS).update(
        state=Document.State.RUNNING,
        stage=Document.Stage.GATHERING,
        progress=5,
        attempts=F("attempts") + 1,
        lease_until=now + LEASE,
        leased_by=holder,
        started_at=now,
    )
    if taken:
        return Claim(Document.objects.select_related("place").get(pk=pk), holder)
    return None


def advance(claimed: Claim, stage: str, progress: int, now: datetime) -> None:
    """Note how far the making has come and renew the lease. Raises LostLease."""
    if not _ours(claimed).update(stage=stage, progress=progress, lease_until=now + LEASE):
        raise LostLease(claimed.holder)


def finish(claimed: Claim, content: bytes, now: datetime) -> None:
    """Put the file in its place, then mark the document ready. Raises LostLease.

    In this order a ready document always has its file. A file whose row did not change is
    removed here; one left by a kill between the two is removed by whoever finishes next.
    """
    pk = claimed.document.pk
    try:
        stored = files.store(pk, claimed.token, content, sealed=claimed.document.is_confidential)
    except FileNotFoundError as error:  # a newer claim has finished and cleared up
        raise LostLease(claimed.holder) from error
    with transaction.atomic():
        record.take_turn(claimed.document.place)
        kept = _ours(claimed).update(
            state=Document.State.READY,
            stage=Document.Stage.WAITING,
            progress=100,
            lease_until=None,
            leased_by="",
            finished_at=now,
            file=stored.name,
            sha256=stored.sha256,
            size=stored.size,
        )
        if kept:
            _journal(claimed.document, "documents.finish_document", now, {"sha256": stored.sha256})
    if not kept:
        (documents_folder() / stored.name).unlink(missing_ok=True)
        raise LostLease(claimed.holder)
    files.discard(pk, keep=stored.name)


def fail(claimed: Claim, failure: str, detail: str, now: datetime) -> None:
    """Mark the document failed with the reason. Raises LostLease."""
    if not _fail(_ours(claimed), claimed.document, failure, detail, now):
        raise LostLease(claimed.holder)


def requeue_lost(now: datetime) -> int:
    """Put back what dead workers held, and fail what has been begun too often.

    Returns how many were put back.
    """
    back = 0
    for document in Document.objects.filter(state=Document.State.RUNNING).select_related("place"):
        if not document.is_lost(now):
            continue
        held = Document.objects.filter(
            pk=document.pk,
            state=Document.State.RUNNING,
            leased_by=document.leased_by,
            lease_until=document.lease_until,
        )
        if document.attempts >= ATTEMPTS:
            _fail(held, document, Document.Failure.WORKER_DIED, str(document.attempts), now)
        else:
            back += held.update(
                state=Document.State.QUEUED,
                stage=Document.Stage.WAITING,
                progress=0,
                lease_until=None,
                leased_by="",
                sent_at=None,
            )
    return back


def unheard(now: datetime, *, after: timedelta = SEND_AGAIN_AFTER) -> list[int]:
    """Return the oldest waiting documents of which no worker has heard lately."""
    waiting = Document.objects.unheard(now - after).order_by("pk")
    return list(waiting.values_list("pk", flat=True)[:SWEEP_SENDS])


def _ours(claimed: Claim) -> DocumentQuerySet:
    return Document.objects.filter(
        pk=claimed.document.pk, state=Document.State.RUNNING, leased_by=claimed.holder
    )


def _fail(rows: DocumentQuerySet, document: Document, failure: str, detail: str, now: datetime) -> bool:
    with transaction.atomic():
        record.take_turn(document.place)
        failed = rows.update(
            state=Document.State.FAILED,
            stage=Document.Stage.WAITING,
            lease_until=None,
            leased_by="",
            finished_at=now,
            failure=failure,
            failure_detail=detail[:200],
        )
        if failed:
            _journal(document, "documents.fail_document", now, {"failure": failure, "detail": detail})
    if failed:
        files.discard(document.pk)
    return bool(failed)


def _journal(document: Document, verb: str, now: datetime, after: dict[str, str]) -> None:
    record.append(verb=verb, row=document, actor=None, place=document.place, at=now, after=after)
