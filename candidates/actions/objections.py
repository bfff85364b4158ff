"""Objections 异议 to candidates, refusals and lists: recorded, decided on, read for a reason.

None of this touches anybody's eligibility. What an objection brings to light is recorded as a
finding or put right where it stands, and the rules judge that.
"""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from candidates.actions.turns import stated
from candidates.models import Candidacy, Objection
from election_admin.accounts.access import require
from election_admin.accounts.models import Role, User
from election_admin.journal.record import append, snapshot, take_turn
from election_admin.validators import validate_printable
from villages.models import Election

TEXT_LENGTH = 2000
NAME_LENGTH = 80
BODY_LENGTH = 60


@transaction.atomic
def record_objection(
    *,
    election: Election,
    about: str,
    candidacy: Candidacy | None,
    received_on: date,
    office: str,
    raised_by: str,
    content: str,
    actor: User,
    at: datetime,
) -> Objection:
    """Record what was brought to the election committee or the township, and by whom if they say so.

    A committee records what came to it, about candidates who still stand or about a list; of whom a
    refusal is about, it is not told by name, so it writes that down with the rest. Raises
    ValidationError where the objection is about nobody, or about somebody it cannot be about.
    """
    take_turn(election.place)
    election = Election.objects.with_place().get(pk=election.pk)
    require(actor, "candidates.object", election)
    election.term.require_current()
    official = is_official(actor, election)
    if not official and office != Objection.Office.COMMITTEE:
        raise ValidationError({"office": _("村民选举委员会只登记自己收到的异议。")})
    if office not in Objection.Office.values:
        raise ValidationError({"office": _("没有这个受理机构，请重新选择。")})
    if received_on > timezone.localdate(at):
        raise ValidationError({"received_on": _("日期还没有到，请填写今天或以前的日期。")})
    objection = Objection(
        election=election,
        about=about,
        candidacy=_checked_candidacy(election, about, candidacy, official=official),
        received_on=received_on,
        office=office,
        raised_by=_text(raised_by, "raised_by", NAME_LENGTH),
        content=_text(content, "content", TEXT_LENGTH, _("请写明异议的事由。")),
        recorded_by=actor,
        recorded_at=at,
    )
    objection.save()
    _journal("candidates.record_objection", objection, actor, at)
    return objection


@transaction.atomic
def decide_objection(
    *,
    objection: Objection,
    outcome: str,
    decided_on: date,
    decided_body: str,
    grounds: str,
    actor: User,
    at: datetime,
    candidacy: Candidacy | None = None,
) -> Objection:
    """Record what was decided on an objection, by which body, on what grounds.

    Changes nothing about a candidate: not the verdict, not the state. ``candidacy``: whom a refusal
    is about, where a committee could not name them. Raises ValidationError for an objection decided
    already, a day before it was received or to come, and without grounds.
    """
    take_turn(objection.place)
    objection = Objection.objects.select_related("election__place", "election__term", "candidacy").get(
        pk=objection.pk
    )
    require(actor, "candidates.settle_objection", objection)
    objection.election.term.require_current()
    if objection.decided_on is not None:
        raise ValidationError(
            _("这件异议已登记为%s作出决定，不能再改。有新的情况，请另行登记。")
            % date_format(objection.decided_on)
        )
    if outcome not in Objection.Outcome.values:
        raise ValidationError({"outcome": _("请选择处理结果。")})
    _check_day(objection, decided_on, today=timezone.localdate(at))
    before = snapshot(objection, Objection.recorded_fields)
    if candidacy is not None and objection.candidacy is None:
        official = is_official(actor, objection.election)
        objection.candidacy = _checked_candidacy(
            objection.election, objection.about, candidacy, official=official
        )
    objection.outcome, objection.decided_on, objection.decided_by = outcome, decided_on, actor
    objection.decided_body = _text(
        decided_body, "decided_body", BODY_LENGTH, _("请写明由谁决定，如村民选举委员会。")
    )
    objection.grounds = _text(
        grounds, "grounds", TEXT_LENGTH, _("请写明理由和依据：核实了什么，为什么这样决定。")
    )
    objection.save(
        update_fields=["candidacy", "outcome", "decided_on", "decided_by", "decided_body", "grounds"]
    )
    _journal("candidates.decide_objection", objection, actor, at, before)
    return objection


@transaction.atomic
def look_into_objection(*, objection: Objection, reason: str, actor: User, at: datetime) -> None:
    """Journal that somebody reads what an objection says and who raised it.

    Raises ValidationError without a reason.
    """
    require(actor, "candidates.read_objection", objection)
    append(
        verb="candidates.look",
        row=objection,
        actor=actor,
        place=objection.place,
        at=at,
        reason=stated(reason, _("请写明查看的事由。")),
    )


def is_official(user: User, election: Election) -> bool:
    """Whether the user acts for the township here, who sees candidates; a committee does not."""
    return user.holds(Role.TOWNSHIP, election.place)


def _checked_candidacy(
    election: Election, about: str, candidacy: Candidacy | None, *, official: bool
) -> Candidacy | None:
    """Whom it is about, as they are now. Raises ValidationError where that cannot be."""
    if about not in Objection.About.values:
        raise ValidationError({"about": _("请选择异议是对什么提出的。")})
    refusal = about == Objection.About.REFUSAL
    if about == Objection.About.LIST:
        if candidacy is not None:
            raise ValidationError({"candidacy": _("对名单提出的异议不用选人，请留空。")})
        return None
    if candidacy is None:
        if refusal and not official:
            return None
        raise ValidationError({"candidacy": _("请选择异议涉及的人。")})
    if refusal and not official:
        raise ValidationError({"candidacy": _("对不能确定为候选人的决定提出的，不用选人，在事由里写明。")})
    own = Candidacy.objects.filter(election=election)
    if not official:
        own = own.standing()
    found = own.filter(pk=candidacy.pk).first()
    if found is None:
        raise ValidationError({"candidacy": _("没有这个人，请从列出的人中选择。")})
    if refusal and not found.decisions.filter(state=Candidacy.State.STRUCK_OFF).exists():
        raise ValidationError({"candidacy": _("此人没有被列为不能确定为候选人，请核对异议是对什么提出的。")})
    return found


def _check_day(objection: Objection, decided_on: date, *, today: date) -> None:
    if decided_on > today:
        raise ValidationError({"decided_on": _("日期还没有到，作出决定以后再登记。")})
    if decided_on < objection.received_on:
        sentence = _("决定不能早于收到异议（%s），请核对日期。")
        raise ValidationError({"decided_on": sentence % date_format(objection.received_on)})


def _text(value: str, name: str, longest: int, demand: str = "") -> str:
    """The text as it is kept. Raises ValidationError for one that is missing, too long or unprintable."""
    value = value.strip()
    if demand and not value:
        raise ValidationError({name: demand})
    if len(value) > longest:
        raise ValidationError({name: _("最多%d个字，请删减。") % longest})
    try:
        validate_printable(value)
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from error
    return value


def _journal(
    verb: str, objection: Objection, actor: User, at: datetime, before: dict[str, object] | None = None
) -> None:
    append(
        verb=verb,
        row=objection,
        actor=actor,
        place=objection.place,
        at=at,
        before=before,
        after=snapshot(objection, Objection.recorded_fields),
    )
