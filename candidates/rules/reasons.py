"""Why a situation holds, is clear or is not established, for machines to keep and recompute.

A reason carries codes, dates and numbers, no words: `candidates.lexicon` puts it in a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date


@dataclass(frozen=True)
class Reason:
    """One step of a judgement. What does not apply to a code is left empty.

    About a situation of the list:
    `term_running`, `term_over` (fewer, or no longer fewer, than `months` since the date
    `since` recorded as `fact`; `until` is the anniversary); `barred_until_running`,
    `barred_until_over` (the discipline department's own date); `end_not_recorded`,
    `rights_not_restored` (`fact` is not recorded, so it cannot have ended); `no_end`;
    `alleged`; `date_missing`, `sanction_missing` (`fact` must be asked for); `contradiction`
    (`fact` cannot be true beside the others); `sanction_without_bar`; `finding_cleared`;
    `reply_missing`, `record_unexplained`, `no_record` (`departments`).

    About the verdict: `under_18` (born `since`, of age on `until`),
    `deprived_of_political_rights`, `not_registered`, `fact_not_known`, `replies_missing`.

    Warnings: `unsuitable_confirmed`, `unsuitable_alleged` (`situation` is the unsuitable fact),
    `record_outside_list` (of departments that answer for no situation), `record_not_of_list` (of
    others, who say that theirs is about none of them).
    """

    code: str
    on: date
    """Election day, on which all is judged."""
    situation: str = ""
    fact: str = ""
    since: date | None = None
    until: date | None = None
    """First day on which it no longer holds."""
    months: int | None = None
    sanction: str = ""
    departments: tuple[str, ...] = ()

    def coded(self, code: str) -> Reason:
        """The same facts under another code."""
        return replace(self, code=code)

    def as_json(self) -> dict[str, object]:
        """Plain values; what does not apply is left out."""
        plain: dict[str, object] = {"code": self.code, "on": self.on.isoformat()}
        for name in ("situation", "fact", "months", "sanction"):
            if getattr(self, name):
                plain[name] = getattr(self, name)
        for name, day in (("since", self.since), ("until", self.until)):
            if day:
                plain[name] = day.isoformat()
        if self.departments:
            plain["departments"] = list(self.departments)
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, object]) -> Reason:
        """The reason that `as_json` wrote, as a snapshot gives it back."""
        departments = plain.get("departments", ())
        months = plain.get("months")
        return cls(
            code=str(plain["code"]),
            on=date.fromisoformat(str(plain["on"])),
            situation=str(plain.get("situation", "")),
            fact=str(plain.get("fact", "")),
            since=_day(plain.get("since")),
            until=_day(plain.get("until")),
            months=int(str(months)) if months is not None else None,
            sanction=str(plain.get("sanction", "")),
            departments=tuple(map(str, departments)) if isinstance(departments, Sequence) else (),
        )


def _day(value: object) -> date | None:
    return date.fromisoformat(str(value)) if value else None
