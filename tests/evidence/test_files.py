"""Files of evidence: in their place once the row stands, gone when it does not."""

import os
from pathlib import Path

import pytest

from election_admin.evidence import files
from election_admin.evidence.actions import attach
from election_admin.evidence.tasks import sweep
from election_admin.files import ORPHAN_SECONDS
from tests.cast import NOW
from tests.evidence.uploads import image_bytes, make_photo

pytestmark = pytest.mark.django_db


def age(path: Path, seconds: int) -> None:
    os.utime(path, (1_000_000 - seconds, 1_000_000 - seconds))


def unfinished(media: Path) -> list[Path]:
    return sorted((media / "evidence" / "unfinished").glob("*"))


def test_written_then_put_in_its_place(media) -> None:
    path = files.write(b"photo", NOW)
    assert not (media / path).exists()

    files.publish(path)

    assert (media / path).read_bytes() == b"photo"
    assert unfinished(media) == []
    files.publish(path)
    assert files.find(path) == media / path


def test_what_is_nowhere_is_said_so() -> None:
    with pytest.raises(FileNotFoundError):
        files.find("evidence/2026/0123456789abcdef0123456789abcdef")


def test_a_power_cut_between_row_and_file_loses_nothing(county, violation, media) -> None:
    """The row is committed, the move was not made: whoever looks first makes it."""
    photo = attach(
        kind="violation", subject=violation, file=make_photo(), actor=county.committee_member, at=NOW
    )
    assert not (media / photo.path).exists()

    assert files.find(photo.path).read_bytes() == image_bytes()


def test_the_sweep_clears_what_belongs_to_nothing_and_saves_what_does(county, violation, media) -> None:
    photo = attach(
        kind="violation", subject=violation, file=make_photo(), actor=county.committee_member, at=NOW
    )
    orphan, young = files.write(b"orphan", NOW), files.write(b"young", NOW)
    for path in unfinished(media):
        age(path, 1 if path.read_bytes() == b"young" else ORPHAN_SECONDS + 1)

    assert files.sweep(now=1_000_000) == 1

    assert (media / photo.path).read_bytes() == image_bytes()
    assert [path.read_bytes() for path in unfinished(media)] == [b"young"]
    assert not (media / orphan).exists()
    assert not (media / young).exists()


def test_the_sweep_of_an_office_without_evidence() -> None:
    sweep()
