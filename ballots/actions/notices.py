"""Notices: drafted, laid out to be printed, posted, the posting taken back."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ballots.actions.steps import record_step
from ballots.models import Notice
from ballots.notices import laws_of, step_to_record
from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.encryption import keyed_hash
from election_admin.journal.record import append, snapshot, take_turn
from election_admin.sentences import one_after_another
from election_admin.validators import validate_fields
from villages.models import Election

PERMISSION = "ballots.draft_notice"
_KEPT = tuple(name for name in Notice.recorded_fields if name != "details")


@transaction.atomic
def draft_notice(
    *,
    election: Election,
    code: str,
    serial: int,
    details: Mapping[str, Any],
    dated: date | None,
    actor: User,
    at: datetime,
) -> Notice:
    """Save what an office has written into a notice, and the day it puts under it.

    ``details`` are by the set's fields; others are dropped. Raises ValidationError for a notice
    the election does not have, one already posted, a further issue before the last one is
    posted, or a term that is over.
    """
    election, notice = _in_turn(election, code, serial, actor)
    _refuse_posted(notice)
    before = _kept(notice) if notice.pk else None
    known = {field.code for field in laws_of(election)[code].fields}
    notice.details = {
        name: value for name, value in details.items() if name in known and value not in (None, "")
    }
    notice.dated = dated
    notice.recorded_by, notice.recorded_at = actor, at
    notice.save()
    _append("ballots.draft_notice", notice, actor, at, before=before)
    return notice


@transaction.atomic
def lay_out_notices(*, election: Election, actor: User, at: datetime) -> list[Notice]:
    """Make every notice of an election that nobody has begun, so that it can be printed and filled in.

    Returns the first issue of each, in order, those begun before too. They count as not drafted
    until somebody saves them. Raises ValidationError for an election without notices, or where
    some are missing in a term that is over.
    """
    take_turn(election.place)
    election = Election.objects.with_place().get(pk=election.pk)
    require(actor, PERMISSION, election)
    codes = list(laws_of(election))
    if not codes:
        raise ValidationError(_("这次选举没有编号的公告。"))
    present = set(election.notices.values_list("code", flat=True))
    missing = [code for code in codes if code not in present]
    if missing:
        election.term.require_current()
        Notice.objects.bulk_create(Notice(election=election, code=code) for code in missing)
        append(
            verb="ballots.lay_out_notices",
            row=election,
            actor=actor,
            place=election.place,
            at=at,
            after={"codes": missing},
        )
    first = {one.code: one for one in election.notices.filter(serial=1).select_related("election__place")}
    return [first[code] for code in codes if code in first]


@transaction.atomic
def post_notice(
    *,
    election: Election,
    code: str,
    serial: int,
    posted_on: date,
    posted_where: str,
    with_step: bool,
    actor: User,
    at: datetime,
) -> Notice:
    """Record that a notice was posted, when and where; ``with_step``: its step is done by that too.

    All or nothing: what refuses the step refuses the posting. Raises ValidationError for one
    posted already, a day that has not come or lies before the day under the notice, no place.
    """
    election, notice = _in_turn(election, code, serial, actor)
    _refuse_posted(notice)
    if posted_on > timezone.localdate(at):
        raise ValidationError({"posted_on": _("日期还没有到，张贴以后再登记。")})
    if notice.dated is not None and posted_on < notice.dated:
        raise ValidationError(
            {
                "posted_on": _("张贴日期早于落款日期（%s），请核对。如果落款日期写错了，请先改落款日期。")
                % date_format(notice.dated)
            }
        )
    before = _kept(notice) if notice.pk else None
    notice.posted_on, notice.posted_where = posted_on, posted_where.strip()
    if notice.recorded_at is None:
        notice.recorded_by, notice.recorded_at = actor, at
    if not notice.posted_where:
        raise ValidationError({"posted_where": _("请写明张贴地点。")})
    validate_fields(notice, ("posted_on", "posted_where"))
    notice.save()
    _append("ballots.post_notice", notice, actor, at, before=before)
    if with_step:
        _record_step(election, code, posted_on, notice.posted_where, actor, at)
    return notice


@transaction.atomic
def undo_posting(*, notice: Notice, reason: str, actor: User, at: datetime) -> Notice:
    """Take back a posting recorded by mistake; both stay in the journal, a recorded step stays recorded.

    Raises ValidationError without a reason, for one not posted, or while a further issue exists.
    """
    election, notice = _in_turn(notice.election, notice.code, notice.serial, actor)
    if notice.posted_on is None:
        raise ValidationError(_("这件公告没有登记张贴，不用撤销。"))
    if not reason.strip():
        raise ValidationError({"reason": _("请写明撤销的原因。")})
    if election.notices.filter(
        code=notice.code, serial__gt=notice.serial, recorded_at__isnull=False
    ).exists():
        raise ValidationError(_("这件公告后面已经另发，不能再撤销它的张贴登记。"))
    before = _kept(notice)
    notice.posted_on, notice.posted_where = None, ""
    notice.save(update_fields=["posted_on", "posted_where"])
    _append("ballots.undo_posting", notice, actor, at, before=before, reason=reason.strip())
    return notice


def _in_turn(election: Election, code: str, serial: int, actor: User) -> tuple[Election, Notice]:
    """Take the county's turn, then read the notice anew, or begin it, for who may write it."""
    take_turn(election.place)
    election = Election.objects.with_place().get(pk=election.pk)
    require(actor, PERMISSION, election)
    election.term.require_current()
    if code not in laws_of(election):
        raise ValidationError(_("这次选举没有这件公告。"))
    notice = election.notices.filter(code=code, serial=serial).first()
    if notice is None:
        check_next(election, code, serial)
        notice = Notice(election=election, code=code, serial=serial)
    notice.election = election
    return election, notice


