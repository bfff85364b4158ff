"""What freezes a candidacy until the county has settled it, and settling it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from candidates.law import eligibility_law
from candidates.models import (
    OUT,
    Candidacy,
    DepartmentReply,
    Finding,
    Flag,
    Recheck,
    ReviewBatch,
    ReviewItem,
    Verdict,
)
from candidates.rules.disagreements import Disagreement
from candidates.rules.facts import Status
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
    flag = _in_turn(flag, actor)
    resolution = resolution.strip()
    if not resolution:
        raise ValidationError({"resolution": _("请写明处理意见：核实了什么，以谁的答复为准。")})
    if len(resolution) > RESOLUTION_LENGTH:
        raise ValidationError({"resolution": _("最多%d个字，请删减。") % RESOLUTION_LENGTH})
    _close(flag, resolution, actor=actor, at=at)
    refreeze([flag.candidacy], at=at)
    return flag


def _in_turn(flag: Flag, actor: User) -> Flag:
    """The flag as it is now that it is this act's turn, for whoever may settle it. Refuses a settled one."""
    take_turn(flag.place)
    flag = Flag.objects.select_related(
        "candidacy__person", "candidacy__election__place", "candidacy__election__term"
    ).get(pk=flag.pk)
    require(actor, "candidates.sign_off", flag)
    flag.candidacy.election.term.require_current()
    if flag.resolved_at is not None:
        raise ValidationError(_("这一事项已经处理。"))
    return flag


@transaction.atomic
def ask_again(*, flag: Flag, actor: User, at: datetime) -> Sequence[Recheck]:
    """Ask the departments a flag is about to check again what they answered of this person.

    Takes no answer back, and tells none of them what another said. It stands on their own pages
    and in their letters; not on the batch's, where who is asked again would tell what about.
    Raises ValidationError where no department is concerned, and where each was asked today.
    """
    flag = _in_turn(flag, actor)
    replies = DepartmentReply.objects.newest().filter(
        candidacy=flag.candidacy, department__in=departments_of(flag)
    )
    earlier = {one.reply_id: one for one in flag.rechecks.all()}
    today = timezone.localdate(at)
    asked = []
    for reply in replies:
        recheck = earlier.get(reply.pk)
        if recheck is None:
            recheck = Recheck(flag=flag, candidacy=flag.candidacy, reply=reply, department=reply.department)
        elif timezone.localdate(recheck.asked_at) == today:
            continue
        recheck.asked_by, recheck.asked_at = actor, at
        recheck.save()
        asked.append(recheck)
    if not asked:
        raise ValidationError(_("没有可以再问的部门：都已在今天请其重新核实。"))
    append(
        verb="candidates.ask_again",
        row=flag,
        actor=actor,
        place=flag.place,
        at=at,
        after={"candidacy": flag.candidacy_id, "departments": len(asked)},
    )
    return asked


def departments_of(flag: Flag) -> Collection[str]:
    """The departments whose answers a flag is about; none where it is about something else."""
    if flag.kind == Flag.Kind.DISAGREEMENT:
        return [*flag.details.get("record", ()), *flag.details.get("no_record", ())]
    if flag.kind == Flag.Kind.LATE_REPLY and flag.details.get("department"):
        return [flag.details["department"]]
    return []


def follow_disagreements(
    found: Mapping[int, Iterable[Disagreement]],
    candidacies: Collection[Candidacy],
    *,
    actor: User | None,
    at: datetime,
) -> None:
    """Flag each new disagreement between departments; take back the flags of those that are over.

    There is one flag for a situation: where the sides change while it is open, it says so. One
    that the county has settled is not raised again unless another department finds a record.
    """
    flags: dict[int, list[Flag]] = {one.pk: [] for one in candidacies}
    rows = Flag.objects.filter(kind=Flag.Kind.DISAGREEMENT, candidacy__in=flags)
    for flag in rows.select_related("candidacy__election__place"):
        flags[flag.candidacy_id].append(flag)
    for candidacy in candidacies:
        wanted = {each.situation: _details(each) for each in found.get(candidacy.pk, ())}
        settled: dict[str, set[str]] = {}
        for flag in flags[candidacy.pk]:
            situation = flag.details["situation"]
            if flag.resolved_at is None:
                _follow(flag, wanted.pop(situation, None), actor=actor, at=at)
            elif flag.resolved_by_id is not None:
                settled.setdefault(situation, set()).update(flag.details["record"])
        for situation, details in wanted.items():
            if not settled.get(situation, set()).issuperset(details["record"]):
                open_flag(candidacy, Flag.Kind.DISAGREEMENT, details, actor=actor, at=at)


