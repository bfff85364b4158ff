"""Fixtures that more than one folder of tests uses."""

from typing import Any

import pytest

from tests.cast import County, make_county


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Any) -> None:
    """The real hasher takes a third of a second an account, on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def county(db: None) -> County:
    """The county most tests are about."""
    return make_county()


@pytest.fixture
def neighbour(db: None) -> County:
    """Another county, whose people must see nothing of the first."""
    return make_county("330683", "嵊州市")
