"""Withdrawing what was attached by mistake."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from ballots.models import Violation
from election_admin.evidence.actions import attach, withdraw
from election_admin.evidence.models import Evidence
from election_admin.journal.models import Entry
from tests.ballots.office import end_term, log_in
from tests.cast import NOW
from tests.evidence.uploads import make_photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def photo(county, violation: Violation) -> Evidence:
    return attach(
        kind="violation", subject=violation, file=make_photo(), actor=county.committee_member, at=NOW
    )


def address(evidence: Evidence) -> str:
    return reverse("evidence:withdraw", args=[evidence.pk])


def test_withdrawn_for_a_reason_that_is_kept(client, county, photo, media) -> None:
    log_in(client, county.committee_member)
    assert "撤下“公告栏.png”" in client.get(address(photo)).content.decode()

    response = client.post(address(photo), {"reason": " 照片传错了 "}, follow=True)

    page = response.content.decode()
    assert "已撤下“公告栏.png”。" in page
    assert "公告栏.png</a>" not in page
    photo.refresh_from_db()
    assert (photo.withdrawn_by, photo.withdrawn_because) == (county.committee_member, "照片传错了")
    entry = Entry.objects.get(verb="evidence.withdraw")
    assert (entry.reason, entry.before["name"]) == ("照片传错了", "公告栏.png")
    assert [path for path in media.rglob("*") if path.is_file()], "the file itself stays"


def test_a_photo_withdrawn_may_be_attached_again(county, violation, photo) -> None:
    withdraw(evidence=photo, reason="说明写错了", actor=county.committee_member, at=NOW)

    again = attach(
        kind="violation", subject=violation, file=make_photo(), actor=county.committee_member, at=NOW
    )
    assert again.pk != photo.pk


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "请写明撤下的原因。"),
        ("  ", "请写明撤下的原因。"),
        ("错😀", "无法打印的字符"),
        ("长" * 301, "300"),
    ],
)
def test_not_without_a_proper_reason(client, county, photo, reason, sentence) -> None:
    response = log_in(client, county.committee_member).post(address(photo), {"reason": reason})

    assert response.status_code == 200
    assert sentence in response.content.decode()
    photo.refresh_from_db()
    assert photo.withdrawn_at is None


def test_twice(county, photo) -> None:
    withdraw(evidence=photo, reason="传错了", actor=county.committee_member, at=NOW)

    with pytest.raises(ValidationError, match="已经撤下"):
        withdraw(evidence=photo, reason="传错了", actor=county.committee_member, at=NOW)


@pytest.mark.parametrize(
    ("uploader", "who", "allowed"),
    [
        ("committee_member", "committee_member", True),
        ("committee_member", "township_official", True),
        ("township_official", "township_official", True),
        ("township_official", "committee_member", False),
    ],
)
def test_a_committee_withdraws_only_its_own(client, county, violation, uploader, who, allowed) -> None:
    """What the township photographed is not for those it was photographed of to take away."""
    user = getattr(county, who)
    photo = attach(
        kind="violation", subject=violation, file=make_photo(), actor=getattr(county, uploader), at=NOW
    )
    link = reverse("evidence:withdraw", args=[photo.pk])
    page = log_in(client, user).get(reverse("ballots:correct_violation", args=[violation.pk]))
    assert (link in page.content.decode()) is allowed

    response = client.post(link, {"reason": "传错了"}, follow=True)

    assert ("请由上传的人或者乡镇撤下" in response.content.decode()) is not allowed
    photo.refresh_from_db()
    assert (photo.withdrawn_at is not None) is allowed
    if not allowed:
        with pytest.raises(ValidationError, match="由别人上传"):
            withdraw(evidence=photo, reason="传错了", actor=user, at=NOW)


@pytest.mark.parametrize(
    ("who", "status"), [("county_reviewer", 403), ("court", 404), ("administrator", 404)]
)
def test_who_only_reads(client, county, photo, who, status) -> None:
    log_in(client, getattr(county, who))

    assert client.get(address(photo)).status_code == status
    assert client.post(address(photo), {"reason": "传错了"}).status_code == status
    with pytest.raises(PermissionDenied):
        withdraw(evidence=photo, reason="传错了", actor=getattr(county, who), at=NOW)


def test_not_in_a_past_term(client, county, photo) -> None:
    end_term(county)
    page = log_in(client, county.committee_member).post(address(photo), {"reason": "传错了"})

    assert "这是往届的选举" in page.content.decode()
    photo.refresh_from_db()
    assert photo.withdrawn_at is None
