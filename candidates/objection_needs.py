"""What open objections put on the lists of what is to be done."""

from collections.abc import Collection
from datetime import date
from functools import partial

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candidates.models import Objection
from election_admin.places.models import Place
from villages.models import Election
from villages.registry import Need, Urgency, register_needs


def _needs(places: Collection[Place], on: date, *, office: str) -> dict[int, list[Need]]:
    """The objections brought to an office that nobody has decided on, a line an election.

    The law sets no day for them; they are late once the vote is over.
    """
    needs: dict[int, list[Need]] = {place.pk: [] for place in places}
    rows = (
        Objection.objects.open()
        .current()
        .filter(election__place__in=needs, office=office)
        .order_by()
        .values("election_id")
        .annotate(count=Count("id"), oldest=Min("received_on"))
    )
    elections = Election.objects.select_related("term").in_bulk({row["election_id"] for row in rows})
    for row in rows:
        election = elections[row["election_id"]]
        day = election.election_day
        needs[election.place_id].append(
            Need(
                _words(row["count"], days=(on - row["oldest"]).days),
                reverse("candidates:objection_list", args=[election.pk]),
                Urgency.OVERDUE if day is not None and on > day else Urgency.NOW,
            )
        )
    return needs


def _words(count: int, *, days: int) -> str:
    number = ngettext("%d件候选人异议没有处理", "%d件候选人异议没有处理", count) % count
    if days <= 0:
        return _("%s，今天收到") % number
    since = ngettext("最早的已收到%d天", "最早的已收到%d天", days) % days
    return _("%(number)s，%(since)s") % {"number": number, "since": since}


# Each office is reminded of what was brought to it; a committee hears nothing of the township's.
register_needs("candidates.object", partial(_needs, office=Objection.Office.COMMITTEE))
register_needs("candidates.record", partial(_needs, office=Objection.Office.TOWNSHIP))
