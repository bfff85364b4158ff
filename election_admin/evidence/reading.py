"""Evidence as pages show it: that of many rows at once, and the row of one."""

from collections.abc import Iterable
from typing import Any

from election_admin.accounts.models import User
from election_admin.evidence.models import Evidence
from election_admin.evidence.registry import EvidenceKind, evidence_kind


def evidence_by_subject(kind: str, ids: Iterable[object]) -> dict[str, list[Evidence]]:
    """Return the evidence of many rows of a kind by the row's key as text, in one query.

    What was withdrawn is left out. A row without evidence has an empty list.
    """
    keys = [str(one) for one in ids]
    found: dict[str, list[Evidence]] = {key: [] for key in keys}
    rows = Evidence.objects.filter(kind=kind, subject_id__in=keys, withdrawn_at__isnull=True)
    for one in rows.select_related("uploaded_by"):
        found[one.subject_id].append(one)
    return found


def subject_of(evidence: Evidence) -> tuple[EvidenceKind, Any]:
    """Return the kind of what the evidence shows, and its row.

    Raises UnknownKind when no app offers the kind any more, ObjectDoesNotExist when the row is gone.
    """
    kind = evidence_kind(evidence.kind)
    return kind, kind.subject().get(pk=evidence.subject_id)


def may_withdraw(evidence: Evidence, subject: Any, user: User) -> bool:
    """Whether this user may withdraw it: who attached it, and who oversees those who attach."""
    kind = evidence_kind(evidence.kind)
    if not (user.has_perm(kind.see_permission, subject) and user.has_perm(kind.add_permission, subject)):
        return False
    return evidence.uploaded_by_id == user.pk or user.has_perm(kind.withdraw_permission, subject)
