"""Objections: listed, recorded, read for a reason, decided on."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidates.actions import objections as actions
from candidates.kinds.objections import reply_kind
from candidates.models import Objection
from candidates.objection_forms import DecideObjectionForm, RecordObjectionForm
from candidates.objection_tables import (
    OFFICIALS,
    ObjectionFilter,
    ObjectionTable,
    candidate_words,
    listed_objections,
    sees_many_townships,
    state_of,
)
from candidates.views.scope import election_of
from election_admin import looks
from election_admin.accounts.access import allow, get_visible, reach_of, require
from election_admin.accounts.models import Role, User
from election_admin.accounts.signed_in import signed_in
from election_admin.documents.models import Language
from election_admin.forms import add_errors
from election_admin.tables import respond_with_list
from villages.models import Body, Election

READERS = (Role.TOWNSHIP, Role.COMMITTEE, Role.COUNTY)
SETTLERS = (Role.TOWNSHIP, Role.COMMITTEE)


@never_cache
@allow(*OFFICIALS)
@require_safe
def objections(request: HttpRequest) -> HttpResponse | FileResponse:
    """List the objections in a township's or county's elections, the open ones first."""
    user, today = signed_in(request), timezone.localdate()
    place = user.held_memberships[0].place
    hidden = () if sees_many_townships(user) else ("township",)
    rows = listed_objections(user).current()
    return respond_with_list(
        request,
        table=partial(ObjectionTable, on=today, official=True, hidden=hidden),
        filterset=ObjectionFilter(request, rows.visible_to(reach_of(user, *OFFICIALS))),
        template="candidates/objections.html",
        context={"place": place},
        export_name=_("候选人异议-%(place)s-%(day)s") % {"place": place.name, "day": today},
    )


@allow(Role.COMMITTEE)
@require_safe
def own_objections(request: HttpRequest) -> HttpResponse:
    """Lead a committee to the objections in its one election, or list those of the village."""
    user = signed_in(request)
    place = next(held.place for held in user.held_memberships if held.role == Role.COMMITTEE)
    held = Election.objects.current().with_place().filter(place=place, body=Body.VILLAGERS_COMMITTEE)
    elections = list(held)
    if len(elections) == 1:
        return redirect("candidates:objection_list", elections[0].pk)
    context = {"place": place, "elections": elections}
    return render(request, "candidates/own_objections.html", context)


@never_cache
@allow(*READERS)
@require_safe
def objection_list(request: HttpRequest, election_id: int) -> HttpResponse | FileResponse:
    """The objections in one election that the user's office settles or oversees, open ones first."""
    election, user, today = _election(request, election_id), signed_in(request), timezone.localdate()
    official = _sees_candidates(user, election)
    hidden = ("village", "township", "election") + (() if official else ("office",))
    rows = listed_objections(user).filter(election=election)
    return respond_with_list(
        request,
        table=partial(ObjectionTable, on=today, official=official, hidden=hidden),
        filterset=ObjectionFilter(request, rows, of_election=True),
        template="candidates/objection_list.html",
        context={
            "election": election,
            "place": election.place,
            "official": official,
            "may_record": election.term.current and user.has_perm("candidates.object", election),
        },
        export_name=_("候选人异议-%(place)s-%(day)s") % {"place": election.place.name, "day": today},
    )


@never_cache
@allow(*SETTLERS)
@require_http_methods(["GET", "POST"])
def record_objection(request: HttpRequest, election_id: int) -> HttpResponse:
    """Record an objection."""
    election, user = _election(request, election_id, "candidates.object"), signed_in(request)
    closed = _why_over(election)
    if closed:
        messages.error(request, closed)
        return redirect("candidates:objection_list", election.pk)
    form = RecordObjectionForm(
        request.POST if request.method == "POST" else None,
        election=election,
        official=actions.is_official(user, election),
        today=timezone.localdate(),
    )
    if form.is_valid():
        values = {"office": Objection.Office.COMMITTEE, **form.cleaned_data}
        try:
            objection = actions.record_objection(election=election, actor=user, at=timezone.now(), **values)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("异议已登记。处理以后请登记结果，并把答复书交给提出人。"))
            return redirect("candidates:objection", objection.pk)
    context = {
        "election": election,
        "place": election.place,
        "official": _sees_candidates(user, election),
        "form": form,
    }
    return render(request, "candidates/record_objection.html", context)


