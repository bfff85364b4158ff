"""Who may see and record candidates. A department answers; it sees nobody else's answer.

``candidates.look`` opens what its holder may open: an official everything about a candidate, a
department the ID number it has to search for, and nothing else.
"""

from typing import Any

import rules

from candidates.models import Objection
from election_admin.accounts.access import holds
from election_admin.accounts.models import Role, User

rules.add_perm("candidates.see", holds(Role.TOWNSHIP, Role.COUNTY))
rules.add_perm("candidates.record", holds(Role.TOWNSHIP))
rules.add_perm("candidates.look", holds(Role.TOWNSHIP, Role.COUNTY, Role.DEPARTMENT))
# Files with whole ID numbers or findings: the office's own work, never a department's.
rules.add_perm("candidates.export", holds(Role.TOWNSHIP, Role.COUNTY))
# Asked of both candidates: whose office covers both villages says whether they are one person.
rules.add_perm("candidates.tell_apart", holds(Role.TOWNSHIP, Role.COUNTY))
rules.add_perm("candidates.reply", holds(Role.DEPARTMENT))


@rules.predicate
def answers_for(user: User, row: Any = None) -> bool:
    """Whether an enquiry, or an answer, is the user's own department's, where the user answers."""
    return row is not None and any(
        held.role == Role.DEPARTMENT
        and held.department == row.department
        and row.place.code.startswith(held.place.code)
        for held in user.held_memberships
    )


# An enquiry's return letter and the papers of an answer: the department's, and the office's to read.
rules.add_perm("candidates.answer_enquiry", answers_for)
rules.add_perm("candidates.see_answer_papers", answers_for | holds(Role.TOWNSHIP, Role.COUNTY))

# The joint review: the township sends up, the county returns, signs off and settles what is frozen.
rules.add_perm("candidates.see_review", holds(Role.TOWNSHIP, Role.COUNTY))
rules.add_perm("candidates.send_batch", holds(Role.TOWNSHIP))
rules.add_perm("candidates.remind", holds(Role.TOWNSHIP, Role.COUNTY))
rules.add_perm("candidates.sign_off", holds(Role.COUNTY))


@rules.predicate
def brought_to_the_committee(user: Any, row: Any = None) -> bool:
    """Whether the objection was brought to the village's election committee, not past it."""
    return isinstance(row, Objection) and row.office == Objection.Office.COMMITTEE


# Anybody's objection may be brought to the election committee or the township. Whoever it was brought
# to settles it, the township also what the committee received; the county reads.
rules.add_perm("candidates.object", holds(Role.TOWNSHIP, Role.COMMITTEE))
rules.add_perm("candidates.see_objections", holds(Role.TOWNSHIP, Role.COMMITTEE, Role.COUNTY))
rules.add_perm(
    "candidates.read_objection",
    holds(Role.TOWNSHIP, Role.COUNTY) | (holds(Role.COMMITTEE) & brought_to_the_committee),
)
rules.add_perm(
    "candidates.settle_objection",
    holds(Role.TOWNSHIP) | (holds(Role.COMMITTEE) & brought_to_the_committee),
)
