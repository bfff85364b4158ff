"""What the village's page and the lists of what is to be done say about candidates."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates.deadlines import final_list_due
from candidates.models import Candidacy
from election_admin.places.models import Place
from tests.candidates.conftest import make_candidate, make_id_number
from tests.cast import ELECTION_DAY, TODAY
from villages.models import Election, Term
from villages.registry import Urgency, needs_of

pytestmark = pytest.mark.django_db

DUE = date(2026, 12, 15)


def needs(county, on, who="township_official"):
    found = needs_of(getattr(county, who), [county.village], on=on)[county.village.pk]
    return [need for need in found if "/candidates/" in need.url]


@pytest.mark.parametrize(
    ("verdict", "on", "urgency"),
    [
        ("disqualified", TODAY, Urgency.NOW),
        ("disqualified", DUE, Urgency.NOW),
        ("disqualified", DUE + timedelta(days=1), Urgency.OVERDUE),
        ("not_established", DUE - timedelta(days=11), None),
        ("not_established", DUE - timedelta(days=10), Urgency.SOON),
        ("not_established", DUE - timedelta(days=2), Urgency.NOW),
        ("not_established", DUE + timedelta(days=1), Urgency.OVERDUE),
        ("not_established", ELECTION_DAY + timedelta(days=1), None),
        ("qualified", DUE, None),
    ],
)
def test_needs(county, candidacy, verdict, on, urgency):
    Candidacy.objects.update(verdict=verdict)

    found = needs(county, on)

    assert [need.urgency for need in found] == ([] if urgency is None else [urgency])
    for need in found:
        assert need.url == reverse("candidates:candidate_list", args=[county.election.pk])
        assert need.text.startswith("1名候选人")


@pytest.mark.parametrize("state", ["declined", "struck_off"])
def test_who_no_longer_stands_needs_nothing(county, candidacy, state):
    Candidacy.objects.update(verdict="disqualified", state=state)

    assert needs(county, TODAY) == []


def test_a_committee_is_not_told(county, candidacy):
    Candidacy.objects.update(verdict="disqualified")

    assert needs(county, TODAY, "committee_member") == []


def test_queries_of_needs_do_not_grow(county, candidacy):
    Candidacy.objects.update(verdict="disqualified")
    source = county.county_reviewer

    def queries(places):
        source.held_memberships  # noqa: B018 - read once a request
        with CaptureQueriesContext(connection) as captured:
            needs_of(source, places, on=TODAY)
        return len([one for one in captured if "candidates_candidacy" in one["sql"]])

    # One for who cannot stay as they are, one for who may stand in two villages.
    assert queries([county.village]) == queries(list(Place.objects.villages())) == 2


@pytest.mark.parametrize(
    ("procedure", "due"), [("zhejiang-2020", DUE), ("shanghai-2020", DUE), ("national-2018", ELECTION_DAY)]
)
def test_final_list_due(procedure, due):
    election = Election(term=Term(procedure=procedure))
    assert final_list_due(election, ELECTION_DAY) == due


def village_page(client, county, who):
    client.force_login(getattr(county, who))
    return client.get(reverse("villages:village", args=[county.village.code])).content.decode()


@pytest.mark.parametrize("who", ["township_official", "county_reviewer"])
def test_panel(client, county, candidacy, who):
    make_candidate(county, "李水", id_number=make_id_number(order=13))

    page = village_page(client, county, who)

    assert "王大山" in page
    assert "李水" in page
    assert "2人" in page
    assert reverse("candidates:candidate_list", args=[county.election.pk]) in page
    assert (reverse("candidates:record_candidate", args=[county.election.pk]) in page) is (
        who == "township_official"
    )
    assert make_id_number() not in page


def test_panel_of_nobody(client, county):
    assert "还没有登记候选人" in village_page(client, county, "township_official")


def test_panel_is_not_for_the_committee(client, county, candidacy):
    assert "王大山" not in village_page(client, county, "committee_member")
