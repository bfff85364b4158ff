"""Which guidance team is in which village on which day, and where two villages need the same people."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ballots.actions.steps import VOTE
from ballots.models import Step
from ballots.rules.planner import Clash, Engagement, clashes
from election_admin.places.models import Place
from election_admin.sentences import listed
from villages.models import Election, GuidanceTeam


@dataclass(frozen=True)
class ShownClash:
    """A clash in words, and the elections in it."""

    day: date
    sentence: str
    elections: tuple[Election, ...]


def not_voted(townships: Collection[int]) -> list[Election]:
    """The current elections in these townships whose vote is not recorded, by village. One query."""
    voted = Step.objects.filter(election=OuterRef("pk"), code=VOTE, done_on__isnull=False)
    elections = Election.objects.current().not_void().with_place().select_related("guidance_team")
    return list(elections.filter(~Exists(voted), place__parent__in=townships).order_by("place__code", "pk"))


def booked(elections: Iterable[Election], *, on: date) -> list[Election]:
    """Those of the elections whose day is set and still to come on a day."""
    return [one for one in elections if one.election_day is not None and one.election_day >= on]


def active_teams(townships: Collection[int]) -> dict[int, list[GuidanceTeam]]:
    """The teams in use by township. One query."""
    found: dict[int, list[GuidanceTeam]] = {pk: [] for pk in townships}
    for team in GuidanceTeam.objects.filter(place__in=townships, active=True):
        found[team.place_id].append(team)
    return found


def engagement(election: Election) -> Engagement:
    """An election with a day, as the rules take it."""
    if election.election_day is None:
        raise ValueError(f"election {election.pk} has no day")
    return Engagement(
        election=election.pk,
        village=election.place_id,
        day=election.election_day,
        team=election.guidance_team_id,
    )


def shown_clashes(elections: Sequence[Election], teams: int) -> list[ShownClash]:
    """Where these elections of one township, all with a day, need the same people."""
    by_pk = {one.pk: one for one in elections}
    return [
        ShownClash(
            day=clash.day,
            sentence=_sentence(clash, by_pk, teams),
            elections=tuple(by_pk[pk] for pk in clash.elections),
        )
        for clash in clashes(map(engagement, elections), teams)
    ]


def clashes_in(places: Collection[Place], *, on: date) -> dict[int, list[ShownClash]]:
    """The clashes still to come that each of these villages is in, by village. Two queries."""
    townships = {place.parent_id for place in places if place.parent_id is not None}
    of_township: dict[int, list[Election]] = {pk: [] for pk in townships}
    for election in booked(not_voted(townships), on=on):
        if election.place.parent_id is not None:
            of_township[election.place.parent_id].append(election)
    teams = active_teams(townships)
    found: dict[int, list[ShownClash]] = {place.pk: [] for place in places}
    for township, elections in of_township.items():
        for clash in shown_clashes(elections, len(teams[township])):
            for village in {one.place_id for one in clash.elections} & found.keys():
                found[village].append(clash)
    return found


def _sentence(clash: Clash, elections: Mapping[int, Election], teams: int) -> str:
    here = sorted((elections[pk] for pk in clash.elections), key=lambda one: (one.place.code, one.pk))
    villages = list(dict.fromkeys(one.place.name for one in here))
    values = {
        "day": date_format(clash.day),
        "count": len(villages),
        "villages": listed(villages),
        "teams": teams,
        "team": here[0].guidance_team,
    }
    if clash.team is None:
        return _("%(day)s有%(count)d个村投票，只有%(teams)d个指导组：%(villages)s") % values
    return _("%(day)s同一指导组（%(team)s）要在%(count)d个村：%(villages)s") % values
