"""What this app itself puts on a village's page and on the lists of what is to be done."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from election_admin.places.models import Place
from election_admin.rulebooks.risk_models import load_risk_model
from villages.models import Audit, Band, DisposalPlan, Dispute, Election, Rating, Term, VillageProfile
from villages.registry import Need, Panel, Urgency, register_needs, register_panel
from villages.wording import words

# An unpublished audit turns red when the election is this near.
AUDIT_NOTICE = timedelta(days=30)
REASONS_SHOWN = 5


def _risk(request: HttpRequest, place: Place) -> Mapping[str, Any]:
    rating = Rating.objects.current().select_related("decided_by").filter(place=place).first()
    return {"place": place, "rating": rating, "reasons": reasons_of(rating)[:REASONS_SHOWN]}


def reasons_of(rating: Rating | None) -> list[dict[str, Any]]:
    """Return the factors that raise a rating, the heaviest first, each with its own sentence."""
    if rating is None:
        return []
    model = load_risk_model(rating.model)
    raising = sorted(
        (one for one in rating.contributions if one["level"]),
        key=lambda one: (one["factor"] not in rating.floors, -one["points"]),
    )
    return [
        {
            **one,
            "title": words(model.factor(one["factor"]).title),
            "sentence": words(model.factor(one["factor"]).levels[one["level"]]),
            "floor": one["factor"] in rating.floors,
        }
        for one in raising
    ]


def _facts(request: HttpRequest, place: Place) -> Mapping[str, Any]:
    profile = VillageProfile.objects.select_related("updated_by").filter(place=place).first()
    return {
        "place": place,
        "profile": profile,
        "disputes": Dispute.objects.filter(place=place).still_open(),
        "settled": Dispute.objects.filter(place=place, settled_on__isnull=False).count(),
        "today": timezone.localdate(),
    }


def _work(request: HttpRequest, place: Place) -> Mapping[str, Any]:
    return {
        "place": place,
        "audit": Audit.objects.current().filter(place=place).first(),
        "plan": DisposalPlan.objects.current().filter(place=place).first(),
        "rating": Rating.objects.current().filter(place=place).first(),
    }


def _needs(places: Collection[Place], on: date) -> dict[int, list[Need]]:
    """What villages need of their township: a rating, a plan, an audit, disputes settled."""
    needs: dict[int, list[Need]] = {place.pk: [] for place in places}
    codes = {place.pk: place.code for place in places}
    held = set(Term.objects.filter(current=True).values_list("county__code", flat=True))
    ratings = {one.place_id: one for one in Rating.objects.current().filter(place__in=codes)}
    plans = {one.place_id: one for one in DisposalPlan.objects.current().filter(place__in=codes)}
    approved = set(
        DisposalPlan.objects.approved()
        .filter(place__in=codes, term__current=True)
        .values_list("place_id", flat=True)
    )
    audits = {one.place_id: one for one in Audit.objects.current().filter(place__in=codes)}
    days = dict(
        Election.objects.current()
        .of_committee()
        .filter(place__in=codes)
        .values_list("place_id", "election_day")
    )
    for place in places:
        if place.county_code not in held:
            continue
        found = needs[place.pk]
        found.extend(_rating_needs(place.code, ratings.get(place.pk)))
        found.extend(
            _plan_needs(place.code, ratings.get(place.pk), plans.get(place.pk), place.pk in approved)
        )
        found.extend(_audit_needs(place.code, audits.get(place.pk), days.get(place.pk), on))
    for dispute in Dispute.objects.still_open().filter(place__in=codes, deadline__lt=on):
        needs[dispute.place_id].append(
            Need(
                _("纠纷超过调处期限：%s") % dispute.summary,
                reverse("villages:settle_dispute", args=[dispute.pk]),
                Urgency.OVERDUE,
                dispute.deadline,
            )
        )
    return needs


def _rating_needs(code: str, rating: Rating | None) -> list[Need]:
    survey = reverse("villages:survey", args=[code])
    if rating is None:
        return [Need(_("还没有做村情调查"), survey, Urgency.NOW)]
    if rating.computed_band == Band.UNRATED:
        return [Need(_("村情调查不完整，无法评级"), survey, Urgency.NOW)]
    if rating.decided_by_id is None:
        return [Need(_("风险评级待县级审定"), reverse("villages:rating", args=[code]), Urgency.SOON)]
    return []


def _plan_needs(
    code: str, rating: Rating | None, plan: DisposalPlan | None, approved_before: bool
) -> list[Need]:
    if rating is None or rating.band not in {Band.KEY, Band.DIFFICULT}:
        return []
    if plan is None:
        text = _("%s没有处置预案") % rating.get_band_display()
        return [Need(text, reverse("villages:write_plan", args=[code]), Urgency.OVERDUE)]
    url = reverse("villages:plan", args=[plan.pk])
    if plan.state == DisposalPlan.State.APPROVED:
        return []
    if plan.state == DisposalPlan.State.SUBMITTED:
        return [Need(_("处置预案待县级审批"), url, Urgency.NOW)]
    # While an approved version is in force, its revision is work in hand, not a gap.
    urgency = Urgency.SOON if approved_before else Urgency.OVERDUE
    if plan.state == DisposalPlan.State.RETURNED:
        return [Need(_("处置预案被退回，请修改后再报"), url, urgency)]
    return [Need(_("处置预案还没有上报"), url, urgency)]


def _audit_needs(code: str, audit: Audit | None, day: date | None, on: date) -> list[Need]:
    if audit is not None and audit.state == Audit.State.PUBLISHED:
        return []
    url = reverse("villages:edit_audit", args=[code])
    if audit is not None and audit.state == Audit.State.COMPLETED:
        url = reverse("villages:publish_audit", args=[audit.pk])
    text = {
        None: _("财务清理审计还没有开始"),
        Audit.State.DRAFT: _("财务清理审计还没有完成"),
        Audit.State.COMPLETED: _("财务清理审计结果还没有向村民公布"),
    }[audit.state if audit else None]  # type: ignore[index]
    if day is None:
        return [Need(text, url, Urgency.SOON)]
    urgency = Urgency.NOW if day - on <= AUDIT_NOTICE else Urgency.SOON
    if day <= on:
        urgency = Urgency.OVERDUE
    return [
        Need(_("%(what)s（选举日%(day)s前须公布）") % {"what": text, "day": date_format(day)}, url, urgency)
    ]


register_panel(Panel("villages/_risk.html", _risk, "villages.see_facts", 10))
register_panel(Panel("villages/_work.html", _work, "villages.see_facts", 20))
register_panel(Panel("villages/_facts.html", _facts, "villages.see_facts", 50))
register_needs("villages.see_facts", _needs)
