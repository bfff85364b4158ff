"""What the procedure does when an election is opened or its day is set."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from ballots.actions.steps import check_not_voted, date_steps, follow_step, lay_out_steps
from election_admin.accounts.models import User
from villages.models import Audit, DisposalPlan, Election
from villages.signals import (
    audit_published,
    election_day_set,
    elections_opened,
    plan_approved,
)


@receiver(elections_opened)
def lay_out(sender: Any, *, elections: Sequence[Election], **kwargs: Any) -> None:
    """Give each new election the steps of its rulebook."""
    lay_out_steps(elections)


@receiver(election_day_set)
def date_anew(sender: Any, *, election: Election, **kwargs: Any) -> None:
    """Date the steps from the new election day; refuse one set after the vote."""
    check_not_voted(election)
    date_steps(election)


@receiver(audit_published)
def follow_audit(sender: Any, *, audit: Audit, actor: User, at: datetime, **kwargs: Any) -> None:
    """The audit is published: so is the step of that name (art. 35)."""
    _follow(audit, "audit_published", audit.published_on, actor, at)


@receiver(plan_approved)
def follow_plan(sender: Any, *, plan: DisposalPlan, actor: User, at: datetime, **kwargs: Any) -> None:
    """The county has approved the plan: so the step is done."""
    _follow(plan, "plan_approved", timezone.localdate(at), actor, at)


def _follow(row: Audit | DisposalPlan, code: str, on: date | None, actor: User, at: datetime) -> None:
    if on is None:
        return
    for election in Election.objects.with_place().filter(place=row.place, term=row.term):
        follow_step(election=election, code=code, done_on=on, actor=actor, at=at)
