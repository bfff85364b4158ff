"""Numbers that a page begins with; each opens the list it counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Tally:
    """A number, what it counts, the list behind it; ``state`` colours one that is not 0."""

    number: int
    label: Any
    url: str
    state: str = ""
    band: str = ""


# What is wrong, in the order in which it is put right.
TROUBLES = (
    ("overdue", _("个村有逾期事项"), "bad"),
    ("lacks_plan", _("个重点难点村无批准预案"), "bad"),
    ("lacks_audit", _("个村临近选举，审计未公布"), "bad"),
)


def list_url(filters: Mapping[str, Any], **changes: str | int) -> str:
    """The address of the list of villages under these filters."""
    query = urlencode({**filters, **changes})
    address = reverse("villages:village_list")
    return f"{address}?{query}" if query else address


def troubles(numbers: Mapping[str, int], filters: Mapping[str, Any]) -> list[Tally]:
    """What is wrong, counted."""
    return [
        Tally(numbers[code], label, list_url(filters, situation=code), state)
        for code, label, state in TROUBLES
    ]
