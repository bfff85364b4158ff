"""The election, candidate, finding, batch or flag a page is about, as far as the user may see it."""

from django.http import HttpRequest

from candidates.models import Candidacy, Finding, Flag, ReviewBatch
from election_admin.accounts.access import get_visible, require
from election_admin.accounts.signed_in import signed_in
from villages.models import Election


def election_of(request: HttpRequest, election_id: int, permission: str = "candidates.see") -> Election:
    """Return the election; 404 if it is not the user's, PermissionDenied if not for this role."""
    election = get_visible(Election.objects.with_place(), request, pk=election_id)
    require(signed_in(request), permission, election)
    return election


def candidacy_of(request: HttpRequest, pk: int, permission: str = "candidates.see") -> Candidacy:
    """Return the candidate; 404 if they are not the user's, PermissionDenied if not for this role."""
    candidacy = get_visible(Candidacy.objects.with_person(), request, pk=pk)
    require(signed_in(request), permission, candidacy)
    return candidacy


def finding_of(request: HttpRequest, pk: int, permission: str) -> Finding:
    """Return the finding, with its candidate; 404 if it is not the user's."""
    rows = Finding.objects.select_related(
        "candidacy__person", "candidacy__election__place__parent", "candidacy__election__term"
    )
    finding = get_visible(rows, request, pk=pk)
    require(signed_in(request), permission, finding)
    return finding


def batch_of(request: HttpRequest, pk: int, permission: str = "candidates.see_review") -> ReviewBatch:
    """Return the batch of the joint review; 404 if it is not the user's."""
    rows = ReviewBatch.objects.select_related(
        "place__parent", "term", "made_by", "sent_by", "returned_by", "signed_by"
    )
    batch = get_visible(rows, request, pk=pk)
    require(signed_in(request), permission, batch)
    return batch


def flag_of(request: HttpRequest, pk: int, permission: str = "candidates.see_review") -> Flag:
    """Return the flag, with its candidate; 404 if it is not the user's."""
    rows = Flag.objects.select_related(
        "candidacy__person",
        "candidacy__election__place__parent",
        "candidacy__election__term",
        "candidacy__election__edition",
        "reply",
        "finding",
        "resolved_by",
    )
    flag = get_visible(rows, request, pk=pk)
    require(signed_in(request), permission, flag)
    return flag
