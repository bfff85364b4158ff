"""Invented disposal plans, written for what the survey found hardest."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from ballots.demo.chance import dice, texts
from ballots.demo.county import Village
from ballots.demo.plots import Plot
from ballots.demo.profiles import words_of
from ballots.demo.surveys import MODEL, SurveyStory
from election_admin.rulebooks.risk_models import load_risk_model

BANDS = {"key": "重点村", "difficult": "难点村"}
_PARTS = ("situation", "organisation", "working_group", "talks", "responses", "polling_day", "contacts")
_MOST_MEASURES = 5


@dataclass(frozen=True, kw_only=True)
class PlanStory:
    """One version of a plan; ``earlier`` is the version approved before it."""

    state: str
    version: int
    values: dict[str, str]
    measures: list[dict[str, Any]]
    written_on: date
    submitted_on: date | None = None
    reviewed_on: date | None = None
    remark: str = ""
    earlier: "list[PlanStory]" = field(default_factory=list)

    @property
    def approved_on(self) -> date | None:
        """The day the county first approved a version: the step was done then, and stays done."""
        if self.earlier:
            return self.earlier[0].approved_on
        return self.reviewed_on if self.state == "approved" else None


def plan_of(
    village: Village,
    plot: Plot,
    survey: SurveyStory,
    profile: dict[str, Any],
    *,
    planned: dict[str, date],
    done: dict[str, date],
    today: date,
) -> PlanStory | None:
    """The newest version of the village's plan, None where none was written."""
    if not plot.plan:
        return None
    chance = dice(village.code, "plan")
    latest = today - timedelta(days=chance.randint(1, 4))
    # The survey comes before the plan.
    surveyed_on = max(survey.answered_on, done.get("survey_done", survey.answered_on))
    reviewed_on = max(min(planned.get("plan_approved", latest), latest), surveyed_on)
    written_on = max(reviewed_on - timedelta(days=4), survey.answered_on)
    words = _words(village, survey, profile, today)
    own = texts("plans")["two_peoples"] if plot.special == "two_peoples" else {}
    story = PlanStory(
        state=plot.plan,
        version=1,
        values={part: str(own.get(part, texts("plans")[part])).format(**words).strip() for part in _PARTS},
        measures=_measures(plot, survey, words, own, reviewed_on, today),
        written_on=written_on,
        submitted_on=None if plot.plan == "draft" else max(written_on, reviewed_on - timedelta(days=2)),
        reviewed_on=reviewed_on if plot.plan in {"approved", "returned"} else None,
        remark=str(chance.choice(texts("plans")[plot.plan])) if plot.plan in {"approved", "returned"} else "",
    )
    return _revised(story, latest) if plot.special == "clans" else story


def _revised(first: PlanStory, day: date) -> PlanStory:
    """The same plan once more: approved, then changed and approved again."""
    added = {
        **first.values,
        "working_group": first.values["working_group"] + "\n第二版增加法律顾问一人，负责选举程序咨询。",
    }
    return PlanStory(
        state="approved",
        version=2,
        values=added,
        measures=first.measures,
        written_on=max(first.written_on, day - timedelta(days=2)),
        submitted_on=max(first.written_on, day - timedelta(days=1)),
        reviewed_on=day,
        remark="同意第二版。",
        earlier=[first],
    )


def _words(village: Village, survey: SurveyStory, profile: dict[str, Any], today: date) -> dict[str, Any]:
    titles = {each.code: each.title.zh for each in load_risk_model(MODEL).factors}
    return {
        **words_of(village.code, profile, today, "plan"),
        "village": village.spoken,
        "township": village.township,
        "population": profile["population"],
        "households": profile["households"],
        "groups": profile["groups"],
        "voters": profile["voters"],
        "away_count": profile["voters_away"],
        "party": profile["party_members"],
        "share": profile["largest_clan_share"],
        "income": round(profile["collective_income"] / 10000),
        "band": BANDS[survey.rating.band],
        "problems": "；".join(titles[factor] for factor in survey.hardest[:4]),
        "a": village.code[-3:],
    }


def _measures(
    plot: Plot,
    survey: SurveyStory,
    words: dict[str, Any],
    own: dict[str, Any],
    decided_on: date,
    today: date,
) -> list[dict[str, Any]]:
    """What is done about each of the hardest factors, due before the vote."""
    if own:
        chosen = own["measures"]
    else:
        by_factor = texts("plans")["measures"]
        chosen = [measure for factor in survey.hardest for measure in by_factor[factor]][:_MOST_MEASURES]
        chosen = [*chosen, *texts("plans")["general"]]
    last = (plot.election_day(today) or today + timedelta(days=35)) - timedelta(days=2)
    chance = dice(words["village"], "measures")
    return [
        _measure(each, words, _between(decided_on, last, index, len(chosen)), chance, today)
        for index, each in enumerate(chosen)
    ]


def _between(first: date, last: date, index: int, of: int) -> date:
    return first + timedelta(days=3 + (max(last, first) - first).days * (index + 1) // (of + 1))


def _measure(
    text: list[str], words: dict[str, Any], due_on: date, chance: Random, today: date
) -> dict[str, Any]:
    risk_point, measure, owner = (part.format(**words) for part in text)
    kept = due_on < today and chance.random() < 0.8
    return {
        "risk_point": risk_point,
        "measure": measure,
        "owner": owner,
        "due_on": due_on,
        "done_on": due_on - timedelta(days=chance.randint(0, 2)) if kept else None,
    }
