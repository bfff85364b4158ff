"""Violations 违规: recorded at the step where they happened, stopped, put right. None is ever deleted."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ballots.models import Step, Violation
from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.journal.record import append, snapshot, take_turn
from election_admin.validators import validate_fields

RECORDED = ("what", "found_on", "stopped_by")
CORRECTED = ("correction", "corrected_on", "voids")


@transaction.atomic
def record_violation(
    *, step: Step, what: str, found_on: date, stopped_by: str, actor: User, at: datetime
) -> Violation:
    """Record that the procedure was broken at a step, and who stopped it.

    While it is open the step cannot be closed. Raises PermissionDenied for a step the user may not
    know of, ValidationError for a day to come, a text that is missing, or a term that is over.
    """
    take_turn(Step.objects.select_related("election__place").get(pk=step.pk).place)
    step = Step.objects.select_related("election__place", "election__term").get(pk=step.pk)
    require(actor, "ballots.see_violation", step)
    require(actor, "ballots.record_violation", step)
    election = step.election
    election.term.require_current()
    if found_on > timezone.localdate(at):
        raise ValidationError({"found_on": _("日期还没有到，请填写今天或以前的日期。")})
    violation = Violation(
        election=election,
        step=step,
        what=what.strip(),
        found_on=found_on,
        stopped_by=stopped_by.strip(),
        recorded_by=actor,
        recorded_at=at,
    )
    validate_fields(violation, RECORDED)
    violation.save()
    append(
        verb="ballots.record_violation",
        row=violation,
        actor=actor,
        place=election.place,
        at=at,
        after=snapshot(violation, Violation.recorded_fields),
    )
    return violation


@transaction.atomic
def correct_violation(
    *, violation: Violation, correction: str, corrected_on: date, voids: str, actor: User, at: datetime
) -> Violation:
    """Record how a violation was put right, and whether it voids its step or the election (art. 15, 17).

    Nothing is undone by this: a step that is void is taken back by whoever may, an invalid election
    is followed by a new one. Raises ValidationError for one put right already, a day before it was
    found or to come, a text or an answer that is missing, or a term that is over.
    """
    take_turn(Violation.objects.select_related("election__place").get(pk=violation.pk).place)
    locked = Violation.objects.select_for_update(of=("self",), no_key=True)
    violation = locked.select_related("step", "election__place", "election__term").get(pk=violation.pk)
    require(actor, "ballots.see_violation", violation)
    require(actor, "ballots.record_violation", violation)
    violation.election.term.require_current()
    if violation.corrected_on is not None:
        raise ValidationError(
            _("这条违规已登记为%s纠正，不能再改。如有新的情况，请另行登记。")
            % date_format(violation.corrected_on)
        )
    _check_days(violation.found_on, corrected_on, at)
    before = snapshot(violation, Violation.recorded_fields)
    violation.correction, violation.corrected_on = correction.strip(), corrected_on
    violation.voids, violation.closed_by, violation.closed_at = voids, actor, at
    _check_complete(violation)
    validate_fields(violation, CORRECTED)
    violation.save(update_fields=[*CORRECTED, "closed_by", "closed_at"])
    append(
        verb="ballots.correct_violation",
        row=violation,
        actor=actor,
        place=violation.election.place,
        at=at,
        before=before,
        after=snapshot(violation, Violation.recorded_fields),
    )
    return violation


def _check_days(found_on: date, corrected_on: date, at: datetime) -> None:
    if corrected_on > timezone.localdate(at):
        raise ValidationError({"corrected_on": _("日期还没有到，纠正以后再登记。")})
    if corrected_on < found_on:
        sentence = _("纠正不能早于发现（%s），请核对日期。")
        raise ValidationError({"corrected_on": sentence % date_format(found_on)})


def _check_complete(violation: Violation) -> None:
    """Raise ValidationError unless it says how it was put right and what it voids."""
    errors = {}
    if not violation.correction:
        errors["correction"] = _("请写明是怎样纠正的。")
    if not violation.voids:
        errors["voids"] = _("请选择这次违规对效力的影响。")
    if errors:
        raise ValidationError(errors)
