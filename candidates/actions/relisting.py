"""What a change of the term's eligibility list means: asked anew, judged anew, frozen where signed."""

from datetime import datetime

from candidates.actions.batches import ask_departments, follow_answers
from candidates.actions.flags import flag_signed
from candidates.actions.judging import BATCH, reassess
from candidates.models import Candidacy, ReviewBatch
from election_admin.accounts.models import User
from villages.models import Term

CAUSE = "villages.change_eligibility_list"


def judge_by_list(term: Term, *, actor: User | None, at: datetime) -> None:
    """Judge every candidacy of a term by its list, inside the caller's transaction.

    Batches under way, and those signed, are asked about of the departments the list names. Who was
    signed as qualified and is no longer is frozen until the county has settled it.
    """
    _ask_departments(term, at=at)
    pks = list(Candidacy.objects.filter(election__term=term).order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), BATCH):
        rows = list(
            Candidacy.objects.filter(pk__in=pks[start : start + BATCH])
            .order_by("pk")
            .select_related("person", "election__place", "election__term")
        )
        before = {one.pk: one.verdict for one in rows}
        reassess(rows, cause=CAUSE, at=at, actor=actor)
        flag_signed(rows, before, actor=actor, at=at)


def _ask_departments(term: Term, *, at: datetime) -> None:
    """Ask about each batch the departments of the list; take back what was asked of others in vain."""
    batches = ReviewBatch.objects.filter(
        term=term, state__in=(ReviewBatch.State.SENT, ReviewBatch.State.SIGNED)
    ).select_related("term")
    for batch in batches:
        ask_departments(batch)
        follow_answers(batch, at=at)
