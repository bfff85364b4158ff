"""The roll of an election: listed by group, voters entered and struck off."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ballots.actions import roll as actions
from ballots.models import Voter
from ballots.roll_forms import AN_EXAMPLE, EnrolVoterForm, PasteRollForm, StrikeOffForm
from ballots.roll_paste import MOST_LINES
from ballots.roll_table import COUNTS, RollFilter, RollTable, by_group
from ballots.rolls import check_roll_open, count_under_age, may_take_over, roll_of
from ballots.views.scope import READERS, election_of
from election_admin.accounts.access import allow, get_visible, require
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.forms import add_errors
from election_admin.sentences import one_after_another
from election_admin.tables import respond_with_list
from villages.models import Election

KEEPERS = (Role.TOWNSHIP, Role.COMMITTEE)


@allow(*READERS)
@require_safe
def roll(request: HttpRequest, election_id: int) -> HttpResponse | FileResponse:
    """The voters of an election, by group, with how many stand on which ground."""
    election = election_of(request, election_id)
    voters = Voter.objects.filter(election=roll_of(election))
    groups = by_group(voters)
    closed = _why_closed(election)
    keeps = signed_in(request).has_perm("ballots.keep_roll", election)
    own = roll_of(election).pk == election.pk
    return respond_with_list(
        request,
        table=partial(RollTable, kept=keeps and own and not closed),
        filterset=RollFilter(request, voters, groups=[row["group"] for row in groups]),
        template="ballots/roll.html",
        context={
            "election": election,
            "place": election.place,
            "groups": groups,
            "total": {name: sum(row[name] for row in groups) for name in COUNTS},
            "under_age": count_under_age(election),
            "keeps": keeps,
            "closed": closed,
            "to_take_over": bool(keeps and not closed and may_take_over(election)),
        },
        export_name=_("选民名单-%(place)s-%(day)s")
        % {"place": election.place.name, "day": timezone.localdate()},
    )


@allow(*KEEPERS)
@require_http_methods(["GET", "POST"])
def enrol_voter(request: HttpRequest, election_id: int) -> HttpResponse:
    """Enter one voter."""
    election = election_of(request, election_id, "ballots.keep_roll")
    closed = _why_closed(election)
    sent = request.POST if request.method == "POST" else None
    form = EnrolVoterForm(sent, today=timezone.localdate(), initial={"group": request.GET.get("group", "")})
    if form.is_valid():
        try:
            voter = actions.enrol_voter(
                election=election, voter=form.voter, actor=signed_in(request), at=timezone.now()
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("已登记选民%s。") % voter.name)
            return redirect("ballots:roll", election.pk)
    context = {"election": election, "place": election.place, "form": form, "closed": closed}
    return render(request, "ballots/enrol_voter.html", context)


@allow(*KEEPERS)
@require_http_methods(["GET", "POST"])
def paste_roll(request: HttpRequest, election_id: int) -> HttpResponse:
    """Enter the voters of a list copied from a spreadsheet, all of them or none."""
    election = election_of(request, election_id, "ballots.keep_roll")
    closed = _why_closed(election)
    form = PasteRollForm(request.POST if request.method == "POST" else None, today=timezone.localdate())
    if form.is_valid():
        try:
            voters = actions.enrol_voters(
                election=election,
                voters=form.cleaned_data["voters"],
                actor=signed_in(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error("lines", error.messages)
        else:
            sentence = ngettext("已登记%d名选民。", "已登记%d名选民。", len(voters))
            messages.success(request, sentence % len(voters))
            return redirect("ballots:roll", election.pk)
    context = {
        "election": election,
        "place": election.place,
        "form": form,
        "closed": closed,
        "columns": actions.COLUMNS.values(),
        "example": AN_EXAMPLE,
        "most": MOST_LINES,
    }
    return render(request, "ballots/paste_roll.html", context)


@allow(*KEEPERS)
@require_POST
def take_over_roll(request: HttpRequest, election_id: int) -> HttpResponse:
    """Take the roll of the invalid election over, to correct it for the new one."""
    election = election_of(request, election_id, "ballots.keep_roll")
    try:
        count = actions.take_over_roll(election=election, actor=signed_in(request), at=timezone.now())
    except ValidationError as error:
        messages.error(request, one_after_another(error.messages))
    else:
        sentence = ngettext("已沿用%d名选民，可以更正。", "已沿用%d名选民，可以更正。", count)
        messages.success(request, sentence % count)
    return redirect("ballots:roll", election.pk)


@allow(*KEEPERS)
@require_http_methods(["GET", "POST"])
def strike_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Strike a voter off the roll, for a reason that is kept."""
    rows = Voter.objects.select_related("election__place__parent", "election__term", "election__edition")
    voter = get_visible(rows, request, pk=pk)
    require(signed_in(request), "ballots.keep_roll", voter)
    election = voter.election
    closed = _why_closed(election)
    form = StrikeOffForm(request.POST if request.method == "POST" else None, today=timezone.localdate())
    if form.is_valid():
        try:
            actions.strike_off(
                voter=voter,
                reason=form.cleaned_data["reason"],
                actor=signed_in(request),
                at=timezone.now(),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("已把%s移出选民名单。") % voter.name)
            return redirect("ballots:roll", election.pk)
    context = {"voter": voter, "election": election, "place": election.place, "form": form, "closed": closed}
    return render(request, "ballots/strike_off.html", context)


def _why_closed(election: Election) -> str:
    """Why the roll cannot be changed now, empty if it can."""
    try:
        check_roll_open(election)
    except ValidationError as error:
        return one_after_another(error.messages)
    return ""
