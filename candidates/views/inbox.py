"""A department's inbox: what it is asked, batch by batch, what is late and what is to be checked again."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from candidates.judgements import department_title
from candidates.models import Enquiry, Recheck, ReviewBatch, ReviewItem
from candidates.views.desk import department_of, departments_of
from election_admin.accounts.access import allow
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in

DONE_PAGE = 20


@dataclass(frozen=True)
class Line:
    """One enquiry as the inbox and its own page show it: how much is missing, and how long there is."""

    enquiry: Enquiry
    asked: int
    answered: int
    days_left: int

    @property
    def done(self) -> bool:
        """Whether nobody in it is waiting, or the county has signed."""
        return self.answered >= self.asked or self.enquiry.batch.state == ReviewBatch.State.SIGNED

    @property
    def overdue(self) -> bool:
        """Whether somebody is waiting after the last day."""
        return not self.done and self.days_left < 0

    @property
    def time_left(self) -> str:
        """How long there is, in words."""
        if self.days_left < 0:
            return ngettext("已逾期%d天", "已逾期%d天", -self.days_left) % -self.days_left
        if self.days_left == 0:
            return _("今天到期")
        return ngettext("还有%d天", "还有%d天", self.days_left) % self.days_left


def line_of(enquiry: Any, today: date) -> Line:
    """The line of an enquiry that was counted."""
    return Line(enquiry, enquiry.asked, enquiry.answered, (enquiry.batch.due_on - today).days)


@never_cache
@allow(Role.DEPARTMENT)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What is asked of the department now, batch by batch: late and reminded ones first."""
    department, today = department_of(request), timezone.localdate()
    rows = (
        Enquiry.objects.asked_of(signed_in(request))
        .filter(department=department)
        .counted()
        .select_related("batch__place")
    )
    lines = [line_of(one, today) for one in rows.order_by("batch__due_on", "batch__place__code", "pk")]
    waiting = [one for one in lines if not one.done]
    waiting.sort(key=lambda one: (not one.overdue, not one.enquiry.reminders, one.days_left))
    done = [one for one in reversed(lines) if one.done]
    return render(
        request,
        "candidates/inbox.html",
        {
            "department": department,
            "department_title": department_title(department),
            "own": [(code, department_title(code)) for code in departments_of(request)],
            "waiting": waiting,
            "people_waiting": sum(one.asked - one.answered for one in waiting),
            "overdue_count": sum(one.overdue for one in waiting),
            "reminded_count": sum(bool(one.enquiry.reminders) for one in waiting),
            "page": Paginator(done, DONE_PAGE).get_page(request.GET.get("page")),
            "done_count": len(done),
            "rechecks": rechecks_of(request, department),
        },
    )


def rechecks_of(request: HttpRequest, department: str, enquiry: Enquiry | None = None) -> list[Recheck]:
    """Whom the county asks the department to check again, among the people it is asked about."""
    items = ReviewItem.objects.asked_of(signed_in(request), department)
    if enquiry is not None:
        items = items.filter(batch=enquiry.batch_id)
    rows = Recheck.objects.open().filter(department=department, candidacy__in=items.values("candidacy"))
    found = rows.select_related("candidacy__person", "candidacy__election__place__parent")
    # Two flags about one answer are one thing to do.
    return list({one.candidacy_id: one for one in found}.values())
