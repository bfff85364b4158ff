"""Planning the election days of a township's villages together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from ballots.models import Step
from ballots.planning import Options, PlannedRow, Planning, planning
from ballots.team_days import active_teams, not_voted
from ballots.team_forms import OptionsForm, PlannedDayForm
from candidates.views.changes import tell_changes
from election_admin.accounts.access import allow
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.places.models import CODE_DIGITS, Place
from election_admin.sentences import listed
from villages.actions.terms import PlannedDay, set_planned_days
from villages.models import Election, GuidanceTeam
from villages.views.scope import township_of


@dataclass
class Line:
    """An election of the plan, as it stands in its form."""

    election: Election
    form: PlannedDayForm
    # None for an election that has been dated by somebody else since the plan was shown.
    row: PlannedRow | None = None
    errors: list[str] = field(default_factory=list)


@allow(Role.TOWNSHIP)
@require_safe
def own_days(request: HttpRequest) -> HttpResponse:
    """Lead a township official to the plan of their township."""
    user = signed_in(request)
    code = next(held.place.code for held in user.held_memberships if held.role == Role.TOWNSHIP)
    return redirect("ballots:plan_days", code[: CODE_DIGITS["township"]])


@allow(Role.TOWNSHIP, Role.COUNTY)
@require_http_methods(["GET", "POST"])
def plan_days(request: HttpRequest, code: str) -> HttpResponse:
    """Show a township's days and clashes, propose days that fit, and set those chosen."""
    township = township_of(request, code, "ballots.see_teams")
    may_set = signed_in(request).has_perm("villages.set_election_day", township)
    today = timezone.localdate()
    options = OptionsForm(request.GET or None, today=today)
    understood = not options.is_bound or options.is_valid()
    chosen = options.options if options.is_bound and understood else Options()
    lines: list[Line] = []
    if request.method == "POST":
        township_of(request, code, "villages.set_election_day")
        lines = _posted(request.POST, township, today)
        done = _set(request, township, lines)
        if done:
            _tell(request, done, today)
            return redirect(request.get_full_path())
    shown = planning(township, today=today, options=chosen)
    return render(
        request,
        "ballots/plan_days.html",
        {
            "place": township,
            "options": options,
            "understood": understood,
            "planning": shown,
            "lines": _merged(lines, shown, today) if understood else [],
            "may_set": may_set,
        },
    )


def _merged(posted: list[Line], shown: Planning, today: date) -> list[Line]:
    """The lines as they were sent, with what is known of them now; else the proposals."""
    rows = {row.election.pk: row for row in shown.rows}
    for line in posted:
        line.row = rows.get(line.election.pk)
    return posted or [_proposed(row, shown.teams, today) for row in shown.rows]


def _proposed(row: PlannedRow, teams: Iterable[GuidanceTeam], today: date) -> Line:
    election = row.election
    initial = {
        "use": row.day is not None,
        "election_day": row.day,
        "guidance_team": row.team,
        "before": election.election_day,
    }
    return Line(election, _form(None, election, teams, today, initial=initial), row)


def _posted(data: Mapping[str, Any], township: Place, today: date) -> list[Line]:
    """The lines that were sent, of elections that can still be given a day."""
    teams = active_teams([township.pk])[township.pk]
    return [
        Line(election, _form(data, election, teams, today))
        for election in not_voted([township.pk])
        if f"{election.pk}-before" in data
    ]


def _form(
    data: Mapping[str, Any] | None,
    election: Election,
    teams: Iterable[GuidanceTeam],
    today: date,
    **kwargs: Any,
) -> PlannedDayForm:
    village = f"{election.place} {election.title}"
    return PlannedDayForm(data, prefix=str(election.pk), teams=teams, village=village, today=today, **kwargs)


def _set(request: HttpRequest, township: Place, lines: list[Line]) -> list[Election]:
    """Set the days chosen, all or none; what is wrong stands beside the line it is of."""
    # Each form is asked, so that every mistake is named at once.
    if [line for line in lines if not line.form.is_valid()]:
        messages.error(request, _("一个日子也没有保存：有的行填写有误，请改正后再提交。"))
        return []
    chosen = {str(line.election.pk): line for line in lines if line.form.cleaned_data["use"]}
    if not chosen:
        messages.error(request, _("没有勾选任何选举。请勾选要采用的行，再提交。"))
        return []
    teams = GuidanceTeam.objects.in_bulk(
        [line.form.cleaned_data["guidance_team"] for line in chosen.values()]
    )
    days = [
        PlannedDay(
            election_id=line.election.pk,
            before=line.form.cleaned_data["before"],
            election_day=line.form.cleaned_data["election_day"],
            guidance_team=teams.get(line.form.cleaned_data["guidance_team"]),
        )
        for line in chosen.values()
    ]
    now = timezone.now()
    try:
        saved = set_planned_days(township=township, days=days, actor=signed_in(request), at=now)
    except ValidationError as error:
        for key, sentences in error.message_dict.items():
            chosen[key].errors = sentences
        messages.error(request, _("一个日子也没有保存：有的行不能这样定，原因写在各行。"))
        return []
    tell_changes(request, cause="villages.set_election_day", at=now)
    return saved


def _tell(request: HttpRequest, elections: list[Election], today: date) -> None:
    """Say how many days were set, and in which villages steps are overdue because of them."""
    number = len(elections)
    sentence = ngettext(
        "已定%d个选举日，法定日期已重新计算。", "已定%d个选举日，法定日期已重新计算。", number
    )
    messages.success(request, sentence % number)
    overdue = Step.objects.overdue(on=today).filter(election__in=elections)
    late = set(overdue.order_by().values_list("election__place", flat=True))
    if late:
        names = dict.fromkeys(one.place.name for one in elections if one.place_id in late)
        messages.warning(
            request,
            _("这些村按所定的日子有步骤已经逾期：%s。请尽快补办，或者改定选举日。") % listed(names),
        )
