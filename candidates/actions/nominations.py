"""How somebody came to be nominated, for which posts, and which of them they choose."""

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from candidates.actions.nomination_checks import check_nomination, check_open
from candidates.actions.turns import in_turn, stated
from candidates.deadlines import choice_due, post_choice
from candidates.models import OUT, POST_TITLES, Candidacy, Nomination
from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.journal.record import append, snapshot
from election_admin.sentences import listed
from villages.models import Election
from villages.procedures import procedure_of

NOMINATION_FIELDS = (
    "candidacy",
    "post",
    "how",
    "nominated_on",
    "supporters",
    "supporter_names",
    "withdrawn_at",
)
# What of a candidacy follows its nominations.
FOLLOWING = ("post", "how", "nominated_on", "supporters", "votes", "post_chosen_on")
# Until the list is settled nominations are entered; who is out is not nominated by the way.
_OPEN = frozenset({Candidacy.State.PRELIMINARY, Candidacy.State.IN_REVIEW})


@transaction.atomic
def record_nomination(
    *, candidacy: Candidacy, values: Mapping[str, Any], actor: User, at: datetime
) -> Nomination:
    """Record that somebody who stands was nominated once more: another way, or for another post.

    ``values`` holds post, how, nominated_on, supporters and supporter_names; where names are given
    supporters are their number. Refuses what record_candidate refuses of a nomination, and a
    second one by the same person or by the Party for the same post.
    """
    candidacy = in_turn(candidacy)
    require(actor, "candidates.record", candidacy)
    check_open(candidacy.election)
    require_not_settled(candidacy)
    person = candidacy.person
    check_nomination(
        candidacy.election,
        {"name": person.name, "sex": person.sex, "born": person.born},
        values,
        today=timezone.localdate(at),
    )
    _refuse_repeated(candidacy, values)
    before = snapshot(candidacy, FOLLOWING)
    nomination = add_nomination(candidacy, values, actor=actor, at=at)
    follow_nominations(candidacy)
    append(
        verb="candidates.record_nomination",
        row=nomination,
        actor=actor,
        place=candidacy.place,
        at=at,
        before={"candidacy": before},
        after={**snapshot(nomination, NOMINATION_FIELDS), "stands": snapshot(candidacy, FOLLOWING)},
    )
    return nomination


@transaction.atomic
def withdraw_nomination(*, nomination: Nomination, reason: str, actor: User, at: datetime) -> Nomination:
    """Take back a nomination entered in error or not valid; it stays on record, and no longer counts.

    Raises ValidationError for the only one somebody has: nobody stands without being nominated.
    """
    candidacy = in_turn(nomination.candidacy)
    nomination = Nomination.objects.get(pk=nomination.pk)
    require(actor, "candidates.record", candidacy)
    check_open(candidacy.election)
    require_not_settled(candidacy)
    if nomination.withdrawn_at is not None:
        raise ValidationError(_("这项提名已经撤销。"))
    others = Nomination.objects.in_force().filter(candidacy=candidacy).exclude(pk=nomination.pk)
    if not others.exists():
        raise ValidationError(
            _(
                "这是此人唯一有效的提名，不能撤销：登记有误的，请更正或者先补登正确的提名；"
                "本人不参选的，请登记本人退出。"
            )
        )
    reason = stated(reason, _("请写明撤销的原因。"))
    before = snapshot(candidacy, FOLLOWING)
    nomination.withdrawn_by, nomination.withdrawn_at = actor, at
    nomination.save(update_fields=["withdrawn_by", "withdrawn_at"])
    follow_nominations(candidacy)
    append(
        verb="candidates.withdraw_nomination",
        row=nomination,
        actor=actor,
        place=candidacy.place,
        at=at,
        before={"candidacy": before},
        after={**snapshot(nomination, NOMINATION_FIELDS), "stands": snapshot(candidacy, FOLLOWING)},
        reason=reason,
    )
    return nomination


@transaction.atomic
def choose_post(*, candidacy: Candidacy, post: str, chosen_on: date, actor: User, at: datetime) -> Candidacy:
    """Record which of several posts somebody stands for: one person, one post.

    ``chosen_on`` is the day of their own written statement. Where the rulebook goes by most votes,
    only a post with the most can be chosen. Raises ValidationError after the rulebook's last day.
    """
    candidacy = in_turn(candidacy)
    require(actor, "candidates.record", candidacy)
    check_open(candidacy.election)
    require_not_settled(candidacy)
    rows = list(Nomination.objects.in_force().filter(candidacy=candidacy))
    posts = {row.post for row in rows}
    if len(posts) < 2:
        raise ValidationError(_("此人只被提名竞选一个职务，不用选定。"))
    if post not in posts:
        raise ValidationError({"post": _("此人没有被提名竞选这个职务，请重新选择。")})
    _check_chosen_on(candidacy.election, rows, chosen_on, today=timezone.localdate(at))
    _check_most_votes(candidacy, posts, post)
    before = snapshot(candidacy, FOLLOWING)
    candidacy.post, candidacy.post_chosen_on = post, chosen_on
    follow_nominations(candidacy)
    append(
        verb="candidates.choose_post",
        row=candidacy,
        actor=actor,
        place=candidacy.place,
        at=at,
        before=before,
        after=snapshot(candidacy, FOLLOWING),
    )
    return candidacy


