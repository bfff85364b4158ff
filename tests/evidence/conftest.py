"""A row that photos are attached to, and a folder of their own for its files."""

from pathlib import Path
from typing import Any

import pytest

from ballots.actions.violations import record_violation
from ballots.models import Violation
from tests.cast import NOW, TODAY, County


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    """Where the files of a test lie."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def make_violation(county: County) -> Violation:
    """A violation at a step of the county's first village."""
    return record_violation(
        step=county.election.steps.get(code="seats_decided"),
        what="职数没有经村民代表会议讨论",
        found_on=TODAY,
        stopped_by="镇选举指导组",
        actor=county.township_official,
        at=NOW,
    )


@pytest.fixture
def violation(county: County) -> Violation:
    """What the photos of a test show."""
    return make_violation(county)
