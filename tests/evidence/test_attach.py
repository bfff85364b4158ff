"""Attaching photos and scans."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.test import Client
from django.urls import reverse

from ballots.models import Violation
from election_admin.evidence.actions import attach
from election_admin.evidence.models import Evidence
from election_admin.evidence.reading import evidence_by_subject
from election_admin.journal.models import Entry
from tests.ballots.office import end_term, log_in
from tests.cast import NOW, County
from tests.evidence.conftest import make_violation
from tests.evidence.uploads import PDF, image_bytes, make_photo, make_upload
from tests.test_turns import at_once

pytestmark = pytest.mark.django_db


def address(violation: Violation) -> str:
    return reverse("evidence:attach", args=["violation", violation.pk])


def files_in(media: Path) -> list[str]:
    return sorted(path.parent.name for path in media.rglob("*") if path.is_file())


def attached(violation: Violation, county: County, **changes) -> Evidence:
    values: dict[str, Any] = {"file": make_photo(), "actor": county.township_official, "at": NOW}
    return attach(kind="violation", subject=violation, **(values | changes))


def test_a_photo_is_kept_whole_and_entered_in_the_journal(
    county, violation, media, django_capture_on_commit_callbacks
) -> None:
    content = image_bytes()
    with django_capture_on_commit_callbacks(execute=True):
        evidence = attached(violation, county)

    assert (evidence.name, evidence.content_type, evidence.size) == ("公告栏.png", "image/png", len(content))
    assert evidence.sha256 == hashlib.sha256(content).hexdigest()
    assert (media / evidence.path).read_bytes() == content
    assert evidence.path.startswith("evidence/2026/")
    assert files_in(media) == ["2026"]
    entry = Entry.objects.get(verb="evidence.attach")
    assert (entry.place, entry.actor) == (county.village, county.township_official)
    assert entry.after == {
        "kind": "violation",
        "subject_id": str(violation.pk),
        "name": "公告栏.png",
        "size": len(content),
        "sha256": evidence.sha256,
    }


def test_the_place_of_a_file_tells_nothing(county, violation) -> None:
    """Neither its name nor its number: nobody finds one file from another."""
    one, other = attached(violation, county), attached(violation, county, file=make_photo(colour="blue"))

    assert one.name not in one.path
    assert len(one.path.rpartition("/")[2]) == 32
    assert one.path != other.path


def test_what_is_refused_leaves_nothing(county, violation, media) -> None:
    with pytest.raises(ValidationError, match="不是照片"):
        attached(violation, county, file=make_upload("报告.docx", b"PK\x03\x04"))

    assert files_in(media) == []
    assert not Evidence.objects.exists()


def test_a_rollback_leaves_no_file(county, violation, media, monkeypatch) -> None:
    """Else photos that belong to nothing would pile up, of which nobody knows whom they show."""
    monkeypatch.setattr("election_admin.evidence.actions.append", lambda **_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        attached(violation, county)

    assert files_in(media) == []
    assert not Evidence.objects.exists()


def test_a_rollback_further_out_leaves_no_file_in_its_place(county, violation, media) -> None:
    """What the caller gives up never gets its place; it waits among the unfinished and is swept."""
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        attached(violation, county)
        raise ZeroDivisionError

    assert files_in(media) == ["unfinished"]


def test_the_same_photo_twice(county, violation) -> None:
    """A second click, or the photo sent twice, makes no second record."""
    attached(violation, county)

    with pytest.raises(ValidationError, match=r"“再传\.png”和已上传的“公告栏\.png”内容相同，不用重复上传。"):
        attached(violation, county, file=make_photo("再传.png"))


def test_so_many_and_no_more(county, violation, settings) -> None:
    settings.EVIDENCE_FILES_PER_ROW = 2
    attached(violation, county, file=make_photo(colour="red"))
    attached(violation, county, file=make_photo(colour="green"))

    with pytest.raises(ValidationError, match="这里已有2个文件，到了上限"):
        attached(violation, county, file=make_photo(colour="blue"))


@pytest.mark.django_db(transaction=True)
def test_two_desks_share_the_last_place(county, violation, settings, media) -> None:
    """The limit holds for both together, and what was refused leaves no file."""
    settings.EVIDENCE_FILES_PER_ROW = 1
    raised = at_once(
        [
            lambda: attached(violation, county, file=make_photo(colour="red")),
            lambda: attached(violation, county, file=make_photo(colour="green")),
        ]
    )
    assert [type(error) for error in raised] == [ValidationError]
    assert Evidence.objects.count() == 1
    assert len(files_in(media)) == 1


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("township_official", True),
        ("committee_member", True),
        ("county_reviewer", False),
        ("court", False),
        ("administrator", False),
        ("other_township_official", False),
    ],
)
def test_who_may_attach(county, violation, media, who, allowed) -> None:
    if allowed:
        assert attached(violation, county, actor=getattr(county, who)).pk
        return
    with pytest.raises(PermissionDenied):
        attached(violation, county, actor=getattr(county, who))
    assert files_in(media) == []


def test_nothing_is_attached_in_a_past_term(county, violation, media) -> None:
    end_term(county)

    with pytest.raises(ValidationError, match="这是往届的选举"):
        attached(violation, county)
    assert files_in(media) == []


# --- the page ---------------------------------------------------------------


def test_several_files_at_once(client: Client, county, violation) -> None:
    log_in(client, county.committee_member)

    response = client.post(
        address(violation),
        {"chosen": [make_photo(colour="red"), make_photo(colour="blue"), make_upload("签到表.pdf", PDF)]},
    )

    assert response.status_code == 302
    assert response["Location"] == reverse("ballots:correct_violation", args=[violation.pk])
    page = client.get(response["Location"]).content.decode()
    assert "已上传3个文件。" in page
    assert page.count("公告栏.png</a>") == 2
    assert "签到表.pdf" in page


def test_the_good_ones_are_kept_and_each_bad_one_is_named(client, county, violation) -> None:
    """Sending nine photos again over a village's line because the tenth was wrong is no fair price."""
    log_in(client, county.committee_member)

    response = client.post(
        address(violation),
        {"chosen": [make_photo(), make_upload("报告.docx", b"PK\x03\x04"), make_upload("空.jpg", b"")]},
    )
    page = response.content.decode()

    assert response.status_code == 200
    assert "“报告.docx”不是照片（JPG、PNG、WebP）或PDF" in page
    assert "“空.jpg”是空文件" in page
    assert "已上传1个文件。" in page
    assert [one.name for one in Evidence.objects.all()] == ["公告栏.png"]


