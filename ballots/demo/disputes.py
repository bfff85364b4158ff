"""Invented contradictions: some settled, some open, some past their deadline."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from ballots.demo.chance import dice, texts
from ballots.demo.plots import Plot
from ballots.demo.profiles import words_of
from ballots.demo.surveys import SurveyStory

_MEDIATORS = (
    "镇司法所", "镇综治中心", "村人民调解委员会", "驻村律师", "镇农业农村办", "联村干部", "乡贤调解室",
    "派出所驻村民警",
)  # fmt: skip
# Open ones, by how marked the problems left from the past are.
_OPEN = ((0, 0), (1, 1), (2, 3), (3, 4))


@dataclass(frozen=True, kw_only=True)
class DisputeStory:
    """One contradiction; who is at odds is not told."""

    subject: str
    summary: str
    raised_on: date
    mediator: str
    deadline: date | None
    settled_on: date | None = None
    outcome: str = ""


def disputes_of(
    code: str, plot: Plot, survey: SurveyStory, profile: dict[str, Any], *, today: date
) -> list[DisputeStory]:
    """The village's register: as many open ones as its survey speaks of, and a few settled."""
    chance = dice(code, "disputes")
    open_ones = chance.randint(*_OPEN[survey.levels.get("legacy_problems", 1)])
    settled = chance.choice((0, 1, 1, 2, 3))
    kinds = [each for each in texts("disputes") if _fits(each[0], plot, profile)]
    told = []
    for index, (subject, summary, outcome) in enumerate(chance.sample(kinds, open_ones + settled)):
        words = words_of(code, profile, today, f"dispute {index}")
        told.append(
            _dispute(
                subject,
                summary.format(**words),
                outcome.format(**words) if index >= open_ones else "",
                chance,
                today,
            )
        )
    return told


def _fits(subject: str, plot: Plot, profile: dict[str, Any]) -> bool:
    """No quarrel over demolition where nothing is requisitioned, none over the roll before there is one."""
    if subject == "demolition":
        return profile["land_under_requisition"] is not None
    if subject == "election":
        return plot.days_to_vote is not None and plot.days_to_vote < 30
    return True


def _dispute(subject: str, summary: str, outcome: str, chance: Random, today: date) -> DisputeStory:
    recent = subject == "election"
    raised_on = today - timedelta(days=chance.randint(4, 20) if recent else chance.randint(30, 420))
    if outcome:
        settled_on = min(today, raised_on + timedelta(days=chance.randint(3, 28)))
        deadline = raised_on + timedelta(days=30)
        return DisputeStory(
            subject=subject,
            summary=summary,
            raised_on=raised_on,
            mediator=chance.choice(_MEDIATORS),
            deadline=deadline,
            settled_on=settled_on,
            outcome=outcome,
        )
    deadline = today + timedelta(days=chance.choice((-18, -9, -4, -2, 1, 3, 6, 10, 15, 21, 28)))
    return DisputeStory(
        subject=subject,
        summary=summary,
        raised_on=raised_on,
        mediator=chance.choice(_MEDIATORS) if chance.random() < 0.85 else "",
        deadline=max(deadline, raised_on + timedelta(days=2)) if chance.random() < 0.85 else None,
    )
