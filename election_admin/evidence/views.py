"""Attaching photos and scans, opening them, withdrawing them."""

import logging
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from election_admin.accounts.access import allow, get_visible, require
from election_admin.accounts.signed_in import signed_in
from election_admin.evidence import actions, files
from election_admin.evidence.forms import AttachForm, WithdrawForm
from election_admin.evidence.models import Evidence
from election_admin.evidence.reading import may_withdraw, subject_of
from election_admin.evidence.registry import EvidenceKind, UnknownKind, evidence_kind
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
    }
    return render(request, "evidence/attach.html", context)


@allow()
@require_safe
def open_evidence(request: HttpRequest, pk: int) -> FileResponse:
    """The photo or scan itself, to who may see what it shows."""
    evidence, _kind, _row = _evidence(request, pk)
    try:
        content = files.find(evidence.path).open("rb")
    except FileNotFoundError as error:
        logger.error("The file of evidence %s is not in its place: %s", evidence.pk, evidence.path)
        raise Http404(_("文件已不在原处，请联系系统管理员。")) from error
    response = FileResponse(content, filename=evidence.name, content_type=evidence.content_type)
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


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
    context = {
        "evidence": evidence,
        "name": kind.name(subject),
        "back": kind.back(subject),
        "form": form,
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
