"""What the office does by itself each morning."""

from celery import shared_task
from django.utils import timezone

from ballots.digest import send_digests
from villages.actions.editions import follow_editions


@shared_task(name="ballots.morning")
def morning() -> None:
    """Bring editions into force whose day has come, and send the letters of the day.

    It runs every hour of the morning: what one run could not finish the next one does, and
    what is done is not done again.
    """
    now = timezone.now()
    today = timezone.localdate(now)
    follow_editions(on=today, at=now)
    send_digests(on=today, at=now)
