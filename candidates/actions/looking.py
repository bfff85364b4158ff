"""Looking behind the mask."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from candidates.actions.turns import stated
from candidates.models import Candidacy
from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.journal.record import append


@transaction.atomic
def look(*, candidacy: Candidacy, reason: str, actor: User, at: datetime) -> None:
    """Journal that somebody looks behind the mask at a candidate's ID number and findings.

    Raises ValidationError without a reason.
    """
    require(actor, "candidates.look", candidacy)
    reason = stated(reason, _("请写明查看的事由。"))
    append(
        verb="candidates.look",
        row=candidacy,
        actor=actor,
        place=candidacy.place,
        at=at,
        reason=reason,
    )
