"""What an eligibility list says, in the form the rules ask for it. The values are a rulebook's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True, kw_only=True)
class SanctionLaw:
    """One Party sanction (纪律处分条例): how long it bars from office, and from which date.

    `months` is None where the list attaches no bar to it; `since` names the finding's date
    that is counted from. `undated_holds`: it bars for as long as that date is not recorded
    (probation 留党察看 lasts until rights are restored).
    """

    code: str
    months: int | None
    since: str
    undated_holds: bool = False


@dataclass(frozen=True, kw_only=True)
class SituationLaw:
    """One situation of the list.

    `ending` says how it ends: `term` (so many `months` after the latest of the dates named
    in `since`), `sanction` (as its Party sanction says) or `never` (while it is confirmed).
    `undated_holds`: with none of those dates recorded it cannot have ended, so it holds.
    `facts` are the fields it is judged on, `departments` those that answer for it.
    """

    code: str
    ending: Literal["term", "sanction", "never"]
    departments: tuple[str, ...]
    facts: tuple[str, ...] = ()
    months: int | None = None
    since: tuple[str, ...] = ()
    undated_holds: bool = False

    def __post_init__(self) -> None:
        if self.ending == "term" and (self.months is None or not self.since):
            raise ValueError(f"{self.code}: a term needs months and the dates it runs from")
        if not self.departments:
            # With nobody to ask, silence would clear.
            raise ValueError(f"{self.code}: no department answers for it")


@dataclass(frozen=True, kw_only=True)
class EligibilityLaw:
    """The values of one eligibility list, in its order.

    `departments` must all have answered before anyone is qualified; `unsuitable` are the
    facts that make a person 不宜当选: they are pointed out and bar nobody. `voting_age` is in
    years (组织法 art. 13).
    """

    voting_age: int
    situations: tuple[SituationLaw, ...]
    departments: tuple[str, ...]
    sanctions: tuple[SanctionLaw, ...] = ()
    unsuitable: tuple[str, ...] = ()

    def situation(self, code: str) -> SituationLaw | None:
        """The situation of that code, or None if the list has none."""
        return next((each for each in self.situations if each.code == code), None)

    def sanction(self, code: str | None) -> SanctionLaw | None:
        """The Party sanction of that code, or None if the list has none."""
        return next((each for each in self.sanctions if each.code == code), None)

    def names(self, code: str) -> bool:
        """Whether a finding of that code may be asked for at all."""
        return code in self.unsuitable or self.situation(code) is not None

    def as_json(self) -> dict[str, Any]:
        """The values in plain lists and mappings, as what somebody was judged by is kept."""
        return asdict(self)

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> EligibilityLaw:
        """The law that `as_json` wrote, whether it went through JSON or not."""
        return cls(
            voting_age=plain["voting_age"],
            situations=tuple(SituationLaw(**_with_tuples(each)) for each in plain["situations"]),
            departments=tuple(plain["departments"]),
            sanctions=tuple(SanctionLaw(**each) for each in plain["sanctions"]),
            unsuitable=tuple(plain["unsuitable"]),
        )


def _with_tuples(plain: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in plain.items()}
