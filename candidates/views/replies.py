"""A department's own answer about one candidate, and nobody else's."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from candidates.actions import replies as actions
from candidates.disclosure import tell, told_fields
from candidates.forms import ReasonForm
from candidates.judgements import about_titles, department_title, shown_findings
from candidates.models import Candidacy, DepartmentReply, Enquiry, Finding
from candidates.reply_forms import ReplyForm, initial_of
from candidates.views.desk import asked_candidacy, enquiry_about, items_of, opened_until
from candidates.views.enquiries import reason_form
from candidates.views.inbox import rechecks_of
from candidates.views.scope import candidacy_of
from election_admin.accounts.access import allow
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.rulebooks.eligibility_lists import EligibilityList, load_eligibility_list
from election_admin.sentences import listed


@never_cache
@allow(Role.DEPARTMENT, Role.TOWNSHIP, Role.COUNTY)
@require_http_methods(["GET", "POST"])
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer about one candidate; a later answer replaces an earlier one.

    An official who read the paper of an answer comes back here, and is sent on to the candidate.
    """
    if not signed_in(request).holds(Role.DEPARTMENT):
        return redirect("candidates:candidate", candidacy_of(request, pk).pk)
    candidacy = asked_candidacy(request, pk)
    enquiry = enquiry_about(request, candidacy)
    if request.method != "POST":
        return show_reply(request, candidacy)
    form = _form(candidacy, enquiry, data=request.POST)
    if form.is_valid():
        said = form.said
        try:
            actions.reply(
                candidacy=candidacy,
                department=enquiry.department,
                answer=said.answer,
                remark=said.remark,
                situations=said.situations,
                findings=said.findings,
                actor=signed_in(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("已答复：%s。") % candidacy.person.name)
            return redirect(_next_page(request, enquiry))
    return show_reply(request, candidacy, form=form)


def _next_page(request: HttpRequest, enquiry: Enquiry) -> str:
    """Where the work goes on: with the next person who is waiting, or with the enquiry."""
    if "next" in request.POST:
        waiting = items_of(request, enquiry).waiting_for(enquiry.department).first()
        if waiting is not None:
            page = reverse("candidates:reply", args=[waiting.candidacy_id])
            return f"{page}?department={enquiry.department}"
        messages.info(request, _("这一批已没有等待答复的人。"))
    return reverse("candidates:enquiry", args=[enquiry.pk])


def show_reply(
    request: HttpRequest,
    candidacy: Candidacy,
    *,
    form: ReplyForm | None = None,
    look_form: ReasonForm | None = None,
) -> HttpResponse:
    """Render the page on which a department answers: the person, and its own earlier answers.

    What it answered is encrypted like everything about a person, and shown while a look lasts.
    """
    enquiry, now = enquiry_about(request, candidacy), timezone.now()
    department = enquiry.department
    until = opened_until(request, enquiry, candidacy, at=now)
    replies = list(
        candidacy.replies.filter(department=department).select_related("replied_by").order_by("-id")
    )
    earlier = next((one for one in replies if one.newest), None)
    told = tell(candidacy, department, opened=until is not None)
    context = {
        "candidacy": candidacy,
        "person": candidacy.person,
        "enquiry": enquiry,
        "department": department,
        "department_title": department_title(department),
        "told": [(title, told[field]) for field, title in told_fields(department).items()],
        "sees_number": "id_number" in told,
        "earlier": earlier,
        "given": _shown(replies, candidacy) if until else [],
        "papers_of": [one for one in replies if one.newest or until],
        "form": form or _form(candidacy, enquiry, opened=until is not None),
        "late": bool(actions.signed_for_good([candidacy.pk])),
        "recheck": any(one.candidacy_id == candidacy.pk for one in rechecks_of(request, department, enquiry)),
        "open_until": until,
        "look_form": look_form or reason_form(now),
    }
    return render(request, "candidates/reply.html", context)


def _form(candidacy: Candidacy, enquiry: Enquiry, *, data: Any = None, opened: bool = False) -> ReplyForm:
    """The answer's form; with what stands, if the department may read it, so that it can be put right."""
    source = load_eligibility_list(candidacy.election.term.eligibility_list)
    earlier = candidacy.replies.newest().filter(department=enquiry.department).first()
    found = [one.details for one in earlier.findings.in_force()] if earlier else []
    initial, pieces = initial_of(earlier, found, source, enquiry.department)
    return ReplyForm(
        data,
        initial=initial if opened else None,
        source=source,
        department=enquiry.department,
        pieces=pieces,
        today=timezone.localdate(),
    )


def _shown(replies: list[DepartmentReply], candidacy: Candidacy) -> list[dict[str, Any]]:
    """The department's own answers in words, the last one first, each with the facts it brought."""
    source = load_eligibility_list(candidacy.election.term.eligibility_list)
    brought: dict[int | None, list[Finding]] = {}
    findings = Finding.objects.filter(reply__in=replies).select_related("recorded_by", "withdrawn_by")
    for finding in findings:
        brought.setdefault(finding.reply_id, []).append(finding)
    return [_in_words(one, brought.get(one.pk, []), source) for one in replies]


def _in_words(reply: DepartmentReply, brought: list[Finding], source: EligibilityList) -> dict[str, Any]:
    """One answer; what it is about is named where no fact below says it."""
    told = {finding.details["situation"] for finding in brought}
    return {
        "reply": reply,
        "answer": DepartmentReply.Answer(reply.answer).label,
        "about": listed(about_titles([code for code in reply.situations if code not in told], source)),
        "findings": shown_findings(brought, source),
    }
