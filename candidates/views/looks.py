"""Looking behind the mask, for a reason that is journalled; and closing again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from candidates import looks
from candidates.actions import looking as actions
from candidates.forms import ReasonForm
from candidates.models import Candidacy
from candidates.views.candidacies import show_candidate
from candidates.views.desk import asked_candidacy, enquiry_about
from candidates.views.replies import show_reply
from candidates.views.scope import candidacy_of
from election_admin.accounts.access import allow
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.forms import add_errors

LOOKERS = (Role.TOWNSHIP, Role.COUNTY, Role.DEPARTMENT)


def _candidacy(request: HttpRequest, pk: int) -> tuple[Candidacy, bool]:
    """The candidate, and whether the user is an official: a department reaches only whom it is asked of."""
    candidacy = candidacy_of(request, pk, "candidates.look")
    if signed_in(request).has_perm("candidates.see", candidacy):
        return candidacy, True
    return asked_candidacy(request, pk), False


@never_cache
@allow(*LOOKERS)
@require_POST
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a candidate for a while, once the journal has it."""
    candidacy, official = _candidacy(request, pk)
    now = timezone.now()
    form = ReasonForm(request.POST, submit_label=_("查看"), today=timezone.localdate(now), auto_id="look-%s")
    if form.is_valid():
        try:
            actions.look(
                candidacy=candidacy, reason=form.cleaned_data["reason"], actor=signed_in(request), at=now
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            looks.remember(request, candidacy, at=now)
            return _back(request, pk, official=official)
    if official:
        return show_candidate(request, candidacy, at=now, look_form=form)
    return show_reply(request, candidacy, look_form=form)


@allow(*LOOKERS)
@require_POST
def close_look(request: HttpRequest, pk: int) -> HttpResponse:
    """Mask a candidate again before the time is out."""
    candidacy, official = _candidacy(request, pk)
    looks.forget(request, candidacy)
    if not official:
        # It may be open because everybody in the batch is.
        looks.forget(request, enquiry_about(request, candidacy))
    messages.success(request, _("已重新隐藏。"))
    return _back(request, pk, official=official)


def _back(request: HttpRequest, pk: int, *, official: bool) -> HttpResponse:
    if official:
        return redirect("candidates:candidate", pk)
    response = redirect("candidates:reply", pk)
    if request.GET.get("department"):
        response["Location"] += "?" + request.GET.urlencode()
    return response
