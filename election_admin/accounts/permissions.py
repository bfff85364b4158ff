"""Who may do what with accounts."""

import rules

from election_admin.accounts.access import holds
from election_admin.accounts.models import Role

rules.add_perm("accounts.manage", holds(Role.ADMINISTRATOR))
