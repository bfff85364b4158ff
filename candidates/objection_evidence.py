"""The written objection as it was handed in: scans, encrypted at rest."""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from candidates.models import Objection
from election_admin.evidence.registry import EvidenceKind, register_evidence

OBJECTION = "objection"


def _check_current(objection: Any) -> None:
    """Raise ValidationError in a term that is over: what was done in it is only read."""
    objection.election.term.require_current()


def _page(objection: Objection) -> str:
    return reverse("candidates:objection", args=[objection.pk])


def _name(objection: Objection) -> str:
    return _("%(village)s：%(day)s收到的候选人异议") % {
        "village": objection.place.name,
        "day": date_format(objection.received_on),
    }


register_evidence(
    EvidenceKind(
        code=OBJECTION,
        subject=lambda: Objection.objects.select_related("election__place__parent", "election__term"),
        see_permission="candidates.read_objection",
        add_permission="candidates.settle_objection",
        withdraw_permission="candidates.record",
        back=_page,
        name=_name,
        check_open=_check_current,
        confidential=True,
    )
)