@never_cache
@allow(*READERS)
@require_safe
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """One objection: how it stands, and for whoever says why they look, what it says."""
    return _show(request, _objection(request, pk))


@never_cache
@allow(*READERS)
@require_POST
def look_at_objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Open an objection for a while, once the journal has why."""
    shown, now = _objection(request, pk), timezone.now()
    form = looks.LookForm(request.POST, today=timezone.localdate(now))
    if form.is_valid():
        try:
            actions.look_into_objection(
                objection=shown, reason=form.cleaned_data["reason"], actor=signed_in(request), at=now
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            looks.remember(request, shown, at=now)
            return redirect("candidates:objection", pk)
    return _show(request, shown, look_form=form)


@never_cache
@allow(*READERS)
@require_POST
def close_objection_look(request: HttpRequest, pk: int) -> HttpResponse:
    """Mask an objection again before the time is out."""
    looks.forget(request, _objection(request, pk))
    messages.success(request, _("已重新隐藏。"))
    return redirect("candidates:objection", pk)


@never_cache
@allow(*SETTLERS)
@require_http_methods(["GET", "POST"])
def decide_objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what was decided on an objection."""
    shown, user = _objection(request, pk), signed_in(request)
    require(user, "candidates.settle_objection", shown)
    closed = _why_over(shown.election) or ("" if shown.is_open else _("这件异议已经处理。"))
    if closed:
        messages.error(request, closed)
        return redirect("candidates:objection", pk)
    form = DecideObjectionForm(
        request.POST if request.method == "POST" else None,
        objection=shown,
        official=actions.is_official(user, shown.election),
        today=timezone.localdate(),
    )
    if form.is_valid():
        try:
            actions.decide_objection(objection=shown, actor=user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("处理结果已登记。请打印答复书，交给提出人。"))
            return redirect("candidates:objection", pk)
    return render(request, "candidates/decide_objection.html", {**_context(request, shown), "form": form})


def _show(request: HttpRequest, shown: Objection, *, look_form: looks.LookForm | None = None) -> HttpResponse:
    user = signed_in(request)
    may_settle = shown.election.term.current and user.has_perm("candidates.settle_objection", shown)
    context = {
        **_context(request, shown),
        "look_form": look_form or looks.LookForm(today=timezone.localdate()),
        "look_url": reverse("candidates:look_at_objection", args=[shown.pk]),
        "close_url": reverse("candidates:close_objection_look", args=[shown.pk]),
        "may_settle": may_settle,
        "may_add": may_settle,
        "reply_kind": reply_kind(shown),
        "languages_of_documents": Language.choices,
    }
    return render(request, "candidates/objection.html", context)


def _context(request: HttpRequest, shown: Objection) -> dict[str, Any]:
    """What both pages of an objection show; its words only while a look is open.

    Whoever recorded it typed it, and reads it without one.
    """
    user, now = signed_in(request), timezone.now()
    official = _sees_candidates(user, shown.election)
    until = looks.open_until(request, shown, at=now)
    own = shown.recorded_by_id == user.pk
    return {
        "objection": shown,
        "election": shown.election,
        "place": shown.place,
        "official": official,
        "about_whom": candidate_words(shown, official=official),
        "state": state_of(shown, on=timezone.localdate(now)),
        "open_until": until,
        "own": own,
        "readable": own or until is not None,
    }


def _election(
    request: HttpRequest, election_id: int, permission: str = "candidates.see_objections"
) -> Election:
    """Return the election; 404 for the Party branch's where the user's office is the villagers' committee."""
    election = election_of(request, election_id, permission)
    if election.of_party_branch and not _sees_candidates(signed_in(request), election):
        raise Http404(_("没有找到。"))
    return election


def _objection(request: HttpRequest, pk: int) -> Objection:
    """Return the objection; 404 for one that is not the user's to read."""
    rows = Objection.objects.select_related(
        "candidacy__person", "election__place__parent", "election__term", "recorded_by", "decided_by"
    )
    shown = get_visible(rows, request, pk=pk)
    user = signed_in(request)
    require(user, "candidates.see_objections", shown)
    if not user.has_perm("candidates.read_objection", shown):
        raise Http404(_("没有找到。"))
    return shown


def _sees_candidates(user: User, election: Election) -> bool:
    return user.has_perm("candidates.see", election)


def _why_over(election: Election) -> str:
    """Why nothing can be recorded any more, empty while it can."""
    try:
        election.term.require_current()
    except ValidationError as error:
        return " ".join(error.messages)
    return ""
