"""An eligibility list from the rulebooks, as the rules ask for it."""

from functools import cache

from candidates.rules.eligibility_law import EligibilityLaw, SanctionLaw, SituationLaw
from election_admin.rulebooks.eligibility_lists import (
    EligibilityList,
    Sanction,
    Situation,
    load_eligibility_list,
)

_MONTHS_IN_A_YEAR = 12


@cache
def eligibility_law(list_id: str) -> EligibilityLaw:
    """The law of the list with that id; UnknownRulebook if there is none."""
    return law_of(load_eligibility_list(list_id))


def law_of(source: EligibilityList) -> EligibilityLaw:
    """The values of a loaded list, such as a county's own copy."""
    return EligibilityLaw(
        voting_age=source.voting_age.value,
        situations=tuple(_situation(each) for each in source.situations),
        departments=source.departments.value,
        sanctions=tuple(_sanction(each) for each in source.sanctions),
        unsuitable=tuple(each.code for each in source.unsuitable),
    )


def _situation(source: Situation) -> SituationLaw:
    term = source.term
    return SituationLaw(
        code=source.code,
        ending=source.ends,
        departments=source.departments,
        facts=source.facts,
        months=term.years * _MONTHS_IN_A_YEAR if term else None,
        since=term.since if term else (),
        undated_holds=term is not None and term.undated == "holds",
    )


def _sanction(source: Sanction) -> SanctionLaw:
    return SanctionLaw(
        code=source.code,
        months=source.months,
        since=source.since,
        undated_holds=source.undated == "holds",
    )
