"""A candidate's page besides the judgement: nominations, the post, decisions, until when to decline."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from candidates.actions.people import MOVES
from candidates.deadlines import WITHDRAWALS, Limit, choice_due, limit_of
from candidates.models import Candidacy, Decision, Nomination
from election_admin.sentences import listed


@dataclass(frozen=True)
class ShownNomination:
    """One nomination; ``names`` of its supporters only while a look is open."""

    row: Nomination
    leading: bool
    names: str
    named: bool


@dataclass(frozen=True)
class ShownDecision:
    """One decision; its reason only while a look is open."""

    row: Decision
    reason: str
    masked: bool


def nomination_part(candidacy: Candidacy, *, masked: bool) -> Mapping[str, Any]:
    """The nominations with who signed them, and which post the person has chosen or must choose."""
    rows = list(candidacy.nominations.select_related("recorded_by", "withdrawn_by"))
    in_force = [row for row in rows if row.withdrawn_at is None]
    posts = list(dict.fromkeys(row.post for row in in_force))
    # Deciphered only for whom it is shown to; that there is a list shows in its being counted.
    shown = [
        ShownNomination(
            row=row,
            leading=row.withdrawn_at is None and row.post == candidacy.post,
            names="" if masked else listed(row.supporter_names),
            named=bool(row.supporter_names),
        )
        for row in rows
    ]
    return {
        "nominations": shown,
        "several": len(posts) > 1,
        "choosing": len(posts) > 1 and candidacy.post_chosen_on is None,
        "choice_due": choice_due(candidacy.election),
        "may_change": candidacy.state in {Candidacy.State.PRELIMINARY, Candidacy.State.IN_REVIEW},
        "only_one": len(in_force) < 2,
    }


def decisions_of(candidacy: Candidacy, *, masked: bool) -> list[ShownDecision]:
    """Everything that was decided about a candidacy, the last decision first."""
    rows = candidacy.decisions.select_related("decided_by", "assessment").defer("assessment__snapshot")
    return [ShownDecision(row, "" if masked else row.reason, masked) for row in rows]


def withdrawal_words(candidacy: Candidacy, *, on: date) -> str:
    """Until when the person may decline, with the article; empty where no law sets a day or they are out."""
    limit: Limit | None = limit_of(candidacy.election, WITHDRAWALS)
    if limit is None or Candidacy.State.DECLINED not in MOVES[candidacy.state]:
        return ""
    if on > limit.day:
        return _("本人退出的期限已过（%(article)s）。") % {"article": limit.article}
    return _("本人可以退出，最迟%(day)s（%(article)s）。") % {
        "day": date_format(limit.day),
        "article": limit.article,
    }
