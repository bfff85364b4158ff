"""Attaching photos and scans, and withdrawing what was attached by mistake."""

import hashlib
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from election_admin.accounts.access import place_of, require
from election_admin.accounts.models import User
from election_admin.evidence import files
from election_admin.evidence.checks import ENDINGS, Checked, check
from election_admin.evidence.models import Evidence
from election_admin.evidence.reading import may_withdraw, subject_of
from election_admin.evidence.registry import EvidenceKind, evidence_kind
from election_admin.journal.record import append, snapshot, take_turn
from election_admin.looks import stated_reason

REASON_LENGTH = 300


def attach(*, kind: str, subject: Any, file: File[bytes], actor: User, at: datetime) -> Evidence:
    """Attach a photo or a scan to a row.

    Raises PermissionDenied without the kind's permissions on the row, and ValidationError, naming
    the file, for one that may not be kept, one too many or one attached already. When the
    transaction does not come about, no file is left.
    """
    of_kind = evidence_kind(kind)
    _require(of_kind, subject, actor)
    # Looking into a file and writing it takes time: before the turn, so that nobody waits for it.
    checked = check(file)
    path = files.write(checked.content, at, sealed=of_kind.confidential)
    try:
        return _attach(of_kind, subject, checked, path, actor=actor, at=at)
    except BaseException:
        files.discard(path)
        raise


@transaction.atomic
def _attach(
    kind: EvidenceKind, subject: Any, checked: Checked, path: str, *, actor: User, at: datetime
) -> Evidence:
    place = place_of(subject)
    take_turn(place)
    subject = kind.subject().get(pk=subject.pk)
    _require(kind, subject, actor)
    kind.check_open(subject)
    sha256 = hashlib.sha256(checked.content).hexdigest()
    _check_room(kind, subject, checked.name, sha256)
    evidence = Evidence.objects.create(
        place=place,
        kind=kind.code,
        subject_id=str(subject.pk),
        name=_kept_name(kind, subject, checked),
        content_type=checked.content_type,
        size=len(checked.content),
        sha256=sha256,
        path=path,
        uploaded_by=actor,
        uploaded_at=at,
    )
    append(
        verb="evidence.attach",
        row=evidence,
        actor=actor,
        place=place,
        at=at,
        after=snapshot(evidence, Evidence.recorded_fields),
    )
    transaction.on_commit(partial(files.publish, path))
    return evidence


@transaction.atomic
def withdraw(*, evidence: Evidence, reason: str, actor: User, at: datetime) -> Evidence:
    """Take evidence out of sight that was attached by mistake. Its file and its record stay.

    Raises ValidationError without a reason, for what is withdrawn already, and where the row is closed.
    """
    take_turn(evidence.place)
    evidence = Evidence.objects.select_for_update(of=("self",)).select_related("place").get(pk=evidence.pk)
    kind, subject = subject_of(evidence)
    _require(kind, subject, actor)
    kind.check_open(subject)
    if evidence.withdrawn_at is not None:
        raise ValidationError(_("“%s”已经撤下。") % evidence.name)
    if not may_withdraw(evidence, subject, actor):
        raise ValidationError(_("“%s”由别人上传，请由上传的人或者乡镇撤下。") % evidence.name)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明撤下的原因。")})
    evidence.withdrawn_by, evidence.withdrawn_at = actor, at
    evidence.withdrawn_because = reason.strip()
    evidence.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because"])
    append(
        verb="evidence.withdraw",
        row=evidence,
        actor=actor,
        place=evidence.place,
        at=at,
        before=snapshot(evidence, Evidence.recorded_fields),
        reason=reason.strip(),
    )
    return evidence


@transaction.atomic
def look_into(*, evidence: Evidence, reason: str, actor: User, at: datetime) -> None:
    """Journal that somebody opens confidential evidence, and why, before it is opened.

    Raises ValidationError without a reason, and for what is withdrawn.
    """
    take_turn(evidence.place)
    evidence = Evidence.objects.select_related("place").get(pk=evidence.pk)
    kind, subject = subject_of(evidence)
    require(actor, kind.see_permission, subject)
    require(actor, kind.opened_with, subject)
    if evidence.withdrawn_at is not None:
        raise ValidationError(_("“%s”已经撤下。") % evidence.name)
    append(
        verb="evidence.look_into",
        row=evidence,
        actor=actor,
        place=evidence.place,
        at=at,
        reason=stated_reason(reason),
    )


def _kept_name(kind: EvidenceKind, subject: Any, checked: Checked) -> str:
    """The file's own name; a number in its place where the name may say what nobody is to read."""
    if not kind.confidential:
        return checked.name
    number = Evidence.objects.filter(kind=kind.code, subject_id=str(subject.pk)).count() + 1
    return _("材料%(number)d%(ending)s") % {
        "number": number,
        "ending": ENDINGS[checked.content_type][0],
    }


def _require(kind: EvidenceKind, subject: Any, actor: User) -> None:
    require(actor, kind.see_permission, subject)
    require(actor, kind.add_permission, subject)


def _check_room(kind: EvidenceKind, subject: Any, name: str, sha256: str) -> None:
    """Raise ValidationError when the row has as many files as it may have, or has this one."""
    present = list(Evidence.objects.of(kind.code, subject.pk))
    same = next((one for one in present if one.sha256 == sha256), None)
    if same is not None:
        raise ValidationError(
            _("“%(name)s”和已上传的“%(same)s”内容相同，不用重复上传。") % {"name": name, "same": same.name},
            code="same",
        )
    most = settings.EVIDENCE_FILES_PER_ROW
    if len(present) >= most:
        raise ValidationError(
            _(
                "“%(name)s”没有上传：这里已有%(most)d个文件，到了上限。请先撤下不需要的，或者把几页扫描成一个PDF。"
            )
            % {"name": name, "most": most},
            code="full",
        )
