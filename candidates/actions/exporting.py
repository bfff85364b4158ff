"""Taking whole ID numbers or findings out of the system in a file: for a reason, journalled first."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from candidates.actions.turns import stated
from candidates.models import Candidacy, Finding
from election_admin.accounts.access import require
from election_admin.accounts.models import Role, User
from election_admin.journal.record import append
from election_admin.places.models import Place

OFFICIALS = (Role.TOWNSHIP, Role.COUNTY)


@transaction.atomic
def export_candidates(*, candidacies: Sequence[Candidacy], reason: str, actor: User, at: datetime) -> None:
    """Journal that these candidates leave in a file with their whole ID numbers.

    Raises ValidationError without a reason, or if there is nobody to export.
    """
    _export("candidates.export_candidates", candidacies, candidacies, reason=reason, actor=actor, at=at)


@transaction.atomic
def export_findings(*, findings: Sequence[Finding], reason: str, actor: User, at: datetime) -> None:
    """Journal that these findings leave in a file with the people they are about.

    Raises ValidationError without a reason, or if there is nothing to export.
    """
    about = [one.candidacy for one in findings]
    _export("candidates.export_findings", findings, about, reason=reason, actor=actor, at=at)


def _export(
    verb: str,
    rows: Sequence[Candidacy | Finding],
    about: Iterable[Candidacy],
    *,
    reason: str,
    actor: User,
    at: datetime,
) -> None:
    """One entry for each of the user's places that the rows lie in, with how many and which."""
    reason = stated(reason, _("请写明导出的事由。"))
    if not rows:
        raise ValidationError(_("没有可以导出的记录。请放宽筛选条件。"))
    ids: dict[Place, list[int]] = {}
    places = [held.place for held in actor.held_memberships if held.role in OFFICIALS]
    for row, candidacy in zip(rows, about, strict=True):
        ids.setdefault(_place_over(candidacy, places), []).append(row.pk)
    for place, exported in ids.items():
        require(actor, "candidates.export", place)
        append(
            verb=verb,
            row=place,
            actor=actor,
            place=place,
            at=at,
            after={"rows": len(exported), "ids": exported},
            reason=reason,
        )


def _place_over(candidacy: Candidacy, places: Iterable[Place]) -> Place:
    """The user's place that the candidacy lies in. Raises PermissionDenied if there is none."""
    for place in places:
        if candidacy.place.code.startswith(place.code):
            return place
    raise PermissionDenied(_("您没有办理此项工作的权限。"))
