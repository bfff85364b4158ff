"""Work that a worker takes for a time. The row is the truth: a message only wakes a worker.

Whoever changes the row by a conditional UPDATE wins. A worker that lost its lease, to time or to
somebody who called the work off, finds no row to change and drops what it made.
"""

from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from election_admin import workers


class LostLease(Exception):
    """The work is no longer this worker's: dropped, called off, or taken by another."""


class Leased(models.Model):
    """What a row keeps of the worker that has it in hand."""

    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    # When a message about this row last went out; null when none has.
    sent_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        abstract = True

    def is_lost(self, now: datetime) -> bool:
        """Whether the worker that holds the row is gone.

        A lease that ran out is lost; so is one of a process of this machine that is gone, which
        spares an office that was killed the wait for the lease.
        """
        expired = self.lease_until is not None and self.lease_until < now
        return expired or workers.is_dead(self.leased_by)


def unheard_since(moment: Any) -> models.Q:
    """Return the condition that no message about a row has gone out since a moment."""
    return models.Q(sent_at__isnull=True) | models.Q(sent_at__lt=moment)
