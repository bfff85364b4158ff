"""What the procedure does when an election is opened or its day is set."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.dispatch import receiver
from django.utils import timezone

from ballots.actions.dating import date_elections
from ballots.actions.steps import (
    CONFIDENTIAL,
    check_not_voted,
    date_steps,
    follow_if_due,
    follow_step,
    lay_out_steps,
)
from ballots.models import Step
from candidates.models import ReviewBatch
from candidates.signals import review_signed
from election_admin.accounts.models import User
from villages.models import Audit, DisposalPlan, Election
from villages.procedures import register_begun
from villages.signals import (
    audit_published,
    edition_moved,
    election_day_set,
    elections_opened,
    plan_approved,
)

# An election has begun once a step of it is recorded; not by one whose being done would tell how
# the village is rated: the edition it keeps shows on its pages.
_OF_IT = Step.objects.filter(election=OuterRef("pk")).exclude(code__in=CONFIDENTIAL)
register_begun(lambda: Exists(_OF_IT.filter(done_on__isnull=False)))


@receiver(elections_opened)
def lay_out(sender: Any, *, elections: Sequence[Election], **kwargs: Any) -> None:
    """Give each new election the steps of its rulebook."""
    lay_out_steps(elections)


@receiver(election_day_set)
def date_anew(sender: Any, *, election: Election, **kwargs: Any) -> None:
    """Date the steps from the new election day; refuse one set after the vote."""
    check_not_voted(election)
    date_steps(election)


@receiver(edition_moved)
def date_by_edition(sender: Any, *, elections: Sequence[Election], **kwargs: Any) -> None:
    """Date the steps anew of elections that go by another edition of their rulebook."""
    date_elections([election for election in elections if election.election_day is not None])


@receiver(audit_published)
def follow_audit(sender: Any, *, audit: Audit, actor: User, at: datetime, **kwargs: Any) -> None:
    """The audit is published: so is the step of that name (art. 35)."""
    _follow(audit, "audit_published", audit.published_on, actor, at)


@receiver(plan_approved)
def follow_plan(sender: Any, *, plan: DisposalPlan, actor: User, at: datetime, **kwargs: Any) -> None:
    """The county has approved the plan: so the step is done."""
    _follow(plan, "plan_approved", timezone.localdate(at), actor, at)


@receiver(review_signed)
def follow_review(sender: Any, *, batch: ReviewBatch, actor: User, at: datetime, **kwargs: Any) -> None:
    """The county has signed a batch: the joint review of each election it completes is done.

    A village whose procedure has not come so far, or of which somebody is not reviewed yet, does
    not hold up the others: there the step is left to the township. Nothing is undone by itself
    either; whoever is nominated later is named by the guard of the final list.
    """
    elections = Election.objects.with_place().filter(candidacies__review_items__batch=batch).distinct()
    for election in elections:
        follow_if_due(
            election=election,
            code="joint_review_done",
            done_on=timezone.localdate(at),
            actor=actor,
            at=at,
        )


def _follow(row: Audit | DisposalPlan, code: str, on: date | None, actor: User, at: datetime) -> None:
    if on is None:
        return
    for election in Election.objects.with_place().filter(place=row.place, term=row.term):
        follow_step(election=election, code=code, done_on=on, actor=actor, at=at)
