"""The procedure of an election: seen, recorded, taken back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ballots.actions import steps as actions
from ballots.forms import RecordStepForm, UndoStepForm
from ballots.models import Step
from ballots.obstacles import put_obstacles, violations_of
from ballots.offices import usual_doer
from ballots.timeline import Timeline, timeline
from ballots.views.scope import READERS, election_of
from ballots.wording import days_late, election_day_words, step_title
from election_admin.accounts.access import allow, get_visible
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.documents.models import Language
from election_admin.evidence.reading import evidence_by_subject
from election_admin.forms import add_errors
from election_admin.sentences import one_after_another
from villages.models import Election
from villages.procedures import course_of

# A rulebook may leave a step to the county.
RECORDERS = (Role.TOWNSHIP, Role.COMMITTEE, Role.COUNTY)


@allow(*READERS)
@require_safe
def procedure(request: HttpRequest, election_id: int) -> HttpResponse:
    """The procedure of a village's election, step by step."""
    return _show(request, election_of(request, election_id))


@allow(*RECORDERS)
@require_POST
def record_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that a step was done; without scripts back to the page, with htmx only the timeline."""
    step = _step(request, pk)
    form = RecordStepForm(request.POST, today=timezone.localdate(), auto_id=_ids(step.code))
    if form.is_valid():
        try:
            step = actions.record_step(
                step=step,
                done_on=form.cleaned_data["done_on"],
                done_by=form.cleaned_data["done_by"],
                remark=form.cleaned_data["remark"],
                actor=signed_in(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            return _recorded(request, step)
    return _show(request, election_of(request, step.election_id), form=form, code=step.code)


@allow(*RECORDERS)
@require_http_methods(["GET", "POST"])
def undo_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a recorded step back, for a reason that is kept."""
    step = _step(request, pk)
    election = election_of(request, step.election_id)
    title = step_title(election, step.code)
    try:
        actions.check_undoable(election=election, step=step, actor=signed_in(request))
    except ValidationError as error:
        messages.error(request, one_after_another(error.messages))
        return redirect(_address(step))
    sent = request.POST if request.method == "POST" else None
    form = UndoStepForm(sent, today=timezone.localdate())
    if form.is_valid():
        try:
            actions.undo_step(
                step=step,
                reason=form.cleaned_data["reason"],
                actor=signed_in(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("已撤销“%s”的登记。") % title)
            return redirect(_address(step))
    return render(
        request,
        "ballots/undo_step.html",
        {"election": election, "step": step, "title": title, "form": form},
    )


def _step(request: HttpRequest, pk: int) -> Step:
    """Return the step; 404 if the user may not know of it, PermissionDenied for who records no steps."""
    user = signed_in(request)
    steps = Step.objects.with_recorder().select_related(
        "election__place", "election__term", "election__edition"
    )
    step = get_visible(steps, request, pk=pk)
    hidden = step.code in actions.CONFIDENTIAL and not user.has_perm("villages.see_facts", step)
    # One kept from a mode since given up has no page: its rulebook's course does not name it.
    if hidden or step.code not in course_of(step.election).steps:
        raise Http404(_("没有找到。"))
    actions.require_recorder(step.election, step, user)
    return step


def _recorded(request: HttpRequest, step: Step) -> HttpResponse:
    election = election_of(request, step.election_id)
    title = step_title(election, step.code)
    # The days may have moved with the recording: what was written, not what was known before.
    step.refresh_from_db(fields=["done_on", "latest"])
    if step.done_on is not None and step.latest is not None and step.done_late:
        notice = _("已登记“%(step)s”。%(late)s：法定最迟日期是%(latest)s，已列入问题。") % {
            "step": title,
            "late": days_late(step.done_on, step.latest),
            "latest": date_format(step.latest),
        }
    else:
        notice = _("已登记“%s”。") % title
    if _asks_for_part(request):
        return _show(request, election, notice=notice)
    messages.success(request, notice)
    return redirect(_address(step))


def _asks_for_part(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


def _address(step: Step) -> str:
    return reverse("ballots:procedure", args=[step.election_id]) + f"#{step.code}"


def _ids(code: str) -> str:
    return f"{code}-%s"


def _show(
    request: HttpRequest,
    election: Election,
    *,
    form: RecordStepForm | None = None,
    code: str = "",
    notice: str = "",
) -> HttpResponse:
    """Show the timeline, whole or as the part that htmx swaps; ``form`` is the one refused."""
    today = timezone.localdate()
    user = signed_in(request)
    shown = timeline(election, today=today, user=user)
    put_obstacles(shown, user)
    _put_files(shown)
    _offer_forms(shown, form, code)
    day = election.election_day
    return render(
        request,
        "ballots/_timeline.html" if _asks_for_part(request) else "ballots/procedure.html",
        {
            "timeline": shown,
            "election": election,
            "place": election.place,
            "open_violations": list(violations_of(shown)),
            "day_words": election_day_words(day, on=today) if day else "",
            "notice": notice,
            "languages_of_documents": Language.choices,
        },
    )


def _put_files(shown: Timeline) -> None:
    files = evidence_by_subject(actions.EVIDENCE, [line.step.pk for line in shown.lines])
    for line in shown.lines:
        line.files = files[str(line.step.pk)]


def _offer_forms(shown: Timeline, refused: RecordStepForm | None, code: str) -> None:
    """Put a form on each line that the user's office may record now; ``refused`` on its own line."""
    for line in shown.lines:
        if refused is not None and line.code == code:
            line.form = refused
            # Whoever works by keyboard or hears the page goes on where it went wrong.
            for name in [name for name in refused.fields if name in refused.errors][:1]:
                refused.fields[name].widget.attrs["autofocus"] = True
        elif line.recordable and line.own and not line.obstacles and not line.violations:
            line.form = RecordStepForm(
                today=shown.today,
                auto_id=_ids(line.code),
                initial={"done_by": usual_doer(shown.election, line.code)},
            )
