"""A county opens its general election: which rules, which procedures, which notices."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from election_admin.accounts.models import User
from tests.cast import County
from villages.models import Body, Election, Term

pytestmark = pytest.mark.django_db


def _as(client: Client, user: User) -> Client:
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _values(county: County, **changes: Any) -> dict[str, Any]:
    values = {
        "county": county.county.pk,
        "number": 13,
        "window_start": "2031-12-01",
        "window_end": "2031-12-31",
        "procedure": "zhejiang-2020",
        "eligibility_list": "situations-2018",
        "risk_model": "default-2026",
        "notice_set": "city-2026",
        "mode_nominated": "on",
    }
    return {name: value for name, value in (values | changes).items() if value is not None}


def _open(client: Client, county: County, **changes: Any) -> Any:
    return _as(client, county.county_reviewer).post(reverse("villages:open_term"), _values(county, **changes))


def test_every_village_gets_an_election_with_its_steps(client: Client, county: County) -> None:
    _open(client, county)
    term = Term.objects.get(number=13)
    assert term.elections.count() == 3
    assert Election.objects.filter(term=term, place=county.community).count() == 0
    assert all(election.steps.exists() for election in term.elections.all())
    assert list(Term.objects.filter(county=county.county, current=True)) == [term]


def test_both_bodies_are_elected_where_the_term_says_so(client: Client, county: County) -> None:
    """The Party branch changes first, by the procedure the county has chosen."""
    response = _open(
        client,
        county,
        mode_self_nominated="on",
        mode_two_recommendations="on",
        mode_open_recommendation="on",
        notice_set="city-2026-revised",
    )

    assert response.status_code == 302
    term = Term.objects.get(number=13)
    assert term.modes == ["nominated", "self_nominated", "two_recommendations", "open_recommendation"]
    assert term.notice_set == "city-2026-revised"
    branches = term.elections.filter(body=Body.PARTY_BRANCH)
    assert branches.count() == term.elections.filter(body=Body.VILLAGERS_COMMITTEE).count() == 3
    assert all(branch.steps.filter(code="vote_held").exists() for branch in branches)
    page = client.get(reverse("villages:term_list")).content.decode()
    assert "共3个村" in page
    assert "公推直选" in page
    assert "2026年换届公告目录（修订）" in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": 12}, "number"),
        ({"window_end": "2031-11-01"}, "window_end"),
        ({"window_end": "9999-12-31"}, "window_end"),
        ({"procedure": "nowhere-1900"}, "procedure"),
        ({"eligibility_list": ""}, "eligibility_list"),
        ({"notice_set": ""}, "notice_set"),
        ({"notice_set": "of-nobody"}, "notice_set"),
        ({"mode_nominated": None}, "mode_nominated"),
        ({"mode_nominated": None, "mode_two_recommendations": "on"}, "mode_nominated"),
        # Beijing's method knows no election without candidates.
        ({"procedure": "beijing-2012", "mode_self_nominated": "on"}, "mode_self_nominated"),
    ],
)
def test_what_is_refused(client: Client, county: County, changes: dict[str, Any], field: str) -> None:
    """Nothing about a term's rules is assumed: each is chosen, and is one its law knows."""
    response = _open(client, county, **changes)
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert Term.objects.filter(county=county.county).count() == 1


def test_each_procedure_is_explained(client: Client, county: County) -> None:
    page = _as(client, county.administrator).get(reverse("villages:open_term")).content.decode()
    for words in ("两推一选", "公推直选", "党员推荐、村民推荐", "自荐的人公布后"):
        assert words in page


def test_another_county_cannot_be_opened(client: Client, county: County, neighbour: County) -> None:
    response = _as(client, county.county_reviewer).post(reverse("villages:open_term"), _values(neighbour))
    assert "county" in response.context["form"].errors


@pytest.mark.parametrize("who", ["township_official", "committee_member", "court"])
def test_only_county_and_administrator_open_a_term(client: Client, county: County, who: str) -> None:
    _as(client, getattr(county, who))
    assert client.get(reverse("villages:open_term")).status_code == 403
    assert client.post(reverse("villages:open_term"), _values(county)).status_code == 403
    assert not Term.objects.filter(number=13).exists()
