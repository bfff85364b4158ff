"""Answers to the survey that add up to the band the plot asks for, each with what it rests on."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from ballots.demo.chance import dice, texts
from ballots.demo.plots import Plot, audit_state
from ballots.demo.profiles import words_of
from villages.law import risk_model
from villages.rules.risk import Band, RiskRating, rate

MODEL = "default-2026"
_LAST_TRY = 2000
# How often each level is answered in a village of the band.
_LEVELS = {
    "settled": (74, 22, 4, 0),
    "ordinary": (40, 32, 24, 4),
    "key": (16, 30, 40, 14),
    "difficult": (6, 16, 40, 38),
}
# Levels from which these factors lift a village into a harder band.
_FLOORS = {"no_last_election": 2, "clan_factions": 3, "bribery_signs": 3, "public_order": 3}
# What lifts a village that would be milder by its score alone.
_LIFTING = {"key": ("no_last_election",), "difficult": ("clan_factions", "bribery_signs", "public_order")}
_MILDER = {"key": "ordinary", "difficult": "key"}
_ANSWERED_WHEN_UNRATED = (
    "no_last_election", "incomplete_team", "poor_nobody_wants", "low_capability", "voters_away",
    "demolition_merger", "harsh_style",
)  # fmt: skip
_SPECIAL_LEVELS: dict[str, dict[str, int]] = {
    "clans": {"clan_factions": 3, "audit_problems": 1, "legacy_problems": 2},
    "two_peoples": {
        "ethnic_split": 2, "no_last_election": 2, "weak_team": 2, "tense_relations": 2, "clan_factions": 1,
        "audit_problems": 0, "legacy_problems": 1, "bribery_signs": 0, "public_order": 0,
    },
    "overdue": {"audit_problems": 2, "legacy_problems": 3, "tense_relations": 2},
    "register": {"legacy_problems": 1},
}  # fmt: skip


@dataclass(frozen=True)
class SurveyStory:
    """Levels and evidence by factor, the rating that follows, and the day they were answered."""

    levels: dict[str, int]
    evidence: dict[str, str]
    rating: RiskRating
    answered_on: date

    @property
    def hardest(self) -> list[str]:
        """The factors that weigh most, the hardest first."""
        troubled = [each for each in self.rating.contributions if each.points and (each.level or 0) >= 2]
        return [each.factor for each in sorted(troubled, key=lambda each: -each.points)]


def survey_of(
    code: str, plot: Plot, profile: dict[str, Any], *, today: date, surveyed_on: date | None
) -> SurveyStory:
    """Answer the survey of one village."""
    chance = dice(code, "survey")
    fixed = {"ethnic_split": 0, "voters_away": _level_of_voters_away(profile)}
    fixed |= _SPECIAL_LEVELS.get(plot.special, {})
    levels = _levels(plot, chance, fixed)
    answered_on = min(surveyed_on or today, today - timedelta(days=chance.randint(2, 20)))
    return SurveyStory(
        levels=levels,
        evidence={
            factor: _evidence(code, plot, factor, level, profile, today) for factor, level in levels.items()
        },
        rating=rate(model=risk_model(MODEL), answers=levels),
        answered_on=answered_on,
    )


def _level_of_voters_away(profile: dict[str, Any]) -> int:
    """As the model's sentences have it: a tenth, three tenths, half."""
    tenths = 10 * profile["voters_away"] / profile["voters"]
    return sum(tenths >= least for least in (1, 3, 5))


def _levels(plot: Plot, chance: Random, fixed: dict[str, int]) -> dict[str, int]:
    """Try until the model agrees with the plot; the dice are the village's own, so it always ends alike."""
    factors = [factor.code for factor in risk_model(MODEL).factors]
    if plot.band == "unrated":
        return {factor: fixed.get(factor, chance.choice((0, 0, 1))) for factor in _ANSWERED_WHEN_UNRATED}
    lifting = _LIFTING.get(plot.band, ()) if plot.floor else ()
    weights = _LEVELS[_MILDER[plot.band] if lifting else plot.band]
    unanswered = set(chance.sample(factors, chance.choice((0, 0, 0, 1, 2)))) - fixed.keys()
    for _ in range(_LAST_TRY):
        levels = {
            factor: fixed.get(factor, chance.choices(range(4), weights=weights)[0])
            for factor in factors
            if factor not in unanswered
        }
        levels = {factor: _below_floor(factor, level, fixed) for factor, level in levels.items()}
        if lifting and lifting[0] not in fixed:
            factor = chance.choice(lifting)
            levels[factor] = _FLOORS[factor]
        rated = rate(model=risk_model(MODEL), answers=levels)
        if rated.band is Band(plot.band) and bool(rated.floors) is bool(lifting):
            return levels
    raise RuntimeError(f"no answers make a village {plot.band}")


def _below_floor(factor: str, level: int, fixed: dict[str, int]) -> int:
    floor = _FLOORS.get(factor)
    return level if floor is None or factor in fixed else min(level, floor - 1)


def _evidence(code: str, plot: Plot, factor: str, level: int, profile: dict[str, Any], today: date) -> str:
    if factor == "ethnic_split" and plot.special == "two_peoples":
        return str(texts("plans")["two_peoples"]["evidence"]).format(minority=profile["minority_people"])
    sentences = texts("evidence")[factor][_key(code, plot, factor, level)]
    chosen = dice(code, "evidence", factor).choice(sentences)
    return str(chosen).format(**words_of(code, profile, today, factor))


def _key(code: str, plot: Plot, factor: str, level: int) -> int | str:
    """Which sentences to choose from: those of the level, or for an audit not ready, of its state."""
    if factor == "audit_problems" and level == 2:
        waiting = {"completed": "unpublished", "draft": "unfinished", "": "unfinished"}
        return waiting.get(audit_state(code, plot, level), level)
    return level


def decision_of(code: str, plot: Plot, survey: SurveyStory) -> tuple[str, str] | None:
    """The band the county set and why, None while it has not decided."""
    if plot.decision == "waiting":
        return None
    band = survey.rating.band
    if plot.decision == "confirmed":
        return band.value, ""
    step = 1 if plot.decision == "up" else -1
    reasons = texts("plans")["overrides"][plot.decision]
    return tuple(Band)[band.rank + step].value, str(dice(code, "decision").choice(reasons))
