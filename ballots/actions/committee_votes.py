"""The vote that chose an election committee: recorded, put right.

Who sits follows from the votes alone: no field here puts anybody on the committee (art. 12).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ballots.actions.committee import Post, State, in_turn
from ballots.actions.committee_checks import check_count, check_meeting, check_seats, known_as
from ballots.committee import STEP, Committee, own_committee, person_of
from ballots.models import CommitteeMember, CommitteeVote
from ballots.rules import committee as rules
from ballots.wording import step_title
from election_admin.accounts.models import User
from election_admin.journal.record import append, snapshot
from villages.models import Election


@dataclass(frozen=True)
class Counted:
    """What one person got in a vote, as the office read it out of the minutes."""

    name: str
    votes: int
    group: str = ""
    willing: bool = True

    @property
    def person(self) -> rules.Person:
        """Whom it is about."""
        return (self.name, self.group)


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """Where and among how many a vote was held, and for how many seats."""

    how: str
    held_on: date
    due: int
    present: int
    seats: int


@transaction.atomic
def choose_committee(
    *, election: Election, meeting: Meeting, counted: Sequence[Counted], actor: User, at: datetime
) -> CommitteeVote:
    """Record a vote: the one that formed the committee, or one that fills its empty seats.

    Who sits follows from the votes alone (art. 12). Where votes are tied at the cut, the seats
    stay empty until a further vote between the tied is recorded. Raises ValidationError for a
    meeting without its quorum, a number of seats the law does not allow, votes that cannot be.
    """
    election, _presiding = in_turn(election, actor)
    committee = own_committee(election)
    if committee is None or (committee.votes and not committee.open_seats):
        raise ValidationError(_("选举委员会没有空缺，不用再次推选。有成员退出的，请先登记退出。"))
    number = len(committee.votes) + 1
    counted = [replace(one, group=known_as(committee, one.person)[1]) for one in counted]
    _check_vote(committee, meeting, counted, number=number, at=at)
    vote = CommitteeVote(
        election=committee.election, number=number, recorded_by=actor, recorded_at=at, **vars(meeting)
    )
    vote.save()
    _seat(vote, committee, counted, {})
    _append_vote("ballots.choose_committee", vote, actor, at)
    return vote


@transaction.atomic
def correct_committee_vote(
    *,
    vote: CommitteeVote,
    meeting: Meeting,
    counted: Sequence[Counted],
    reason: str,
    actor: User,
    at: datetime,
) -> CommitteeVote:
    """Put right what was copied wrongly from the minutes; who sits is reckoned anew from the votes.

    Raises ValidationError without a reason, while the step that formed the committee is recorded,
    and once somebody has left or moved up: later acts stand on the votes as they were.
    """
    committee = in_turn(vote.election, actor)[1]
    vote = check_correctable(committee, vote)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明更正的原因。")})
    before = _vote_snapshot(vote)
    earlier = Committee(
        committee.election,
        committee.votes[:-1],
        tuple(one for one in committee.members if one.vote_id != vote.pk),
        committee.candidacies,
        committee.kinships,
    )
    counted = [replace(one, group=known_as(earlier, one.person)[1]) for one in counted]
    _check_vote(earlier, meeting, counted, number=vote.number, at=at)
    for name, value in vars(meeting).items():
        setattr(vote, name, value)
    vote.save(update_fields=list(vars(meeting)))
    rows = {person_of(one): one for one in vote.members.all()}
    _seat(vote, earlier, counted, rows)
    _append_vote("ballots.correct_committee_vote", vote, actor, at, before=before, reason=reason.strip())
    return vote


def check_correctable(committee: Committee, vote: CommitteeVote) -> CommitteeVote:
    """Return the vote anew. Raises ValidationError where later acts stand on it."""
    if not committee.votes or committee.votes[-1].pk != vote.pk:
        raise ValidationError(_("后来又推选过，只能更正最近一次推选。"))
    own = [one for one in committee.members if one.vote_id == vote.pk]
    if any(one.left_on or one.moved_up_on for one in own):
        raise ValidationError(_("已有成员退出或者递补，推选结果不能再更正。请先撤销退出、递补的登记。"))
    step = committee.election.steps.filter(code=STEP, done_on__isnull=False).first()
    if vote.number == 1 and step is not None:
        raise ValidationError(
            _("“%s”已登记办理，推选结果不能再更正。请先在选举程序页面撤销这一步。")
            % step_title(committee.election, STEP)
        )
    return committee.votes[-1]


def _check_vote(
    committee: Committee, meeting: Meeting, counted: Sequence[Counted], *, number: int, at: datetime
) -> None:
    """Raise ValidationError where a vote cannot have been held so, or cannot count so."""
    if meeting.held_on > timezone.localdate(at):
        raise ValidationError({"held_on": _("日期还没有到，开会以后再登记。")})
    if committee.votes and meeting.held_on < committee.votes[-1].held_on:
        raise ValidationError(
            {
                "held_on": _("再次推选不能早于上次推选（%s）。请核对日期。")
                % date_format(committee.votes[-1].held_on)
            }
        )
    check_meeting(committee.procedure, how=meeting.how, due=meeting.due, present=meeting.present)
    check_seats(committee, meeting.seats, first=number == 1)
    check_count(committee, [(one.person, one.votes) for one in counted], present=meeting.present)


def _seat(
    vote: CommitteeVote,
    before: Committee,
    counted: Sequence[Counted],
    rows: Mapping[rules.Person, CommitteeMember],
) -> None:
    """Write everybody voted for: who has most votes sits, taking the seats in the order left."""
    outcome = rules.seat(
        (rules.Counted(one.person, one.votes, one.willing) for one in counted), seats=vote.seats
    )
    by_person = {one.person: one for one in counted}
    for person, row in rows.items():
        if person not in by_person:
            row.delete()
    vacated = list(before.vacated)
    places = {
        **dict.fromkeys(outcome.serving, State.SERVING),
        **dict.fromkeys(outcome.runners_up, State.RUNNER_UP),
        **dict.fromkeys(outcome.declined, State.DECLINED),
    }
    # Rows first without whom they replace: a seat can pass from one row to another only once free.
    CommitteeMember.objects.filter(vote=vote).update(replaces=None)
    for person, state in places.items():
        row = rows.get(person) or CommitteeMember(vote=vote, name=person[0], group=person[1])
        row.votes, row.state = by_person[person].votes, state
        row.replaces = vacated.pop(0) if state == State.SERVING and vacated else None
        if state != State.SERVING:
            row.post = Post.MEMBER
        row.save()


def _vote_snapshot(vote: CommitteeVote) -> dict[str, Any]:
    members = CommitteeMember.objects.filter(vote=vote).order_by("-votes", "name", "group")
    return {
        **snapshot(vote, CommitteeVote.recorded_fields),
        "members": [snapshot(one, CommitteeMember.recorded_fields) for one in members],
    }


def _append_vote(
    verb: str,
    vote: CommitteeVote,
    actor: User,
    at: datetime,
    *,
    before: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    append(
        verb=verb,
        row=vote,
        actor=actor,
        place=vote.place,
        at=at,
        before=before,
        after=_vote_snapshot(vote),
        reason=reason,
    )
