"""Changing the keys: everything opens afterwards, nothing is lost on the way, nothing is forgotten."""

import base64
import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection, models

from election_admin import encryption, rotation
from election_admin.encryption import EncryptedJSON, EncryptedText
from election_admin.evidence import files
from election_admin.files import read_sealed
from election_admin.journal.models import Entry
from election_admin.journal.record import verify
from election_admin.launch import keys
from tests.cast import NOW, TODAY
from villages.actions.facts import record_dispute
from villages.models import Dispute

pytestmark = pytest.mark.django_db
OLD, NEW = (base64.urlsafe_b64encode(letter * 32).decode() for letter in (b"o", b"n"))


@pytest.fixture(autouse=True)
def _old_key(settings, tmp_path: Path) -> None:
    settings.FIELD_KEYS = [OLD]
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.DATA_DIR = tmp_path


def dispute(county, parties: str) -> Dispute:
    return record_dispute(
        place=county.village,
        values={
            "subject": "land",
            "summary": "机耕路占地补偿未谈妥",
            "parties": parties,
            "raised_on": TODAY,
            "mediator": "",
            "deadline": None,
        },
        actor=county.township_official,
        at=NOW,
    )


def tokens() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT parties FROM villages_dispute WHERE parties > '' ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def by(key: str, token: str | bytes) -> bool:
    try:
        Fernet(key).decrypt(token)
    except InvalidToken:
        return False
    return True


def rotate(*arguments: str) -> str:
    said = StringIO()
    call_command("rotate_keys", *arguments, stdout=said, stderr=said)
    return said.getvalue()


def keep_file(content: bytes = b"secret") -> Path:
    path = files.write(content, NOW, sealed=True)
    files.publish(path)
    return files.find(path)


def test_everything_opens_after_the_old_key_is_gone(county, settings) -> None:
    dispute(county, "甲方")
    dispute(county, "")
    file = keep_file()
    settings.FIELD_KEYS = [NEW, OLD]

    said = rotate()
    settings.FIELD_KEYS = [NEW]

    assert [one.parties for one in Dispute.objects.order_by("id")] == ["甲方", ""]
    assert read_sealed(file) == b"secret"
    assert all(by(NEW, token) for token in tokens())
    assert "1项数据、1个文件" in said
    assert "villages.Dispute: 1/1" in said
    assert "甲方" not in said


def test_it_is_journalled(county, settings) -> None:
    dispute(county, "甲方")
    settings.FIELD_KEYS = [NEW, OLD]

    rotate()

    entry = Entry.objects.get(verb="journal.rotate_keys")
    assert entry.after == {"values": 1, "files": 0, "unopened": 0}
    assert not list(verify())


def test_running_it_again_changes_nothing(county, settings) -> None:
    dispute(county, "甲方")
    keep_file()
    settings.FIELD_KEYS = [NEW, OLD]
    rotate()
    before = tokens()

    assert "0项数据、0个文件；原已如此：2项" in rotate()
    assert tokens() == before


def test_interrupted_and_resumed(county, settings, monkeypatch) -> None:
    """Killed in the middle, some values are by one key and some by the other: all open, and it goes on."""
    monkeypatch.setattr(rotation, "BATCH", 2)
    for number in range(5):
        dispute(county, f"当事人{number}")
    settings.FIELD_KEYS = [NEW, OLD]
    real, calls = encryption.renewed, []

    def renewed(token: bytes) -> bytes | None:
        calls.append(token)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return real(token)

    monkeypatch.setattr("election_admin.rotation.renewed", renewed)
    with pytest.raises(KeyboardInterrupt):
        rotate()
    assert [by(NEW, token) for token in tokens()] == [True, True, False, False, False]
    assert [one.parties for one in Dispute.objects.order_by("id")] == [f"当事人{n}" for n in range(5)]

    said = rotate()

    assert "3项数据" in said
    settings.FIELD_KEYS = [NEW]
    assert [one.parties for one in Dispute.objects.order_by("id")] == [f"当事人{n}" for n in range(5)]


def test_what_somebody_writes_meanwhile_is_not_lost(county, settings, monkeypatch) -> None:
    """An official corrects a row between its being read and written: the correction stays."""
    row = dispute(county, "先写的")
    settings.FIELD_KEYS = [NEW, OLD]
    real = encryption.renewed
    written: list[bool] = []

    def renewed(token: bytes) -> bytes | None:
        fresh = real(token)
        if not written:
            written.append(True)
            Dispute.objects.filter(pk=row.pk).update(parties="后改的")
        return fresh

    monkeypatch.setattr("election_admin.rotation.renewed", renewed)
    rotate()

    settings.FIELD_KEYS = [NEW]
    assert Dispute.objects.get(pk=row.pk).parties == "后改的"


