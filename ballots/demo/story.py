"""What is the case in each village of the demo: the whole of it, before anything is written."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ballots.demo.audits import AuditStory, audit_of
from ballots.demo.committees import CommitteeStory, committee_of
from ballots.demo.county import Village, villages
from ballots.demo.days import done_steps, planned_days
from ballots.demo.disputes import DisputeStory, disputes_of
from ballots.demo.nominations import nominated
from ballots.demo.party import PartyStory, party_of
from ballots.demo.people import CandidateStory, candidates_of, namesake
from ballots.demo.plans import PlanStory, plan_of
from ballots.demo.plots import Plot, plots_for, seats_of
from ballots.demo.profiles import profile_of
from ballots.demo.rolls import roll_of
from ballots.demo.surveys import SurveyStory, decision_of, survey_of

# The township in which somebody has a namesake.
NAMESAKES_IN = "330604102"
OUT = frozenset({"declined", "struck_off", "not_listed"})


@dataclass(frozen=True, kw_only=True)
class VillageStory:
    """One village as the demo has it."""

    village: Village
    plot: Plot
    election_day: date | None
    seats: dict[str, int]
    profile: dict[str, Any]
    survey: SurveyStory
    disputes: list[DisputeStory]
    # Band and reason the county set; None while the rating waits for it.
    decision: tuple[str, str] | None
    audit: AuditStory | None
    plan: PlanStory | None
    done: dict[str, date]
    party: PartyStory
    candidates: list[CandidateStory] = field(default_factory=list)
    committee: CommitteeStory | None = None
    # The voters, only where the demo's own accounts work.
    roll: list[dict[str, Any]] = field(default_factory=list)


def tell(village: Village, plot: Plot, *, today: date) -> VillageStory:
    """Tell one village's story as of today."""
    profile = profile_of(village.code, plot)
    planned = planned_days(village.code, plot, today)
    done = done_steps(village.code, plot, planned, today)
    survey = survey_of(village.code, plot, profile, today=today, surveyed_on=planned.get("survey_done"))
    audit = audit_of(village, plot, survey, profile, today=today, publish_on=planned.get("audit_published"))
    plan = plan_of(village, plot, survey, profile, planned=planned, done=done, today=today)
    # These two follow the village's own records, whoever ticks the rest.
    done.pop("audit_published", None)
    done.pop("plan_approved", None)
    if audit is not None and audit.published_on:
        done["audit_published"] = audit.published_on
    if plan is not None and plan.approved_on:
        done["plan_approved"] = plan.approved_on
    vote = plot.election_day(today)
    candidates = candidates_of(village, plot, profile, done, today=today)
    committee = committee_of(village.code, plot, profile, done, candidates)
    roll = roll_of(village.code, profile, done, vote, candidates, committee)
    return VillageStory(
        village=village,
        plot=plot,
        election_day=vote,
        seats=seats_of(village.code) if plot.days_to_vote is not None else {},
        profile=profile,
        survey=survey,
        decision=decision_of(village.code, plot, survey),
        disputes=disputes_of(village.code, plot, survey, profile, today=today),
        audit=audit,
        plan=plan,
        done=done,
        candidates=nominated(village.code, candidates, profile, done, roll, mode=plot.mode),
        party=party_of(village.code, plot, today=today),
        committee=committee,
        roll=roll,
    )


def tell_all(*, today: date) -> list[VillageStory]:
    """Tell every village's story as of today."""
    plots = plots_for([village.code for village in villages()])
    told = [tell(village, plots[village.code], today=today) for village in villages()]
    _tell_of_namesakes(told)
    return told


def _tell_of_namesakes(told: list[VillageStory]) -> None:
    """Somebody stands in one township who has the name and the birthday of somebody in another."""
    known = next(
        candidate
        for story in told
        if story.plot.special == "clans"
        for candidate in story.candidates
        if candidate.person["sex"] == "male" and not candidate.findings
    )
    story, index = next(
        (story, index)
        for story in told
        if story.village.code.startswith(NAMESAKES_IN)
        for index, candidate in enumerate(story.candidates)
        if candidate.person["sex"] == "male" and candidate.state not in OUT and not candidate.findings
    )
    person = story.candidates[index].person
    story.candidates[index] = replace(story.candidates[index], person=namesake(person, known.person))
