"""An office with one township, its county, and a neighbour who sees nothing of it."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from election_admin.accounts.models import Membership, Role, User
from election_admin.documents.models import Document
from election_admin.places.models import Kind, Level, Place
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

    monkeypatch.setattr("election_admin.documents.dispatch.app.send_task", send_task)
    return messages


def make_user(login: str, place: Place, role: Role, department: str = "") -> User:
    user = User.objects.create(login=login, name=login)
    Membership.objects.create(user=user, place=place, role=role, department=department)
    return user


@pytest.fixture
def cast(db) -> SimpleNamespace:
    """Who is there: two townships of a county, a village, and somebody for each."""
    parent = None
    for level, code, name in (
        (Level.PROVINCE, "99", "演示省"),
        (Level.CITY, "9901", "演示市"),
        (Level.COUNTY, "990101", "演示县"),
    ):
        parent = Place.objects.create(code=code, name=name, level=level, parent=parent)
    county = parent
    township, other = (
        Place.objects.create(code=code, name=name, level=Level.TOWNSHIP, parent=county)
        for code, name in (("990101101", "青云镇"), ("990101102", "白石镇"))
    )
    village, second = (
        Place.objects.create(code=code, name=name, level=Level.VILLAGE, kind=Kind.VILLAGE, parent=township)
        for code, name in (("990101101201", "石桥村"), ("990101101202", "柳湾村"))
    )
    return SimpleNamespace(
        county=county,
        township=township,
        village=village,
        second=second,
        official=make_user("official", township, Role.TOWNSHIP),
        outsider=make_user("outsider", other, Role.TOWNSHIP),
        committee=make_user("committee", village, Role.COMMITTEE),
        reviewer=make_user("reviewer", county, Role.COUNTY),
        department=make_user("department", county, Role.DEPARTMENT, "police"),
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
