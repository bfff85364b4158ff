"""A risk model from the rulebooks, as the rules ask for it."""

from fractions import Fraction
from functools import cache

from election_admin.rulebooks import risk_models
from villages.rules.risk import Band, FactorLaw, Floor, RiskModel


@cache
def risk_model(model_id: str) -> RiskModel:
    """The values of the model with that id; UnknownRulebook if there is none."""
    return model_of(risk_models.load_risk_model(model_id))


def model_of(source: risk_models.RiskModel) -> RiskModel:
    """The values of a loaded model, such as a county's own copy."""
    least = source.least_completeness.value
    return RiskModel(
        factors=tuple(
            FactorLaw(
                each.code,
                each.weight,
                Floor(each.floor.level, Band(each.floor.band)) if each.floor else None,
            )
            for each in source.factors
        ),
        bands=tuple((each.start, Band(each.code)) for each in source.bands),
        least_completeness=Fraction(least.numerator, least.denominator),
    )
