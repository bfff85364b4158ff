"""An office whose staff can be imported, and a worker that works when told to."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from election_admin.accounts.models import Role
from election_admin.imports import actions, tasks, writing
from election_admin.imports.models import ImportJob
from election_admin.places.models import Kind
from tests.cast import NOW, make_place, make_user
from tests.imports import staff
from tests.imports.excel import people, upload, workbook

staff.register()


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """The folder files are kept in."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "imports"


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What was sent to the queue; nothing leaves the test."""
    messages: list[int] = []
    monkeypatch.setattr(
        "election_admin.waking.app.send_task", lambda name, args=(), **options: messages.append(args[0])
    )
    return messages


@pytest.fixture(autouse=True)
def _attentive(monkeypatch: pytest.MonkeyPatch) -> None:
    """The writer looks up at every row, so that no test waits for it."""
    monkeypatch.setattr(writing, "EVERY", 0.0)


@pytest.fixture
def cast(db: None) -> SimpleNamespace:
    """Two townships of a county, a village, and somebody for each."""
    county = make_place("990101", "演示县", make_place("9901", "演示市", make_place("99", "演示省")))
    township = make_place("990101101", "青云镇", county)
    other = make_place("990101102", "白石镇", county)
    village = make_place("990101101201", "石桥村", township, Kind.VILLAGE)
    return SimpleNamespace(
        county=county,
        township=township,
        other=other,
        village=village,
        official=make_user("official", Role.TOWNSHIP, township, name="王丽"),
        colleague=make_user("colleague", Role.TOWNSHIP, township, name="李强"),
        outsider=make_user("outsider", Role.TOWNSHIP, other),
        committee=make_user("committee", Role.COMMITTEE, village),
        reviewer=make_user("reviewer", Role.COUNTY, county),
        department=make_user("department", Role.DEPARTMENT, county, "court"),
        administrator=make_user("administrator", Role.ADMINISTRATOR, county),
    )


@pytest.fixture
def ask(cast: SimpleNamespace) -> Callable[..., ImportJob]:
    """Sends a workbook in; nobody has read it yet."""

    def request(content: bytes | None = None, **changes: Any) -> ImportJob:
        given = {"kind": staff.CODE, "place": cast.township, "actor": cast.official, "at": NOW}
        file = upload(workbook(people(3)) if content is None else content)
        return actions.request_import(file=file, **(given | changes))

    return request


@pytest.fixture
def read(ask: Callable[..., ImportJob]) -> Callable[..., ImportJob]:
    """Sends a workbook in and has a worker read it."""

    def request_and_read(content: bytes | None = None, **changes: Any) -> ImportJob:
        return worked(ask(content, **changes))

    return request_and_read


@pytest.fixture
def confirmed(cast: SimpleNamespace, read: Callable[..., ImportJob]) -> Callable[..., ImportJob]:
    """Sends a workbook in, has it read and confirmed; nothing is written yet."""

    def read_and_confirm(content: bytes | None = None, **changes: Any) -> ImportJob:
        job = read(content, **changes)
        assert job.state == "read", job.reason
        return actions.confirm_import(job=job, reading=job.reading, actor=cast.official, at=NOW)

    return read_and_confirm


def worked(job: ImportJob) -> ImportJob:
    """The import after a worker has done what there was to do."""
    tasks.work(job.pk)
    return ImportJob.objects.get(pk=job.pk)
