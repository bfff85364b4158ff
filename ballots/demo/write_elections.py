"""Elections, from stories into rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ballots.actions.steps import set_dates, steps_to_create
from ballots.demo.desk import BATCH, Desk
from ballots.demo.story import VillageStory
from ballots.demo.teams import guided, teams_of
from ballots.models import Step
from ballots.offices import usual_doer
from villages.actions.terms import POST_RANKS
from villages.models import Election, GuidanceTeam, Seat


@dataclass(frozen=True)
class Told:
    """One election with what a story says of it, and whose official writes it down."""

    election: Election
    story: VillageStory
    mode: str
    day: date | None
    seats: dict[str, int]
    done: dict[str, date]


def write_elections(desk: Desk, stories: Sequence[VillageStory]) -> None:
    """Set days, teams, seats and steps of both bodies, inside the caller's transaction."""
    told = [
        *(_of_committee(desk.elections[story.village.code], story) for story in stories),
        *(_of_branch(desk.branches[story.village.code], story) for story in stories),
    ]
    guide(told, write_teams(desk))
    # Laid out anew, done and dated: to change each of fifteen thousand would take longer.
    Step.objects.filter(election__term=desk.term).delete()
    write_told(desk, told)
    Election.objects.bulk_update(
        [one.election for one in told],
        ["election_day", "mode", "stage", "guidance_team"],
        batch_size=BATCH // 5,
    )


def _of_committee(election: Election, story: VillageStory) -> Told:
    mode = story.plot.mode if story.election_day is not None else election.mode
    return Told(election, story, mode, story.election_day, story.seats, story.done)


def _of_branch(election: Election, story: VillageStory) -> Told:
    party = story.party
    return Told(election, story, party.mode, party.election_day, party.seats, party.done)


def write_teams(desk: Desk) -> dict[str, list[GuidanceTeam]]:
    """The guidance teams of each township, by its code."""
    townships = {place.parent.code: place.parent for place in desk.places.values() if place.parent}
    teams = GuidanceTeam.objects.bulk_create(
        GuidanceTeam(place=township, **team)
        for code, township in sorted(townships.items())
        for team in teams_of(code)
    )
    by_township: dict[str, list[GuidanceTeam]] = {}
    for team in teams:
        by_township.setdefault(team.place.code, []).append(team)
    return by_township


def guide(told: Iterable[Told], teams: dict[str, list[GuidanceTeam]]) -> None:
    """Give elections their teams, without saving."""
    by_township: dict[str, list[Told]] = {}
    for one in told:
        by_township.setdefault(one.election.place.code[:9], []).append(one)
    for code, here in by_township.items():
        days = [(one.election.place.code, one.election.body, one.day) for one in here if one.day is not None]
        chosen = guided(code, days, len(teams[code]))
        for one in here:
            number = chosen.get((one.election.place.code, one.election.body))
            one.election.guidance_team = None if number is None else teams[code][number]


def write_told(desk: Desk, told: Sequence[Told]) -> None:
    """Write the seats and steps of elections, and set their days and stages without saving them."""
    steps: list[Step] = []
    for one in told:
        election = one.election
        election.election_day, election.mode = one.day, one.mode
        own = steps_to_create(election)
        for step in own:
            if step.code in one.done:
                _tick(desk, one, step)
        election.stage = set_dates(election, own)
        steps += own
    Step.objects.bulk_create(steps, batch_size=BATCH)
    Seat.objects.bulk_create(
        Seat(
            election=one.election,
            post=post,
            seats=count,
            rank=POST_RANKS[post],
            women_only=post == "women",
        )
        for one in told
        for post, count in one.seats.items()
    )


def _tick(desk: Desk, one: Told, step: Step) -> None:
    step.done_on = one.done[step.code]
    step.done_by = usual_doer(one.election, step.code)
    step.recorded_by = desk.reviewer if step.code == "plan_approved" else desk.official(one.story)
    step.recorded_at = desk.moment(step.done_on, 17)
