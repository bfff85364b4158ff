"""The eligibility list of a term, changed by the county: first who would change, then the change."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from candidates.actions.relisting import CAUSE
from candidates.foresight import foresee
from candidates.judgements import shown_list
from candidates.models import Candidacy
from candidates.term_forms import ChangeListForm
from candidates.views.changes import tell_changes
from election_admin.accounts.access import allow, get_visible, require
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.forms import add_errors
from election_admin.rulebooks.eligibility_lists import eligibility_list_ids, load_eligibility_list
from villages.actions.eligibility import change_eligibility_list as change
from villages.models import Term

# So many people a preview names; it counts them all.
SHOWN = 100


@never_cache
@allow(Role.COUNTY)
@require_http_methods(["GET", "POST"])
def change_eligibility_list(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what another list would change, and put it in the place of the term's."""
    term = get_visible(Term.objects.select_related("county"), request, pk=pk)
    require(signed_in(request), "villages.change_eligibility_list", term)
    if not term.current:
        messages.error(request, _("这是往届的选举，只能查看，不能再改。"))
        return redirect("villages:term_list")
    preview = "preview" in request.POST
    now = timezone.now()
    form = ChangeListForm(
        request.POST if request.method == "POST" else None,
        term=term,
        preview=preview,
        today=timezone.localdate(now),
    )
    context: dict[str, Any] = {}
    if form.is_valid() and preview:
        context = _preview(term, form.cleaned_data["eligibility_list"])
    elif form.is_valid():
        try:
            change(term=term, actor=signed_in(request), at=now, **form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("本届的资格条件已更换，全部候选人已按新的清单重新认定。"))
            tell_changes(request, cause=CAUSE, at=now)
            return redirect("villages:term_list")
    return render(
        request,
        "candidates/change_eligibility_list.html",
        {
            "term": term,
            "form": form,
            "now": shown_list(load_eligibility_list(term.eligibility_list)),
            "offered": [
                {"id": one, "list": shown_list(load_eligibility_list(one))}
                for one in eligibility_list_ids()
                if one != term.eligibility_list
            ],
            **context,
        },
    )


def _preview(term: Term, list_id: str) -> dict[str, Any]:
    """Who would change. People who no longer stand are judged as well, as the change will."""
    foresight = foresee(Candidacy.objects.filter(election__term=term), list_id=list_id)
    return {
        "wanted": shown_list(load_eligibility_list(list_id)),
        "foresight": foresight,
        "changes": foresight.changes[:SHOWN],
        "more": max(0, len(foresight.changes) - SHOWN),
    }
