"""Fixtures that more than one folder of tests uses."""

from typing import Any

import pytest
from django.utils import translation

from tests.cast import NOW, County, make_county


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what needs the one office and the one browser on one worker, where tests run in parallel."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """The real hasher takes a third of a second an account, on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _chinese(settings: Any) -> None:
    """A page asked for in English leaves its language to whatever runs next in the thread."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def county(db: None) -> County:
    """The county most tests are about."""
    return make_county()


@pytest.fixture
def neighbour(db: None) -> County:
    """Another county, whose people must see nothing of the first."""
    return make_county("330683", "嵊州市")


@pytest.fixture(autouse=True)
def _clock(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The office's clock stands at nine in the morning of 1 December 2026, except in real offices."""
    real = {"browser", "processes"} & {mark.name for mark in request.node.iter_markers()}
    if not real:
        monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
