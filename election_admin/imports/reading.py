"""Going through a file: what each row would do, what is wrong with it, and what the preview shows."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.translation import gettext as _

from election_admin.encryption import keyed_hash
from election_admin.imports import files, queue
from election_admin.imports.models import ImportJob, ImportRow
from election_admin.imports.registry import Change, Fault, ImportKind, Read, Reader, import_kind
from election_admin.imports.sheets import Line, Sheet, read_sheet

ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Numbered:
    """What was read of a row, and where it stands in the file."""

    number: int
    read: Read


@dataclass
class Tally:
    """How many rows would do what, and one hash of everything that is shown of them."""

    counts: Counter[str] = field(default_factory=Counter)
    digest: Any = field(default_factory=hashlib.sha256)

    def add(self, row: Numbered) -> None:
        read = row.read
        self.counts[read.change] += 1
        faults = [(fault.column, str(fault.sentence)) for fault in read.faults]
        self.digest.update(_canonical([row.number, read.change, read.shown, faults]).encode())

    @property
    def preview(self) -> str:
        """Two readings of which this is the same show the same."""
        return keyed_hash(self.digest.hexdigest())

    def by_name(self) -> dict[str, int]:
        """The counts as an import keeps them."""
        counted = {change.value: self.counts[change] for change in Change}
        return {"rows": sum(counted.values()), **counted}


def open_sheet(job: ImportJob, kind: ImportKind) -> Sheet:
    """Return the sheet of an import. Raises ValidationError for what cannot be read any more."""
    columns = kind.columns(job.place)
    return read_sheet(job.file_name, files.load(job), columns, most_rows=kind.most_rows)


def read_lines(lines: Iterable[Line], reader: Reader) -> Iterator[Numbered]:
    """Read rows with their kind's reader; those with a cell that could not be read without it."""
    for line in lines:
        if line.faults:
            read = Read(Change.WRONG, shown=line.shown, faults=line.faults)
        else:
            read = _agreeing(reader.read(line.cells))
        yield Numbered(line.number, read)


def read(claimed: queue.Claim) -> None:
    """Read a file for its preview. Writes nothing but the preview. Raises LostLease."""
    job, kind = claimed.job, import_kind(claimed.job.kind)
    queue.begin_reading(claimed, timezone.now())
    sheet = open_sheet(job, kind)
    total, tally, batch = len(sheet.numbers()), Tally(), []
    queue.advance(claimed, 5, timezone.now())
    reader = kind.reader(job.place, job.requested_by, timezone.localdate())
    for done, row in enumerate(read_lines(sheet.lines(), reader), start=1):
        tally.add(row)
        batch.append(_kept(job, row))
        if len(batch) == ROWS_AT_ONCE or done == total:
            queue.keep_rows(claimed, batch, 5 + 94 * done // total, timezone.now())
            batch = []
    queue.finish_reading(claimed, tally.by_name(), tally.preview)


def _agreeing(read: Read) -> Read:
    """A row with a fault is wrong, and a wrong row says why."""
    if read.faults and read.change != Change.WRONG:
        return replace(read, change=Change.WRONG)
    if read.change == Change.WRONG and not read.faults:
        return replace(read, faults=(Fault("", _("这一行不能导入，请核对。")),))
    return read


def _kept(job: ImportJob, row: Numbered) -> ImportRow:
    return ImportRow(
        job=job,
        number=row.number,
        change=row.read.change,
        shown=row.read.shown,
        faults=[[fault.column, fault.sentence] for fault in row.read.faults] or None,
    )


def _canonical(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
