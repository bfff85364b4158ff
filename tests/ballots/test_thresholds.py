"""How many must ask, come and agree, from both sides of each line."""

from datetime import date
from fractions import Fraction

import pytest

from ballots.rules.counting import Citation
from ballots.rules.thresholds import (
    Threshold,
    ThresholdError,
    party_elected,
    party_meeting_valid,
    recall_again_from,
    recall_asked,
    recall_outcome,
)

ART_16 = Citation(document="organic-law", article="16")
FIFTH = Threshold(share=Fraction(1, 5), exceeded=False, source=ART_16)
THIRD = Threshold(share=Fraction(1, 3), exceeded=False, source=ART_16)
HALF = Threshold(share=Fraction(1, 2), exceeded=True, source=ART_16)
QUORUM = Threshold(
    share=Fraction(4, 5), exceeded=False, source=Citation(document="party-election-rules", article="19")
)


@pytest.mark.parametrize(
    ("signatures", "out_of", "least", "needed", "met"),
    [
        (200, 1000, FIFTH, 200, True),  # exactly a fifth is one fifth
        (199, 1000, FIFTH, 200, False),
        (201, 1003, FIFTH, 201, True),  # 200.6 people are 201
        (200, 1003, FIFTH, 201, False),
        (15, 45, THIRD, 15, True),
        (14, 45, THIRD, 15, False),
        (16, 46, THIRD, 16, True),
        (15, 46, THIRD, 16, False),
        (0, 0, FIFTH, 1, False),  # nobody's demand is none
    ],
)
def test_a_recall_is_asked_by_enough(signatures, out_of, least, needed, met) -> None:
    """Art. 16: one fifth of the voters or one third of the representatives ask together."""
    asked = recall_asked(signatures, out_of, least=least)

    assert (asked.needed, asked.met) == (needed, met)
    assert asked.missing == (0 if met else needed - signatures)
    assert asked.threshold.source == ART_16


@pytest.mark.parametrize(
    ("registered", "voted", "agreed", "outcome"),
    [
        (1000, 501, 251, "passed"),
        (1000, 501, 250, "failed"),
        (1000, 500, 500, "invalid"),  # exactly half have voted
        (1000, 600, 300, "failed"),  # exactly half agree
        (1000, 600, 301, "passed"),
        (1001, 501, 251, "passed"),  # 501 of 1001 is more than half
        (1001, 500, 500, "invalid"),
        (1000, 0, 0, "invalid"),
        (3, 2, 2, "passed"),
        (3, 2, 1, "failed"),
    ],
)
def test_a_recall_passes_by_two_majorities(registered, voted, agreed, outcome) -> None:
    """Art. 16: more than half of the registered vote, more than half of those who voted agree."""
    assert recall_outcome(registered, voted, agreed, turnout=HALF, agreement=HALF).outcome == outcome


def test_an_outcome_says_how_many_it_takes() -> None:
    """An official can check the sum on the page."""
    came_to = recall_outcome(1000, 600, 300, turnout=HALF, agreement=HALF)

    assert (came_to.turnout.needed, came_to.agreement.needed) == (501, 301)
    assert came_to.agreement.missing == 1


@pytest.mark.parametrize(("registered", "voted", "agreed"), [(10, 11, 1), (10, 5, 6), (10, 5, -1)])
def test_figures_that_cannot_be(registered, voted, agreed) -> None:
    """More ballots than voters decide nothing."""
    with pytest.raises(ThresholdError):
        recall_outcome(registered, voted, agreed, turnout=HALF, agreement=HALF)


@pytest.mark.parametrize(
    ("failed_on", "again_from"),
    [(date(2026, 12, 20), date(2027, 12, 20)), (date(2028, 2, 29), date(2029, 2, 28))],
)
def test_a_failed_recall_rests_for_a_year(failed_on, again_from) -> None:
    """Zhejiang art. 36: not on the same facts and grounds within one year."""
    assert recall_again_from(failed_on, years=1) == again_from


@pytest.mark.parametrize(
    ("present", "due", "valid"), [(40, 50, True), (39, 50, False), (38, 47, True), (37, 47, False)]
)
def test_a_party_meeting_has_a_quorum(present, due, valid) -> None:
    """Party election rules: four fifths of those with a vote must come; exactly four fifths do."""
    assert party_meeting_valid(present, due, quorum=QUORUM).met is valid


@pytest.mark.parametrize(("votes", "present", "elected"), [(21, 40, True), (20, 40, False), (20, 39, True)])
def test_a_party_member_is_elected_by_more_than_half(votes, present, elected) -> None:
    """Party election rules: more than half of the members who came, not of the ballots cast."""
    assert party_elected(votes, present, above=HALF).met is elected
