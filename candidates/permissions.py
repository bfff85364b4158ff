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