def check_next(election: Election, code: str, serial: int) -> None:
    """Raise ValidationError unless this is the first issue, or the one before it is posted."""
    if serial > 1 and not election.notices.posted().filter(code=code, serial=serial - 1).exists():
        raise ValidationError(_("上一件还没有登记张贴，不用另发：请直接修改上一件。"))


def _refuse_posted(notice: Notice) -> None:
    if notice.posted_on is not None:
        raise ValidationError(
            _("这件公告已于%s张贴，不能再改。要更正内容请另发一件；如果张贴登记有误，请先撤销张贴登记。")
            % date_format(notice.posted_on)
        )


def _record_step(
    election: Election, code: str, posted_on: date, where: str, actor: User, at: datetime
) -> None:
    step = step_to_record(election, code)
    if step is None:
        return
    try:
        record_step(step=step, done_on=posted_on, remark=_("公告张贴于%s") % where, actor=actor, at=at)
    except ValidationError as error:
        refusal = _("%s张贴也没有登记。如果只登记张贴，请去掉这里的勾选。")
        raise ValidationError({"with_step": refusal % one_after_another(error.messages)}) from error


def _append(
    verb: str,
    notice: Notice,
    actor: User,
    at: datetime,
    *,
    before: dict[str, Any] | None,
    reason: str = "",
) -> None:
    append(
        verb=verb,
        row=notice,
        actor=actor,
        place=notice.place,
        at=at,
        before=before,
        after=_kept(notice),
        reason=reason,
    )


def _kept(notice: Notice) -> dict[str, Any]:
    """What the journal keeps of a notice: that its text changed, not whom it names.

    Names of staff, proxies and sick voters are personal data, which is erased one day.
    """
    text = json.dumps([notice.pk, notice.details], ensure_ascii=False, sort_keys=True)
    return {**snapshot(notice, _KEPT), "details": "#" + keyed_hash(text)[:16] if notice.details else ""}
