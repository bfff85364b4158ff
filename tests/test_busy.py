"""Whoever waits too long for a long import is told to try again, and that nothing is lost."""

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from tests.cast import County


@pytest.mark.parametrize(
    ("said", "status", "told"),
    [("database is locked", 503, "过一分钟再提交"), ("no such table: x", 500, "请返回上一页再试")],
)
def test_what_a_busy_database_answers(
    county: County, monkeypatch: pytest.MonkeyPatch, said: str, status: int, told: str
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise OperationalError(said)

    client = Client(raise_request_exception=False)
    client.force_login(county.township_official)
    monkeypatch.setattr("candidates.views.batches.choices", refuse)
    answer = client.get("/candidates/review/open/330604101/")
    assert answer.status_code == status
    assert told in answer.content.decode()
