"""A department's work in the joint review: whom it is asked about, and its own answer, nobody else's."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from candidates import looks
from candidates.actions import replies as actions
from candidates.forms import ReasonForm, ReplyForm
from candidates.judgements import department_title
from candidates.models import Candidacy, ReviewItem
from election_admin.accounts.access import allow, get_visible
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.forms import add_errors

PAGE = 25


def _departments(request: HttpRequest) -> list[str]:
    """The departments the user answers for."""
    held = signed_in(request).held_memberships
    return list(dict.fromkeys(one.department for one in held if one.role == Role.DEPARTMENT))


def _department(request: HttpRequest) -> str:
    """The one of them this page is about: the one asked for, else the first."""
    own = _departments(request)
    asked = request.GET.get("department")
    return asked if asked in own else own[0]


def asked_candidacy(request: HttpRequest, pk: int) -> Candidacy:
    """Return a candidate this department is asked about, else 404."""
    items = ReviewItem.objects.asked_of(signed_in(request), _department(request))
    rows = Candidacy.objects.with_person().filter(pk__in=items.values("candidacy"))
    return get_visible(rows, request, pk=pk)


@never_cache
@allow(Role.DEPARTMENT)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """The candidates waiting for the department's answer, or those it has answered about."""
    department = _department(request)
    rows = (
        ReviewItem.objects.with_person()
        .asked_of(signed_in(request), department)
        .order_by("candidacy__election__election_day", "candidacy__election__place__code", "id")
    )
    answered = request.GET.get("show") == "answered"
    waiting, done = rows.waiting_for(department), rows.answered_by(department)
    return render(
        request,
        "candidates/inbox.html",
        {
            "department": department,
            "department_title": department_title(department),
            "own": [(code, department_title(code)) for code in _departments(request)],
            "answered": answered,
            "waiting_count": waiting.count(),
            "answered_count": done.count(),
            "page": Paginator(done if answered else waiting, PAGE).get_page(request.GET.get("page")),
        },
    )


@never_cache
@allow(Role.DEPARTMENT)
@require_http_methods(["GET", "POST"])
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer about one candidate; a later answer replaces an earlier one."""
    candidacy = asked_candidacy(request, pk)
    department = _department(request)
    form = ReplyForm(request.POST or None, today=timezone.localdate())
    if form.is_valid():
        try:
            actions.reply(
                candidacy=candidacy,
                department=department,
                actor=signed_in(request),
                at=timezone.now(),
                **form.cleaned_data,
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("已答复：%s。") % candidacy.person.name)
            return redirect(f"{reverse('candidates:inbox')}?department={department}")
    return show_reply(request, candidacy, form=form)


def show_reply(
    request: HttpRequest,
    candidacy: Candidacy,
    *,
    form: ReplyForm | None = None,
    look_form: ReasonForm | None = None,
) -> HttpResponse:
    """Render the page on which a department answers: the person, and its own earlier answer."""
    department, now = _department(request), timezone.now()
    today = timezone.localdate(now)
    earlier = candidacy.replies.newest().filter(department=department).select_related("replied_by")
    context = {
        "candidacy": candidacy,
        "person": candidacy.person,
        "place": candidacy.place,
        "department": department,
        "department_title": department_title(department),
        "earlier": earlier.first(),
        "form": form or ReplyForm(today=today),
        "open_until": looks.open_until(request, candidacy, at=now),
        "look_form": look_form or ReasonForm(submit_label=_("查看"), today=today, auto_id="look-%s"),
    }
    return render(request, "candidates/reply.html", context)
