"""The guidance teams of each township, and which villages each of them guides."""

from collections.abc import Iterable
from datetime import date

from ballots.demo.chance import dice
from ballots.demo.people import MALE
from ballots.demo.profiles import SURNAMES

NUMBERS = "一二三四五六"
SHARE_GUIDED = 0.7
# Two villages that vote on the same day and were given the same team: the office is told.
CLASH = ("330604101200", "330604101205")


def teams_of(township: str) -> list[dict[str, str]]:
    """Three to six teams, each with a leader and two members."""
    chance = dice(township, "teams")
    number = chance.randint(3, 6)
    people = [surname + chance.choice(MALE) for surname in chance.sample(SURNAMES, 3 * number)]
    return [
        {
            "name": f"第{NUMBERS[index]}指导组",
            "leader": people[3 * index],
            "members": "、".join(people[3 * index + 1 : 3 * index + 3]),
        }
        for index in range(number)
    ]


def guided(township: str, days: Iterable[tuple[str, str, date]], teams: int) -> dict[tuple[str, str], int]:
    """Which team guides which election, by village and body: never two on one day, but for the clash.

    ``days`` are village, body and election day.
    """
    chance = dice(township, "guided")
    busy: set[tuple[int, date]] = set()
    found: dict[tuple[str, str], int] = {}
    for village, body, day in sorted(days):
        committee = body == "villagers_committee"
        clashing = committee and village in CLASH
        if not clashing and chance.random() >= SHARE_GUIDED:
            continue
        free = [team for team in range(teams) if (team, day) not in busy]
        chosen = found.get((CLASH[0], body)) if clashing else None
        if chosen is None:
            chosen = chance.choice(free) if free else None
        if chosen is not None:
            found[village, body] = chosen
            busy.add((chosen, day))
    return found
