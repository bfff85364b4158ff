"""Profiles and disputes."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.journal.record import append, snapshot, take_turn
from election_admin.places.models import Place
from election_admin.validators import validate_fields
from villages.models import Dispute, VillageProfile

DISPUTE_FIELDS = ("subject", "summary", "parties", "raised_on", "mediator", "deadline")


@transaction.atomic
def record_profile(*, place: Place, values: Mapping[str, Any], actor: User, at: datetime) -> VillageProfile:
    """Record the village's figures; ``values`` holds the profile's recorded fields.

    Raises ValidationError where the figures contradict each other.
    """
    take_turn(place)
    require(actor, "villages.record_facts", place)
    profile = VillageProfile.objects.filter(place=place).first()
    before = snapshot(profile, VillageProfile.recorded_fields) if profile else None
    profile = profile or VillageProfile(place=place)
    for name in VillageProfile.recorded_fields:
        setattr(profile, name, values[name])
    profile.updated_by, profile.updated_at = actor, at
    validate_fields(profile, VillageProfile.recorded_fields)
    profile.save()
    append(
        verb="villages.record_profile",
        row=profile,
        actor=actor,
        place=place,
        at=at,
        before=before,
        after=snapshot(profile, VillageProfile.recorded_fields),
    )
    return profile


@transaction.atomic
def record_dispute(*, place: Place, values: Mapping[str, Any], actor: User, at: datetime) -> Dispute:
    """Enter a dispute in the register; ``values`` holds DISPUTE_FIELDS."""
    take_turn(place)
    require(actor, "villages.record_facts", place)
    dispute = Dispute(place=place, recorded_by=actor, **{name: values[name] for name in DISPUTE_FIELDS})
    validate_fields(dispute, DISPUTE_FIELDS)
    dispute.save()
    append(
        verb="villages.record_dispute",
        row=dispute,
        actor=actor,
        place=place,
        at=at,
        after=snapshot(dispute, DISPUTE_FIELDS),
    )
    return dispute


@transaction.atomic
def settle_dispute(*, dispute: Dispute, settled_on: date, outcome: str, actor: User, at: datetime) -> None:
    """Record how a dispute was settled. Raises ValidationError if it already is."""
    take_turn(dispute.place)
    dispute = Dispute.objects.select_related("place").get(pk=dispute.pk)
    require(actor, "villages.record_facts", dispute)
    if dispute.settled_on:
        raise ValidationError(_("这件纠纷已经登记为化解，请刷新页面查看。"))
    if settled_on < dispute.raised_on:
        raise ValidationError({"settled_on": _("化解日期早于发生日期，请检查。")})
    dispute.settled_on, dispute.outcome = settled_on, outcome
    dispute.save(update_fields=["settled_on", "outcome"])
    append(
        verb="villages.settle_dispute",
        row=dispute,
        actor=actor,
        place=dispute.place,
        at=at,
        after=snapshot(dispute, ("settled_on", "outcome")),
    )
