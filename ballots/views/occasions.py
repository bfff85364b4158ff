"""The elections of a village, and opening those that come between general ones."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ballots.actions import occasions as actions
from ballots.actions.recalls import check_vote_can_be_entered, record_recall_vote
from ballots.elections import limits, standings
from ballots.models import Recall
from ballots.occasion_forms import (
    ByElectionForm,
    FurtherElectionForm,
    NewElectionForm,
    RecallForm,
    RecallVoteForm,
)
from ballots.recalls import demand, demand_sentence, demands, outcome_of
from ballots.views.scope import READERS, election_of
from election_admin.accounts.access import allow, get_visible, require
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.forms import add_errors
from election_admin.places.models import Place
from election_admin.rulebooks.procedures import Procedure
from election_admin.sentences import one_after_another
from villages.models import Body, Election, Occasion
from villages.procedures import procedure_of
from villages.views.scope import village_of


@allow(Role.COMMITTEE)
@require_safe
def own_procedure(request: HttpRequest) -> HttpResponse:
    """Lead a committee member to the one election their committee has, or list those of the village.

    The Party branch's is not the election committee's to hold: it is listed, and leads nowhere
    by itself.
    """
    user = signed_in(request)
    place = next(held.place for held in user.held_memberships if held.role == Role.COMMITTEE)
    shown = standings(place, on=timezone.localdate(), user=user)
    own = [one.election for one in shown if one.election.body == Body.VILLAGERS_COMMITTEE]
    if len(own) == 1:
        return redirect("ballots:procedure", own[0].pk)
    return render(request, "ballots/own_procedure.html", {"place": place, "standings": shown})


@allow(*READERS)
@require_safe
def elections(request: HttpRequest, code: str) -> HttpResponse:
    """Every election of a village in the term being held."""
    place = village_of(request, code, "ballots.see_procedure")
    shown = standings(place, on=timezone.localdate(), user=signed_in(request))
    return render(request, "ballots/elections.html", {"place": place, "standings": shown})


@allow(Role.TOWNSHIP)
@require_http_methods(["GET", "POST"])
def open_further(request: HttpRequest, election_id: int) -> HttpResponse:
    """Open the further election for the seats that a vote has left empty."""
    base = election_of(request, election_id, "ballots.open_occasion")
    try:
        law = actions.check_further(base, on=timezone.localdate())
    except ValidationError as error:
        return _refused(request, error, base.place)
    form = FurtherElectionForm(request.POST or None, seats=list(base.seats.all()), today=timezone.localdate())
    if form.is_valid():
        opened = _open(request, form, actions.open_further, base=base, seats=form.seats)
        if opened is not None:
            return opened
    return _form_page(request, form, base.place, law, Occasion.FURTHER, base=base)


@allow(Role.TOWNSHIP)
@require_http_methods(["GET", "POST"])
def open_new(request: HttpRequest, election_id: int) -> HttpResponse:
    """Open the new election in the place of one whose vote is invalid."""
    base = election_of(request, election_id, "ballots.open_occasion")
    try:
        law = actions.check_new(base, on=timezone.localdate())
    except ValidationError as error:
        return _refused(request, error, base.place)
    form = NewElectionForm(request.POST or None, today=timezone.localdate())
    if form.is_valid():
        opened = _open(request, form, actions.open_new, base=base, reason=form.cleaned_data["reason"])
        if opened is not None:
            return opened
    return _form_page(request, form, base.place, law, Occasion.NEW, base=base)


@allow(Role.TOWNSHIP)
@require_http_methods(["GET", "POST"])
def open_recall(request: HttpRequest, code: str) -> HttpResponse:
    """Register a demand to recall a member, which opens its procedure."""
    place = village_of(request, code, "ballots.open_occasion")
    try:
        law = actions.check_between(place, Occasion.RECALL, on=timezone.localdate())
    except ValidationError as error:
        return _refused(request, error, place)
    form = RecallForm(request.POST or None, today=timezone.localdate())
    if form.is_valid():
        values = dict(form.cleaned_data)
        opened = _open(
            request,
            form,
            actions.open_recall,
            place=place,
            received_on=values.pop("received_on"),
            other_grounds=values.pop("other_grounds"),
            values=values,
        )
        if opened is not None:
            return opened
    return _form_page(request, form, place, law, Occasion.RECALL)


@allow(Role.TOWNSHIP)
@require_http_methods(["GET", "POST"])
def open_by_election(request: HttpRequest, code: str) -> HttpResponse:
    """Open a by-election for a vacant seat; ``?recall=`` names the recall that left it vacant."""
    place = village_of(request, code, "ballots.open_occasion")
    try:
        law = actions.check_between(place, Occasion.BY_ELECTION, on=timezone.localdate())
    except ValidationError as error:
        return _refused(request, error, place)
    recall = None
    if "recall" in request.GET:
        recalls = Recall.objects.select_related("election__term", "election__edition")
        recall = get_visible(recalls.filter(election__place=place), request, pk=request.GET["recall"])
    form = ByElectionForm(request.POST or None, recall=recall, today=timezone.localdate())
    if form.is_valid():
        values = dict(form.cleaned_data)
        opened = _open(
            request,
            form,
            actions.open_by_election,
            place=place,
            vacant_since=values.pop("vacant_since"),
            seats=values.pop("seats"),
            values=values,
            recall=recall,
        )
        if opened is not None:
            return opened
    return _form_page(request, form, place, law, Occasion.BY_ELECTION)


@allow(*READERS)
@require_http_methods(["GET", "POST"])
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    """A recall: who asked, what the vote came to; its figures are entered here."""
    rows = Recall.objects.select_related("election__place__parent", "election__term", "election__edition")
    row = get_visible(rows, request, pk=pk)
    user = signed_in(request)
    require(user, "ballots.see_procedure", row)
    if request.method == "POST":
        require(user, "ballots.record_step", row)
    form = RecallVoteForm(request.POST or None, recall=row, today=timezone.localdate())
    if form.is_valid():
        try:
            record_recall_vote(recall=row, actor=user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("表决结果已保存。"))
            return redirect("ballots:recall", row.pk)
    law = procedure_of(row.election)
    asked = demand(law, asked_by=row.asked_by, signatures=row.signatures, out_of=row.out_of)
    return render(
        request,
        "ballots/recall.html",
        {
            "recall": row,
            "election": row.election,
            "place": row.place,
            "demand": demand_sentence(law, asked),
            "outcome": outcome_of(row),
            "filled": row.election.followed_by.filter(occasion=Occasion.BY_ELECTION).first(),
            "form": form,
            "obstacle": _obstacle(row),
        },
    )


def _obstacle(recall: Recall) -> str:
    """Why the figures of the vote cannot be entered or changed now; nothing if they can."""
    try:
        recall.election.term.require_current()
        check_vote_can_be_entered(recall)
    except ValidationError as error:
        return one_after_another(error.messages)
    return ""


def _refused(request: HttpRequest, error: ValidationError, place: Place) -> HttpResponse:
    """Say why no such election can be opened here, instead of showing a form for it."""
    messages.error(request, one_after_another(error.messages))
    return redirect("ballots:elections", place.code)


def _open(
    request: HttpRequest, form: forms.BaseForm, action: Callable[..., Election], **values: Any
) -> HttpResponse | None:
    """Open an election and lead to its procedure; None where the action refuses, and the form says why."""
    try:
        election = action(actor=signed_in(request), at=timezone.now(), **values)
    except ValidationError as error:
        add_errors(form, error)
        return None
    messages.success(request, _("%s的程序已经建立，请先确定日期。") % election.title)
    return redirect("ballots:procedure", election.pk)


def _form_page(
    request: HttpRequest,
    form: forms.BaseForm,
    place: Place,
    law: Procedure,
    occasion: Occasion,
    *,
    base: Election | None = None,
) -> HttpResponse:
    body = base.body if base is not None else Body.VILLAGERS_COMMITTEE
    course = actions.courses_of(law, body, occasion)[0]
    return render(
        request,
        "ballots/open_occasion.html",
        {
            "form": form,
            "place": place,
            "occasion": occasion,
            "base": base,
            "course": course,
            "limits": limits(law, course),
            "demands": demands(law) if occasion == Occasion.RECALL else (),
        },
    )
