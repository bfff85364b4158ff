"""Entering and correcting what is known of a village."""

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
from villages.actions import facts as actions
from villages.forms.facts import DisputeForm, ProfileForm, SettlementForm
from villages.models import Dispute, VillageProfile
from villages.views.scope import village_of


@allow(Role.TOWNSHIP)
@require_http_methods(["GET", "POST"])
def edit_profile(request: HttpRequest, code: str) -> HttpResponse:
    """Enter or correct the village's figures."""
    place = village_of(request, code, "villages.record_facts")
    profile = VillageProfile.objects.filter(place=place).first()
    form = ProfileForm(request.POST or None, instance=profile, today=timezone.localdate())
    if form.is_valid():
        try:
            actions.record_profile(
                place=place, values=form.cleaned_data, actor=signed_in(request), at=timezone.now()
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("村情档案已保存。"))
            return redirect("villages:village", place.code)
    return render(request, "villages/edit_profile.html", {"place": place, "form": form})


@allow(Role.TOWNSHIP)
@require_http_methods(["GET", "POST"])
def record_dispute(request: HttpRequest, code: str) -> HttpResponse:
    """Enter a dispute in the register."""
    place = village_of(request, code, "villages.record_facts")
    form = DisputeForm(request.POST or None, today=timezone.localdate())
    if form.is_valid():
        try:
            actions.record_dispute(
                place=place, values=form.cleaned_data, actor=signed_in(request), at=timezone.now()
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("纠纷已登记。"))
            return redirect("villages:village", place.code)
    return render(request, "villages/record_dispute.html", {"place": place, "form": form})


@allow(Role.TOWNSHIP, Role.COUNTY)
@require_http_methods(["GET", "POST"])
def settle_dispute(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a dispute, and record how it was settled."""
    dispute = get_visible(Dispute.objects.select_related("place__parent"), request, pk=pk)
    user = signed_in(request)
    require(user, "villages.see_facts", dispute)
    form = SettlementForm(request.POST or None, today=timezone.localdate())
    if request.method == "POST":
        require(user, "villages.record_facts", dispute)
    if form.is_valid():
        try:
            actions.settle_dispute(dispute=dispute, actor=user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("纠纷已登记为化解。"))
            return redirect("villages:village", dispute.place.code)
    context = {"place": dispute.place, "dispute": dispute, "form": form}
    return render(request, "villages/settle_dispute.html", context)
