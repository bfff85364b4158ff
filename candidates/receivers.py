"""What is moved below and bears on eligibility: everybody it touches is judged anew.

A rulebook edition that is moved (`villages.signals.edition_moved`) is not among it: an edition
changes days and numbers of the procedure, and nothing of it is asked when somebody is judged. The
voting age, the situations and their years are the eligibility list's; election day stays where it
was set. What follows from a judgement (`candidates.consequences`) is read from the edition each
time it is shown.
"""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from candidates.actions.judging import reassess
from candidates.actions.relisting import judge_by_list
from candidates.models import Candidacy
from election_admin.accounts.models import User
from villages.models import Election, Term
from villages.signals import election_day_set, eligibility_list_changed


@receiver(election_day_set)
def judge_anew(sender: Any, *, election: Election, actor: User | None, at: datetime, **kwargs: Any) -> None:
    """Judge every candidate of the election as of its new day."""
    candidacies = Candidacy.objects.filter(election=election).select_related(
        "person", "election__term", "election__place"
    )
    reassess(candidacies, cause="villages.set_election_day", at=at, actor=actor)


@receiver(eligibility_list_changed)
def judge_by_new_list(sender: Any, *, term: Term, actor: User | None, at: datetime, **kwargs: Any) -> None:
    """Judge every candidate of the term by its new list."""
    judge_by_list(term, actor=actor, at=at)
