"""Writing a file that was confirmed: read once more, compared, written, all in one transaction."""

import time
from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.imports import notes, queue
from election_admin.imports.models import ImportJob
from election_admin.imports.reading import Numbered, Tally, open_sheet, read_lines
from election_admin.imports.registry import Change, ImportKind, import_kind
from election_admin.imports.sheets import Sheet
from election_admin.journal import record

# How often, in seconds, it looks up from its rows.
EVERY = 0.25
# Of the whole: reading takes this much of it.
READ_PERCENT = 40


class Stopped(Exception):
    """Somebody has called the import off."""


class Overtaken(Exception):
    """What the rows would do is not what was confirmed."""


def write(claimed: queue.Claim) -> None:
    """Write everything that a file would do, or nothing.

    Raises LostLease, Stopped and Overtaken, whatever the kind refuses, and PermissionDenied when who
    confirmed it may not import any more; nothing is written then.
    """
    job, kind = claimed.job, import_kind(claimed.job.kind)
    watch = _Watch(job)
    watch.look_up()
    # Unpacking a file takes time and no turn.
    sheet = open_sheet(job, kind)
    with transaction.atomic():
        record.take_turn(job.place)
        now = timezone.now()
        actor = _confirmer(job, kind)
        kind.check_open(job.place)
        rows = _read_again(job, kind, sheet, actor, now, watch)
        watch.begin(len(rows), after=READ_PERCENT)
        kind.write(job.place, [row.read for row in rows], actor, now, watch.at)
        queue.finish_writing(claimed, timezone.now())
        watch.look_up()


def _confirmer(job: ImportJob, kind: ImportKind) -> User:
    actor = job.confirmed_by
    if actor is None:
        raise PermissionDenied
    require(actor, kind.permission, job.place)
    return actor


def _read_again(
    job: ImportJob, kind: ImportKind, sheet: Sheet, actor: User, now: datetime, watch: "_Watch"
) -> Sequence[Numbered]:
    """The rows that are to be written. Raises Overtaken unless they are what was confirmed."""
    reader, tally, rows = kind.reader(job.place, actor, timezone.localdate(now)), Tally(), []
    watch.begin(job.rows, up_to=READ_PERCENT)
    for done, row in enumerate(read_lines(sheet.lines(), reader), start=1):
        tally.add(row)
        if row.read.change in {Change.NEW, Change.CHANGED}:
            rows.append(row)
        watch.at(done)
    if tally.preview != job.preview:
        raise Overtaken
    return rows


class _Watch:
    """Says how far the writing has come, and looks whether somebody wants it stopped."""

    def __init__(self, job: ImportJob) -> None:
        self.pk = job.pk
        self.total, self.first, self.last = 1, 0, 100
        self.looked_up_at = 0.0
        self.said = -1

    def begin(self, total: int, *, after: int = 0, up_to: int = 99) -> None:
        """Begin a part of the work that takes the bar from one percentage to another."""
        self.total, self.first, self.last = max(total, 1), after, up_to

    def at(self, done: int) -> None:
        """So many rows of this part are done. Raises Stopped."""
        now = time.monotonic()
        if now - self.looked_up_at >= EVERY:
            self.looked_up_at = now
            self.look_up()
            self._say(self.first + (self.last - self.first) * min(done, self.total) // self.total)

    def look_up(self) -> None:
        """Raise Stopped if somebody wants that."""
        if notes.who_wants_to_stop(self.pk) is not None:
            raise Stopped

    def _say(self, percent: int) -> None:
        if percent != self.said:
            self.said = percent
            notes.note_progress(self.pk, percent)
