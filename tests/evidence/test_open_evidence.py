"""Opening a photo or a scan: only by who may see what it shows, and it does nothing there."""

import pytest
from django.urls import reverse

from ballots.models import Violation
from election_admin.evidence.actions import attach, withdraw
from election_admin.evidence.models import Evidence
from tests.ballots.office import log_in
from tests.cast import NOW
from tests.evidence.conftest import make_violation
from tests.evidence.uploads import PDF, image_bytes, make_photo, make_upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo(county, violation) -> Evidence:
    return attach(
        kind="violation", subject=violation, file=make_photo(), actor=county.committee_member, at=NOW
    )


def address(evidence: Evidence) -> str:
    return reverse("evidence:open_evidence", args=[evidence.pk])


def test_it_is_shown_as_what_it_is(client, county, photo) -> None:
    response = log_in(client, county.county_reviewer).get(address(photo))

    assert response.status_code == 200
    assert response.getvalue() == image_bytes()
    assert response["Content-Type"] == "image/png"
    assert response["Content-Disposition"].startswith("inline; filename*=utf-8''")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert response["Cache-Control"] == "private, no-store"


def test_a_pdf_is_shown_in_the_browser(client, county, violation) -> None:
    scan = attach(
        kind="violation",
        subject=violation,
        file=make_upload("签到表.pdf", PDF),
        actor=county.committee_member,
        at=NOW,
    )
    response = log_in(client, county.committee_member).get(address(scan))

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("inline")


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("township_official", 200),
        ("committee_member", 200),
        ("county_reviewer", 200),
        ("court", 404),
        ("administrator", 404),
        ("other_township_official", 404),
    ],
)
def test_who_may_look(client, county, photo, who, status) -> None:
    assert log_in(client, getattr(county, who)).get(address(photo)).status_code == status


def test_another_countys_photo_is_not_there(client, county, neighbour) -> None:
    foreign = attach(
        kind="violation",
        subject=make_violation(neighbour),
        file=make_photo(),
        actor=neighbour.committee_member,
        at=NOW,
    )
    for user in county.everyone().values():
        assert log_in(client, user).get(address(foreign)).status_code == 404


def test_a_stranger_is_sent_to_log_in(client, photo) -> None:
    assert client.get(address(photo)).status_code == 302


def test_what_was_withdrawn_is_out_of_sight(client, county, photo) -> None:
    """A photo of somebody who has nothing to do with it must not stay on show."""
    withdraw(evidence=photo, reason="照片传错了", actor=county.committee_member, at=NOW)

    assert log_in(client, county.committee_member).get(address(photo)).status_code == 404


def test_a_committee_finds_nothing_at_a_step_that_tells_the_rating(client, county) -> None:
    """That a plan was wanted at all would tell the village that it counts as difficult."""
    hidden = Violation.objects.create(
        election=county.election,
        step=county.election.steps.get(code="plan_approved"),
        what="预案未经审批",
        found_on=NOW.date(),
        stopped_by="县级",
        recorded_by=county.township_official,
        recorded_at=NOW,
    )
    photo = attach(
        kind="violation", subject=hidden, file=make_photo(), actor=county.township_official, at=NOW
    )

    assert log_in(client, county.committee_member).get(address(photo)).status_code == 404
    attaching = reverse("evidence:attach", args=["violation", hidden.pk])
    assert client.get(attaching).status_code == 404
    assert log_in(client, county.county_reviewer).get(address(photo)).status_code == 200


def test_a_file_that_is_gone_is_said_so(client, county, photo, media) -> None:
    for path in (media / "evidence").rglob("*"):
        if path.is_file():
            path.unlink()

    response = log_in(client, county.committee_member).get(address(photo))

    assert response.status_code == 404


def test_evidence_of_a_kind_that_no_app_offers_any_more(client, county, photo) -> None:
    Evidence.objects.filter(pk=photo.pk).update(kind="gone")

    assert log_in(client, county.committee_member).get(address(photo)).status_code == 404
