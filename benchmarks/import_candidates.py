"""How long a file of candidates of one township takes, and one of findings about them.

    DATA_DIR=$(mktemp -d) python -m benchmarks.import_candidates [rows] [--profile]

Through the engine, as a worker does it: the upload, the reading for the preview, the reading and the
writing once it is confirmed. The township, with a village for every two hundred rows, is made on the
spot in a database of its own.
"""

import cProfile
import os
import pstats
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import django
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "election_admin.settings")
django.setup()

from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.utils import timezone  # noqa: E402
from stdnum.cn.ric import calc_check_digit  # noqa: E402

from candidates.imports.candidate_columns import candidate_columns  # noqa: E402
from candidates.imports.findings import finding_columns  # noqa: E402
from election_admin.accounts.models import Membership, Role, User  # noqa: E402
from election_admin.imports import actions, tasks  # noqa: E402
from election_admin.imports.models import ImportJob  # noqa: E402
from election_admin.journal.record import verify  # noqa: E402
from election_admin.places.models import Kind, Level, Place  # noqa: E402
from election_admin.tables import write_excel  # noqa: E402
from villages.actions.terms import open_term  # noqa: E402
from villages.models import Election, Seat  # noqa: E402

ROWS_A_VILLAGE = 200
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平"


def _township(villages: int) -> tuple[Place, User]:
    """A township whose villages vote in a month, and its official."""
    today = timezone.localdate()
    parent = None
    for code, name, level in (
        ("99", "演示省", Level.PROVINCE),
        ("9901", "演示市", Level.CITY),
        ("990101", "演示县", Level.COUNTY),
        ("990101101", "青云镇", Level.TOWNSHIP),
    ):
        parent = Place.objects.create(code=code, name=name, level=level, parent=parent)
    township = Place.objects.get(code="990101101")
    Place.objects.bulk_create(
        Place(
            code=f"990101101{200 + number}",
            name=f"第{number}村",
            level=Level.VILLAGE,
            kind=Kind.VILLAGE,
            parent=township,
        )
        for number in range(villages)
    )
    open_term(
        county=Place.objects.get(code="990101"),
        number=12,
        window_start=today,
        window_end=today + timedelta(days=60),
        procedure="zhejiang-2020",
        eligibility_list="five-situations-2013",
        risk_model="default-2026",
        modes=["nominated"],
        actor=None,
        at=timezone.now(),
    )
    Election.objects.update(election_day=today + timedelta(days=30))
    Seat.objects.bulk_create(
        Seat(election=election, post=post, seats=seats, rank=rank)
        for election in Election.objects.all()
        for rank, (post, seats) in enumerate((("chair", 1), ("member", 4)), start=1)
    )
    user = User.objects.create(login="bench", name="张三")
    Membership.objects.create(user=user, place=township, role=Role.TOWNSHIP)
    return township, user


def _people(rows: int) -> Iterator[dict[str, Any]]:
    today = timezone.localdate()
    for number in range(rows):
        born = date(1955, 1, 1) + timedelta(days=number % 18_000)
        body = f"990101{born:%Y%m%d}{number // 18_000 * 2 + 101:03d}"
        yield {
            "village": f"第{number // ROWS_A_VILLAGE}村",
            "name": SURNAMES[number % 20] + GIVEN[number // 20 % 20] + GIVEN[number // 400 % 20],
            "sex": "男",
            "born": born,
            "id_number": body + calc_check_digit(body + "0"),
            "ethnicity": "汉族",
            "education": "高中",
            "party_member": "是" if number % 2 else "否",
            "post": "主任" if number % 3 else "委员",
            "how": "村民联名提名",
            "nominated_on": today,
            "supporters": 3,
            "supporter_names": "张三、李四、王五",
            "votes": number % 900,
            "registered_voter": "是",
            "deprived_of_political_rights": "否",
        }


def _finding(person: dict[str, Any]) -> dict[str, Any]:
    return {
        "village": person["village"],
        "id_number": person["id_number"],
        "situation": "1",
        "status": "已查实",
        "released_on": date(2020, 3, 1),
        "source": "（2019）刑初88号",
    }


def _file(columns: Any, rows: Iterator[dict[str, Any]]) -> bytes:
    content = BytesIO()
    headers = [(str(column.title), column.width) for column in columns]
    lines = ([row.get(column.key) for column in columns] for row in rows)
    write_excel(content, title="名单", headers=headers, rows=lines)
    return content.getvalue()


def _timed(what: str, do: Callable[[], Any], *, profile: bool) -> Any:
    profiler = cProfile.Profile() if profile else None
    start, worked = time.perf_counter(), time.process_time()
    done = profiler.runcall(do) if profiler else do()
    took, worked = time.perf_counter() - start, time.process_time() - worked
    # On a machine with other work the processor's time says more than the clock's.
    print(f"{what:<34}{took:>8.1f} s{worked:>8.1f} s of the processor")  # noqa: T201
    if profiler:
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(45)
    return done


def _import(kind: str, township: Place, user: User, content: bytes, *, profile: bool) -> None:
    upload = SimpleUploadedFile("名单.xlsx", content)
    job = _timed(
        f"{kind}: upload",
        lambda: actions.request_import(kind=kind, place=township, file=upload, actor=user, at=timezone.now()),
        profile=False,
    )
    _timed(f"{kind}: reading", lambda: tasks.work(job.pk), profile=profile)
    job = ImportJob.objects.get(pk=job.pk)
    counts = {"new": job.new, "changed": job.changed, "same": job.same, "wrong": job.wrong}
    print(f"{job.rows} rows, {job.state} {job.reason}: {counts}")  # noqa: T201
    if not job.new + job.changed:
        return
    actions.confirm_import(job=job, reading=job.reading, actor=user, at=timezone.now())
    _timed(f"{kind}: reading again and writing", lambda: tasks.work(job.pk), profile=profile)
    job = ImportJob.objects.get(pk=job.pk)
    print(f"{job.state} {job.reason}")  # noqa: T201


def main(rows: int, *, profile: bool) -> None:
    call_command("migrate", verbosity=0)
    township, user = _township(-(-rows // ROWS_A_VILLAGE))
    candidates = _file(candidate_columns(township), _people(rows))
    _import("candidates", township, user, candidates, profile=profile)
    # The same once more, of which nothing is new; then with a change in each row.
    _import("candidates", township, user, candidates + b"\0", profile=False)
    changed = _file(candidate_columns(township), ({**one, "education": "大专"} for one in _people(rows)))
    _import("candidates", township, user, changed, profile=profile)
    findings = _file(finding_columns(township), map(_finding, _people(rows)))
    _import("findings", township, user, findings, profile=profile)
    _timed("checking the journal", lambda: print(list(verify())), profile=False)  # noqa: T201


if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[1:] if one.isdigit()]
    main(numbers[0] if numbers else 20_000, profile="--profile" in sys.argv)
