"""What is known of one person: the statute's facts, the findings, the departments' replies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from candidates.rules.eligibility_law import EligibilityLaw

DATE_FACTS = (
    "sentenced_on",
    "released_on",
    "probation_ended_on",
    "dealt_with_on",
    "sanctioned_on",
    "rights_restored_on",
    "barred_until",
)
"""Every date a finding can carry. Which of them a situation is judged on is the list's."""

FACTS = (*DATE_FACTS, "sanction")

# (earlier, later): a finding in which the later one comes first cannot be true.
_ORDER = (
    ("sentenced_on", "released_on"),
    ("sentenced_on", "probation_ended_on"),
    ("sanctioned_on", "rights_restored_on"),
    ("sanctioned_on", "barred_until"),
)

# Outside these a date is a slip of the hand, and adding years to it could leave the calendar.
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


class Status(StrEnum):
    """How far a finding is proven. Only a confirmed one can bar."""

    CONFIRMED = "confirmed"
    ALLEGED = "alleged"
    CLEARED = "cleared"


class Reply(StrEnum):
    """A department's answer; one that has not answered has no reply at all."""

    NO_RECORD = "no_record"
    RECORD = "record"


Replies = Mapping[str, Reply | None]
"""Department to its reply; a department left out has not answered."""

Concerning = Mapping[str, Sequence[str]]
"""Department to the situations its record is about; left out or empty: it has not said."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """What the statute asks of a person. None means: not known."""

    born: date
    deprived_of_political_rights: bool | None = False
    registered_voter: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One fact found about a person, under one situation (or unsuitable fact) of the list."""

    situation: str
    status: Status
    sentenced_on: date | None = None
    released_on: date | None = None
    probation_ended_on: date | None = None
    dealt_with_on: date | None = None
    sanction: str | None = None
    sanctioned_on: date | None = None
    rights_restored_on: date | None = None
    barred_until: date | None = None

    def day(self, fact: str) -> date | None:
        """The date recorded under that name."""
        value: date | None = getattr(self, fact)
        return value


@dataclass(frozen=True)
class Fault:
    """Why the facts as given cannot be read. `key` leads to it, as in `findings[0].released_on`.

    Codes: `unknown_situation`, `unknown_sanction`, `unknown_department`, `misplaced_fact` (not
    a fact of its situation), `implausible_date`, `before_birth` and `out_of_order` (`other`
    is the date that it comes before and cannot).
    """

    key: str
    code: str
    other: str = ""


def faults(
    *,
    law: EligibilityLaw,
    election_day: date,
    person: Person,
    findings: Sequence[Finding],
    replies: Replies,
) -> tuple[Fault, ...]:
    """What in these facts cannot be true, or belongs to nothing the list asks."""
    found = [
        Fault(key, "implausible_date")
        for key, day in (("election_day", election_day), ("person.born", person.born))
        if not EARLIEST <= day <= LATEST
    ]
    for index, finding in enumerate(findings):
        at = f"findings[{index}]"
        found += (
            Fault(f"{at}.{fault.key}", fault.code, fault.other)
            for fault in finding_faults(law=law, person=person, finding=finding)
        )
    known = set(law.departments).union(*(each.departments for each in law.situations))
    found += (Fault(f"replies.{code}", "unknown_department") for code in replies if code not in known)
    return tuple(found)


def finding_faults(*, law: EligibilityLaw, person: Person, finding: Finding) -> tuple[Fault, ...]:
    """The faults of one finding, keyed by its fields: what its form shows beside them."""
    if not law.names(finding.situation):
        return (Fault("situation", "unknown_situation"),)
    situation = law.situation(finding.situation)
    judged_on = situation.facts if situation else ()
    found = [
        Fault(fact, "misplaced_fact")
        for fact in FACTS
        if getattr(finding, fact) is not None and fact not in judged_on
    ]
    if finding.sanction is not None and law.sanction(finding.sanction) is None:
        found.append(Fault("sanction", "unknown_sanction"))
    return (*found, *contradictions(person, finding))


def contradictions(person: Person, finding: Finding) -> tuple[Fault, ...]:
    """Dates of a finding that cannot be true together, or in this person's life."""
    found = []
    for fact in DATE_FACTS:
        day = finding.day(fact)
        if day is None:
            continue
        if not EARLIEST <= day <= LATEST:
            found.append(Fault(fact, "implausible_date"))
        elif day < person.born:
            found.append(Fault(fact, "before_birth", "born"))
    for first, then in _ORDER:
        earlier, later = finding.day(first), finding.day(then)
        if earlier and later and later < earlier:
            found.append(Fault(then, "out_of_order", first))
    return tuple(found)
