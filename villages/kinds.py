"""The kinds of documents this app prints."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from election_admin.documents.registry import Kind, register_kind
from villages.models import Audit, DisposalPlan, Rating
from villages.models.audits import Subject
from villages.panels import reasons_of


def _audit_report(audit: Audit, language: str) -> Mapping[str, Any]:
    conclusions = dict(audit.subjects.values_list("subject", "conclusion"))
    findings = list(audit.findings.all())
    return {
        "audit": audit,
        "subjects": [
            {
                "label": label,
                "conclusion": conclusions.get(subject, ""),
                "findings": [one for one in findings if one.subject == subject],
            }
            for subject, label in Subject.choices
        ],
        "findings": findings,
    }


def _disposal_plan(plan: DisposalPlan, language: str) -> Mapping[str, Any]:
    rating = Rating.objects.filter(place=plan.place, term=plan.term, current=True).first()
    return {
        "plan": plan,
        "measures": plan.measures.all(),
        "rating": rating,
        "reasons": [one for one in reasons_of(rating) if one["level"] > 1],
    }


register_kind(
    Kind(
        code="audit_report",
        title=_lazy("财务清理审计报告"),
        template="villages/documents/audit_report.html",
        subject=lambda: Audit.objects.select_related("place__parent", "term"),
        context=_audit_report,
        name=lambda audit: _("%(place)s财务清理审计报告") % {"place": audit.place},
        permission="villages.see_facts",
    )
)
register_kind(
    Kind(
        code="disposal_plan",
        title=_lazy("换届选举处置预案"),
        template="villages/documents/disposal_plan.html",
        subject=lambda: DisposalPlan.objects.select_related("place__parent", "term"),
        context=_disposal_plan,
        name=lambda plan: _("%(place)s换届选举处置预案") % {"place": plan.place},
        permission="villages.see_facts",
    )
)
