"""The villages of a township or county, with what each needs."""

from functools import partial

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from election_admin.accounts.access import allow
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.tables import respond_with_list
from villages.filters import VillageFilter
from villages.overview import count_situations, overview, trouble_first
from villages.registry import home_parts_for
from villages.tables import VillageTable
from villages.tallies import Tally, list_url, troubles


@allow(Role.TOWNSHIP, Role.COUNTY)
@require_safe
def village_list(request: HttpRequest) -> HttpResponse | FileResponse:
    """List the user's villages, those where something is wrong first."""
    user, today = signed_in(request), timezone.localdate()
    villages = overview(user, on=today)
    filterset = VillageFilter(request, trouble_first(villages), on=today)
    numbers = count_situations(villages)
    tallies = [
        Tally(numbers["total"], _("个村"), list_url({})),
        *troubles(numbers, {}),
        Tally(numbers["unrated"], _("个村未评定"), list_url({}, band="unrated"), "warn"),
        Tally(numbers["no_day"], _("个村未定选举日"), list_url({}, situation="no_day"), "warn"),
    ]
    place = user.held_memberships[0].place
    return respond_with_list(
        request,
        table=partial(
            VillageTable, user=user, on=today, one_township="township" not in filterset.form.fields
        ),
        filterset=filterset,
        template="villages/village_list.html",
        context={
            "tallies": tallies,
            "today": today,
            "home_parts": home_parts_for(user, on=today),
        },
        export_name=_("村一览-%(place)s-%(day)s") % {"place": place.name, "day": today},
    )
