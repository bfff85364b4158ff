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
from ballots.elections import latest_vote, standings
from ballots.models import Step
from ballots.timeline import timeline
from ballots.wording import some_of, step_title
from election_admin.accounts.signed_in import signed_in
from election_admin.documents.models import Language
from election_admin.places.models import Place
from election_admin.sentences import explained
from villages.models import Election
from villages.registry import Need, Panel, Urgency, register_needs, register_panel

# From so many days before its last lawful day on, a step stands on the lists.
SOON = timedelta(days=7)


def _panel(request: HttpRequest, place: Place) -> Mapping[str, Any]:
    today, user = timezone.localdate(), signed_in(request)
    shown = standings(place, on=today, user=user)
    # The steps shown are those of the villagers' committee's election; the others are listed.
    main = next((one for one in shown if _main(one.election)), None)
    if main is None:
        return {"place": place, "election": None, "standings": shown}
    return {
        "place": place,
        "standings": shown if len(shown) > 1 else [],
        "election": main.election,
        "timeline": timeline(main.election, today=today, user=user),
        "stage": main.stage,
        "day_words": main.day_words,
        "languages_of_documents": Language.choices,
    }


def _needs(places: Collection[Place], on: date) -> dict[int, list[Need]]:
    """The steps overdue and the steps due within a week, a line for each; and a day not set.

    A step that follows the village's records is left to the list of what these records need.
    """
    needs: dict[int, list[Need]] = {place.pk: [] for place in places}
    elections = Election.objects.current().not_void().select_related("term", "edition")
    elections = elections.filter(place__in=needs)
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
        needs[election.place_id].append(_day_needed(election, on))
    for election in elections:
        steps = of_election.get(election.pk, [])
        needs[election.place_id] += _needs_of(election, steps, on)
    return needs


def _main(election: Election) -> bool:
    """Whether it is the general election of the villagers' committee, which needs no naming."""
    return election.general and not election.of_party_branch


def _named(election: Election, text: str) -> str:
    """A sentence about an election, which is named unless it is the one that everybody means."""
    return text if _main(election) else explained(election.title, text)


def _day_needed(election: Election, on: date) -> Need:
    text, latest = _("还没有确定选举日，程序步骤无法计算日期"), latest_vote(election)
    if latest is not None:
        text = _("还没有确定投票日，最迟应在%s投票") % date_format(latest)
    urgency = Urgency.OVERDUE if latest is not None and latest < on else Urgency.NOW
    return Need(_named(election, text), _address(election), urgency, latest)


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
    text = _named(election, sentence % values)
    return Need(text, _address(election) + f"#{steps[0].code}", urgency, latest)


def _address(election: Election) -> str:
    return reverse("ballots:procedure", args=[election.pk])


register_panel(Panel("ballots/_panel.html", _panel, "ballots.see_procedure", 5))
register_needs("ballots.see_procedure", _needs)
