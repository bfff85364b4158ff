"""The joint review 联审 on the township's side and the county's: batches listed, put together, signed."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidates.actions import batches as actions
from candidates.batch_forms import BatchForm, ReturnForm, SignForm
from candidates.batch_pages import ShownBatch, shown_batch
from candidates.batch_tables import (
    OVERDUE,
    READY,
    SITUATIONS,
    BatchFilter,
    BatchTable,
    batches_url,
    due_state,
    due_words,
    in_situation,
    listed_batches,
)
from candidates.filters import sees_many_townships
from candidates.models import Enquiry, ReviewBatch
from candidates.reply_papers import ENQUIRY
from candidates.reviewable import choices, usual_answer_day
from candidates.views.scope import batch_of
from election_admin.accounts.access import allow, get_visible, reach_of
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.evidence.reading import evidence_by_subject
from election_admin.forms import add_errors
from election_admin.places.models import Place
from election_admin.tables import respond_with_list
from villages.models import Term
from villages.tallies import Tally
from villages.views.scope import township_of

OFFICIALS = (Role.TOWNSHIP, Role.COUNTY)


@allow(*OFFICIALS)
@require_safe
def batches(request: HttpRequest) -> HttpResponse | FileResponse:
    """List the batches of a township, or of all townships of a county."""
    user, today = signed_in(request), timezone.localdate()
    reach = reach_of(user, *OFFICIALS)
    rows = listed_batches(reach)
    place = user.held_memberships[0].place
    return respond_with_list(
        request,
        table=partial(BatchTable, on=today, one_township=not sees_many_townships(reach)),
        filterset=BatchFilter(request, rows, reach=reach, on=today),
        template="candidates/batches.html",
        context={
            "place": place,
            "tallies": [
                Tally(
                    rows.filter(state=ReviewBatch.State.RETURNED).count(),
                    _("批被退回"),
                    batches_url(state=ReviewBatch.State.RETURNED),
                    "bad",
                ),
                *(
                    Tally(
                        in_situation(rows, code, on=today).count(),
                        title,
                        batches_url(situation=code),
                        "bad" if code == OVERDUE else "good" if code == READY else "warn",
                    )
                    for code, title in SITUATIONS.items()
                ),
            ],
            "own_townships": _own_townships(request),
        },
        export_name=_("联审批次-%(place)s-%(day)s") % {"place": place.name, "day": today},
    )


def _own_townships(request: HttpRequest) -> list[Place]:
    """The townships from which the user sends up."""
    held = signed_in(request).held_memberships
    return [one.place for one in held if one.role == Role.TOWNSHIP]


@never_cache
@allow(Role.TOWNSHIP)
@require_http_methods(["GET", "POST"])
def open_batch(request: HttpRequest, code: str) -> HttpResponse:
    """Put a batch together from the township's candidates, all of them ticked beforehand."""
    place = township_of(request, code, "candidates.send_batch")
    term = Term.objects.held_in(place)
    form = _batch_form(request, place, term, None) if term is not None else None
    if form is not None and form.is_valid():
        try:
            batch = actions.open_batch(
                place=place,
                candidacies=form.chosen,
                due_on=form.cleaned_data["due_on"],
                actor=signed_in(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("批次已建立。核对名单后请点“上报”，各部门才会收到。"))
            return redirect("candidates:batch", batch.pk)
    return render(request, "candidates/open_batch.html", {"place": place, "form": form, "batch": None})


@never_cache
@allow(Role.TOWNSHIP)
@require_http_methods(["GET", "POST"])
def change_items(request: HttpRequest, pk: int) -> HttpResponse:
    """Say anew who is in a batch that is not sent up, or came back, and until when answers are wanted."""
    batch = batch_of(request, pk, "candidates.send_batch")
    form = _batch_form(request, batch.place, batch.term, batch) if batch.is_open else None
    if form is not None and form.is_valid():
        try:
            actions.change_items(
                batch=batch,
                candidacies=form.chosen,
                due_on=form.cleaned_data["due_on"],
                actor=signed_in(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("名单已保存。请点“上报”，各部门才会收到。"))
            return redirect("candidates:batch", pk)
    context = {"place": batch.place, "form": form, "batch": batch}
    return render(request, "candidates/open_batch.html", context)


def _batch_form(request: HttpRequest, place: Place, term: Term, batch: ReviewBatch | None) -> BatchForm:
    """The form with everybody ticked, or with who is in the batch already; what was posted counts."""
    today = timezone.localdate()
    offered = choices(place, term, batch=batch, today=today)
    ticked = [one.pk for one in offered.free]
    due_on = usual_answer_day(offered.free, today=today)
    if batch is not None:
        present = set(batch.items.values_list("candidacy", flat=True))
        ticked = [pk for pk in ticked if pk in present]
        due_on = batch.due_on
    return BatchForm(
        request.POST or None,
        choices=offered,
        today=today,
        initial={"people": ticked, "due_on": due_on},
    )


@never_cache
@allow(*OFFICIALS)
@require_safe
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch: who is in it, who has answered, what is to be done next."""
    return show_batch(request, batch_of(request, pk))


def show_batch(request: HttpRequest, batch: ReviewBatch) -> HttpResponse:
    """Render the page of a batch; with a department named, only those it has not answered about."""
    today = timezone.localdate()
    keys = batch.enquiries.values_list("pk", flat=True)
    shown = shown_batch(batch, evidence_by_subject(ENQUIRY, keys))
    department = request.GET.get("department", "")
    only = next((one for one in shown.enquiries if one.enquiry.department == department), None)
    return render(
        request,
        "candidates/batch.html",
        {
            "batch": batch,
            "shown": shown,
            "only": only,
            "villages": shown.waiting_for(department) if only else shown.villages,
            "due_words": due_words(batch.due_on, on=today),
            "due_state": due_state(batch.due_on, on=today),
            "faults": _faults(batch, shown),
            "left_out": [one for one in shown.people if not one.standing] if batch.is_open else [],
            "today": today,
        },
    )


def _faults(batch: ReviewBatch, shown: ShownBatch) -> list[str]:
    """Why a batch under way cannot be signed yet; none for another batch."""
    if batch.state != ReviewBatch.State.SENT:
        return []
    return actions.sign_off_faults(batch, [one.item.candidacy for one in shown.standing])


@allow(Role.TOWNSHIP)
@require_POST
def send_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a batch up to the departments."""
    batch = batch_of(request, pk, "candidates.send_batch")
    act = partial(actions.send_batch, batch=batch)
    return _done(request, pk, act, _("已上报，各部门现在可以看到名单并答复。"))


@allow(Role.TOWNSHIP)
@require_POST
def drop_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Do away with a batch that was opened in error and never sent."""
    batch = batch_of(request, pk, "candidates.send_batch")
    try:
        actions.drop_batch(batch=batch, actor=signed_in(request), at=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("candidates:batch", pk)
    messages.success(request, _("批次已撤销。"))
    return redirect("candidates:batches")


@never_cache
@allow(Role.COUNTY)
@require_http_methods(["GET", "POST"])
def return_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a batch back to the township, with the reason."""
    batch = batch_of(request, pk, "candidates.sign_off")
    form = ReturnForm(request.POST or None, today=timezone.localdate())
    if form.is_valid():
        act = partial(actions.return_batch, batch=batch, reason=form.cleaned_data["reason"])
        try:
            act(actor=signed_in(request), at=timezone.now())
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("已退回乡镇，部门已作的答复保留。"))
            return redirect("candidates:batch", pk)
    return render(request, "candidates/return_batch.html", {"batch": batch, "form": form})


@never_cache
@allow(Role.COUNTY)
@require_http_methods(["GET", "POST"])
def sign_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign the outcome of a batch, once nothing is missing; until then the page says what is."""
    batch = batch_of(request, pk, "candidates.sign_off")
    form = SignForm(request.POST or None, today=timezone.localdate())
    if form.is_valid():
        try:
            actions.sign_off(
                batch=batch,
                opinion=form.cleaned_data["opinion"],
                actor=signed_in(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("联审结果已签署。乡镇可以据此确定正式候选人。"))
            return redirect("candidates:batch", pk)
    shown = shown_batch(batch, {})
    context = {
        "batch": batch,
        "shown": shown,
        "form": form,
        "faults": [] if form.errors else _faults(batch, shown),
        "counts": _counts(shown),
    }
    return render(request, "candidates/sign_off.html", context)


def _counts(shown: ShownBatch) -> list[tuple[str, int]]:
    """How many people would be signed with each verdict."""
    verdicts = [one.item.candidacy.verdict for one in shown.standing]
    return [(code, verdicts.count(code)) for code in dict.fromkeys(verdicts)]


@allow(*OFFICIALS)
@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind one department of what it has not answered."""
    rows = Enquiry.objects.select_related("batch__place", "batch__term")
    enquiry = get_visible(rows, request, pk=pk)
    act = partial(actions.remind, enquiry=enquiry)
    return _done(request, enquiry.batch_id, act, _("已催办。催办显示在该部门的联审页面上。"))


@allow(*OFFICIALS)
@require_POST
def remind_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind every department that is still missing."""
    batch = batch_of(request, pk, "candidates.remind")
    return _done(
        request,
        pk,
        partial(actions.remind_all, batch=batch),
        lambda rows: ngettext("已催办%d个部门。", "已催办%d个部门。", len(rows)) % len(rows),
    )


def _done(
    request: HttpRequest, pk: int, act: Callable[..., Any], said: str | Callable[[Any], str]
) -> HttpResponse:
    """Act, and go back to the batch with what was done, or with why it could not be."""
    try:
        result = act(actor=signed_in(request), at=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said(result) if callable(said) else said)
    return redirect("candidates:batch", pk)
