"""The votes received in the nomination or the preliminary vote 预选, entered for everybody at once."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from candidates.actions.nomination_checks import check_before_vote
from candidates.actions.nominations import FOLLOWING, best_posts, follow_nominations, post_choice
from candidates.actions.turns import stated
from candidates.models import Candidacy
from candidates.registry import names_on_roll
from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.journal.record import append, take_turn
from villages.models import Election, Mode

# A candidacy and a post they were nominated for.
Row = tuple[int, str]
MOST_VOTES = 100_000


@transaction.atomic
def record_votes(
    *, election: Election, votes: Mapping[Row, int | None], actor: User, at: datetime, reason: str = ""
) -> int:
    """Enter the votes of an election's nominees, all or none; return for how many rows they changed.

    ``votes`` is by candidacy and post, None where none are known; rows that are not named stay.
    A number that stood there already is corrected only for a reason. Raises ValidationError keyed
    by ``row_key``. Where the rulebook goes by most votes, the posts follow them.
    """
    take_turn(election.place)
    election = Election.objects.with_place().get(pk=election.pk)
    require(actor, "candidates.record", election)
    election.term.require_current()
    check_before_vote(election)
    if election.mode == Mode.SELF_NOMINATED:
        raise ValidationError(_("自荐直选没有提名投票，不用录入得票。"))
    rows = {one.pk: one for one in nominees(election)}
    _check(election, rows, votes)
    changed = {
        (pk, post): count for (pk, post), count in votes.items() if rows[pk].votes_by_post.get(post) != count
    }
    corrected = any(post in rows[pk].votes_by_post for pk, post in changed)
    if corrected:
        reason = stated(reason, _("更正已经录入的得票，请写明原因，如复核计票单。"))
    if not changed:
        return 0
    touched = {pk: rows[pk] for pk, _post in changed}
    before = {str(pk): one.votes_by_post for pk, one in touched.items()}
    for pk, one in touched.items():
        _enter(one, {post: count for (key, post), count in changed.items() if key == pk}, at=at)
    append(
        verb="candidates.record_votes",
        row=election,
        actor=actor,
        place=election.place,
        at=at,
        before=before,
        after={str(pk): one.votes_by_post for pk, one in touched.items()},
        reason=reason if corrected else "",
    )
    return len(changed)


def nominees(election: Election) -> QuerySet[Candidacy]:
    """Everybody nominated in an election who takes part, on the final list or not."""
    out = (Candidacy.State.DECLINED, Candidacy.State.STRUCK_OFF)
    return Candidacy.objects.filter(election=election).exclude(state__in=out).with_person()


def posts_of(candidacy: Candidacy) -> list[str]:
    """The posts somebody is nominated for, the one they stand for first."""
    posts = [one.post for one in candidacy.nominations.all() if one.withdrawn_at is None]
    return list(dict.fromkeys([candidacy.post, *posts]))


def row_key(pk: int, post: str) -> str:
    """What a form calls a row, and what an error is keyed by."""
    return f"votes_{pk}_{post}"


def _check(election: Election, rows: Mapping[int, Candidacy], votes: Mapping[Row, int | None]) -> None:
    """Refuse rows that are not there any more, and numbers that cannot be."""
    if any(pk not in rows or post not in posts_of(rows[pk]) for pk, post in votes):
        raise ValidationError(_("候选人名单已有变化，请重新打开页面再录入。"))
    roll = names_on_roll(election)
    most = MOST_VOTES if roll is None else len(roll)
    errors: dict[str, str] = {}
    for (pk, post), count in votes.items():
        if count is None:
            continue
        if count < 0:
            errors[row_key(pk, post)] = _("得票不能是负数，请核对。")
        elif count > most and roll is not None:
            errors[row_key(pk, post)] = _("得票多于选民名单上的%d人，请核对。") % most
        elif count > most:
            errors[row_key(pk, post)] = _("得票过大，请核对。")
    if errors:
        raise ValidationError(errors)


def _enter(candidacy: Candidacy, votes: Mapping[str, int | None], *, at: datetime) -> None:
    kept = {**candidacy.votes_by_post, **votes}
    candidacy.votes_by_post = {post: count for post, count in kept.items() if count is not None}
    _follow_most_votes(candidacy, at=at)
    candidacy.votes = candidacy.votes_by_post.get(candidacy.post)
    candidacy.save(update_fields=[*FOLLOWING, "votes_by_post"])
    follow_nominations(candidacy)


def _follow_most_votes(candidacy: Candidacy, *, at: datetime) -> None:
    """Where the rulebook goes by most votes, stand for the post with the most; a tie is the person's."""
    law, posts = post_choice(candidacy.election), posts_of(candidacy)
    settled = candidacy.state in {Candidacy.State.FINAL, Candidacy.State.NOT_LISTED}
    if law is None or law.value.how != "most_votes" or len(posts) < 2 or settled:
        return
    if any(post not in candidacy.votes_by_post for post in posts):
        return
    most = best_posts(candidacy, posts)
    if len(most) == 1:
        candidacy.post, candidacy.post_chosen_on = most[0], timezone.localdate(at)
    elif candidacy.post not in most:
        candidacy.post, candidacy.post_chosen_on = most[0], None
