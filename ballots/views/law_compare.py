"""Two rulebooks side by side."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ballots.law_comparison import compare
from ballots.views.named_law import law_of, laws_open_to
from election_admin.accounts.access import allow
from election_admin.accounts.signed_in import signed_in


@allow()
@require_safe
def choose_comparison(request: HttpRequest, rulebook_id: str) -> HttpResponse:
    """Lead to the comparison with the rulebook chosen; without a choice back to the rulebook."""
    one, chosen = law_of(request, rulebook_id), request.GET.get("other", "")
    if not chosen:
        return redirect(one.url)
    address = reverse("ballots:compare_rulebooks", args=[one.reference, law_of(request, chosen).reference])
    return redirect(f"{address}?{urlencode({'only': 1})}" if request.GET.get("only") else address)


@allow()
@require_safe
def compare_rulebooks(request: HttpRequest, rulebook_id: str, other: str) -> HttpResponse:
    """What two rulebooks fix, the rules that differ marked; ``?only=1`` shows only those."""
    left, right = law_of(request, rulebook_id), law_of(request, other)
    parts = compare(left.procedure, right.procedure)
    return render(
        request,
        "ballots/compare_rulebooks.html",
        {
            "one": left,
            "other": right,
            "parts": parts,
            "differences": sum(part.differences for part in parts),
            "rules": sum(len(part.pairs) for part in parts),
            "only": bool(request.GET.get("only")),
            "laws": [law for law in laws_open_to(signed_in(request)) if law.reference != left.reference],
        },
    )
