"""The votes received by those nominated, and the list of final candidates that the law makes of them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from candidates.actions import final_lists as actions
from candidates.actions import votes as vote_actions
from candidates.actions.nomination_checks import check_before_vote
from candidates.deadlines import FINAL_LIST, limit_of
from candidates.final_list_pages import list_page, settled_lists
from candidates.final_lists import proposal_of
from candidates.nomination_forms import VotesForm
from candidates.order import VOTES, in_order, order_of
from candidates.views.scope import election_of
from election_admin.accounts.access import allow
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.forms import add_errors
from villages.models import Election, Mode

READERS = (Role.TOWNSHIP, Role.COUNTY)


@never_cache
@allow(Role.TOWNSHIP)
@require_http_methods(["GET", "POST"])
def record_votes(request: HttpRequest, election_id: int) -> HttpResponse:
    """Enter the votes of the nomination or the preliminary vote for everybody at once."""
    election = election_of(request, election_id, "candidates.record")
    ranks = {seat.post: place for place, seat in enumerate(election.seats.all())}
    nominees = sorted(
        in_order(vote_actions.nominees(election), order_of(election)),
        key=lambda one: ranks.get(one.post, len(ranks)),
    )
    form = VotesForm(request.POST or None, nominees=nominees, today=timezone.localdate())
    if form.is_valid():
        try:
            changed = vote_actions.record_votes(
                election=election,
                votes=form.votes,
                reason=form.cleaned_data["reason"],
                actor=signed_in(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            _say_recorded(request, changed)
            return redirect("candidates:candidate_list", election_id)
    context = {
        "election": election,
        "place": election.place,
        "form": form,
        "closed": _why_no_votes(election),
        "by_votes": order_of(election) == VOTES,
    }
    return render(request, "candidates/record_votes.html", context)


def _say_recorded(request: HttpRequest, changed: int) -> None:
    if changed:
        sentence = ngettext("已保存%d项得票。", "已保存%d项得票。", changed)
        messages.success(request, sentence % changed)
    else:
        messages.info(request, _("得票没有改动。"))


def _why_no_votes(election: Election) -> str:
    """Why no votes can be entered, empty if they can."""
    if election.mode == Mode.SELF_NOMINATED:
        return _("自荐直选没有提名投票，不用录入得票。")
    return _why_closed(election)


def _why_closed(election: Election) -> str:
    try:
        election.term.require_current()
        check_before_vote(election)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


@never_cache
@allow(*READERS)
@require_safe
def final_list(request: HttpRequest, election_id: int) -> HttpResponse:
    """What the law makes of those who stand: who is on the list, who is not and why, what holds it up."""
    return _show_list(request, election_of(request, election_id))


@never_cache
@allow(Role.TOWNSHIP)
@require_POST
def settle_final_list(request: HttpRequest, election_id: int) -> HttpResponse:
    """Confirm the list as it was shown."""
    election = election_of(request, election_id, "candidates.record")
    try:
        settled = actions.settle_final_list(
            election=election,
            shown=request.POST.get("shown", ""),
            actor=signed_in(request),
            at=timezone.now(),
        )
    except ValidationError as error:
        return _show_list(request, election, refused=error.messages)
    messages.success(request, _("第%d次确定正式候选人名单，已保存。请按期张榜公布。") % settled.number)
    return redirect("candidates:final_list", election_id)


def _show_list(request: HttpRequest, election: Election, *, refused: list[str] | None = None) -> HttpResponse:
    proposal = proposal_of(election, on=timezone.localdate())
    settled = settled_lists(election)
    closed = _why_closed(election)
    last = settled[0].row if settled else None
    context: dict[str, Any] = {
        "election": election,
        "place": election.place,
        "page": list_page(proposal),
        "refused": refused or [],
        "settled": settled,
        "differs": last is None or proposal.differs_from(last),
        "closed": closed,
        "due": limit_of(election, FINAL_LIST),
        "may_settle": not closed
        and proposal.may_be_settled
        and signed_in(request).has_perm("candidates.record", election),
    }
    return render(request, "candidates/final_list.html", context)
