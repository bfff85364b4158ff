"""What this app puts on a village's page and on the lists of what is to be done."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Count
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import ngettext

from candidates.deadlines import final_list_due
from candidates.models import Candidacy, Verdict
from election_admin.places.models import Place
from villages.models import Election
from villages.registry import Need, Panel, Urgency, register_needs, register_panel

# The joint review takes about this long before the final list; sooner, open answers are no worry.
REVIEW_TIME = timedelta(days=10)
# This near to the final list, what is still open cannot wait.
LAST_DAYS = timedelta(days=3)


def _candidates(request: HttpRequest, place: Place) -> Mapping[str, Any]:
    election = Election.objects.current().of_committee().with_place().filter(place=place).first()
    candidates = (
        list(Candidacy.objects.filter(election=election).standing().select_related("person"))
        if election
        else []
    )
    counts = Counter(one.verdict for one in candidates)
    return {
        "place": place,
        "election": election,
        "candidates": candidates,
        "counts": [(verdict.value, counts[verdict.value]) for verdict in Verdict],
    }


def _needs(places: Collection[Place], on: date) -> dict[int, list[Need]]:
    """Candidates who cannot stay as they are: disqualified, or not established near the final list."""
    needs: dict[int, list[Need]] = {place.pk: [] for place in places}
    rows = (
        Candidacy.objects.current()
        .standing()
        .filter(election__place__in=needs, election__election_day__isnull=False)
        .exclude(verdict=Verdict.QUALIFIED)
        .order_by()
        .values("verdict", "election_id")
        .annotate(count=Count("id"))
    )
    elections = Election.objects.with_place().in_bulk({row["election_id"] for row in rows})
    for row in rows:
        election = elections[row["election_id"]]
        need = _need(election, row["verdict"], row["count"], on=on)
        if need is not None:
            needs[election.place_id].append(need)
    return needs


def _need(election: Election, verdict: str, count: int, *, on: date) -> Need | None:
    day = election.election_day
    if day is None:
        return None
    due = final_list_due(election, day)
    url = reverse("candidates:candidate_list", args=[election.pk])
    words = {"count": count, "due": date_format(due, "DATE_FORMAT")}
    if verdict == Verdict.DISQUALIFIED:
        text = ngettext(
            "%(count)d名候选人不符合资格，仍在候选人之列，请核实并变更状态",
            "%(count)d名候选人不符合资格，仍在候选人之列，请核实并变更状态",
            count,
        )
        return Need(text % words, url, Urgency.OVERDUE if on > due else Urgency.NOW, due)
    if on < due - REVIEW_TIME or on > day:
        return None
    text = ngettext(
        "%(count)d名候选人的资格尚未查清，正式候选人名单最迟%(due)s公布",
        "%(count)d名候选人的资格尚未查清，正式候选人名单最迟%(due)s公布",
        count,
    )
    urgency = Urgency.SOON
    if on > due - LAST_DAYS:
        urgency = Urgency.NOW
    return Need(text % words, url, Urgency.OVERDUE if on > due else urgency, due)


register_panel(Panel("candidates/_panel.html", _candidates, "candidates.see", 30))
register_needs("candidates.see", _needs)
