"""What freezes a candidacy until the county has settled it, and settling it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from candidates.models import Candidacy, DepartmentReply, Finding, Flag, Verdict
from candidates.rules.eligibility import Disagreement
from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.journal.record import append, snapshot, take_turn

RESOLUTION_LENGTH = 500
_RECORDED = ("candidacy", "kind", "details", "reply", "finding", "resolved_at", "resolution")


def open_flag(
    candidacy: Candidacy,
    kind: Flag.Kind,
    details: Mapping[str, Any],
    *,
    actor: User | None,
    at: datetime,
    reply: DepartmentReply | None = None,
    finding: Finding | None = None,
) -> Flag:
    """Put a flag on a candidacy, inside the caller's transaction. ``refreeze`` then freezes it."""
    flag = Flag.objects.create(
        candidacy=candidacy, kind=kind, details=dict(details), reply=reply, finding=finding, opened_at=at
    )
    append(
        verb="candidates.open_flag",
        row=flag,
        actor=actor,
        place=candidacy.place,
        at=at,
        after=snapshot(flag, _RECORDED),
    )
    return flag


@transaction.atomic
def resolve_flag(*, flag: Flag, resolution: str, actor: User, at: datetime) -> Flag:
    """Settle a flag: the candidacy may be moved on again, as far as its verdict bears it.

    The county decides, and says why; what the verdict is stays with the rules. Raises
    ValidationError for a flag that is settled, and without a reason.
    """
    take_turn(flag.place)
    flag = Flag.objects.select_related(
        "candidacy__person", "candidacy__election__place", "candidacy__election__term"
    ).get(pk=flag.pk)
    require(actor, "candidates.sign_off", flag)
    flag.candidacy.election.term.require_current()
    if flag.resolved_at is not None:
        raise ValidationError(_("这一事项已经处理。"))
    resolution = resolution.strip()
    if not resolution:
        raise ValidationError({"resolution": _("请写明处理意见：核实了什么，以谁的答复为准。")})
    if len(resolution) > RESOLUTION_LENGTH:
        raise ValidationError({"resolution": _("最多%d个字，请删减。") % RESOLUTION_LENGTH})
    _close(flag, resolution, actor=actor, at=at)
    refreeze([flag.candidacy], at=at)
    return flag


def follow_disagreements(
    found: Mapping[int, Iterable[Disagreement]],
    candidacies: Collection[Candidacy],
    *,
    actor: User | None,
    at: datetime,
) -> None:
    """Flag each new disagreement between departments; take back the flags of those that are over.

    One the county has settled is not raised again while the departments say the same.
    """
    flags: dict[int, list[Flag]] = {one.pk: [] for one in candidacies}
    rows = Flag.objects.filter(kind=Flag.Kind.DISAGREEMENT, candidacy__in=flags)
    for flag in rows.select_related("candidacy__election__place"):
        flags[flag.candidacy_id].append(flag)
    for candidacy in candidacies:
        wanted = [_details(each) for each in found.get(candidacy.pk, ())]
        for flag in flags[candidacy.pk]:
            if flag.resolved_at is None and flag.details not in wanted:
                _close(flag, str(_("部门答复已有变化，不再不一致。")), actor=None, at=at)
        raised = [flag.details for flag in flags[candidacy.pk]]
        for details in wanted:
            if details not in raised:
                open_flag(candidacy, Flag.Kind.DISAGREEMENT, details, actor=actor, at=at)


def follow_verdict(candidacy: Candidacy, was: str, *, actor: User | None, at: datetime) -> None:
    """Flag a final candidate who is qualified no longer; take the flag back when they are again."""
    if candidacy.verdict == Verdict.QUALIFIED:
        for flag in Flag.objects.open().filter(candidacy=candidacy, kind=Flag.Kind.VERDICT_CHANGED):
            _close(flag, str(_("重新认定为符合资格。")), actor=None, at=at)
    elif candidacy.state == Candidacy.State.FINAL and was == Verdict.QUALIFIED:
        details = {"was": was, "verdict": str(candidacy.verdict)}
        open_flag(candidacy, Flag.Kind.VERDICT_CHANGED, details, actor=actor, at=at)


def refreeze(candidacies: Iterable[Candidacy], *, at: datetime) -> None:
    """Freeze whoever has an open flag, and nobody else."""
    rows = list(candidacies)
    flagged = set(
        Flag.objects.open().filter(candidacy__in=[one.pk for one in rows]).values_list("candidacy", flat=True)
    )
    changed = []
    for one in rows:
        frozen_at = (one.frozen_at or at) if one.pk in flagged else None
        if frozen_at != one.frozen_at:
            one.frozen_at = frozen_at
            changed.append(one)
    Candidacy.objects.bulk_update(changed, ["frozen_at"])


def _details(disagreement: Disagreement) -> dict[str, Any]:
    return {
        "situation": disagreement.situation,
        "record": sorted(disagreement.record),
        "no_record": sorted(disagreement.no_record),
    }


def _close(flag: Flag, resolution: str, *, actor: User | None, at: datetime) -> None:
    before = snapshot(flag, _RECORDED)
    flag.resolved_at, flag.resolved_by, flag.resolution = at, actor, resolution
    flag.save(update_fields=["resolved_at", "resolved_by", "resolution"])
    append(
        verb="candidates.resolve_flag",
        row=flag,
        actor=actor,
        place=flag.place,
        at=at,
        before=before,
        after=snapshot(flag, _RECORDED),
    )
