"""How long the import of many rows takes: taken in, read for the preview, written.

    python -m benchmarks.import_rows [rows ...]

In one process, on a database of its own: DATABASE_URL where it is set (its tables are filled and
left), else SQLite in a folder that is thrown away. The kind is that of the tests, which compares
each row with what there is; what a real kind does with a row comes on top.
"""

import base64
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django

_folder = tempfile.TemporaryDirectory(prefix="import-rows-")
os.environ.update(
    DATA_DIR=_folder.name,
    DJANGO_SETTINGS_MODULE="election_admin.settings",
    SECRET_KEY=base64.b64encode(os.urandom(48)).decode(),
    FIELD_KEYS=base64.urlsafe_b64encode(b"the benchmark's key, 32 letters!").decode(),
    INDEX_KEY="of the benchmark",
)
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from election_admin.accounts.models import Membership, Role, User  # noqa: E402
from election_admin.celery import app  # noqa: E402
from election_admin.imports import actions, notes, tasks  # noqa: E402
from election_admin.imports.models import ImportJob, ImportRow  # noqa: E402
from election_admin.places.models import Level, Place  # noqa: E402
from tests.imports import staff  # noqa: E402
from tests.imports.excel import people, upload, workbook  # noqa: E402


def _open_office() -> tuple[Place, User]:
    Path(_folder.name, "static").mkdir()
    call_command("migrate", verbosity=0)
    app.send_task = lambda *arguments, **options: None
    place = None
    for level, code in ((Level.PROVINCE, "99"), (Level.CITY, "9901"), (Level.COUNTY, "990101")):
        place = Place.objects.create(code=code, name=code, level=level, parent=place)
    township = Place.objects.create(code="990101101", name="青云镇", level=Level.TOWNSHIP, parent=place)
    user = User.objects.create(login="official", name="王丽")
    Membership.objects.create(user=user, place=township, role=Role.TOWNSHIP)
    staff.register(most_rows=50_000)
    return township, user


@contextmanager
def _watched(pk: int) -> Iterator[set[int]]:
    """The percentages that somebody who looks at the page every tenth of a second would see."""
    seen, over = set(), threading.Event()

    def look() -> None:
        while not over.wait(0.1):
            seen.add(notes.progress_of(pk))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def _expect(true: bool, job: ImportJob) -> None:
    if not true:
        sys.exit(f"{job.state}: {job.reason}")


def _measure(rows: int, place: Place, user: User) -> None:
    User.objects.filter(login__startswith="staff-").delete()
    content = workbook(people(rows), constant_memory=True)
    taken_in, job = _timed(
        lambda: actions.request_import(
            kind=staff.CODE, place=place, file=upload(content), actor=user, at=timezone.now()
        )
    )
    read, _nothing = _timed(lambda: tasks.work(job.pk))
    job = ImportJob.objects.get(pk=job.pk)
    _expect((job.state, job.new) == ("read", rows), job)
    actions.confirm_import(job=job, reading=job.reading, actor=user, at=timezone.now())
    with _watched(job.pk) as seen:
        written, _nothing = _timed(lambda: tasks.work(job.pk))
    job.refresh_from_db()
    there = User.objects.filter(login__startswith="staff-").count()
    _expect((job.state, there) == ("done", rows), job)
    removed, _counts = _timed(lambda: ImportRow.objects.filter(job=job).delete())
    sys.stdout.write(
        f"{rows:>8}  {len(content) / 1e6:>5.1f} MB  {taken_in:>7.1f} s  {read:>7.1f} s  {written:>7.1f} s"
        f"  {len(seen):>9}  {removed:>7.1f} s\n"
    )


def main(counts: list[int]) -> None:
    place, user = _open_office()
    sys.stdout.write(f"{connection.vendor}, {os.cpu_count()} cores, {len(staff.COLUMNS)} columns\n")
    sys.stdout.write("    rows      file   taken in       read    written   progress   removed\n")
    for rows in counts:
        _measure(rows, place, user)


if __name__ == "__main__":
    main([int(count) for count in sys.argv[1:]] or [20_000, 50_000])
