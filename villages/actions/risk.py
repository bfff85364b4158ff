"""The survey of a village, the rating that follows, and what the county makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.journal.record import append, snapshot, take_turn
from election_admin.places.models import Place
from villages.law import risk_model
from villages.models import Band, Rating, SurveyAnswer, Term
from villages.rules.risk import Band as RuleBand
from villages.rules.risk import rate

DECISION_FIELDS = ("computed_band", "band", "decision_reason")


@dataclass(frozen=True)
class Answer:
    """A level of 0 to 3, None where nothing is known, and what it rests on."""

    level: int | None
    evidence: str = ""


@transaction.atomic
def record_survey(
    *, place: Place, term: Term, answers: Mapping[str, Answer], actor: User, at: datetime
) -> Rating | None:
    """Record the answers that differ from those in force, and rate the village anew.

    Returns the new rating, or None where no answer changed. Raises ValidationError keyed by
    factor for one the model does not have, or a level without evidence from 2 up.
    """
    take_turn(place)
    require(actor, "villages.record_facts", place)
    term.require_current()
    _check_answers(term, answers)
    held = {one.factor: one for one in SurveyAnswer.objects.newest().filter(place=place, term=term)}
    changed = {
        factor: answer
        for factor, answer in answers.items()
        if answer != _as_answer(held.get(factor)) and not (answer == Answer(None) and factor not in held)
    }
    if not changed:
        return None
    SurveyAnswer.objects.newest().filter(place=place, term=term, factor__in=changed).update(newest=False)
    SurveyAnswer.objects.bulk_create(
        SurveyAnswer(
            place=place,
            term=term,
            factor=factor,
            level=answer.level,
            evidence=answer.evidence,
            by=actor,
            at=at,
        )
        for factor, answer in changed.items()
    )
    rating = _rate(place=place, term=term, at=at)
    append(
        verb="villages.record_survey",
        row=rating,
        actor=actor,
        place=place,
        at=at,
        before={factor: _as_answer(held.get(factor)).level for factor in changed},
        # Evidence may name people: it stays with the answers, which are a history of their own.
        after={factor: answer.level for factor, answer in changed.items()},
    )
    return rating


def _as_answer(held: SurveyAnswer | None) -> Answer:
    return Answer(held.level, held.evidence) if held else Answer(None)


def _check_answers(term: Term, answers: Mapping[str, Answer]) -> None:
    known = {factor.code for factor in risk_model(term.risk_model).factors}
    errors: dict[str, str] = {}
    for factor, answer in answers.items():
        if factor not in known:
            errors[factor] = _("本届采用的风险评估模型没有这项因素。")
        elif answer.level is not None and answer.level >= 2 and not answer.evidence.strip():
            errors[factor] = _("程度为“明显”或“严重”的，请写明依据（什么事、什么时候、怎么知道的）。")
    if errors:
        raise ValidationError(errors)


def _rate(*, place: Place, term: Term, at: datetime) -> Rating:
    """Write the rating that follows from the answers in force.

    A reviewer's decision on the same computed band still stands. On another one it does not:
    until the county decides anew, the harder of the two bands is in force, so that nothing
    grows milder by itself.
    """
    answers = {one.factor: one for one in SurveyAnswer.objects.newest().filter(place=place, term=term)}
    rated = rate(
        model=risk_model(term.risk_model),
        answers={code: answer.level for code, answer in answers.items()},
    )
    previous = Rating.objects.filter(place=place, term=term, current=True).first()
    contributions = [
        {**one, "evidence": answers[one["factor"]].evidence if one["factor"] in answers else ""}
        for one in _plain(rated.as_json()["contributions"])
    ]
    rating = Rating(
        place=place,
        term=term,
        model=term.risk_model,
        score=rated.score,
        completeness=rated.completeness,
        computed_band=rated.band.value,
        band=rated.band.value,
        floors=list(rated.floors),
        contributions=contributions,
        at=at,
    )
    if previous is not None:
        _carry_decision(previous, rating)
        previous.current = False
        previous.save(update_fields=["current"])
    rating.save()
    return rating


def _plain(value: Any) -> list[dict[str, Any]]:
    return list(value)


def _carry_decision(previous: Rating, rating: Rating) -> None:
    if previous.computed_band == rating.computed_band:
        rating.band = previous.band
        rating.decided_by, rating.decided_at = previous.decided_by, previous.decided_at
        rating.decision_reason = previous.decision_reason
    elif _stands(previous) and RuleBand(previous.band).rank > RuleBand(rating.band).rank:
        rating.band = previous.band
        rating.decision_reason = previous.decision_reason or _("沿用县级上次审定的等级，待县级重新审定")


def _stands(previous: Rating) -> bool:
    """Whether the county has decided on it, or it carries on a band the county decided on."""
    return previous.decided_by_id is not None or previous.overridden


@transaction.atomic
def decide_rating(*, rating: Rating, band: str, reason: str, actor: User, at: datetime) -> Rating:
    """Confirm a rating, or override its band with a reason. The computed band stays beside it.

    Raises ValidationError when the rating has been replaced meanwhile, or when another band
    than the computed one is given without a reason.
    """
    take_turn(rating.place)
    rating = Rating.objects.select_related("place", "term").get(pk=rating.pk)
    require(actor, "villages.decide_rating", rating)
    rating.term.require_current()
    if not rating.current:
        raise ValidationError(_("村情调查刚有更新，评级已重新测算。请看过新的评级再审定。"))
    if band not in Band.values or band == Band.UNRATED:
        raise ValidationError({"band": _("请选择四个等级之一。")})
    if band != rating.computed_band and not reason.strip():
        raise ValidationError({"reason": _("与测算等级不同，请写明调整理由。")})
    before = snapshot(rating, DECISION_FIELDS)
    rating.band, rating.decision_reason = band, reason.strip()
    rating.decided_by, rating.decided_at = actor, at
    rating.save(update_fields=["band", "decision_reason", "decided_by", "decided_at"])
    append(
        verb="villages.decide_rating",
        row=rating,
        actor=actor,
        place=rating.place,
        at=at,
        before=before,
        after=snapshot(rating, DECISION_FIELDS),
        reason=reason.strip(),
    )
    return rating
