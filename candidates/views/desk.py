"""What of the joint review is asked of the user's departments: everything else is not found."""

from datetime import datetime

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from candidates import looks
from candidates.models import Candidacy, Enquiry, ReviewItem
from candidates.models.review import ItemQuerySet
from election_admin.accounts.access import get_visible
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in


def departments_of(request: HttpRequest) -> list[str]:
    """The departments the user answers for."""
    held = signed_in(request).held_memberships
    return list(dict.fromkeys(one.department for one in held if one.role == Role.DEPARTMENT))


def department_of(request: HttpRequest) -> str:
    """The one of them this page is about: the one asked for, else the first."""
    own = departments_of(request)
    asked = request.GET.get("department")
    return asked if asked in own else own[0]


def enquiry_of(request: HttpRequest, pk: int) -> Enquiry:
    """Return an enquiry that one of the user's departments answers, counted; 404 for any other."""
    rows = (
        Enquiry.objects.asked_of(signed_in(request))
        .counted()
        .select_related("batch__place", "batch__term", "reminded_by")
    )
    return get_visible(rows, request, pk=pk)


def asked_candidacy(request: HttpRequest, pk: int) -> Candidacy:
    """Return a candidate this department is asked about, else 404."""
    items = ReviewItem.objects.asked_of(signed_in(request), department_of(request))
    rows = Candidacy.objects.with_person().filter(pk__in=items.values("candidacy"))
    return get_visible(rows, request, pk=pk)


def enquiry_about(request: HttpRequest, candidacy: Candidacy) -> Enquiry:
    """Return the enquiry by which the department is asked about a candidate: one under way, else the last."""
    rows = Enquiry.objects.asked_of(signed_in(request)).filter(
        department=department_of(request), batch__items__candidacy=candidacy
    )
    # "sent" comes before "signed".
    enquiry = rows.select_related("batch__place", "batch__term").order_by("batch__state", "-batch_id").first()
    if enquiry is None:
        raise Http404(_("没有找到。"))
    return enquiry


def items_of(request: HttpRequest, enquiry: Enquiry) -> ItemQuerySet:
    """The people of an enquiry who still stand, village by village."""
    return (
        ReviewItem.objects.with_person()
        .asked_of(signed_in(request), enquiry.department)
        .filter(batch=enquiry.batch_id)
        .order_by("candidacy__election__place__code", "id")
    )


def opened_until(
    request: HttpRequest, enquiry: Enquiry, candidacy: Candidacy | None = None, *, at: datetime
) -> datetime | None:
    """Until when the user may read the ID numbers of an enquiry, or of one candidate in it.

    A look at an enquiry opens the people it had then: one sent up anew is looked at anew.
    """
    until = [looks.open_until(request, enquiry, at=at)]
    if until[0] and enquiry.batch.sent_at and until[0] - looks.OPEN_FOR < enquiry.batch.sent_at:
        until = []
    if candidacy is not None:
        until.append(looks.open_until(request, candidacy, at=at))
    return max((one for one in until if one), default=None)
