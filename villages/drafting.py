"""The first draft of a disposal plan, from what the office already knows of the village."""

from typing import Any

from django.utils.translation import gettext as _

from election_admin.places.models import Place
from election_admin.sentences import one_after_another
from villages.models import Dispute, Rating, Term, VillageProfile
from villages.panels import reasons_of

# From this level on ("marked") a factor becomes a risk point of the plan.
RISK_POINT_LEVEL = 2


def first_draft(place: Place, term: Term) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Return the plan's first texts and its risk points; measures, owners and dates are people's."""
    profile = VillageProfile.objects.filter(place=place).first()
    rating = Rating.objects.filter(place=place, term=term, current=True).first()
    reasons = [one for one in reasons_of(rating) if one["level"] >= RISK_POINT_LEVEL]
    disputes = Dispute.objects.still_open().filter(place=place)
    lines = [_figures(place, profile)] if profile else []
    lines += [
        f"{one['title']}：{one['sentence']}" + (_("（%s）") % one["evidence"] if one["evidence"] else "")
        for one in reasons
    ]
    lines += [_("未化解的纠纷：%s。") % dispute.summary for dispute in disputes]
    risk_points = [one["title"] for one in reasons] + [dispute.summary for dispute in disputes]
    return {"situation": "\n".join(lines)}, [{"risk_point": point} for point in risk_points]


def _figures(place: Place, profile: VillageProfile) -> str:
    figures = [
        (profile.population, _("人口%s人")),
        (profile.households, _("%s户")),
        (profile.groups, _("%s个村民小组")),
        (profile.voters, _("选民%s人")),
        (profile.voters_away, _("外出选民%s人")),
        (profile.party_members, _("党员%s人")),
    ]
    known = "，".join(text % number for number, text in figures if number is not None)
    village = f"{place.parent or ''}{place}"
    parts = [f"{village}，{known}。" if known else f"{village}。"]
    if profile.ethnic_groups:
        parts.append(_("民族构成：%s。") % profile.ethnic_groups.rstrip("。"))
    return one_after_another(parts)
