"""Calendar addresses: made, made anew, given up."""

import secrets
from datetime import datetime

from django.db import transaction

from ballots.models import CalendarFeed
from election_admin.accounts.models import User
from election_admin.encryption import keyed_hash
from election_admin.journal.record import append, snapshot, take_turn


@transaction.atomic
def make_feed(*, user: User, at: datetime) -> CalendarFeed:
    """Give a user a calendar address; an earlier one stops working. The journal never holds it."""
    place = user.held_memberships[0].place
    take_turn(place)
    token = secrets.token_urlsafe(32)
    feed, made = CalendarFeed.objects.update_or_create(
        user=user, defaults={"token": token, "token_hash": keyed_hash(token), "made_at": at}
    )
    append(
        verb="ballots.make_feed",
        row=feed,
        actor=user,
        place=place,
        at=at,
        after={"anew": not made},
    )
    return feed


@transaction.atomic
def drop_feed(*, user: User, at: datetime) -> None:
    """Take a user's calendar address away; nothing happens where there is none."""
    place = user.held_memberships[0].place
    take_turn(place)
    feed = CalendarFeed.objects.filter(user=user).first()
    if feed is None:
        return
    before = snapshot(feed, CalendarFeed.recorded_fields)
    append(verb="ballots.drop_feed", row=feed, actor=user, place=place, at=at, before=before)
    feed.delete()
