"""Evidence on the page of what it shows."""

from typing import Any

from django import template
from django.conf import settings

from election_admin.evidence.checks import ACCEPT
from election_admin.evidence.forms import limits
from election_admin.evidence.models import Evidence
from election_admin.evidence.reading import evidence_by_subject, may_withdraw

register = template.Library()


@register.simple_tag
def evidence_of(kind: str, subject: Any) -> list[Evidence]:
    """``{% evidence_of "step" step as files %}``: a query; a page of many rows loads them at once."""
    return evidence_by_subject(kind, [subject.pk])[str(subject.pk)]


@register.simple_tag(takes_context=True)
def withdrawable(context: template.Context, evidence: Evidence, subject: Any) -> bool:
    """``{% withdrawable file subject as offered %}``: whether the reader may withdraw it."""
    return may_withdraw(evidence, subject, context["user"])


@register.simple_tag
def evidence_accept() -> str:
    """The types that the file input offers."""
    return ACCEPT


@register.simple_tag
def evidence_limits() -> str:
    """What may be uploaded, in a sentence."""
    return limits()


@register.filter
def has_room(files: list[Evidence]) -> bool:
    """Whether a row with these files may have another."""
    return len(files) < settings.EVIDENCE_FILES_PER_ROW
