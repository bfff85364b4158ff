"""Candidates of the cast's village, what was found about them, and what was posted to get there."""

from datetime import date, datetime

import pytest
from stdnum.cn.ric import calc_check_digit

from candidates.actions import findings, people, replies
from candidates.models import Candidacy
from tests.cast import NOW, County

BORN = date(1980, 5, 1)


@pytest.fixture(autouse=True)
def at(monkeypatch) -> datetime:
    """Nine in the morning of 1 December 2026, for views too."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    return NOW


def make_id_number(born: date = BORN, order: int = 11, prefix: str = "330604") -> str:
    """A valid number; an odd order is a man's."""
    body = f"{prefix}{born:%Y%m%d}{order:03d}"
    return body + calc_check_digit(body + "0")


def make_candidate(cast: County, name: str = "王大山", *, election=None, **changes) -> Candidacy:
    """A man who stands for chair, nominated by thirty villagers."""
    person = {
        "name": name,
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
    return people.record_candidate(
        election=election or cast.election,
        person={key: changes.get(key, value) for key, value in person.items()},
        values={key: changes.get(key, value) for key, value in values.items()},
        actor=changes.get("actor", cast.township_official),
        at=NOW,
    )


def make_finding(cast: County, candidacy: Candidacy, **details):
    """A confirmed penalty that still counts on election day."""
    details = details or {
        "situation": "criminal_penalty",
        "status": "confirmed",
        "sentenced_on": date(2019, 3, 1),
        "released_on": date(2023, 3, 1),
        "source": "（2019）浙0604刑初88号",
    }
    return findings.record_finding(candidacy=candidacy, details=details, actor=cast.township_official, at=NOW)


def answer(candidacy: Candidacy, actor, department: str, said: str = "no_record", remark: str = ""):
    """A department's reply."""
    return replies.reply(
        candidacy=candidacy, department=department, answer=said, remark=remark, actor=actor, at=NOW
    )


@pytest.fixture
def candidacy(county: County) -> Candidacy:
    return make_candidate(county)


@pytest.fixture
def official(client, county: County):
    """The township official, logged in."""
    client.force_login(county.township_official)
    return client


# What the form of a candidate posts; the same man as make_candidate enters.
POSTED = {
    "name": "王大山",
    "sex": "male",
    "born": "1980-05-01",
    "id_number": make_id_number(),
    "ethnicity": "汉族",
    "education": "高中",
    "party_member": "yes",
    "post": "chair",
    "how": "joint",
    "nominated_on": "2026-11-28",
    "supporters": "30",
    "registered_voter": "yes",
    "deprived_of_political_rights": "no",
}
