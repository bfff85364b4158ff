"""What apps above hear of, inside the transaction in which it happens."""

from django.dispatch import Signal

# sender=ReviewBatch; batch, actor, at
review_signed = Signal()
# sender=Election; election, actor, at
final_list_settled = Signal()
