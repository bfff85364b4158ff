"""Whose offices record a step, as its rulebook names them."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ballots.models import Step
from election_admin.accounts.models import Role, User
from election_admin.sentences import listed
from villages.models import Election
from villages.procedures import course_of

# The offices a rulebook may name for a step, by role and by name.
OFFICES: Mapping[str, tuple[Role, Promise]] = {
    "township": (Role.TOWNSHIP, _lazy("乡镇")),
    "committee": (Role.COMMITTEE, _lazy("村民选举委员会")),
    "county": (Role.COUNTY, _lazy("县级")),
}


def records(user: User, election: Election, code: str) -> bool:
    """Whether the user holds one of the offices that may record a step of this election."""
    law = course_of(election).steps.get(code)
    named = law.recorded_by if law else ()
    return any(user.holds(OFFICES[office][0], election.place) for office in named)


def recorder_sentence(election: Election, code: str) -> str:
    """Whose offices record a step."""
    offices = course_of(election).steps[code].recorded_by
    return _("这一步由%s登记。") % listed(OFFICES[office][1] for office in offices)


def usual_doer(election: Election, code: str) -> str:
    """Who does a step by the rulebook, in the reader's language, as far as a line holds it."""
    longest = Step._meta.get_field("done_by").max_length
    return course_of(election).steps[code].who.in_(get_language() or "")[:longest]
