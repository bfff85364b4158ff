"""Asking for a document, watching it being made, opening it."""

import logging
from datetime import datetime
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from election_admin import looks
from election_admin.accounts.access import allow, get_visible
from election_admin.accounts.signed_in import signed_in
from election_admin.documents import actions
from election_admin.documents.forms import RequestForm
from election_admin.documents.models import Document
from election_admin.documents.registry import UnknownKind
from election_admin.documents.registry import kind as registered
from election_admin.files import is_sealed, read_sealed
from election_admin.forms import add_errors

logger = logging.getLogger(__name__)

PAGE = 25


def get_document(request: HttpRequest, pk: int) -> Document:
    """Return a document the user may see, by place and by kind, else 404."""
    rows = Document.objects.select_related("place", "requested_by", "batch")
    return get_visible(rows, request, pk=pk)


@allow()
@require_POST
def request_document(request: HttpRequest, kind: str, subject_id: str) -> HttpResponse:
    """Ask for a document about a row, then watch it being made."""
    try:
        subjects = registered(kind).subject()
    except UnknownKind as error:
        raise Http404(_("没有找到。")) from error
    subject = get_visible(subjects, request, pk=subject_id)
    form = RequestForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for error in form.errors["language"]))
        return redirect("documents:document_list")
    user, language = signed_in(request), form.cleaned_data["language"]
    document = Document.objects.already_asked(kind=kind, subject=subject, language=language, by=user)
    if document is None:
        document = actions.request_document(
            kind=kind, subject=subject, language=language, actor=user, at=timezone.now()
        )
    return redirect("documents:document", document.pk)


@allow()
@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    """The documents of one's place that one may see, newest first."""
    documents = (
        Document.objects.visible_to(request.user)
        .select_related("place", "requested_by", "batch")
        .order_by("-pk")
    )
    page = Paginator(documents, PAGE).get_page(request.GET.get("page"))
    return render(request, "documents/document_list.html", {"page": page})


@never_cache
@allow()
@require_safe
def document(request: HttpRequest, document_id: int) -> HttpResponse:
    """How far a document has come, and its file once it is ready."""
    shown = get_document(request, document_id)
    return render(request, "documents/document.html", _context(request, shown, at=timezone.now()))


def _context(
    request: HttpRequest, shown: Document, *, at: datetime, look_form: looks.LookForm | None = None
) -> dict[str, Any]:
    """What the page shows of a document; of a confidential one, whether it may be opened now."""
    context: dict[str, Any] = {"document": shown}
    if shown.is_confidential and shown.state == Document.State.READY:
        context |= {
            "may_look": signed_in(request).has_perm(registered(shown.kind).opened_with, shown),
            "open_until": looks.open_until(request, shown, at=at),
            "look_form": look_form or looks.LookForm(today=timezone.localdate(at)),
        }
    return context


@never_cache
@allow()
@require_safe
def document_status(request: HttpRequest, document_id: int) -> HttpResponse:
    """The part of the page that changes; nothing if it shows this already."""
    shown = get_document(request, document_id)
    if request.GET.get("seen") == shown.seen:
        return HttpResponse(status=204)
    return render(request, "documents/_document.html", _context(request, shown, at=timezone.now()))


@allow()
@require_safe
def open_document(request: HttpRequest, document_id: int) -> FileResponse | HttpResponse:
    """The PDF, to look at or to keep; a confidential one only while a look at it lasts."""
    shown = get_document(request, document_id)
    if shown.state != Document.State.READY:
        raise Http404(_("文件还没有生成。"))
    if shown.is_confidential:
        _require_look_permission(request, shown)
        if looks.open_until(request, shown, at=timezone.now()) is None:
            messages.warning(request, _("这份文件加密保存，请先写明查看的事由。"))
            return redirect("documents:document", shown.pk)
    try:
        content = BytesIO(read_sealed(shown.path)) if is_sealed(shown.file) else shown.path.open("rb")
    except FileNotFoundError as error:
        logger.error("The file of document %s is not in its place: %s", shown.pk, shown.file)
        raise Http404(_("文件已不在原处，请联系系统管理员。")) from error
    except ImproperlyConfigured:
        logger.error("No key of FIELD_KEYS opens the file of document %s: %s", shown.pk, shown.file)
        messages.error(request, _("打开这份文件的密钥已不在，请联系系统管理员。"))
        return redirect("documents:document", shown.pk)
    response = FileResponse(
        content,
        as_attachment=request.GET.get("download") == "1",
        filename=f"{shown.title}.pdf",
        content_type="application/pdf",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@never_cache
@allow()
@require_POST
def look_into(request: HttpRequest, document_id: int) -> HttpResponse:
    """Open a confidential document for a while, once the journal has who and why."""
    shown = get_document(request, document_id)
    if not shown.is_confidential:
        raise Http404(_("没有找到。"))
    _require_look_permission(request, shown)
    now = timezone.now()
    form = looks.LookForm(request.POST, today=timezone.localdate(now))
    if form.is_valid():
        try:
            actions.look_into(
                document=shown, reason=form.cleaned_data["reason"], actor=signed_in(request), at=now
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            looks.remember(request, shown, at=now)
            return redirect("documents:document", shown.pk)
    return render(request, "documents/document.html", _context(request, shown, at=now, look_form=form))


@allow()
@require_POST
def close_look(request: HttpRequest, document_id: int) -> HttpResponse:
    """Close a confidential document again before the time is out."""
    shown = get_document(request, document_id)
    looks.forget(request, shown)
    messages.success(request, _("已重新隐藏。"))
    return redirect("documents:document", shown.pk)


def _require_look_permission(request: HttpRequest, shown: Document) -> None:
    """Raise 404 for who may know of a document but not open it."""
    if not signed_in(request).has_perm(registered(shown.kind).opened_with, shown):
        raise Http404(_("没有找到。"))


@allow()
@require_POST
def cancel_document(request: HttpRequest, document_id: int) -> HttpResponse:
    """Call off a document that is not finished."""
    shown = get_document(request, document_id)
    try:
        actions.cancel_document(document=shown, actor=signed_in(request), at=timezone.now())
        messages.success(request, _("已取消。"))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("documents:document", shown.pk)


@allow()
@require_POST
def retry_document(request: HttpRequest, document_id: int) -> HttpResponse:
    """Try a failed or cancelled document again."""
    shown = get_document(request, document_id)
    try:
        actions.retry_document(document=shown, actor=signed_in(request), at=timezone.now())
        messages.success(request, _("已重新排队。"))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("documents:document", shown.pk)
