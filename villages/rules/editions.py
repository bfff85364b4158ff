"""Which numbers of a rulebook a document may change.

What a higher document sets, a lower one may make stricter, never looser (立法法: what is lower
may not go against what is higher). A city once had its final list of candidates published on the
fourth day before the vote where the provinces say the fifth: looser, and void. Its first voter
list on the twenty-eighth day, where the law says the twentieth, is stricter, and stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

# From whoever binds fewest to what binds everybody.
RANKS: Mapping[str, int] = {"arrangement": 0, "local_rule": 1, "law": 2}

Stricter = Literal["lower", "higher"]

# A step must be done by its last day: an earlier one is stricter. It may not be done before its
# first, and a period open to people may not end before its last: later ones are stricter.
_ENDS: Mapping[str, Stricter] = {"latest": "lower", "earliest": "higher", "open_until": "higher"}
# Steps that end a right: an earlier end takes some of it away, a later one breaks the law.
_END_OF_A_RIGHT = frozenset(
    {"objections_closed", "self_nomination_closed", "withdrawals_closed", "proxies_closed"}
)
# A range of the law may be narrowed, not widened.
_RANGES = frozenset({"seats", "election_committee_size", "surplus", "party_seats"})
_RANGE_ENDS: Mapping[str, Stricter] = {"least": "higher", "most": "lower"}
# Numbers that a law calls "at least" or "at most".
_LIMITS: Mapping[str, Stricter] = {
    "proxies_per_holder.value": "lower",
    "roving_box_scrutineers.value": "higher",
    "vacancy.value.least_elected": "higher",
    "party_surplus.value.numerator": "higher",
    "party_surplus.value.denominator": "lower",
}


@dataclass(frozen=True)
class Standing:
    """A number as one document has set it; ``rank`` is the document's, a key of RANKS."""

    value: int
    rank: str
    cited: str


@dataclass(frozen=True)
class Refusal:
    """Why a document may not set a number so, and the higher document's setting that forbids it.

    "looser": it would loosen what the higher document sets. "fixed": the higher document leaves
    nothing to make stricter, such as who is elected by how many votes.
    """

    code: Literal["looser", "fixed"]
    by: Standing


def stricter(path: str) -> Stricter | None:
    """Which way a number gets stricter; None for one that is what it is, neither floor nor ceiling.

    Votes and turnout needed, ages and years are such: a county that asked for more than half
    would keep out whom the voters have elected (art. 15), so neither way is a county's to go.
    """
    keys = path.split(".")
    if keys[-1] == "days" and keys[-2] in _ENDS:
        ends_a_right = keys[-3] in _END_OF_A_RIGHT and keys[-2] == "latest"
        return None if ends_a_right else _ENDS[keys[-2]]
    if keys[0] == "parameters" and keys[1] in _RANGES:
        return _RANGE_ENDS.get(keys[-1])
    return _LIMITS.get(".".join(keys[1:])) if keys[0] == "parameters" else None


def refusal(*, path: str, settings: Sequence[Standing], new: int, rank: str) -> Refusal | None:
    """Why a document of this rank may not set the number to ``new``; None if it may.

    ``settings`` is what documents have set the number to, oldest first; the last holds. A county
    that has made a number stricter may go back on it, but never behind what a higher document
    last set, whatever was changed in between.
    """
    newest = {one.rank: one for one in settings if RANKS[one.rank] > RANKS[rank]}
    higher = sorted(newest.values(), key=lambda one: RANKS[one.rank])
    if not higher:
        return None
    towards = stricter(path)
    if towards is None:
        return Refusal("fixed", higher[0])
    if not _looser(new, settings[-1].value, towards):
        return None
    return next((Refusal("looser", one) for one in higher if _looser(new, one.value, towards)), None)


def _looser(new: int, old: int, towards: Stricter) -> bool:
    return new > old if towards == "lower" else new < old
