"""What the joint review says on pages that are about something else."""

from typing import Any

from django import template

from candidates.flag_tables import OPEN, flags_url, still_frozen
from candidates.models import Candidacy, Flag
from villages.models import Election

register = template.Library()


@register.inclusion_tag("candidates/_frozen.html")
def frozen_in(election: Election) -> dict[str, Any]:
    """``{% frozen_in election %}``: a banner while something about its candidates is to be settled."""
    flags = Flag.objects.filter(candidacy__election=election)
    return _banner(list(_named(flags)), flags_url(village=election.place.code, state=OPEN))


@register.inclusion_tag("candidates/_frozen.html")
def frozen_of(candidacy: Candidacy) -> dict[str, Any]:
    """``{% frozen_of candidacy %}``: a banner while something about this candidate is to be settled."""
    if not candidacy.is_frozen:
        return _banner([], "")
    return _banner(list(_named(candidacy.flags)), "")


def _named(flags: Any) -> Any:
    return (
        still_frozen(flags).select_related("candidacy__person").defer("details", "resolution").order_by("pk")
    )


def _banner(flags: list[Flag], url: str) -> dict[str, Any]:
    return {"flags": flags, "frozen": len({flag.candidacy_id for flag in flags}), "url": url}
