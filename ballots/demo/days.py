"""When each step was or will be done, so that order and law are kept but where the plot breaks them."""

from datetime import date, timedelta
from random import Random

from ballots.demo.chance import dice
from ballots.demo.plots import Plot
from election_admin.rulebooks.procedures import load_procedure

PROCEDURE = "zhejiang-2020"

# Days from the vote on which an orderly village does each step.
USUAL_DAYS = {
    "audit_published": -46,
    "village_affairs_published": -43,
    "cadre_review_done": -42,
    "survey_done": -41,
    "plan_approved": -38,
    "seats_decided": -37,
    "election_committee_chosen": -35,
    "election_method_adopted": -34,
    "election_day_announced": -34,
    "staff_trained": -33,
    "registration_notice": -32,
    "registration_done": -24,
    "voter_list_published": -21,
    "objections_closed": -16,
    "objections_decided": -14,
    "voter_list_final": -13,
    "voter_cards_issued": -11,
    "nomination_notice": -18,
    "self_nomination_closed": -14,
    "nominations_done": -13,
    "preliminary_list_published": -12,
    "township_check_done": -11,
    "joint_review_done": -7,
    "final_list_published": -6,
    "withdrawals_closed": -4,
    "candidates_met_villagers": -2,
    "place_time_tellers_published": -6,
    "roving_boxes_approved": -5,
    "proxies_closed": -4,
    "proxies_published": -2,
    "void_rules_published": -5,
    "ballots_printed": -2,
    "boxes_sealed": 0,
    "secret_place_ready": 0,
    "vote_held": 0,
    "boxes_opened_publicly": 0,
    "count_done": 0,
    "result_announced": 0,
    "ballots_sealed": 0,
    "result_filed": 2,
    "certificates_issued": 3,
    "handover_done": 5,
    "archive_closed": 7,
}
# Counted from the step before, not from the vote.
_AFTER = {
    "objections_closed": ("voter_list_published", 5),
    "objections_decided": ("objections_closed", 2),
}
_BETWEEN = "further_election_held"


def planned_days(code: str, plot: Plot, today: date) -> dict[str, date]:
    """The day of every step this village takes, past and to come; none without an election day."""
    vote = plot.election_day(today)
    if vote is None:
        return {}
    chance = dice(code, "days")
    planned: dict[str, date] = {}
    for step, law in load_procedure(PROCEDURE).steps.items():
        offset = _offset(step, plot, chance)
        if offset is None or not law.applies_in(plot.mode):
            continue
        day = vote + timedelta(days=offset)
        if step in _AFTER and not _is_late(step, plot):
            base, days = _AFTER[step]
            day = planned[base] + timedelta(days=days)
        planned[step] = max([day, *(planned[before] for before in law.depends_on if before in planned)])
    return planned


def _is_late(step: str, plot: Plot) -> bool:
    return plot.late is not None and plot.late[0] == step


def _offset(step: str, plot: Plot, chance: Random) -> int | None:
    """Days from the vote, a little off the usual; None for a step this village does not need."""
    earlier, needed = chance.choice((0, 0, 0, 1, 2)), chance.random()
    if step == _BETWEEN:
        return chance.randint(3, 4) if needed < 0.1 else None
    if step == "roving_boxes_approved" and needed < 0.4:
        return None
    if plot.late is not None and plot.late[0] == step:
        return plot.late[1]
    usual = USUAL_DAYS[step]
    if step == "result_announced":
        return int(needed < 0.3)
    # On the day of the vote nothing moves, and after it nothing comes sooner.
    return usual if usual >= -1 else usual - earlier


def done_steps(code: str, plot: Plot, planned: dict[str, date], today: date) -> dict[str, date]:
    """The steps that are recorded by today, each with its day.

    What depends on a step that is not recorded is not recorded either.
    """
    law = load_procedure(PROCEDURE).steps
    last_recorded = today - timedelta(days=plot.lag)
    stopped = {plot.stops_before}
    done = {}
    for step, day in planned.items():
        waits = any(before in stopped for before in law[step].depends_on)
        if step in stopped or waits or day > last_recorded:
            stopped.add(step)
        else:
            done[step] = day
    return done
