"""What falls due: nobody hears of a deadline on the day after it."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from ballots.deadlines import bucket_of, due_steps
from ballots.models import Step
from ballots.models.steps import BUCKETS
from tests.ballots.office import log_in, mark_done, rate, step_of
from tests.cast import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_of_december")]
LIST = reverse("ballots:deadlines")


def due_on(county, code: str, day: date) -> Step:
    county.election.steps.filter(code=code).update(latest=day)
    return step_of(county.election, code)


@pytest.fixture
def quiet(county, neighbour):
    """Nothing is due anywhere but what a test puts there."""
    Step.objects.update(latest=None)
    return county


@pytest.mark.parametrize(
    ("left", "bucket"),
    [
        (-40, "overdue"),
        (-1, "overdue"),
        (0, "one"),
        (1, "one"),
        (2, "three"),
        (3, "three"),
        (4, "seven"),
        (7, "seven"),
    ],
)
def test_the_buckets_hold_each_day_once(quiet, left, bucket) -> None:
    """A step counted twice, or not at all, makes the morning's numbers worthless."""
    step = due_on(quiet, "seats_decided", TODAY + timedelta(days=left))

    counted = due_steps(quiet.township_official, on=TODAY).count_buckets(on=TODAY)

    assert counted == {name: int(name == bucket) for name in BUCKETS}
    assert step.latest is not None
    assert bucket_of(step.latest, on=TODAY) == bucket


def test_eight_days_ahead_is_no_news_yet(quiet) -> None:
    due_on(quiet, "seats_decided", TODAY + timedelta(days=8))
    assert not due_steps(quiet.township_official, on=TODAY).exists()


def test_what_is_done_or_not_needed_or_over_is_not_due(quiet) -> None:
    """A list that nags about what is done is a list nobody reads."""
    due_on(quiet, "seats_decided", TODAY)
    due_on(quiet, "roving_boxes_approved", TODAY)  # only where it is needed
    mark_done(quiet.election, {"seats_decided": TODAY}, quiet.township_official)
    assert not due_steps(quiet.township_official, on=TODAY).exists()

    due_on(quiet, "staff_trained", TODAY)
    assert due_steps(quiet.township_official, on=TODAY).count() == 1
    quiet.term.current = False
    quiet.term.save()
    assert not due_steps(quiet.township_official, on=TODAY).exists()


def test_each_sees_their_own_villages(client, quiet, neighbour) -> None:
    due_on(quiet, "staff_trained", TODAY)
    due_on(neighbour, "staff_trained", TODAY)
    for user in (quiet.township_official, quiet.committee_member, quiet.county_reviewer):
        rows = log_in(client, user).get(LIST).context["table"].page.object_list
        assert [row.record.place for row in rows] == [quiet.village]
    assert not due_steps(quiet.other_township_official, on=TODAY).exists()
    assert log_in(client, quiet.administrator).get(LIST).status_code == 403
    # What a department has to do by a day stands in its inbox.
    assert log_in(client, quiet.court).get(LIST).headers["Location"] == reverse("candidates:inbox")


def test_no_list_tells_a_committee_that_its_village_needs_a_plan(client, quiet) -> None:
    """Which villages are key or difficult is not for their committees."""
    rate(quiet, "difficult")
    quiet.election.steps.filter(code="plan_approved").update(latest=TODAY, if_needed=False)
    for address in (LIST, reverse("ballots:calendar")):
        page = log_in(client, quiet.committee_member).get(address).content.decode()
        assert "预案" not in page


def test_the_page_names_village_step_and_day(client, quiet) -> None:
    due_on(quiet, "voter_list_published", TODAY - timedelta(days=1))
    due_on(quiet, "final_list_published", TODAY + timedelta(days=3))

    page = log_in(client, quiet.township_official).get(LIST).content.decode()

    assert page.index("公布选民名单") < page.index("公布正式候选人")
    assert "已逾期1天" in page
    assert "还有3天" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?bucket=overdue", 1),
        ("?bucket=three", 1),
        ("?bucket=seven", 0),
        ("?stage=nominate", 1),
        ("?body=party_branch", 0),
        (f"?day={TODAY + timedelta(days=3)}", 1),
        ("?q=桃园", 2),
        ("?q=没有", 0),
    ],
)
def test_filters(client, quiet, query, found) -> None:
    due_on(quiet, "voter_list_published", TODAY - timedelta(days=1))
    due_on(quiet, "final_list_published", TODAY + timedelta(days=3))
    table = log_in(client, quiet.township_official).get(LIST + query).context["table"]
    assert len(table.page.object_list) == found


def test_the_county_sees_its_townships_side_by_side(client, quiet) -> None:
    due_on(quiet, "voter_list_published", TODAY - timedelta(days=1))

    context = log_in(client, quiet.county_reviewer).get(LIST).context

    assert [row.township for row in context["townships"]] == [quiet.township]
    assert [tally.number for tally in context["townships"][0].tallies] == [1, 0, 0, 0]
    behind = client.get(context["townships"][0].tallies[0].url).context["table"]
    assert len(behind.page.object_list) == 1
    assert client.get(context["townships"][0].tallies[0].url).context["townships"] == []


@pytest.mark.parametrize("who", ["township_official", "county_reviewer"])
def test_the_home_page_says_it_first(client, quiet, who) -> None:
    """A deadline that only a list knows is a deadline missed."""
    due_on(quiet, "voter_list_published", TODAY - timedelta(days=1))
    page = log_in(client, getattr(quiet, who)).get("/", follow=True)
    assert "步已逾期" in page.content.decode()
    assert f"{LIST}?bucket=overdue" in page.content.decode()


def test_excel_holds_what_the_page_shows(client, quiet) -> None:
    due_on(quiet, "voter_list_published", TODAY - timedelta(days=1))
    response: Any = log_in(client, quiet.township_official).get(LIST + "?export=xlsx")
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(response.streaming_content)))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[1][0] == quiet.village.name
    assert "公布选民名单" in rows[1]


def test_queries_do_not_grow_with_the_villages(client, quiet) -> None:
    log_in(client, quiet.county_reviewer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(LIST)
        return len(captured)

    due_on(quiet, "voter_list_published", TODAY)
    few = queries()
    Step.objects.filter(code__in=("voter_list_published", "staff_trained")).update(latest=TODAY)
    assert queries() == few


def test_the_most_urgent_come_first(client, quiet) -> None:
    """Whoever reads only the first lines must have read the worst."""
    due_on(quiet, "seats_decided", TODAY + timedelta(days=5))
    due_on(quiet, "result_filed", TODAY - timedelta(days=2))
    due_on(quiet, "voter_list_published", TODAY)
    rows = log_in(client, quiet.township_official).get(LIST).context["table"].page.object_list
    assert [row.record.code for row in rows] == ["result_filed", "voter_list_published", "seats_decided"]


def test_what_a_void_election_left_open_is_not_due_any_more(quiet) -> None:
    """The new election has its own steps; nagging about the void one's would never end."""
    due_on(quiet, "result_filed", TODAY - timedelta(days=2))
    assert due_steps(quiet.township_official, on=TODAY).count() == 1
    quiet.election.__class__.objects.create(
        place=quiet.village,
        term=quiet.term,
        occasion="new",
        follows=quiet.election,
        occasion_day=TODAY - timedelta(days=3),
    )
    assert not due_steps(quiet.township_official, on=TODAY).exists()
