"""Who may see and do the steps of an election."""

import rules

from ballots.actions.steps import CONFIDENTIAL
from ballots.models import Step, Violation
from ballots.offices import records
from election_admin.accounts.access import holds
from election_admin.accounts.models import Role, User

rules.add_perm("ballots.see_procedure", holds(Role.TOWNSHIP, Role.COUNTY, Role.COMMITTEE))
rules.add_perm("ballots.open_occasion", holds(Role.TOWNSHIP))
rules.add_perm("ballots.see_teams", holds(Role.TOWNSHIP, Role.COUNTY))
rules.add_perm("ballots.keep_teams", holds(Role.TOWNSHIP))
rules.add_perm("ballots.record_step", holds(Role.TOWNSHIP, Role.COMMITTEE))
rules.add_perm("ballots.draft_notice", holds(Role.TOWNSHIP, Role.COMMITTEE))
rules.add_perm("ballots.keep_roll", holds(Role.TOWNSHIP, Role.COMMITTEE))
rules.add_perm("ballots.keep_committee", holds(Role.TOWNSHIP, Role.COMMITTEE))


@rules.predicate
def may_know_of_step(user: User, row: Step | Violation | None = None) -> bool:
    """Whether the user may know of a step or a violation at it: some steps tell how a village is rated."""
    step = row.step if isinstance(row, Violation) else row
    return step is None or step.code not in CONFIDENTIAL or user.has_perm("villages.see_facts", row)


@rules.predicate
def records_step(user: User, step: Step | None = None) -> bool:
    """Whether the user's office is one of those that the rulebook names for recording a step."""
    return step is not None and records(user, step.election, step.code)


rules.add_perm("ballots.attach_to_step", records_step)
rules.add_perm("ballots.see_step", holds(Role.TOWNSHIP, Role.COUNTY, Role.COMMITTEE) & may_know_of_step)
rules.add_perm("ballots.see_violation", holds(Role.TOWNSHIP, Role.COUNTY, Role.COMMITTEE) & may_know_of_step)
rules.add_perm("ballots.record_violation", holds(Role.TOWNSHIP, Role.COMMITTEE))
rules.add_perm("ballots.withdraw_evidence", holds(Role.TOWNSHIP))
