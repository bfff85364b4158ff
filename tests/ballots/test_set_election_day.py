"""Setting the election day and what moves with it."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from election_admin.journal.models import Entry
from tests.addresses import make_recall
from tests.ballots.office import UP_TO_THE_LIST, end_term, log_in, mark_done, record, step_of
from tests.cast import NOW, SEATS, make_term
from villages.actions.teams import add_team
from villages.actions.terms import PlannedDay, set_election_day, set_planned_days
from villages.models import Election, GuidanceTeam

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_of_december")]
VALUES = {
    "election_day": "2026-12-20",
    "mode": "nominated",
    "seats_chair": "1",
    "seats_vice_chair": "1",
    "seats_women": "1",
    "seats_member": "2",
}


def address(election: Election) -> str:
    return reverse("ballots:set_election_day", args=[election.pk])


def send(client, county, **changes):
    return log_in(client, county.township_official).post(address(county.election), VALUES | changes)


def test_the_form_holds_what_is_set(client, county) -> None:
    form = log_in(client, county.township_official).get(address(county.election)).context["form"]

    assert form["election_day"].value() == county.election.election_day
    assert {post: form[f"seats_{post}"].value() for post in SEATS} == SEATS


def test_a_first_day(client, county) -> None:
    election = Election.objects.get(place=county.second_village)
    log_in(client, county.township_official)
    assert client.get(address(election)).context["form"]["seats_member"].value() is None

    response = client.post(address(election), VALUES)

    assert response.url == reverse("ballots:procedure", args=[election.pk])
    assert step_of(election, "voter_list_published").latest == date(2026, 11, 30)


def test_a_moved_day_moves_the_dates_and_loses_nothing(client, county) -> None:
    record(county.election, county.committee_member, UP_TO_THE_LIST)

    response = send(client, county, election_day="2026-12-12")

    recorded = dict(county.election.steps.exclude(done_on=None).values_list("code", "done_on"))
    assert recorded == UP_TO_THE_LIST
    assert step_of(county.election, "voter_list_published").latest == date(2026, 11, 22)
    page = client.get(response.url).content.decode()
    assert "已登记的日期有不合规定的" in page
    assert "迟于最迟日期2026年11月22日" in page


def test_an_early_day_says_which_steps_it_makes_overdue(client, county) -> None:
    response = send(client, county, election_day="2026-12-03")

    page = client.get(response.url).content.decode()
    assert "按这一天计算，有" in page
    assert "“公布选民名单”" in page


def test_a_mode_given_up_keeps_what_was_done_in_it(client, county) -> None:
    send(client, county, mode="self_nominated")
    mark_done(county.election, {"self_nomination_closed": date(2026, 11, 30)}, county.township_official)

    response = send(client, county, mode="nominated")

    assert response.status_code == 302
    assert step_of(county.election, "self_nomination_closed").done_on == date(2026, 11, 30)
    assert client.get(response.url).status_code == 200


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"election_day": "2027-02-01"}, "election_day", "选举窗口"),
        ({"election_day": "2026-02-30"}, "election_day", "有效的日期"),
        ({"election_day": ""}, "election_day", "必填"),
        ({"mode": "lottery"}, "mode", "不允许这种方式"),
        ({"seats_member": "7"}, "seats_member", "共3至7人组成（组织法第6条）"),
        ({"seats_chair": "2"}, "seats_chair", "主任名额应为1人"),
        ({"seats_women": "-1"}, "seats_women", "大于或等于0"),
        ({"seats_women": "两个"}, "seats_women", "整数"),
        ({"seats_member": "9" * 5000}, "seats_member", ""),
    ],
)
def test_bad_input_is_answered_beside_the_field(client, county, changes, field, sentence) -> None:
    response = send(client, county, **changes)

    assert response.status_code == 200
    errors = " ".join(response.context["form"].errors[field])
    assert sentence in errors
    if field != "mode":  # a list shows only what it offers
        assert next(iter(changes.values())) in response.content.decode()
    assert Election.objects.get(pk=county.election.pk).election_day == date(2026, 12, 20)


def test_a_law_that_knows_one_mode_offers_one(client, county) -> None:
    county.term.modes = ["nominated"]
    county.term.save()

    form = log_in(client, county.township_official).get(address(county.election)).context["form"]

    assert [value for value, _ in form.fields["mode"].choices] == ["nominated"]


@pytest.mark.parametrize("who", ["committee_member", "county_reviewer", "court", "administrator"])
def test_only_the_township_sets_it(client, county, who) -> None:
    log_in(client, getattr(county, who))

    assert client.get(address(county.election)).status_code == 403
    assert client.post(address(county.election), VALUES).status_code == 403


def test_outsiders_strangers_and_bad_ids(client, county, neighbour) -> None:
    assert client.get(address(county.election)).status_code == 302
    for outsider in (county.other_township_official, neighbour.township_official):
        assert log_in(client, outsider).get(address(county.election)).status_code == 404
    assert client.get("/elections/987654321/day/").status_code == 404
    assert client.delete(address(county.election)).status_code == 405


@pytest.mark.parametrize(
    "changes", [{"election_day": "2026-12-21"}, {"mode": "self_nominated"}, {"seats_member": "3"}, {}]
)
def test_after_the_vote_nothing_is_changed(client, county, changes) -> None:
    mark_done(county.election, {"vote_held": date(2026, 12, 20)}, county.committee_member)

    response = send(client, county, **changes)

    assert response.status_code == 200
    errors = " ".join(response.context["form"].errors["election_day"])
    assert "“投票”已登记为2026年12月20日办理" in errors
    assert "请先撤销“投票”" in errors
    election = Election.objects.get(pk=county.election.pk)
    assert (election.election_day, election.mode) == (date(2026, 12, 20), "nominated")
    assert dict(election.seats.values_list("post", "seats")) == SEATS


def test_a_vote_taken_back_lets_the_day_move(client, county) -> None:
    mark_done(county.election, {"vote_held": date(2026, 12, 20)}, county.committee_member)
    county.election.steps.filter(code="vote_held").update(done_on=None)

    assert send(client, county, election_day="2026-12-21").status_code == 302


@pytest.mark.parametrize("how", ["get", "post"])
def test_the_day_of_a_past_term_stays(client, county, how) -> None:
    end_term(county)
    log_in(client, county.township_official)

    response = getattr(client, how)(address(county.election), VALUES, follow=True)

    assert "这是往届的选举，只能查看，不能再改。" in response.content.decode()
    assert response.context["election"].election_day == date(2026, 12, 20)


# How soon, and what a day brings -----------------------------------------------------------


def preview(client, county, election=None, htmx=True, **values):
    election = election or county.election
    log_in(client, county.township_official)
    return client.get(
        reverse("ballots:preview_election_day", args=[election.pk]),
        {"election_day": "2026-12-20", "mode": "nominated", **values},
        headers={"HX-Request": "true"} if htmx else {},
    )


def shown(response):
    return response.content.decode()


def make_team(county, name="第一指导组"):
    return add_team(
        township=county.township,
        values={"name": name, "leader": "何永根", "members": ""},
        actor=county.township_official,
        at=NOW,
    )


def test_the_page_says_how_soon_and_why(client, county) -> None:
    """Zhejiang art. 14: whoever begins today has the vote on 21 December at the earliest."""
    log_in(client, county.township_official)
    page = shown(client.get(address(county.election)))

    assert "从今天起，依法最早的选举日：2026年12月21日" in page
    assert "“公布选民名单”还没有办，最早今天（2026年12月1日）办理。" in page
    assert "选举日前20日（《浙江省村民委员会选举办法》第十四条），所以选举日最早2026年12月21日" in page


def test_the_page_counts_from_the_day_the_list_was_really_published(client, county) -> None:
    record(county.election, county.township_official, UP_TO_THE_LIST)

    log_in(client, county.township_official)
    page = shown(client.get(address(county.election)))
    assert "依法最早的选举日：2026年12月20日" in page
    assert "“公布选民名单”已于2026年11月30日办理" in page


def test_a_window_that_is_over_too_soon_is_said(client, county) -> None:
    county.term.window_end = date(2026, 12, 20)
    county.term.save()
    log_in(client, county.township_official)

    page = shown(client.get(address(county.election)))
    assert "这已经晚于选举窗口的最后一天2026年12月20日" in page


def test_a_preview_says_what_becomes_late_and_saves_nothing(client, county) -> None:
    before = Entry.objects.count()

    page = shown(preview(client, county, election_day="2026-12-12"))

    assert "如果定在2026年12月12日" in page
    # Due on 30 November before, on 22 November now: late either way. Objections were due on the 5th.
    assert "仍然逾期</span> 公布选民名单" in page
    assert "最迟应在2026年11月22日办理" in page
    assert "因此逾期</span> 选民名单异议期满" in page
    assert "最迟应在2026年11月27日办理" in page
    assert "<html" not in page
    assert Election.objects.get(pk=county.election.pk).election_day == date(2026, 12, 20)
    assert Entry.objects.count() == before


def test_a_preview_says_which_records_turn_unlawful_and_which_dates_move(client, county) -> None:
    record(county.election, county.township_official, UP_TO_THE_LIST)

    page = shown(preview(client, county, election_day="2026-12-19"))

    assert "因此不合规定" in page
    assert "迟于最迟日期2026年11月29日" in page
    assert "的法定日期变动" in page
    assert "从今天起依法最早的选举日是2026年12月20日" in page


def test_a_preview_of_a_good_day_says_so(client, county) -> None:
    assert "不会使任何步骤逾期，也不与别的村冲突" in shown(preview(client, county, election_day="2026-12-24"))


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"election_day": "2027-02-01"}, "选举日须在本届选举窗口"),
        ({"election_day": "2026-02-30"}, "有效的日期"),
        ({"election_day": ""}, "看不到影响"),
        ({"mode": "lottery"}, "不允许这种方式"),
        ({"guidance_team": "999"}, "没有这个选项"),
    ],
)
def test_a_preview_of_what_cannot_be_says_why(client, county, values, sentence) -> None:
    assert sentence in shown(preview(client, county, **values))


def test_without_scripts_the_whole_page_comes_back_filled(client, county) -> None:
    values = {"election_day": "2026-12-12", "mode": "self_nominated", "seats_member": "4"}
    log_in(client, county.township_official)

    response = client.post(address(county.election), values | {"preview": "先看影响"})

    assert "如果定在2026年12月12日" in shown(response)
    form = response.context["form"]
    assert form["election_day"].value() == "2026-12-12"
    assert form["seats_member"].value() == "4"
    assert not form.errors
    assert Election.objects.get(pk=county.election.pk).election_day == date(2026, 12, 20)
    assert "如果定在2026年12月12日" in shown(preview(client, county, htmx=False, **values))


def test_a_preview_names_the_village_that_has_the_same_team(client, county) -> None:
    team = make_team(county)
    other = Election.objects.get(place=county.second_village)
    set_planned_days(
        township=county.township,
        days=[
            PlannedDay(election_id=other.pk, before=None, election_day=date(2026, 12, 24), guidance_team=team)
        ],
        actor=county.township_official,
        at=NOW,
    )

    clash = shown(preview(client, county, election_day="2026-12-24", guidance_team=str(team.pk)))
    assert "同一指导组（第一指导组）要在2个村：桃园村、罗村村" in clash
    crowded = shown(preview(client, county, election_day="2026-12-24"))
    assert "2026年12月24日有2个村投票，只有1个指导组：桃园村、罗村村" in crowded
    free = shown(preview(client, county, election_day="2026-12-25", guidance_team=str(team.pk)))
    assert "人手冲突" not in free


def test_a_preview_after_the_vote_says_that_the_day_stays(client, county) -> None:
    mark_done(county.election, {"vote_held": date(2026, 11, 30)}, county.committee_member)

    assert "投票已登记为2026年11月30日办理，选举日不能再改" in shown(preview(client, county))


def test_who_may_not_set_the_day_gets_no_preview(client, county, neighbour) -> None:
    there = reverse("ballots:preview_election_day", args=[county.election.pk])
    for who in ("committee_member", "county_reviewer", "court", "administrator"):
        assert log_in(client, getattr(county, who)).get(there).status_code == 403
    assert log_in(client, neighbour.township_official).get(there).status_code == 404
    assert log_in(client, county.township_official).post(there).status_code == 405


def test_a_past_term_has_no_preview(client, county) -> None:
    end_term(county)
    assert preview(client, county).url == reverse("ballots:procedure", args=[county.election.pk])


# The team ----------------------------------------------------------------------------------


def test_the_team_is_saved_and_journalled(client, county) -> None:
    team = make_team(county)

    send(client, county, guidance_team=str(team.pk))

    assert Election.objects.get(pk=county.election.pk).guidance_team == team
    entry = Entry.objects.filter(verb="villages.set_election_day").latest("pk")
    assert (entry.before["guidance_team"], entry.after["guidance_team"]) == (None, team.pk)


@pytest.mark.parametrize("whose", ["another township's", "retired"])
def test_a_team_that_is_not_to_be_had(client, county, neighbour, whose) -> None:
    team = make_team(neighbour if whose != "retired" else county)
    if whose == "retired":
        GuidanceTeam.objects.update(active=False)

    response = send(client, county, guidance_team=str(team.pk))

    assert response.status_code == 200
    assert response.context["form"].errors["guidance_team"]
    with pytest.raises(ValidationError) as refused:
        set_election_day(
            election=county.election,
            election_day=date(2026, 12, 20),
            mode="nominated",
            seats=SEATS,
            guidance_team=team,
            actor=county.township_official,
            at=NOW,
        )
    assert "没有这个指导组" in refused.value.message_dict["guidance_team"][0]


# Other bodies, other occasions -------------------------------------------------------------


@pytest.fixture
def both_bodies(county):
    """A new term in which the Party branch is elected too."""
    make_term(county.county, number=13, modes=["nominated", "self_nominated", "two_recommendations"])
    return county


def elections_of(county, place=None):
    found = Election.objects.current().filter(place=place or county.village)
    return {one.body: one for one in found}


PARTY_VALUES = {
    "election_day": "2026-12-10",
    "mode": "two_recommendations",
    "seats_secretary": "1",
    "seats_deputy_secretary": "1",
    "seats_member": "3",
}


def test_a_party_branch_has_its_own_posts_and_modes(client, both_bodies) -> None:
    """Regulations on the work of Party branches art. 20: three to seven, a secretary among them."""
    party = elections_of(both_bodies)["party_branch"]
    log_in(client, both_bodies.township_official)
    form = client.get(address(party)).context["form"]
    assert [name for name in form.fields if name.startswith("seats_")] == [
        "seats_secretary",
        "seats_deputy_secretary",
        "seats_member",
    ]
    assert [value for value, _ in form.fields["mode"].choices] == ["two_recommendations"]

    assert client.post(address(party), PARTY_VALUES | {"seats_member": "9"}).status_code == 200
    assert client.post(address(party), PARTY_VALUES | {"seats_secretary": "0"}).status_code == 200
    assert client.post(address(party), PARTY_VALUES).status_code == 302

    seats = dict(party.seats.values_list("post", "seats"))
    assert seats == {"secretary": 1, "deputy_secretary": 1, "member": 3}


@pytest.mark.parametrize(("day", "lawful"), [("2026-12-10", False), ("2026-12-11", True)])
def test_the_party_branch_comes_first(client, both_bodies, day, lawful) -> None:
    """How general elections are arranged: the Party branch before the villagers' committee."""
    elections = elections_of(both_bodies)
    log_in(client, both_bodies.township_official)
    client.post(address(elections["party_branch"]), PARTY_VALUES)
    committee = elections["villagers_committee"]

    seen = shown(preview(client, both_bodies, committee, election_day=day))
    assert ("村党组织应先换届" in seen) is not lawful
    response = client.post(address(committee), VALUES | {"election_day": day})
    assert response.status_code == (302 if lawful else 200)


