"""Guidance teams: kept by the township, in one village a day."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.team_days import clashes_in
from ballots.team_needs import _needs
from election_admin.journal.models import Entry
from election_admin.places.models import Place
from tests.ballots.office import log_in, mark_done
from tests.cast import NOW, SEATS, TODAY, make_place
from villages.actions.teams import add_team, edit_team, set_team_active
from villages.actions.terms import set_election_day
from villages.models import Election, GuidanceTeam
from villages.registry import Urgency, needs_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_of_december")]
VALUES = {"name": "第一指导组", "leader": "何永根", "members": "王建国、李秀英"}
DAY = date(2026, 12, 20)


def team_of(county, name="第一指导组", **more):
    return add_team(
        township=county.township,
        values=VALUES | {"name": name},
        actor=more.get("actor", county.township_official),
        at=NOW,
    )


def hold(county, village, day=DAY, team=None):
    return set_election_day(
        election=Election.objects.get(place=village),
        election_day=day,
        mode="nominated",
        seats=SEATS,
        guidance_team=team,
        actor=county.township_official,
        at=NOW,
    )


def listing(county):
    return reverse("ballots:guidance_teams", args=[county.township.code])


# Keeping them ------------------------------------------------------------------------------


def test_a_township_adds_a_team(client, county) -> None:
    log_in(client, county.township_official)
    assert "还没有指导组" in client.get(listing(county)).content.decode()

    response = client.post(listing(county), VALUES)

    assert response["Location"] == listing(county)
    team = GuidanceTeam.objects.get()
    assert (team.place, team.name, team.leader, team.active) == (
        county.township,
        "第一指导组",
        "何永根",
        True,
    )
    assert Entry.objects.latest("pk").verb == "villages.add_team"


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": ""}, "name", "必填"),
        ({"leader": ""}, "leader", "必填"),
        ({"name": "第二指导组"}, "name", "已有叫“第二指导组”的指导组"),
        ({"members": "王😀明"}, "members", "无法打印"),
    ],
)
def test_bad_input_comes_back_filled(client, county, changes, field, sentence) -> None:
    team_of(county, "第二指导组")

    response = log_in(client, county.township_official).post(listing(county), VALUES | changes)

    assert sentence in response.context["form"].errors[field][0]
    assert response.context["form"]["members"].value() == (VALUES | changes)["members"]
    assert GuidanceTeam.objects.count() == 1


def test_a_team_is_changed_under_its_own_name(client, county) -> None:
    team = team_of(county)
    there = reverse("ballots:edit_team", args=[team.pk])
    log_in(client, county.township_official)
    assert client.get(there).context["form"]["leader"].value() == "何永根"

    assert client.post(there, VALUES | {"leader": "李秀英"}).url == listing(county)

    team.refresh_from_db()
    assert team.leader == "李秀英"
    entry = Entry.objects.latest("pk")
    assert (entry.verb, entry.before["leader"]) == ("villages.edit_team", "何永根")


def test_a_retired_team_is_kept_and_can_come_back(client, county) -> None:
    """Past elections name it; deleting it would empty the record of who was there."""
    team = team_of(county)
    there = reverse("ballots:set_team_active", args=[team.pk])
    log_in(client, county.township_official)

    client.post(there)
    team.refresh_from_db()
    assert not team.active
    assert "已停用" in client.get(listing(county)).content.decode()

    client.post(there, {"active": "1"})
    team.refresh_from_db()
    assert team.active


def test_a_team_that_is_expected_somewhere_is_not_retired(client, county) -> None:
    team = team_of(county)
    hold(county, county.village, team=team)

    page = log_in(client, county.township_official).post(
        reverse("ballots:set_team_active", args=[team.pk]), follow=True
    )

    assert "还要到桃园村（2026年12月20日）指导选举" in page.content.decode()
    team.refresh_from_db()
    assert team.active
    set_team_active(team=team, active=False, actor=county.township_official, at=NOW + timedelta(days=20))


def test_only_the_township_keeps_its_teams(client, county, neighbour) -> None:
    team = team_of(county)
    pages = [listing(county), reverse("ballots:edit_team", args=[team.pk])]
    for who in ("committee_member", "county_reviewer", "court", "administrator"):
        assert {log_in(client, getattr(county, who)).get(page).status_code for page in pages} == {403}
    for outsider in (county.other_township_official, neighbour.township_official):
        assert {log_in(client, outsider).get(page).status_code for page in pages} == {404}
        with pytest.raises(PermissionDenied):
            edit_team(team=team, values=VALUES, actor=outsider, at=NOW)
        with pytest.raises(PermissionDenied):
            set_team_active(team=team, active=False, actor=outsider, at=NOW)
        with pytest.raises(PermissionDenied):
            team_of(county, actor=outsider)
    with pytest.raises(ValidationError):
        add_team(township=county.village, values=VALUES, actor=county.township_official, at=NOW)


# Two villages on one day -------------------------------------------------------------------


def test_two_villages_that_need_the_same_team_are_told(county) -> None:
    team, _other = team_of(county), team_of(county, "第二指导组")
    hold(county, county.village, team=team)
    hold(county, county.second_village, team=team)

    needs = needs_of(county.township_official, [county.village, county.other_village], on=TODAY)

    (need,) = [one for one in needs[county.village.pk] if "指导组" in one.text]
    assert need.text == "2026年12月20日同一指导组（第一指导组）要在2个村：桃园村、罗村村"
    assert need.urgency == Urgency.NOW
    assert need.url == reverse("ballots:plan_days", args=[county.township.code])
    assert not [one for one in needs[county.other_village.pk] if "指导组" in one.text]


@pytest.mark.parametrize(
    ("day", "second_team", "clash"),
    [(DAY, "same", True), (DAY, "other", False), (DAY, None, False), (DAY.replace(day=21), "same", False)],
)
def test_a_clash_is_one_team_on_one_day(county, day, second_team, clash) -> None:
    team, other = team_of(county), team_of(county, "第二指导组")
    hold(county, county.village, team=team)
    hold(county, county.second_village, day, {"same": team, "other": other, None: None}[second_team])

    assert bool(clashes_in([county.village], on=TODAY)[county.village.pk]) is clash


def test_more_villages_than_teams_are_told(county) -> None:
    team_of(county)
    hold(county, county.second_village)

    (clash,) = clashes_in([county.village], on=TODAY)[county.village.pk]

    assert clash.sentence == "2026年12月20日有2个村投票，只有1个指导组：桃园村、罗村村"


def test_a_township_that_keeps_no_teams_is_not_pestered(county) -> None:
    hold(county, county.second_village)
    assert clashes_in([county.village], on=TODAY)[county.village.pk] == []


def test_a_vote_held_and_a_day_gone_by_need_nobody(county) -> None:
    team = team_of(county)
    hold(county, county.village, team=team)
    second = hold(county, county.second_village, team=team)
    assert clashes_in([county.village], on=DAY)[county.village.pk]

    assert not clashes_in([county.village], on=DAY + timedelta(days=1))[county.village.pk]
    mark_done(second, {"vote_held": DAY}, county.township_official)
    assert not clashes_in([county.village], on=TODAY)[county.village.pk]


def test_a_committee_is_not_told_where_else_the_township_is(county) -> None:
    team = team_of(county)
    hold(county, county.village, team=team)
    hold(county, county.second_village, team=team)

    needs = needs_of(county.committee_member, [county.village], on=TODAY)[county.village.pk]
    assert not [one for one in needs if "指导组" in one.text]


def test_queries_do_not_grow_with_villages(county) -> None:
    team = team_of(county)
    hold(county, county.village, team=team)
    hold(county, county.second_village, team=team)
    for number in range(3):
        make_place(f"330604101{300 + number}", f"新村{number}", county.township, "village")
    villages = list(Place.objects.villages())
    with CaptureQueriesContext(connection) as few:
        _needs([county.village], TODAY)
    with CaptureQueriesContext(connection) as many:
        _needs(villages, TODAY)
    assert len(few) == len(many) == 2
