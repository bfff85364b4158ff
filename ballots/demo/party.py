"""The Party branch's election of each village, some weeks before the villagers' committee's."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from ballots.demo.chance import dice
from ballots.demo.days import PROCEDURE
from ballots.demo.plots import Plot
from election_admin.rulebooks.procedures import Step, load_procedure

# The members vote so many days before the village does.
SOONEST, LATEST = 40, 14
# Days from the members' vote on which an orderly branch does each step, in either mode.
USUAL_DAYS = {
    "request_approved": -30,
    "conditions_announced": -27,
    "members_checked": -25,
    "members_recommended": -21,
    "villagers_recommended": -19,
    "recommendations_published": -18,
    "registration_closed": -20,
    "township_check_done": -16,
    "joint_review_done": -11,
    "recommendation_meeting_held": -10,
    "candidates_approved": -9,
    "final_list_published": -8,
    "meeting_called": -5,
    "ballots_printed": -2,
    "candidates_introduced": -1,
    "quorum_counted": 0,
    "scrutineers_chosen": 0,
    "vote_held": 0,
    "count_done": 0,
    "result_announced": 0,
    "secretary_elected": 0,
    "ballots_sealed": 0,
    "result_filed": 1,
    "secretary_approved": 4,
    "handover_done": 7,
    "archive_closed": 9,
}


@dataclass(frozen=True, kw_only=True)
class PartyStory:
    """The election of one village's Party branch; no day where the village has none."""

    mode: str
    election_day: date | None = None
    seats: dict[str, int] = field(default_factory=dict)
    done: dict[str, date] = field(default_factory=dict)


def party_of(code: str, plot: Plot, *, today: date) -> PartyStory:
    """Tell how far the Party branch is; a village that has voted has its branch elected before."""
    chance = dice(code, "party")
    mode = "open_recommendation" if chance.random() < 0.3 else "two_recommendations"
    vote = plot.election_day(today)
    if vote is None:
        return PartyStory(mode=mode)
    day = vote - timedelta(days=chance.randint(LATEST, SOONEST))
    seats = {"secretary": 1, "deputy_secretary": 1, "member": chance.choice((1, 1, 2, 3))}
    if chance.random() < 0.4:
        del seats["deputy_secretary"]
        seats["member"] += 1
    law = load_procedure(PROCEDURE).course("party_branch", "general", mode).steps
    last_recorded = today - timedelta(days=plot.lag)
    planned = planned_by(USUAL_DAYS, law, day)
    done = {step: on for step, on in planned.items() if on <= last_recorded}
    return PartyStory(mode=mode, election_day=day, seats=seats, done=done)


def planned_by(usual: Mapping[str, int], law: Mapping[str, Step], vote: date) -> dict[str, date]:
    """The day of each step that always happens, none before what it depends on."""
    planned: dict[str, date] = {}
    for step, one in law.items():
        if step in usual and not one.if_needed:
            day = vote + timedelta(days=usual[step])
            planned[step] = max([day, *(planned[before] for before in one.depends_on if before in planned)])
    return planned