def test_what_is_written_by_the_old_key_meanwhile_is_written_anew(county, settings, monkeypatch) -> None:
    """A program that was not started again still encrypts by the old key; the row is tried again."""
    row = dispute(county, "先写的")
    old = Fernet(OLD).encrypt("后改的".encode()).decode()
    settings.FIELD_KEYS = [NEW, OLD]
    real = encryption.renewed
    written: list[bool] = []

    def renewed(token: bytes) -> bytes | None:
        fresh = real(token)
        if not written:
            written.append(True)
            with connection.cursor() as cursor:
                cursor.execute("UPDATE villages_dispute SET parties = %s WHERE id = %s", [old, row.pk])
        return fresh

    monkeypatch.setattr("election_admin.rotation.renewed", renewed)
    rotate()

    settings.FIELD_KEYS = [NEW]
    assert Dispute.objects.get(pk=row.pk).parties == "后改的"


def test_a_row_that_never_holds_still_is_named(county, settings, monkeypatch) -> None:
    row = dispute(county, "甲方")
    settings.FIELD_KEYS = [NEW, OLD]
    real = encryption.renewed

    def renewed(token: bytes) -> bytes | None:
        fresh = real(token)
        other = Fernet(OLD).encrypt("又改了".encode()).decode()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE villages_dispute SET parties = %s WHERE id = %s", [other, row.pk])
        return fresh

    monkeypatch.setattr("election_admin.rotation.renewed", renewed)
    said = StringIO()
    with pytest.raises(CommandError, match="请再运行一次"):
        call_command("rotate_keys", stdout=said, stderr=said)
    assert f"villages.dispute #{row.pk}" in said.getvalue()


def test_what_no_key_opens_is_named_without_its_content(county, settings) -> None:
    """A key was thrown away too early: the office learns which rows, and everything else is done."""
    lost, kept = dispute(county, "丢失的"), dispute(county, "还在的")
    file = keep_file()
    stranger = Fernet(Fernet.generate_key())
    token = stranger.encrypt("丢失的".encode()).decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE villages_dispute SET parties = %s WHERE id = %s", [token, lost.pk])
    file.write_bytes(stranger.encrypt(b"secret"))
    settings.FIELD_KEYS = [NEW, OLD]
    said = StringIO()

    with pytest.raises(CommandError, match="有2项数据或文件"):
        call_command("rotate_keys", stdout=said, stderr=said)

    assert f"villages.dispute #{lost.pk} parties" in said.getvalue()
    assert str(file.relative_to(settings.MEDIA_ROOT)) in said.getvalue()
    for secret in ("丢失的", token, "gAAAA"):
        assert secret not in said.getvalue()
    assert Dispute.objects.get(pk=kept.pk).parties == "还在的"
    assert by(NEW, tokens()[1])
    assert Entry.objects.get(verb="journal.rotate_keys").after["unopened"] == 2


def test_a_new_column_is_found_by_itself(settings) -> None:
    """Nobody has to remember to name a new encrypted column anywhere."""

    class Novelty(models.Model):
        plain = models.TextField()
        text = EncryptedText(blank=True)
        values = EncryptedJSON(null=True)

        class Meta:
            app_label = "villages"

        def __str__(self) -> str:
            return self.plain

    sql, _values = connection.schema_editor().table_sql(Novelty)
    try:
        assert rotation.encrypted_columns()[Novelty] == ("text", "values")
        with connection.cursor() as cursor:
            cursor.execute(sql)
        Novelty._base_manager.create(plain="明", text="密", values={"密": 1})
        Novelty._base_manager.create(plain="明", text="", values=None)
        settings.FIELD_KEYS = [NEW, OLD]

        rotate()

        settings.FIELD_KEYS = [NEW]
        assert [(one.plain, one.text, one.values) for one in Novelty._base_manager.order_by("pk")] == [
            ("明", "密", {"密": 1}),
            ("明", "", None),
        ]
    finally:
        del apps.all_models["villages"]["novelty"]
        apps.clear_cache()


def test_every_encrypted_column_of_the_office_is_found() -> None:
    """The columns as they stand; a name missing here would stay behind with a key that is gone."""
    found = {
        f"{model._meta.label}.{name}"
        for model, names in rotation.encrypted_columns().items()
        for name in names
    }
    assert found >= {
        "ballots.CalendarFeed.token",
        "candidates.Assessment.snapshot",
        "candidates.Candidacy.standing",
        "candidates.Decision.reason",
        "candidates.DepartmentReply.answer",
        "candidates.DepartmentReply.remark",
        "candidates.DepartmentReply.situations",
        "candidates.FinalList.snapshot",
        "candidates.Finding.details",
        "candidates.Flag.details",
        "candidates.Flag.resolution",
        "candidates.Nomination.supporter_names",
        "candidates.Objection.content",
        "candidates.Objection.grounds",
        "candidates.Objection.raised_by",
        "candidates.Person.id_number",
        "villages.Dispute.parties",
    }