def test_a_recall_has_a_day_and_neither_seats_nor_mode(client, county) -> None:
    recall = make_recall(county).election
    log_in(client, county.township_official)
    form = client.get(address(recall)).context["form"]
    assert list(form.fields) == ["election_day", "guidance_team"]

    assert client.post(address(recall), {"election_day": "2026-12-29"}).status_code == 302
    assert Election.objects.get(pk=recall.pk).election_day == date(2026, 12, 29)


def test_a_recall_past_its_thirty_days_has_no_lawful_day(client, county) -> None:
    """Zhejiang art. 35: a vote within 30 days of receiving the demand."""
    recall = make_recall(county).election
    assert recall.occasion_day == date(2026, 12, 1)

    late = shown(preview(client, county, recall, election_day="2027-01-05"))
    assert "太晚" in late
    assert "第三十五条" in late
    assert "2026年12月31日，已经来不及" in late
    assert "太晚" not in shown(preview(client, county, recall, election_day="2026-12-31"))


def test_a_recall_let_lie_is_still_to_be_voted_on(client, county) -> None:
    """Zhejiang art. 35: after thirty days the township sees to it within sixty more; nothing lapses."""
    recall = make_recall(county).election
    Election.objects.filter(pk=recall.pk).update(occasion_day=date(2026, 10, 20))
    log_in(client, county.township_official)

    page = client.get(address(recall)).content.decode()

    assert "没有合法的选举日" not in page
    assert "2026年11月19日，已经来不及" in page
    assert "逾期不等于可以不办" in page
    assert "最迟2027年1月18日（《浙江省村民委员会选举办法》第三十五条）" in page
    assert "不在法定期限之内" in shown(preview(client, county, recall, election_day="2026-12-12"))
    assert client.post(address(recall), {"election_day": "2026-12-12"}).status_code == 302


def test_no_vote_before_what_it_comes_from(client, county) -> None:
    recall = make_recall(county).election
    Election.objects.filter(pk=recall.pk).update(occasion_day=date(2026, 12, 5))
    log_in(client, county.township_official)

    response = client.post(address(recall), {"election_day": "2026-12-04"})

    assert "投票日不能早于2026年12月5日" in response.context["form"].errors["election_day"][0]
