"""The county at a glance: what is wrong, where, and which villages come first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from election_admin.accounts.access import allow
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from villages.filters import DashboardFilter
from villages.models import Band
from villages.overview import hardest_first, overview
from villages.registry import home_parts_for
from villages.tallies import Tally, list_url, troubles
from villages.townships import attention, bands_chart, by_township, heat_table, stages_chart

ATTENTION_SHOWN = 15


@allow(Role.COUNTY)
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show the county's villages in numbers, each of which opens the list behind it."""
    user, today = signed_in(request), timezone.localdate()
    filterset = DashboardFilter(
        request, hardest_first(overview(user, on=today, roles=(Role.COUNTY,))), on=today
    )
    villages = list(filterset.understood)
    filters = filterset.values()
    townships = by_township(villages)
    wanting = [village for village in villages if village.wants_attention]
    return render(
        request,
        "villages/dashboard.html",
        {
            "filterset": filterset,
            "place": next(one.place for one in user.held_memberships if one.role == Role.COUNTY),
            "home_parts": home_parts_for(user, on=today),
            "today": today,
            "any_villages": bool(villages),
            "term_opened": any(village.stage for village in villages),
            "bands": _bands(villages, filters),
            "work": _work(villages, filters),
            "attention": attention(wanting[:ATTENTION_SHOWN], on=today),
            "wanting": Tally(len(wanting), "", list_url(filters, situation="attention")),
            "heat": heat_table(townships, filters),
            "bands_chart": bands_chart(townships, filters),
            "stages_chart": stages_chart(townships, filters),
            "export_url": list_url(filters, export="xlsx"),
        },
    )


def _bands(villages: Sequence[Any], filters: Mapping[str, Any]) -> list[Tally]:
    numbers = Counter(village.band for village in villages)
    return [
        Tally(len(villages), _("个村"), list_url(filters)),
        *(Tally(numbers[band], band.label, list_url(filters, band=band), band=band) for band in Band),
    ]


def _work(villages: Sequence[Any], filters: Mapping[str, Any]) -> list[Tally]:
    numbers = {
        "overdue": sum(village.overdue > 0 for village in villages),
        "lacks_plan": sum(village.lacks_plan for village in villages),
        "lacks_audit": sum(village.lacks_audit for village in villages),
    }
    waiting = sum(village.rating_waits for village in villages)
    decided = sum(village.decided_at is not None for village in villages)
    return [
        *troubles(numbers, filters),
        Tally(waiting, _("个评级待审定"), list_url(filters, situation="rating_waits"), "warn"),
        Tally(decided, _("个评级已审定"), list_url(filters, situation="rating_decided")),
    ]
