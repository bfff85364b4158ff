"""The step of the joint review is recorded by itself when the county signs, if nothing stands in its way."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from ballots.actions.steps import record_step, undo_step
from ballots.models import Violation
from candidates.models import ReviewBatch
from election_admin.journal.models import Entry
from tests.ballots.office import mark_done, step_of
from tests.candidates.conftest import make_candidate, make_id_number
from tests.candidates.review import answer_all, reviewed, send, sign
from tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db
STEP = "joint_review_done"


@pytest.fixture
def candidacy(county):
    return make_candidate(county)


@pytest.fixture
def in_turn(county) -> None:
    """All that comes before the joint review is recorded."""
    position = step_of(county.election, STEP).position
    earlier = county.election.steps.filter(position__lt=position)
    mark_done(county.election, {step.code: date(2026, 11, 28) for step in earlier}, county.township_official)


def test_the_signature_records_the_step(county, candidacy, in_turn) -> None:
    """What the county has signed once, the township does not enter again."""
    reviewed(county, candidacy)

    step = step_of(county.election, STEP)
    assert (step.done_on, step.recorded_by) == (TODAY, county.county_reviewer)
    assert Entry.objects.filter(verb="ballots.follow_step").count() == 1


def test_not_while_somebody_else_is_not_reviewed(county, candidacy, in_turn) -> None:
    other = make_candidate(county, "李水", id_number=make_id_number(order=13))
    reviewed(county, candidacy)
    assert step_of(county.election, STEP).done_on is None

    reviewed(county, other)
    assert step_of(county.election, STEP).done_on == TODAY


def test_not_before_its_turn_and_the_signature_stands(county, candidacy) -> None:
    """A village whose procedure is behind does not keep the county from signing forty others."""
    batch = reviewed(county, candidacy)

    assert ReviewBatch.objects.get(pk=batch.pk).state == "signed"
    assert step_of(county.election, STEP).done_on is None


def test_an_open_violation_leaves_it_to_the_township(county, candidacy, in_turn) -> None:
    Violation.objects.create(
        election=county.election,
        step=step_of(county.election, STEP),
        what="部门答复件没有盖章",
        found_on=TODAY,
        stopped_by="县联审办",
        recorded_by=county.township_official,
        recorded_at=NOW,
    )
    batch = send(county, candidacy)
    answer_all(county, candidacy)

    sign(county, batch)

    assert step_of(county.election, STEP).done_on is None


def test_the_township_may_take_it_back(county, candidacy, in_turn) -> None:
    reviewed(county, candidacy)

    undo_step(
        step=step_of(county.election, STEP),
        reason="登记日期有误",
        actor=county.township_official,
        at=NOW,
    )

    assert step_of(county.election, STEP).done_on is None
    # And record it again: what the county signed still stands.
    record_step(
        step=step_of(county.election, STEP), done_on=TODAY, remark="", actor=county.township_official, at=NOW
    )


def test_somebody_added_later_undoes_nothing_and_holds_up_the_final_list(county, candidacy, in_turn) -> None:
    """The record stays what it was; what comes next says who is missing."""
    reviewed(county, candidacy)
    make_candidate(county, "李水", id_number=make_id_number(order=13))

    assert step_of(county.election, STEP).done_on == TODAY
    with pytest.raises(ValidationError, match="还有1名候选人没有上报县级联审"):
        record_step(
            step=step_of(county.election, "final_list_published"),
            done_on=TODAY,
            remark="",
            actor=county.township_official,
            at=NOW,
        )


def test_nothing_is_published_by_itself(county, candidacy, in_turn) -> None:
    reviewed(county, candidacy)

    assert step_of(county.election, "final_list_published").done_on is None
