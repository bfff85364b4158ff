"""How many steps of a village's election are overdue, counted beside the village."""

from datetime import date

from django.db.models import Count, IntegerField, OuterRef, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from ballots.models import Step
from villages.registry import register_overdue


def overdue_steps(on: date) -> Combinable:
    """An expression over places: the steps of the current election whose last day has passed."""
    counted = (
        Step.objects.overdue(on=on)
        .filter(election__place=OuterRef("pk"), election__term__current=True)
        .order_by()
        .values("election__place")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


register_overdue(overdue_steps)
