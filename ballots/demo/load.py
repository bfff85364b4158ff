"""Loading the demo county, once."""

from collections import Counter
from datetime import date, datetime, timedelta

from django.db import transaction

from ballots.demo.accounts import open_demo_accounts
from ballots.demo.county import COUNTY_CODE, FILE
from ballots.demo.days import PROCEDURE
from ballots.demo.desk import Desk
from ballots.demo.party import SOONEST
from ballots.demo.plots import FIRST_DAY, LAST_DAY
from ballots.demo.reviews import review
from ballots.demo.story import tell_all
from ballots.demo.surveys import MODEL
from ballots.demo.write_bodies import write_bodies
from ballots.demo.write_candidates import write_candidates
from ballots.demo.write_elections import write_elections
from ballots.demo.write_records import write_records
from ballots.demo.write_reviews import write_reviews
from ballots.demo.write_showcase import write_showcase
from election_admin.journal.record import append
from election_admin.places.demo import forget_demo_mark
from election_admin.places.models import DemoMark, Place
from villages.actions.places import import_places
from villages.actions.terms import open_term

TERM_NUMBER = 12
ELIGIBILITY = "five-situations-2013"
MODES = ("nominated", "self_nominated", "two_recommendations", "open_recommendation")
NOTICES = "city-2026-revised"


class PlacesAreThere(Exception):
    """The database holds the places of a real office: no invented people come among them."""


def load_demo(*, today: date, at: datetime) -> dict[str, int] | None:
    """Load the demo county as of today, and return how many villages stand at each stage.

    Returns None where it is loaded already. Raises PlacesAreThere in a real office's database.
    """
    with transaction.atomic():
        if DemoMark.objects.exists():
            return None
        if Place.objects.exists():
            raise PlacesAreThere
        stages = _load(today, at)
        DemoMark.objects.create(loaded_at=at)
    forget_demo_mark()
    return stages


def _load(today: date, at: datetime) -> dict[str, int]:
    with FILE.open("rb") as file:
        import_places(file=file, actor=None, at=at)
    county = Place.objects.get(code=COUNTY_CODE)
    users = open_demo_accounts()
    term = open_term(
        county=county,
        number=TERM_NUMBER,
        # The Party branches elect some weeks before the first village.
        window_start=today + timedelta(days=FIRST_DAY - SOONEST),
        window_end=today + timedelta(days=LAST_DAY),
        procedure=PROCEDURE,
        eligibility_list=ELIGIBILITY,
        risk_model=MODEL,
        modes=MODES,
        notice_set=NOTICES,
        actor=None,
        at=at,
    )
    stories = tell_all(today=today)
    batches = review(stories, today=today)
    desk = Desk.of(term, users.values(), at)
    write_records(desk, stories)
    write_elections(desk, stories)
    written = write_candidates(desk, stories)
    write_reviews(desk, batches, written)
    write_bodies(desk, stories)
    write_showcase(desk, stories, today=today)
    stages = Counter(str(election.stage) for election in desk.elections.values())
    # One entry for all of it: invented acts have no history of their own.
    append(
        verb="places.load_demo",
        row=county,
        actor=None,
        place=county,
        at=at,
        after={
            "today": today,
            "villages": len(stories),
            "accounts": len(users),
            "candidates": sum(len(story.candidates) for story in stories),
            "stages": dict(stages),
        },
    )
    return dict(stages)
