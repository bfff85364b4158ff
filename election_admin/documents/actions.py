"""Asking for documents, calling one off, trying one again."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from election_admin.accounts.access import place_of, require
from election_admin.accounts.models import User
from election_admin.documents.dispatch import send
from election_admin.documents.files import discard
from election_admin.documents.models import Batch, Document, Language
from election_admin.documents.registry import Kind
from election_admin.documents.registry import kind as registered
from election_admin.journal import record
from election_admin.looks import stated_reason
from election_admin.places.models import Place

RECORDED = ("kind", "subject_id", "language", "title", "state")
TITLE_LENGTH = 200


@transaction.atomic
def request_document(
    *,
    kind: str,
    subject: models.Model,
    language: str,
    actor: User,
    at: datetime,
    batch: Batch | None = None,
) -> Document:
    """Ask for a document about a subject; a worker makes it.

    Raises PermissionDenied without the kind's permission at the subject's place, and
    ValidationError for a language no document is written in.
    """
    record.take_turn(place_of(subject))
    document = _ask(registered(kind), subject, language=language, actor=actor, at=at, batch=batch)
    transaction.on_commit(partial(send, [document.pk], at))
    return document


@transaction.atomic
def request_batch(
    *,
    kind: str,
    subjects: Iterable[models.Model],
    language: str,
    title: str,
    actor: User,
    at: datetime,
) -> Batch:
    """Ask for the same kind of document about several subjects: all of them, or none.

    The batch lies at the place its subjects share. Raises ValidationError for no subjects.
    """
    rows = list(subjects)
    if not rows:
        raise ValidationError(_("没有选定任何对象，请至少选一个。"), code="empty")
    place = _shared_place(rows)
    record.take_turn(place)
    batch = Batch.objects.create(place=place, title=title[:TITLE_LENGTH], requested_by=actor, requested_at=at)
    asked = [_ask(registered(kind), row, language=language, actor=actor, at=at, batch=batch) for row in rows]
    transaction.on_commit(partial(send, [document.pk for document in asked], at))
    return batch


@transaction.atomic
def cancel_document(*, document: Document, actor: User, at: datetime) -> Document:
    """Call off a document that is not finished; a worker that has begun it drops its result."""
    document = _locked(document, actor)
    if document.finished:
        raise ValidationError(
            _("文件%(state)s，不能再取消。") % {"state": document.get_state_display()}, code="state"
        )
    _move(document, Document.State.CANCELLED, actor, at, "documents.cancel_document", finished_at=at)
    transaction.on_commit(partial(discard, document.pk))
    return document


@transaction.atomic
def retry_document(*, document: Document, actor: User, at: datetime) -> Document:
    """Put a failed or cancelled document back into the queue, with all its attempts."""
    document = _locked(document, actor)
    if document.state not in {Document.State.FAILED, Document.State.CANCELLED}:
        raise ValidationError(
            _("文件%(state)s，不需要重试。") % {"state": document.get_state_display()}, code="state"
        )
    _move(
        document,
        Document.State.QUEUED,
        actor,
        at,
        "documents.retry_document",
        attempts=0,
        sent_at=None,
        started_at=None,
        finished_at=None,
    )
    transaction.on_commit(partial(send, [document.pk], at))
    return document


@transaction.atomic
def look_into(*, document: Document, reason: str, actor: User, at: datetime) -> None:
    """Journal that somebody opens a confidential document, and why, before it is opened.

    Raises ValidationError without a reason, and for a document that is not made yet.
    """
    record.take_turn(document.place)
    document = Document.objects.select_related("place").get(pk=document.pk)
    kind = registered(document.kind)
    require(actor, kind.permission, document)
    require(actor, kind.opened_with, document)
    if document.state != Document.State.READY:
        raise ValidationError(_("文件%(state)s，还不能查看。") % {"state": document.get_state_display()})
    record.append(
        verb="documents.look_into",
        row=document,
        actor=actor,
        place=document.place,
        at=at,
        reason=stated_reason(reason),
    )


def _ask(
    kind: Kind, subject: Any, *, language: str, actor: User, at: datetime, batch: Batch | None
) -> Document:
    require(actor, kind.permission, subject)
    if language not in Language.values:
        raise ValidationError(_("文件只有中文和英文两种，请重新选择语言。"), code="language")
    with translation.override(language):
        title = kind.name(subject)[:TITLE_LENGTH]
    place = place_of(subject)
    document = Document.objects.create(
        place=place,
        kind=kind.code,
        subject_id=str(subject.pk),
        language=language,
        title=title,
        batch=batch,
        requested_by=actor,
        requested_at=at,
    )
    record.append(
        verb="documents.request_document",
        row=document,
        actor=actor,
        place=place,
        at=at,
        after=record.snapshot(document, RECORDED),
    )
    return document


def _locked(document: Document, actor: User) -> Document:
    record.take_turn(document.place)
    locked = Document.objects.select_for_update(of=("self",)).select_related("place").get(pk=document.pk)
    require(actor, registered(locked.kind).permission, locked)
    return locked


def _move(document: Document, state: str, actor: User, at: datetime, verb: str, **fields: Any) -> None:
    before = record.snapshot(document, RECORDED)
    fields |= {
        "state": state,
        "stage": Document.Stage.WAITING,
        "progress": 0,
        "lease_until": None,
        "leased_by": "",
        "failure": "",
        "failure_detail": "",
    }
    for name, value in fields.items():
        setattr(document, name, value)
    document.save(update_fields=list(fields))
    record.append(
        verb=verb,
        row=document,
        actor=actor,
        place=document.place,
        at=at,
        before=before,
        after=record.snapshot(document, RECORDED),
    )


def _shared_place(rows: list[Any]) -> Place:
    """Return the lowest place that contains the places of all rows."""
    places = {place_of(row).pk: place_of(row) for row in rows}
    shared: Place = next(iter(places.values()))
    while shared.parent is not None and not all(
        place.code.startswith(shared.code) for place in places.values()
    ):
        shared = shared.parent
    return shared
