"""The election committee: seen, chosen, left, filled up."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ballots import committee_forms as forms
from ballots.actions import committee as actions
from ballots.actions import committee_votes as votes
from ballots.committee import Committee, committee_of, own_committee
from ballots.committee_needs import seat_sentence, size_sentence
from ballots.models import CommitteeMember, CommitteeVote, Kinship
from ballots.parameters import KIN
from ballots.views.scope import READERS, election_of
from election_admin.accounts.access import allow, get_visible, require
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.forms import OfficeForm, add_errors
from election_admin.sentences import listed, one_after_another
from villages.forms.audits import rows_helper
from villages.models import Election

WRITERS = (Role.TOWNSHIP, Role.COMMITTEE)
PREFIX = "rows"


@allow(*READERS)
@require_safe
def committee(request: HttpRequest, election_id: int) -> HttpResponse:
    """The committee: what is wrong with it first, then who sits on it, who is next, who left."""
    election = election_of(request, election_id)
    shown = _committee(election)
    may_keep = election.term.current and signed_in(request).has_perm(actions.PERMISSION, election)
    members = {one.pk: one for one in shown.members}
    relations = [one for one in shown.kinships if one.member_id in members]
    candidates = {one.pk: one for one in shown.candidacies}
    context = {
        "election": election,
        "place": election.place,
        "committee": shown,
        "size": size_sentence(shown),
        "seat": seat_sentence(shown),
        "own": own_committee(election),
        "relations": [
            (members[one.member_id], candidates[one.candidacy_id], one)
            for one in relations
            if one.candidacy_id in candidates
        ],
        "article": shown.articles(shown.law.candidate_articles[:1]),
        "may_keep": may_keep,
        "same": Kinship.Relation.SAME,
        "another": Kinship.Relation.NONE,
        **_relatives(shown),
    }
    return render(request, "ballots/committee.html", context)


@allow(*WRITERS)
@require_http_methods(["GET", "POST"])
def choose_committee(request: HttpRequest, election_id: int) -> HttpResponse:
    """Record the vote that formed the committee, or one that fills its empty seats."""
    election = election_of(request, election_id, actions.PERMISSION)
    _committee(election)
    own = own_committee(election)
    if own is None or (own.votes and not own.open_seats):
        messages.info(request, _("选举委员会没有空缺，不用再次推选。有成员退出的，请先登记退出。"))
        return redirect("ballots:committee", election.pk)
    tied = own.proposal.tied if own.votes else ()
    form = forms.VoteForm(
        _sent(request), today=timezone.localdate(), initial={"seats": own.open_seats or None}
    )
    rows = _rows(request, forms.as_rows(tied, with_votes=False))

    def record() -> None:
        votes.choose_committee(
            election=election,
            meeting=form.meeting,
            counted=forms.counted(rows),
            actor=signed_in(request),
            at=timezone.now(),
        )

    if _recorded(request, form, rows, record):
        messages.success(request, _("推选结果已登记，成员按得票多少确定。"))
        return redirect("ballots:committee", election.pk)
    context = {"number": len(own.votes) + 1, "committee": own, "tied": tied, "vote": None}
    return _show_vote(request, election, form, rows, context)


@allow(*WRITERS)
@require_http_methods(["GET", "POST"])
def correct_committee_vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Put right what was copied wrongly from the minutes of a vote."""
    vote = get_visible(CommitteeVote.objects.all(), request, pk=pk)
    election = election_of(request, vote.election_id, actions.PERMISSION)
    found = _committee(election)
    try:
        election.term.require_current()
        votes.check_correctable(found, vote)
    except ValidationError as error:
        return _back(request, election, error)
    form = forms.VoteForm(
        _sent(request),
        today=timezone.localdate(),
        correcting=True,
        initial={name: getattr(vote, name) for name in ("how", "held_on", "due", "present", "seats")},
    )
    rows = _rows(request, forms.as_rows(vote.members.all(), with_votes=True))

    def record() -> None:
        votes.correct_committee_vote(
            vote=vote,
            meeting=form.meeting,
            counted=forms.counted(rows),
            reason=form.cleaned_data["reason"],
            actor=signed_in(request),
            at=timezone.now(),
        )

    if _recorded(request, form, rows, record):
        messages.success(request, _("推选结果已更正，成员按更正后的得票确定。"))
        return redirect("ballots:committee", election.pk)
    context = {"number": vote.number, "committee": found, "tied": (), "vote": vote}
    return _show_vote(request, election, form, rows, context)


