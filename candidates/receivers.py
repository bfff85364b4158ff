"""What a moved election day means for candidates: everybody is judged as of the new day."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from candidates.actions.judging import reassess
from candidates.models import Candidacy
from election_admin.accounts.models import User
from villages.models import Election
from villages.signals import election_day_set


@receiver(election_day_set)
def judge_anew(sender: Any, *, election: Election, actor: User | None, at: datetime, **kwargs: Any) -> None:
    """Judge every candidate of the election as of its new day."""
    candidacies = Candidacy.objects.filter(election=election).select_related(
        "person", "election__term", "election__place"
    )
    reassess(candidacies, cause="villages.set_election_day", at=at, actor=actor)
