"""The days by which candidates' affairs must be settled, as the election's rulebook sets them."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import get_language

from election_admin.rulebooks.procedures import ELECTION_DAY, PostChoice
from election_admin.rulebooks.values import Sourced
from villages.models import Election
from villages.procedures import course_of, procedure_of

FINAL_LIST = "final_list_published"
WITHDRAWALS = "withdrawals_closed"
SELF_NOMINATION = "self_nomination_closed"


def last_day(election: Election, step: str, election_day: date | None = None) -> date | None:
    """The last day for a step that the rulebook counts from election day; None where it sets none.

    ``election_day`` is a day being thought of in place of the one that is set.
    """
    day = election_day or election.election_day
    law = course_of(election).steps.get(step)
    latest = law.latest if law else None
    if day is None or latest is None or latest.from_ != ELECTION_DAY:
        return None
    return day + timedelta(days=latest.days)


@dataclass(frozen=True)
class Limit:
    """A last day, and the article that sets it in the reader's language."""

    day: date
    article: str


def limit_of(election: Election, step: str) -> Limit | None:
    """The last day for a step and its article; None where no law sets one for this election's mode."""
    law = course_of(election).steps.get(step)
    day = last_day(election, step)
    if law is None or law.latest is None or day is None or not law.applies_in(election.mode):
        return None
    return Limit(day, procedure_of(election).cite(law.latest.source, get_language() or ""))


def post_choice(election: Election) -> Sourced[PostChoice] | None:
    """How the election's rulebook settles which of several posts somebody stands for."""
    return procedure_of(election).parameters.post_choice


def choice_due(election: Election) -> date | None:
    """The last day for that choice; None where the rulebook sets none: then until the vote."""
    law = post_choice(election)
    return last_day(election, law.value.until) if law else None


def final_list_due(election: Election, election_day: date) -> date:
    """The last day for the final list; the election day itself where the rulebook sets none."""
    return last_day(election, FINAL_LIST, election_day) or election_day
