"""Recording what bears on eligibility, and taking it back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from candidates.actions.judging import facts_of_finding, facts_of_person, reassess
from candidates.actions.turns import in_turn, stated
from candidates.law import eligibility_law
from candidates.models import Candidacy, Finding
from candidates.rules.facts import DATE_FACTS, FACTS, Status, finding_faults
from candidates.wording import fault_sentence
from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.journal.record import append, snapshot

FINDING_FIELDS = ("situation", "status", *FACTS, "source", "remark")
# The end of a bar, of a sentence or of a probation may well lie ahead; what has happened cannot.
PAST_FACTS = tuple(
    name for name in DATE_FACTS if name not in {"barred_until", "released_on", "probation_ended_on"}
)


@transaction.atomic
def record_finding(*, candidacy: Candidacy, details: Mapping[str, Any], actor: User, at: datetime) -> Finding:
    """Record a fact that bears on eligibility, and judge the candidate anew.

    ``details`` holds situation, status, the dates of the situation, sanction, source and remark.
    Raises ValidationError keyed by field when the facts contradict each other, belong to nothing
    the term's list asks, or lie in the future.
    """
    candidacy = in_turn(candidacy)
    require(actor, "candidates.record", candidacy)
    today = timezone.localdate(at)
    stored = {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in details.items()
        if key in FINDING_FIELDS and value not in (None, "")
    }
    if not stored.get("situation"):
        raise ValidationError({"situation": _("请选择是哪一种情形。")})
    if stored.get("status") not in tuple(Status):
        raise ValidationError({"status": _("请选择“已查实”“仅有反映”或者“已排除”。")})
    errors = {
        name: _("日期还没有到，请填写今天或以前的日期。")
        for name in PAST_FACTS
        if name in stored and date.fromisoformat(stored[name]) > today
    }
    for fault in finding_faults(
        law=eligibility_law(candidacy.election.term.eligibility_list),
        person=facts_of_person(candidacy),
        finding=facts_of_finding(stored),
    ):
        errors.setdefault(fault.key, fault_sentence(fault))
    if errors:
        raise ValidationError(errors)
    finding = Finding.objects.create(candidacy=candidacy, details=stored, recorded_by=actor, recorded_at=at)
    append(
        verb="candidates.record_finding",
        row=finding,
        actor=actor,
        place=candidacy.place,
        at=at,
        after=snapshot(finding, ("candidacy", "details")),
    )
    reassess([candidacy], cause="candidates.record_finding", at=at, actor=actor)
    return finding


@transaction.atomic
def withdraw_finding(*, finding: Finding, reason: str, actor: User, at: datetime) -> Finding:
    """Take back a finding recorded in error; it stays on record, and no longer counts."""
    candidacy = in_turn(finding.candidacy)
    finding = Finding.objects.get(pk=finding.pk)
    require(actor, "candidates.record", candidacy)
    if finding.withdrawn_at is not None:
        raise ValidationError(_("这条认定材料已经撤销。"))
    reason = stated(reason, _("请写明撤销的原因。"))
    finding.withdrawn_by, finding.withdrawn_at = actor, at
    finding.save(update_fields=["withdrawn_by", "withdrawn_at"])
    append(
        verb="candidates.withdraw_finding",
        row=finding,
        actor=actor,
        place=candidacy.place,
        at=at,
        after=snapshot(finding, ("candidacy", "withdrawn_at")),
        reason=reason,
    )
    reassess([candidacy], cause="candidates.withdraw_finding", at=at, actor=actor)
    return finding
