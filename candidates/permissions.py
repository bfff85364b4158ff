"""Who may see and record candidates. A department answers; it sees nobody else's answer.

``candidates.look`` opens what its holder may open: an official everything about a candidate, a
department the ID number it has to search for, and nothing else.
"""

import rules

from election_admin.accounts.access import holds
from election_admin.accounts.models import Role

rules.add_perm("candidates.see", holds(Role.TOWNSHIP, Role.COUNTY))
rules.add_perm("candidates.record", holds(Role.TOWNSHIP))
rules.add_perm("candidates.look", holds(Role.TOWNSHIP, Role.COUNTY, Role.DEPARTMENT))
rules.add_perm("candidates.reply", holds(Role.DEPARTMENT))

# The joint review: the township sends up, the county returns, signs off and settles what is frozen.
rules.add_perm("candidates.see_review", holds(Role.TOWNSHIP, Role.COUNTY))
rules.add_perm("candidates.send_batch", holds(Role.TOWNSHIP))
rules.add_perm("candidates.remind", holds(Role.TOWNSHIP, Role.COUNTY))
rules.add_perm("candidates.sign_off", holds(Role.COUNTY))

# Anybody's objection may be brought to the election committee or the township.
rules.add_perm("candidates.object", holds(Role.TOWNSHIP, Role.COMMITTEE))
