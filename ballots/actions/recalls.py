"""The vote on a recall."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from ballots.actions.following import begun_after
from ballots.actions.steps import VOTE
from ballots.models import Recall
from ballots.wording import step_title
from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.journal.record import append, snapshot, take_turn
from villages.models import Election

RESULT = "result_announced"
VOTE_FIELDS = ("registered", "voted", "agreed")


@transaction.atomic
def record_recall_vote(
    *, recall: Recall, registered: int, voted: int, agreed: int, actor: User, at: datetime
) -> Recall:
    """Enter the figures of the vote on a recall; what they come to follows from art. 16.

    Raises ValidationError before the vote is recorded, once the result is announced, and for
    figures that cannot be.
    """
    take_turn(recall.place)
    recall = Recall.objects.select_related("election__term", "election__edition", "election__place").get(
        pk=recall.pk
    )
    require(actor, "ballots.record_step", recall)
    recall.election.term.require_current()
    check_vote_can_be_entered(recall)
    _check_figures(registered=registered, voted=voted, agreed=agreed)
    before = snapshot(recall, VOTE_FIELDS)
    recall.registered, recall.voted, recall.agreed = registered, voted, agreed
    recall.save(update_fields=VOTE_FIELDS)
    append(
        verb="ballots.record_recall_vote",
        row=recall,
        actor=actor,
        place=recall.place,
        at=at,
        before=before,
        after=snapshot(recall, VOTE_FIELDS),
    )
    return recall


def check_vote_can_be_entered(recall: Recall) -> None:
    """Raise ValidationError before the vote is recorded, and once its result is announced."""
    election = recall.election
    if not _done(election, VOTE):
        raise ValidationError(_("请先登记“%s”，再填写表决结果。") % step_title(election, VOTE))
    if recall.voted is not None and _done(election, RESULT):
        raise ValidationError(
            _("“%(step)s”已经登记，表决结果不能再改。确有错误的，请先撤销“%(step)s”。")
            % {"step": step_title(election, RESULT)}
        )
    after = begun_after(election)
    if recall.voted is not None and after is not None:
        raise ValidationError(
            _("已据此建立%(election)s并登记了步骤，表决结果不能再改。") % {"election": after.title}
        )


def _check_figures(*, registered: int, voted: int, agreed: int) -> None:
    errors = {}
    if registered < 1:
        errors["registered"] = _("请填写登记参加选举的村民人数。")
    if voted > registered:
        errors["voted"] = _("投票人数不能多于登记参加选举的村民人数。")
    if agreed > voted:
        errors["agreed"] = _("同意罢免票数不能多于投票人数。")
    if errors:
        raise ValidationError(errors)


def _done(election: Election, code: str) -> bool:
    return election.steps.filter(code=code, done_on__isnull=False).exists()
