"""`manage.py assess_eligibility`: judge one person, or a list of cases, without a database."""

from dataclasses import field
from typing import Annotated, Literal

from pydantic import BeforeValidator
from pydantic.dataclasses import dataclass

from candidates.law import eligibility_law
from candidates.rules.eligibility import assess
from candidates.rules.eligibility_law import EligibilityLaw
from candidates.rules.facts import Finding, Person, Replies, Reply, Status, faults
from election_admin.cases import CaseCommand, CaseError, Day
from election_admin.rulebooks.values import STRICT

_WRONG = {
    "unknown_situation": "is not a situation of this list",
    "unknown_sanction": "is not a sanction of this list",
    "unknown_department": "is not a department of this list",
    "misplaced_fact": "is not a fact that this situation is judged on",
    "implausible_date": "is outside the years 1900 to 2199",
    "before_birth": "is before the person was born",
    "out_of_order": "is before {other}",
}


def _reply(value: object) -> object:
    if value not in (None, *Reply):
        raise ValueError(f"must be {Reply.NO_RECORD}, {Reply.RECORD} or null")
    return value


@dataclass(frozen=True, kw_only=True, config=STRICT)
class PersonShape:
    """The person of a case, as JSON gives it."""

    born: Day
    deprived_of_political_rights: bool | None = False
    registered_voter: bool | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class FindingShape:
    """A finding of a case, as JSON gives it."""

    situation: str
    status: Status
    sentenced_on: Day | None = None
    released_on: Day | None = None
    probation_ended_on: Day | None = None
    dealt_with_on: Day | None = None
    sanction: str | None = None
    sanctioned_on: Day | None = None
    rights_restored_on: Day | None = None
    barred_until: Day | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class EligibilityCase:
    """One person against one list. `replies` may say `all_no_record` for every department.

    `concerning`, which may be left out, says which situations a department's record is about.
    """

    list: str
    election_day: Day
    person: PersonShape
    findings: tuple[FindingShape, ...]
    replies: Literal["all_no_record"] | dict[str, Annotated[Reply | None, BeforeValidator(_reply)]]
    concerning: dict[str, tuple[str, ...]] = field(default_factory=dict)


class Command(CaseCommand[EligibilityCase]):
    """Reads cases and prints a judgement for each."""

    help = "Judge persons against an eligibility list: JSON cases in, JSON judgements out."
    shape = EligibilityCase
    rulebook_key = "list"

    def answer(self, case: EligibilityCase) -> object:
        """The judgement of one case in plain values."""
        law = eligibility_law(case.list)
        person = Person(**vars(case.person))
        findings = [Finding(**vars(each)) for each in case.findings]
        replies = _replies(case, law)
        for fault in faults(
            law=law,
            election_day=case.election_day,
            person=person,
            findings=findings,
            replies=replies,
        ):
            raise CaseError(fault.key, _WRONG[fault.code].format(other=fault.other))
        _check_concerning(case, law)
        return assess(
            law=law,
            election_day=case.election_day,
            person=person,
            findings=findings,
            replies=replies,
            concerning=case.concerning,
        ).as_json()


def _check_concerning(case: EligibilityCase, law: EligibilityLaw) -> None:
    for department, situations in case.concerning.items():
        if department not in law.departments:
            raise CaseError(f"concerning.{department}", _WRONG["unknown_department"])
        for index, situation in enumerate(situations):
            if law.situation(situation) is None:
                raise CaseError(f"concerning.{department}[{index}]", _WRONG["unknown_situation"])


def _replies(case: EligibilityCase, law: EligibilityLaw) -> Replies:
    if isinstance(case.replies, str):
        return dict.fromkeys(law.departments, Reply.NO_RECORD)
    return case.replies
