"""What apps above hear of, inside the transaction in which it happens.

A receiver that raises undoes the whole act: an election without its steps is no election.
"""

from django.dispatch import Signal

# sender=Term; elections, actor, at
elections_opened = Signal()
# sender=RulebookEdition; edition, elections, actor (None for the morning's run), at
edition_moved = Signal()
# sender=Election; election, actor, at
election_day_set = Signal()
# sender=Term; term, before (the list until now), actor, at
eligibility_list_changed = Signal()
# sender=Audit; audit, actor, at
audit_published = Signal()
# sender=DisposalPlan; plan, actor, at
plan_approved = Signal()
