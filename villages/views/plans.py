"""The disposal plan: written, submitted, reviewed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from election_admin.accounts.access import allow, get_visible, require
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.forms import add_errors
from villages.actions import plans as actions
from villages.drafting import first_draft
from villages.forms.audits import filled_rows, rows_helper
from villages.forms.plans import MeasureRows, PlanForm, ReviewForm
from villages.models import DisposalPlan
from villages.views.scope import term_of, village_of


@allow(Role.TOWNSHIP)
@require_http_methods(["GET", "POST"])
def write_plan(request: HttpRequest, code: str) -> HttpResponse:
    """Write the plan, or its next version; an empty one is drafted from what is known."""
    place = village_of(request, code, "villages.write_plan")
    term = term_of(place)
    held = DisposalPlan.objects.filter(place=place, term=term, newest=True).first()
    if held is not None and held.state == DisposalPlan.State.SUBMITTED and request.method == "GET":
        messages.warning(request, _("预案已上报，县里退回或者批准后才能修改。"))
        return redirect("villages:plan", held.pk)
    today = timezone.localdate()
    if held is None:
        values, measures = first_draft(place, term)
    else:
        values = {name: getattr(held, name) for name in DisposalPlan.recorded_fields}
        measures = list(held.measures.values(*actions.MEASURE_FIELDS))
    form = PlanForm(request.POST or None, initial=values, today=today)
    rows = MeasureRows(
        request.POST or None, initial=measures, form_kwargs={"today": today}, prefix="measures"
    )
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        try:
            plan = actions.write_plan(
                place=place,
                term=term,
                values=form.cleaned_data,
                measures=filled_rows(rows),
                actor=signed_in(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("预案已保存，还没有上报。"))
            if "stay" in request.POST:
                return redirect("villages:write_plan", place.code)
            return redirect("villages:plan", plan.pk)
    context = {"place": place, "plan": held, "form": form, "rows": rows, "rows_helper": rows_helper()}
    return render(request, "villages/write_plan.html", context)


def _plan(request: HttpRequest, pk: int) -> DisposalPlan:
    plan = get_visible(
        DisposalPlan.objects.select_related("place__parent", "term", "written_by", "reviewed_by"),
        request,
        pk=pk,
    )
    require(signed_in(request), "villages.see_facts", plan)
    return plan


def _show(request: HttpRequest, plan: DisposalPlan, form: ReviewForm) -> HttpResponse:
    context = {
        "place": plan.place,
        "plan": plan,
        "form": form,
        "versions": DisposalPlan.objects.filter(place=plan.place, term=plan.term),
        "today": timezone.localdate(),
    }
    return render(request, "villages/plan.html", context)


@allow(Role.TOWNSHIP, Role.COUNTY)
@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one version of a plan."""
    return _show(request, _plan(request, pk), ReviewForm(today=timezone.localdate()))


@allow(Role.TOWNSHIP)
@require_POST
def submit_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the plan up to the county."""
    held = _plan(request, pk)
    try:
        actions.submit_plan(plan=held, actor=signed_in(request), at=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("预案已上报县里审批。"))
    return redirect("villages:plan", held.pk)


@allow(Role.COUNTY)
@require_POST
def review_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve a submitted plan, or return it."""
    held = _plan(request, pk)
    form = ReviewForm(request.POST, today=timezone.localdate())
    if form.is_valid():
        approved = form.cleaned_data["decision"] == "approve"
        try:
            actions.review_plan(
                plan=held,
                approved=approved,
                remark=form.cleaned_data["remark"],
                actor=signed_in(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("预案已批准。") if approved else _("预案已退回乡镇修改。"))
            return redirect("villages:plan", held.pk)
    return _show(request, held, form)
