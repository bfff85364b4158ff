"""Invented voters, for the villages of the township where the demo's own accounts work."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

from ballots.demo.chance import dice
from ballots.demo.committees import CommitteeStory
from ballots.demo.people import CandidateStory, invented_name, sex_of

# The township whose villages have rolls: all of a county's voters would take minutes to load.
TOWNSHIP = "330604101"
LARGEST = 320
VOTER_AGE = 18


def roll_of(
    code: str,
    profile: dict[str, Any],
    done: dict[str, date],
    vote: date | None,
    candidates: Iterable[CandidateStory],
    committee: CommitteeStory | None,
) -> list[dict[str, Any]]:
    """The voters of a village, none before registration is done: whoever stands or presides, and others."""
    registered_on = done.get("registration_done")
    if registered_on is None or vote is None or not code.startswith(TOWNSHIP):
        return []
    chance = dice(code, "roll")
    of_age = vote - relativedelta(years=VOTER_AGE)
    voters = [
        {"name": each.person["name"], "sex": each.person["sex"], "born": each.person["born"]}
        for each in candidates
    ]
    known = {voter["name"] for voter in voters}
    members = committee.members if committee is not None else []
    voters += [
        {
            "name": each.name,
            "sex": sex_of(each.name),
            "born": of_age - timedelta(days=chance.randint(5000, 17000)),
        }
        for each in members
        if each.name not in known
    ]
    while len(voters) < min(profile["voters"], LARGEST):
        sex = chance.choice(("male", "female"))
        born = of_age - timedelta(days=chance.randint(0, 25_000))
        voters.append({"name": invented_name(sex, profile, chance, hui=False), "sex": sex, "born": born})
    groups = {each.name: each.group for each in members}
    rows = {}
    for voter in voters:
        group = groups.get(voter["name"]) or f"第{chance.randint(1, profile['groups'])}组"
        rows[voter["name"], voter["born"], group] = {
            **voter,
            "group": group,
            **_ground(chance.random(), registered_on),
        }
    return list(rows.values())


def _ground(roll: float, registered_on: date) -> dict[str, Any]:
    """On which ground of art. 13: most live here, some are away, a few were accepted by a meeting."""
    if roll < 0.02:
        return {"ground": "accepted", "accepted_on": registered_on - timedelta(days=2)}
    return {"ground": "away" if roll < 0.2 else "resident"}
