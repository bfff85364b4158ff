"""The notices of an election: listed, drafted, printed, posted."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ballots.actions import notices as actions
from ballots.kinds.notices import NOTICE
from ballots.models import Notice
from ballots.notice_facts import facts_of
from ballots.notice_forms import PostNoticeForm, UndoPostingForm, notice_form
from ballots.notices import (
    completes_step,
    laws_of,
    lines_of,
    notice_set_of,
    number_words,
    step_to_record,
    title_of,
)
from ballots.offices import records
from ballots.views.scope import READERS, election_of
from ballots.wording import step_title
from election_admin.accounts.access import allow
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.documents.actions import request_batch, request_document
from election_admin.documents.forms import RequestForm
from election_admin.documents.models import Document, Language
from election_admin.forms import add_errors
from election_admin.sentences import one_after_another
from villages.models import Election

WRITERS = (Role.TOWNSHIP, Role.COMMITTEE)


@allow(*READERS)
@require_safe
def notices(request: HttpRequest, election_id: int) -> HttpResponse:
    """Every notice of the election's set: its step's legal day, how it stands, where it was posted."""
    election = election_of(request, election_id)
    context = {
        "election": election,
        "place": election.place,
        "lines": lines_of(election),
        "set": notice_set_of(election),
        "may_write": _may_write(request, election),
        "languages_of_documents": Language.choices,
    }
    return render(request, "ballots/notices/notices.html", context)


@allow(*READERS)
@require_http_methods(["GET", "POST"])
def notice(request: HttpRequest, election_id: int, code: str, serial: int) -> HttpResponse:
    """One notice: what it says now, and the form for what the office writes in."""
    posting = request.method == "POST"
    election = election_of(request, election_id, actions.PERMISSION if posting else "ballots.see_procedure")
    shown = _notice(election, code, serial)
    law = laws_of(election)[code]
    form = None
    if _may_write(request, election) and shown.posted_on is None:
        form = notice_form(law)(
            request.POST if posting else None, law=law, notice=shown, today=timezone.localdate()
        )
    elif posting:
        messages.error(request, _("这件公告已经张贴，或者属于往届选举，不能再改。"))
        return redirect("ballots:notice", election.pk, code, serial)
    if form is not None and form.is_valid():
        try:
            actions.draft_notice(
                election=election,
                code=code,
                serial=serial,
                details=form.details,
                dated=form.cleaned_data["dated"],
                actor=signed_in(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("已保存。下面是公告现在的内容，空格处打印后手写。"))
            return redirect("ballots:notice", election.pk, code, serial)
    return _page(request, "notice", shown, form=form, **facts_of(shown))


@allow(*WRITERS)
@require_http_methods(["GET", "POST"])
def post_notice(request: HttpRequest, election_id: int, code: str, serial: int) -> HttpResponse:
    """Record when and where a notice was posted, and with it its step."""
    election = election_of(request, election_id, actions.PERMISSION)
    shown = _notice(election, code, serial)
    if shown.posted_on is not None or not election.term.current:
        messages.error(request, _("这件公告已经登记张贴，或者属于往届选举。"))
        return redirect("ballots:notice", election.pk, code, serial)
    step = step_to_record(election, code)
    offered = step is not None and records(signed_in(request), election, step.code)
    form = PostNoticeForm(
        request.POST if request.method == "POST" else None,
        step=step_title(election, step.code) if step is not None and offered else "",
        step_done_by_it=completes_step(election, code),
        today=timezone.localdate(),
    )
    if form.is_valid():
        try:
            actions.post_notice(
                election=election,
                code=code,
                serial=serial,
                posted_on=form.cleaned_data["posted_on"],
                posted_where=form.cleaned_data["posted_where"],
                with_step=form.cleaned_data.get("with_step", False),
                actor=signed_in(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("已登记张贴。请在下面上传张贴后的照片。"))
            return redirect("ballots:notice", election.pk, code, serial)
    return _page(request, "post_notice", shown, form=form)


@allow(*WRITERS)
@require_http_methods(["GET", "POST"])
def undo_posting(request: HttpRequest, election_id: int, code: str, serial: int) -> HttpResponse:
    """Take back the record of a posting, for a reason that is kept."""
    election = election_of(request, election_id, actions.PERMISSION)
    shown = _notice(election, code, serial)
    if shown.posted_on is None or not election.term.current:
        messages.error(request, _("这件公告没有登记张贴，或者属于往届选举，不能撤销。"))
        return redirect("ballots:notice", election.pk, code, serial)
    form = UndoPostingForm(request.POST if request.method == "POST" else None, today=timezone.localdate())
    if form.is_valid():
        try:
            actions.undo_posting(
                notice=shown, reason=form.cleaned_data["reason"], actor=signed_in(request), at=timezone.now()
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(
                request, _("已撤销张贴登记。随张贴登记的程序步骤没有撤销，需要时请在选举程序中撤销。")
            )
            return redirect("ballots:notice", election.pk, code, serial)
    return _page(request, "undo_posting", shown, form=form)


@allow(*READERS)
@require_POST
def print_notice(request: HttpRequest, election_id: int, code: str, serial: int) -> HttpResponse:
    """Ask for one notice on paper, begun or not, then watch it being made."""
    election = election_of(request, election_id)
    shown = _notice(election, code, serial)
    language = _language(request)
    if shown.pk is None and not _lay_out(request, election):
        return redirect("ballots:notices", election.pk)
    # A further issue nobody has saved is not laid out with the others.
    row = election.notices.filter(code=code, serial=serial).first()
    if row is None:
        messages.error(request, _("请先保存这件公告，再打印。"))
        return redirect("ballots:notice", election.pk, code, serial)
    user = signed_in(request)
    document = Document.objects.already_asked(kind=NOTICE, subject=row, language=language, by=user)
    if document is None:
        document = request_document(
            kind=NOTICE, subject=row, language=language, actor=user, at=timezone.now()
        )
    return redirect("documents:document", document.pk)


@allow(*READERS)
@require_POST
def print_notices(request: HttpRequest, election_id: int) -> HttpResponse:
    """Ask for all notices of an election on paper; what nobody has filled in has blanks."""
    election = election_of(request, election_id)
    rows: list[Notice] = []
    if _may_write(request, election) and not _lay_out(request, election):
        return redirect("ballots:notices", election.pk)
    made = election.notices.select_related("election__place__parent", "election__term", "election__edition")
    order = {code: number for number, code in enumerate(laws_of(election))}
    rows = sorted((one for one in made if one.code in order), key=lambda one: (order[one.code], one.serial))
    try:
        batch = request_batch(
            kind=NOTICE,
            subjects=rows,
            language=_language(request),
            title=_("%(village)s%(election)s公告")
            % {"village": election.place.name, "election": election.title},
            actor=signed_in(request),
            at=timezone.now(),
        )
    except ValidationError:
        messages.error(request, _("还没有拟好的公告可以打印。"))
        return redirect("ballots:notices", election.pk)
    count = batch.documents.count()
    sentence = ngettext(
        "正在生成%d件公告，完成后可以逐件打开。", "正在生成%d件公告，完成后可以逐件打开。", count
    )
    messages.success(request, sentence % count)
    return redirect("documents:document_list")


def _notice(election: Election, code: str, serial: int) -> Notice:
    """The notice of that code and serial, or the one that could be begun now; else 404."""
    if code not in laws_of(election):
        raise Http404(_("没有找到。"))
    found = election.notices.filter(code=code, serial=serial).first()
    if found is None:
        try:
            actions.check_next(election, code, serial)
        except ValidationError as error:
            raise Http404(_("没有找到。")) from error
        if serial < 1:
            raise Http404(_("没有找到。"))
        found = Notice(election=election, code=code, serial=serial)
    found.election = election
    return found


def _page(request: HttpRequest, template: str, shown: Notice, **context: Any) -> HttpResponse:
    election = shown.election
    law = laws_of(election)[shown.code]
    named = {
        "notice": shown,
        "law": law,
        "election": election,
        "place": election.place,
        "number_words": number_words(law, shown.serial),
        "title": title_of(election, law),
        "step": election.steps.filter(code=law.step or "").order_by("position").first(),
        "may_write": _may_write(request, election),
        "languages_of_documents": Language.choices,
    }
    return render(request, f"ballots/notices/{template}.html", {**named, **context})


def _lay_out(request: HttpRequest, election: Election) -> bool:
    """Begin what nobody has begun, for who may; say why not and return False otherwise."""
    if not _may_write(request, election):
        messages.error(request, _("这件公告还没有拟，请由村民选举委员会或者乡镇先拟。"))
        return False
    try:
        actions.lay_out_notices(election=election, actor=signed_in(request), at=timezone.now())
    except ValidationError as error:
        messages.error(request, one_after_another(error.messages))
        return False
    return True


def _may_write(request: HttpRequest, election: Election) -> bool:
    return election.term.current and signed_in(request).has_perm(actions.PERMISSION, election)


def _language(request: HttpRequest) -> str:
    """The language asked for; Chinese unless it is one documents are written in."""
    form = RequestForm(request.POST)
    return form.cleaned_data["language"] if form.is_valid() else Language.CHINESE
