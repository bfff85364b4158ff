"""What falls due in the user's villages."""

from functools import partial

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ballots.deadlines import (
    WARNED,
    DeadlineFilter,
    DeadlineTable,
    by_township,
    due_steps,
    sees_townships,
    tallies,
)
from election_admin.accounts.access import allow
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.tables import respond_with_list


@allow(*WARNED, Role.DEPARTMENT)
@require_safe
def deadlines(request: HttpRequest) -> HttpResponse | FileResponse:
    """List the steps overdue and due within a week; a county sees its townships side by side.

    What a department has to do by a day is what it is asked: that stands in its inbox.
    """
    user, today = signed_in(request), timezone.localdate()
    if not any(user.holds(role) for role in WARNED):
        return redirect("candidates:inbox")
    steps = due_steps(user, on=today)
    filterset = DeadlineFilter(request, steps, on=today)
    many, picked = sees_townships(user), any(request.GET.get(name) for name in filterset.filters)
    place = user.held_memberships[0].place
    return respond_with_list(
        request,
        table=partial(DeadlineTable, on=today, one_township=not many),
        filterset=filterset,
        template="ballots/deadlines.html",
        context={
            "tallies": tallies(steps.count_buckets(on=today)),
            # Whoever has picked some of the steps wants to read these first.
            "townships": by_township(steps, on=today) if many and not picked else [],
            "today": today,
            "place": place,
        },
        export_name=_("到期提醒-%(place)s-%(day)s") % {"place": place.name, "day": today},
    )
