"""Sending a file in, confirming what it would do, calling it off, trying again."""

import hashlib
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.encryption import keyed_hash
from election_admin.imports import files, notes, workbooks
from election_admin.imports.dispatch import send
from election_admin.imports.models import ImportJob
from election_admin.imports.registry import import_kind
from election_admin.imports.sheets import read_sheet
from election_admin.journal import record
from election_admin.places.models import Place

RECORDED = ("kind", "file_name", "state", "rows", "new", "changed", "same", "wrong")
State = ImportJob.State


def request_import(*, kind: str, place: Place, file: File[bytes], actor: User, at: datetime) -> ImportJob:
    """Take in a file; a worker reads it and shows what it would do.

    Raises PermissionDenied without the kind's permission at the place, and ValidationError, naming
    the file, for one that cannot be read or whose header is not that of the kind. A second click on
    the button is the first one's import. When the transaction does not come about, no file is left.
    """
    of_kind = import_kind(kind)
    require(actor, of_kind.permission, place)
    of_kind.check_open(place)
    # Looking into a file takes time: before the turn, so that nobody waits for it.
    upload = workbooks.check(file)
    columns = of_kind.columns(place)
    read_sheet(upload.name, upload.content, columns, most_rows=of_kind.most_rows)
    content_hash = keyed_hash(hashlib.sha256(upload.content).hexdigest())
    name = files.store(upload.content)
    try:
        with transaction.atomic():
            record.take_turn(place)
            require(actor, of_kind.permission, place)
            of_kind.check_open(place)
            job = _same_click(kind, place, content_hash, actor)
            if job is None:
                return _take_in(kind, place, upload.name, name, content_hash, actor=actor, at=at)
    except BaseException:
        files.discard(name)
        raise
    files.discard(name)
    return job


def _same_click(kind: str, place: Place, content_hash: str, actor: User) -> ImportJob | None:
    """The same file from the same person that is still being read."""
    unread = ImportJob.objects.filter(state__in=(State.QUEUED, State.READING))
    return unread.filter(kind=kind, place=place, content_hash=content_hash, requested_by=actor).first()


def _take_in(
    kind: str, place: Place, file_name: str, file: str, content_hash: str, *, actor: User, at: datetime
) -> ImportJob:
    job = ImportJob.objects.create(
        place=place,
        kind=kind,
        file_name=file_name,
        file=file,
        content_hash=content_hash,
        language=get_language() or "zh-hans",
        requested_by=actor,
        requested_at=at,
    )
    record.append(
        verb="imports.request_import",
        row=job,
        actor=actor,
        place=place,
        at=at,
        after=record.snapshot(job, RECORDED),
    )
    transaction.on_commit(partial(send, [job.pk], at))
    return job


@transaction.atomic
def confirm_import(*, job: ImportJob, reading: int, actor: User, at: datetime) -> ImportJob:
    """Have what the preview shows written; ``reading`` names the preview that was seen.

    Raises ValidationError while a row is wrong, when there is nothing to write, and for a preview
    that has been renewed meanwhile.
    """
    job = _in_turn(job, actor)
    import_kind(job.kind).check_open(job.place)
    if job.state != State.READ:
        raise ValidationError(
            _("这次导入%(state)s，不能确认。") % {"state": job.get_state_display()}, code="state"
        )
    if reading != job.reading:
        raise ValidationError(_("预览已经更新，请核对新的预览后再确认。"), code="reading")
    if job.wrong:
        sentence = ngettext(
            "还有%d行有误，改正以前一行都不会写入。", "还有%d行有误，改正以前一行都不会写入。", job.wrong
        )
        raise ValidationError(sentence % job.wrong, code="wrong")
    if not job.new + job.changed:
        raise ValidationError(_("文件和现有数据完全相同，没有需要写入的内容。"), code="same")
    notes.forget(job.pk)
    return _move(
        job,
        State.CONFIRMED,
        actor,
        at,
        "imports.confirm_import",
        overtaken=False,
        confirmed_by=actor,
        confirmed_at=at,
    )


def cancel_import(*, job: ImportJob, actor: User, at: datetime) -> ImportJob:
    """Call an import off. One that is being written is stopped by its worker: see ImportJob.state.

    Raises ValidationError for one that is finished.
    """
    current = ImportJob.objects.select_related("place").get(pk=job.pk)
    require(actor, import_kind(current.kind).permission, current.place)
    if current.state in {State.CONFIRMED, State.WRITING}:
        # First, and not through the database: while a file is written, that may wait for its end.
        notes.wish_to_stop(current.pk, actor.pk)
    if current.state == State.WRITING:
        return current
    return _cancel(current, actor, at)


@transaction.atomic
def _cancel(job: ImportJob, actor: User, at: datetime) -> ImportJob:
    job = _in_turn(job, actor)
    if job.finished:
        raise ValidationError(
            _("这次导入%(state)s，不能再取消。") % {"state": job.get_state_display()}, code="state"
        )
    if job.state == State.WRITING:
        return job
    transaction.on_commit(partial(notes.forget, job.pk))
    transaction.on_commit(partial(files.discard, job.file))
    return _move(job, State.CANCELLED, actor, at, "imports.cancel_import", finished_at=at, file="")


@transaction.atomic
def retry_import(*, job: ImportJob, actor: User, at: datetime) -> ImportJob:
    """Read the file of a failed import once more, with all its attempts."""
    job = _in_turn(job, actor)
    import_kind(job.kind).check_open(job.place)
    if not job.may_be_retried:
        raise ValidationError(
            _("这次导入%(state)s，不能重试，请重新上传。") % {"state": job.get_state_display()}, code="state"
        )
    return _move(
        job,
        State.QUEUED,
        actor,
        at,
        "imports.retry_import",
        overtaken=False,
        confirmed_by=None,
        confirmed_at=None,
        finished_at=None,
    )


def _in_turn(job: ImportJob, actor: User) -> ImportJob:
    record.take_turn(job.place)
    locked = ImportJob.objects.select_for_update(of=("self",)).select_related("place").get(pk=job.pk)
    require(actor, import_kind(locked.kind).permission, locked.place)
    return locked


def _move(job: ImportJob, state: str, actor: User, at: datetime, verb: str, **fields: Any) -> ImportJob:
    before = record.snapshot(job, RECORDED)
    fields |= {
        "state": state,
        "progress": 0,
        "attempts": 0,
        "sent_at": None,
        "lease_until": None,
        "leased_by": "",
        "failure": "",
        "failure_detail": "",
    }
    for name, value in fields.items():
        setattr(job, name, value)
    job.save(update_fields=list(fields))
    record.append(
        verb=verb,
        row=job,
        actor=actor,
        place=job.place,
        at=at,
        before=before,
        after=record.snapshot(job, RECORDED),
    )
    if not job.finished:
        transaction.on_commit(partial(send, [job.pk], at))
    return job
