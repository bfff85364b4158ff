"""Where the demo's rows are written: the places, the elections, who wrote what, and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

from ballots.demo.story import VillageStory
from election_admin.accounts.models import Role, User
from election_admin.places.models import CODE_DIGITS, Place
from villages.models import Election, Term

BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Everything a row needs besides its story."""

    term: Term
    at: datetime
    places: dict[str, Place]
    elections: dict[str, Election]
    # The Party branches' elections.
    branches: dict[str, Election]
    officials: dict[str, User]
    departments: dict[str, User]
    reviewer: User

    @classmethod
    def of(cls, term: Term, users: Iterable[User], at: datetime) -> "Desk":
        """The desk of a term: its villages and elections by code, its people by what they do."""
        elections = {each.place.code: each for each in term.elections.of_committee().with_place()}
        branches = {each.place.code: each for each in term.elections.of_party_branch().with_place()}
        by_role = {(role, place): user for user in users for role, place in _posts(user)}
        return cls(
            term=term,
            at=at,
            places={code: election.place for code, election in elections.items()},
            elections=elections,
            branches=branches,
            officials={place: user for (role, place), user in by_role.items() if role == Role.TOWNSHIP},
            departments={name: user for (role, name), user in by_role.items() if role == Role.DEPARTMENT},
            reviewer=by_role[Role.COUNTY, term.county.code],
        )

    def moment(self, day: date, hour: int = 10) -> datetime:
        """A time of that day, never later than the loading itself."""
        return min(timezone.make_aware(datetime.combine(day, time(hour))), self.at)

    @property
    def townships(self) -> dict[str, Place]:
        """The townships by code."""
        return {place.parent.code: place.parent for place in self.places.values() if place.parent}

    def official(self, story: VillageStory) -> User:
        """The township's official, who writes down what is known of the village."""
        return self.officials[story.village.code[: CODE_DIGITS["township"]]]


def _posts(user: User) -> list[tuple[str, str]]:
    """What a user is, and where: the department for a department's reviewer, else the place."""
    return [(held.role, held.department or held.place.code) for held in user.held_memberships]
