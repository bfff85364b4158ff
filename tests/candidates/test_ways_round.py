"""Ways round the joint review that were open once: each would put somebody on a ballot unreviewed."""

from datetime import date

import pytest

from ballots.actions.guards import joint_review
from ballots.models import Step
from candidates.actions import people
from candidates.models import Candidacy, DepartmentReply, Verdict
from tests.ballots.office import branch_election
from tests.candidates.conftest import make_candidate, make_id_number
from tests.candidates.review import answer_all, reviewed
from tests.candidates.test_correct_number import correct
from tests.cast import NOW, TODAY, County
from villages.models import Election

pytestmark = pytest.mark.django_db


def move(county: County, candidacy: Candidacy, state: str) -> None:
    people.change_state(
        candidacy=candidacy,
        state=state,
        reason="本人书面声明",
        declined_on=TODAY if state == "declined" else None,
        actor=county.township_official,
        at=NOW,
    )


def of_the_branch(county: County) -> Election:
    election = branch_election(county)
    election.election_day = county.election.election_day
    election.save()
    election.seats.create(post="chair", seats=1, rank=1)
    return election


def guard(county: County) -> str | None:
    return joint_review(county.election, Step(code="joint_review"), TODAY)


def test_review_is_not_done_while_somebody_who_came_back_waits_for_a_batch(county: County) -> None:
    candidacy = make_candidate(county)
    reviewed(county, candidacy)
    assert guard(county) is None
    move(county, candidacy, "declined")
    move(county, candidacy, "preliminary")
    assert "还有1名候选人没有上报县级联审" in (guard(county) or "")


def test_answers_given_without_a_number_do_not_clear_the_number_added_later(county: County) -> None:
    candidacy = make_candidate(county, id_number="")
    answer_all(county, candidacy)
    correct(county, candidacy, id_number=make_id_number())
    candidacy.refresh_from_db()
    assert candidacy.verdict == Verdict.NOT_ESTABLISHED
    assert not DepartmentReply.objects.newest().filter(candidacy=candidacy).exists()


def test_entering_somebody_for_the_other_body_judges_anew_where_they_stand_already(county: County) -> None:
    candidacy = make_candidate(county)
    reviewed(county, candidacy)
    make_candidate(county, election=of_the_branch(county), born=date(2010, 1, 1))
    candidacy.refresh_from_db()
    # Under 18 on election day (组织法第13条), and signed as qualified before.
    assert candidacy.verdict == Verdict.DISQUALIFIED
    assert candidacy.is_frozen


def test_entering_somebody_unchanged_for_the_other_body_leaves_the_first_as_judged(county: County) -> None:
    candidacy = make_candidate(county)
    judged = candidacy.assessments.count()
    make_candidate(county, election=of_the_branch(county))
    assert candidacy.assessments.count() == judged
