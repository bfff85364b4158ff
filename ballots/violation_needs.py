"""What violations put on the lists of what is to be done."""

from collections.abc import Collection
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from ballots.actions.steps import CONFIDENTIAL
from ballots.models import Violation
from ballots.violations import title_of_step, unsettled
from election_admin.places.models import Place
from villages.registry import Need, Urgency, register_needs

# As much of what went wrong as a line of a list holds.
WHAT_SHOWN = 30


def _needs(places: Collection[Place], on: date, *, confidential: bool) -> dict[int, list[Need]]:
    """The violations not put right, the void steps still recorded, the elections to be held anew.

    Those at steps that tell how a village is rated are a source of their own, for who may know.
    """
    needs: dict[int, list[Need]] = {place.pk: [] for place in places}
    rows = Violation.objects.filter(election__place__in=needs, election__term__current=True)
    telling = Q(step__code__in=CONFIDENTIAL)
    shown = unsettled(rows.filter(telling if confidential else ~telling))
    shown = shown.select_related("step", "election__term", "election__edition")
    for violation in shown.order_by("found_on", "pk"):
        url = reverse("ballots:correct_violation", args=[violation.pk])
        needs[violation.election.place_id].append(Need(need_words(violation), url, Urgency.NOW))
    return needs


def need_words(violation: Any) -> str:
    """What a violation marked with its consequences still demands, as one line."""
    values = {
        "step": title_of_step(violation.election, violation.step.code),
        "what": Truncator(violation.what).chars(WHAT_SHOWN),
        "election": violation.election.title,
    }
    if violation.corrected_on is None:
        return _("违规没有纠正（%(step)s）：%(what)s") % values
    if violation.new_election_due:
        return _("%(election)s无效，须组织重新选举") % values
    return _("“%(step)s”因违规无效，须撤销登记、重新办理") % values


register_needs("ballots.see_procedure", partial(_needs, confidential=False))
register_needs("villages.see_facts", partial(_needs, confidential=True))
