"""Violations as their readers may know them, and what each still demands."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from ballots.actions.steps import CONFIDENTIAL, FOLLOWED
from ballots.models import Violation
from ballots.wording import step_title
from election_admin.accounts.models import User
from villages.models import Election, Occasion
from villages.procedures import course_of

# What is put right but left its step void, and the record of that step still stands. A step that
# follows the village's records cannot be taken back; it is put right there.
STEP_TO_REDO = (
    Q(voids=Violation.Voids.STEP, step__done_on__isnull=False)
    & Q(step__recorded_at__lte=F("closed_at"))
    & ~Q(step__code__in=FOLLOWED)
)


def title_of_step(election: Election, code: str) -> str:
    """What a step is called; one that only a mode since given up had is called by its code."""
    return step_title(election, code) if code in course_of(election).steps else code


def with_consequences(violations: QuerySet[Violation]) -> QuerySet[Any]:
    """Mark each with ``step_to_redo`` and ``new_election_due``: what its putting right still demands."""
    follows = Election.objects.filter(follows=OuterRef("election"), occasion=Occasion.NEW)
    return violations.annotate(
        step_to_redo=Q(STEP_TO_REDO),
        new_election_due=Q(voids=Violation.Voids.ELECTION) & ~Exists(follows),
    )


def unsettled(violations: QuerySet[Violation]) -> QuerySet[Any]:
    """Only violations after which something has still to be done."""
    waiting = Q(corrected_on__isnull=True) | Q(step_to_redo=True) | Q(new_election_due=True)
    return with_consequences(violations).filter(waiting)


def violations_of(election: Election, user: User) -> QuerySet[Any]:
    """The violations of an election that this user may know of, open ones first."""
    found = _known(election, user).select_related(
        "step", "election__term", "election__edition", "recorded_by", "closed_by"
    )
    return with_consequences(found).order_by(F("corrected_on").asc(nulls_first=True), "-found_on", "-pk")


def unsettled_of(election: Election, user: User) -> list[Any]:
    """The violations of an election that still demand something of somebody, as far as the user may know."""
    rows = unsettled(_known(election, user)).select_related("step", "election__term", "election__edition")
    return list(rows.order_by("found_on", "pk"))


def _known(election: Election, user: User) -> QuerySet[Violation]:
    found = Violation.objects.filter(election=election)
    if user.has_perm("villages.see_facts", election):
        return found
    return found.exclude(step__code__in=CONFIDENTIAL)
