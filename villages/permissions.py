"""Who may do what with a village's facts. Villagers' committees see no risk and no plan."""

import rules

from election_admin.accounts.access import holds
from election_admin.accounts.models import Role

rules.add_perm("villages.see_facts", holds(Role.TOWNSHIP, Role.COUNTY))
rules.add_perm("villages.record_facts", holds(Role.TOWNSHIP))
rules.add_perm("villages.decide_rating", holds(Role.COUNTY))
rules.add_perm("villages.write_plan", holds(Role.TOWNSHIP))
rules.add_perm("villages.review_plan", holds(Role.COUNTY))
rules.add_perm("villages.set_election_day", holds(Role.TOWNSHIP))
rules.add_perm("villages.open_term", holds(Role.ADMINISTRATOR, Role.COUNTY))
rules.add_perm("villages.change_eligibility_list", holds(Role.COUNTY))
rules.add_perm("villages.adopt_edition", holds(Role.ADMINISTRATOR))
