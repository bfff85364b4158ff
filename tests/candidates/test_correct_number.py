"""Answers about a number that was wrong count no more: else somebody is cleared by another's record."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from candidates.actions import batches, people
from candidates.models import Candidacy, DepartmentReply, Flag, Verdict
from election_admin.journal.models import Entry
from tests.candidates.conftest import BORN, make_candidate, make_id_number
from tests.candidates.review import reviewed, send
from tests.cast import NOW, County

ANOTHER = make_id_number(order=13)


def correct(county: County, candidacy: Candidacy, **changes: object) -> Candidacy:
    person = {
        "name": candidacy.person.name,
        "sex": "male",
        "born": BORN,
        "id_number": make_id_number(),
        "ethnicity": "汉族",
        "education": "高中",
        "party_member": True,
    }
    values = {
        "post": "chair",
        "how": "joint",
        "nominated_on": date(2026, 11, 28),
        "supporters": 30,
        "registered_voter": True,
        "deprived_of_political_rights": False,
    }
    return people.correct_candidate(
        candidacy=candidacy,
        person={**person, **changes},
        values=values,
        actor=county.township_official,
        at=NOW,
    )


def test_number_stays_while_departments_search_by_it(county: County) -> None:
    candidacy = make_candidate(county)
    batch = send(county, candidacy)
    with pytest.raises(ValidationError, match="请先请县里退回这一批"):
        correct(county, candidacy, id_number=ANOTHER)
    batches.return_batch(batch=batch, reason="号码抄错", actor=county.county_reviewer, at=NOW)
    assert correct(county, candidacy, id_number=ANOTHER).person.id_number == ANOTHER


def test_answers_about_the_old_number_count_no_more(county: County) -> None:
    candidacy = make_candidate(county)
    reviewed(county, candidacy)
    candidacy.refresh_from_db()
    assert candidacy.verdict == Verdict.QUALIFIED
    correct(county, candidacy, id_number=ANOTHER)
    candidacy.refresh_from_db()
    assert candidacy.verdict == Verdict.NOT_ESTABLISHED
    assert not DepartmentReply.objects.newest().filter(candidacy=candidacy).exists()
    assert Flag.objects.open().filter(candidacy=candidacy, kind=Flag.Kind.VERDICT_CHANGED).exists()
    assert Entry.objects.filter(verb="candidates.set_answers_aside").exists()


def test_answers_stay_when_something_else_is_put_right(county: County) -> None:
    candidacy = make_candidate(county)
    reviewed(county, candidacy)
    correct(county, candidacy, education="大专")
    candidacy.refresh_from_db()
    assert candidacy.verdict == Verdict.QUALIFIED
