"""The calendar on screen and on the telephone."""

from datetime import date, timedelta
from typing import Any

import icalendar
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.models import CalendarFeed
from ballots.month import month_of
from election_admin.journal.models import Entry
from tests.ballots.office import log_in, mark_done
from tests.cast import ELECTION_DAY, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_of_december")]
PAGE = reverse("ballots:calendar")


def lines_of(user, day: date) -> list[str]:
    month = month_of(user, day.replace(day=1), today=TODAY)
    return [line.words for week in month.weeks for one in week if one.day == day for line in one.lines]


def test_a_month_shows_the_vote_and_what_is_due(county) -> None:
    """A township that reads its month wrongly sends its people to the wrong village."""
    assert lines_of(county.township_official, ELECTION_DAY)[0] == f"村民委员会投票：{county.village.name}"
    (list_due,) = lines_of(county.township_official, date(2026, 11, 30))
    assert list_due == f"公布选民名单：{county.village.name}"


def test_villages_that_share_a_day_share_a_line(county) -> None:
    for election in county.term.elections.of_committee():
        election.election_day = ELECTION_DAY
        election.save()
    (line,) = [one for one in lines_of(county.county_reviewer, ELECTION_DAY) if "投票" in one]
    assert "3个村" in line


def test_what_is_done_leaves_the_month(county) -> None:
    mark_done(county.election, {"voter_list_published": date(2026, 11, 29)}, county.township_official)
    assert lines_of(county.township_official, date(2026, 11, 30)) == []


def test_others_villages_are_not_in_it(county, neighbour) -> None:
    assert lines_of(county.other_township_official, ELECTION_DAY) == []
    words = lines_of(neighbour.township_official, ELECTION_DAY)
    # Both counties of the cast have a village of this name: each month holds its own only.
    assert words[0] == f"村民委员会投票：{neighbour.village.name}"


@pytest.mark.parametrize(
    "asked", ["2027-02", "2028-02", "2026-12", "", "decem", "0000-01", "9999-12", "2026-13"]
)
def test_any_month_or_none_is_a_page(client, county, asked) -> None:
    """What somebody types into the address never ends in an error."""
    response = log_in(client, county.township_official).get(f"{PAGE}?month={asked}")
    assert response.status_code == 200
    weeks = response.context["month"].weeks
    assert all(len(week) == 7 for week in weeks)
    assert all(week[0].day.weekday() == 0 for week in weeks)


def test_queries_do_not_grow_with_the_villages(client, county) -> None:
    log_in(client, county.county_reviewer)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(f"{PAGE}?month=2026-12")
        return len(captured)

    few = queries()
    county.term.elections.update(election_day=ELECTION_DAY)
    assert queries() == few


def subscribe(client, user) -> str:
    log_in(client, user).post(reverse("ballots:make_feed"))
    return reverse("ballots:feed", args=[CalendarFeed.objects.get(user=user).token])


def events(client, address: str) -> dict[str, Any]:
    client.logout()
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/calendar")
    book = icalendar.Calendar.from_ical(response.content)
    return {str(event["summary"]): event for event in book.walk("VEVENT")}


def test_the_feed_is_a_calendar_anybody_can_read(client, county) -> None:
    """A telephone cannot log in: the address alone opens it."""
    found = events(client, subscribe(client, county.township_official))

    vote = found[f"村民委员会投票：{county.village.name}"]
    assert vote["dtstart"].dt == ELECTION_DAY
    assert vote["dtend"].dt == ELECTION_DAY + timedelta(days=1)
    assert str(vote["url"]).endswith(reverse("ballots:procedure", args=[county.election.pk]))
    due = found[f"最迟办理：公布选民名单：{county.village.name}"]
    assert due["dtstart"].dt == date(2026, 11, 30)
    assert len({str(event["uid"]) for event in found.values()}) == len(found)


def test_a_moved_day_moves_in_the_feed(client, county) -> None:
    address = subscribe(client, county.township_official)
    county.election.election_day = ELECTION_DAY + timedelta(days=3)
    county.election.save()
    assert events(client, address)[f"村民委员会投票：{county.village.name}"]["dtstart"].dt == date(
        2026, 12, 23
    )


def test_each_feed_holds_its_users_villages_only(client, county, neighbour) -> None:
    found = events(client, subscribe(client, county.other_township_official))
    assert not [summary for summary in found if county.village.name in summary]


def test_a_new_address_ends_the_old_one(client, county) -> None:
    """Who forwarded the address by mistake must be able to take it back."""
    old = subscribe(client, county.township_official)
    new = subscribe(client, county.township_official)
    assert old != new
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200

    log_in(client, county.township_official).post(reverse("ballots:drop_feed"))
    assert client.get(new).status_code == 404


def test_a_closed_account_has_no_feed(client, county) -> None:
    address = subscribe(client, county.township_official)
    county.township_official.is_active = False
    county.township_official.save()
    assert client.get(address).status_code == 404


def test_the_address_is_a_secret_at_rest(client, county) -> None:
    """Neither the database file nor the journal may hold what opens somebody's calendar."""
    subscribe(client, county.township_official)
    feed = CalendarFeed.objects.get(user=county.township_official)
    with connection.cursor() as cursor:
        cursor.execute("SELECT token, token_hash FROM ballots_calendarfeed")
        row = cursor.fetchone()
    assert feed.token not in str(row)
    assert not [entry for entry in Entry.objects.all() if feed.token in f"{entry.before}{entry.after}"]
