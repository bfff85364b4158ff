"""Planning a township's election days together: proposals, and setting those chosen."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.planning import Options, planning
from ballots.rules.planner import Wishes
from election_admin.journal.models import Entry
from election_admin.places.models import Kind
from tests.ballots.office import log_in, mark_done, step_of
from tests.ballots.test_teams import DAY, hold, team_of
from tests.cast import NOW, SEATS, TODAY, make_place, make_term
from villages.actions.terms import PlannedDay, set_planned_days
from villages.models import Election

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_of_december")]


def address(county):
    return reverse("ballots:plan_days", args=[county.township.code])


def plan_of(county, **options):
    return planning(county.township, today=TODAY, options=Options(**options))


def rows_of(plan):
    return {(row.election.place.name, row.election.body): row for row in plan.rows}


def second(county):
    return Election.objects.current().get(place=county.second_village)


def line(election, day="2026-12-28", team="", before="", use="on"):
    return {
        f"{election.pk}-use": use,
        f"{election.pk}-election_day": day,
        f"{election.pk}-guidance_team": str(team),
        f"{election.pk}-before": before,
    }


# Proposals ---------------------------------------------------------------------------------


def test_the_menu_leads_a_township_to_its_own_plan(client, county) -> None:
    response = log_in(client, county.township_official).get(reverse("ballots:own_days"))

    assert response["Location"] == address(county)
    assert "选举日安排" in client.get(response["Location"]).content.decode()


def test_a_village_without_a_day_is_proposed_one_that_is_lawful(county) -> None:
    """Zhejiang art. 14: from 1 December not before the 21st; three days more by default."""
    team = team_of(county)

    (row,) = plan_of(county).rows

    assert row.election == second(county)
    assert row.lawful_from == date(2026, 12, 21)
    assert (row.day, row.team) == (date(2026, 12, 24), team.pk)
    assert plan_of(county, margin=0).rows[0].day == date(2026, 12, 21)
    assert plan_of(county, wishes=Wishes(weekends_only=True)).rows[0].day == date(2026, 12, 26)


def test_why_no_day_fits_is_said(county) -> None:
    team_of(county)
    county.term.window_end = date(2026, 12, 22)
    county.term.save()
    (row,) = plan_of(county).rows
    assert row.day is None
    assert "依法最早的选举日加余量3天" in row.why_none[0]
    assert "选举窗口最后一天" in row.why_none[0]
    assert any("第十四条" in sentence for sentence in row.why_none)
    assert row.why_none[-1] == "可以减少余量天数再拟定。"

    county.term.window_end = date(2026, 12, 20)
    county.term.save()
    (row,) = plan_of(county, margin=0).rows
    assert "2026年12月21日（依法最早的选举日），已晚于2026年12月20日" in row.why_none[0]


def test_no_team_and_no_such_day_are_said(county) -> None:
    team = team_of(county)
    county.term.window_end = date(2026, 12, 24)
    county.term.save()
    hold(county, county.village, date(2026, 12, 24), team)
    (row,) = plan_of(county).rows
    assert "指导组都已排满" in row.why_none[0]

    (row,) = plan_of(county, wishes=Wishes(weekends_only=True)).rows
    assert "没有符合拟定条件的日子" in row.why_none[0]


def test_two_villages_with_one_team_one_keeps_the_day(county) -> None:
    """The village that has come further keeps the day it has announced."""
    team = team_of(county)
    hold(county, county.village, DAY, team)
    hold(county, county.second_village, DAY, team)
    mark_done(second(county), {"seats_decided": date(2026, 11, 20)}, county.township_official)

    plan = plan_of(county)

    (row,) = plan.rows
    assert row.election == county.election
    assert "同一指导组" in row.clash
    assert row.day == date(2026, 12, 24)
    assert [clash.day for clash in plan.clashes] == [DAY]

    # A second team can go: the day stays. It must be lawful, as the 21st is from 1 December.
    other = team_of(county, "第二指导组")
    hold(county, county.village, date(2026, 12, 21), team)
    hold(county, county.second_village, date(2026, 12, 21), team)
    (row,) = plan_of(county).rows
    assert (row.day, row.team) == (date(2026, 12, 21), other.pk)


def test_the_party_branch_is_planned_before_the_committee(county) -> None:
    team_of(county)
    make_term(county.county, number=13, modes=["nominated", "two_recommendations"])

    rows = rows_of(plan_of(county))

    for village in ("桃园村", "罗村村"):
        assert rows[village, "party_branch"].day < rows[village, "villagers_committee"].day
    days = [row.day for row in rows.values()]
    assert len(days) == len(set(days)) == 4


def test_a_vote_held_is_not_planned_again(county) -> None:
    mark_done(second(county), {"vote_held": TODAY}, county.township_official)
    assert plan_of(county).rows == ()


def test_forty_villages_in_five_queries(county) -> None:
    team_of(county)
    team_of(county, "第二指导组")
    few = _queries(county)
    for number in range(38):
        make_place(f"330604101{300 + number}", f"第{number}村", county.township, Kind.VILLAGE)
    make_term(
        county.county,
        number=13,
        modes=["nominated", "two_recommendations"],
        window_end=date(2027, 2, 28),
    )

    plan = plan_of(county)

    assert len([row for row in plan.rows if row.day]) == 80
    assert _queries(county) == few == 5


def _queries(county) -> int:
    with CaptureQueriesContext(connection) as asked:
        plan_of(county)
    return len(asked)


# The page ----------------------------------------------------------------------------------


def test_the_page_shows_proposals_to_be_changed(client, county) -> None:
    team = team_of(county)
    page = log_in(client, county.township_official).get(address(county))

    (shown,) = page.context["lines"]
    assert shown.form["election_day"].value() == date(2026, 12, 24)
    assert shown.form["guidance_team"].value() == team.pk
    assert shown.form["use"].value() is True
    assert "名额还没有定" in page.content.decode()


def test_options_are_asked_by_address(client, county) -> None:
    log_in(client, county.township_official)
    page = client.get(address(county), {"margin": "0", "avoid": "2026-12-21，2026-12-22"})
    assert page.context["lines"][0].form["election_day"].value() == date(2026, 12, 23)

    for bad in ({"margin": "-1"}, {"margin": "很多"}, {"margin": "3", "avoid": "圣诞节"}):
        page = client.get(address(county), bad)
        assert page.status_code == 200
        assert page.context["options"].errors
        assert page.context["lines"] == []


def test_chosen_days_are_set_and_seats_and_mode_stay(client, county) -> None:
    team = team_of(county)
    election = second(county)

    response = log_in(client, county.township_official).post(address(county), line(election, team=team.pk))

    assert response.status_code == 302
    election.refresh_from_db()
    assert (election.election_day, election.guidance_team) == (date(2026, 12, 28), team)
    assert not election.seats.exists()
    assert step_of(election, "voter_list_published").latest == date(2026, 12, 8)
    entry = Entry.objects.latest("pk")
    assert (entry.verb, entry.after["election_day"]) == ("villages.set_election_day", "2026-12-28")
    assert "已定1个选举日" in client.get(response["Location"]).content.decode()


def test_a_moved_day_keeps_its_seats(client, county) -> None:
    log_in(client, county.township_official).post(address(county), line(county.election, before="2026-12-20"))

    county.election.refresh_from_db()
    assert county.election.election_day == date(2026, 12, 28)
    assert dict(county.election.seats.values_list("post", "seats")) == SEATS


def test_villages_left_with_overdue_steps_are_named(client, county) -> None:
    response = log_in(client, county.township_official).post(
        address(county), line(second(county), day="2026-12-05"), follow=True
    )

    assert "有步骤已经逾期：罗村村" in response.content.decode()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"day": "2026-02-30"}, "有效的日期"),
        ({"day": ""}, "请填写选举日，或者不要勾选这一行"),
        ({"day": "2027-03-01"}, "选举日须在本届选举窗口"),
        ({"team": "99"}, "没有这个选项"),
        ({"before": "2026-12-11"}, "选举日刚刚被改过，现为未定"),
        ({"before": "昨天"}, "有效的日期"),
        ({"use": ""}, "没有勾选任何选举"),
    ],
)
def test_what_is_wrong_stands_in_its_line_and_nothing_is_set(client, county, changes, sentence) -> None:
    entries = Entry.objects.count()
    response = log_in(client, county.township_official).post(
        address(county),
        line(county.election, before="2026-12-20", use="" if "use" in changes else "on")
        | line(second(county), **changes),
    )

    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert second(county).election_day is None
    assert Election.objects.get(pk=county.election.pk).election_day == DAY
    assert Entry.objects.count() == entries
    typed = {one.election.pk: one.form["election_day"].value() for one in response.context["lines"]}
    assert typed[second(county).pk] == changes.get("day", "2026-12-28")


def test_one_team_in_two_lines_is_refused_in_the_second(client, county) -> None:
    team = team_of(county)

    response = log_in(client, county.township_official).post(
        address(county),
        line(county.election, before="2026-12-20", team=team.pk) | line(second(county), team=team.pk),
    )

    assert "第一指导组在2026年12月28日已安排到桃园村" in response.content.decode()
    assert Election.objects.get(pk=county.election.pk).election_day == DAY


def test_a_day_voted_on_stays_and_holds_back_the_rest(county) -> None:
    """All or nothing: what cannot be set for one village is set for none."""
    mark_done(county.election, {"vote_held": TODAY}, county.township_official)
    days = [
        PlannedDay(
            election_id=one.pk, before=one.election_day, election_day=date(2026, 12, 28), guidance_team=None
        )
        for one in (second(county), county.election)
    ]

    with pytest.raises(ValidationError) as refused:
        set_planned_days(township=county.township, days=days, actor=county.township_official, at=NOW)

    assert list(refused.value.message_dict) == [str(county.election.pk)]
    assert second(county).election_day is None


def test_both_bodies_move_together_where_one_alone_would_be_out_of_order(county) -> None:
    """Both put off by a week: neither has to wait for the other to be saved first."""
    make_term(county.county, number=13, modes=["nominated", "two_recommendations"])
    found = {one.body: one for one in Election.objects.current().filter(place=county.village)}
    party, committee = found["party_branch"], found["villagers_committee"]

    def move(party_day, committee_day):
        party.refresh_from_db()
        committee.refresh_from_db()
        set_planned_days(
            township=county.township,
            days=[
                PlannedDay(
                    election_id=one.pk,
                    before=one.election_day,
                    election_day=date(2026, 12, day),
                    guidance_team=None,
                )
                for one, day in ((committee, committee_day), (party, party_day))
            ],
            actor=county.township_official,
            at=NOW,
        )

    move(10, 12)
    move(17, 19)
    party.refresh_from_db()
    assert party.election_day == date(2026, 12, 17)
    with pytest.raises(ValidationError):
        move(20, 20)


def test_only_the_township_sets_and_the_county_reads(client, county, neighbour) -> None:
    election = second(county)
    page = log_in(client, county.county_reviewer).get(address(county))
    assert page.status_code == 200
    assert "采用勾选的日子" not in page.content.decode()
    assert client.post(address(county), line(election)).status_code == 403
    for who in ("committee_member", "court", "administrator"):
        assert log_in(client, getattr(county, who)).get(address(county)).status_code == 403
    for outsider in (county.other_township_official, neighbour.township_official):
        assert log_in(client, outsider).get(address(county)).status_code == 404
        assert client.post(address(county), line(election)).status_code == 404
        with pytest.raises(PermissionDenied):
            set_planned_days(township=county.township, days=[], actor=outsider, at=NOW)
    assert client.get("/elections/days/330604101201/").status_code == 404
    assert second(county).election_day is None


def test_another_townships_election_is_not_set_from_here(county) -> None:
    foreign = Election.objects.current().get(place=county.other_village)
    days = [
        PlannedDay(
            election_id=foreign.pk,
            before=None,
            election_day=DAY + timedelta(days=8),
            guidance_team=None,
        )
    ]
    with pytest.raises(ValidationError, match="没有找到"):
        set_planned_days(township=county.township, days=days, actor=county.township_official, at=NOW)
