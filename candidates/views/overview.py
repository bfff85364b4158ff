"""Who has not answered yet: every department and township of the joint review, across batches."""

from functools import partial

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from candidates.batch_tables import EnquiryFilter, EnquiryTable, listed_enquiries
from candidates.filters import sees_many_townships
from candidates.review_grid import grid_of
from election_admin.accounts.access import allow, reach_of
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.tables import respond_with_list

OFFICIALS = (Role.TOWNSHIP, Role.COUNTY)


@allow(*OFFICIALS)
@require_safe
def review_overview(request: HttpRequest) -> HttpResponse | FileResponse:
    """Show who is missing at a glance, and the enquiries behind each number."""
    user, today = signed_in(request), timezone.localdate()
    reach = reach_of(user, *OFFICIALS)
    rows = listed_enquiries(reach)
    filterset = EnquiryFilter(request, rows, reach=reach, on=today)
    place = user.held_memberships[0].place
    return respond_with_list(
        request,
        table=partial(EnquiryTable, on=today, one_township=not sees_many_townships(reach)),
        filterset=filterset,
        template="candidates/review_overview.html",
        context={
            "place": place,
            "today": today,
            # Whoever has picked some of the numbers wants to read these first.
            "grid": None if filterset.in_use else grid_of(rows, on=today),
        },
        export_name=_("谁还没答复-%(place)s-%(day)s") % {"place": place.name, "day": today},
    )
