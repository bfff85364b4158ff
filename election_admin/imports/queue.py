"""Claiming imports and finishing them: every step one conditional UPDATE (see leases.py).

A worker that lost its lease finds no row to change; what it wrote in the same transaction is then
rolled back with it. So a file is written once, whoever else believes to be writing it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from election_admin.accounts.models import User
from election_admin.imports import files, notes
from election_admin.imports.models import ATTEMPTS, ImportJob, ImportJobQuerySet, ImportRow
from election_admin.journal import record
from election_admin.leases import LostLease

State = ImportJob.State

# Reading renews its lease with each batch of rows.
READING_LEASE = timedelta(seconds=90)
# Writing cannot: nothing gets out of its transaction before the end. So its lease is longer than it
# may take (tasks.TIME_LIMIT); a process of this machine that is gone is noticed at once all the same.
WRITING_LEASE = timedelta(seconds=330)
# A message this old was lost, or waits behind so many that one more does no harm.
SEND_AGAIN_AFTER = timedelta(seconds=60)
SWEEP_SENDS = 100
WORKED = {State.READING: State.QUEUED, State.WRITING: State.CONFIRMED}
"""What is worked on, and as what it waits."""
_HANDED_BACK: dict[str, Any] = {"lease_until": None, "leased_by": ""}
COUNTED = ("rows", "new", "changed", "same", "wrong")


@dataclass(frozen=True)
class Claim:
    """An import and the name under which it is being read or written."""

    job: ImportJob
    holder: str


def claim(pk: int, holder: str, now: datetime) -> Claim | None:
    """Take an import that waits, or whose lease has run out; None if there is nothing to do."""
    for working, lease in ((State.READING, READING_LEASE), (State.WRITING, WRITING_LEASE)):
        free = Q(state=WORKED[working]) | Q(state=working, lease_until__lt=now)
        taken = ImportJob.objects.filter(free, pk=pk, attempts__lt=ATTEMPTS).update(
            state=working,
            progress=0,
            attempts=F("attempts") + 1,
            lease_until=now + lease,
            leased_by=holder,
            started_at=now,
        )
        if taken:
            rows = ImportJob.objects.sealed().select_related("place", "requested_by", "confirmed_by")
            return Claim(rows.get(pk=pk), holder)
    return None


@transaction.atomic
def begin_reading(claimed: Claim, now: datetime) -> None:
    """Remove what an earlier reading left. Raises LostLease."""
    advance(claimed, 1, now)
    ours(claimed).update(preview="", **dict.fromkeys(COUNTED, 0))
    ImportRow.objects.filter(job=claimed.job).delete()


@transaction.atomic
def keep_rows(claimed: Claim, rows: Sequence[ImportRow], progress: int, now: datetime) -> None:
    """Keep rows of the preview and renew the lease, both or neither. Raises LostLease."""
    advance(claimed, progress, now)
    ImportRow.objects.bulk_create(rows)


def advance(claimed: Claim, progress: int, now: datetime) -> None:
    """Note how far the reading has come and renew the lease. Raises LostLease."""
    if not ours(claimed).update(progress=progress, lease_until=now + READING_LEASE):
        raise LostLease(claimed.holder)


def finish_reading(claimed: Claim, counts: dict[str, int], preview: str) -> None:
    """Show the preview and wait until somebody confirms it. Raises LostLease."""
    shown = ours(claimed).update(
        state=State.READ,
        progress=100,
        attempts=0,
        reading=F("reading") + 1,
        preview=preview,
        **counts,
        **_HANDED_BACK,
    )
    if not shown:
        raise LostLease(claimed.holder)


def finish_writing(claimed: Claim, now: datetime) -> None:
    """Mark the import done, inside the transaction that writes it. Raises LostLease."""
    job = claimed.job
    done = ours(claimed).update(state=State.DONE, progress=100, finished_at=now, file="", **_HANDED_BACK)
    if not done:
        raise LostLease(claimed.holder)
    counts = {name: getattr(job, name) for name in COUNTED}
    _journal(job, "imports.finish_import", job.confirmed_by, now, {"kind": job.kind, **counts})
    transaction.on_commit(lambda: _tidy(job))


def read_anew(claimed: Claim, now: datetime) -> None:
    """Have a confirmed import read once more, because what it touches has changed. Raises LostLease."""
    job = claimed.job
    with transaction.atomic():
        record.take_turn(job.place)
        back = ours(claimed).update(
            state=State.QUEUED,
            progress=0,
            attempts=0,
            sent_at=None,
            overtaken=True,
            confirmed_by=None,
            confirmed_at=None,
            **_HANDED_BACK,
        )
        if back:
            _journal(job, "imports.read_anew", None, now, {"kind": job.kind})
    if not back:
        raise LostLease(claimed.holder)
    notes.forget(job.pk)


def stop(claimed: Claim, now: datetime) -> None:
    """Cancel an import whose writing somebody wants stopped. Raises LostLease."""
    if not _stop(ours(claimed), claimed.job, now):
        raise LostLease(claimed.holder)


def fail(claimed: Claim, failure: str, detail: str, now: datetime) -> None:
    """Mark the import failed with the reason. Raises LostLease."""
    if not _fail(ours(claimed), claimed.job, failure, detail, now):
        raise LostLease(claimed.holder)


def requeue_lost(now: datetime) -> int:
    """Put back what dead workers held, and fail what has been begun too often; how many were put back."""
    back = 0
    for job in ImportJob.objects.sealed().filter(state__in=WORKED).select_related("place"):
        if job.is_lost(now):
            held = ImportJob.objects.filter(
                pk=job.pk, state=job.state, leased_by=job.leased_by, lease_until=job.lease_until
            )
            back += hand_back(held, job, str(ImportJob.Failure.WORKER_DIED), str(job.attempts), now)
    return back


def hand_back(held: ImportJobQuerySet, job: ImportJob, failure: str, detail: str, now: datetime) -> int:
    """Put an import back into the queue; cancel it if that was wanted, fail it if begun too often."""
    if job.state == State.WRITING and notes.who_wants_to_stop(job.pk) is not None:
        _stop(held, job, now)
        return 0
    if job.attempts >= ATTEMPTS:
        _fail(held, job, failure, detail, now)
        return 0
    return held.update(state=WORKED[State(job.state)], progress=0, sent_at=None, **_HANDED_BACK)


def unheard(now: datetime, *, after: timedelta = SEND_AGAIN_AFTER) -> list[int]:
    """Return the oldest waiting imports of which no worker has heard lately."""
    waiting = ImportJob.objects.unheard(now - after).order_by("pk")
    return list(waiting.values_list("pk", flat=True)[:SWEEP_SENDS])


def ours(claimed: Claim) -> ImportJobQuerySet:
    """The row, as long as this claim holds it."""
    return ImportJob.objects.filter(pk=claimed.job.pk, state=claimed.job.state, leased_by=claimed.holder)


def _stop(held: ImportJobQuerySet, job: ImportJob, now: datetime) -> bool:
    wanted_by = notes.who_wants_to_stop(job.pk)
    who = User.objects.filter(pk=wanted_by).first() if wanted_by is not None else None
    with transaction.atomic():
        record.take_turn(job.place)
        stopped = held.update(state=State.CANCELLED, progress=0, finished_at=now, file="", **_HANDED_BACK)
        if stopped:
            _journal(job, "imports.cancel_import", who, now, {"kind": job.kind})
    if stopped:
        _tidy(job)
    return bool(stopped)


def _fail(held: ImportJobQuerySet, job: ImportJob, failure: str, detail: str, now: datetime) -> bool:
    with transaction.atomic():
        record.take_turn(job.place)
        failed = held.update(
            state=State.FAILED,
            progress=0,
            finished_at=now,
            failure=failure,
            failure_detail=detail,
            **_HANDED_BACK,
        )
        if failed:
            _journal(job, "imports.fail_import", None, now, {"kind": job.kind, "failure": failure})
    if failed:
        notes.forget(job.pk)
    return bool(failed)


def _tidy(job: ImportJob) -> None:
    """Remove what a finished import does not need any more; the sweep does what this does not get to."""
    notes.forget(job.pk)
    files.discard(job.file)


def _journal(job: ImportJob, verb: str, actor: Any, now: datetime, after: dict[str, Any]) -> None:
    record.append(verb=verb, row=job, actor=actor, place=job.place, at=now, after=after)
