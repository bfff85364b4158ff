"""A user's days as an iCalendar feed (RFC 5545), for the calendar on their telephone."""

import hashlib
from datetime import date, datetime, timedelta

import icalendar
from django.utils.translation import gettext as _

from ballots.deadlines import WARNED
from ballots.month import DayLine, day_lines
from election_admin.accounts.access import reach_of
from election_admin.accounts.models import User
from election_admin.sentences import listed
from villages.models import Election

# A feed reaches back this far and this far ahead.
BEHIND = timedelta(days=30)
AHEAD = timedelta(days=400)
# More elections than one township has: then the votes alone, or a telephone chokes on it.
MANY_ELECTIONS = 150
REMINDED_BEFORE = timedelta(hours=-15)  # nine in the morning of the day before


def feed(user: User, *, today: date, at: datetime, address: str) -> bytes:
    """Return the feed; ``address`` is the office's own, to which each entry leads."""
    book = icalendar.Calendar()
    book.add("prodid", "-//election-office//calendar//ZH")
    book.add("version", "2.0")
    book.add("x-wr-calname", _("村级换届选举日程"))
    book.add("refresh-interval;value=duration", "PT1H")
    many = Election.objects.visible_to(reach_of(user, *WARNED)).current().count() > MANY_ELECTIONS
    for line in day_lines(user, today - BEHIND, today + AHEAD, today=today, votes_only=many):
        book.add_component(_event(line, at, address))
    content: bytes = book.to_ical()
    return content


def _event(line: DayLine, at: datetime, address: str) -> icalendar.Event:
    event = icalendar.Event()
    summary = line.words if line.vote else _("最迟办理：%s") % line.words
    # The same thing keeps its name from one reading to the next, so that calendars replace it.
    name = f"{line.day}|{line.kind}|{line.title}|{line.elections}"
    event.add("uid", f"{hashlib.sha256(name.encode()).hexdigest()[:32]}@election-office")
    event.add("dtstamp", at)
    event.add("dtstart", line.day)
    event.add("dtend", line.day + timedelta(days=1))
    event.add("summary", summary)
    event.add("description", _("涉及的村：%s") % listed(line.villages))
    event.add("transp", "TRANSPARENT")
    if line.url:
        event.add("url", address.rstrip("/") + line.url)
    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", REMINDED_BEFORE)
    event.add_component(alarm)
    return event
