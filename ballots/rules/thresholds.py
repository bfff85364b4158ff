"""How many people must ask, come and agree: recalls, and the meetings of Party members.

Everything is compared in whole numbers, so that exactly a half is never a rounded one.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from dateutil.relativedelta import relativedelta

from ballots.rules.counting import Citation

Outcome = Literal["invalid", "failed", "passed"]


class ThresholdError(ValueError):
    """Figures that cannot be: more who voted than were registered, a share of nobody."""


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """A share of all that the law sets, and where it sets it.

    ``exceeded``: the share itself is not enough, there must be more.
    """

    share: Fraction
    exceeded: bool
    source: Citation

    def needed(self, total: int) -> int:
        """The least whole number of people that will do, out of all; never nobody."""
        exact = self.share * total
        least = exact.__floor__() + 1 if self.exceeded else exact.__ceil__()
        return max(1, least)


@dataclass(frozen=True, kw_only=True)
class Tested:
    """One share tested: how many of how many there were, and how many it takes."""

    count: int
    total: int
    needed: int
    threshold: Threshold

    @property
    def met(self) -> bool:
        """Whether there were enough."""
        return self.count >= self.needed

    @property
    def missing(self) -> int:
        """How many more it would have taken."""
        return max(0, self.needed - self.count)


@dataclass(frozen=True, kw_only=True)
class RecallOutcome:
    """What a vote on a recall came to, with both shares it was measured by.

    ``invalid``: too few voted, whatever they said. ``failed``: enough voted, too few agreed.
    """

    outcome: Outcome
    turnout: Tested
    agreement: Tested


def tested(count: int, total: int, threshold: Threshold) -> Tested:
    """Test whether that many of all reach a threshold. Raises ThresholdError for more than all."""
    if not 0 <= count <= total:
        raise ThresholdError(f"{count} are not among {total}")
    return Tested(count=count, total=total, needed=threshold.needed(total), threshold=threshold)


def recall_asked(signatures: int, out_of: int, *, least: Threshold) -> Tested:
    """Whether enough ask for a recall (Organic Law art. 16).

    One fifth of the villagers who may vote, or one third of the representatives; exactly so many
    are enough.
    """
    return tested(signatures, out_of, least)


def recall_outcome(
    registered: int, voted: int, agreed: int, *, turnout: Threshold, agreement: Threshold
) -> RecallOutcome:
    """What the vote on a recall comes to (Organic Law art. 16).

    More than half of the registered must vote, and more than half of those who voted must agree;
    exactly half does neither.
    """
    came = tested(voted, registered, turnout)
    agreeing = tested(agreed, voted, agreement)
    outcome: Outcome = "invalid" if not came.met else "passed" if agreeing.met else "failed"
    return RecallOutcome(outcome=outcome, turnout=came, agreement=agreeing)


def recall_again_from(failed_on: date, *, years: int) -> date:
    """The first day on which the same grounds may be put forward again (Zhejiang art. 36).

    So many years after the vote that did not carry the recall; for 29 February the anniversary
    in a common year is 28 February.
    """
    return failed_on + relativedelta(years=years)


def party_meeting_valid(present: int, due: int, *, quorum: Threshold) -> Tested:
    """Whether enough members with a vote have come to elect (Party election rules).

    At least four fifths of those who should come; exactly four fifths are enough.
    """
    return tested(present, due, quorum)


def party_elected(votes: int, present: int, *, above: Threshold) -> Tested:
    """Whether somebody is elected to the Party branch (Party election rules).

    More than half of the members with a vote who came, not of the ballots; exactly half fails.
    """
    return tested(votes, present, above)
