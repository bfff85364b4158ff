"""Dating the steps of many elections at once, when a county changes a number for all of them."""

from collections import defaultdict
from collections.abc import Sequence

from ballots.actions.steps import set_dates
from ballots.models import Step
from villages.models import Election

STEPS_AT_ONCE = 500


def date_elections(elections: Sequence[Election]) -> None:
    """Write the legal dates of these elections' steps anew, inside the caller's transaction.

    For elections whose steps stay what they are, as when another edition of their rulebook
    changes its numbers: only days that move are written, however many villages a county has.
    """
    steps = defaultdict(list)
    for step in Step.objects.filter(election__in=elections).order_by("election_id", "position"):
        steps[step.election_id].append(step)
    moved = []
    for election in elections:
        own = steps[election.pk]
        before = [(step.earliest, step.latest) for step in own]
        set_dates(election, own)
        moved += [
            step for step, days in zip(own, before, strict=True) if (step.earliest, step.latest) != days
        ]
    Step.objects.bulk_update(moved, ["earliest", "latest"], batch_size=STEPS_AT_ONCE)
