"""The audit of a village: drawn up, completed, published to the villagers."""

from collections.abc import Mapping, Sequence
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
from villages.models import Audit, AuditFinding, AuditSubject, Term
from villages.rules.audits import closing_difference
from villages.signals import audit_published
from villages.wording import money

FINDING_FIELDS = ("subject", "description", "amount", "rectify_by", "rectified_on")


@transaction.atomic
def record_audit(
    *,
    place: Place,
    term: Term,
    values: Mapping[str, Any],
    conclusions: Mapping[str, str],
    findings: Sequence[Mapping[str, Any]],
    completed: bool,
    actor: User,
    at: datetime,
) -> Audit:
    """Record the audit with its conclusions by subject and its findings.

    Raises ValidationError when it is published already, when the balances do not add up, or
    when it is called complete with a subject or a figure missing.
    """
    take_turn(place)
    require(actor, "villages.record_facts", place)
    term.require_current()
    audit = Audit.objects.filter(place=place, term=term).first()
    if audit is not None and audit.state == Audit.State.PUBLISHED:
        raise ValidationError(_("审计结果已向村民公布，不能再改。"))
    before = snapshot(audit, Audit.recorded_fields) if audit else None
    audit = audit or Audit(place=place, term=term)
    for name in Audit.recorded_fields:
        setattr(audit, name, values[name])
    audit.state = Audit.State.COMPLETED if completed else Audit.State.DRAFT
    audit.updated_by, audit.updated_at = actor, at
    _check_audit(audit, conclusions, completed=completed)
    audit.save()
    for subject, conclusion in conclusions.items():
        AuditSubject.objects.update_or_create(
            audit=audit, subject=subject, defaults={"conclusion": conclusion}
        )
    audit.findings.all().delete()
    AuditFinding.objects.bulk_create(
        AuditFinding(audit=audit, **{name: finding[name] for name in FINDING_FIELDS}) for finding in findings
    )
    append(
        verb="villages.record_audit",
        row=audit,
        actor=actor,
        place=place,
        at=at,
        before=before,
        after={
            **snapshot(audit, (*Audit.recorded_fields, "state")),
            "conclusions": dict(conclusions),
            "findings": [dict(finding) for finding in findings],
        },
    )
    return audit


def _check_audit(audit: Audit, conclusions: Mapping[str, str], *, completed: bool) -> None:
    validate_fields(audit, Audit.recorded_fields)
    figures = {
        name: getattr(audit, name) for name in ("opening_balance", "income", "expenditure", "closing_balance")
    }
    missing = [name for name, value in figures.items() if value is None]
    if not missing:
        difference = closing_difference(**figures)
        if difference:
            raise ValidationError(
                {
                    "closing_balance": _(
                        "期末余额应为期初余额＋收入－支出＝%(expected)s元，所填相差%(difference)s元，请核对。"
                    )
                    % {
                        "expected": money(audit.closing_balance - difference),  # type: ignore[operator]
                        "difference": money(difference),
                    }
                }
            )
    if completed:
        errors: dict[str, str] = {name: _("审计完成前须填写此项。") for name in missing}
        errors |= {
            f"conclusion_{subject}": _(
                "组织法第35条规定的审计事项，审计完成前须有结论；没有此类情况的，写“无”。"
            )
            for subject, conclusion in conclusions.items()
            if not conclusion.strip()
        }
        if not audit.opinion.strip():
            errors["opinion"] = _("审计完成前须填写审计意见。")
        if errors:
            raise ValidationError(errors)


@transaction.atomic
def publish_audit(
    *, audit: Audit, published_on: date, published_where: str, actor: User, at: datetime
) -> Audit:
    """Record that the completed audit was made public in the village (art. 35).

    Raises ValidationError unless it is complete and not yet published.
    """
    take_turn(audit.place)
    audit = Audit.objects.select_related("place", "term").get(pk=audit.pk)
    require(actor, "villages.record_facts", audit)
    audit.term.require_current()
    if audit.state != Audit.State.COMPLETED:
        raise ValidationError(_("审计完成后、公布前才能登记公布。"))
    if published_on < audit.period_end:
        raise ValidationError({"published_on": _("公布日期早于审计期间的最后一天，请检查。")})
    audit.state = Audit.State.PUBLISHED
    audit.published_on, audit.published_where = published_on, published_where
    audit.save(update_fields=["state", "published_on", "published_where"])
    append(
        verb="villages.publish_audit",
        row=audit,
        actor=actor,
        place=audit.place,
        at=at,
        after=snapshot(audit, ("state", "published_on", "published_where")),
    )
    audit_published.send(Audit, audit=audit, actor=actor, at=at)
    return audit
