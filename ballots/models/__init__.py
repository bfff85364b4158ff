"""What is kept of the elections themselves, by subject."""

from ballots.models.committee import CommitteeMember, CommitteeVote, Kinship
from ballots.models.feeds import CalendarFeed, Digest
from ballots.models.notices import Notice
from ballots.models.occasions import Recall, Vacancy
from ballots.models.roll import Voter
from ballots.models.steps import Step
from ballots.models.violations import Violation

__all__ = [
    "CalendarFeed",
    "CommitteeMember",
    "CommitteeVote",
    "Digest",
    "Kinship",
    "Notice",
    "Recall",
    "Step",
    "Vacancy",
    "Violation",
    "Voter",
]
