"""Answering with an Excel file: downloaded for a reason, filled in, looked over, taken."""

import binascii
import json
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from candidates.actions import looking
from candidates.actions.replies import RepliesRefused, Said, reply_many, signed_for_good
from candidates.forms import ReasonForm, SayingForm
from candidates.judgements import about_titles, department_title
from candidates.models import DepartmentReply, Enquiry, ReviewItem
from candidates.sheet_reading import SheetRead, Taken, read_answers
from candidates.sheets import MOST_ROWS, sheet_columns, write_sheet
from candidates.views.desk import enquiry_of, items_of
from election_admin.accounts.access import allow
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.encryption import decrypt_bytes, encrypt_bytes
from election_admin.forms import add_errors
from election_admin.imports.blanks import how_to_fill_in
from election_admin.imports.registry import Change
from election_admin.imports.workbooks import ACCEPT, check
from election_admin.rulebooks.eligibility_lists import load_eligibility_list
from election_admin.tables import EXCEL_TYPE

# A preview that lies about for longer is looked over again.
PREVIEW_LASTS = timedelta(hours=1)
# So many rows of each sort a page shows; the rest are counted.
SHOWN = 200


class OpenSheetForm(ReasonForm):
    """Who goes into the file, and why it is taken away."""

    WAITING, ALL = "waiting", "all"
    who = forms.ChoiceField(
        label=_lazy("人员"),
        choices=[(WAITING, _lazy("等待答复的人")), (ALL, _lazy("这一批全部的人，带上已作的答复"))],
        initial=WAITING,
        widget=forms.RadioSelect,
    )


class UploadForm(SayingForm):
    """The file that was filled in."""

    submit_label: ClassVar[Any] = _lazy("上传并预览")

    file = forms.FileField(
        label=_lazy("填好的答复表"),
        # An empty file is refused with the others, by its name.
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )


@never_cache
@allow(Role.DEPARTMENT)
@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the file is downloaded and uploaded, and what its columns want."""
    return _show(request, enquiry_of(request, pk))


@never_cache
@allow(Role.DEPARTMENT)
@require_POST
def open_sheet(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """Give the file out, once the journal has why and who is in it."""
    row, now = enquiry_of(request, pk), timezone.now()
    form = _open_form(now, request.POST)
    if not form.is_valid():
        return _show(request, row, open_form=form)
    items = items_of(request, row)
    if form.cleaned_data["who"] == OpenSheetForm.WAITING:
        items = items.waiting_for(row.department)
    people = list(items)
    try:
        if not people:
            raise ValidationError({"who": _("没有等待答复的人。需要更正的，请选择全部的人。")})
        looking.open_sheet(
            enquiry=row,
            candidacies=[item.candidacy_id for item in people],
            reason=form.cleaned_data["reason"],
            actor=signed_in(request),
            at=now,
        )
    except ValidationError as error:
        add_errors(form, error)
        return _show(request, row, open_form=form)
    return _file_of(row, people)


def _file_of(row: Enquiry, people: Sequence[ReviewItem]) -> FileResponse:
    title = _("联审答复表-%(batch)s-%(department)s") % {
        "batch": row.batch,
        "department": department_title(row.department),
    }
    file = BytesIO()
    write_sheet(file, enquiry=row, items=people, title=title)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{title}.xlsx", content_type=EXCEL_TYPE)


@never_cache
@allow(Role.DEPARTMENT)
@require_POST
def upload_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the file and show what it would do. Nothing is written, and the file is not kept."""
    row, now = enquiry_of(request, pk), timezone.now()
    form = UploadForm(request.POST, request.FILES, today=timezone.localdate(now))
    if not form.is_valid():
        return _show(request, row, upload_form=form)
    try:
        read = read_answers(
            check(form.cleaned_data["file"]),
            enquiry=row,
            items=list(items_of(request, row)),
            actor=signed_in(request),
            today=timezone.localdate(now),
        )
    except ValidationError as error:
        form.add_error("file", error.messages)
        return _show(request, row, upload_form=form)
    return _show(request, row, upload_form=form, read=read)


