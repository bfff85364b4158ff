"""The election committee of each village that has chosen one: by which vote, with whom next in line."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ballots.demo.accounts import LISTED
from ballots.demo.chance import dice
from ballots.demo.people import CandidateStory, invented_name
from ballots.demo.plots import Plot
from election_admin.accounts.models import Role

# Zhejiang art. 8: five to nine members.
SIZES = (5, 7, 7, 9)
STANDING = {"preliminary", "in_review", "final"}


@dataclass(frozen=True, kw_only=True)
class MemberStory:
    """Somebody who was voted for. ``relation``: what they are to the candidate of ``candidate``.

    ``replaces`` is the member whose seat they took, by name.
    """

    name: str
    votes: int
    group: str
    post: str = "member"
    state: str = "serving"
    left_on: date | None = None
    left_because: str = ""
    moved_up_on: date | None = None
    replaces: str = ""
    candidate: str = ""
    relation: str = ""


@dataclass(frozen=True, kw_only=True)
class CommitteeStory:
    """The vote that formed a committee, and everybody who got votes in it, most first."""

    values: dict[str, Any]
    members: list[MemberStory]


def committee_of(
    code: str,
    plot: Plot,
    profile: dict[str, Any],
    done: dict[str, date],
    candidates: list[CandidateStory],
) -> CommitteeStory | None:
    """The committee, None before it is chosen. Nobody on it is a candidate but where the plot says so."""
    held_on = done.get("election_committee_chosen")
    if held_on is None:
        return None
    chance = dice(code, "committee")
    seats, groups = chance.choice(SIZES), profile["groups"]
    due = chance.randrange(36, 61)
    present = due - chance.randrange(0, due // 5)
    names = _names(code, profile, seats + 3, {each.person["name"] for each in candidates})
    # Falling by at least one: nobody ties at the cut.
    votes = sorted(chance.sample(range(present // 4, present), len(names)), reverse=True)
    members = [
        MemberStory(
            name=name,
            votes=got,
            group=f"第{chance.randint(1, groups)}组",
            post="chair" if index == 0 else "member",
            state="serving" if index < seats else "runner_up",
        )
        for index, (name, got) in enumerate(zip(names, votes, strict=True))
    ]
    standing = [each for each in candidates if each.state in STANDING]
    if plot.special == "clans":
        members[2] = _also_candidate(members[2], standing[1])
    if plot.special == "findings":
        members = _replaced(members, seats, standing[0], done["nominations_done"])
    values = {"how": "representatives_meeting", "held_on": held_on, "due": due, "present": present}
    return CommitteeStory(values={**values, "seats": seats}, members=members)


def _names(code: str, profile: dict[str, Any], number: int, taken: Collection[str]) -> list[str]:
    chance = dice(code, "committee names")
    heads = [each.name for each in LISTED if each.role == Role.COMMITTEE and each.place == code]
    names = [name for name in heads if name not in taken]
    while len(names) < number:
        name = invented_name("female" if chance.random() < 0.3 else "male", profile, chance, hui=False)
        if name not in names and name not in taken:
            names.append(name)
    return names


def _also_candidate(member: MemberStory, candidate: CandidateStory) -> MemberStory:
    """The same person stands: they must leave (art. 12), and have not yet."""
    name = candidate.person["name"]
    return MemberStory(**{**vars(member), "name": name, "candidate": name, "relation": "same"})


def _replaced(
    members: list[MemberStory], seats: int, candidate: CandidateStory, nominated_on: date
) -> list[MemberStory]:
    """A candidate's sibling has left (Zhejiang art. 9), and the next in the vote has moved up."""
    leaving, next_one = members[1], members[seats]
    day = nominated_on + timedelta(days=1)
    members = list(members)
    members[1] = MemberStory(
        **{
            **vars(leaving),
            "state": "left",
            "left_on": day,
            "left_because": "relative",
            "candidate": candidate.person["name"],
            "relation": "sibling",
        }
    )
    members[seats] = MemberStory(
        **{**vars(next_one), "state": "serving", "moved_up_on": day, "replaces": leaving.name}
    )
    return members
