"""What every act about a candidacy begins with, and the reason many of them ask for."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from candidates.models import Candidacy
from election_admin.journal.record import take_turn

REASON_LENGTH = 500


def stated(reason: str, demand: str) -> str:
    """The reason as the journal takes it. Raises ValidationError with the demand if there is none."""
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": demand})
    if len(reason) > REASON_LENGTH:
        raise ValidationError({"reason": _("最多%d个字，请删减。") % REASON_LENGTH})
    return reason


def in_turn(candidacy: Candidacy) -> Candidacy:
    """Return the candidacy, its person and its election as they are now that it is this act's turn.

    Raises ValidationError for a candidacy of a past term.
    """
    take_turn(candidacy.place)
    candidacy = Candidacy.objects.select_related("person", "election__place", "election__term").get(
        pk=candidacy.pk
    )
    candidacy.election.term.require_current()
    return candidacy
