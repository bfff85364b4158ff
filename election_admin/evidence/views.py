"""Attaching photos and scans, opening them, withdrawing them."""

import logging
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured, ObjectDoesNotExist, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from election_admin import looks
from election_admin.accounts.access import allow, get_visible, require
from election_admin.accounts.signed_in import signed_in
from election_admin.evidence import actions, files
from election_admin.evidence.forms import AttachForm, WithdrawForm
from election_admin.evidence.models import Evidence
from election_admin.evidence.reading import may_withdraw, subject_of
from election_admin.evidence.registry import EvidenceKind, UnknownKind, evidence_kind
from election_admin.files import is_sealed, read_sealed
from election_admin.forms import add_errors

logger = logging.getLogger(__name__)

# A file is shown as what it is and does nothing: no script, no form, no address of ours. The style
# is that of the browser's own viewer of pictures.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@allow()
@require_http_methods(["GET", "POST"])
def attach(request: HttpRequest, kind: str, subject_id: str) -> HttpResponse:
    """Attach photos and scans to a row. Good files are kept, each bad one is named."""
    of_kind, subject = _subject(request, kind, subject_id)
    require(signed_in(request), of_kind.add_permission, subject)
    try:
        of_kind.check_open(subject)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(of_kind.back(subject))
    posted = request.method == "POST"
    form = AttachForm(
        request.POST if posted else None, request.FILES if posted else None, today=timezone.localdate()
    )
    if form.is_valid():
        kept = _keep(request, of_kind, subject, form)
        if kept:
            sentence = ngettext("已上传%d个文件。", "已上传%d个文件。", kept)
            messages.success(request, sentence % kept)
        if not form.errors:
            return redirect(of_kind.back(subject))
    context = {
        "kind": of_kind.code,
        "subject": subject,
        "name": of_kind.name(subject),
        "back": of_kind.back(subject),
        "form": form,
        "confidential": of_kind.confidential,
    }
    return render(request, "evidence/attach.html", context)


@allow()
@require_safe
def open_evidence(request: HttpRequest, pk: int) -> FileResponse | HttpResponse:
    """The photo or scan itself, to who may see what it shows; if confidential, while a look lasts."""
    evidence, kind, subject = _evidence(request, pk)
    if evidence.is_confidential:
        _require_look_permission(request, kind, subject)
        if looks.open_until(request, evidence, at=timezone.now()) is None:
            messages.warning(request, _("这份材料加密保存，请先写明查看的事由。"))
            return redirect("evidence:look_into", pk)
    try:
        path = files.find(evidence.path)
        content = BytesIO(read_sealed(path)) if is_sealed(path) else path.open("rb")
    except FileNotFoundError as error:
        logger.error("The file of evidence %s is not in its place: %s", evidence.pk, evidence.path)
        raise Http404(_("文件已不在原处，请联系系统管理员。")) from error
    except ImproperlyConfigured:
        logger.error("No key of FIELD_KEYS opens the file of evidence %s: %s", evidence.pk, evidence.path)
        messages.error(request, _("打开这份文件的密钥已不在，请联系系统管理员。"))
        return redirect("evidence:look_into", pk)
    response = FileResponse(content, filename=evidence.name, content_type=evidence.content_type)
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@never_cache
@allow()
@require_http_methods(["GET", "POST"])
def look_into(request: HttpRequest, pk: int) -> HttpResponse:
    """Open confidential evidence for a while, once the journal has who and why."""
    evidence, kind, subject = _evidence(request, pk)
    if not evidence.is_confidential:
        return redirect("evidence:open_evidence", pk)
    _require_look_permission(request, kind, subject)
    now = timezone.now()
    form = looks.LookForm(request.POST if request.method == "POST" else None, today=timezone.localdate(now))
    if form.is_valid():
        try:
            actions.look_into(
                evidence=evidence, reason=form.cleaned_data["reason"], actor=signed_in(request), at=now
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            looks.remember(request, evidence, at=now)
            return redirect("evidence:look_into", pk)
    context = {
        "evidence": evidence,
        "name": kind.name(subject),
        "back": kind.back(subject),
        "form": form,
        "open_until": looks.open_until(request, evidence, at=now),
    }
    return render(request, "evidence/look_into.html", context)


@allow()
@require_POST
def close_look(request: HttpRequest, pk: int) -> HttpResponse:
    """Close confidential evidence again before the time is out."""
    evidence, kind, subject = _evidence(request, pk)
    looks.forget(request, evidence)
    messages.success(request, _("已重新隐藏。"))
    return redirect(kind.back(subject))


def _require_look_permission(request: HttpRequest, kind: EvidenceKind, subject: Any) -> None:
    """Raise 404 for who may know of evidence but not open it."""
    if not signed_in(request).has_perm(kind.opened_with, subject):
        raise Http404(_("没有找到。"))


@allow()
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take evidence out of sight, for a reason that is kept."""
    evidence, kind, subject = _evidence(request, pk)
    user = signed_in(request)
    require(user, kind.add_permission, subject)
    if not may_withdraw(evidence, subject, user):
        messages.error(request, _("“%s”由别人上传，请由上传的人或者乡镇撤下。") % evidence.name)
        return redirect(kind.back(subject))
    form = WithdrawForm(request.POST if request.method == "POST" else None, today=timezone.localdate())
    if form.is_valid():
        try:
            actions.withdraw(
                evidence=evidence, reason=form.cleaned_data["reason"], actor=user, at=timezone.now()
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("已撤下“%s”。") % evidence.name)
            return redirect(kind.back(subject))
    confidential = evidence.is_confidential
    context = {
        "evidence": evidence,
        "name": kind.name(subject),
        "back": kind.back(subject),
        "form": form,
        "readable": not confidential or looks.open_until(request, evidence, at=timezone.now()) is not None,
    }
    return render(request, "evidence/withdraw.html", context)


def _keep(request: HttpRequest, kind: EvidenceKind, subject: Any, form: AttachForm) -> int:
    """Attach the files of the form one by one; return how many were kept, put the refusals in the form."""
    kept = 0
    chosen: list[UploadedFile[bytes]] = form.cleaned_data["chosen"]
    for file in chosen:
        try:
            actions.attach(
                kind=kind.code, subject=subject, file=file, actor=signed_in(request), at=timezone.now()
            )
            kept += 1
        except ValidationError as error:
            form.add_error(None, error)
    return kept


def _subject(request: HttpRequest, code: str, subject_id: str) -> tuple[EvidenceKind, Any]:
    """Return the kind and the row; 404 for what the user may not see."""
    try:
        kind = evidence_kind(code)
    except UnknownKind as error:
        raise Http404(_("没有找到。")) from error
    subject = get_visible(kind.subject(), request, pk=subject_id)
    if not signed_in(request).has_perm(kind.see_permission, subject):
        raise Http404(_("没有找到。"))
    return kind, subject


def _evidence(request: HttpRequest, pk: int) -> tuple[Evidence, EvidenceKind, Any]:
    """Return evidence with what it shows; 404 for what is withdrawn or not for this user."""
    standing = Evidence.objects.filter(withdrawn_at__isnull=True).select_related("place", "uploaded_by")
    evidence = get_visible(standing, request, pk=pk)
    try:
        kind, subject = subject_of(evidence)
    except (UnknownKind, ObjectDoesNotExist) as error:
        raise Http404(_("没有找到。")) from error
    if not signed_in(request).has_perm(kind.see_permission, subject):
        raise Http404(_("没有找到。"))
    return evidence, kind, subject
