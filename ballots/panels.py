"""What this app puts on a village's page and on the lists of what is to be done."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ballots.actions.steps import FOLLOWED
from ballots.models import Step
from ballots.timeline import timeline
from ballots.wording import election_day_words, some_of, step_title
from election_admin.accounts.signed_in import signed_in
from election_admin.documents.models import Language
from election_admin.places.models import Place
from villages.models import Election
from villages.registry import Need, Panel, Urgency, register_needs, register_panel

# From so many days before its last lawful day on, a step stands on the lists.
SOON = timedelta(days=7)


def _panel(request: HttpRequest, place: Place) -> Mapping[str, Any]:
    election = Election.objects.with_place().current().of_committee().filter(place=place).first()
    if election is None:
        return {"place": place, "election": None}
    today = timezone.localdate()
    day = election.election_day
    return {
        "place": place,
        "election": election,
        "timeline": timeline(election, today=today, user=signed_in(request)),
        "day_words": election_day_words(day, on=today) if day else "",
        "languages_of_documents": Language.choices,
    }


def _needs(places: Collection[Place], on: date) -> dict[int, list[Need]]:
    """The steps overdue and the steps due within a week, a line for each; and a day not set.

    A step that follows the village's records is left to the list of what these records need.
    """
    needs: dict[int, list[Need]] = {place.pk: [] for place in places}
    elections = Election.objects.current().select_related("term", "edition").filter(place__in=needs)
    undated = [one for one in elections if one.election_day is None]
    near = (
        Step.objects.open()
        .due_by(on + SOON)
        .filter(election__in=elections)
        .exclude(code__in=FOLLOWED)
        .order_by("latest", "position")
    )
    of_election: dict[int, list[Step]] = {}
    for step in near:
        of_election.setdefault(step.election_id, []).append(step)
    for election in undated:
        text = _("还没有确定选举日，程序步骤无法计算日期")
        needs[election.place_id].append(Need(text, _address(election), Urgency.NOW))
    for election in elections:
        steps = of_election.get(election.pk, [])
        needs[election.place_id] += _needs_of(election, steps, on)
    return needs


def _needs_of(election: Election, steps: Iterable[Step], on: date) -> list[Need]:
    found: dict[Urgency, list[Step]] = {}
    for step in steps:
        if step.latest is not None:
            found.setdefault(_urgency(step.latest, on), []).append(step)
    return [_need(election, urgency, due) for urgency, due in found.items()]


def _urgency(latest: date, on: date) -> Urgency:
    if latest < on:
        return Urgency.OVERDUE
    return Urgency.NOW if latest == on else Urgency.SOON


def _need(election: Election, urgency: Urgency, steps: list[Step]) -> Need:
    """One line for all steps of the same urgency; the first is the one due first."""
    latest: date = steps[0].latest  # type: ignore[assignment]  # only steps with one are asked for
    one_day = steps[-1].latest == latest
    sentence = {
        Urgency.OVERDUE: _("程序步骤逾期：%(steps)s，最迟应在%(day)s办理")
        if one_day
        else _("程序步骤逾期：%(steps)s，其中最早的应在%(day)s办理"),
        Urgency.NOW: _("程序步骤今天到期：%(steps)s"),
        Urgency.SOON: _("程序步骤即将到期：%(steps)s，%(day)s到期")
        if one_day
        else _("程序步骤即将到期：%(steps)s，其中最早的%(day)s到期"),
    }[urgency]
    titles = some_of([step_title(election, step.code) for step in steps])
    values = {"steps": titles, "day": date_format(latest)}
    return Need(sentence % values, _address(election) + f"#{steps[0].code}", urgency, latest)


def _address(election: Election) -> str:
    return reverse("ballots:procedure", args=[election.pk])


register_panel(Panel("ballots/_panel.html", _panel, "ballots.see_procedure", 5))
register_needs("ballots.see_procedure", _needs)
