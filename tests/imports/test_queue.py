"""Who may take an import, for how long, and what becomes of work nobody waits for any more."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from election_admin import workers
from election_admin.imports import clearing, files, notes, queue, tasks
from election_admin.imports.models import ATTEMPTS, ImportJob, ImportRow
from election_admin.journal.models import Entry
from election_admin.journal.record import verify
from tests.cast import NOW
from tests.imports.conftest import worked
from tests.imports.excel import people, person, workbook

Ask = Callable[..., ImportJob]
SECOND = timedelta(seconds=1)
ELSEWHERE = "elsewhere/1/1/abc"


def set_to(job: ImportJob, **fields: Any) -> ImportJob:
    if fields.get("state") in {"confirmed", "writing", "done"}:
        fields |= {"confirmed_by": job.requested_by, "confirmed_at": NOW}
    if fields.get("state") in {"done", "failed", "cancelled"}:
        fields = {"finished_at": NOW} | fields
    if fields.get("state") == "failed":
        fields = {"failure": "unexpected"} | fields
    ImportJob.objects.filter(pk=job.pk).update(**fields)
    return ImportJob.objects.get(pk=job.pk)


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        ({}, "reading"),
        ({"attempts": ATTEMPTS - 1}, "reading"),
        ({"attempts": ATTEMPTS}, ""),
        ({"state": "reading", "leased_by": ELSEWHERE, "lease_until": NOW - SECOND}, "reading"),
        ({"state": "reading", "leased_by": ELSEWHERE, "lease_until": NOW}, ""),
        ({"state": "read"}, ""),
        ({"state": "confirmed"}, "writing"),
        ({"state": "confirmed", "attempts": ATTEMPTS}, ""),
        ({"state": "writing", "leased_by": ELSEWHERE, "lease_until": NOW - SECOND}, "writing"),
        ({"state": "writing", "leased_by": ELSEWHERE, "lease_until": NOW + SECOND}, ""),
        ({"state": "done"}, ""),
        ({"state": "failed"}, ""),
        ({"state": "cancelled"}, ""),
    ],
)
def test_claim(ask: Ask, fields: dict[str, Any], taken: str) -> None:
    job = set_to(ask(), **fields)

    claimed = queue.claim(job.pk, "here/1/1/one", NOW)

    assert (claimed.job.state if claimed else "") == taken
    assert ImportJob.objects.get().attempts == job.attempts + bool(taken)
    assert queue.claim(job.pk, "here/2/1/two", NOW) is None


def test_claim_of_no_import(db: None) -> None:
    assert queue.claim(4711, "here/1/1/one", NOW) is None


def test_leases_outlast_what_they_are_for() -> None:
    """A lease that ran out under a living worker would have its work done twice and dropped once."""
    assert timedelta(seconds=tasks.TIME_LIMIT + 10) < queue.WRITING_LEASE


@pytest.mark.parametrize(
    ("fields", "now"),
    [
        ({"state": "reading", "lease_until": NOW - SECOND, "leased_by": ELSEWHERE}, "queued"),
        ({"state": "reading", "lease_until": NOW + SECOND, "leased_by": ELSEWHERE}, "reading"),
        ({"state": "writing", "lease_until": NOW - SECOND, "leased_by": ELSEWHERE}, "confirmed"),
        ({"state": "writing", "lease_until": NOW + SECOND, "leased_by": ELSEWHERE}, "writing"),
        (
            {
                "state": "writing",
                "lease_until": NOW + SECOND,
                "leased_by": f"{workers.machine()}/999999999/1/gone",
            },
            "confirmed",
        ),
        ({"state": "writing", "lease_until": NOW + SECOND, "leased_by": workers.new_claim()}, "writing"),
        (
            {"state": "writing", "lease_until": NOW - SECOND, "leased_by": ELSEWHERE, "attempts": ATTEMPTS},
            "failed",
        ),
        ({"state": "read"}, "read"),
    ],
)
def test_what_a_dead_worker_held(ask: Ask, sent: list[int], fields: dict[str, Any], now: str) -> None:
    job = set_to(ask(), **fields)

    tasks.sweep()

    job.refresh_from_db()
    assert job.state == now
    assert (job.pk in sent) is (now in {"queued", "confirmed"})
    if now == "failed":
        assert job.reason.startswith("后台程序中断了3次")


def test_a_dead_worker_that_was_to_stop(cast: SimpleNamespace, ask: Ask) -> None:
    """Killed between the wish and its fulfilment: nobody begins anew what was called off."""
    job = set_to(ask(), state="writing", lease_until=NOW - SECOND, leased_by=ELSEWHERE)
    notes.wish_to_stop(job.pk, cast.colleague.pk)

    tasks.sweep()

    job.refresh_from_db()
    assert job.state == "cancelled"
    assert Entry.objects.get(verb="imports.cancel_import").actor_id == cast.colleague.pk


def test_what_was_said_lately_is_not_said_again(ask: Ask, sent: list[int]) -> None:
    job = set_to(ask(), sent_at=NOW - queue.SEND_AGAIN_AFTER)
    tasks.sweep()
    assert sent == []

    set_to(job, sent_at=NOW - queue.SEND_AGAIN_AFTER - SECOND)
    tasks.sweep()
    assert sent == [job.pk]


def test_a_reading_begun_anew_leaves_no_row_twice(ask: Ask) -> None:
    job = ask(workbook(people(3)))
    claimed = queue.claim(job.pk, ELSEWHERE, NOW)
    queue.keep_rows(claimed, [ImportRow(job=job, number=2, change="new", shown={})], 10, NOW)
    set_to(job, lease_until=NOW - SECOND)

    job = worked(job)

    assert (job.state, job.attempts, ImportRow.objects.count()) == ("read", 0, 3)


@pytest.mark.parametrize(
    "fields",
    [
        {"progress": 101},
        {"state": "reading"},
        {"state": "read", "lease_until": NOW, "leased_by": ELSEWHERE},
        {"state": "failed", "finished_at": NOW},
        {"state": "done"},
        {"state": "confirmed", "confirmed_at": NOW},
        {"rows": 1},
    ],
)
def test_states_that_cannot_be(ask: Ask, fields: dict[str, Any]) -> None:
    job = ask()
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportJob.objects.filter(pk=job.pk).update(**fields)


def test_nothing_of_a_person_is_in_clear(ask: Ask, read: Ask, folder: Path) -> None:
    """Whoever carries the database or the folder away has carried nobody's name away."""
    secrets = [
        "王小明",
        "330604198012200011",
        "1961-03-07",
        "xiaoming@example.cn",
        "入职日期还没有到",
        "人员.xlsx",
    ]
    read(
        workbook(
            [
                person(1, name="王小明", email="xiaoming@example.cn", hired="1961-03-07"),
                person(2, hired="2030-01-01"),
            ]
        )
    )
    ask(workbook([person(3, name="王小明")]))
    kept = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    with connection.cursor() as cursor:
        for table in ("imports_importjob", "imports_importrow", "journal_entry"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - names of ours
            kept += repr(cursor.fetchall()).encode()

    assert len(kept) > 2_000
    assert [secret for secret in secrets if secret.encode() in kept] == []
    assert b"xl/worksheets" not in kept


def test_a_preview_nobody_confirms_expires(read: Ask) -> None:
    job = read()
    set_to(job, started_at=NOW - clearing.CONFIRM_WITHIN)
    assert clearing.expire(NOW) == 0

    set_to(job, started_at=NOW - clearing.CONFIRM_WITHIN - SECOND)
    assert clearing.expire(NOW) == 1

    job = ImportJob.objects.get()
    assert job.state == "failed"
    assert job.reason.startswith("上传后7天没有确认，已作废")
    assert Entry.objects.get(verb="imports.fail_import").after == {"kind": "staff", "failure": "expired"}


@pytest.mark.parametrize(
    ("fields", "cleared"),
    [
        ({"state": "done", "finished_at": NOW - clearing.KEEP}, False),
        ({"state": "done", "finished_at": NOW - clearing.KEEP - SECOND}, True),
        ({"state": "failed", "finished_at": NOW - SECOND}, False),
        ({"state": "failed", "failure": "expired"}, True),
        ({"state": "failed", "finished_at": NOW - clearing.KEEP - SECOND}, True),
        ({"state": "cancelled"}, True),
        ({"state": "read"}, False),
    ],
)
def test_rows_and_file_go_and_the_numbers_stay(read: Ask, fields: dict[str, Any], cleared: bool) -> None:
    job = set_to(read(), **fields)

    tasks.clear()

    job.refresh_from_db()
    assert (job.cleared_at is not None) is cleared
    assert ImportRow.objects.exists() is not cleared
    assert bool(job.file) is not cleared
    assert (job.rows, job.new) == (3, 3)


def test_files_and_notes_of_nobody_are_removed(ask: Ask, folder: Path) -> None:
    job = ask()
    orphan = files.store(b"of a transaction that did not come about")
    notes.note_progress(4711, 30)

    assert files.discard_orphans(now=(folder / orphan).stat().st_mtime + 3000) == 0
    assert files.discard_orphans(now=(folder / orphan).stat().st_mtime + 4000) == 1
    tasks.clear()

    assert [path.name for path in folder.rglob("*") if path.is_file()] == [job.file]


def test_the_journal_holds(cast: SimpleNamespace, confirmed: Ask) -> None:
    worked(confirmed())

    assert [entry.verb for entry in Entry.objects.order_by("number")] == [
        "imports.request_import",
        "imports.confirm_import",
        "tests.import_staff",
        "imports.finish_import",
    ]
    assert list(verify()) == []


def test_the_clock_sweeps() -> None:
    tasked = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {"imports.sweep", "imports.clear"} <= tasked
