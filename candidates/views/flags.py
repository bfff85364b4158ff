"""What froze a candidacy: listed, looked into for a reason, and settled by the county."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from candidates import looks
from candidates.actions import flags as actions
from candidates.actions import looking
from candidates.batch_forms import ResolveForm
from candidates.consequences import what_follows
from candidates.filters import sees_many_townships
from candidates.flag_tables import FlagFilter, FlagTable, listed_flags
from candidates.flag_words import shown_flag, shown_rechecks
from candidates.forms import ReasonForm
from candidates.models import Flag
from candidates.views.scope import flag_of
from election_admin.accounts.access import allow, reach_of
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.forms import add_errors
from election_admin.tables import respond_with_list

OFFICIALS = (Role.TOWNSHIP, Role.COUNTY)


@never_cache
@allow(*OFFICIALS)
@require_safe
def flags(request: HttpRequest) -> HttpResponse | FileResponse:
    """List what is frozen, and what was."""
    user = signed_in(request)
    reach = reach_of(user, *OFFICIALS)
    place = user.held_memberships[0].place
    return respond_with_list(
        request,
        table=partial(FlagTable, one_township=not sees_many_townships(reach)),
        filterset=FlagFilter(request, listed_flags(reach), reach=reach),
        template="candidates/flags.html",
        context={"place": place},
        export_name=_("冻结事项-%(place)s-%(day)s") % {"place": place.name, "day": timezone.localdate()},
    )


@never_cache
@allow(*OFFICIALS)
@require_safe
def flag(request: HttpRequest, pk: int) -> HttpResponse:
    """One flag: what happened, what the law says then, and for the county what is to be done."""
    return show_flag(request, flag_of(request, pk))


def show_flag(
    request: HttpRequest,
    flag: Flag,
    *,
    form: ResolveForm | None = None,
    look_form: ReasonForm | None = None,
) -> HttpResponse:
    """Render the page of a flag, with what departments said left out unless a look is open."""
    now = timezone.now()
    today = timezone.localdate(now)
    candidacy = flag.candidacy
    until = looks.open_until(request, candidacy, at=now)
    rechecks = flag.rechecks.select_related("reply").order_by("pk")
    settled = flag.resolved_at is not None
    mine = signed_in(request).has_perm("candidates.sign_off", flag)
    context = {
        "flag": flag,
        "shown": shown_flag(flag, masked=until is None),
        "candidacy": candidacy,
        "place": candidacy.place,
        "election": candidacy.election,
        "follows": () if settled else what_follows(candidacy, on=today),
        "rechecks": shown_rechecks(rechecks) if until else [],
        "recheck_count": rechecks.count(),
        "may_ask_again": mine and not settled and bool(actions.departments_of(flag)),
        "form": (form or ResolveForm(today=today)) if mine and not settled else None,
        "open_until": until,
        "look_form": look_form or ReasonForm(submit_label=_("查看"), today=today, auto_id="look-%s"),
    }
    return render(request, "candidates/flag.html", context)


@never_cache
@allow(*OFFICIALS)
@require_POST
def look_at_flag(request: HttpRequest, pk: int) -> HttpResponse:
    """Open what a flag is about for a while, once the journal has why."""
    flag, now = flag_of(request, pk), timezone.now()
    form = ReasonForm(request.POST, submit_label=_("查看"), today=timezone.localdate(now), auto_id="look-%s")
    if form.is_valid():
        try:
            looking.look(
                candidacy=flag.candidacy,
                reason=form.cleaned_data["reason"],
                actor=signed_in(request),
                at=now,
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            looks.remember(request, flag.candidacy, at=now)
            return redirect("candidates:flag", pk)
    return show_flag(request, flag, look_form=form)


@never_cache
@allow(*OFFICIALS)
@require_POST
def close_flag_look(request: HttpRequest, pk: int) -> HttpResponse:
    """Mask it again."""
    flag = flag_of(request, pk)
    looks.forget(request, flag.candidacy)
    return redirect("candidates:flag", pk)


@never_cache
@allow(Role.COUNTY)
@require_POST
def resolve_flag(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle what froze a candidacy, with the reason."""
    flag, now = flag_of(request, pk, "candidates.sign_off"), timezone.now()
    form = ResolveForm(request.POST, today=timezone.localdate(now))
    if form.is_valid():
        try:
            flag = actions.resolve_flag(
                flag=flag, resolution=form.cleaned_data["resolution"], actor=signed_in(request), at=now
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            said = _("已处理。还有别的事项待处理，候选人资格仍然冻结。")
            if not flag.candidacy.is_frozen:
                said = _("已处理，候选人资格已解除冻结。")
            messages.success(request, said)
            return redirect("candidates:flag", pk)
    return show_flag(request, flag, form=form)


@allow(Role.COUNTY)
@require_POST
def ask_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the departments concerned to check again what they answered."""
    flag = flag_of(request, pk, "candidates.sign_off")
    try:
        asked = actions.ask_again(flag=flag, actor=signed_in(request), at=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        number = len(asked)
        said = ngettext("已请%d个部门重新核实。", "已请%d个部门重新核实。", number) % number
        messages.success(request, said)
    return redirect("candidates:flag", pk)
