"""An office with one township, its county, and a neighbour who sees nothing of it."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from election_admin.accounts.models import Role
from election_admin.documents.models import Document
from election_admin.places.models import Kind
from tests.cast import make_place, make_user
from tests.documents import specimen

AT = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)

specimen.register()


@pytest.fixture(autouse=True)
def files(settings, tmp_path: Path) -> Path:
    """The folder documents are written to."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "documents"


@pytest.fixture(autouse=True)
def sent(monkeypatch) -> list[int]:
    """What was sent to the queue; nothing leaves the test."""
    messages: list[int] = []

    def send_task(name, args=(), **options):
        messages.append(args[0])

    monkeypatch.setattr("election_admin.waking.app.send_task", send_task)
    return messages


@pytest.fixture
def cast(db) -> SimpleNamespace:
    """Who is there: two townships of a county, two villages, and somebody for each."""
    county = make_place("990101", "演示县", make_place("9901", "演示市", make_place("99", "演示省")))
    township = make_place("990101101", "青云镇", county)
    other = make_place("990101102", "白石镇", county)
    village = make_place("990101101201", "石桥村", township, Kind.VILLAGE)
    return SimpleNamespace(
        county=county,
        township=township,
        village=village,
        second=make_place("990101101202", "柳湾村", township, Kind.VILLAGE),
        official=make_user("official", Role.TOWNSHIP, township),
        outsider=make_user("outsider", Role.TOWNSHIP, other),
        committee=make_user("committee", Role.COMMITTEE, village),
        reviewer=make_user("reviewer", Role.COUNTY, county),
        department=make_user("department", Role.DEPARTMENT, county, "police"),
    )


@pytest.fixture
def make_document(cast):
    """A factory of documents about the village, in any state."""

    def make(**fields) -> Document:
        state = fields.get("state", Document.State.QUEUED)
        if state == Document.State.RUNNING:
            fields = {"lease_until": AT, "leased_by": "somewhere/1/1/abc", "attempts": 1} | fields
        elif state == Document.State.READY:
            fields = {
                "file": f"000000/{Document.objects.count()}.pdf",
                "sha256": "0" * 64,
                "size": 1,
                "progress": 100,
                "finished_at": AT,
            } | fields
        elif state == Document.State.FAILED:
            fields = {"failure": Document.Failure.UNEXPECTED, "failure_detail": "ValueError"} | fields
        return Document.objects.create(
            **{
                "place": cast.village,
                "kind": specimen.CODE,
                "subject_id": str(cast.village.pk),
                "title": "石桥村样张",
                "requested_by": cast.official,
                "requested_at": AT,
            }
            | fields
        )

    return make
