"""The audit: drawn up, completed, published."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from election_admin.accounts.access import allow, get_visible, require
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.forms import add_errors
from villages.actions import audits as actions
from villages.forms.audits import AuditForm, FindingRows, PublicationForm, filled_rows, rows_helper
from villages.models import Audit
from villages.views.scope import term_of, village_of


@allow(Role.TOWNSHIP)
@require_http_methods(["GET", "POST"])
def edit_audit(request: HttpRequest, code: str) -> HttpResponse:
    """Enter or correct the audit of the term."""
    place = village_of(request, code, "villages.record_facts")
    term = term_of(place)
    audit = Audit.objects.filter(place=place, term=term).first()
    today = timezone.localdate()
    form = AuditForm(
        request.POST or None,
        instance=audit,
        initial={"completed": audit is not None and audit.state != Audit.State.DRAFT},
        conclusions=dict(audit.subjects.values_list("subject", "conclusion")) if audit else {},
        today=today,
    )
    rows = FindingRows(
        request.POST or None,
        initial=list(audit.findings.values(*actions.FINDING_FIELDS)) if audit else [],
        form_kwargs={"today": today},
        prefix="findings",
    )
    if audit is not None and audit.state == Audit.State.PUBLISHED:
        form.close()
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        try:
            actions.record_audit(
                place=place,
                term=term,
                values=form.cleaned_data,
                conclusions=form.conclusions(),
                findings=filled_rows(rows),
                completed=form.cleaned_data["completed"],
                actor=signed_in(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("审计情况已保存。"))
            if "stay" in request.POST:
                return redirect("villages:edit_audit", place.code)
            return redirect("villages:village", place.code)
    context = {"place": place, "audit": audit, "form": form, "rows": rows, "rows_helper": rows_helper()}
    return render(request, "villages/edit_audit.html", context)


@allow(Role.TOWNSHIP, Role.COUNTY)
@require_http_methods(["GET", "POST"])
def publish_audit(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the audit was made public in the village."""
    audit = get_visible(Audit.objects.select_related("place__parent"), request, pk=pk)
    user = signed_in(request)
    require(user, "villages.see_facts", audit)
    form = PublicationForm(request.POST or None, today=timezone.localdate())
    if request.method == "POST":
        require(user, "villages.record_facts", audit)
    if form.is_valid():
        try:
            actions.publish_audit(audit=audit, actor=user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("审计结果公布情况已登记。"))
            return redirect("villages:village", audit.place.code)
    context = {"place": audit.place, "audit": audit, "form": form}
    return render(request, "villages/publish_audit.html", context)
