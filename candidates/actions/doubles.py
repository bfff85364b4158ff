"""Telling apart two candidates of one name and birthday, and taking that back."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from candidates.actions.turns import in_turn, stated
from candidates.doubles import Double, Numbers, are_double
from candidates.models import Candidacy, Namesakes
from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.journal.record import append, snapshot
from election_admin.places.models import Place


@transaction.atomic
def tell_apart(*, own: Candidacy, other: Candidacy, grounds: str, actor: User, at: datetime) -> Namesakes:
    """Record that two candidates of one name and birthday in two villages are two people.

    Only by somebody whose office covers both villages. Raises ValidationError without what was
    compared, for people whom nothing suggests to be one, and for equal ID numbers: those are one.
    """
    own, other = in_turn(own), in_turn(other)
    require(actor, "candidates.tell_apart", own)
    require(actor, "candidates.tell_apart", other)
    if not are_double(own, other):
        raise ValidationError(_("这两名候选人已不是同名、同日出生又在两个村参选的人，不用核对。"))
    if Double(own, other).numbers == Numbers.EQUAL:
        raise ValidationError(_("两人的公民身份号码相同，是同一人：请更正登记，或者由本人选择一个村参选。"))
    if Namesakes.objects.in_force().of(own.person, other.person).exists():
        raise ValidationError(_("已经认定他们不是同一人。"))
    grounds = _grounds(grounds)
    first, second = sorted((own.person, other.person), key=lambda one: one.pk)
    row = Namesakes.objects.create(
        place=_shared(own.place, other.place),
        first=first,
        second=second,
        grounds=grounds,
        decided_by=actor,
        decided_at=at,
    )
    append(
        verb="candidates.tell_apart",
        row=row,
        actor=actor,
        place=row.place,
        at=at,
        after=snapshot(row, Namesakes.recorded_fields),
    )
    return row


@transaction.atomic
def take_back_telling_apart(
    *, own: Candidacy, other: Candidacy, reason: str, actor: User, at: datetime
) -> Namesakes:
    """Take back that two are two people: they are doubtful again. The reason stands in the journal."""
    own, other = in_turn(own), in_turn(other)
    require(actor, "candidates.tell_apart", own)
    require(actor, "candidates.tell_apart", other)
    row = Namesakes.objects.in_force().of(own.person, other.person).select_related("place").first()
    if row is None:
        raise ValidationError(_("没有认定过他们不是同一人，或者已经撤销。"))
    reason = stated(reason, _("请写明撤销的原因。"))
    before = snapshot(row, Namesakes.recorded_fields)
    row.withdrawn_by, row.withdrawn_at = actor, at
    row.save(update_fields=["withdrawn_by", "withdrawn_at"])
    append(
        verb="candidates.take_back_telling_apart",
        row=row,
        actor=actor,
        place=row.place,
        at=at,
        before=before,
        after=snapshot(row, ("withdrawn_at",)),
        reason=reason,
    )
    return row


def _grounds(grounds: str) -> str:
    try:
        return stated(grounds, _("请写明核对了什么，如双方的居民身份证、户口簿。"))
    except ValidationError as error:
        raise ValidationError({"grounds": error.error_dict["reason"]}) from error


def _shared(one: Place, other: Place) -> Place:
    """The lowest place that holds both villages."""
    place = one.parent
    while place is not None and not other.code.startswith(place.code):
        place = place.parent
    if place is None:
        raise ValidationError(_("这两个村不在同一个县。"))
    return place
