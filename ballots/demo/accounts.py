"""Who works in the demo county. All invented, one password, printed at the start."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password

from ballots.demo.county import COUNTY_CODE
from election_admin.accounts.models import Membership, Role, User
from election_admin.places.models import Place
from election_admin.rulebooks.departments import load_departments

PASSWORD = "yanshi-2026"  # noqa: S105  # opens invented data, and is printed at every start


@dataclass(frozen=True)
class Account:
    """One account: who, where, and in which department."""

    login: str
    name: str
    role: Role
    place: str
    department: str = ""


LISTED = (
    Account("xiangzhen", "周海燕", Role.TOWNSHIP, "330604101"),
    Account("xiangzhen2", "方志明", Role.TOWNSHIP, "330604102"),
    Account("xiangzhen3", "吕晓峰", Role.TOWNSHIP, "330604106"),
    Account("xuanweihui", "何永根", Role.COMMITTEE, "330604101203"),
    Account("xuanweihui2", "谢美珍", Role.COMMITTEE, "330604101216"),
    Account("xianji", "陆建平", Role.COUNTY, COUNTY_CODE),
    Account("fayuan", "沈思远", Role.DEPARTMENT, COUNTY_CODE, "court"),
    Account("weijian", "胡敏", Role.DEPARTMENT, COUNTY_CODE, "health"),
    Account("gongan", "钱卫东", Role.DEPARTMENT, COUNTY_CODE, "public_security"),
    Account("guanliyuan", "顾文斌", Role.ADMINISTRATOR, COUNTY_CODE),
)
"""The accounts to try things with: they all have the password."""

_OTHER_NAMES = (
    "蒋丽", "俞斌", "童国祥", "姚静", "冯立军", "潘晓红", "邵伟", "洪亮", "戴月芳", "骆成", "卢志刚",
    "汤敏霞", "施建华", "祝红", "裘国良", "柴永", "朱亚萍", "毛新", "傅强", "应雪", "盛杰", "苗青", "郭涛",
    "侯琳", "韩松", "江雨", "史平", "唐林", "万里", "尹华",
)  # fmt: skip


def everybody() -> list[Account]:
    """The listed accounts, and those without a password who wrote the rest of the records."""
    townships = list(
        Place.objects.within(COUNTY_CODE).townships().order_by("code").values_list("code", flat=True)
    )
    held = {account.place for account in LISTED if account.role == Role.TOWNSHIP}
    answering = {account.department for account in LISTED}
    others = [(f"xz-{code}", Role.TOWNSHIP, code, "") for code in townships if code not in held]
    others += [
        (f"bm-{each.code}", Role.DEPARTMENT, COUNTY_CODE, each.code)
        for each in load_departments()
        if each.code not in answering
    ]
    return [
        *LISTED,
        *(
            Account(login, name, role, place, department)
            for (login, role, place, department), name in zip(others, _OTHER_NAMES, strict=False)
        ),
    ]


def open_demo_accounts() -> dict[str, User]:
    """Open every account and return the users by login."""
    accounts = everybody()
    # Hashed once: a second of work for each account would be half the time of the loading.
    known, unknown = make_password(PASSWORD), make_password(None)
    users = User.objects.bulk_create(
        User(login=each.login, name=each.name, password=known if each in LISTED else unknown)
        for each in accounts
    )
    places = Place.objects.in_bulk({each.place for each in accounts}, field_name="code")
    Membership.objects.bulk_create(
        Membership(user=user, place=places[each.place], role=each.role, department=each.department)
        for user, each in zip(users, accounts, strict=True)
    )
    return {user.login: user for user in users}


def lines() -> Iterator[str]:
    """One line for each listed account: login, password, who and where, and what is to be seen there."""
    places = Place.objects.in_bulk({each.place for each in LISTED}, field_name="code")
    departments = {each.code: each.title.zh for each in load_departments()}
    for each in LISTED:
        if each.place in places:
            what = departments.get(each.department) or str(each.role.label)
            yield f"{each.login:<12} {PASSWORD}  {places[each.place].name} {what}{_NOTES.get(each.login, '')}"


_NOTES = {
    "xuanweihui": "（选民登记阶段：下一步“公布选民名单”可登记，其后各步要等）",
    "xuanweihui2": "（今天投票）",
}