def _show_vote(
    request: HttpRequest,
    election: Election,
    form: forms.VoteForm,
    rows: BaseFormSet[Any],
    context: dict[str, Any],
) -> HttpResponse:
    table = rows_helper()
    # Who only asks for more rows is not yet told what is missing.
    form.helper.form_show_errors = table.form_show_errors = "more" not in request.POST
    shown = {
        "election": election,
        "place": election.place,
        "form": form,
        "rows": rows,
        "rows_helper": table,
        **context,
    }
    return render(request, "ballots/choose_committee.html", shown)


def _rows(request: HttpRequest, initial: list[dict[str, Any]]) -> BaseFormSet[Any]:
    return forms.CountedRows(
        _with_more(request.POST) if request.method == "POST" else None,
        initial=initial,
        form_kwargs={"today": timezone.localdate()},
        prefix=PREFIX,
    )


def _with_more(sent: QueryDict) -> QueryDict:
    """What was sent, with some more blank rows where these were asked for."""
    total = sent.get(f"{PREFIX}-TOTAL_FORMS", "")
    if "more" not in sent or not (total.isascii() and total.isdigit() and len(total) < 4):
        return sent
    grown = sent.copy()
    grown[f"{PREFIX}-TOTAL_FORMS"] = str(int(total) + forms.MORE_ROWS)
    return grown


def _recorded(
    request: HttpRequest, form: OfficeForm, rows: BaseFormSet[Any], record: Callable[[], None]
) -> bool:
    """Whether what was sent is in order and has been recorded; refusals go onto the form."""
    if request.method != "POST" or "more" in request.POST or not form.is_valid() or not rows.is_valid():
        return False
    return _done(form, record)


def _done(form: OfficeForm, record: Callable[[], object]) -> bool:
    try:
        record()
    except ValidationError as error:
        add_errors(form, error)
        return False
    return True


