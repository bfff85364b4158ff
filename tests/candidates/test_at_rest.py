"""Nothing encrypted stands anywhere in clear: not in the database, its log, files, journal, sessions."""

import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection

from election_admin import rotation
from election_admin.journal.models import Entry
from tests.candidates.at_rest_acts import PLAIN, WORDS, act, browse, found_in, make_office

ROOT = Path(__file__).resolve().parents[2]
# What tokens of the one cipher begin with: the version, and a time of this century.
TOKEN = "gAAAA"
# What these acts do not come to: a list of final candidates, a calendar's address, an import that failed.
FILLED_ELSEWHERE = {
    "ballots.CalendarFeed.token",
    "candidates.FinalList.snapshot",
    "imports.ImportJob.failure_detail",
}


def test_found_in() -> None:
    """The search finds what is there, however it is spelt."""
    for spelt in ("绝密".encode(), b'{"a": "\\u7edd\\u5bc6"}', "x绝密x".encode("utf-16-le")):
        assert found_in(spelt, ["绝密", "别的"]) == ["绝密"]


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Nothing leaves the test."""
    sent: list[int] = []
    monkeypatch.setattr(
        "election_admin.waking.app.send_task", lambda name, args=(), **options: sent.append(args[0])
    )
    return sent


@pytest.mark.django_db(transaction=True)
def test_every_table_every_column(settings: Any, tmp_path: Path, caplog: Any, messages: list[int]) -> None:
    """The whole database dumped, on whatever server; the media folder; the log of every request."""
    settings.MEDIA_ROOT = tmp_path
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)
    county = make_office()
    secrets = act(county)
    browse(county)

    dump = "\n".join(_dump(table) for table in connection.introspection.table_names())
    assert PLAIN in dump
    assert found_in(dump.encode(), secrets) == []
    empty = [
        f"{model._meta.label}.{name}"
        for model, names in rotation.encrypted_columns().items()
        for name in names
        if not _holds_tokens(model, name)
    ]
    assert set(empty) == FILLED_ELSEWHERE
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.name.endswith(".sealed") for path in files)
    for path in files:
        assert found_in(path.name.encode() + path.read_bytes(), [*secrets, "%PDF"]) == []
    assert found_in(caplog.text.encode(), secrets) == []


@pytest.mark.django_db(transaction=True)
def test_journal_and_sessions(settings: Any, tmp_path: Path, messages: list[int]) -> None:
    """What is packed or signed is looked into as it is unpacked."""
    settings.MEDIA_ROOT = tmp_path
    county = make_office()
    secrets = act(county)
    browse(county)

    journal = "\n".join(str(entry) for entry in Entry.objects.values())
    assert found_in(journal.encode(), secrets) == []
    sessions = "\n".join(str(session.get_decoded()) for session in Session.objects.all())
    assert "candidates.candidacy" in sessions
    assert found_in(sessions.encode(), secrets) == []


def _dump(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - our own tables
        return "\n".join(str(row) for row in cursor.fetchall())


def _holds_tokens(model: Any, name: str) -> bool:
    """Whether the column was filled at all; what is in it must be tokens and nothing else."""
    column = connection.ops.quote_name(model._meta.get_field(name).column)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608
        values = [row[0] for row in cursor.fetchall() if row[0]]
    assert all(value.startswith(TOKEN) for value in values), f"{model} {name}"
    return bool(values)


@pytest.mark.processes
def test_the_database_file(tmp_path: Path) -> None:
    """Read as bytes, with its write-ahead log, while the office runs and after: what a thief copies."""
    environment = {
        **{name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}},
        "DJANGO_SETTINGS_MODULE": "election_admin.settings",
        "DATA_DIR": str(tmp_path),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tests.candidates.at_rest"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as office:
        assert office.stdin is not None
        assert office.stdout is not None
        assert office.stderr is not None
        secrets = list(iter(lambda: office.stdout.readline().strip(), ""))
        running = {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        office.stdin.close()
        complaints = office.stderr.read()

    assert set(secrets) >= set(WORDS.values()), complaints
    ended = {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert {"office.sqlite3", "office.sqlite3-wal", "office.log"} <= running.keys()
    assert PLAIN.encode() in running["office.sqlite3"] + running["office.sqlite3-wal"]
    assert PLAIN.encode() in ended["office.sqlite3"]
    for name, content in [*running.items(), *ended.items()]:
        assert found_in(name.encode() + content, secrets) == [], name
