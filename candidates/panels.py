"""What this app puts on a village's page, on home pages and on the lists of what is to be done."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from candidates.batch_tables import (
    OVERDUE,
    READY,
    WAITING,
    batches_url,
    enquiries_url,
    in_situation,
    listed_batches,
    listed_enquiries,
)
from candidates.changes import recent
from candidates.flag_tables import OPEN, flags_url, listed_flags, still_frozen
from candidates.models import Candidacy, ReviewBatch, Verdict
from candidates.needs import needs, needs_signing
from election_admin.accounts.access import reach_of
from election_admin.accounts.models import Role, User
from election_admin.places.models import Place
from villages.models import Election
from villages.registry import HomePart, Panel, register_home_part, register_needs, register_panel
from villages.tallies import Tally

OFFICIALS = (Role.TOWNSHIP, Role.COUNTY)


def _candidates(request: HttpRequest, place: Place) -> Mapping[str, Any]:
    election = Election.objects.current().of_committee().with_place().filter(place=place).first()
    candidates = (
        list(Candidacy.objects.filter(election=election).standing().select_related("person"))
        if election
        else []
    )
    counts = Counter(one.verdict for one in candidates)
    return {
        "place": place,
        "election": election,
        "candidates": candidates,
        "counts": [(verdict.value, counts[verdict.value]) for verdict in Verdict],
        "frozen": sum(one.is_frozen for one in candidates),
        "frozen_url": flags_url(village=place.code, state=OPEN),
    }


def _changes(user: User, on: date) -> Mapping[str, Any]:
    """Whose verdict has changed of late."""
    return recent(reach_of(user, *OFFICIALS), on=on)


def _review(user: User, on: date) -> Mapping[str, Any]:
    """The joint review in numbers, each with the list behind it."""
    reach = reach_of(user, *OFFICIALS)
    batches = listed_batches(reach)
    late = listed_enquiries(reach).filter(missing__gt=0, batch__due_on__lt=on)
    state = ReviewBatch.State
    return {
        "tallies": [
            Tally(batches.filter(state=state.DRAFT).count(), _("批待上报"), batches_url(state=state.DRAFT)),
            Tally(
                batches.filter(state=state.RETURNED).count(),
                _("批被退回"),
                batches_url(state=state.RETURNED),
                "bad",
            ),
            Tally(
                in_situation(batches, WAITING, on=on).count(),
                _("批等待部门答复"),
                batches_url(situation=WAITING),
            ),
            Tally(late.count(), _("份征询逾期未答复"), enquiries_url(missing=OVERDUE), "bad"),
            Tally(
                in_situation(batches, READY, on=on).count(),
                _("批答复已齐，待签署"),
                batches_url(situation=READY),
                "warn",
            ),
            Tally(
                still_frozen(listed_flags(reach)).count(),
                _("项冻结待处理"),
                flags_url(state=OPEN),
                "warn",
            ),
        ]
    }


register_panel(Panel("candidates/_panel.html", _candidates, "candidates.see", 30))
register_needs("candidates.see", needs)
register_needs("candidates.sign_off", needs_signing)
register_home_part(HomePart("candidates/_review_home.html", _review, frozenset(OFFICIALS), 12))
register_home_part(HomePart("candidates/_changes_home.html", _changes, frozenset(OFFICIALS), 14))
