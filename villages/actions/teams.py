"""The guidance teams that a township keeps."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.journal.record import append, snapshot, take_turn
from election_admin.places.models import Level, Place
from election_admin.sentences import bracketed, listed
from election_admin.validators import validate_fields
from villages.models import Election, GuidanceTeam

TEAM_FIELDS = ("name", "leader", "members")


@transaction.atomic
def add_team(*, township: Place, values: Mapping[str, Any], actor: User, at: datetime) -> GuidanceTeam:
    """Add a team to a township's; ``values`` holds TEAM_FIELDS. Raises ValidationError for a name it has."""
    take_turn(township)
    require(actor, "ballots.keep_teams", township)
    if township.level != Level.TOWNSHIP:
        raise ValidationError(_("指导组由乡镇（街道）建立。"))
    team = GuidanceTeam(place=township, **{name: values[name] for name in TEAM_FIELDS})
    _check(team)
    team.save()
    append(
        verb="villages.add_team",
        row=team,
        actor=actor,
        place=township,
        at=at,
        after=snapshot(team, GuidanceTeam.recorded_fields),
    )
    return team


@transaction.atomic
def edit_team(*, team: GuidanceTeam, values: Mapping[str, Any], actor: User, at: datetime) -> GuidanceTeam:
    """Change a team's name, leader or members. Raises ValidationError for a name another team has."""
    team = _in_turn(team, actor)
    before = snapshot(team, GuidanceTeam.recorded_fields)
    for name in TEAM_FIELDS:
        setattr(team, name, values[name])
    _check(team)
    team.save(update_fields=TEAM_FIELDS)
    _append("villages.edit_team", team, before, actor, at)
    return team


@transaction.atomic
def set_team_active(*, team: GuidanceTeam, active: bool, actor: User, at: datetime) -> GuidanceTeam:
    """Retire a team, or take it up again. It is never deleted: past elections name it.

    Raises ValidationError while elections still to come are given to it.
    """
    team = _in_turn(team, actor)
    coming = Election.objects.current().filter(guidance_team=team, election_day__gte=timezone.localdate(at))
    if not active and coming:
        raise ValidationError(
            _("“%(team)s”还要到%(villages)s指导选举，请先为这些村改派指导组，再停用。")
            % {
                "team": team,
                "villages": listed(
                    f"{one.place}{bracketed(date_format(one.election_day))}"
                    for one in coming.select_related("place")
                    if one.election_day is not None
                ),
            }
        )
    before = snapshot(team, GuidanceTeam.recorded_fields)
    team.active = active
    team.save(update_fields=["active"])
    _append("villages.set_team_active", team, before, actor, at)
    return team


def _in_turn(team: GuidanceTeam, actor: User) -> GuidanceTeam:
    take_turn(team.place)
    team = GuidanceTeam.objects.select_related("place").get(pk=team.pk)
    require(actor, "ballots.keep_teams", team)
    return team


def _check(team: GuidanceTeam) -> None:
    validate_fields(team, TEAM_FIELDS)
    namesakes = GuidanceTeam.objects.filter(place=team.place, name=team.name).exclude(pk=team.pk)
    if namesakes.exists():
        raise ValidationError({"name": _("本乡镇已有叫“%s”的指导组，请换一个名称。") % team.name})


def _append(verb: str, team: GuidanceTeam, before: dict[str, Any], actor: User, at: datetime) -> None:
    append(
        verb=verb,
        row=team,
        actor=actor,
        place=team.place,
        at=at,
        before=before,
        after=snapshot(team, GuidanceTeam.recorded_fields),
    )
