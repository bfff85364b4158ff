"""Nominations of somebody who stands: entered, taken back; and the post they choose."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from candidates import looks
from candidates.actions import nominations as actions
from candidates.deadlines import choice_due, post_choice
from candidates.forms import ReasonForm
from candidates.models import Nomination
from candidates.nomination_forms import NominationForm, PostChoiceForm
from candidates.views.scope import candidacy_of
from election_admin.accounts.access import allow, get_visible, require
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.forms import add_errors
from villages.procedures import procedure_of


@never_cache
@allow(Role.TOWNSHIP)
@require_http_methods(["GET", "POST"])
def record_nomination(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that somebody was nominated once more."""
    candidacy = candidacy_of(request, pk, "candidates.record")
    form = NominationForm(request.POST or None, election=candidacy.election, today=timezone.localdate())
    if form.is_valid():
        try:
            nomination = actions.record_nomination(
                candidacy=candidacy, values=form.cleaned_data, actor=signed_in(request), at=timezone.now()
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("提名已登记：%s。") % nomination.post_title)
            return redirect("candidates:candidate", pk)
    context = {"candidacy": candidacy, "place": candidacy.place, "form": form}
    return render(request, "candidates/record_nomination.html", context)


@never_cache
@allow(Role.TOWNSHIP)
@require_http_methods(["GET", "POST"])
def withdraw_nomination(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a nomination, for a reason that is kept."""
    rows = Nomination.objects.select_related(
        "recorded_by",
        "candidacy__person",
        "candidacy__election__place__parent",
        "candidacy__election__term",
    )
    nomination = get_visible(rows, request, pk=pk)
    require(signed_in(request), "candidates.record", nomination)
    candidacy, now = nomination.candidacy, timezone.now()
    form = ReasonForm(request.POST or None, submit_label=_("撤销这项提名"), today=timezone.localdate(now))
    if form.is_valid():
        try:
            actions.withdraw_nomination(
                nomination=nomination, reason=form.cleaned_data["reason"], actor=signed_in(request), at=now
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("提名已撤销。"))
            return redirect("candidates:candidate", candidacy.pk)
    context = {
        "candidacy": candidacy,
        "place": candidacy.place,
        "nomination": nomination,
        "open_until": looks.open_until(request, candidacy, at=now),
        "form": form,
    }
    return render(request, "candidates/withdraw_nomination.html", context)


@allow(Role.TOWNSHIP)
@require_http_methods(["GET", "POST"])
def choose_post(request: HttpRequest, pk: int) -> HttpResponse:
    """Record which of several posts somebody stands for."""
    candidacy = candidacy_of(request, pk, "candidates.record")
    nominated = candidacy.nominations.in_force()
    posts = list(dict.fromkeys(nominated.values_list("post", flat=True)))
    form = PostChoiceForm(
        request.POST or None,
        posts=posts,
        today=timezone.localdate(),
        initial={"post": candidacy.post if candidacy.post_chosen_on else None},
    )
    if form.is_valid():
        try:
            actions.choose_post(
                candidacy=candidacy, actor=signed_in(request), at=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("已登记选定的职务。"))
            return redirect("candidates:candidate", pk)
    law = post_choice(candidacy.election)
    context = {
        "candidacy": candidacy,
        "place": candidacy.place,
        "form": form,
        "several": len(posts) > 1,
        "by_votes": law is not None and law.value.how == "most_votes",
        "due": choice_due(candidacy.election),
        "article": procedure_of(candidacy.election).cite(law.source, get_language() or "") if law else "",
        "note": law.note.in_(get_language() or "") if law and law.note else "",
    }
    return render(request, "candidates/choose_post.html", context)
