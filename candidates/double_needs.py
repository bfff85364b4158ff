"""Candidates who may be one person in two villages, among what is to be done."""

from collections.abc import Collection
from datetime import date

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import ngettext

from candidates.doubles import doubtful
from election_admin.places.models import Place
from villages.registry import Need, Urgency, register_needs


def needs_comparing(places: Collection[Place], on: date) -> dict[int, list[Need]]:
    """Candidates who may stand in another village of the county too, until somebody has looked."""
    needs: dict[int, list[Need]] = {place.pk: [] for place in places}
    rows = (
        doubtful()
        .filter(election__place__in=needs)
        .exclude(election__election_day__lt=on)
        .order_by()
        .values("election__place_id")
        .annotate(count=Count("person", distinct=True))
    )
    for row in rows:
        text = ngettext(
            "%(count)d名候选人与另一个村的候选人同名、同日出生，请核对是否同一人",
            "%(count)d名候选人与另一个村的候选人同名、同日出生，请核对是否同一人",
            row["count"],
        )
        need = Need(text % {"count": row["count"]}, reverse("candidates:doubles"), Urgency.NOW)
        needs[row["election__place_id"]].append(need)
    return needs


register_needs("candidates.see", needs_comparing)
