"""Who may see and do the steps of an election."""

import rules

from election_admin.accounts.access import holds
from election_admin.accounts.models import Role

rules.add_perm("ballots.see_procedure", holds(Role.TOWNSHIP, Role.COUNTY, Role.COMMITTEE))
rules.add_perm("ballots.record_step", holds(Role.TOWNSHIP, Role.COMMITTEE))
