"""The people and places of the tests: two counties, so that there is always somebody outside.

Dates are fixed: the day is 1 December 2026, elections are on the 20th.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from election_admin.accounts.models import Membership, Role, User
from election_admin.places.models import Kind, Level, Place
from villages.actions.terms import open_term, set_election_day
from villages.models import Election, Term

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)  # nine in the morning in Shanghai
TODAY = date(2026, 12, 1)
ELECTION_DAY = date(2026, 12, 20)
PASSWORD = "correct-horse-8"
SEATS = {"chair": 1, "vice_chair": 1, "women": 1, "member": 2}


def make_place(code: str, name: str, parent: Place | None = None, kind: str = Kind.NONE) -> Place:
    """A place at the level its code says."""
    level = {2: Level.PROVINCE, 4: Level.CITY, 6: Level.COUNTY, 9: Level.TOWNSHIP, 12: Level.VILLAGE}
    return Place.objects.create(code=code, name=name, level=level[len(code)], kind=kind, parent=parent)


def make_user(login: str, role: str, place: Place, department: str = "", name: str = "张三") -> User:
    """A user with one membership and PASSWORD."""
    user = User(login=login, name=name)
    user.set_password(PASSWORD)
    user.save()
    Membership.objects.create(user=user, place=place, role=role, department=department)
    return user


def make_term(county: Place, **changes: Any) -> Term:
    """A term by Zhejiang's method whose window is December 2026, with its elections and steps."""
    values: dict[str, Any] = {
        "number": 12,
        "window_start": date(2026, 12, 1),
        "window_end": date(2026, 12, 31),
        "procedure": "zhejiang-2020",
        "eligibility_list": "five-situations-2013",
        "risk_model": "default-2026",
        "modes": ["nominated", "self_nominated"],
    }
    return open_term(county=county, actor=None, at=NOW, **(values | changes))


@dataclass
class County:
    """One county with two townships of two villages and a community, and its people."""

    county: Place
    township: Place
    other_township: Place
    village: Place
    second_village: Place
    community: Place
    other_village: Place
    term: Term
    election: Election
    township_official: User
    other_township_official: User
    committee_member: User
    county_reviewer: User
    court: User
    health: User
    administrator: User

    def everyone(self) -> dict[str, User]:
        """The users by the names of their fields."""
        return {name: value for name, value in vars(self).items() if isinstance(value, User)}


def make_county(code: str = "330604", name: str = "上虞区") -> County:
    """A county of the cast; its logins end in its code."""
    province = Place.objects.filter(code=code[:2]).first() or make_place(code[:2], "浙江省")
    city = Place.objects.filter(code=code[:4]).first() or make_place(code[:4], "绍兴市", province)
    county = make_place(code, name, city)
    township = make_place(f"{code}101", "长塘镇", county)
    other_township = make_place(f"{code}102", "上浦镇", county)
    village = make_place(f"{code}101201", "桃园村", township, Kind.VILLAGE)
    second_village = make_place(f"{code}101202", "罗村村", township, Kind.VILLAGE)
    community = make_place(f"{code}101001", "长塘社区", township, Kind.COMMUNITY)
    other_village = make_place(f"{code}102201", "昆仑村", other_township, Kind.VILLAGE)
    term = make_term(county)
    people = {
        "township_official": make_user(f"township-{code}", Role.TOWNSHIP, township),
        "other_township_official": make_user(f"other-township-{code}", Role.TOWNSHIP, other_township),
        "committee_member": make_user(f"committee-{code}", Role.COMMITTEE, village),
        "county_reviewer": make_user(f"county-{code}", Role.COUNTY, county),
        "court": make_user(f"court-{code}", Role.DEPARTMENT, county, "court"),
        "health": make_user(f"health-{code}", Role.DEPARTMENT, county, "health"),
        "administrator": make_user(f"admin-{code}", Role.ADMINISTRATOR, county),
    }
    election = set_election_day(
        election=Election.objects.get(place=village, term=term),
        election_day=ELECTION_DAY,
        mode="nominated",
        seats=SEATS,
        actor=people["township_official"],
        at=NOW,
    )
    return County(
        county=county,
        township=township,
        other_township=other_township,
        village=village,
        second_village=second_village,
        community=community,
        other_village=other_village,
        term=term,
        election=Election.objects.get(pk=election.pk),
        **people,
    )
