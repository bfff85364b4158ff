"""Setting a village's election day, and what the day makes of the steps."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ballots.forms import ElectionDayForm
from ballots.timeline import timeline
from ballots.views.scope import election_of
from election_admin.accounts.access import allow
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.forms import add_errors
from election_admin.sentences import one_after_another, quoted
from villages.actions import terms as actions
from villages.models import Election
from villages.procedures import procedure_of


@allow(Role.TOWNSHIP)
@require_http_methods(["GET", "POST"])
def set_election_day(request: HttpRequest, election_id: int) -> HttpResponse:
    """Set the day, the mode and the seats; then say what is late because of it."""
    election = election_of(request, election_id, "villages.set_election_day")
    try:
        election.term.require_current()
    except ValidationError as error:
        messages.error(request, one_after_another(error.messages))
        return redirect("ballots:procedure", election.pk)
    law = procedure_of(election)
    form = ElectionDayForm(
        request.POST if request.method == "POST" else None,
        election=election,
        modes=tuple(election.term.modes_of(election.body)),
        today=timezone.localdate(),
    )
    if form.is_valid():
        try:
            actions.set_election_day(
                election=election,
                election_day=form.cleaned_data["election_day"],
                mode=form.cleaned_data["mode"],
                seats=form.seats,
                actor=signed_in(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            _tell(request, election_of(request, election_id))
            return redirect("ballots:procedure", election.pk)
    return render(
        request,
        "ballots/set_election_day.html",
        {
            "election": election,
            "place": election.place,
            "law": law,
            "recorded": election.steps.filter(done_on__isnull=False).count(),
            "form": form,
        },
    )


def _tell(request: HttpRequest, election: Election) -> None:
    """Say the new day, and which steps it leaves overdue or recorded against the law."""
    shown = timeline(election, today=timezone.localdate(), user=signed_in(request))
    day = election.election_day
    sentence = _("选举日已定为%s，各步骤的法定日期已重新计算，已登记的内容不变。")
    messages.success(request, sentence % (date_format(day) if day else ""))
    if shown.overdue:
        messages.warning(
            request,
            _("按这一天计算，有%(count)d步已经逾期：%(steps)s。请尽快补办，或者改定选举日。")
            % {"count": len(shown.overdue), "steps": quoted([line.title for line in shown.overdue])},
        )
    if shown.violations:
        messages.warning(
            request, _("按这一天计算，已登记的日期有不合规定的：%s") % one_after_another(shown.violations)
        )
