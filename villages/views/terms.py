"""The terms of a county, and opening one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from election_admin.accounts.access import allow
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.forms import add_errors
from election_admin.places.models import Level, Place
from election_admin.rulebooks.eligibility_lists import eligibility_list_ids, load_eligibility_list
from election_admin.rulebooks.notice_sets import load_notice_set
from election_admin.rulebooks.procedures import load_procedure
from election_admin.rulebooks.risk_models import load_risk_model
from villages.actions import terms as actions
from villages.forms.terms import TermForm
from villages.models import Body, Mode, Term


@allow(Role.COUNTY, Role.ADMINISTRATOR)
@require_safe
def term_list(request: HttpRequest) -> HttpResponse:
    """The terms of the user's county, with the rules each goes by."""
    language = get_language() or ""
    rows = [
        {
            "term": term,
            "procedure": load_procedure(term.procedure).title.in_(language),
            "eligibility_list": load_eligibility_list(term.eligibility_list).title.in_(language),
            "risk_model": load_risk_model(term.risk_model).title.in_(language),
            "notice_set": load_notice_set(term.notice_set).title.in_(language),
            "modes": [str(Mode(mode).label) for mode in term.modes],
        }
        for term in Term.objects.visible_to(request.user).select_related("county")
    ]
    return render(request, "villages/term_list.html", {"rows": rows})


@allow(Role.COUNTY, Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def open_term(request: HttpRequest) -> HttpResponse:
    """Open a term for a county of the user's: an election for each of its villages."""
    user = signed_in(request)
    counties = Place.objects.visible_to(user).filter(level=Level.COUNTY)
    form = TermForm(request.POST or None, counties=counties, today=timezone.localdate())
    if form.is_valid():
        try:
            term = actions.open_term(actor=user, at=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(
                request,
                _("%(term)s已建立，共%(count)d个村。") % {"term": term, "count": _villages(term)},
            )
            return redirect("villages:term_list")
    offered = [load_eligibility_list(one) for one in eligibility_list_ids()]
    language = get_language() or ""
    context = {
        "form": form,
        "lists": [
            {
                "id": one.id,
                "title": one.title.in_(language),
                "year": str(one.year),
                "verified": one.verified,
                "documents": [each.in_(language) for each in one.documents.values()],
                "notes": [each.in_(language) for each in one.notes],
            }
            for one in offered
        ],
    }
    return render(request, "villages/open_term.html", context)


def _villages(term: Term) -> int:
    """How many villages elect in a term; each has an election of its own for each body."""
    return term.elections.filter(body=Body.VILLAGERS_COMMITTEE).count()
