"""Whose verdict changed: the list of it, and what is said right after an act that judged anew."""

from datetime import datetime
from functools import partial

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from candidates.changes import ChangeFilter, ChangeTable, changed_verdicts, made_by, sentence_of
from candidates.filters import sees_many_townships
from election_admin.accounts.access import allow, reach_of
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.tables import respond_with_list

OFFICIALS = (Role.TOWNSHIP, Role.COUNTY)


@never_cache
@allow(*OFFICIALS)
@require_safe
def verdict_changes(request: HttpRequest) -> HttpResponse | FileResponse:
    """List whose verdict changed, newest first: from what to what, because of which act, and whose."""
    user = signed_in(request)
    reach = reach_of(user, *OFFICIALS)
    filterset = ChangeFilter(request, changed_verdicts(reach), reach=reach)
    place = user.held_memberships[0].place
    return respond_with_list(
        request,
        table=partial(ChangeTable, one_township=not sees_many_townships(reach)),
        filterset=filterset,
        template="candidates/verdict_changes.html",
        context={"place": place},
        export_name=_("资格结论变化-%(place)s-%(day)s") % {"place": place.name, "day": timezone.localdate()},
    )


def tell_changes(request: HttpRequest, *, cause: str, at: datetime) -> None:
    """Say how many an act of this user, of this moment, judged anew, and whose verdict changed.

    Not for a department: what its answer came to with the others' is not its to know.
    """
    made = made_by(signed_in(request), cause=cause, at=at)
    sentence = sentence_of(made)
    if not sentence:
        return
    if not made.changes().exists():
        messages.info(request, sentence)
        return
    messages.warning(
        request,
        format_html(
            '{} <a href="{}">{}</a>', sentence, reverse("candidates:verdict_changes"), _("查看结论变化")
        ),
    )
