"""The candidates of an election: listed, entered, corrected, moved on; and the page of one of them."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from candidates import looks
from candidates.actions import people as actions
from candidates.actions.nomination_checks import check_open
from candidates.candidate_pages import decisions_of, nomination_part, withdrawal_words
from candidates.consequences import what_follows
from candidates.doubles import doubles_of
from candidates.forms import CandidateForm, ReasonForm, StateForm, entered
from candidates.judgements import department_title, shown_findings, shown_judgement, shown_list
from candidates.models import POST_TITLES, Candidacy, DepartmentReply, FinalList
from candidates.order import VOTES, in_order, order_of, order_words
from candidates.views.changes import tell_changes
from candidates.views.scope import candidacy_of, election_of
from election_admin.accounts.access import allow
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.forms import add_errors
from election_admin.rulebooks.eligibility_lists import EligibilityList, load_eligibility_list
from villages.models import Election

READERS = (Role.TOWNSHIP, Role.COUNTY)


@never_cache
@allow(*READERS)
@require_safe
def candidate_list(request: HttpRequest, election_id: int) -> HttpResponse:
    """The candidates of one election, post by post in the lawful order, and how far each has come."""
    election = election_of(request, election_id)
    asked = load_eligibility_list(election.term.eligibility_list).departments.value
    rows = list(Candidacy.objects.filter(election=election).select_related("person").with_answers(asked))
    order, voted = order_of(election), any(row.votes is not None for row in rows)
    return render(
        request,
        "candidates/candidate_list.html",
        {
            "election": election,
            "place": election.place,
            "candidates": rows,
            "posts": _by_post(election, in_order(rows, order), asked=len(asked)),
            "order": order_words(order, voted=voted),
            "by_votes": order == VOTES,
            "settled": FinalList.objects.filter(election=election).defer("snapshot").first(),
            "closed": _why_closed(election),
        },
    )


def _by_post(election: Election, rows: list[Candidacy], *, asked: int) -> list[dict[str, Any]]:
    """The posts by rank with who stands for each; a post without seats only if somebody does.

    Whoever no longer takes part comes after those who do.
    """
    seats = {seat.post: seat.seats for seat in election.seats.all()}
    choosing = set(Candidacy.objects.filter(election=election).choosing().values_list("pk", flat=True))
    for row in rows:
        row.missing = asked - row.answers  # type: ignore[attr-defined]
        row.choosing = row.pk in choosing and row.is_standing  # type: ignore[attr-defined]
    return [
        {
            "title": POST_TITLES.get(post, post),
            "seats": seats.get(post),
            "standing": sum(row.is_standing for row in rows if row.post == post),
            "candidates": sorted(
                (row for row in rows if row.post == post), key=lambda row: not row.is_standing
            ),
        }
        for post in dict.fromkeys([*seats, *(row.post for row in rows)])
    ]


def _why_closed(election: Election) -> str:
    """Why no candidate can be entered now, empty if one can."""
    try:
        check_open(election)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


@never_cache
@allow(Role.TOWNSHIP)
@require_http_methods(["GET", "POST"])
def record_candidate(request: HttpRequest, election_id: int) -> HttpResponse:
    """Enter a candidate."""
    election = election_of(request, election_id, "candidates.record")
    form = CandidateForm(request.POST or None, election=election, today=timezone.localdate())
    closed = _why_closed(election)
    if not closed and form.is_valid():
        try:
            candidacy = actions.record_candidate(
                election=election,
                person=form.person,
                values=form.values,
                actor=signed_in(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("候选人已登记。联审答复齐全、情形查清后，才能认定符合资格。"))
            if doubles_of([candidacy])[candidacy.pk]:
                messages.warning(
                    request,
                    _("另一个村也有同名、同日出生的候选人，请在“候选人一览”的“疑似重复”中核对是否同一人。"),
                )
            return redirect("candidates:candidate", candidacy.pk)
    context = {"election": election, "place": election.place, "form": form, "closed": closed}
    return render(request, "candidates/record_candidate.html", context)


@never_cache
@allow(Role.TOWNSHIP)
@require_http_methods(["GET", "POST"])
def correct_candidate(request: HttpRequest, pk: int) -> HttpResponse:
    """Put right what was entered. It shows the whole ID number, so a look must be open."""
    candidacy, now = candidacy_of(request, pk, "candidates.record"), timezone.now()
    if looks.open_until(request, candidacy, at=now) is None:
        messages.warning(request, _("更正前请先点“查看”并写明事由：更正页面会显示完整的公民身份号码。"))
        return redirect("candidates:candidate", pk)
    form = CandidateForm(
        request.POST or None,
        election=candidacy.election,
        today=timezone.localdate(),
        initial=entered(candidacy),
    )
    if form.is_valid():
        try:
            actions.correct_candidate(
                candidacy=candidacy,
                person=form.person,
                values=form.values,
                actor=signed_in(request),
                at=now,
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("已更正。"))
            tell_changes(request, cause="candidates.correct_candidate", at=now)
            return redirect("candidates:candidate", pk)
    context = {"candidacy": candidacy, "place": candidacy.place, "form": form}
    return render(request, "candidates/correct_candidate.html", context)


@never_cache
@allow(*READERS)
@require_safe
def candidate(request: HttpRequest, pk: int) -> HttpResponse:
    """One candidate: the verdict, and what it rests on for whoever says why they look."""
    candidacy = candidacy_of(request, pk)
    return show_candidate(request, candidacy, at=timezone.now())


def show_candidate(
    request: HttpRequest, candidacy: Candidacy, *, at: datetime, look_form: ReasonForm | None = None
) -> HttpResponse:
    """Render the page of one candidate, everything personal left out unless a look is open."""
    until = looks.open_until(request, candidacy, at=at)
    election = candidacy.election
    source = load_eligibility_list(election.term.eligibility_list)
    assessment = candidacy.assessments.filter(current=True).first()
    context = {
        "candidacy": candidacy,
        "person": candidacy.person,
        "election": election,
        "place": election.place,
        "list": shown_list(source),
        "judgement": shown_judgement(assessment, masked=until is None) if assessment else None,
        "earlier": candidacy.assessments.filter(current=False).defer("snapshot")[:10],
        "replies": _replies(candidacy, source, masked=until is None),
        "finding_count": candidacy.findings.in_force().count(),
        "findings": (
            shown_findings(candidacy.findings.select_related("recorded_by", "withdrawn_by"), source)
            if until
            else []
        ),
        **nomination_part(candidacy, masked=until is None),
        "decisions": decisions_of(candidacy, masked=until is None),
        "withdrawal": withdrawal_words(candidacy, on=timezone.localdate(at)),
        "follows": what_follows(candidacy, on=timezone.localdate(at)),
        "open_until": until,
        "look_form": look_form
        or ReasonForm(submit_label=_("查看"), today=timezone.localdate(at), auto_id="look-%s"),
    }
    return render(request, "candidates/candidate.html", context)


def _replies(candidacy: Candidacy, source: EligibilityList, *, masked: bool) -> list[dict[str, Any]]:
    """Each department that must answer, whether it has, and, unless masked, what it said."""
    given = candidacy.replies.newest().select_related("replied_by")
    newest = {reply.department: reply for reply in given}
    rows = []
    for code in source.departments.value:
        reply = newest.get(code)
        row: dict[str, Any] = {"title": department_title(code), "at": reply.replied_at if reply else None}
        if reply and not masked:
            answer = DepartmentReply.Answer(reply.answer)
            row |= {"answer": answer, "remark": reply.remark, "by": reply.replied_by}
        rows.append(row)
    return rows


@allow(Role.TOWNSHIP)
@require_http_methods(["GET", "POST"])
def change_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a candidate on in the election, or out of it."""
    candidacy = candidacy_of(request, pk, "candidates.record")
    form = StateForm(request.POST or None, candidacy=candidacy, today=timezone.localdate())
    if form.is_valid():
        try:
            actions.change_state(
                candidacy=candidacy, actor=signed_in(request), at=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("状态已变更。"))
            return redirect("candidates:candidate", pk)
    context = {
        "candidacy": candidacy,
        "place": candidacy.place,
        "form": form,
        "withdrawal": withdrawal_words(candidacy, on=timezone.localdate()),
    }
    return render(request, "candidates/change_state.html", context)
