"""A small office in a database of its own, worked from outside by a test: one verb a call.

Run as ``python -m tests.documents.office VERB``; answers in JSON. The processes of test_kill
share nothing with the test's own database, whose transaction no other process could see.
"""

import json
import sys
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from election_admin.accounts.models import Membership, Role, User  # noqa: E402
from election_admin.documents import actions  # noqa: E402
from election_admin.documents.models import Document  # noqa: E402
from election_admin.places.models import Kind, Level, Place  # noqa: E402
from tests.documents.specimen import CODE  # noqa: E402


def open_office() -> None:
    """Make the tables, one township of villages, and one official."""
    call_command("migrate", verbosity=0, skip_checks=True, run_syncdb=True)
    parent = None
    for level, code, name in (
        (Level.PROVINCE, "99", "演示省"),
        (Level.CITY, "9901", "演示市"),
        (Level.COUNTY, "990101", "演示县"),
        (Level.TOWNSHIP, "990101101", "青云镇"),
    ):
        parent = Place.objects.create(code=code, name=name, level=level, parent=parent)
    for number in range(1, 13):
        Place.objects.create(
            code=f"990101101{number:03d}",
            name=f"第{number}村",
            level=Level.VILLAGE,
            kind=Kind.VILLAGE,
            parent=parent,
        )
    user = User.objects.create(login="official", name="王丽")
    Membership.objects.create(user=user, place=parent, role=Role.TOWNSHIP)


def request() -> None:
    """Ask for one document a village, in one batch."""
    actions.request_batch(
        kind=CODE,
        subjects=Place.objects.villages(),
        language="zh-hans",
        title="全镇样张",
        actor=User.objects.get(login="official"),
        at=timezone.now(),
    )


def report() -> dict[str, Any]:
    folder = Path(settings.MEDIA_ROOT) / "documents"
    return {
        "documents": list(
            Document.objects.order_by("pk").values("pk", "state", "attempts", "file", "sha256", "failure")
        ),
        "files": sorted(str(path.relative_to(folder)) for path in folder.glob("*/*")),
    }


if __name__ == "__main__":
    verbs = {"open": open_office, "request": request, "report": report}
    sys.stdout.write(json.dumps(verbs[sys.argv[1]]()))
