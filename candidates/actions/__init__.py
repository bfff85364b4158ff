"""Every write about candidates: one transaction, checked, journalled, and everybody re-judged."""
