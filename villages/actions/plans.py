"""The disposal plan: written and submitted by the township, returned or approved by the county."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.journal.record import append, snapshot, take_turn
from election_admin.places.models import Place
from election_admin.validators import validate_fields
from villages.models import DisposalPlan, PlanMeasure, Term
from villages.signals import plan_approved

MEASURE_FIELDS = ("risk_point", "measure", "owner", "due_on", "done_on")


@transaction.atomic
def write_plan(
    *,
    place: Place,
    term: Term,
    values: Mapping[str, Any],
    measures: Sequence[Mapping[str, Any]],
    actor: User,
    at: datetime,
) -> DisposalPlan:
    """Write the plan, or the next version of it once the county has approved one.

    Raises ValidationError while the county has it under review.
    """
    take_turn(place)
    require(actor, "villages.write_plan", place)
    term.require_current()
    held = DisposalPlan.objects.filter(place=place, term=term, newest=True).first()
    if held is not None and held.state == DisposalPlan.State.SUBMITTED:
        raise ValidationError(_("预案已上报，县里退回或者批准后才能修改。"))
    before = snapshot(held, (*DisposalPlan.recorded_fields, "state", "version")) if held else None
    plan = _version_to_write(held, place, term)
    for name in DisposalPlan.recorded_fields:
        setattr(plan, name, values[name])
    plan.written_by, plan.written_at = actor, at
    validate_fields(plan, DisposalPlan.recorded_fields)
    plan.save()
    plan.measures.all().delete()
    PlanMeasure.objects.bulk_create(
        PlanMeasure(plan=plan, **{name: measure[name] for name in MEASURE_FIELDS}) for measure in measures
    )
    append(
        verb="villages.write_plan",
        row=plan,
        actor=actor,
        place=place,
        at=at,
        before=before,
        after={
            **snapshot(plan, (*DisposalPlan.recorded_fields, "state", "version")),
            "measures": [snapshot(measure, MEASURE_FIELDS) for measure in plan.measures.all()],
        },
    )
    return plan


def _version_to_write(held: DisposalPlan | None, place: Place, term: Term) -> DisposalPlan:
    if held is None:
        return DisposalPlan(place=place, term=term)
    if held.editable:
        return held
    held.newest = False
    held.save(update_fields=["newest"])
    return DisposalPlan(place=place, term=term, version=held.version + 1)


@transaction.atomic
def submit_plan(*, plan: DisposalPlan, actor: User, at: datetime) -> DisposalPlan:
    """Send the plan up to the county. Raises ValidationError when it cannot be sent as it is."""
    plan = _in_turn(plan)
    require(actor, "villages.write_plan", plan)
    if not plan.editable or not plan.newest:
        raise ValidationError(_("只有起草中或者被退回的预案可以上报。"))
    if not plan.measures.exists():
        raise ValidationError(_("预案至少要有一条化解措施，写明责任人和时限，再上报。"))
    return _move(
        plan,
        verb="villages.submit_plan",
        actor=actor,
        at=at,
        state=DisposalPlan.State.SUBMITTED,
        submitted_at=at,
    )


@transaction.atomic
def review_plan(
    *, plan: DisposalPlan, approved: bool, remark: str, actor: User, at: datetime
) -> DisposalPlan:
    """Approve a submitted plan, or return it with a remark that says what is wanting."""
    plan = _in_turn(plan)
    require(actor, "villages.review_plan", plan)
    if plan.state != DisposalPlan.State.SUBMITTED:
        raise ValidationError(_("这份预案不在待审状态，请刷新页面查看。"))
    if not approved and not remark.strip():
        raise ValidationError({"remark": _("退回预案，请写明哪里要改。")})
    _move(
        plan,
        verb="villages.approve_plan" if approved else "villages.return_plan",
        actor=actor,
        at=at,
        state=DisposalPlan.State.APPROVED if approved else DisposalPlan.State.RETURNED,
        reviewed_by=actor,
        reviewed_at=at,
        review_remark=remark.strip(),
    )
    if approved:
        plan_approved.send(DisposalPlan, plan=plan, actor=actor, at=at)
    return plan


def _in_turn(plan: DisposalPlan) -> DisposalPlan:
    """Return the plan as it is now that it is this act's turn."""
    take_turn(plan.place)
    plan = DisposalPlan.objects.select_related("place", "term").get(pk=plan.pk)
    plan.term.require_current()
    return plan


def _move(plan: DisposalPlan, *, verb: str, actor: User, at: datetime, **changes: Any) -> DisposalPlan:
    before = snapshot(plan, ("state", "review_remark"))
    for name, value in changes.items():
        setattr(plan, name, value)
    plan.save(update_fields=list(changes))
    append(
        verb=verb,
        row=plan,
        actor=actor,
        place=plan.place,
        at=at,
        before=before,
        after=snapshot(plan, ("state", "review_remark")),
    )
    return plan
