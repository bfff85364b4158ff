"""Whose findings and ID number this user may read just now: each look is short, and journalled first."""

from election_admin.looks import OPEN_FOR, forget, open_until, remember

__all__ = ["OPEN_FOR", "TO_RECORD", "forget", "open_until", "remember"]

# A finding that was just recorded is shown to whoever recorded it; the journal says so in these words.
TO_RECORD = "录入认定材料"
