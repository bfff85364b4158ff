"""Candidates who may be one person in two villages: listed, compared, told apart."""

from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from candidates.actions import doubles as actions
from candidates.double_pages import (
    NUMBERS,
    SETTLED,
    DoubleFilter,
    DoubleTable,
    GroundsForm,
    in_township,
)
from candidates.doubles import Double, Numbers, are_double
from candidates.forms import ReasonForm
from candidates.models import Candidacy, Namesakes
from candidates.views.scope import candidacy_of
from election_admin.accounts.access import allow, reach_of
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.forms import add_errors
from election_admin.tables import respond_with_list

OFFICIALS = (Role.TOWNSHIP, Role.COUNTY)


@never_cache
@allow(*OFFICIALS)
@require_safe
def doubles(request: HttpRequest) -> HttpResponse | FileResponse:
    """List candidates whose namesake, born the same day, stands in another village of the county."""
    user = signed_in(request)
    reach = reach_of(user, *OFFICIALS)
    settled = request.GET.get("show") == SETTLED
    names = {"place": user.held_memberships[0].place.name, "day": timezone.localdate()}
    return respond_with_list(
        request,
        table=partial(DoubleTable, reach=reach, settled=settled),
        filterset=DoubleFilter(request, reach=reach),
        template="candidates/doubles.html",
        context={"settled": settled},
        export_name=_("疑似重复的候选人-%(place)s-%(day)s") % names,
    )


@never_cache
@allow(*OFFICIALS)
@require_safe
def double(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Two candidates of one name and birthday side by side, for whose office covers both villages."""
    return _show(request, _pair(request, pk, other), at=timezone.now())


@never_cache
@allow(*OFFICIALS)
@require_POST
def tell_apart(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Record that they are two people."""
    pair, now = _pair(request, pk, other), timezone.now()
    form = GroundsForm(request.POST, today=timezone.localdate(now))
    if form.is_valid():
        try:
            actions.tell_apart(
                own=pair.own,
                other=pair.other,
                grounds=form.cleaned_data["grounds"],
                actor=signed_in(request),
                at=now,
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("已记录：两名%s不是同一人。") % pair.own.person.name)
            return redirect("candidates:doubles")
    return _show(request, pair, at=now, form=form)


@never_cache
@allow(*OFFICIALS)
@require_POST
def take_back_telling_apart(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Put two people who were told apart back among the doubtful."""
    pair, now = _pair(request, pk, other), timezone.now()
    form = _reason_form(now, request.POST)
    if form.is_valid():
        try:
            actions.take_back_telling_apart(
                own=pair.own,
                other=pair.other,
                reason=form.cleaned_data["reason"],
                actor=signed_in(request),
                at=now,
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("已撤销，两人重新列为疑似重复。"))
            return redirect("candidates:double", pk, other)
    return _show(request, pair, at=now, form=form)


def _pair(request: HttpRequest, pk: int, other: int) -> Double:
    """The two candidates; 404 unless the user sees both and they have one name and birthday."""
    pair = Double(candidacy_of(request, pk), candidacy_of(request, other))
    if not are_double(pair.own, pair.other):
        raise Http404(_("没有找到。"))
    return pair


def _show(
    request: HttpRequest, pair: Double, *, at: datetime, form: GroundsForm | ReasonForm | None = None
) -> HttpResponse:
    told = (
        Namesakes.objects.in_force()
        .of(pair.own.person, pair.other.person)
        .select_related("decided_by")
        .first()
    )
    if form is None:
        form = _reason_form(at) if told else GroundsForm(today=timezone.localdate(at))
    context = {
        "candidates": [_side(pair.own), _side(pair.other)],
        "pair": pair,
        "name": pair.own.person.name,
        "numbers": NUMBERS[pair.numbers],
        "is_one": pair.numbers == Numbers.EQUAL,
        "told": told,
        "form": form,
    }
    return render(request, "candidates/double.html", context)


def _side(candidacy: Candidacy) -> dict[str, Any]:
    return {
        "candidacy": candidacy,
        "person": candidacy.person,
        "village": in_township(candidacy.place),
        "election": candidacy.election,
    }


def _reason_form(at: datetime, data: Any = None) -> ReasonForm:
    return ReasonForm(data, submit_label=_("撤销这一认定"), today=timezone.localdate(at))
