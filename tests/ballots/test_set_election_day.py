"""Setting the election day and what moves with it."""

from datetime import date

import pytest
from django.urls import reverse

from tests.ballots.office import UP_TO_THE_LIST, end_term, log_in, mark_done, record, step_of
from tests.cast import SEATS
from villages.models import Election

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
