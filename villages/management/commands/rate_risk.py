"""`manage.py rate_risk`: rate one village, or a list of cases, without a database."""

from pydantic.dataclasses import dataclass

from election_admin.cases import CaseCommand, CaseError
from election_admin.rulebooks.values import STRICT
from villages.law import risk_model
from villages.rules.risk import UnreadableAnswer, rate


@dataclass(frozen=True, kw_only=True, config=STRICT)
class RiskCase:
    """One village's answers: factor to level 0-3, null or left out where nothing is known."""

    model: str
    answers: dict[str, int | None]


class Command(CaseCommand[RiskCase]):
    """Reads cases and prints a rating for each."""

    help = "Rate villages by a risk model: JSON cases in, JSON ratings out."
    shape = RiskCase
    rulebook_key = "model"

    def answer(self, case: RiskCase) -> object:
        """The rating of one case in plain values."""
        try:
            rating = rate(model=risk_model(case.model), answers=case.answers)
        except UnreadableAnswer as error:
            raise CaseError(f"answers.{error.factor}", error.message) from error
        return rating.as_json()
