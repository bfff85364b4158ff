"""A kind of import only the tests know: a township's staff, kept as accounts."""

import os
import time
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import rules
from django.core.exceptions import ValidationError
from django.db import transaction

from election_admin.accounts.access import holds, require
from election_admin.accounts.models import Role, User
from election_admin.imports.registry import (
    Change,
    Column,
    Fault,
    ImportKind,
    Progress,
    Read,
    kinds,
    register_import,
)
from election_admin.journal import record
from election_admin.places.models import Place

CODE = "staff"
PERMISSION = "tests.import_staff"
VERB = "tests.import_staff"
AT_ONCE = 100
COLUMNS = (
    Column("login", "工号", required=True, plain=True, longest=32, example="zhang-3"),
    Column("name", "姓名", required=True, longest=40, help="和身份证一致", example="张三"),
    Column("email", "邮箱", longest=60, width=24),
    Column("id_number", "公民身份号码", "id_number", width=22, example="330604198012200011"),
    Column("hired", "入职日期", "date"),
    Column("children", "子女数", "number"),
    Column("active", "是否在岗", "choice", required=True, choices=(("yes", "是"), ("no", "否")), plain=True),
)
TITLES = [str(column.title) for column in COLUMNS]


class StaffReader:
    """Compares with the accounts there are."""

    def __init__(self, place: Place, user: User, today: date) -> None:
        self.today = today
        self.known = {one.login: (one.name, one.email, one.is_active) for one in User.objects.all()}
        self.seen: set[str] = set()

    def read(self, cells: Mapping[str, Any]) -> Read:
        if cells["login"] in self.seen:
            return Read(
                Change.WRONG, shown=_shown(cells), faults=(Fault("login", "这个工号在文件中出现了两次。"),)
            )
        self.seen.add(cells["login"])
        if cells["hired"] and cells["hired"] > self.today:
            return Read(Change.WRONG, shown=_shown(cells), faults=(Fault("hired", "入职日期还没有到。"),))
        _pause("PAUSE_READING", len(self.seen))
        held = self.known.get(cells["login"])
        wanted = (cells["name"], cells["email"] or "", cells["active"] == "yes")
        change = Change.NEW if held is None else Change.SAME if held == wanted else Change.CHANGED
        return Read(change, values=cells, shown=_shown(cells))


def _shown(cells: Mapping[str, Any]) -> dict[str, str]:
    number = cells["id_number"] or ""
    return {
        "login": cells["login"],
        "name": cells["name"],
        "id_number": f"{number[:3]}…{number[-2:]}" if number else "",
        "hired": str(cells["hired"] or ""),
    }


def write(place: Place, rows: Iterable[Read], user: User, at: datetime, progress: Progress) -> None:
    with transaction.atomic():
        record.take_turn(place)
        require(user, PERMISSION, place)
        count, waiting = 0, iter(rows)
        while batch := list(islice(waiting, AT_ONCE)):
            _save(batch)
            count += len(batch)
            _pause("PAUSE_WRITING", count)
            progress(count)
        record.append(verb=VERB, row=place, actor=user, place=place, at=at, after={"rows": count})


def _save(batch: list[Read]) -> None:
    new = [read.values for read in batch if read.change == Change.NEW]
    User.objects.bulk_create(User(**_fields(values)) for values in new)
    for read in batch:
        if read.change == Change.CHANGED:
            User.objects.filter(login=read.values["login"]).update(**_fields(read.values))


def _fields(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "login": values["login"],
        "name": values["name"],
        "email": values["email"] or "",
        "is_active": values["active"] == "yes",
    }


def _pause(name: str, done: int) -> None:
    """Take a while for each hundred rows, where a test wants to be in time for it."""
    if done % AT_ONCE == 0 and (seconds := os.environ.get(name)):
        if folder := os.environ.get("PAUSES_NOTED"):
            (Path(folder) / name).write_text(str(done))
        time.sleep(float(seconds))


def check_open(place: Place) -> None:
    if place.name.endswith("（已撤并）"):
        raise ValidationError("这个乡镇已撤并，不能再导入人员。")


def register(most_rows: int = 20_000) -> None:
    if CODE in {one.code for one in kinds()}:
        return
    rules.add_perm(PERMISSION, holds(Role.TOWNSHIP))
    register_import(
        ImportKind(
            code=CODE,
            title="导入人员",
            permission=PERMISSION,
            columns=lambda place: COLUMNS,
            reader=StaffReader,
            write=write,
            back=lambda place: "/",
            check_open=check_open,
            most_rows=most_rows,
        )
    )
