"""What an election committee needs: somebody has to leave, a seat is empty, it is too small."""

from collections.abc import Collection, Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from ballots.committee import Committee, committees
from ballots.wording import cite
from election_admin.places.models import Place
from election_admin.sentences import listed
from villages.models import Body, Election, Stage
from villages.registry import Need, Urgency, register_needs


def _needs(places: Collection[Place], on: date) -> dict[int, list[Need]]:
    """What committees need, of elections still being held; in a fixed number of queries."""
    needs: dict[int, list[Need]] = {place.pk: [] for place in places}
    elections = (
        Election.objects.current()
        .filter(place__in=needs, body=Body.VILLAGERS_COMMITTEE)
        .exclude(stage=Stage.CLOSED)
    )
    seen: set[int] = set()
    for committee in committees(list(elections)).values():
        if committee.votes and committee.election.pk not in seen:
            seen.add(committee.election.pk)
            needs[committee.election.place_id].extend(_needs_of(committee, on))
    return needs


def _needs_of(committee: Committee, on: date) -> Iterator[Need]:
    url = reverse("ballots:committee", args=[committee.election.pk])
    for found in committee.must_leave:
        # Nobody may sit on it a day longer than the nomination: art. 12 gives no time.
        late = not found.to_check and found.candidacy.nominated_on < on
        urgency = Urgency.OVERDUE if late else Urgency.NOW
        yield Need(found.sentence, url, urgency, found.candidacy.nominated_on)
    for sentence in filter(None, (size_sentence(committee), seat_sentence(committee))):
        yield Need(sentence, url, Urgency.NOW)


def size_sentence(committee: Committee) -> str:
    """That fewer sit on the committee than the law wants; empty where enough do."""
    size = committee.procedure.parameters.election_committee_size
    if size is None or not committee.too_few:
        return ""
    return _("选举委员会现有%(count)d人，少于%(least)d人（%(source)s），应当补足。") % {
        "count": len(committee.serving),
        "least": size.value.least,
        "source": cite(committee.procedure, size.source),
    }


def seat_sentence(committee: Committee) -> str:
    """That a seat is empty, and who takes it by the original vote; empty where none is."""
    if not committee.open_seats:
        return ""
    proposal = committee.proposal
    values = {"seats": committee.open_seats, "articles": committee.articles(committee.law.candidate_articles)}
    if proposal.first is not None:
        values |= {"name": proposal.first.name, "votes": proposal.first.votes}
        return (
            _("选举委员会空缺%(seats)d名，依原推选结果递补：%(name)s（%(votes)d票）（%(articles)s）。")
            % values
        )
    if proposal.tied:
        values |= {"names": listed(one.name for one in proposal.tied), "votes": proposal.tied[0].votes}
        return (
            _("选举委员会空缺%(seats)d名，%(names)s得票相同（%(votes)d票），应当在他们之间再次推选。")
            % values
        )
    return _("选举委员会空缺%(seats)d名，没有可以递补的人，应当另行推选（%(articles)s）。") % values


register_needs("ballots.see_procedure", _needs)