@never_cache
@allow(Role.DEPARTMENT)
@require_POST
def take_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the answers of a file that was looked over: all of them or none."""
    row, now = enquiry_of(request, pk), timezone.now()
    answers = _unpacked(request, row, at=now)
    if answers is None:
        messages.warning(request, _("预览已经失效，请重新上传文件。"))
        return redirect("candidates:sheet", pk)
    said, seen = answers
    try:
        taken = reply_many(enquiry=row, said=said, seen=seen, actor=signed_in(request), at=now)
    except RepliesRefused as error:
        return _show(request, row, refused=_refusals(request, row, error))
    messages.success(request, ngettext("已答复%d人。", "已答复%d人。", len(taken)) % len(taken))
    return redirect("candidates:enquiry", pk)


def _refusals(request: HttpRequest, row: Enquiry, error: RepliesRefused) -> list[tuple[str, str]]:
    """Whose answer cannot be taken any more, and why."""
    names = {item.candidacy_id: item.candidacy.person.name for item in items_of(request, row)}
    return [
        (names.get(pk, "—"), sentence) for pk, own in error.by_candidacy.items() for sentence in own.messages
    ]


def _open_form(at: datetime, data: Any = None) -> OpenSheetForm:
    return OpenSheetForm(data, submit_label=_("下载"), today=timezone.localdate(at), auto_id="open-%s")


def _show(
    request: HttpRequest,
    row: Any,
    *,
    open_form: OpenSheetForm | None = None,
    upload_form: UploadForm | None = None,
    read: SheetRead | None = None,
    refused: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    now = timezone.now()
    source = load_eligibility_list(row.batch.term.eligibility_list)
    context = {
        "enquiry": row,
        "department": row.department,
        "department_title": department_title(row.department),
        "columns": [(one, how_to_fill_in(one)) for one in sheet_columns(row.department, source)],
        "most_rows": MOST_ROWS,
        "open_form": open_form or _open_form(now),
        "upload_form": upload_form or UploadForm(today=timezone.localdate(now)),
        "read": read,
        "preview": _preview(row, read, user=signed_in(request).pk, at=now) if read else None,
        "refused": refused,
    }
    return render(request, "candidates/sheet.html", context)


def _preview(row: Enquiry, read: SheetRead, *, user: int, at: datetime) -> dict[str, Any]:
    """What the file would do, in words and numbers; with what is sent back to do it, unless it is wrong."""
    changed = read.of(Change.CHANGED)
    late = signed_for_good([one.candidacy.pk for one in read.to_write]) if read.to_write else set()
    shown = [
        *changed,
        *(one for one in read.of(Change.NEW) if one.said.answer == DepartmentReply.Answer.RECORD),
    ]
    return {
        "faults": read.faults[:SHOWN],
        "more_faults": max(0, len(read.faults) - SHOWN),
        "new": len(read.of(Change.NEW)),
        "changed": len(changed),
        "same": len(read.of(Change.SAME)),
        "blank": read.blank,
        "records": sum(one.said.answer == DepartmentReply.Answer.RECORD for one in read.to_write),
        "late": len(late),
        "rows": [_in_words(one, row) for one in shown[:SHOWN]],
        "more_rows": max(0, len(shown) - SHOWN),
        "packed": _packed(row, read.to_write, user=user, at=at) if not read.faults else "",
    }


def _in_words(one: Taken, row: Enquiry) -> dict[str, Any]:
    source = load_eligibility_list(row.batch.term.eligibility_list)
    return {
        "row": one.row,
        "name": one.candidacy.person.name,
        "village": one.candidacy.place.name,
        "changed": one.change == Change.CHANGED,
        "answer": DepartmentReply.Answer(one.said.answer).label,
        "about": about_titles(one.said.situations, source),
    }


# --- between the preview and its confirmation ---------------------------------------
def _packed(row: Enquiry, taken: Sequence[Taken], *, user: int, at: datetime) -> str:
    """The answers of a preview, encrypted: the page carries them, and nothing is kept here meanwhile."""
    plain = {
        "enquiry": row.pk,
        "user": user,
        "at": at,
        "answers": [
            [
                one.candidacy.pk,
                one.seen,
                one.said.answer,
                one.said.remark,
                list(one.said.situations),
                list(one.said.findings),
            ]
            for one in taken
        ],
    }
    return encrypt_bytes(zlib.compress(json.dumps(plain, cls=DjangoJSONEncoder).encode())).decode()


def _unpacked(
    request: HttpRequest, row: Enquiry, *, at: datetime
) -> tuple[dict[int, Said], Mapping[int, int | None]] | None:
    """The answers that come back from a preview; None for another's, an old one, or what is none."""
    try:
        sealed = request.POST.get("packed", "").encode()
        plain = json.loads(zlib.decompress(decrypt_bytes(sealed)))
        made = parse_datetime(plain["at"])
        whose = (plain["enquiry"], plain["user"])
        answers = plain["answers"]
    except (ImproperlyConfigured, binascii.Error, zlib.error, ValueError, KeyError, TypeError):
        return None
    if whose != (row.pk, signed_in(request).pk) or made is None or at - made > PREVIEW_LASTS or not answers:
        return None
    said = {
        pk: Said(answer=answer, remark=remark, situations=tuple(situations), findings=tuple(findings))
        for pk, _seen, answer, remark, situations, findings in answers
    }
    return said, {one[0]: one[1] for one in answers}