def test_a_film_is_counted_to_its_end_and_not_kept(client, county, violation, settings) -> None:
    """The sentence says how large it is, though no byte of it beyond the limit lay on the disk."""
    settings.UPLOAD_FILE_BYTES = 100_000
    log_in(client, county.committee_member)

    response = client.post(
        address(violation), {"chosen": [make_photo(), make_upload("录像.jpg", b"\xff\xd8\xff" * 100_000)]}
    )

    assert "“录像.jpg”有293.0 KB，超过每个文件97.7 KB的上限" in response.content.decode().replace("\xa0", " ")
    assert [one.name for one in Evidence.objects.all()] == ["公告栏.png"]


def test_nothing_chosen(client, county, violation) -> None:
    response = log_in(client, county.committee_member).post(address(violation), {})

    assert response.status_code == 200
    assert "请选择要上传的照片或扫描件。" in response.content.decode()


def test_the_page_offers_the_camera_and_several_files(client, county, violation) -> None:
    page = log_in(client, county.committee_member).get(address(violation)).content.decode()

    assert 'accept="image/jpeg,image/png,image/webp,application/pdf"' in page
    assert " multiple" in page
    assert 'enctype="multipart/form-data"' in page
    assert "每个不超过10.0" in page


def test_who_reads_only_and_who_sees_nothing(client, county, neighbour, violation) -> None:
    for who, status in (("county_reviewer", 403), ("court", 404), ("administrator", 404)):
        log_in(client, getattr(county, who))
        assert client.get(address(violation)).status_code == status, who
        assert client.post(address(violation), {"chosen": make_photo()}).status_code == status, who
    foreign = make_violation(neighbour)
    log_in(client, county.township_official)
    assert client.get(address(foreign)).status_code == 404
    assert client.post(address(foreign), {"chosen": make_photo()}).status_code == 404
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("path", ["violation/999999", "violation/abc", "village/1", "violation/%00"])
def test_rows_and_kinds_that_are_none(client, county, path) -> None:
    log_in(client, county.township_official)

    assert client.get(f"/evidence/{path}/attach/").status_code == 404


def test_a_past_term_leads_back(client, county, violation) -> None:
    end_term(county)
    response = log_in(client, county.committee_member).get(address(violation), follow=True)

    assert "这是往届的选举，只能查看，不能再改。" in response.content.decode()


def test_the_evidence_of_many_rows_in_one_query(county, violation, django_assert_num_queries) -> None:
    """The page of a procedure has fifty steps; it must not ask fifty times."""
    one = attached(violation, county)
    with django_assert_num_queries(1):
        found = evidence_by_subject("violation", [violation.pk, 998, 999])
        assert {key: [row.uploaded_by.name for row in rows] for key, rows in found.items()} == {
            str(violation.pk): [one.uploaded_by.name],
            "998": [],
            "999": [],
        }
