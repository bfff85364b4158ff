"""Acts of one county follow one another: no deadlock, no stale decision, no lost update.

On PostgreSQL the acts run at the same time, in threads of their own; SQLite lets one writer in
at a time, so there they run one after another, and what must hold is the same.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from candidates.actions import batches, people, replies
from candidates.models import Assessment, DepartmentReply, Enquiry, ReviewItem
from election_admin.journal.models import Entry
from election_admin.journal.record import verify
from tests.addresses import make_rows
from tests.candidates.conftest import answer, make_candidate
from tests.candidates.review import answer_all, make_batch, send
from tests.cast import ELECTION_DAY, NOW, SEATS, County
from villages.actions.facts import record_profile
from villages.actions.plans import submit_plan, write_plan
from villages.actions.risk import Answer, decide_rating, record_survey
from villages.actions.terms import set_election_day
from villages.models import Band, DisposalPlan, Rating, VillageProfile

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6
MEASURE = {
    "risk_point": "宗族",
    "measure": "谈话",
    "owner": "张三",
    "due_on": ELECTION_DAY,
    "done_on": None,
}


def at_once(acts: list[Callable[[], object]]) -> list[Exception]:
    """Run the acts at the same time where the database allows it; what they raised."""

    def run(act: Callable[[], object]) -> Exception | None:
        try:
            act()
        except Exception as error:
            return error
        finally:
            if connection.vendor == "postgresql":
                connection.close()
        return None

    if connection.vendor != "postgresql":
        raised = [run(act) for act in acts]
    else:
        with ThreadPoolExecutor(len(acts)) as pool:
            raised = list(pool.map(run, acts))
    return [error for error in raised if error is not None]


def test_a_busy_village(county: County) -> None:
    """Seven desks at work on one village: each act is done, or refused in a sentence."""
    rows = make_rows(county)
    official, village = county.township_official, county.village
    blank = dict.fromkeys(VillageProfile.recorded_fields) | {
        "ethnic_groups": "",
        "largest_clan": "",
        "remark": "",
    }
    texts = dict.fromkeys(DisposalPlan.recorded_fields, "两姓相争。")
    acts: list[Callable[[], object]] = []
    for number in range(ROUNDS):
        day = ELECTION_DAY + timedelta(days=number)
        acts += [
            lambda n=number: record_profile(  # type: ignore[misc]
                place=village, values=blank | {"population": 1000 + n}, actor=official, at=NOW
            ),
            lambda n=number: record_survey(  # type: ignore[misc]
                place=village,
                term=county.term,
                answers={"weak_team": Answer(n % 4, "会上有人反映")},
                actor=official,
                at=NOW,
            ),
            lambda: decide_rating(
                rating=Rating.objects.get(place=village, current=True),
                band=Band.DIFFICULT,
                reason="县里接到反映",
                actor=county.county_reviewer,
                at=NOW,
            ),
            lambda: write_plan(
                place=village, term=county.term, values=texts, measures=[MEASURE], actor=official, at=NOW
            ),
            lambda: submit_plan(
                plan=DisposalPlan.objects.get(place=village, newest=True), actor=official, at=NOW
            ),
            lambda day=day: set_election_day(  # type: ignore[misc]
                election=county.election,
                election_day=day,
                mode="nominated",
                seats=SEATS,
                actor=official,
                at=NOW,
            ),
            lambda: replies.reply(
                candidacy=rows.candidacy,
                department="court",
                answer="no_record",
                remark="",
                actor=county.court,
                at=NOW,
            ),
        ]
    raised = at_once(acts)
    assert [error for error in raised if not isinstance(error, ValidationError)] == []
    county.election.refresh_from_db()
    assert Assessment.objects.get(current=True).election_day == county.election.election_day
    assert Rating.objects.filter(place=village, current=True).count() == 1
    assert DisposalPlan.objects.get(place=village).state == DisposalPlan.State.SUBMITTED
    assert list(verify()) == []


def test_two_first_times(county: County) -> None:
    """A double click on the first save is one profile, saved twice."""
    values = dict.fromkeys(VillageProfile.recorded_fields) | {
        "ethnic_groups": "",
        "largest_clan": "",
        "remark": "",
    }
    act = lambda: record_profile(  # noqa: E731
        place=county.village, values=values, actor=county.township_official, at=NOW
    )
    assert at_once([act, act]) == []
    assert VillageProfile.objects.filter(place=county.village).count() == 1
    assert Entry.objects.filter(verb="villages.record_profile").count() == 2


def test_one_person_in_two_villages(county: County) -> None:
    """Organisation Law art. 13: nobody takes part in two villages, not even by two quick clicks."""
    second = set_election_day(
        election=county.second_village.elections.get(),
        election_day=ELECTION_DAY,
        mode="nominated",
        seats=SEATS,
        actor=county.township_official,
        at=NOW,
    )
    person = {
        "name": "王建国",
        "sex": "male",
        "born": ELECTION_DAY.replace(year=1980),
        "id_number": "330604198012200011",
        "ethnicity": "",
        "education": "",
        "party_member": False,
    }
    values = {
        "post": "chair",
        "how": "joint",
        "nominated_on": NOW.date(),
        "supporters": 12,
        "registered_voter": True,
        "deprived_of_political_rights": False,
    }
    raised = at_once(
        [
            lambda election=election: people.record_candidate(  # type: ignore[misc]
                election=election, person=person, values=values, actor=county.township_official, at=NOW
            )
            for election in (county.election, second)
        ]
    )
    assert [type(error) for error in raised] == [ValidationError]


def test_two_batches_at_once(county: County) -> None:
    """Two clicks, or two officials, do not put one candidate into two batches."""
    candidacy = make_candidate(county)
    act = lambda: make_batch(county, candidacy)  # noqa: E731

    raised = at_once([act, act])

    assert [type(error) for error in raised] == [ValidationError]
    assert ReviewItem.objects.count() == 1
    assert list(verify()) == []


def test_a_review_at_many_desks(county: County) -> None:
    """The township, the county and three departments at one batch: nothing is lost, nothing half done."""
    candidacy = make_candidate(county)
    batch = send(county, candidacy)
    answer_all(county, candidacy, but=["court", "health"])
    context: dict[str, Any] = {"actor": county.county_reviewer, "at": NOW}
    acts: list[Callable[[], object]] = []
    for _round in range(ROUNDS):
        acts += [
            lambda: answer(candidacy, county.court, "court"),
            lambda: answer(candidacy, county.health, "health"),
            lambda: batches.sign_off(batch=batch, opinion="", **context),
            lambda: batches.return_batch(batch=batch, reason="缺一人", **context),
            lambda: batches.send_batch(batch=batch, actor=county.township_official, at=NOW),
            lambda: batches.remind_all(batch=batch, **context),
        ]

    raised = at_once(acts)

    assert [error for error in raised if not isinstance(error, ValidationError)] == []
    batch.refresh_from_db()
    candidacy.refresh_from_db()
    answered = candidacy.replies.newest().count()
    if batch.state == "signed":
        assert answered == batch.enquiries.count()
        assert batch.items.get().verdict == "qualified"
    assert Enquiry.objects.filter(batch=batch).count() == 12
    assert DepartmentReply.objects.newest().filter(department="court").count() == 1
    assert list(verify()) == []
