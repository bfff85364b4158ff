"""Violations on the page of the election they happened in."""

from typing import Any

from django import template

from ballots.violation_needs import need_words
from ballots.violations import unsettled_of
from villages.models import Election

register = template.Library()


@register.simple_tag(takes_context=True)
def unsettled_violations(context: template.Context, election: Election) -> list[Any]:
    """``{% unsettled_violations election as violations %}``: those that still demand something. A query."""
    return unsettled_of(election, context["user"])


@register.filter
def demand_words(violation: Any) -> str:
    """What a violation still demands, as one line."""
    return need_words(violation)