def _follow(flag: Flag, details: dict[str, Any] | None, *, actor: User | None, at: datetime) -> None:
    if details is None:
        _close(flag, str(_("部门答复已有变化，不再不一致。")), actor=None, at=at)
    else:
        _change(flag, details, actor=actor, at=at)


def follow_verdicts(before: Collection[tuple[Candidacy, str]], *, actor: User | None, at: datetime) -> None:
    """Flag final candidates who are qualified no longer; take the flags back when they are again.

    ``before``: each candidacy with the verdict it had until now.
    """
    cleared = [one.pk for one, _was in before if one.verdict == Verdict.QUALIFIED]
    over = Flag.objects.open().filter(candidacy__in=cleared, kind=Flag.Kind.VERDICT_CHANGED)
    for flag in over.select_related("candidacy__election__place"):
        _close(flag, str(_("重新认定为符合资格。")), actor=None, at=at)
    for candidacy, was in before:
        if candidacy.state == Candidacy.State.FINAL:
            flag_change(candidacy, was, actor=actor, at=at)


def flag_change(candidacy: Candidacy, was: str, *, actor: User | None, at: datetime) -> None:
    """Put a flag on somebody whose verdict is another, and not qualified. ``refreeze`` then freezes them.

    Where one is open already, it says what the verdict is now: a doubt that has become a bar is a
    new thing only once the doubt was settled.
    """
    if candidacy.verdict in (Verdict.QUALIFIED, was):
        return
    details = {"was": str(was), "verdict": str(candidacy.verdict)}
    open_flags = Flag.objects.open().filter(candidacy=candidacy, kind=Flag.Kind.VERDICT_CHANGED)
    flag = open_flags.select_related("candidacy__election__place").first()
    if flag is None:
        open_flag(candidacy, Flag.Kind.VERDICT_CHANGED, details, actor=actor, at=at)
    else:
        _change(flag, details | {"was": flag.details["was"]}, actor=actor, at=at)


def flag_signed(
    rows: Sequence[Candidacy], before: Mapping[int, str], *, actor: User | None, at: datetime
) -> None:
    """Freeze who was signed as qualified and is no longer; final candidates are flagged by the judging."""
    signed = set(
        ReviewItem.objects.filter(
            candidacy__in=[one.pk for one in rows],
            batch__state=ReviewBatch.State.SIGNED,
            verdict=Verdict.QUALIFIED,
        ).values_list("candidacy", flat=True)
    )
    concerned = [
        one
        for one in rows
        if one.pk in signed and one.state not in OUT and one.state != Candidacy.State.FINAL
    ]
    for one in concerned:
        flag_change(one, before[one.pk], actor=actor, at=at)
    refreeze(concerned, at=at)


# The list of final candidates is settled for these; what is found now comes too late for it.
LISTED = frozenset({Candidacy.State.FINAL, Candidacy.State.NOT_LISTED})


def flag_late_finding(
    finding: Finding, candidacy: Candidacy, *, actor: User | None, at: datetime
) -> Flag | None:
    """Flag a finding that may bar somebody and was recorded after the final list was settled.

    One that clears somebody freezes nobody, nor does a fact that bars nobody. ``refreeze``, or the
    judging that follows, then freezes the candidacy.
    """
    law = eligibility_law(candidacy.election.term.eligibility_list)
    code = finding.details["situation"]
    if candidacy.state not in LISTED or finding.details["status"] == Status.CLEARED:
        return None
    if law.situation(code) is None:
        return None
    return open_flag(
        candidacy, Flag.Kind.LATE_FINDING, {"situation": code}, actor=actor, at=at, finding=finding
    )


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


def _change(flag: Flag, details: dict[str, Any], *, actor: User | None, at: datetime) -> None:
    """Say anew what an open flag is about, where that has changed."""
    if flag.details == details:
        return
    before = snapshot(flag, _RECORDED)
    flag.details = details
    flag.save(update_fields=["details"])
    append(
        verb="candidates.change_flag",
        row=flag,
        actor=actor,
        place=flag.place,
        at=at,
        before=before,
        after=snapshot(flag, _RECORDED),
    )
