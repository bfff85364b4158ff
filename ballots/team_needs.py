"""Two villages that need the same guidance team on the same day, on the lists of what is to be done."""

from collections.abc import Collection
from datetime import date

from django.urls import reverse

from ballots.team_days import clashes_in
from election_admin.places.models import CODE_DIGITS, Place
from villages.registry import Need, Urgency, register_needs


def _needs(places: Collection[Place], on: date) -> dict[int, list[Need]]:
    found = clashes_in(places, on=on)
    return {
        place.pk: [Need(clash.sentence, _address(place), Urgency.NOW, clash.day) for clash in found[place.pk]]
        for place in places
    }


def _address(village: Place) -> str:
    return reverse("ballots:plan_days", args=[village.code[: CODE_DIGITS["township"]]])


# A committee is not told where else its township is.
register_needs("ballots.see_teams", _needs)
