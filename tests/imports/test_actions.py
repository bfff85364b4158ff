"""Sending in, confirming, calling off, trying again: who may, when, and what the journal keeps."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from kombu.exceptions import OperationalError

from election_admin.accounts.models import User
from election_admin.imports import actions, notes, queue, tasks
from election_admin.imports.models import ImportJob, ImportRow
from election_admin.journal.models import Entry
from tests.cast import NOW
from tests.imports.conftest import worked
from tests.imports.excel import people, upload, workbook

Ask = Callable[..., ImportJob]


def test_request(
    cast: SimpleNamespace,
    folder: Path,
    sent: list[int],
    ask: Ask,
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = ask()

    job.refresh_from_db()
    assert (job.state, job.place, job.file_name, job.language) == (
        "queued",
        cast.township,
        "人员.xlsx",
        "zh-hans",
    )
    assert sent == [job.pk]
    assert job.sent_at == NOW
    assert [path.name for path in folder.glob("*")] == [job.file]
    entry = Entry.objects.get(verb="imports.request_import")
    assert (entry.actor_id, entry.place_id) == (cast.official.pk, cast.township.pk)
    assert "人员" not in str(entry.after), "a file may be named after a person"


@pytest.mark.parametrize("who", ["outsider", "committee", "reviewer", "department", "administrator"])
def test_who_may_not_request(cast: SimpleNamespace, folder: Path, ask: Ask, who: str) -> None:
    with pytest.raises(PermissionDenied):
        ask(actor=getattr(cast, who))

    assert not folder.exists()


def test_a_refused_file_leaves_nothing(folder: Path, ask: Ask) -> None:
    with pytest.raises(ValidationError):
        ask(b"no workbook")

    assert (ImportJob.objects.count(), Entry.objects.count(), folder.exists()) == (0, 0, False)


def test_a_request_that_does_not_come_about_leaves_no_file(
    monkeypatch: pytest.MonkeyPatch, folder: Path, ask: Ask
) -> None:
    def away(*arguments: Any, **options: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("election_admin.journal.record.append", away)
    with pytest.raises(RuntimeError):
        ask()

    assert list(folder.glob("*")) == []


def test_a_second_click_is_the_first_ones_import(folder: Path, ask: Ask) -> None:
    content = workbook(people(3))

    first, second = ask(content), ask(content)

    assert first == second
    assert len(list(folder.glob("*"))) == 1


def test_the_same_file_again_is_read_again_once_it_was_read(ask: Ask, read: Ask) -> None:
    """Who has put right what the file is compared with wants to know what it would do now."""
    content = workbook(people(3))

    assert read(content) != ask(content)


def test_a_closed_place_takes_nothing_in(cast: SimpleNamespace, ask: Ask) -> None:
    cast.township.name = "青云镇（已撤并）"

    with pytest.raises(ValidationError, match="已撤并"):
        ask()


def test_the_broker_away_leaves_the_import_for_the_sweep(
    monkeypatch: pytest.MonkeyPatch, sent: list[int], ask: Ask, django_capture_on_commit_callbacks: Any
) -> None:
    def away(*arguments: Any, **options: Any) -> None:
        raise OperationalError("away")

    with monkeypatch.context() as patched:
        patched.setattr("election_admin.waking.app.send_task", away)
        with django_capture_on_commit_callbacks(execute=True):
            job = ask()
    job.refresh_from_db()
    assert (job.state, job.sent_at, sent) == ("queued", None, [])

    tasks.sweep()
    assert sent == [job.pk]


def test_confirm(
    cast: SimpleNamespace, sent: list[int], read: Ask, django_capture_on_commit_callbacks: Any
) -> None:
    """A colleague may confirm what somebody else has sent in."""
    job = read()
    with django_capture_on_commit_callbacks(execute=True):
        actions.confirm_import(job=job, reading=1, actor=cast.colleague, at=NOW)

    job.refresh_from_db()
    assert (job.state, job.confirmed_by, job.confirmed_at) == ("confirmed", cast.colleague, NOW)
    assert sent == [job.pk]
    assert Entry.objects.get(verb="imports.confirm_import").actor_id == cast.colleague.pk


def test_two_confirms_at_once_are_one(cast: SimpleNamespace, read: Ask) -> None:
    job = read()
    for actor in (cast.official, cast.colleague):
        shown = ImportJob.objects.get(pk=job.pk)
        if actor == cast.official:
            actions.confirm_import(job=shown, reading=1, actor=actor, at=NOW)
            continue
        with pytest.raises(ValidationError, match="这次导入等待写入，不能确认"):
            actions.confirm_import(job=job, reading=1, actor=actor, at=NOW)

    assert worked(job).confirmed_by == cast.official
    assert Entry.objects.filter(verb="imports.confirm_import").count() == 1
    with pytest.raises(ValidationError, match="已导入"):
        actions.confirm_import(job=job, reading=1, actor=cast.official, at=NOW)


@pytest.mark.parametrize("who", ["outsider", "committee", "reviewer", "department", "administrator"])
@pytest.mark.parametrize("act", ["confirm_import", "cancel_import", "retry_import"])
def test_who_may_not_act(cast: SimpleNamespace, read: Ask, who: str, act: str) -> None:
    job = read()
    more = {"reading": 1} if act == "confirm_import" else {}

    with pytest.raises(PermissionDenied):
        getattr(actions, act)(job=job, actor=getattr(cast, who), at=NOW, **more)

    job.refresh_from_db()
    assert job.state == "read"


def test_nothing_to_write_is_not_confirmed(cast: SimpleNamespace, read: Ask) -> None:
    User.objects.create(login="staff-1", name="张三", email="staff1@example.cn")
    job = read(workbook(people(1)))

    with pytest.raises(ValidationError, match="没有需要写入的内容"):
        actions.confirm_import(job=job, reading=1, actor=cast.official, at=NOW)


def test_cancel_before_it_is_read(
    cast: SimpleNamespace, folder: Path, ask: Ask, django_capture_on_commit_callbacks: Any
) -> None:
    job = ask()
    with django_capture_on_commit_callbacks(execute=True):
        job = actions.cancel_import(job=job, actor=cast.official, at=NOW)

    assert (job.state, job.file, worked(job).state) == ("cancelled", "", "cancelled")
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert Entry.objects.get(verb="imports.cancel_import").actor_id == cast.official.pk


def test_cancel_while_it_is_read(cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, ask: Ask) -> None:
    job = ask(workbook(people(1200)))
    keep = queue.keep_rows

    def cancelled_meanwhile(*arguments: Any) -> None:
        if ImportRow.objects.count() == 500:
            actions.cancel_import(job=job, actor=cast.official, at=NOW)
        keep(*arguments)

    monkeypatch.setattr(queue, "keep_rows", cancelled_meanwhile)

    assert worked(job).state == "cancelled"
    assert ImportRow.objects.count() == 500


def test_cancel_what_is_confirmed(cast: SimpleNamespace, confirmed: Ask) -> None:
    job = actions.cancel_import(job=confirmed(), actor=cast.official, at=NOW)

    assert worked(job).state == "cancelled"
    assert not User.objects.filter(login__startswith="staff-").exists()


@pytest.mark.parametrize("state", ["done", "cancelled", "failed"])
def test_cancel_what_is_finished(cast: SimpleNamespace, confirmed: Ask, state: str) -> None:
    job = confirmed()
    if state == "failed":
        job.path.unlink()
    elif state == "cancelled":
        actions.cancel_import(job=job, actor=cast.official, at=NOW)
    job = worked(job)
    assert job.state == state

    with pytest.raises(ValidationError, match="不能再取消"):
        actions.cancel_import(job=job, actor=cast.official, at=NOW)
    assert ImportJob.objects.get().state == state


@pytest.mark.parametrize("act", ["read", "confirmed"])
def test_retry_what_has_not_failed(cast: SimpleNamespace, request: Any, act: str) -> None:
    job = request.getfixturevalue(act)()

    with pytest.raises(ValidationError, match="不能重试"):
        actions.retry_import(job=job, actor=cast.official, at=NOW)


def test_a_stale_wish_to_stop_does_not_stop_what_is_confirmed_later(cast: SimpleNamespace, read: Ask) -> None:
    job = read()
    notes.wish_to_stop(job.pk, cast.official.pk)

    actions.confirm_import(job=job, reading=1, actor=cast.official, at=NOW)

    assert worked(job).state == "done"


def test_nobodys_file_is_a_path(cast: SimpleNamespace, ask: Ask) -> None:
    job = ask()
    assert (
        actions.request_import(
            kind="staff",
            place=cast.township,
            file=upload(workbook(people(4)), "../../etc/passwd.xlsx"),
            actor=cast.official,
            at=NOW,
        ).file_name
        == "passwd.xlsx"
    )
    assert job.path.parent.name == "imports"
