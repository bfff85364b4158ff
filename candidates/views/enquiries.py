"""One enquiry with its people, answered a page at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from candidates import looks
from candidates.actions import looking
from candidates.actions.replies import RepliesRefused, reply_many
from candidates.disclosure import tell, told_fields
from candidates.forms import ReasonForm
from candidates.judgements import about_titles, department_title
from candidates.models import DepartmentReply, Enquiry, ReviewBatch, ReviewItem
from candidates.reply_forms import ReplyForm
from candidates.views.desk import enquiry_of, items_of, opened_until
from candidates.views.inbox import line_of, rechecks_of
from election_admin.accounts.access import allow, get_visible
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.forms import add_errors
from election_admin.rulebooks.eligibility_lists import EligibilityList, load_eligibility_list

PAGE = 25
# On a page of many, one fact of each situation; who needs more goes to the person's own page.
PIECES_IN_A_ROW = 1


@dataclass(frozen=True)
class Row:
    """One person of an enquiry: what the department is told, and the answer that is asked or given."""

    item: ReviewItem
    told: Sequence[tuple[str, str]]
    form: ReplyForm | None = None
    answer: str = ""
    about: Sequence[str] = ()


@never_cache
@allow(Role.DEPARTMENT, Role.TOWNSHIP, Role.COUNTY)
@require_http_methods(["GET", "POST"])
def enquiry(request: HttpRequest, pk: int) -> HttpResponse:
    """The people of one enquiry: answer about them one by one, or about a page at once.

    An official who read the department's paper comes back here, and is sent on to the batch.
    """
    if not signed_in(request).holds(Role.DEPARTMENT):
        asked = get_visible(Enquiry.objects.select_related("batch__place"), request, pk=pk)
        return redirect("candidates:batch", asked.batch_id)
    row = enquiry_of(request, pk)
    if request.method != "POST":
        return show_enquiry(request, row)
    rows, lost = _posted_rows(request, row)
    if lost:
        messages.warning(request, _("名单在此期间有变化，有人已不再征询。请核对后再提交。"))
        return show_enquiry(request, row, rows=rows)
    said, refused = {}, False
    for one in rows:
        if one.form is None or not one.form.is_bound:
            continue
        if one.form.is_valid():
            said[one.item.candidacy_id] = one.form.said
        else:
            refused = True
    if not said and not refused:
        messages.warning(request, _("还没有选择任何人的答复，没有提交。"))
    elif not refused and _answer(request, row, rows, said):
        return _onward(request, row, len(said))
    return show_enquiry(request, row, rows=rows)


def _answer(request: HttpRequest, row: Enquiry, rows: Iterable[Row], said: Mapping[int, Any]) -> bool:
    """Whether all of these answers were taken; what was refused stands in the rows otherwise."""
    try:
        reply_many(
            enquiry=row, said=said, seen=dict.fromkeys(said), actor=signed_in(request), at=timezone.now()
        )
    except RepliesRefused as error:
        for one in rows:
            own = error.by_candidacy.get(one.item.candidacy_id)
            if own is not None and one.form is not None:
                one.form.refuse(own)
        return False
    return True


def _onward(request: HttpRequest, row: Enquiry, answered: int) -> HttpResponse:
    messages.success(request, ngettext("已答复%d人。", "已答复%d人。", answered) % answered)
    return _back(request, row)


def _posted_rows(request: HttpRequest, row: Enquiry) -> tuple[list[Row], bool]:
    """The people that stood on the page that was sent, and whether somebody among them is gone.

    With "the rest" pressed, whoever has no answer yet and was left blank gets "no record": only
    the people who stood on the page, so nobody who came since is answered about unseen.
    """
    pks = {int(one) for one in request.POST.getlist("shown")[:PAGE] if one.isdecimal() and len(one) < 19}
    items = list(items_of(request, row).filter(pk__in=pks))
    waiting = set(
        items_of(request, row).filter(pk__in=pks).waiting_for(row.department).values_list("pk", flat=True)
    )
    data = request.POST.copy()
    for item in items:
        name = f"{_prefix(item)}-answer"
        if "rest" in request.POST and not data.get(name) and item.pk in waiting:
            data[name] = DepartmentReply.Answer.NO_RECORD
    opened = opened_until(request, row, at=timezone.now()) is not None
    source = load_eligibility_list(row.batch.term.eligibility_list)
    rows = [
        Row(item, _told(item, row, opened=opened), form=_form(item, row, source, data=chosen))
        for item in items
        for chosen in (data if data.get(f"{_prefix(item)}-answer") else None,)
        if chosen is not None or item.pk in waiting
    ]
    return rows, len(items) < len(pks)


def show_enquiry(
    request: HttpRequest,
    row: Any,
    *,
    rows: Sequence[Row] | None = None,
    look_form: ReasonForm | None = None,
) -> HttpResponse:
    """Render the page of an enquiry; ``rows``: those that were sent, with what was typed."""
    now = timezone.now()
    until = opened_until(request, row, at=now)
    answered = rows is None and request.GET.get("show") == "answered"
    items = items_of(request, row)
    villages = dict(
        items.order_by("candidacy__election__place__code")
        .values_list("candidacy__election__place__code", "candidacy__election__place__name")
        .distinct()
    )
    village = request.GET.get("village", "")
    listed = items.answered_by(row.department) if answered else items.waiting_for(row.department)
    if village in villages:
        listed = listed.filter(candidacy__election__place__code=village)
    page = Paginator(listed, PAGE).get_page(request.GET.get("page"))
    if rows is None:
        rows = _rows(row, page, answered=answered, opened=until is not None)
    line = line_of(row, timezone.localdate(now))
    context = {
        "enquiry": row,
        "line": line,
        "department": row.department,
        "department_title": department_title(row.department),
        "columns": list(told_fields(row.department).values()),
        "sees_number": "id_number" in told_fields(row.department),
        "rows": rows,
        "typed": any(one.form is not None and one.form.is_bound for one in rows),
        "page": page,
        "answered": answered,
        "villages": villages,
        "village": village if village in villages else "",
        "signed": row.batch.state == ReviewBatch.State.SIGNED,
        "rechecks": rechecks_of(request, row.department, row),
        "open_until": until,
        "look_form": look_form or reason_form(now),
    }
    return render(request, "candidates/enquiry.html", context)


def reason_form(at: datetime, data: Any = None) -> ReasonForm:
    """Why somebody looks."""
    return ReasonForm(data, submit_label=_("查看"), today=timezone.localdate(at), auto_id="look-%s")


def _rows(row: Enquiry, page: Page[Any], *, answered: bool, opened: bool) -> list[Row]:
    source = load_eligibility_list(row.batch.term.eligibility_list)
    if not answered:
        return [
            Row(item, _told(item, row, opened=opened), form=_form(item, row, source, pieces=0))
            for item in page
        ]
    given: dict[int, DepartmentReply] = {}
    if opened:
        replies = DepartmentReply.objects.newest().filter(department=row.department)
        given = {
            one.candidacy_id: one for one in replies.filter(candidacy__in=[i.candidacy_id for i in page])
        }
    return [_answered_row(item, row, given.get(item.candidacy_id), source, opened=opened) for item in page]


def _answered_row(
    item: ReviewItem, row: Enquiry, reply: DepartmentReply | None, source: EligibilityList, *, opened: bool
) -> Row:
    told = _told(item, row, opened=opened)
    if reply is None:
        return Row(item, told)
    return Row(
        item,
        told,
        answer=str(DepartmentReply.Answer(reply.answer).label),
        about=about_titles(reply.situations, source),
    )


def _told(item: ReviewItem, row: Enquiry, *, opened: bool) -> list[tuple[str, str]]:
    """Title and words of each thing the department is told."""
    told = tell(item.candidacy, row.department, opened=opened)
    return [(str(title), told[field]) for field, title in told_fields(row.department).items()]


def _prefix(item: ReviewItem) -> str:
    return f"p{item.pk}"


def _form(
    item: ReviewItem,
    row: Enquiry,
    source: EligibilityList,
    *,
    data: Any = None,
    pieces: int | None = None,
) -> ReplyForm:
    """The form of one person; the facts are there as soon as a record is chosen."""
    if pieces is None:
        record = data is not None and data.get(f"{_prefix(item)}-answer") == DepartmentReply.Answer.RECORD
        pieces = PIECES_IN_A_ROW if record else 0
    # Rows may stay blank: the browser must not ask for them.
    form = ReplyForm(
        data,
        prefix=_prefix(item),
        source=source,
        department=row.department,
        pieces=pieces,
        today=timezone.localdate(),
        use_required_attribute=False,
    )
    form.fields["answer"].widget.attrs |= {
        "hx-post": reverse("candidates:enquiry_facts", args=[row.pk, item.pk]),
        "hx-target": f"#facts-{item.pk}",
        "hx-trigger": "change",
    }
    return form


@never_cache
@allow(Role.DEPARTMENT)
@require_POST
def enquiry_facts(request: HttpRequest, pk: int, item_id: int) -> HttpResponse:
    """The fields of a record for one row, once it is chosen; posted, so that no address says so."""
    row = enquiry_of(request, pk)
    item = get_visible(items_of(request, row), request, pk=item_id)
    source = load_eligibility_list(row.batch.term.eligibility_list)
    record = request.POST.get(f"{_prefix(item)}-answer") == DepartmentReply.Answer.RECORD
    form = _form(item, row, source, pieces=PIECES_IN_A_ROW)
    context = {"form": form if record else None, "candidacy": item.candidacy, "department": row.department}
    return render(request, "candidates/_reply_facts.html", context)


# --- the look --------------------------------------------------------------------
@never_cache
@allow(Role.DEPARTMENT)
@require_POST
def look_at_enquiry(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the ID numbers of an enquiry for a while, once the journal has why and whose."""
    row, now = enquiry_of(request, pk), timezone.now()
    form = reason_form(now, request.POST)
    if form.is_valid():
        try:
            looking.look_at_enquiry(
                enquiry=row,
                candidacies=list(items_of(request, row).values_list("candidacy", flat=True)),
                reason=form.cleaned_data["reason"],
                actor=signed_in(request),
                at=now,
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            looks.remember(request, row, at=now)
            return _back(request, row)
    return show_enquiry(request, row, look_form=form)


@allow(Role.DEPARTMENT)
@require_POST
def close_enquiry(request: HttpRequest, pk: int) -> HttpResponse:
    """Mask the people of an enquiry again before the time is out."""
    row = enquiry_of(request, pk)
    looks.forget(request, row)
    messages.success(request, _("已重新隐藏。"))
    return _back(request, row)


def _back(request: HttpRequest, row: Enquiry) -> HttpResponse:
    response = redirect("candidates:enquiry", row.pk)
    if request.GET:
        response["Location"] += "?" + request.GET.urlencode()
    return response
