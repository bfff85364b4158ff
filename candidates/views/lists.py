"""All candidates of a township or a county in one list."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from candidates.filters import FROZEN, STANDING, Asked, CandidateFilter, sees_many_townships
from candidates.models import OUT, Candidacy, Verdict
from candidates.tables import CandidateTable, listed_candidacies
from election_admin.accounts.access import Reach, allow, reach_of
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.places.models import CODE_DIGITS
from election_admin.rulebooks.eligibility_lists import load_eligibility_list
from election_admin.tables import respond_with_list
from villages.models import Term
from villages.tallies import Tally

OFFICIALS = (Role.TOWNSHIP, Role.COUNTY)


@never_cache
@allow(*OFFICIALS)
@require_safe
def candidates(request: HttpRequest) -> HttpResponse | FileResponse:
    """List every candidate of the term being held, or give the list as an Excel file with masked numbers."""
    user = signed_in(request)
    reach = reach_of(user, *OFFICIALS)
    asked = asked_departments(reach)
    rows = listed_candidacies(reach)
    filterset = CandidateFilter(request, rows, reach=reach, asked=asked)
    place = user.held_memberships[0].place
    names = {"place": place.name, "day": timezone.localdate()}
    return respond_with_list(
        request,
        table=partial(CandidateTable, asked=asked, one_township=not sees_many_townships(reach)),
        filterset=filterset,
        template="candidates/candidates.html",
        context={
            "tallies": _tallies(rows),
            "filters": filterset.address,
            "import_places": [one.place for one in user.held_memberships if one.role == Role.TOWNSHIP],
        },
        export_name=_("候选人-%(place)s-%(day)s") % names,
    )


def asked_departments(reach: Reach) -> Asked:
    """The departments that must answer in each of the terms being held there."""
    counties = {code[: CODE_DIGITS["county"]] for code in reach.place_codes}
    return {
        term.pk: load_eligibility_list(term.eligibility_list).departments.value
        for term in Term.objects.filter(current=True, county__code__in=counties)
    }


def _tallies(rows: QuerySet[Candidacy]) -> list[Tally]:
    """What stands at the head of the list: those who stand, by verdict, and who is frozen."""
    standing = ~Q(state__in=OUT)
    numbers = rows.order_by().aggregate(
        standing=Count("pk", filter=standing),
        frozen=Count("pk", filter=standing & Q(frozen_at__isnull=False)),
        **{verdict.value: Count("pk", filter=standing & Q(verdict=verdict)) for verdict in Verdict},
    )
    return [
        Tally(numbers["standing"], _("名候选人在列"), _address()),
        Tally(numbers[Verdict.QUALIFIED], _("名符合资格"), _address(verdict=Verdict.QUALIFIED)),
        Tally(
            numbers[Verdict.NOT_ESTABLISHED],
            _("名尚未查清"),
            _address(verdict=Verdict.NOT_ESTABLISHED),
            "warn",
        ),
        Tally(
            numbers[Verdict.DISQUALIFIED],
            _("名不符合资格"),
            _address(verdict=Verdict.DISQUALIFIED),
            "bad",
        ),
        Tally(numbers["frozen"], _("名已冻结"), _address(frozen=FROZEN), "warn"),
    ]


def _address(**filters: Any) -> str:
    """The address of the list of those who stand, under further filters."""
    query = urlencode({name: str(value) for name, value in {"state": STANDING, **filters}.items()})
    return f"{reverse('candidates:candidates')}?{query}"
