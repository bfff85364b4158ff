"""Findings: recorded, and taken back."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from candidates import looks
from candidates.actions import findings as actions
from candidates.actions import looking
from candidates.consequences import what_follows
from candidates.forms import FindingForm, ReasonForm
from candidates.judgements import shown_findings, shown_list, situation_notes
from candidates.models import Candidacy
from candidates.views.changes import tell_changes
from candidates.views.scope import candidacy_of, finding_of
from election_admin.accounts.access import allow
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.forms import add_errors
from election_admin.rulebooks.eligibility_lists import load_eligibility_list
from election_admin.sentences import one_after_another

# A message says the beginning; the page of the candidate says all of what follows.
MESSAGE_SENTENCES = 2


def _form(candidacy: Candidacy, **given: Any) -> FindingForm:
    return FindingForm(
        source=load_eligibility_list(candidacy.election.term.eligibility_list),
        today=timezone.localdate(),
        facts_url=reverse("candidates:finding_facts", args=[candidacy.pk]),
        **given,
    )


def _tell(request: HttpRequest, pk: int, *, cause: str, at: datetime) -> None:
    """Say whose verdict changed, and, where the candidacy is frozen now, what that means."""
    tell_changes(request, cause=cause, at=at)
    candidacy = candidacy_of(request, pk)
    if candidacy.is_frozen:
        follows = what_follows(candidacy, on=timezone.localdate(at))
        messages.warning(request, one_after_another(follows[:MESSAGE_SENTENCES]))


@never_cache
@allow(Role.TOWNSHIP)
@require_http_methods(["GET", "POST"])
def record_finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a finding; whoever recorded it sees it, and the journal says they did."""
    candidacy = candidacy_of(request, pk, "candidates.record")
    form = _form(candidacy, data=request.POST or None)
    user, now = signed_in(request), timezone.now()
    if form.is_valid():
        try:
            actions.record_finding(candidacy=candidacy, details=form.cleaned_data, actor=user, at=now)
        except ValidationError as error:
            add_errors(form, error)
        else:
            looking.look(candidacy=candidacy, reason=looks.TO_RECORD, actor=user, at=now)
            looks.remember(request, candidacy, at=now)
            messages.success(request, _("认定材料已记录。"))
            _tell(request, pk, cause="candidates.record_finding", at=now)
            return redirect("candidates:candidate", pk)
    context = {
        "candidacy": candidacy,
        "place": candidacy.place,
        "form": form,
        "facts": form.facts,
        "list": shown_list(form.list),
        "notes": situation_notes(form.list),
    }
    return render(request, "candidates/record_finding.html", context)


@never_cache
@allow(Role.TOWNSHIP)
@require_POST
def finding_facts(request: HttpRequest, pk: int) -> HttpResponse:
    """The fields of the chosen situation, with what was typed; posted, so that no address holds it."""
    candidacy = candidacy_of(request, pk, "candidates.record")
    form = _form(candidacy, initial=request.POST.dict())
    return render(request, "candidates/_finding_facts.html", {"facts": form.facts_of_situation})


@never_cache
@allow(Role.TOWNSHIP)
@require_http_methods(["GET", "POST"])
def withdraw_finding(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a finding recorded in error, for a reason that is kept."""
    finding = finding_of(request, pk, "candidates.record")
    candidacy, now = finding.candidacy, timezone.now()
    form = ReasonForm(request.POST or None, submit_label=_("撤销这条认定材料"), today=timezone.localdate(now))
    if form.is_valid():
        try:
            actions.withdraw_finding(
                finding=finding, reason=form.cleaned_data["reason"], actor=signed_in(request), at=now
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("认定材料已撤销，保留记录，不再计入。"))
            _tell(request, candidacy.pk, cause="candidates.withdraw_finding", at=now)
            return redirect("candidates:candidate", candidacy.pk)
    source = load_eligibility_list(candidacy.election.term.eligibility_list)
    until = looks.open_until(request, candidacy, at=now)
    context = {
        "candidacy": candidacy,
        "place": candidacy.place,
        "finding": finding,
        "shown": shown_findings([finding], source)[0] if until else None,
        "form": form,
    }
    return render(request, "candidates/withdraw_finding.html", context)
