"""The guidance teams of a township."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ballots.team_days import booked, not_voted
from ballots.team_forms import TeamForm
from election_admin.accounts.access import allow, get_visible, require
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.forms import add_errors
from election_admin.sentences import one_after_another
from villages.actions import teams as actions
from villages.models import Election, GuidanceTeam
from villages.views.scope import township_of


@allow(Role.TOWNSHIP)
@require_http_methods(["GET", "POST"])
def guidance_teams(request: HttpRequest, code: str) -> HttpResponse:
    """List a township's teams with the elections given to them, and add one."""
    township = township_of(request, code, "ballots.keep_teams")
    form = TeamForm(request.POST or None, today=timezone.localdate())
    if form.is_valid():
        try:
            team = actions.add_team(
                township=township, values=form.cleaned_data, actor=signed_in(request), at=timezone.now()
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("已添加指导组“%s”。") % team)
            return redirect("ballots:guidance_teams", township.code)
    coming: dict[int, list[Election]] = {}
    for election in booked(not_voted([township.pk]), on=timezone.localdate()):
        if election.guidance_team_id is not None:
            coming.setdefault(election.guidance_team_id, []).append(election)
    teams = GuidanceTeam.objects.filter(place=township).order_by("-active", "pk")
    return render(
        request,
        "ballots/guidance_teams.html",
        {
            "place": township,
            "teams": [(team, coming.get(team.pk, [])) for team in teams],
            "form": form,
        },
    )


@allow(Role.TOWNSHIP)
@require_http_methods(["GET", "POST"])
def edit_team(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a team's name, leader or members."""
    team = _team(request, pk)
    form = TeamForm(request.POST or None, instance=team, today=timezone.localdate())
    if form.is_valid():
        try:
            actions.edit_team(
                team=team, values=form.cleaned_data, actor=signed_in(request), at=timezone.now()
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("指导组已保存。"))
            return redirect("ballots:guidance_teams", team.place.code)
    return render(request, "ballots/edit_team.html", {"place": team.place, "team": team, "form": form})


@allow(Role.TOWNSHIP)
@require_POST
def set_team_active(request: HttpRequest, pk: int) -> HttpResponse:
    """Retire a team, or take it up again."""
    team = _team(request, pk)
    active = "active" in request.POST
    try:
        actions.set_team_active(team=team, active=active, actor=signed_in(request), at=timezone.now())
    except ValidationError as error:
        messages.error(request, one_after_another(error.messages))
    else:
        sentence = _("已恢复使用“%s”。") if active else _("已停用“%s”，以前的记录不变。")
        messages.success(request, sentence % team)
    return redirect("ballots:guidance_teams", team.place.code)


def _team(request: HttpRequest, pk: int) -> GuidanceTeam:
    team = get_visible(GuidanceTeam.objects.select_related("place__parent"), request, pk=pk)
    require(signed_in(request), "ballots.keep_teams", team)
    return team
