"""One assessment as it was made, and the same case put through the rules again."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from candidates import looks
from candidates.changes import caused_by_words
from candidates.judgements import lexicon_of, shown_judgement
from candidates.models import POST_TITLES, Assessment, Decision, ReviewItem
from candidates.recomputing import recompute
from candidates.shown_cases import ShownCase, shown_case
from election_admin.accounts.access import allow, get_visible, require
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in

READERS = (Role.TOWNSHIP, Role.COUNTY)


@never_cache
@allow(*READERS)
@require_safe
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """One assessment as it was made: the list, the day, the facts, each situation, who caused it.

    Asked to, it says whether the rules give the same answer on the same case again.
    """
    row = _assessment_of(request, pk)
    candidacy = row.candidacy
    until = looks.open_until(request, candidacy, at=timezone.now())
    case: ShownCase | None = shown_case(row) if until else None
    about = row.snapshot.get("about", {})
    context: dict[str, Any] = {
        "assessment": row,
        "candidacy": candidacy,
        "election": candidacy.election,
        "place": candidacy.place,
        "about": about,
        "post": POST_TITLES.get(about.get("post", candidacy.post), ""),
        "verdict": lexicon_of(row).title("verdicts", row.verdict),
        "judgement": shown_judgement(row, masked=until is None),
        "case": case,
        "who": row.caused_by.name if until and row.caused_by else caused_by_words(row),
        "open_until": until,
        "current": None if row.current else candidacy.assessments.filter(current=True).first(),
        "earlier": candidacy.assessments.filter(pk__lt=row.pk).defer("snapshot").first(),
        "later": candidacy.assessments.filter(pk__gt=row.pk).defer("snapshot").last(),
        "decisions": Decision.objects.filter(assessment=row).select_related("decided_by"),
        "signatures": ReviewItem.objects.filter(assessment=row).select_related(
            "batch__place", "batch__signed_by"
        ),
        "recomputed": recompute(row) if "recompute" in request.GET else None,
    }
    return render(request, "candidates/assessment.html", context)


def _assessment_of(request: HttpRequest, pk: int) -> Assessment:
    rows = Assessment.objects.select_related(
        "basis",
        "caused_by",
        "candidacy__person",
        "candidacy__election__place__parent",
        "candidacy__election__term",
    )
    row = get_visible(rows, request, pk=pk)
    require(signed_in(request), "candidates.see", row.candidacy)
    return row
