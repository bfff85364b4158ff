"""Moving a candidacy on: each time with the assessment it was decided on, kept."""

from datetime import datetime

from candidates.actions.batches import follow_standing
from candidates.models import OUT, Assessment, Candidacy, Decision
from election_admin.accounts.models import User
from election_admin.journal.record import append, snapshot

_RECORDED = ("state", "verdict", "post", "declined_on")


def decide(
    candidacy: Candidacy, state: Candidacy.State, *, reason: str, actor: User | None, at: datetime
) -> Decision:
    """Put a candidacy into a state and keep what it was decided on, inside the caller's transaction.

    Checks nothing: the actions that call it know what may be decided when.
    """
    before = snapshot(Candidacy.objects.get(pk=candidacy.pk), _RECORDED)
    was, candidacy.state = candidacy.state, state
    candidacy.save(update_fields=["state", "declined_on"])
    decision = Decision.objects.create(
        candidacy=candidacy,
        state=state,
        was=was,
        assessment=Assessment.objects.filter(candidacy=candidacy, current=True).first(),
        reason=reason,
        decided_by=actor,
        decided_at=at,
    )
    append(
        verb="candidates.change_state",
        row=candidacy,
        actor=actor,
        place=candidacy.place,
        at=at,
        before=before,
        # The reason may say what was found: the decision keeps it encrypted, the journal its hash.
        after={**snapshot(candidacy, _RECORDED), **snapshot(decision, ("reason",))},
    )
    if (was in OUT) != (state in OUT):
        follow_standing(candidacy, at=at)
    return decision
