"""How the demo's candidates were nominated: who signed, for which posts, with how many votes."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

from ballots.demo.chance import dice
from ballots.demo.people import CandidateStory

# Of those whose lists are kept by name, so many signed.
FEWEST, MOST = 12, 34
_SECOND_SHARE = 0.05


def nominated(
    code: str,
    told: Iterable[CandidateStory],
    profile: dict[str, Any],
    done: dict[str, date],
    roll: Collection[dict[str, Any]],
    *,
    mode: str,
) -> list[CandidateStory]:
    """The candidates with the votes they received, and the names of who signed where a roll is kept."""
    chance = dice(code, "nominations")
    rows = [_second_post(each, done, mode, chance) for each in told]
    if mode == "nominated" and "preliminary_list_published" in done:
        rows = _voted_on(rows, profile, chance)
    names = sorted({voter["name"] for voter in roll})
    return [_signed(each, names, chance) for each in rows]


def _second_post(
    candidate: CandidateStory, done: dict[str, date], mode: str, chance: Random
) -> CandidateStory:
    """A few were nominated for two posts, and have chosen one before they were sent up."""
    again = chance.random() < _SECOND_SHARE
    if mode != "nominated" or not again or candidate.other_post or candidate.values["post"] != "vice_chair":
        return candidate
    return replace(candidate, other_post="member", chosen_on=done["nominations_done"])


def _voted_on(rows: list[CandidateStory], profile: dict[str, Any], chance: Random) -> list[CandidateStory]:
    """Nobody has as many votes as another: where they are equal the law wants another vote."""
    voters = max(profile["voters"], 4 * len(rows))
    counts = chance.sample(range(voters // 12, voters // 2 + len(rows)), len(rows))
    return [replace(each, votes=count) for each, count in zip(rows, counts, strict=True)]


def _signed(candidate: CandidateStory, names: list[str], chance: Random) -> CandidateStory:
    """The names on a joint nomination's paper, each once, without the nominee's own."""
    if candidate.values["how"] != "joint" or not names:
        return candidate
    others = [name for name in names if name != candidate.person["name"]]
    signed = tuple(chance.sample(others, chance.randint(FEWEST, MOST)))
    return replace(candidate, names=signed, values={**candidate.values, "supporters": len(signed)})
