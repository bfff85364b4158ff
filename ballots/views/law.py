"""The law as the office has it: for people who want to check what the dates rest on."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ballots.parameters import parameter_rows
from ballots.wording import cite, deadline_words
from election_admin.accounts.access import allow
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.rulebooks.departments import department
from election_admin.rulebooks.eligibility_lists import (
    EligibilityList,
    eligibility_list_ids,
    load_eligibility_list,
)
from election_admin.rulebooks.loading import UnknownRulebook
from election_admin.rulebooks.procedures import (
    Deadline,
    Procedure,
    Step,
    load_procedure,
    procedure_ids,
)
from election_admin.rulebooks.risk_models import RiskModel, load_risk_model, risk_model_ids
from election_admin.rulebooks.values import Source, Text
from villages.models import Mode, Term

# A village's committee sees no risk, so neither how it is judged.
OFFICIALS = (Role.TOWNSHIP, Role.COUNTY, Role.DEPARTMENT, Role.ADMINISTRATOR)

RulebookT = TypeVar("RulebookT")


@allow()
@require_safe
def law_list(request: HttpRequest) -> HttpResponse:
    """The rulebooks, and which of them the county's term goes by."""
    user = signed_in(request)
    counties = {held.place.county_code for held in user.held_memberships}
    terms = list(Term.objects.filter(current=True, county__code__in=counties))
    return render(
        request,
        "ballots/law_list.html",
        {
            "procedures": [load_procedure(one) for one in procedure_ids()],
            "eligibility_lists": [load_eligibility_list(one) for one in eligibility_list_ids()],
            "risk_models": [load_risk_model(one) for one in risk_model_ids()]
            if any(user.holds(role) for role in OFFICIALS)
            else [],
            "adopted": {term.procedure for term in terms}
            | {term.eligibility_list for term in terms}
            | {term.risk_model for term in terms},
        },
    )


@allow()
@require_safe
def rulebook(request: HttpRequest, rulebook_id: str) -> HttpResponse:
    """One procedure rulebook: its parameters and its steps."""
    law = _load(load_procedure, rulebook_id)
    return render(
        request,
        "ballots/rulebook.html",
        {
            "law": law,
            "parameters": list(parameter_rows(law)),
            "stages": [
                {
                    "title": title,
                    "steps": [_step(law, code, step) for code, step in law.general.steps_of(stage)],
                }
                for stage, title in law.stages.items()
            ],
        },
    )


@allow()
@require_safe
def eligibility(request: HttpRequest, rulebook_id: str) -> HttpResponse:
    """One list of the situations in which nobody may be a candidate."""
    law = _load(load_eligibility_list, rulebook_id)
    return render(
        request,
        "ballots/eligibility.html",
        {
            "law": law,
            "situations": [
                {
                    "item": one.item,
                    "title": one.title,
                    "sentence": one.sentence,
                    "note": one.note,
                    "departments": [department(code).title for code in one.departments],
                    "source": _cited(law, one.source),
                }
                for one in law.situations
            ],
            "sanctions": [
                {"title": one.title, "months": one.months, "source": _cited(law, one.source)}
                for one in law.sanctions
            ],
            "departments": [department(code).title for code in law.departments.value],
        },
    )


@allow(*OFFICIALS)
@require_safe
def risk_model(request: HttpRequest, rulebook_id: str) -> HttpResponse:
    """One risk model: its bands, and each factor with its weight and levels."""
    law = _load(load_risk_model, rulebook_id)
    bands = {band.code: band.title for band in law.bands}
    return render(
        request,
        "ballots/risk_model.html",
        {
            "law": law,
            "factors": [
                {
                    "factor": one,
                    "levels": [one.levels[level] for level in range(4)],
                    "floor": bands[one.floor.band] if one.floor else None,
                }
                for one in law.factors
            ],
        },
    )


def _load(load: Callable[[str], RulebookT], rulebook_id: str) -> RulebookT:
    try:
        return load(rulebook_id)
    except UnknownRulebook as error:
        raise Http404(_("没有找到。")) from error


def _step(law: Procedure, code: str, step: Step) -> dict[str, Any]:
    return {
        "code": code,
        "step": step,
        "modes": [Mode(mode).label for mode in step.modes or ()],
        "limits": [
            _limit(law, label, deadline)
            for label, deadline in ((_("最早"), step.earliest), (_("最迟"), step.latest))
            if deadline is not None
        ],
        "after": [law.steps[other].title for other in step.depends_on],
    }


def _limit(law: Procedure, label: str, deadline: Deadline) -> dict[str, Any]:
    return {
        "label": label,
        "words": deadline_words(law.general, deadline),
        "source": cite(law, deadline.source),
        "note": deadline.note,
    }


def _cited(law: EligibilityList | RiskModel, source: Source) -> str:
    document: Text = law.documents[source.document]
    return _("%(document)s第%(article)s条") % {
        "document": document.in_(get_language() or ""),
        "article": source.article,
    }
