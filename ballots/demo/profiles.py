"""Invented figures of a village: people, surnames, property."""

from datetime import date
from decimal import Decimal
from typing import Any

from ballots.demo.chance import dice
from ballots.demo.plots import Plot

SURNAMES = (
    "陈", "王", "徐", "张", "章", "罗", "谢", "何", "俞", "金", "钱", "严", "丁", "夏", "杜", "孙", "阮",
    "沈", "胡", "倪", "石", "赵", "宋", "范", "任", "朱", "顾", "郑", "董", "叶",
)  # fmt: skip
MINORITY_SHARE_OF_THE_MIXED_VILLAGE = 0.28
# Shares of voters away, and how often a village has so many.
_AWAY = ((0.04, 0.09), (0.11, 0.28), (0.11, 0.28), (0.31, 0.47), (0.51, 0.62))


def profile_of(code: str, plot: Plot) -> dict[str, Any]:
    """The village's figures; keys are those of its profile, and ``other_clan`` beside them."""
    chance = dice(code, "profile")
    population = chance.randrange(620, 3500)
    voters = round(population * chance.uniform(0.78, 0.86))
    least, most = chance.choices(_AWAY, weights=(30, 30, 22, 14, 4))[0]
    clan, other = chance.sample(SURNAMES, 2)
    share = chance.randrange(38, 58) if plot.special == "clans" else chance.randrange(12, 46)
    mixed = plot.special == "two_peoples"
    minority = _minority(population, chance.random(), mixed=mixed)
    assets = chance.randrange(600_000, 28_000_000, 10_000)
    return {
        "population": population,
        "households": round(population / chance.uniform(2.7, 3.3)),
        "groups": max(6, population // 190) if mixed else max(3, population // 190),
        "voters": voters,
        "voters_away": round(voters * chance.uniform(least, most)),
        "party_members": round(population * chance.uniform(0.03, 0.055)),
        "minority_people": minority,
        "ethnic_groups": "汉族、回族" if mixed else "汉族、苗族、土家族" if minority > 20 else "汉族",
        "largest_clan": clan,
        "largest_clan_share": share,
        "collective_assets": Decimal(assets),
        "collective_income": Decimal(round(assets * chance.uniform(0.03, 0.11), -2)),
        "land_under_requisition": Decimal(chance.randrange(12, 160)) if chance.random() < 0.12 else None,
        "remark": "",
        "other_clan": other,
    }


def _minority(population: int, roll: float, *, mixed: bool) -> int:
    if mixed:
        return round(population * MINORITY_SHARE_OF_THE_MIXED_VILLAGE)
    return round(roll * 40) if roll < 0.8 else 0


def words_of(code: str, profile: dict[str, Any], today: date, about: object) -> dict[str, Any]:
    """What the sentences about this village may name."""
    chance = dice(code, "words", about)
    first = chance.randint(1, profile["groups"])
    second = first % profile["groups"] + 1
    away = 100 * profile["voters_away"] / profile["voters"]
    return {
        "clan": profile["largest_clan"],
        "other": profile["other_clan"],
        "n": first,
        "o": second,
        "y": today.year - chance.randint(1, 3),
        "last": today.year - 5,
        "m": chance.randint(1, max(1, today.month - 1)),
        "m2": chance.choice((5, 10, 15, 20)),
        "k": chance.randint(3, 7),
        "away": round(away),
        "minority": profile["minority_people"],
    }
