"""What was confirmed is written, all of it and once, or nothing is."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from billiard.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import ValidationError
from django.db import OperationalError

from election_admin.accounts.models import User
from election_admin.imports import actions, notes, queue, tasks
from election_admin.imports.models import ATTEMPTS, ImportJob, ImportRow
from election_admin.imports.registry import Change, Fault, Read, import_kind
from election_admin.journal.models import Entry
from election_admin.leases import LostLease
from tests.cast import NOW
from tests.imports import staff
from tests.imports.conftest import worked
from tests.imports.excel import people, person, workbook

Ask = Callable[..., ImportJob]


def staff_there() -> int:
    return User.objects.filter(login__startswith="staff-").count()


def writes(monkeypatch: pytest.MonkeyPatch, write: Callable[..., None]) -> None:
    """Has the kind write in another way."""
    monkeypatch.setitem(vars(import_kind(staff.CODE)), "write", write)


def test_confirmed_rows_are_written(cast: SimpleNamespace, confirmed: Ask) -> None:
    User.objects.create(login="staff-1", name="张四")

    job = worked(confirmed(workbook(people(3))))

    assert (job.state, job.progress, job.new, job.changed) == ("done", 100, 2, 1)
    assert job.finished_at == NOW
    assert set(User.objects.filter(login__startswith="staff-").values_list("name", flat=True)) == {"张三"}
    entry = Entry.objects.get(verb="imports.finish_import")
    assert entry.after == {"kind": "staff", "rows": 3, "new": 2, "changed": 1, "same": 0, "wrong": 0}
    assert entry.actor_id == cast.official.pk
    assert Entry.objects.get(verb=staff.VERB).after == {"rows": 3}


def test_a_second_message_writes_nothing_anew(confirmed: Ask) -> None:
    job = worked(confirmed())

    worked(job)

    assert Entry.objects.filter(verb=staff.VERB).count() == 1


def test_the_file_goes_with_the_writing(
    folder: Path, confirmed: Ask, django_capture_on_commit_callbacks: Any
) -> None:
    job = confirmed()
    assert len(list(folder.glob("*.sealed"))) == 1

    with django_capture_on_commit_callbacks(execute=True):
        job = worked(job)

    assert (job.file, [path for path in folder.rglob("*") if path.is_file()]) == ("", [])
    assert ImportRow.objects.filter(job=job).count() == 3


def test_a_wrong_row_keeps_every_other_from_being_written(cast: SimpleNamespace, read: Ask) -> None:
    """All or nothing: half a list is harder to put right than none."""
    job = read(workbook([*people(50), person(51, active="也许")]))

    with pytest.raises(ValidationError, match="还有1行有误，改正以前一行都不会写入"):
        actions.confirm_import(job=job, reading=job.reading, actor=cast.official, at=NOW)

    assert worked(job).state == "read"
    assert staff_there() == 0


def test_what_somebody_changed_since_the_preview_is_shown_again_and_not_overwritten(
    cast: SimpleNamespace, confirmed: Ask, sent: list[int]
) -> None:
    job = confirmed(workbook(people(3)))
    User.objects.create(login="staff-2", name="已经有了")

    job = worked(job)

    assert (job.state, job.overtaken, job.confirmed_by) == ("queued", True, None)
    assert sent[-1] == job.pk
    assert staff_there() == 1
    assert Entry.objects.filter(verb="imports.read_anew").count() == 1

    job = worked(job)
    assert (job.state, job.new, job.changed) == ("read", 2, 1)
    with pytest.raises(ValidationError, match="预览已经更新"):
        actions.confirm_import(job=job, reading=job.reading - 1, actor=cast.official, at=NOW)

    actions.confirm_import(job=job, reading=job.reading, actor=cast.official, at=NOW)
    assert worked(job).state == "done"
    assert staff_there() == 3


def test_a_row_that_went_wrong_since_the_preview_is_named(
    monkeypatch: pytest.MonkeyPatch, confirmed: Ask
) -> None:
    job = confirmed()
    monkeypatch.setattr(
        staff.StaffReader,
        "read",
        lambda self, cells: Read(Change.WRONG, faults=(Fault("name", "已被别人登记。"),)),
    )

    job = worked(worked(job))

    assert (job.state, job.wrong, staff_there()) == ("read", 3, 0)
    assert ImportRow.objects.first().faults == [["name", "已被别人登记。"]]


def test_cancelled_while_it_is_written(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, confirmed: Ask
) -> None:
    """The rows written by then go back, and the journal says who stopped it."""
    job = confirmed(workbook(people(350)))
    seen = []

    def cancelled_meanwhile(place: Any, rows: Any, user: Any, at: Any, progress: Any) -> None:
        def progress_and_cancel(done: int) -> None:
            seen.append(staff_there())
            if done == 200:
                actions.cancel_import(job=job, actor=cast.colleague, at=NOW)
            progress(done)

        staff.write(place, rows, user, at, progress_and_cancel)

    writes(monkeypatch, cancelled_meanwhile)
    job = worked(job)

    assert seen == [100, 200]
    assert (job.state, staff_there()) == ("cancelled", 0)
    assert Entry.objects.get(verb="imports.cancel_import").actor_id == cast.colleague.pk
    assert not Entry.objects.filter(verb=staff.VERB).exists()
    assert notes.who_wants_to_stop(job.pk) is None


def test_cancelled_at_the_last_moment(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, confirmed: Ask
) -> None:
    """Nothing is written as long as it can still be taken back."""
    job = confirmed()
    finish = queue.finish_writing

    def cancelled_after(*arguments: Any) -> None:
        finish(*arguments)
        notes.wish_to_stop(job.pk, cast.official.pk)

    monkeypatch.setattr(queue, "finish_writing", cancelled_after)

    assert worked(job).state == "cancelled"
    assert staff_there() == 0


def test_progress_moves_while_it_is_written(monkeypatch: pytest.MonkeyPatch, confirmed: Ask) -> None:
    said: list[int] = []
    monkeypatch.setattr(notes, "note_progress", lambda pk, percent: said.append(percent))

    worked(confirmed(workbook(people(500))))

    assert said == sorted(said)
    assert len(said) > 20
    assert (min(said), max(said)) == (0, 99)


@pytest.mark.parametrize(
    ("error", "failure", "reason"),
    [
        (ValidationError("名单已经确定，不能再导入。"), "refused", "名单已经确定，不能再导入。"),
        (
            SoftTimeLimitExceeded(),
            "too_long",
            "时间过长，已停止，什么都没有写入。请稍后重试，或者分成几个文件导入。",
        ),
        (
            ValueError("张三 330604198012200011"),
            "unexpected",
            "出现意外错误（ValueError），什么都没有写入。请重试；如再次失败，请联系系统管理员。",
        ),
    ],
)
def test_writing_that_fails_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, confirmed: Ask, caplog: Any, error: Exception, failure: str, reason: str
) -> None:
    def fails(place: Any, rows: Any, user: Any, at: Any, progress: Any) -> None:
        staff.write(place, rows, user, at, progress)
        raise error

    writes(monkeypatch, fails)
    job = worked(confirmed())

    assert (job.state, job.failure, job.reason) == ("failed", failure, reason)
    assert staff_there() == 0
    assert Entry.objects.get(verb="imports.fail_import").after == {"kind": "staff", "failure": failure}
    assert "330604198012200011" not in caplog.text


def test_a_busy_database_is_waited_for(monkeypatch: pytest.MonkeyPatch, confirmed: Ask) -> None:
    def busy(*arguments: Any) -> None:
        raise OperationalError("database is locked")

    job = confirmed()
    with monkeypatch.context() as patched:
        writes(patched, busy)
        for attempt in range(1, ATTEMPTS):
            job = worked(job)
            assert (job.state, job.attempts) == ("confirmed", attempt)
        assert worked(job).failure == "unexpected"
    job = actions.retry_import(job=job, actor=job.requested_by, at=NOW)
    assert worked(job).state == "read"


def test_a_right_lost_since_it_was_confirmed(cast: SimpleNamespace, confirmed: Ask) -> None:
    job = confirmed()
    cast.official.memberships.all().delete()

    job = worked(job)

    assert (job.state, job.failure, staff_there()) == ("failed", "forbidden", 0)


def test_an_account_closed_since_it_was_confirmed(cast: SimpleNamespace, confirmed: Ask) -> None:
    job = confirmed()
    User.objects.filter(pk=cast.official.pk).update(is_active=False)

    assert worked(job).failure == "forbidden"


def test_a_place_closed_since_it_was_confirmed(cast: SimpleNamespace, confirmed: Ask) -> None:
    job = confirmed()
    cast.township.name = "青云镇（已撤并）"
    cast.township.save()

    assert worked(job).reason == "这个乡镇已撤并，不能再导入人员。"


def test_a_file_that_is_gone(ask: Ask) -> None:
    job = ask()
    job.path.unlink()

    job = worked(job)

    assert (job.failure, job.may_be_retried) == ("file_gone", False)


def test_a_file_whose_key_is_gone(ask: Ask, settings: Any) -> None:
    job = ask()
    settings.FIELD_KEYS = ["A" * 43 + "="]

    tasks.work(job.pk)
    tasks.sweep()

    job = ImportJob.objects.sealed().get()
    assert (job.state, job.failure) == ("failed", "file_gone")


def test_a_kind_that_no_app_offers_any_more(ask: Ask) -> None:
    job = ask()
    ImportJob.objects.filter(pk=job.pk).update(kind="gone")

    job = worked(job)

    assert (job.failure, job.kind_title) == ("kind_gone", "gone")


def test_a_worker_that_lost_its_lease_writes_nothing(monkeypatch: pytest.MonkeyPatch, confirmed: Ask) -> None:
    """Two workers that both believe to be writing: the second one's rows are the ones there."""
    job = confirmed()

    def overtaken(place: Any, rows: Any, user: Any, at: Any, progress: Any) -> None:
        staff.write(place, rows, user, at, progress)
        ImportJob.objects.filter(pk=job.pk).update(leased_by="elsewhere/1/1/other")

    writes(monkeypatch, overtaken)
    tasks.work(job.pk)

    assert staff_there() == 0
    assert not Entry.objects.filter(verb="imports.finish_import").exists()


def test_a_reader_that_lost_its_lease_keeps_no_row(ask: Ask) -> None:
    job = ask()
    claimed = queue.claim(job.pk, "here/1/1/one", NOW)
    ImportJob.objects.filter(pk=job.pk).update(leased_by="elsewhere/1/1/other")

    with pytest.raises(LostLease):
        queue.keep_rows(claimed, [ImportRow(job=job, number=2, change="new", shown={})], 10, NOW)
    with pytest.raises(LostLease):
        queue.finish_reading(claimed, {}, "")

    assert not ImportRow.objects.exists()
