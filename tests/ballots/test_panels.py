"""What the procedure puts on a village's page and on the lists of what is to be done."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.actions.occasions import open_recall
from ballots.actions.steps import date_steps, lay_out_steps
from ballots.panels import _needs
from election_admin.places.models import Place
from tests.ballots.office import UP_TO_THE_LIST, log_in, rate, record
from tests.cast import ELECTION_DAY, NOW, SEATS, TODAY
from villages.actions.terms import set_election_day
from villages.models import Election
from villages.registry import Urgency, needs_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_of_december")]


def of_procedure(needs):
    return [(need.urgency, need.text) for need in needs if "程序步骤" in need.text]


def test_overdue_steps_are_one_line(county) -> None:
    needs = _needs([county.village], date(2026, 12, 9))[county.village.pk]

    assert of_procedure(needs)[0] == (
        Urgency.OVERDUE,
        "程序步骤逾期：“公布选民名单”、“选民名单异议期满”等3步，其中最早的应在2026年11月30日办理",
    )


def test_steps_due_today_and_within_a_week(county) -> None:
    record(county.election, county.committee_member, UP_TO_THE_LIST)

    needs = _needs([county.village], date(2026, 12, 5))[county.village.pk]

    assert of_procedure(needs) == [
        (Urgency.NOW, "程序步骤今天到期：“选民名单异议期满”"),
        (Urgency.SOON, "程序步骤即将到期：“异议处理完毕并公布”，2026年12月8日到期"),
    ]


def test_one_step_overdue_is_named_with_its_last_day(county) -> None:
    record(county.election, county.committee_member, UP_TO_THE_LIST)

    needs = _needs([county.village], date(2026, 12, 6))[county.village.pk]

    assert of_procedure(needs)[0] == (
        Urgency.OVERDUE,
        "程序步骤逾期：“选民名单异议期满”，最迟应在2026年12月5日办理",
    )


def test_a_day_not_set(county) -> None:
    needs = needs_of(county.township_official, [county.second_village], on=TODAY)

    found = of_procedure(needs[county.second_village.pk])
    assert found == [(Urgency.NOW, "还没有确定选举日，程序步骤无法计算日期")]


def test_who_sees_no_procedure_is_told_nothing_of_it(county) -> None:
    assert of_procedure(needs_of(county.court, [county.village], on=TODAY)[county.village.pk]) == []


def test_queries_do_not_grow_with_villages(county) -> None:
    one, all_of_them = [county.village], list(Place.objects.villages())
    for village in all_of_them[1:]:
        set_election_day(
            election=Election.objects.get(place=village),
            election_day=ELECTION_DAY,
            mode="nominated",
            seats=SEATS,
            actor=county.township_official
            if village.parent == county.township
            else county.other_township_official,
            at=NOW,
        )
    with CaptureQueriesContext(
        connection,
    ) as few:
        _needs(one, date(2026, 12, 25))
    with CaptureQueriesContext(connection) as many:
        _needs(all_of_them, date(2026, 12, 25))
    assert len(few) == len(many) <= 3


def test_the_panel_on_the_villages_page(client, county) -> None:
    page = log_in(client, county.committee_member).get(f"/villages/{county.village.code}/").content.decode()

    assert "选举程序" in page
    assert reverse("ballots:procedure", args=[county.election.pk]) in page
    assert reverse("documents:request_document", args=["checklist_wall", county.election.pk]) in page
    assert reverse("documents:request_document", args=["checklist_table", county.election.pk]) in page
    assert "0步，共40步" in page
    assert "最迟应在2026年11月30日办理" in page


@pytest.mark.parametrize(
    ("who", "said"),
    [("township_official", True), ("county_reviewer", True), ("committee_member", False)],
)
def test_the_panel_of_a_difficult_village_without_a_plan(client, county, who, said) -> None:
    rate(county, "difficult")

    page = log_in(client, getattr(county, who)).get(f"/villages/{county.village.code}/").content.decode()

    assert ("重点村、难点村必须有批准的预案" in page) is said
    assert ("#plan_approved" in page) is said
    assert {True: "0步，共41步", False: "0步，共40步"}[said] in page


def test_the_panel_without_a_day_and_without_an_election(client, county) -> None:
    log_in(client, county.township_official)
    page = client.get(f"/villages/{county.second_village.code}/").content.decode()
    assert "未定" in page

    Election.objects.filter(place=county.second_village).delete()
    page = client.get(f"/villages/{county.second_village.code}/").content.decode()
    assert "县里还没有建立本届换届" in page


@pytest.fixture
def branch(county):
    """The Party branch's election of the first village, which has no day yet."""
    election = Election.objects.create(
        place=county.village, term=county.term, body="party_branch", mode="two_recommendations"
    )
    lay_out_steps([election])
    return election


def test_every_other_election_is_named(county, branch) -> None:
    """A sentence without a name is about the villagers' committee's general election."""
    needs = needs_of(county.township_official, [county.village], on=TODAY)[county.village.pk]

    assert "村党组织换届选举：还没有确定选举日，程序步骤无法计算日期" in [need.text for need in needs]
    Election.objects.filter(pk=branch.pk).update(election_day=TODAY)
    date_steps(branch)
    due = [need.text for need in _needs([county.village], date(2026, 12, 3))[county.village.pk]]
    assert any(text.startswith("村党组织换届选举：程序步骤逾期：") for text in due)
    assert any(text.startswith("程序步骤逾期：") for text in due)


def test_a_recall_without_a_day_names_the_last_lawful_one(county) -> None:
    """Zhejiang art. 35: within 30 days of the demand."""
    recall = open_recall(
        place=county.village,
        received_on=date(2026, 11, 25),
        values={
            "member": "罗志强",
            "post": "member",
            "grounds": "长期外出",
            "asked_by": "representatives",
            "signatures": 12,
            "out_of": 36,
        },
        actor=county.township_official,
        at=NOW,
    )

    for today, urgency in ((date(2026, 12, 25), Urgency.NOW), (date(2026, 12, 26), Urgency.OVERDUE)):
        [need] = [
            need
            for need in _needs([county.village], today)[county.village.pk]
            if need.url == reverse("ballots:procedure", args=[recall.pk])
        ]
        assert need.text == "村民委员会罢免：还没有确定投票日，最迟应在2026年12月25日投票"
        assert (need.urgency, need.due) == (urgency, date(2026, 12, 25))


def test_the_panel_lists_the_party_branch_first(client, county, branch) -> None:
    page = log_in(client, county.county_reviewer).get(f"/villages/{county.village.code}/").content.decode()

    panel = page[page.index("<h2>选举程序</h2>") :]
    first, second = (
        panel.index(f'href="{reverse("ballots:procedure", args=[one.pk])}"')
        for one in (branch, county.election)
    )
    assert first < second
    assert "两推一选" in panel
    assert reverse("ballots:elections", args=[county.village.code]) in panel


@pytest.mark.parametrize(("who", "total"), [("township_official", "0/41"), ("committee_member", "0/40")])
def test_the_list_tells_a_committee_nothing_of_ratings(client, county, branch, who, total) -> None:
    """The list counts what the timeline counts: a plan that is due only for who may know of it."""
    rate(county, "difficult")
    address = reverse("ballots:elections", args=[county.village.code])
    page = log_in(client, getattr(county, who)).get(address).content.decode()
    assert total in page
