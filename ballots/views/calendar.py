"""The calendar: a month of the user's villages, and the address to subscribe to."""

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ballots.actions import feeds as actions
from ballots.deadlines import WARNED
from ballots.feed import feed as written
from ballots.models import CalendarFeed
from ballots.month import month_of, month_words, weekday_names
from election_admin.accounts.access import allow, allow_anybody
from election_admin.accounts.signed_in import signed_in
from election_admin.encryption import keyed_hash
from election_admin.forms import EARLIEST_DATE, LATEST_DATE


@allow(*WARNED)
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """A month: who votes when, and what is due when."""
    user, today = signed_in(request), timezone.localdate()
    first = _month(request.GET.get("month", ""), today)
    month = month_of(user, first, today=today)
    feed = CalendarFeed.objects.filter(user=user).first()
    return render(
        request,
        "ballots/calendar.html",
        {
            "month": month,
            "words": month_words(first),
            "weekdays": weekday_names(),
            "today": today,
            "place": user.held_memberships[0].place,
            "feed_address": _address(request, feed) if feed else "",
        },
    )


def _address(request: HttpRequest, feed: CalendarFeed) -> str:
    return request.build_absolute_uri(reverse("ballots:feed", args=[feed.token]))


def _month(asked: str, today: date) -> date:
    """The first day of the month asked for, as in 2026-12; this month where that is none."""
    try:
        first = date.fromisoformat(f"{asked}-01")
    except ValueError:
        return today.replace(day=1)
    # A month off the bounds, so that the links beside it stay within them.
    inside = EARLIEST_DATE < first < LATEST_DATE.replace(day=1)
    return first if inside else today.replace(day=1)


@allow(*WARNED)
@require_POST
def make_feed(request: HttpRequest) -> HttpResponse:
    """Make the calendar address, or make it anew."""
    actions.make_feed(user=signed_in(request), at=timezone.now())
    messages.success(request, _("日历订阅地址已生成，以前的地址（如果有）不再有效。"))
    return redirect("ballots:calendar")


@allow(*WARNED)
@require_POST
def drop_feed(request: HttpRequest) -> HttpResponse:
    """Give the calendar address up."""
    actions.drop_feed(user=signed_in(request), at=timezone.now())
    messages.success(request, _("日历订阅地址已停用。"))
    return redirect("ballots:calendar")


@allow_anybody
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of whoever the address was made for; a calendar program cannot log in."""
    held = CalendarFeed.objects.select_related("user").filter(token_hash=keyed_hash(token)).first()
    if held is None or not held.user.is_active or not any(held.user.holds(role) for role in WARNED):
        raise Http404(_("没有找到。"))
    now = timezone.now()
    # A telephone asks in the language of its maker; the villages' names are Chinese anyway.
    with translation.override("zh-hans"):
        content = written(
            held.user, today=timezone.localdate(now), at=now, address=request.build_absolute_uri("/")
        )
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, max-age=3600"
    response["X-Robots-Tag"] = "noindex"
    return response
