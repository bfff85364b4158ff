"""The votes received in the nomination or the preliminary vote 预选, entered for everybody at once."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from candidates.actions.nomination_checks import check_before_vote
from candidates.actions.nominations import FOLLOWING, best_posts, follow_nominations
from candidates.actions.turns import stated
from candidates.deadlines import post_choice
from candidates.models import Candidacy, Nomination
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
    changed = {(pk, post): count for (pk, post), count in votes.items() if received(rows[pk], post) != count}
    corrected = any(received(rows[pk], post) is not None for pk, post in changed)
    if corrected:
        reason = stated(reason, _("更正已经录入的得票，请写明原因，如复核计票单。"))
    if not changed:
        return 0
    touched = {pk: rows[pk] for pk, _post in changed}
    before = {str(pk): all_received(one) for pk, one in touched.items()}
    for pk, one in touched.items():
        one.election = election
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
    nominations = Nomination.objects.in_force().defer("supporter_names")
    return (
        Candidacy.objects.filter(election=election)
        .exclude(state__in=out)
        .with_person()
        .prefetch_related(Prefetch("nominations", nominations))
    )


def posts_of(candidacy: Candidacy) -> list[str]:
    """The posts somebody is nominated for, the one they stand for first."""
    posts = [one.post for one in candidacy.nominations.all() if one.withdrawn_at is None]
    return list(dict.fromkeys([candidacy.post, *posts]))


def received(candidacy: Candidacy, post: str) -> int | None:
    """The votes entered for somebody and a post, None where none are."""
    return all_received(candidacy).get(post)


def row_key(pk: int, post: str) -> str:
    """What a form calls a row, and what an error is keyed by."""
    return f"votes_{pk}_{post}"


def all_received(candidacy: Candidacy) -> dict[str, int]:
    """The votes entered for somebody, by post."""
    known = {} if candidacy.votes is None else {candidacy.post: candidacy.votes}
    return {**known, **candidacy.votes_by_post}


def _check(election: Election, rows: Mapping[int, Candidacy], votes: Mapping[Row, int | None]) -> None:
    """Refuse rows that are not there any more, and numbers that cannot be."""
    if any(pk not in rows or post not in posts_of(rows[pk]) for pk, post in votes):
        raise ValidationError(_("候选人名单已有变化，请重新打开页面再录入。"))
    roll = names_on_roll(election)
    errors = {
        row_key(pk, post): fault
        for (pk, post), count in votes.items()
        if count is not None and (fault := fault_of_votes(count, None if roll is None else len(roll)))
    }
    if errors:
        raise ValidationError(errors)


def fault_of_votes(count: int, registered: int | None) -> str:
    """What is wrong with a number of votes, empty if nothing; ``registered``: how many are on the roll."""
    if count < 0:
        return _("得票不能是负数，请核对。")
    if registered is not None and count > registered:
        return _("得票多于选民名单上的%d人，请核对。") % registered
    return _("得票过大，请核对。") if count > MOST_VOTES else ""


def _enter(candidacy: Candidacy, votes: Mapping[str, int | None], *, at: datetime) -> None:
    kept = {**all_received(candidacy), **votes}
    candidacy.votes_by_post = {post: count for post, count in kept.items() if count is not None}
    follow_most_votes(candidacy, posts_of(candidacy), on=timezone.localdate(at))
    candidacy.votes = candidacy.votes_by_post.get(candidacy.post)
    candidacy.save(update_fields=[*FOLLOWING, "votes_by_post"])
    follow_nominations(candidacy)


def follow_most_votes(candidacy: Candidacy, posts: Sequence[str], *, on: date) -> None:
    """Where the rulebook goes by most votes, stand for the post with the most; a tie is the person's.

    ``posts`` are those they are nominated for; saving the candidacy is the caller's.
    """
    law = post_choice(candidacy.election)
    settled = candidacy.state in {Candidacy.State.FINAL, Candidacy.State.NOT_LISTED}
    if law is None or law.value.how != "most_votes" or len(posts) < 2 or settled:
        return
    if any(post not in candidacy.votes_by_post for post in posts):
        return
    most = best_posts(candidacy, posts)
    if len(most) == 1:
        candidacy.post, candidacy.post_chosen_on = most[0], on
    elif candidacy.post not in most:
        candidacy.post, candidacy.post_chosen_on = most[0], None