def add_nomination(
    candidacy: Candidacy, values: Mapping[str, Any], *, actor: User | None, at: datetime
) -> Nomination:
    """Keep a nomination that was checked, inside the caller's act."""
    names = list(values.get("supporter_names") or ())
    return Nomination.objects.create(
        candidacy=candidacy,
        post=values["post"],
        how=values["how"],
        nominated_on=values["nominated_on"],
        supporters=len(names) or values["supporters"],
        supporter_names=names,
        recorded_by=actor,
        recorded_at=at,
    )


def leading(nominations: Iterable[Nomination]) -> Nomination:
    """The nomination a candidacy shows: the one with the most supporters, the first of equal ones."""
    return min(nominations, key=lambda one: (-(one.supporters or 0), one.nominated_on, one.pk or math.inf))


def shown_names(candidacy: Candidacy) -> list[str]:
    """The supporters named in the nomination a candidacy shows, in the order of the paper."""
    rows = list(Nomination.objects.in_force().filter(candidacy=candidacy, post=candidacy.post))
    return list(leading(rows).supporter_names) if rows else []


def follow_nominations(candidacy: Candidacy) -> None:
    """Let the candidacy show its nominations in force, inside the caller's act."""
    rows = list(Nomination.objects.in_force().filter(candidacy=candidacy))
    if not rows:
        return
    known = Candidacy.objects.values_list("post", flat=True).get(pk=candidacy.pk)
    show_nominations(candidacy, rows, known=known)
    candidacy.save(update_fields=FOLLOWING)


def show_nominations(candidacy: Candidacy, rows: Sequence[Nomination], *, known: str) -> None:
    """Let the candidacy show these nominations; saving it is the caller's. ``known``: its post as saved.

    A post nobody nominates them for any more is given up; a choice is asked for again once
    somebody is nominated for another post after it.
    """
    if candidacy.post not in {row.post for row in rows}:
        candidacy.post, candidacy.post_chosen_on = rows[0].post, None
    chosen_on = candidacy.post_chosen_on
    if chosen_on and any(row.post != candidacy.post and row.nominated_on > chosen_on for row in rows):
        candidacy.post_chosen_on = None
    shown = leading(row for row in rows if row.post == candidacy.post)
    candidacy.how, candidacy.nominated_on = shown.how, shown.nominated_on
    candidacy.supporters = shown.supporters
    if candidacy.post in candidacy.votes_by_post or candidacy.post != known:
        candidacy.votes = candidacy.votes_by_post.get(candidacy.post)


def require_not_settled(candidacy: Candidacy) -> None:
    """Raise ValidationError unless what somebody stands for may still change.

    Whose post was given up after the list was settled must be put right all the same.
    """
    if candidacy.state in _OPEN:
        return
    if candidacy.state not in OUT and not candidacy.election.seats.filter(post=candidacy.post).exists():
        return
    if candidacy.is_standing or candidacy.state == Candidacy.State.NOT_LISTED:
        raise ValidationError(_("正式候选人名单已经确定，不能再改提名和竞选职务。"))
    raise ValidationError(
        _("此人目前的状态是“%s”，不再参选：要恢复参选的，请先变更状态。") % candidacy.get_state_display()
    )


def _refuse_repeated(candidacy: Candidacy, values: Mapping[str, Any]) -> None:
    """Nobody puts themselves forward, and no Party organisation recommends them, twice for one post."""
    if values["how"] == Candidacy.How.JOINT:
        return
    same = Nomination.objects.in_force().filter(candidacy=candidacy, how=values["how"], post=values["post"])
    if same.exists():
        raise ValidationError({"how": _("这个职务已登记过同样方式的提名，请不要重复登记。")})


def _check_chosen_on(
    election: Election, nominations: Iterable[Nomination], chosen_on: date, *, today: date
) -> None:
    first = min(row.nominated_on for row in nominations)
    if chosen_on > today:
        raise ValidationError({"chosen_on": _("日期还没有到，请填写今天或以前的日期。")})
    if chosen_on < first:
        raise ValidationError({"chosen_on": _("选定日期早于提名日期，请核对。")})
    law, due = post_choice(election), choice_due(election)
    if law is not None and due is not None and chosen_on > due:
        raise ValidationError(
            {
                "chosen_on": _("最迟应在%(day)s选定职务（%(article)s），逾期选定的不能受理。")
                % {
                    "day": date_format(due),
                    "article": procedure_of(election).cite(law.source, get_language() or ""),
                }
            }
        )
    if election.election_day is not None and chosen_on >= election.election_day:
        raise ValidationError({"chosen_on": _("选定日期应早于选举日，请核对。")})


def _check_most_votes(candidacy: Candidacy, posts: Iterable[str], post: str) -> None:
    """Where votes settle the post, the person chooses only between those with equally many."""
    law = post_choice(candidacy.election)
    if law is None or law.value.how != "most_votes":
        return
    votes = candidacy.votes_by_post
    if any(one not in votes for one in posts):
        raise ValidationError({"post": _("按规定以得票最多的职务为准：请先录入此人竞选各职务的得票。")})
    most = best_posts(candidacy, posts)
    if post not in most:
        raise ValidationError(
            {
                "post": _("按规定以得票最多的职务为准，应为：%s。")
                % listed(POST_TITLES.get(one, one) for one in most)
            }
        )


def best_posts(candidacy: Candidacy, posts: Iterable[str]) -> list[str]:
    """Of these posts those for which somebody received the most votes; every one must have votes."""
    votes = {post: candidacy.votes_by_post[post] for post in posts}
    return sorted(post for post, count in votes.items() if count == max(votes.values()))
