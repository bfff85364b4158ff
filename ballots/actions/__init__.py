"""Every write to the procedure of an election: one transaction, checked, journalled."""
