"""How hard one village's election will be, from what is known of the village.

The model's factors, weights, floors and bands are handed in. All sums are exact; figures are
rounded only to be shown, so a village just short of a threshold stays short of it.
A rating is a village's, never a villager's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

HIGHEST_LEVEL = 3
"""Levels: 0 none, 1 slight, 2 marked, 3 severe."""


class Band(StrEnum):
    """What a village is called; the order is that of difficulty, unrated before all."""

    UNRATED = "unrated"
    SETTLED = "settled"
    ORDINARY = "ordinary"
    KEY = "key"
    DIFFICULT = "difficult"

    @property
    def rank(self) -> int:
        """0 for unrated up to 4 for difficult."""
        return tuple(Band).index(self)


@dataclass(frozen=True)
class Floor:
    """From `level` of its factor on, a village is in `band` at least."""

    level: int
    band: Band


@dataclass(frozen=True)
class FactorLaw:
    """One factor of a model: its weight (a whole number above 0) and its floor, if any."""

    code: str
    weight: int
    floor: Floor | None = None


@dataclass(frozen=True, kw_only=True)
class RiskModel:
    """A model's values. `bands` are (from this score on, band), lowest first, the first at 0;
    `least_completeness` is the share of weight that must have a level for a rating."""

    factors: tuple[FactorLaw, ...]
    bands: tuple[tuple[int, Band], ...]
    least_completeness: Fraction

    def __post_init__(self) -> None:
        starts = [start for start, _ in self.bands]
        if not starts or starts[0] != 0 or starts != sorted(set(starts)):
            raise ValueError("bands start at 0 and rise")
        if not self.factors or any(each.weight < 1 for each in self.factors):
            raise ValueError("a model has factors, each with a weight of at least 1")


@dataclass(frozen=True)
class Contribution:
    """What one factor adds to the score. `level` is None where nobody has answered.

    `points` of `most` are weight x level of weight x 3; `share` is what the factor adds to
    the score, in points of a hundred (exact).
    """

    factor: str
    weight: int
    level: int | None
    points: int
    most: int
    share: Fraction


@dataclass(frozen=True)
class Easing:
    """What the village would be rated if one factor were settled (level 0)."""

    factor: str
    score: Decimal
    band: Band


@dataclass(frozen=True, kw_only=True)
class RiskRating:
    """One village's rating and all it rests on; what a rating snapshots.

    `score` 0-100 to one decimal, None where nothing is known; `completeness` 0-1 to two.
    `computed_band` is the band before floors; `floors` are the factors that lifted it.
    `easings` name what would lower the rating most, the best first.
    """

    score: Decimal | None
    exact_score: Fraction | None
    completeness: Decimal
    computed_band: Band
    band: Band
    floors: tuple[str, ...]
    contributions: tuple[Contribution, ...]
    easings: tuple[Easing, ...]
    unanswered: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """The rating in plain values, as the command prints and a snapshot keeps it."""
        return {
            "score": None if self.score is None else float(self.score),
            "completeness": float(self.completeness),
            "band": self.band.value,
            "computed_band": self.computed_band.value,
            "floors": list(self.floors),
            "contributions": [
                {
                    "factor": each.factor,
                    "weight": each.weight,
                    "level": each.level,
                    "points": each.points,
                    "most": each.most,
                    "share": float(_rounded(each.share, 1)),
                }
                for each in self.contributions
            ],
            "easings": [
                {"factor": each.factor, "score": float(each.score), "band": each.band.value}
                for each in self.easings
            ],
            "unanswered": list(self.unanswered),
        }


class UnreadableAnswer(ValueError):
    """An answer to a factor that the model lacks, or a level outside 0-3."""

    def __init__(self, factor: str, message: str) -> None:
        self.factor = factor
        self.message = message
        super().__init__(f"{factor}: {message}")


def rate(*, model: RiskModel, answers: Mapping[str, int | None]) -> RiskRating:
    """Rate one village by a model (风险评估模型).

    Score = 100 x sum(weight x level) / sum(3 x weight), over the factors that have a level.
    Unrated while too little is known; a floor lifts a village even then.
    """
    _refuse_unreadable(model, answers)
    score, completeness = _score(model, answers), _completeness(model, answers)
    computed = _computed_band(model, score, completeness)
    lifting = _lifting(model, answers, computed)
    answered = sum(each.weight for each in model.factors if answers.get(each.code) is not None)
    return RiskRating(
        score=None if score is None else _rounded(score, 1),
        exact_score=score,
        completeness=_rounded(completeness, 2),
        computed_band=computed,
        band=_highest(computed, lifting),
        floors=tuple(each.code for each in lifting),
        contributions=tuple(_contribution(each, answers.get(each.code), answered) for each in model.factors),
        easings=_easings(model, answers),
        unanswered=tuple(each.code for each in model.factors if answers.get(each.code) is None),
    )


def _refuse_unreadable(model: RiskModel, answers: Mapping[str, object]) -> None:
    known = {each.code for each in model.factors}
    for factor, level in answers.items():
        if factor not in known:
            raise UnreadableAnswer(factor, "is not a factor of this model")
        # A boolean is an int to Python and no level to anybody else.
        if level is not None and (
            isinstance(level, bool) or not isinstance(level, int) or not 0 <= level <= HIGHEST_LEVEL
        ):
            raise UnreadableAnswer(factor, f"must be a whole number from 0 to {HIGHEST_LEVEL}")


def _score(model: RiskModel, answers: Mapping[str, int | None]) -> Fraction | None:
    points = most = 0
    for factor in model.factors:
        level = answers.get(factor.code)
        if level is not None:
            points += factor.weight * level
            most += factor.weight * HIGHEST_LEVEL
    return Fraction(100 * points, most) if most else None


def _completeness(model: RiskModel, answers: Mapping[str, int | None]) -> Fraction:
    answered = sum(each.weight for each in model.factors if answers.get(each.code) is not None)
    return Fraction(answered, sum(each.weight for each in model.factors))


def _computed_band(model: RiskModel, score: Fraction | None, completeness: Fraction) -> Band:
    if score is None or completeness < model.least_completeness:
        return Band.UNRATED
    return [band for start, band in model.bands if score >= start][-1]


def _lifting(model: RiskModel, answers: Mapping[str, int | None], computed: Band) -> list[FactorLaw]:
    """The factors whose floor is above the band that the score alone gives."""
    return [
        each
        for each in model.factors
        if each.floor
        and (answers.get(each.code) or 0) >= each.floor.level
        and each.floor.band.rank > computed.rank
    ]


def _highest(computed: Band, lifting: list[FactorLaw]) -> Band:
    floors = [each.floor.band for each in lifting if each.floor]
    return max([computed, *floors], key=lambda band: band.rank)


def _contribution(factor: FactorLaw, level: int | None, answered: int) -> Contribution:
    points, most = factor.weight * (level or 0), factor.weight * HIGHEST_LEVEL
    share = Fraction(100 * points, answered * HIGHEST_LEVEL) if answered else Fraction(0)
    return Contribution(factor.code, factor.weight, level, points, most, share)


def _easings(model: RiskModel, answers: Mapping[str, int | None]) -> tuple[Easing, ...]:
    """Each troubled factor settled by itself: the lowest band first, then the lowest score."""
    found = []
    for position, factor in enumerate(model.factors):
        if not answers.get(factor.code):
            continue
        settled = {**answers, factor.code: 0}
        score = _score(model, settled)
        if score is None:
            continue
        computed = _computed_band(model, score, _completeness(model, settled))
        band = _highest(computed, _lifting(model, settled, computed))
        order = (band.rank, score, position)
        found.append((order, Easing(factor.code, _rounded(score, 1), band)))
    return tuple(easing for _, easing in sorted(found, key=lambda each: each[0]))


def _rounded(value: Fraction, decimals: int) -> Decimal:
    """Half up, computed on the exact fraction: 2.25 is shown as 2.3, never as 2.2."""
    scaled = value * 10**decimals
    nearest = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(nearest).scaleb(-decimals)
