"""Confidential evidence: a department's stamped paper is read only by who says why."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import rules
from cryptography.fernet import Fernet
from django.urls import reverse

from ballots.models import Violation
from election_admin.accounts.access import holds
from election_admin.accounts.models import Role
from election_admin.evidence import files, registry
from election_admin.evidence.actions import attach, withdraw
from election_admin.evidence.models import Evidence
from election_admin.evidence.tasks import sweep
from election_admin.files import ORPHAN_SECONDS
from election_admin.journal.models import Entry
from tests.ballots.office import log_in
from tests.cast import NOW, County
from tests.evidence.test_files import age, unfinished
from tests.evidence.uploads import PDF, image_bytes, make_photo, make_upload

pytestmark = pytest.mark.django_db
LOOK = "tests.look_into_violation"


@pytest.fixture(autouse=True)
def _kind(monkeypatch) -> Iterator[None]:
    """Photos of violations as confidential ones, which the township opens and the committee does not."""
    rules.add_perm(LOOK, holds(Role.TOWNSHIP))
    kind = replace(registry.evidence_kind("violation"), confidential=True, look_permission=LOOK)
    monkeypatch.setitem(registry._kinds, "violation", kind)
    yield
    rules.remove_perm(LOOK)


def keep(county: County, violation: Violation, file=None) -> Evidence:
    return attach(
        kind="violation",
        subject=violation,
        file=file or make_upload("王大山判决书.pdf", PDF),
        actor=county.township_official,
        at=NOW,
    )


@pytest.fixture
def paper(county, violation, django_capture_on_commit_callbacks) -> Evidence:
    with django_capture_on_commit_callbacks(execute=True):
        return keep(county, violation)


def address(name: str, evidence: Evidence) -> str:
    return reverse(f"evidence:{name}", args=[evidence.pk])


def link(name: str, evidence: Evidence) -> str:
    return f'href="{address(name, evidence)}"'


def text(response) -> str:
    return response.content.decode()


# --- on the disk ---------------------------------------------------------------
def test_nothing_of_it_lies_on_the_disk_in_clear(paper, media) -> None:
    """Whoever copies the disk has a file that nothing opens without the office's keys."""
    (path,) = [path for path in media.rglob("*") if path.is_file()]

    assert path == media / paper.path
    assert path.name.endswith(".sealed")
    assert b"%PDF" not in path.read_bytes()
    assert (paper.sha256, paper.size) == (hashlib.sha256(PDF).hexdigest(), len(PDF))


def test_the_upload_that_came_to_nothing_is_sealed_too(county, violation, media) -> None:
    """Killed between the file and the row, the office leaves nothing to read."""
    keep(county, violation)

    (left,) = unfinished(media)
    assert b"%PDF" not in left.read_bytes()


def test_the_sweep_puts_a_sealed_file_in_its_place_and_clears_one_of_nothing(
    county, violation, media
) -> None:
    kept = keep(county, violation)
    orphan = files.write(b"orphan", NOW, sealed=True)
    for path in unfinished(media):
        age(path, ORPHAN_SECONDS + 1)

    sweep()

    assert files.find(kept.path) == media / kept.path
    assert unfinished(media) == []
    with pytest.raises(FileNotFoundError):
        files.find(orphan)


def test_its_name_tells_nothing(county, paper, violation) -> None:
    """The name somebody gave a scan says what was found of whom; it is kept nowhere."""
    second = keep(county, violation, make_photo("刑事判决.png"))

    assert (paper.name, second.name) == ("材料1.pdf", "材料2.png")
    assert not Evidence.objects.filter(name__contains="判决").exists()
    assert "判决" not in str(list(Entry.objects.values_list("after", flat=True)))


# --- opening ---------------------------------------------------------------------
def test_a_copied_address_is_refused_without_a_look(client, county, paper) -> None:
    response = log_in(client, county.township_official).get(address("open_evidence", paper))

    assert response.headers["Location"] == address("look_into", paper)
    assert "请先写明查看的事由" in text(client.get(address("look_into", paper)))


def test_look_into(client, county, paper) -> None:
    log_in(client, county.township_official)
    page = text(client.get(address("look_into", paper)))
    assert "加密保存" in page
    assert link("open_evidence", paper) not in page

    response = client.post(address("look_into", paper), {"reason": "核对法院回函"}, follow=True)

    assert link("open_evidence", paper) in text(response)
    assert "09:10自动隐藏" in text(response)
    assert "no-store" in response["Cache-Control"]
    opened = client.get(address("open_evidence", paper))
    assert opened.getvalue() == PDF
    assert opened["Cache-Control"] == "private, no-store"
    entry = Entry.objects.get(verb="evidence.look_into")
    assert (entry.actor, entry.at) == (county.township_official, NOW)
    assert (entry.reason, entry.place) == ("核对法院回函", county.village)
    assert (entry.object_type, entry.object_id) == ("evidence.evidence", str(paper.pk))


