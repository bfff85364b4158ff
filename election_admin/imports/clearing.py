"""Personal data of imports is kept no longer than somebody needs it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from election_admin.imports import files, notes
from election_admin.imports.models import ImportJob, ImportRow
from election_admin.journal import record

# A preview nobody has confirmed by then is of a time that has passed.
CONFIRM_WITHIN = timedelta(days=7)
# Long enough to look what was imported, or to ask somebody why it failed.
KEEP = timedelta(days=7)
ROWS_AT_ONCE = 5_000


def expire(now: datetime) -> int:
    """Call off imports whose preview nobody has confirmed; how many there were."""
    waiting = (
        ImportJob.objects.sealed()
        .filter(state=ImportJob.State.READ, started_at__lt=now - CONFIRM_WITHIN)
        .select_related("place")
    )
    return sum(_expire(job, now) for job in waiting)


@transaction.atomic
def _expire(job: ImportJob, now: datetime) -> int:
    record.take_turn(job.place)
    failure = ImportJob.Failure.EXPIRED
    expired = ImportJob.objects.filter(pk=job.pk, state=ImportJob.State.READ, reading=job.reading).update(
        state=ImportJob.State.FAILED,
        progress=0,
        finished_at=now,
        failure=failure,
        failure_detail=str(CONFIRM_WITHIN.days),
    )
    if expired:
        record.append(
            verb="imports.fail_import",
            row=job,
            actor=None,
            place=job.place,
            at=now,
            after={"kind": job.kind, "failure": failure},
        )
    return expired


def clear(now: datetime) -> int:
    """Remove rows and files of finished imports; the numbers stay. How many imports were cleared.

    What was cancelled or has expired is of no use to anybody; the rest is kept for KEEP.
    """
    expired = Q(failure=ImportJob.Failure.EXPIRED)
    useless = expired | Q(state=ImportJob.State.CANCELLED) | Q(finished_at__lt=now - KEEP)
    cleared = 0
    for job in ImportJob.objects.sealed().filter(useless, cleared_at=None):
        _clear_rows(job)
        # Somebody may have tried it again meanwhile.
        cleared += ImportJob.objects.filter(pk=job.pk, finished_at=job.finished_at).update(
            file="", cleared_at=now
        )
    files.discard_orphans()
    written = (ImportJob.State.CONFIRMED, ImportJob.State.WRITING)
    for pk in notes.all_noted():
        if not ImportJob.objects.filter(pk=pk, state__in=written).exists():
            notes.forget(pk)
    return cleared


def _clear_rows(job: ImportJob) -> None:
    """Remove the rows a part at a time: others want to write meanwhile."""
    rows = ImportRow.objects.filter(job=job).order_by("pk")
    while keys := list(rows.values_list("pk", flat=True)[:ROWS_AT_ONCE]):
        ImportRow.objects.filter(pk__gte=keys[0], pk__lte=keys[-1], job=job).delete()
