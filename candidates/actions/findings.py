"""Recording what bears on eligibility, and taking it back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from candidates.actions.flags import flag_late_finding
from candidates.actions.judging import facts_of_finding, facts_of_person, reassess
from candidates.actions.turns import in_turn, stated
from candidates.law import eligibility_law
from candidates.models import Candidacy, DepartmentReply, Finding
from candidates.rules.facts import DATE_FACTS, FACTS, Status, finding_faults
from candidates.wording import fault_sentence
from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.journal.record import append, snapshot

# What the journal keeps of a finding.
RECORDED_FIELDS = ("candidacy", "reply", "details")
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
    stored = checked_details(candidacy, details, today=timezone.localdate(at))
    finding = add_finding(candidacy, stored, actor=actor, at=at)
    reassess([candidacy], cause="candidates.record_finding", at=at, actor=actor)
    return finding


def checked_details(candidacy: Candidacy, details: Mapping[str, Any], *, today: date) -> dict[str, Any]:
    """Return the details as a finding keeps them. Raises ValidationError as record_finding does."""
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
    return stored


def add_finding(
    candidacy: Candidacy,
    stored: dict[str, Any],
    *,
    actor: User,
    at: datetime,
    reply: DepartmentReply | None = None,
) -> Finding:
    """Keep a finding and journal it, inside the caller's transaction; ``reply``: the answer it came with.

    The details are those that checked_details returned. Judging anew is the caller's. One about
    somebody on the final list already freezes the candidacy.
    """
    finding = Finding.objects.create(
        candidacy=candidacy, reply=reply, details=stored, recorded_by=actor, recorded_at=at
    )
    append(
        verb="candidates.record_finding",
        row=finding,
        actor=actor,
        place=candidacy.place,
        at=at,
        after=snapshot(finding, RECORDED_FIELDS),
    )
    if reply is None:
        flag_late_finding(finding, candidacy, actor=actor, at=at)
    return finding


def take_back(finding: Finding, candidacy: Candidacy, *, reason: str, actor: User, at: datetime) -> None:
    """Withdraw a finding and journal it, inside the caller's transaction. Judging anew is the caller's."""
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


@transaction.atomic
def withdraw_finding(*, finding: Finding, reason: str, actor: User, at: datetime) -> Finding:
    """Take back a finding recorded in error; it stays on record, and no longer counts."""
    candidacy = in_turn(finding.candidacy)
    finding = Finding.objects.get(pk=finding.pk)
    require(actor, "candidates.record", candidacy)
    if finding.withdrawn_at is not None:
        raise ValidationError(_("这条认定材料已经撤销。"))
    if finding.reply_id is not None:
        raise ValidationError(_("这条认定材料是部门答复时记录的，请由该部门重新答复，不能由乡镇撤销。"))
    reason = stated(reason, _("请写明撤销的原因。"))
    take_back(finding, candidacy, reason=reason, actor=actor, at=at)
    reassess([candidacy], cause="candidates.withdraw_finding", at=at, actor=actor)
    return finding
