"""The kinds of documents this app prints."""

from ballots.kinds import checklists, notices
from ballots.kinds.checklists import checklist

__all__ = ["checklist", "checklists", "notices"]
