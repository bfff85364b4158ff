"""Setting an election's day: how soon it can lawfully be, what a day brings, and saving it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ballots.day_effects import day_effects
from ballots.election_day_forms import DayForm, ElectionDayForm
from ballots.outlooks import shown_outlook
from ballots.rolls import count_under_age
from ballots.timeline import timeline
from ballots.views.scope import election_of
from candidates.foresight import foresee
from candidates.models import Candidacy
from candidates.views.changes import tell_changes
from election_admin.accounts.access import allow
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.forms import add_errors
from election_admin.sentences import one_after_another, quoted
from villages.actions import terms as actions
from villages.models import Election, Occasion
from villages.procedures import procedure_of


@allow(Role.TOWNSHIP)
@require_http_methods(["GET", "POST"])
def set_election_day(request: HttpRequest, election_id: int) -> HttpResponse:
    """Set the day, the mode, the seats and the team; then say what is late because of it."""
    election = election_of(request, election_id, "villages.set_election_day")
    if not election.term.current:
        return _of_past_term(request, election)
    if "preview" in request.POST:
        return _preview_page(request, election, request.POST.dict())
    now = timezone.now()
    form = ElectionDayForm(
        request.POST if request.method == "POST" else None, election=election, today=timezone.localdate(now)
    )
    if form.is_valid():
        try:
            actions.set_election_day(
                election=election,
                election_day=form.cleaned_data["election_day"],
                mode=form.chosen_mode,
                seats=form.seats,
                guidance_team=form.cleaned_data["guidance_team"],
                actor=signed_in(request),
                at=now,
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            _tell(request, election_of(request, election_id))
            tell_changes(request, cause="villages.set_election_day", at=now)
            return redirect("ballots:procedure", election.pk)
    return _page(request, election, form)


@allow(Role.TOWNSHIP)
@require_safe
def preview_election_day(request: HttpRequest, election_id: int) -> HttpResponse:
    """Show what a day brings, before it is saved: the part that htmx swaps, or the whole page."""
    election = election_of(request, election_id, "villages.set_election_day")
    if not election.term.current:
        return _of_past_term(request, election)
    if getattr(request, "htmx", False):
        context = {"election": election, **_preview(election, request.GET.dict())}
        return render(request, "ballots/_day_preview.html", context)
    return _preview_page(request, election, request.GET.dict())


def _of_past_term(request: HttpRequest, election: Election) -> HttpResponse:
    try:
        election.term.require_current()
    except ValidationError as error:
        messages.error(request, one_after_another(error.messages))
    return redirect("ballots:procedure", election.pk)


def _preview_page(request: HttpRequest, election: Election, typed: dict[str, str]) -> HttpResponse:
    form = ElectionDayForm(election=election, typed=typed, today=timezone.localdate())
    return _page(request, election, form, **_preview(election, typed))


def _preview(election: Election, typed: dict[str, str]) -> dict[str, Any]:
    """What the day typed brings, or what is wrong with what was typed."""
    today = timezone.localdate()
    form = DayForm(typed, election=election, today=today)
    if not form.is_valid():
        errors = [sentence for sentences in form.errors.values() for sentence in sentences]
        return {"not_understood": errors}
    effects = day_effects(
        election,
        day=form.cleaned_data["election_day"],
        mode=form.chosen_mode,
        team=form.cleaned_data["guidance_team"],
        today=today,
    )
    foresight = foresee(Candidacy.objects.filter(election=election), election_day=effects.day)
    return {"effects": effects, "foresight": foresight, "changes": foresight.changes}


def _page(request: HttpRequest, election: Election, form: ElectionDayForm, **preview: Any) -> HttpResponse:
    steps = list(election.steps.order_by("position"))
    parameters = procedure_of(election).parameters
    return render(
        request,
        "ballots/set_election_day.html",
        {
            "election": election,
            "place": election.place,
            "law": procedure_of(election),
            "members": parameters.party_seats if election.of_party_branch else parameters.seats,
            "recall": election.occasion == Occasion.RECALL,
            "outlook": shown_outlook(election, today=timezone.localdate(), steps=steps),
            "recorded": sum(step.done_on is not None for step in steps),
            "form": form,
            **preview,
        },
    )


def _tell(request: HttpRequest, election: Election) -> None:
    """Say the new day, and which steps it leaves overdue or recorded against the law."""
    shown = timeline(election, today=timezone.localdate(), user=signed_in(request))
    day = election.election_day
    sentence = _("选举日已定为%s，各步骤的法定日期已重新计算，已登记的内容不变。")
    messages.success(request, sentence % (date_format(day) if day else ""))
    if shown.overdue:
        messages.warning(
            request,
            _("按这一天计算，有%(count)d步已经逾期：%(steps)s。请尽快补办，或者改定选举日。")
            % {"count": len(shown.overdue), "steps": quoted([line.title for line in shown.overdue])},
        )
    too_young = count_under_age(election)
    if too_young:
        messages.warning(request, _("选民名单中有%d人选举日未满十八周岁：请先核对并移出名单。") % too_young)
    if shown.violations:
        messages.warning(
            request, _("按这一天计算，已登记的日期有不合规定的：%s") % one_after_another(shown.violations)
        )
