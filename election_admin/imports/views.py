"""Sending a file in, watching it being read, seeing what it would do, confirming that."""

import tempfile
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from election_admin.accounts.access import allow, get_visible
from election_admin.accounts.signed_in import signed_in
from election_admin.forms import add_errors
from election_admin.imports import actions, notes, preview
from election_admin.imports.blanks import write_blank
from election_admin.imports.clearing import KEEP
from election_admin.imports.forms import ConfirmForm, UploadForm
from election_admin.imports.models import ImportJob
from election_admin.imports.registry import Change, ImportKind, UnknownKind, import_kind
from election_admin.imports.tables import ImportFilter, ImportTable
from election_admin.places.models import Place
from election_admin.sentences import one_after_another
from election_admin.tables import EXCEL_TYPE, respond_with_list, write_excel

LATEST = 10


@allow()
@require_safe
def import_list(request: HttpRequest) -> HttpResponse | FileResponse:
    """The imports of one's places, newest first."""
    rows = ImportJob.objects.visible_to(request.user).sealed().select_related("place", "requested_by")
    return respond_with_list(
        request,
        table=ImportTable,
        filterset=ImportFilter(request, rows.order_by("-pk")),
        template="imports/import_list.html",
        context={"kept_days": KEEP.days},
        export_name=_("导入记录-%s") % timezone.localdate(),
    )


@never_cache
@allow()
@require_http_methods(["GET", "POST"])
def request_import(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Send a file in; below the form, what was imported here before."""
    of_kind, place = _kind_and_place(request, kind, code)
    try:
        of_kind.check_open(place)
    except ValidationError as error:
        messages.error(request, one_after_another(error.messages))
        return redirect(of_kind.back(place))
    posted = request.method == "POST"
    form = UploadForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        today=timezone.localdate(),
        most_rows=of_kind.most_rows,
    )
    if form.is_valid():
        try:
            job = actions.request_import(
                kind=kind,
                place=place,
                file=form.cleaned_data["file"],
                actor=signed_in(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            return redirect("imports:import_job", job.pk)
    earlier = ImportJob.objects.sealed().filter(kind=kind, place=place).select_related("requested_by")
    context = {
        "kind": of_kind,
        "place": place,
        "back": of_kind.back(place),
        "columns": of_kind.columns(place),
        "form": form,
        "earlier": earlier.order_by("-pk")[:LATEST],
    }
    return render(request, "imports/request_import.html", context)


@allow()
@require_safe
def blank(request: HttpRequest, kind: str, code: str) -> FileResponse:
    """The empty Excel file to fill in."""
    of_kind, place = _kind_and_place(request, kind, code)
    file = BytesIO()
    title = str(of_kind.title)
    write_blank(file, title=title, columns=of_kind.columns(place), most_rows=of_kind.most_rows)
    file.seek(0)
    name = _("%s-模板.xlsx") % title
    return FileResponse(file, as_attachment=True, filename=name, content_type=EXCEL_TYPE)


@never_cache
@allow()
@require_safe
def import_job(request: HttpRequest, pk: int) -> HttpResponse:
    """How far an import has come, and row by row what it would do."""
    job = _job(request, pk)
    context = {**_status(job), "back": _back(job)}
    if job.preview and not job.cleared_at and job.state not in {job.State.QUEUED, job.State.READING}:
        chosen = request.GET.get("change", "")
        chosen = chosen if chosen in Change.__members__.values() else ""
        columns = preview.columns_of(job)
        page = preview.page_of_rows(job, chosen, request.GET.get("page", "1"))
        context |= {
            "tabs": preview.tabs(job, chosen),
            "columns": columns,
            "page": page,
            "shown_rows": preview.shown_rows(list(page), columns),
        }
    return render(request, "imports/import_job.html", context)


@never_cache
@allow()
@require_safe
def import_status(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that moves; the whole page anew once a worker has done its part."""
    job = _job(request, pk)
    context = _status(job)
    if not job.under_way:
        return HttpResponseClientRefresh()
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    return render(request, "imports/_import_job.html", context)


@never_cache
@allow()
@require_safe
def faults(request: HttpRequest, pk: int) -> FileResponse:
    """Everything that is wrong in the file: row, column, reason."""
    job = _job(request, pk)
    if not job.wrong or job.cleared_at:
        raise Http404(_("没有找到。"))
    name = _("%(kind)s-需改正-%(number)d") % {"kind": job.kind_title, "number": job.pk}
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    lines = preview.fault_lines(job, preview.columns_of(job))
    write_excel(file, title=name, headers=preview.fault_headers(), rows=lines)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=EXCEL_TYPE)


@allow()
@require_POST
def confirm_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Have written what the preview shows."""
    job = _job(request, pk)
    form = ConfirmForm(request.POST)
    # Without a number it is no preview of ours that was confirmed.
    reading = form.cleaned_data["reading"] if form.is_valid() else -1
    try:
        actions.confirm_import(job=job, reading=reading, actor=signed_in(request), at=timezone.now())
    except ValidationError as error:
        messages.error(request, one_after_another(error.messages))
    return redirect("imports:import_job", job.pk)


@allow()
@require_POST
def cancel_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Call an import off."""
    job = _job(request, pk)
    try:
        now = actions.cancel_import(job=job, actor=signed_in(request), at=timezone.now())
        if now.finished:
            messages.success(request, _("已取消，什么都没有写入。"))
    except ValidationError as error:
        messages.error(request, one_after_another(error.messages))
    return redirect("imports:import_job", job.pk)


@allow()
@require_POST
def retry_import(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the file of a failed import once more."""
    job = _job(request, pk)
    try:
        actions.retry_import(job=job, actor=signed_in(request), at=timezone.now())
    except ValidationError as error:
        messages.error(request, one_after_another(error.messages))
    return redirect("imports:import_job", job.pk)


def _kind_and_place(request: HttpRequest, code: str, place_code: str) -> tuple[ImportKind, Place]:
    """Return a kind and a place; 404 unless the user may import this here."""
    try:
        kind = import_kind(code)
    except UnknownKind as error:
        raise Http404(_("没有找到。")) from error
    place = get_visible(Place.objects.all(), request, code=place_code)
    if not signed_in(request).has_perm(kind.permission, place):
        raise Http404(_("没有找到。"))
    return kind, place


def _job(request: HttpRequest, pk: int) -> ImportJob:
    """Return an import of a kind and a place at which the user may import it, else 404."""
    rows = ImportJob.objects.select_related("place", "requested_by", "confirmed_by")
    return get_visible(rows, request, pk=pk)


def _status(job: ImportJob) -> dict[str, Any]:
    """What the page shows of the work."""
    writing = job.state == ImportJob.State.WRITING
    percent = notes.progress_of(job.pk) if writing else job.progress
    stopping = writing and notes.who_wants_to_stop(job.pk) is not None
    return {
        "job": job,
        "percent": percent,
        "stopping": stopping,
        "seen": f"{job.state}-{percent}-{stopping}",
    }


def _back(job: ImportJob) -> str:
    """The page where what was imported is seen; nowhere when no app offers the kind any more."""
    try:
        return import_kind(job.kind).back(job.place)
    except UnknownKind:
        return ""
