"""How long the lists of the demo county take, and how many queries.

    DATA_DIR=... python manage.py load_demo
    DATA_DIR=... python -m benchmarks.lists [repetitions]

In one warm process, from the request to the last byte, log-in and menu included.
"""

import os
import statistics
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "election_admin.settings")
os.environ.setdefault("STATICFILES_STORAGE", "django.contrib.staticfiles.storage.StaticFilesStorage")
django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from election_admin.accounts.models import Membership, Role  # noqa: E402

PAGES = (
    (Role.COUNTY, "/villages/dashboard/"),
    (Role.COUNTY, "/villages/dashboard/?band=difficult"),
    (Role.COUNTY, "/villages/"),
    (Role.COUNTY, "/villages/?situation=attention&sort=-score&page=2"),
    (Role.COUNTY, "/villages/?export=xlsx"),
    (Role.COUNTY, "/elections/deadlines/"),
    (Role.COUNTY, "/elections/deadlines/?bucket=seven&page=2"),
    (Role.COUNTY, "/elections/deadlines/?export=xlsx"),
    (Role.COUNTY, "/elections/violations/"),
    (Role.COUNTY, "/elections/calendar/"),
    (Role.COUNTY, "/elections/law/zhejiang-2020/with/shanghai-2020/"),
    (Role.COUNTY, "/candidates/"),
    (Role.COUNTY, "/candidates/?export=xlsx"),
    (Role.COUNTY, "/candidates/review/"),
    (Role.COUNTY, "/candidates/review/missing/"),
    (Role.COUNTY, "/candidates/review/flags/"),
    (Role.COUNTY, "/candidates/changes/"),
    (Role.COUNTY, "/candidates/doubles/"),
    (Role.DEPARTMENT, "/candidates/inbox/"),
    (Role.TOWNSHIP, "/candidates/"),
    (Role.TOWNSHIP, "/villages/"),
    (Role.TOWNSHIP, "/elections/deadlines/"),
    (Role.TOWNSHIP, "/elections/days/330604101/"),
    (Role.TOWNSHIP, "/elections/calendar/"),
)


def _measure(client: Client, address: str, repetitions: int) -> tuple[float, int, int]:
    """Median milliseconds, queries and bytes of a page."""
    client.get(address).getvalue()
    with CaptureQueriesContext(connection) as captured:
        size = len(client.get(address).getvalue())
    # Counted now: the next request empties the log.
    queries = len(captured)
    took = []
    for _ in range(repetitions):
        start = time.perf_counter()
        client.get(address).getvalue()
        took.append(time.perf_counter() - start)
    return statistics.median(took) * 1000, queries, size


def main(repetitions: int) -> None:
    clients = {}
    for role in (Role.COUNTY, Role.TOWNSHIP):
        held = Membership.objects.filter(role=role).select_related("user").earliest("id")
        clients[role] = Client(SERVER_NAME="localhost")
        clients[role].force_login(held.user, backend="django.contrib.auth.backends.ModelBackend")
    print(f"{'page':<66}{'ms':>7}{'queries':>9}{'KB':>7}")  # noqa: T201
    for role, address in PAGES:
        milliseconds, queries, size = _measure(clients[role], address, repetitions)
        print(f"{role:<10}{address:<56}{milliseconds:>7.0f}{queries:>9}{size / 1024:>7.0f}")  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
