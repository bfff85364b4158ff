"""Violations 违规: recorded, put right, listed."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ballots.actions import violations as actions
from ballots.actions.steps import check_undoable
from ballots.models import Step, Violation
from ballots.views.scope import READERS, election_of
from ballots.violation_forms import CorrectViolationForm, RecordViolationForm
from ballots.violation_tables import OFFICIALS, ViolationFilter, ViolationTable, office_violations, state_of
from ballots.violations import title_of_step, violations_of, with_consequences
from election_admin.accounts.access import allow, get_visible, require
from election_admin.accounts.models import Role, User
from election_admin.accounts.signed_in import signed_in
from election_admin.evidence.reading import evidence_by_subject
from election_admin.forms import add_errors
from election_admin.sentences import one_after_another
from election_admin.tables import respond_with_list

RECORDERS = (Role.TOWNSHIP, Role.COMMITTEE)


@allow(*OFFICIALS)
@require_safe
def violations(request: HttpRequest) -> HttpResponse | FileResponse:
    """List the violations of a township's or county's villages, the open ones first."""
    filterset = ViolationFilter(request, office_violations(signed_in(request)))
    place = signed_in(request).held_memberships[0].place
    return respond_with_list(
        request,
        table=partial(ViolationTable, one_township="township" not in filterset.form.fields),
        filterset=filterset,
        template="ballots/violations.html",
        context={"place": place},
        export_name=_("违规情况-%(place)s-%(day)s") % {"place": place.name, "day": timezone.localdate()},
    )


@allow(*READERS)
@require_safe
def violation_list(request: HttpRequest, election_id: int) -> HttpResponse:
    """The violations of one election, open ones first."""
    election = election_of(request, election_id)
    rows = list(violations_of(election, signed_in(request)))
    files = evidence_by_subject("violation", [row.pk for row in rows])
    shown = [
        {
            "violation": row,
            "step": title_of_step(election, row.step.code),
            "state": state_of(row),
            "files": files[str(row.pk)],
        }
        for row in rows
    ]
    context = {"election": election, "place": election.place, "violations": shown}
    return render(request, "ballots/violation_list.html", context)


@allow(*RECORDERS)
@require_http_methods(["GET", "POST"])
def record_violation(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what went wrong at a step, and who stopped it."""
    step = get_visible(Step.objects.select_related("election__place"), request, pk=pk)
    _hide(signed_in(request), step)
    election = election_of(request, step.election_id, "ballots.record_violation")
    closed = _refused_as_over(request, election)
    if closed is not None:
        return closed
    title = title_of_step(election, step.code)
    form = RecordViolationForm(request.POST if request.method == "POST" else None, today=timezone.localdate())
    if form.is_valid():
        try:
            violation = actions.record_violation(
                step=step, actor=signed_in(request), at=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("已登记违规。纠正以前，“%s”不能办结。") % title)
            return redirect("ballots:correct_violation", violation.pk)
    context = {"election": election, "place": election.place, "step": step, "title": title, "form": form}
    return render(request, "ballots/record_violation.html", context)


@allow(*READERS)
@require_http_methods(["GET", "POST"])
def correct_violation(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a violation and what it still demands, and record how it was put right."""
    violation = _violation(request, pk)
    election, user = election_of(request, violation.election_id), signed_in(request)
    if request.method == "POST":
        require(user, "ballots.record_violation", election)
    form = CorrectViolationForm(
        request.POST if request.method == "POST" else None, today=timezone.localdate()
    )
    if form.is_valid():
        try:
            actions.correct_violation(violation=violation, actor=user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("已登记纠正情况。"))
            return redirect("ballots:correct_violation", violation.pk)
    may_write = election.term.current and user.has_perm("ballots.record_violation", election)
    offered = form.is_bound or (may_write and violation.corrected_on is None)
    context = {
        "election": election,
        "place": election.place,
        "violation": violation,
        "title": title_of_step(violation.election, violation.step.code),
        "state": state_of(violation),
        "demand": _demand(violation, user),
        "may_add": may_write,
        "form": form if offered else None,
    }
    return render(request, "ballots/correct_violation.html", context)


@dataclass(frozen=True)
class Demand:
    """What a violation that was put right still demands, and where it is done."""

    sentence: str
    url: str = ""
    link: str = ""


def _demand(violation: Any, user: User) -> Demand | None:
    """What is still to be done after the violation, None if nothing is.

    An election is invalid and held again by art. 15 and 17; a Party branch's by the Party's rules.
    """
    election = violation.election
    if violation.new_election_due:
        if election.of_party_branch:
            sentence = _("本次选举无效。请报上级党组织，按党内选举规定重新选举。原来的登记全部保留。")
        else:
            sentence = _("本次选举无效，须依法组织重新选举（组织法第15条、第17条）。原来的登记全部保留。")
        if not (election.term.current and user.has_perm("ballots.open_occasion", election)):
            return Demand(sentence)
        return Demand(sentence, reverse("ballots:open_new", args=[election.pk]), _("去建立重新选举"))
    return _redoing(violation, user) if violation.step_to_redo else None


def _redoing(violation: Any, user: User) -> Demand:
    """A void step whose record still stands: it is taken back, done again, recorded again."""
    election = violation.election
    step = Step.objects.with_recorder().get(pk=violation.step_id)
    sentence = _("“%(step)s”已登记为%(day)s办理，这一步因违规无效。请先撤销登记，重新办理后再登记。") % {
        "step": title_of_step(violation.election, violation.step.code),
        "day": date_format(step.done_on) if step.done_on else "",
    }
    if not user.has_perm("ballots.record_step", election):
        return Demand(sentence)
    try:
        check_undoable(election=election, step=step, actor=user)
    except ValidationError as error:
        return Demand(one_after_another([sentence, *error.messages]))
    return Demand(sentence, reverse("ballots:undo_step", args=[step.pk]), _("去撤销登记"))


def _violation(request: HttpRequest, pk: int) -> Any:
    """Return the violation with its consequences; 404 if the user may not know of its step."""
    rows = with_consequences(Violation.objects.all()).select_related(
        "step", "election__place__parent", "election__term", "election__edition", "recorded_by", "closed_by"
    )
    violation: Any = get_visible(rows, request, pk=pk)  # type: ignore[arg-type]  # annotated: still ours
    require(signed_in(request), "ballots.see_procedure", violation)
    _hide(signed_in(request), violation)
    return violation


def _hide(user: User, row: Step | Violation) -> None:
    """Raise Http404 for a row at a step the user may not know of."""
    if user.has_perm("ballots.see_procedure", row) and not user.has_perm("ballots.see_violation", row):
        raise Http404(_("没有找到。"))


def _refused_as_over(request: HttpRequest, election: Any) -> HttpResponse | None:
    """Lead back to the procedure of a term that is over, None for one being held."""
    try:
        election.term.require_current()
    except ValidationError as error:
        messages.error(request, one_after_another(error.messages))
        return redirect("ballots:procedure", election.pk)
    return None