def test_a_picture_is_shown_on_the_page_while_the_look_lasts(client, county, violation, media) -> None:
    photo = keep(county, violation, make_photo())
    image = f'<img class="mw-100 h-auto border" src="{address("open_evidence", photo)}"'
    log_in(client, county.township_official)
    assert image not in text(client.get(address("look_into", photo)))

    client.post(address("look_into", photo), {"reason": "核对"})

    assert image in text(client.get(address("look_into", photo)))
    assert client.get(address("open_evidence", photo)).getvalue() == image_bytes()


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "请填写“事由”"),
        ("  ", "请填写“事由”"),
        ("😀", "表情符号"),
        ("长" * 501, "最多500个字，现有501个字"),
    ],
)
def test_it_wants_a_reason(client, county, paper, reason, sentence) -> None:
    log_in(client, county.township_official)

    response = client.post(address("look_into", paper), {"reason": reason})

    assert sentence in text(response)
    assert f'value="{reason}"' in text(response) or not reason.strip()
    assert client.get(address("open_evidence", paper)).status_code == 302
    assert not Entry.objects.filter(verb="evidence.look_into").exists()


@pytest.mark.parametrize(
    ("later", "status"), [(timedelta(minutes=9, seconds=59), 200), (timedelta(minutes=10), 302)]
)
def test_it_closes_by_itself(client, county, paper, monkeypatch, later, status) -> None:
    log_in(client, county.township_official)
    client.post(address("look_into", paper), {"reason": "核对"})

    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + later)

    assert client.get(address("open_evidence", paper)).status_code == status


def test_close_look(client, county, paper) -> None:
    log_in(client, county.township_official)
    client.post(address("look_into", paper), {"reason": "核对"})

    assert "已重新隐藏" in text(client.post(address("close_look", paper), follow=True))
    assert client.get(address("open_evidence", paper)).status_code == 302


def test_withdrawing_it_shows_nothing_of_it(client, county, violation, paper) -> None:
    photo = keep(county, violation, make_photo())
    log_in(client, county.township_official)

    page = text(client.get(address("withdraw", photo)))

    assert "加密保存" in page
    assert "<img" not in page.partition("<main")[2]
    assert link("open_evidence", photo) not in page


def test_what_was_withdrawn_is_not_opened(client, county, paper) -> None:
    log_in(client, county.township_official)
    client.post(address("look_into", paper), {"reason": "核对"})
    withdraw(evidence=paper, reason="传错了", actor=county.township_official, at=NOW)

    assert client.get(address("open_evidence", paper)).status_code == 404
    assert client.post(address("look_into", paper), {"reason": "核对"}).status_code == 404


def test_lists_and_the_upload_say_that_it_is_sealed(client, county, violation, paper) -> None:
    log_in(client, county.township_official)

    page = text(client.get(reverse("evidence:attach", args=["violation", violation.pk])))

    assert "原来的文件名不保留" in page
    assert link("look_into", paper) in page
    assert link("open_evidence", paper) not in page


# --- who -------------------------------------------------------------------------
@pytest.mark.parametrize(
    "who", ["committee_member", "county_reviewer", "court", "administrator", "other_township_official"]
)
def test_who_may_not_open_it_finds_nothing(client, county, paper, who) -> None:
    """Some of them may know of the violation; the paper is for those who were given it."""
    log_in(client, getattr(county, who))

    assert client.get(address("look_into", paper)).status_code == 404
    assert client.post(address("look_into", paper), {"reason": "看"}).status_code == 404
    assert client.get(address("open_evidence", paper)).status_code == 404
    assert not Entry.objects.filter(verb="evidence.look_into").exists()


def test_another_countys_official_finds_nothing(client, county, neighbour, paper) -> None:
    log_in(client, neighbour.township_official)

    assert client.post(address("look_into", paper), {"reason": "看"}).status_code == 404
    assert client.post(address("close_look", paper)).status_code == 404


def test_anonymous_wrong_verb_and_bad_id(client, county, paper) -> None:
    assert reverse("accounts:log_in") in client.get(address("look_into", paper)).url
    log_in(client, county.township_official)
    assert client.get(address("close_look", paper)).status_code == 405
    assert client.put(address("look_into", paper)).status_code == 405
    assert client.get(reverse("evidence:look_into", args=[9**25])).status_code == 404


def test_a_key_that_is_gone_is_said(client, county, paper, settings) -> None:
    log_in(client, county.township_official)
    client.post(address("look_into", paper), {"reason": "核对"})
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]

    response = client.get(address("open_evidence", paper), follow=True)

    assert "打开这份文件的密钥已不在" in text(response)


def test_a_large_upload_lies_nowhere_under_a_name(client, county, violation, settings, tmp_path) -> None:
    """Killed in the middle of an upload, the server would leave a file of its own in clear."""
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    seen: list[list[Path]] = []

    def watched(self, data: bytes, start: int) -> None:
        self.kept.write(data)
        seen.append(list(settings.FILE_UPLOAD_TEMP_DIR.iterdir()))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("election_admin.uploads.NamelessFile.receive_data_chunk", watched)
        log_in(client, county.township_official).post(
            reverse("evidence:attach", args=["violation", violation.pk]),
            {"chosen": make_upload("判决书.pdf", PDF)},
        )

    assert seen == [[]]
    assert Evidence.objects.get().sha256 == hashlib.sha256(PDF).hexdigest()
