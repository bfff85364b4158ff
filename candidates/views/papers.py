"""Papers asked for together: the qualification forms of an election, of a batch."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from candidates.kinds.qualification import QUALIFICATION_FORM
from candidates.models import Candidacy, ReviewBatch
from candidates.views.scope import election_of
from election_admin.accounts.access import allow, get_visible, require
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.documents.actions import request_batch
from election_admin.documents.forms import RequestForm
from election_admin.documents.models import Language

PRINTERS = (Role.TOWNSHIP, Role.COUNTY)


@allow(*PRINTERS)
@require_POST
def print_forms(request: HttpRequest, election_id: int) -> HttpResponse:
    """Ask for the qualification forms of everybody who stands in an election."""
    election = election_of(request, election_id)
    people = Candidacy.objects.with_person().filter(election=election).standing()
    title = _("%(village)s%(election)s候选人资格审查表") % {
        "village": election.place.name,
        "election": election.title,
    }
    if not _asked(request, people, title):
        return redirect("candidates:candidate_list", election.pk)
    return redirect("documents:document_list")


@allow(*PRINTERS)
@require_POST
def print_batch_forms(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the qualification forms of everybody in a batch of the joint review."""
    batch = get_visible(ReviewBatch.objects.select_related("place"), request, pk=pk)
    require(signed_in(request), "candidates.see_review", batch)
    people = Candidacy.objects.with_person().filter(review_items__batch=batch).order_by("review_items__id")
    title = _("%(township)s第%(number)d批候选人资格审查表") % {
        "township": batch.place.name,
        "number": batch.number,
    }
    if not _asked(request, people, title):
        return redirect("candidates:batch", batch.pk)
    return redirect("documents:document_list")


def _asked(request: HttpRequest, people: Iterable[Candidacy], title: str) -> bool:
    """Ask for a form for each; says what became of it. False for nobody."""
    form = RequestForm(request.POST)
    language = form.cleaned_data["language"] if form.is_valid() else Language.CHINESE.value
    try:
        batch = request_batch(
            kind=QUALIFICATION_FORM,
            subjects=people,
            language=language,
            title=title,
            actor=signed_in(request),
            at=timezone.now(),
        )
    except ValidationError:
        messages.error(request, _("还没有人可以打印资格审查表。请先登记候选人。"))
        return False
    count = batch.documents.count()
    sentence = ngettext(
        "正在生成%d份资格审查表，完成后可以逐份打开。", "正在生成%d份资格审查表，完成后可以逐份打开。", count
    )
    messages.success(request, sentence % count)
    return True
