"""Working schedules of real offices, beside the law they have to keep."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ballots.work_schedule_pages import rows_of
from election_admin.accounts.access import allow
from election_admin.accounts.signed_in import signed_in
from election_admin.rulebooks.loading import UnknownRulebook
from election_admin.rulebooks.procedures import load_procedure, procedure_ids
from election_admin.rulebooks.work_schedules import load_work_schedule
from villages.models import Term


@allow()
@require_safe
def work_schedule(request: HttpRequest, schedule_id: str) -> HttpResponse:
    """One schedule, and where it breaks the rulebook chosen, the county's own unless another is."""
    asked = request.GET.get("with") or _own_rulebook(request)
    try:
        schedule, law = load_work_schedule(schedule_id), load_procedure(asked)
    except UnknownRulebook as error:
        raise Http404(_("没有找到。")) from error
    rows = rows_of(schedule, law, law.parameters.modes.value[0])
    return render(
        request,
        "ballots/work_schedule.html",
        {
            "schedule": schedule,
            "law": law,
            "rows": rows,
            "broken": sum(len(step.breaches) for row in rows for step in row.steps),
            "procedures": [load_procedure(one) for one in procedure_ids()],
        },
    )


def _own_rulebook(request: HttpRequest) -> str:
    counties = {held.place.county_code for held in signed_in(request).held_memberships}
    term = Term.objects.filter(current=True, county__code__in=counties).first()
    return term.procedure if term is not None else procedure_ids()[0]
