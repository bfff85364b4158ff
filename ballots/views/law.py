"""The law as the office has it: for people who want to check what the dates rest on."""

from collections.abc import Callable
from typing import TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ballots.law_pages import law_page
from ballots.views.named_law import NamedLaw, edition_of, editions_open_to, laws_open_to
from election_admin.accounts.access import allow, reach_of
from election_admin.accounts.models import Role, User
from election_admin.accounts.signed_in import signed_in
from election_admin.places.models import Level, Place
from election_admin.rulebooks.departments import department
from election_admin.rulebooks.eligibility_lists import (
    EligibilityList,
    eligibility_list_ids,
    load_eligibility_list,
)
from election_admin.rulebooks.loading import UnknownRulebook
from election_admin.rulebooks.procedures import load_procedure, procedure_ids
from election_admin.rulebooks.risk_models import RiskModel, load_risk_model, risk_model_ids
from election_admin.rulebooks.values import Source, Text
from election_admin.rulebooks.work_schedules import load_work_schedule, work_schedule_ids
from villages.models import Term

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
    in_force = editions_open_to(user).filter(
        county__code__in=counties, in_force_from__lte=timezone.localdate()
    )
    # Of each rulebook the newest, which comes last.
    editions = {one.rulebook: one for one in in_force.order_by("number")}
    return render(
        request,
        "ballots/law_list.html",
        {
            "procedures": [
                {"law": load_procedure(one), "edition": editions.get(one)} for one in procedure_ids()
            ],
            "schedules": [load_work_schedule(one) for one in work_schedule_ids()],
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
    """One procedure rulebook as it comes with the product, as a person reads it."""
    return _show(request, NamedLaw(_load(load_procedure, rulebook_id)))


@allow()
@require_safe
def edition(request: HttpRequest, pk: int) -> HttpResponse:
    """A county's edition of a rulebook, for everybody who works in that county."""
    return _show(request, edition_of(request, pk))


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
            "year": str(law.year),
            "effect_source": _cited(law, law.effect_source),
            "remedy_source": _cited(law, law.remedy.source) if law.remedy else "",
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


def _show(request: HttpRequest, law: NamedLaw) -> HttpResponse:
    user = signed_in(request)
    county = _county_to_adopt_for(user, law)
    editions = editions_open_to(user).filter(rulebook=law.base.id)
    return render(
        request,
        "ballots/rulebook.html",
        {
            "law": law.procedure,
            "named": law,
            "page": law_page(law.procedure),
            "adopt": reverse("ballots:adopt_edition", args=[law.base.id, county.code]) if county else "",
            "editions": editions.order_by("county__code", "-number"),
            "laws": [one for one in laws_open_to(user) if one.reference != law.reference],
        },
    )


def _county_to_adopt_for(user: User, law: NamedLaw) -> Place | None:
    """The county whose numbers this administrator can change from the page, if it is clear which."""
    if law.edition is not None:
        return law.edition.county if user.has_perm("villages.adopt_edition", law.edition) else None
    reach = reach_of(user, Role.ADMINISTRATOR)
    counties = list(Place.objects.visible_to(reach).filter(level=Level.COUNTY)[:2])
    return counties[0] if len(counties) == 1 else None


def _load(load: Callable[[str], RulebookT], rulebook_id: str) -> RulebookT:
    try:
        return load(rulebook_id)
    except UnknownRulebook as error:
        raise Http404(_("没有找到。")) from error


def _cited(law: EligibilityList | RiskModel, source: Source) -> str:
    document: Text = law.documents[source.document]
    words = {"document": document.in_(get_language() or ""), "article": source.article}
    if not isinstance(source.article, int):
        return _("%(document)s（%(article)s）") % words
    return _("%(document)s第%(article)s条") % words
