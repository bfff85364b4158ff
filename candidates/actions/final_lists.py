"""Settling the list of final candidates 正式候选人名单: the law's count decides, the township confirms."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from candidates.actions.decisions import decide
from candidates.actions.nomination_checks import check_before_vote
from candidates.final_lists import proposal_of
from candidates.list_words import decision_words, hold_ups
from candidates.models import FinalList
from candidates.signals import final_list_settled
from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.journal.record import append, snapshot, take_turn
from villages.models import Election


@transaction.atomic
def settle_final_list(*, election: Election, actor: User, at: datetime, shown: str = "") -> FinalList:
    """Settle who the final candidates are, as the rule says; nobody picks (组织法第11条).

    Everybody who stands was in a signed batch and is qualified now, with nothing frozen. It can be
    settled anew before the vote, when somebody declined or was struck off: the next by votes moves
    up. ``shown`` is the mark of the proposal that was confirmed; it is refused if another has taken
    its place. Raises ValidationError with every reason why there is no list yet.
    """
    take_turn(election.place)
    election = Election.objects.with_place().get(pk=election.pk)
    require(actor, "candidates.record", election)
    election.term.require_current()
    check_before_vote(election)
    if election.election_day is None:
        raise ValidationError(_("还没有确定选举日，不能确定正式候选人名单。"))
    proposal = proposal_of(election, on=timezone.localdate(at))
    if not proposal.may_be_settled:
        raise ValidationError(hold_ups(proposal))
    if shown and shown != proposal.mark:
        raise ValidationError(_("候选人的情况刚有变化，名单已按新的情况重新排出，请核对后再确定。"))
    last = FinalList.objects.filter(election=election).first()
    if last is not None and not proposal.differs_from(last):
        raise ValidationError(_("名单没有变化，不用重新确定。"))
    changes = proposal.changes
    settled = FinalList.objects.create(
        election=election,
        number=last.number + 1 if last else 1,
        snapshot=proposal.snapshot(),
        settled_by=actor,
        settled_at=at,
    )
    append(
        verb="candidates.settle_final_list",
        row=settled,
        actor=actor,
        place=election.place,
        at=at,
        after={
            **snapshot(settled, ("election", "number", "snapshot")),
            "listed": list(proposal.settlement.listed),
        },
    )
    for pk, state in changes.items():
        reason = decision_words(proposal, pk, number=settled.number)
        decide(proposal.people[pk], state, reason=reason, actor=actor, at=at)
    final_list_settled.send(Election, election=election, actor=actor, at=at)
    return settled