def test_check_says_whether_the_old_key_is_still_needed(county, settings) -> None:
    dispute(county, "甲方")
    settings.FIELD_KEYS = [NEW, OLD]
    before = tokens()

    with pytest.raises(CommandError, match="请先运行 rotate_keys"):
        rotate("--check")
    assert tokens() == before

    rotate()
    assert "0项数据、0个文件" in rotate("--check")


def test_a_file_that_goes_away_meanwhile_stays_away(settings, monkeypatch) -> None:
    file = keep_file()
    settings.FIELD_KEYS = [NEW, OLD]
    real = encryption.renewed

    def renewed(token: bytes) -> bytes | None:
        file.unlink()
        return real(token)

    monkeypatch.setattr("election_admin.rotation.renewed", renewed)
    rotate()

    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


# --- the keys of an embedded office ------------------------------------------------
@pytest.fixture
def secrets_file(tmp_path: Path) -> Path:
    path = tmp_path / keys.SECRETS
    path.write_text(f"# kept\nSECRET_KEY=abc\nFIELD_KEYS={OLD}\nINDEX_KEY=xyz\n")
    path.chmod(0o600)
    return path


def listed(path: Path) -> list[str]:
    (line,) = [line for line in path.read_text().splitlines() if line.startswith("FIELD_KEYS=")]
    return line.removeprefix("FIELD_KEYS=").split(",")


def test_a_new_key_and_the_old_one_dropped(county, secrets_file, settings) -> None:
    row = dispute(county, "甲方")

    said = rotate("--new-key")

    fresh, old = listed(secrets_file)
    assert old == OLD
    assert stat.S_IMODE(secrets_file.stat().st_mode) == 0o600
    assert secrets_file.read_text().startswith("# kept\nSECRET_KEY=abc\n")
    assert secrets_file.read_text().endswith("INDEX_KEY=xyz\n")
    assert by(fresh, tokens()[0])
    assert fresh not in said
    assert OLD not in said

    said = rotate("--drop-old")

    assert listed(secrets_file) == [fresh]
    assert "备份" in said
    settings.FIELD_KEYS = [fresh]
    assert Dispute.objects.get(pk=row.pk).parties == "甲方"


def test_an_old_key_that_is_needed_is_not_dropped(county, secrets_file, settings) -> None:
    dispute(county, "甲方")
    settings.FIELD_KEYS = [NEW, OLD]
    secrets_file.write_text(f"FIELD_KEYS={NEW},{OLD}\n")

    with pytest.raises(CommandError, match="请先运行 rotate_keys"):
        rotate("--drop-old")

    assert listed(secrets_file) == [NEW, OLD]


def test_the_only_key_is_not_dropped(secrets_file) -> None:
    with pytest.raises(CommandError, match="只有一个密钥"):
        rotate("--drop-old")


@pytest.mark.parametrize("verb", ["--new-key", "--drop-old"])
def test_keys_are_not_changed_under_a_running_office(secrets_file, tmp_path, verb) -> None:
    """Its programs know the keys they began with: what the new one encrypts they could not read."""
    before = secrets_file.read_text()

    with keys.running(tmp_path), pytest.raises(CommandError, match="系统正在运行"):
        rotate(verb)

    assert secrets_file.read_text() == before


def test_an_office_does_not_start_while_its_keys_are_changed(tmp_path) -> None:
    with keys.standing_still(tmp_path), pytest.raises(keys.OfficeRuns), keys.running(tmp_path):
        pass


@pytest.mark.parametrize(
    "text",
    [None, "SECRET_KEY=abc\n", f"FIELD_KEYS={NEW}\n"],
    ids=["no file", "no keys", "other keys"],
)
def test_keys_from_the_environment_are_changed_there(tmp_path, text: Any) -> None:
    """Written to a file that nobody reads, a new key would encrypt what no start opens again."""
    if text is not None:
        (tmp_path / keys.SECRETS).write_text(text)

    with pytest.raises(CommandError, match="环境变量FIELD_KEYS"):
        rotate("--new-key")


def test_renewed(settings) -> None:
    token = encryption.encrypt_bytes(b"plain")
    assert encryption.renewed(token) is None
    settings.FIELD_KEYS = [NEW, OLD]
    fresh = encryption.renewed(token)
    assert fresh is not None
    assert Fernet(NEW).decrypt(fresh) == b"plain"
    settings.FIELD_KEYS = [NEW]
    with pytest.raises(ImproperlyConfigured):
        encryption.renewed(token)
