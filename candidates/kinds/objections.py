"""The reply to an objection: what was decided on it, and why."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from candidates.models import Objection
from candidates.models.objections import ObjectionQuerySet
from election_admin.documents.registry import Kind, register_kind

# Two kinds of one paper: documents are listed by kind and place, and a committee does not see what
# the township was told.
COMMITTEE_REPLY = "objection_reply"
TOWNSHIP_REPLY = "township_objection_reply"


def reply_kind(objection: Objection) -> str:
    """The kind of document that replies to this objection."""
    return COMMITTEE_REPLY if objection.office == Objection.Office.COMMITTEE else TOWNSHIP_REPLY


def reply(objection: Objection, language: str) -> Mapping[str, Any]:
    """What the reply says, to whoever raised the objection and nobody else."""
    return {
        "objection": objection,
        "election": objection.election,
        "candidacy": objection.candidacy,
        "by_committee": objection.office == Objection.Office.COMMITTEE,
    }


def _decided(office: str) -> ObjectionQuerySet:
    decided = Objection.objects.filter(office=office, decided_on__isnull=False)
    return decided.select_related("candidacy__person", "election__place__parent", "election__term")


def _name(objection: Objection) -> str:
    return _("%(village)s候选人异议答复书（%(number)d）") % {
        "village": objection.place.name,
        "number": objection.pk,
    }


register_kind(
    Kind(
        code=COMMITTEE_REPLY,
        title=_lazy("候选人异议答复书（村民选举委员会）"),
        template="candidates/documents/objection_reply.html",
        subject=lambda: _decided(Objection.Office.COMMITTEE),
        context=reply,
        name=_name,
        permission="candidates.see_objections",
        confidential=True,
    )
)
register_kind(
    Kind(
        code=TOWNSHIP_REPLY,
        title=_lazy("候选人异议答复书（乡镇）"),
        template="candidates/documents/objection_reply.html",
        subject=lambda: _decided(Objection.Office.TOWNSHIP),
        context=reply,
        name=_name,
        permission="candidates.see",
        confidential=True,
    )
)
