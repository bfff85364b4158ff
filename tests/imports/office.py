"""A small office in a database of its own, worked from outside by a test: one verb a call.

Run as ``python -m tests.imports.office VERB``; answers in JSON.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from election_admin.accounts.models import Membership, Role, User  # noqa: E402
from election_admin.imports import actions, notes  # noqa: E402
from election_admin.imports.models import ImportJob, ImportRow  # noqa: E402
from election_admin.journal.models import Entry  # noqa: E402
from election_admin.journal.record import verify  # noqa: E402
from election_admin.places.models import Level, Place  # noqa: E402
from tests.imports import staff  # noqa: E402
from tests.imports.excel import people, upload, workbook  # noqa: E402


def open_office() -> None:
    """Make the tables, one township, and one official."""
    call_command("migrate", verbosity=0, skip_checks=True, run_syncdb=True)
    parent = None
    for level, code, name in (
        (Level.PROVINCE, "99", "演示省"),
        (Level.CITY, "9901", "演示市"),
        (Level.COUNTY, "990101", "演示县"),
        (Level.TOWNSHIP, "990101101", "青云镇"),
    ):
        parent = Place.objects.create(code=code, name=name, level=level, parent=parent)
    user = User.objects.create(login="official", name="王丽")
    Membership.objects.create(user=user, place=parent, role=Role.TOWNSHIP)


def request(rows: str) -> None:
    """Send a file of so many rows in."""
    actions.request_import(
        kind=staff.CODE,
        place=Place.objects.get(code="990101101"),
        file=upload(workbook(people(int(rows)))),
        actor=User.objects.get(login="official"),
        at=timezone.now(),
    )


def confirm() -> None:
    job = ImportJob.objects.get()
    actions.confirm_import(
        job=job, reading=job.reading, actor=User.objects.get(login="official"), at=timezone.now()
    )


def cancel() -> None:
    user = User.objects.get(login="official")
    actions.cancel_import(job=ImportJob.objects.get(), actor=user, at=timezone.now())


def report() -> dict[str, Any]:
    job = ImportJob.objects.get()
    return {
        "state": job.state,
        "attempts": job.attempts,
        "reason": job.reason,
        "counts": [job.rows, job.new, job.wrong],
        "rows": ImportRow.objects.count(),
        "staff": User.objects.filter(login__startswith="staff-").count(),
        "written": Entry.objects.filter(verb=staff.VERB).count(),
        "finished": Entry.objects.filter(verb="imports.finish_import").count(),
        "verbs": list(Entry.objects.order_by("number").values_list("verb", flat=True)),
        "breaks": [found.problem for found in verify()],
        "said": notes.progress_of(job.pk),
        "files": len(list((Path(settings.MEDIA_ROOT) / "imports").glob("*.sealed"))),
    }


if __name__ == "__main__":
    verbs: dict[str, Callable[..., Any]] = {
        "open": open_office,
        "request": request,
        "confirm": confirm,
        "cancel": cancel,
        "report": report,
    }
    sys.stdout.write(json.dumps(verbs[sys.argv[1]](*sys.argv[2:])))
