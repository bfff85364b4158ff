"""Looking behind the mask: at one candidate, at everybody a department is asked about, at a sheet of them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from candidates.actions.turns import stated
from candidates.models import Candidacy, Enquiry
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


@transaction.atomic
def look_at_enquiry(
    *, enquiry: Enquiry, candidacies: Sequence[int], reason: str, actor: User, at: datetime
) -> None:
    """Journal that a department opens the ID numbers of the people it is asked about, who they are, and why.

    Raises ValidationError without a reason.
    """
    reason = stated(reason, _("请写明查看的事由。"))
    _journal_enquiry("candidates.look", enquiry, candidacies, reason=reason, actor=actor, at=at)


@transaction.atomic
def open_sheet(
    *, enquiry: Enquiry, candidacies: Sequence[int], reason: str, actor: User, at: datetime
) -> None:
    """Journal that a department takes these people away in a file to fill in, and why.

    Raises ValidationError without a reason.
    """
    reason = stated(reason, _("请写明下载的事由。"))
    _journal_enquiry("candidates.open_sheet", enquiry, candidacies, reason=reason, actor=actor, at=at)


def _journal_enquiry(
    verb: str, enquiry: Enquiry, candidacies: Sequence[int], *, reason: str, actor: User, at: datetime
) -> None:
    require(actor, "candidates.answer_enquiry", enquiry)
    append(
        verb=verb,
        row=enquiry,
        actor=actor,
        place=enquiry.place,
        at=at,
        after={
            "department": enquiry.department,
            "people": len(candidacies),
            "candidacies": list(candidacies),
        },
        reason=reason,
    )
