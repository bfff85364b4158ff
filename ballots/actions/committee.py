"""Who leaves the election committee, who moves up, who is chair, what is known of kin.

No act here picks anybody: whoever moves up is the one whom the votes put next (art. 12).
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ballots.committee import TO_CHECK, Committee, committee_of, person_of
from ballots.models import CommitteeMember, Kinship
from candidates.models import Candidacy
from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.journal.record import append, snapshot, take_turn
from election_admin.sentences import listed
from villages.models import Election

PERMISSION = "ballots.keep_committee"
State, Post, Leaving = CommitteeMember.State, CommitteeMember.Post, CommitteeMember.Leaving


def in_turn(election: Election, actor: User) -> tuple[Election, Committee]:
    """Take the county's turn; return the election and its committee as they are now.

    Raises ValidationError for a past term and for an election that no committee presides over.
    """
    take_turn(election.place)
    election = Election.objects.with_place().get(pk=election.pk)
    require(actor, PERMISSION, election)
    election.term.require_current()
    committee = committee_of(election)
    if committee is None:
        raise ValidationError(_("这次选举不设村民选举委员会，不用登记。"))
    return election, committee


def _member_in_turn(member: CommitteeMember, actor: User) -> tuple[CommitteeMember, Committee]:
    committee = in_turn(member.vote.election, actor)[1]
    if committee.election.pk != member.vote.election_id:
        raise ValidationError(_("这次选举已另行推选选举委员会，请在新的选举委员会页面登记。"))
    now = next((one for one in committee.members if one.pk == member.pk), None)
    if now is None:
        raise ValidationError(_("推选结果刚刚更正过，已没有这个人。请刷新页面后再登记。"))
    return now, committee


@transaction.atomic
def leave_committee(
    *, member: CommitteeMember, left_on: date, because: str, remark: str, actor: User, at: datetime
) -> CommitteeMember:
    """Record that a member has left the committee, and why.

    Raises ValidationError for somebody who does not sit on it, and for a candidacy or a kinship
    that the records do not show (art. 12; Zhejiang art. 9): nobody is removed on a pretext.
    """
    member, committee = _member_in_turn(member, actor)
    if member.state != State.SERVING:
        raise ValidationError(_("%s现在不是选举委员会成员，不用登记退出。") % member.name)
    _check_day("left_on", left_on, since=member.moved_up_on or member.vote.held_on, at=at)
    _check_because(committee, member, because, remark)
    return _change(
        member,
        {"state": State.LEFT, "left_on": left_on, "left_because": because},
        verb="ballots.leave_committee",
        actor=actor,
        at=at,
        reason=remark.strip(),
    )


def _check_because(committee: Committee, member: CommitteeMember, because: str, remark: str) -> None:
    if because in {Leaving.CANDIDATE, Leaving.RELATIVE}:
        found = committee.reasons_to_leave(member)
        if any(one.because == because for one in found):
            return
        if any(one.because == TO_CHECK for one in found):
            raise ValidationError({"because": _("请先核对成员与同名的候选人是不是同一人，再登记退出。")})
        raise ValidationError(
            {"because": _("没有登记这样的候选人或者亲属关系。请先登记与候选人的关系，或者选择其他原因。")}
        )
    if because == Leaving.OTHER and not remark.strip():
        raise ValidationError({"remark": _("请写明是什么原因出缺。")})


def _check_day(field: str, day: date, *, since: date, at: datetime) -> None:
    if day > timezone.localdate(at):
        raise ValidationError({field: _("日期还没有到，请填写今天或以前的日期。")})
    if day < since:
        raise ValidationError({field: _("不能早于%s，请核对日期。") % date_format(since)})


@transaction.atomic
def move_up(*, member: CommitteeMember, moved_up_on: date, actor: User, at: datetime) -> CommitteeMember:
    """Record that the next in the original vote has moved up into an empty seat (art. 12).

    Raises ValidationError for anybody but the one whom the votes put next.
    """
    member, committee = _member_in_turn(member, actor)
    check_next(committee, member)
    vacated = committee.vacated[0] if committee.vacated else None
    since = max(filter(None, (member.vote.held_on, vacated.left_on if vacated else None)))
    _check_day("moved_up_on", moved_up_on, since=since, at=at)
    return _change(
        member,
        {"state": State.SERVING, "moved_up_on": moved_up_on, "replaces": vacated},
        verb="ballots.move_up",
        actor=actor,
        at=at,
    )


@transaction.atomic
def decline_place(*, member: CommitteeMember, reason: str, actor: User, at: datetime) -> CommitteeMember:
    """Record that whoever is next will not move up; the one after is next then."""
    member, committee = _member_in_turn(member, actor)
    check_next(committee, member)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明本人不愿担任的情况，如何时向谁表示。")})
    return _change(
        member,
        {"state": State.DECLINED},
        verb="ballots.decline_place",
        actor=actor,
        at=at,
        reason=reason.strip(),
    )


def check_next(committee: Committee, member: CommitteeMember) -> None:
    """Raise ValidationError for anybody but the one whom the votes put next for an empty seat."""
    if not committee.open_seats:
        raise ValidationError(_("选举委员会没有空缺，不用递补。"))
    proposal = committee.proposal
    if proposal.tied:
        raise ValidationError(
            _("%s得票相同，应当在他们之间再次推选，请登记再次推选的结果。")
            % listed(one.name for one in proposal.tied)
        )
    if proposal.first is None:
        raise ValidationError(_("没有可以递补的人，应当另行推选，请登记另行推选的结果。"))
    if proposal.first.pk != member.pk:
        raise ValidationError(
            _("应当依原推选结果递补：现在轮到%(name)s（%(votes)d票）。")
            % {"name": proposal.first.name, "votes": proposal.first.votes}
        )
    if proposal.check is not None:
        raise ValidationError(_("请先核对%s与同名的候选人是不是同一人，再登记递补。") % member.name)


@transaction.atomic
def choose_chair(*, member: CommitteeMember, chosen_on: date, actor: User, at: datetime) -> CommitteeMember:
    """Record whom the members chose as chair. The chair before, if there is one, is a member again."""
    member, committee = _member_in_turn(member, actor)
    if member.state != State.SERVING:
        raise ValidationError({"member": _("%s不是现任成员，请重新选择。") % member.name})
    if committee.chair is not None and committee.chair.pk == member.pk:
        raise ValidationError({"member": _("%s已登记为主任。") % member.name})
    if committee.reasons_to_leave(member):
        raise ValidationError({"member": _("%s应当退出选举委员会或者尚待核对，请先处理。") % member.name})
    _check_day("chosen_on", chosen_on, since=member.moved_up_on or member.vote.held_on, at=at)
    if committee.chair is not None:
        CommitteeMember.objects.filter(pk=committee.chair.pk).update(post=Post.MEMBER)
    # By their row: the journal, which never changes, names nobody.
    noted = {"chosen_on": chosen_on, "before": committee.chair.pk if committee.chair else None}
    return _change(member, {"post": Post.CHAIR}, verb="ballots.choose_chair", actor=actor, at=at, noted=noted)


@transaction.atomic
def record_kinship(
    *, member: CommitteeMember, candidacy: Candidacy, relation: str, actor: User, at: datetime
) -> Kinship:
    """Record what somebody of the committee is to a candidate; a later record corrects an earlier one."""
    member, committee = _member_in_turn(member, actor)
    if candidacy.pk not in {one.pk for one in committee.candidacies}:
        raise ValidationError({"candidacy": _("这个人现在不是候选人，请重新选择。")})
    if relation not in Kinship.Relation.values:
        raise ValidationError({"relation": _("请选择是什么关系。")})
    kinship = Kinship.objects.filter(member=member, candidacy=candidacy).first()
    before = snapshot(kinship, Kinship.recorded_fields) if kinship else None
    kinship = kinship or Kinship(member=member, candidacy=candidacy)
    kinship.relation, kinship.recorded_by, kinship.recorded_at = relation, actor, at
    kinship.save()
    append(
        verb="ballots.record_kinship",
        row=kinship,
        actor=actor,
        place=member.place,
        at=at,
        before=before,
        after={
            **snapshot(kinship, Kinship.recorded_fields),
            "member": member.pk,
            "candidacy": candidacy.pk,
        },
    )
    return kinship


@transaction.atomic
def take_back(*, member: CommitteeMember, reason: str, actor: User, at: datetime) -> CommitteeMember:
    """Take back what was recorded of somebody by mistake: that they left, moved up or declined.

    Both the record and its undoing stay in the journal. Raises ValidationError without a reason,
    and where somebody with fewer votes would then sit before them.
    """
    member, committee = _member_in_turn(member, actor)
    check_take_back(committee, member)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明撤销的原因。")})
    changes: dict[str, Any] = {"state": State.RUNNER_UP, "moved_up_on": None, "replaces": None}
    if member.state == State.LEFT:
        changes = {"state": State.SERVING, "left_on": None, "left_because": ""}
        if committee.chair is not None:
            changes["post"] = Post.MEMBER
    elif member.post == Post.CHAIR:
        changes["post"] = Post.MEMBER
    return _change(
        member, changes, verb="ballots.take_back_change", actor=actor, at=at, reason=reason.strip()
    )


def check_take_back(committee: Committee, member: CommitteeMember) -> None:
    """Raise ValidationError where there is nothing to take back, or later acts stand on it."""
    if member.state == State.LEFT:
        if member.pk not in {one.pk for one in committee.vacated}:
            raise ValidationError(_("空出的名额已经递补，请先撤销递补的登记。"))
        return
    declined = member.state == State.DECLINED and committee.newest[person_of(member)].pk == member.pk
    if not declined and not (member.state == State.SERVING and member.moved_up_on):
        raise ValidationError(_("没有可以撤销的登记。"))
    behind = [
        one
        for one in committee.members
        if one.state in {State.SERVING, State.LEFT}
        and one.pk != member.pk
        and (one.vote.number, -one.votes) > (member.vote.number, -member.votes)
    ]
    if behind:
        raise ValidationError(
            _(
                "票数在后的%s已经成为成员，不能撤销。推选时登记错的，请更正推选结果；递补错的，请从后往前撤销。"
            )
            % listed(one.name for one in behind)
        )


def _change(
    member: CommitteeMember,
    changes: Mapping[str, Any],
    *,
    verb: str,
    actor: User,
    at: datetime,
    reason: str = "",
    noted: Mapping[str, Any] | None = None,
) -> CommitteeMember:
    """Save the changed fields and append the act; ``noted`` is what only the journal keeps."""
    before = snapshot(member, CommitteeMember.recorded_fields)
    for name, value in changes.items():
        setattr(member, name, value)
    member.save(update_fields=list(changes))
    append(
        verb=verb,
        row=member,
        actor=actor,
        place=member.place,
        at=at,
        before=before,
        after={**snapshot(member, CommitteeMember.recorded_fields), **(noted or {})},
        reason=reason,
    )
    return member
