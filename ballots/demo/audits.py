"""Invented audits: six conclusions, figures that balance, what was found and put right."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from ballots.demo.chance import dice, texts
from ballots.demo.county import Village
from ballots.demo.plots import Plot, audit_state
from ballots.demo.profiles import words_of
from ballots.demo.surveys import SurveyStory

YEARS_OF_A_TERM = 5


@dataclass(frozen=True, kw_only=True)
class AuditStory:
    """One audit: its fields, conclusions by subject, findings."""

    state: str
    values: dict[str, Any]
    conclusions: dict[str, str]
    findings: list[dict[str, Any]]
    published_on: date | None
    published_where: str
    updated_on: date


def audit_of(
    village: Village,
    plot: Plot,
    survey: SurveyStory,
    profile: dict[str, Any],
    *,
    today: date,
    publish_on: date | None,
) -> AuditStory | None:
    """The village's audit, None where none was begun."""
    level = survey.levels.get("audit_problems")
    state = audit_state(village.code, plot, level)
    if not state:
        return None
    chance = dice(village.code, "audit")
    recent = today - timedelta(days=chance.randint(2, 25))
    worked_on = min(publish_on, recent) if publish_on else recent
    period_end = (worked_on - timedelta(days=35)).replace(day=1) - timedelta(days=1)
    findings = _findings(village, profile, level or 0, chance, worked_on, today)
    unfinished = state == "draft"
    return AuditStory(
        state=state,
        values={
            "auditor": str(chance.choice(texts("audits")["auditors"])).format(township=village.township),
            "period_start": (period_end + timedelta(days=1)).replace(year=period_end.year - YEARS_OF_A_TERM),
            "period_end": period_end,
            **_figures(profile, chance, unfinished=unfinished),
            "opinion": ""
            if unfinished
            else chance.choice(texts("audits")["opinions"]["findings" if findings else "clean"]),
        },
        conclusions={
            subject: "" if unfinished and chance.random() < 0.6 else chance.choice(sentences)
            for subject, sentences in texts("audits")["conclusions"].items()
        },
        findings=findings,
        published_on=worked_on if state == "published" else None,
        published_where=chance.choice(texts("audits")["where"]) if state == "published" else "",
        updated_on=worked_on,
    )


def _figures(profile: dict[str, Any], chance: Random, *, unfinished: bool) -> dict[str, Decimal | None]:
    """Yuan and cents; the closing balance is what the others make of it."""
    yearly = int(profile["collective_income"])
    cents = Decimal("0.01")
    opening = Decimal(chance.randrange(yearly // 5, yearly)) + cents * chance.randrange(100)
    income = Decimal(chance.randrange(4 * yearly, 6 * yearly)) + cents * chance.randrange(100)
    spent = (income * chance.randrange(78, 104) / 100).quantize(cents)
    return {
        "opening_balance": opening,
        "income": income,
        "expenditure": None if unfinished else spent,
        "closing_balance": None if unfinished else opening + income - spent,
    }


def _findings(
    village: Village,
    profile: dict[str, Any],
    level: int,
    chance: Random,
    found_on: date,
    today: date,
) -> list[dict[str, Any]]:
    """Nothing at level 0, put right at 1, still open at 2, referred at 3."""
    if level == 0:
        return []
    chosen = chance.sample(texts("audits")["findings"], chance.randint(1, 2))
    if level == 3:
        chosen = [texts("audits")["serious"], *chosen]
    words = words_of(village.code, profile, today, "audit")
    findings = []
    for index, (subject, sentence, thousands) in enumerate(chosen):
        rectify_by = found_on + timedelta(days=chance.choice((10, 20, 30)))
        rectified = level == 1 or (index > 0 and chance.random() < 0.5)
        findings.append(
            {
                "subject": subject,
                "description": sentence.format(**words),
                "amount": Decimal(chance.randrange(300, 1000 * thousands)),
                "rectify_by": rectify_by,
                "rectified_on": min(rectify_by, found_on + timedelta(days=3), today) if rectified else None,
            }
        )
    return findings
