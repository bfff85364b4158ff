"""Fixtures of the tests about elections."""

import pytest
from django.utils import timezone

from tests.cast import NOW


@pytest.fixture
def first_of_december(monkeypatch) -> None:
    """The pages' clock stands at nine in the morning of 1 December 2026."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