@allow(*WRITERS)
@require_http_methods(["GET", "POST"])
def leave_committee(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a member has left, with the reason the records propose."""
    member, election = _member(request, pk)
    found = _committee(election)
    if member.state != CommitteeMember.State.SERVING:
        return _back(request, election, _("%s现在不是选举委员会成员，不用登记退出。") % member.name)
    reasons = found.reasons_to_leave(member)
    form = forms.LeaveForm(_sent(request), today=timezone.localdate(), found=reasons)
    if form.is_valid() and _done(
        form,
        lambda: actions.leave_committee(
            member=member, actor=signed_in(request), at=timezone.now(), **form.cleaned_data
        ),
    ):
        messages.success(request, _("已登记%s退出选举委员会。") % member.name)
        return redirect("ballots:committee", election.pk)
    context = {"election": election, "place": election.place, "member": member, "form": form}
    return render(request, "ballots/leave_committee.html", {**context, "reasons": reasons})


@allow(*WRITERS)
@require_http_methods(["GET", "POST"])
def move_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm that the next in the vote moved up. The page is of nobody but the next."""
    return _next(request, pk, forms.MoveUpForm, actions.move_up, _("%s已递补为选举委员会成员。"))


@allow(*WRITERS)
@require_http_methods(["GET", "POST"])
def decline_place(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the next in the vote will not move up."""
    return _next(request, pk, forms.DeclineForm, actions.decline_place, _("已登记%s不愿递补，由下一位递补。"))


def _next(
    request: HttpRequest,
    pk: int,
    form_class: type[OfficeForm],
    act: Callable[..., CommitteeMember],
    sentence: str,
) -> HttpResponse:
    member, election = _member(request, pk)
    found = _committee(election)
    try:
        actions.check_next(found, member)
    except ValidationError as error:
        return _back(request, election, error)
    form = form_class(_sent(request), today=timezone.localdate())
    if form.is_valid() and _done(
        form,
        lambda: act(member=member, actor=signed_in(request), at=timezone.now(), **form.cleaned_data),
    ):
        messages.success(request, sentence % member.name)
        return redirect("ballots:committee", election.pk)
    context = {
        "election": election,
        "place": election.place,
        "member": member,
        "committee": found,
        "form": form,
        "declining": form_class is forms.DeclineForm,
    }
    return render(request, "ballots/move_up.html", context)


@allow(*WRITERS)
@require_http_methods(["GET", "POST"])
def take_back_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was recorded of somebody by mistake."""
    member, election = _member(request, pk)
    try:
        actions.check_take_back(_committee(election), member)
    except ValidationError as error:
        return _back(request, election, error)
    form = forms.TakeBackForm(_sent(request), today=timezone.localdate())
    if form.is_valid() and _done(
        form,
        lambda: actions.take_back(
            member=member, actor=signed_in(request), at=timezone.now(), **form.cleaned_data
        ),
    ):
        messages.success(request, _("已撤销%s的登记。") % member.name)
        return redirect("ballots:committee", election.pk)
    context = {"election": election, "place": election.place, "member": member, "form": form}
    return render(request, "ballots/take_back_change.html", context)


@allow(*WRITERS)
@require_http_methods(["GET", "POST"])
def choose_chair(request: HttpRequest, election_id: int) -> HttpResponse:
    """Record whom the members chose as chair."""
    election = election_of(request, election_id, actions.PERMISSION)
    form = forms.ChairForm(_sent(request), today=timezone.localdate(), committee=_committee(election))
    if form.is_valid() and _done(
        form,
        lambda: actions.choose_chair(actor=signed_in(request), at=timezone.now(), **form.cleaned_data),
    ):
        messages.success(request, _("选举委员会主任已登记。"))
        return redirect("ballots:committee", election.pk)
    context = {"election": election, "place": election.place, "form": form}
    return render(request, "ballots/choose_chair.html", context)


@allow(*WRITERS)
@require_http_methods(["GET", "POST"])
def record_kinship(request: HttpRequest, election_id: int) -> HttpResponse:
    """Record what somebody of the committee is to a candidate; also whether namesakes are one person."""
    election = election_of(request, election_id, actions.PERMISSION)
    found = _committee(election)
    form = forms.KinshipForm(_sent(request), today=timezone.localdate(), committee=found)
    if form.is_valid() and _done(
        form,
        lambda: actions.record_kinship(actor=signed_in(request), at=timezone.now(), **form.cleaned_data),
    ):
        messages.success(request, _("与候选人的关系已登记。"))
        return redirect("ballots:committee", election.pk)
    context = {"election": election, "place": election.place, "form": form, **_relatives(found)}
    return render(request, "ballots/record_kinship.html", context)


def _relatives(found: Committee) -> dict[str, str]:
    """Which relatives of a candidate must leave, and by which article; both empty where none."""
    return {
        "relatives": listed(KIN[one] for one in found.law.relatives_leave),
        "relatives_articles": found.articles(found.law.relative_articles),
    }


def _committee(election: Election) -> Committee:
    found = committee_of(election)
    if found is None:
        raise Http404(_("这次选举不设村民选举委员会。"))
    return found


def _member(request: HttpRequest, pk: int) -> tuple[CommitteeMember, Election]:
    """Return a member and the election; 404 if not the user's, PermissionDenied for who may not write."""
    member = get_visible(CommitteeMember.objects.select_related("vote__election__place"), request, pk=pk)
    require(signed_in(request), actions.PERMISSION, member)
    return member, election_of(request, member.vote.election_id)


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _back(request: HttpRequest, election: Election, why: ValidationError | str) -> HttpResponse:
    sentence = one_after_another(why.messages) if isinstance(why, ValidationError) else why
    messages.error(request, sentence)
    return redirect("ballots:committee", election.pk)
