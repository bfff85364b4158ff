"""What the tests of elections' pages do again and again."""

from datetime import date

from django.test import Client

from ballots.actions.steps import record_step
from ballots.models import Step
from election_admin.accounts.models import User
from tests.cast import NOW, County
from villages.models import Election, Rating

BACKEND = "django.contrib.auth.backends.ModelBackend"
# Enough of the procedure, on lawful days, for the voter list to be published on D-20.
UP_TO_THE_LIST = {
    "seats_decided": date(2026, 11, 5),
    "election_committee_chosen": date(2026, 11, 6),
    "registration_notice": date(2026, 11, 8),
    "registration_done": date(2026, 11, 25),
    "voter_list_published": date(2026, 11, 30),
}


def log_in(client: Client, user: User) -> Client:
    client.force_login(user, backend=BACKEND)
    return client


def step_of(election: Election, code: str) -> Step:
    return election.steps.get(code=code)


def record(election: Election, actor: User, days: dict[str, date]) -> None:
    """Record steps in the order given."""
    for code, day in days.items():
        record_step(step=step_of(election, code), done_on=day, remark="", actor=actor, at=NOW)


def mark_done(election: Election, days: dict[str, date], actor: User) -> None:
    """Write steps as done without asking whether it was their turn."""
    for code, day in days.items():
        election.steps.filter(code=code).update(done_on=day, recorded_at=NOW, recorded_by=actor)


def rate(county: County, band: str) -> Rating:
    """The rating in force of the county's village."""
    return Rating.objects.create(
        place=county.village,
        term=county.term,
        model=county.term.risk_model,
        completeness=1,
        computed_band=band,
        band=band,
        at=NOW,
    )


def end_term(county: County) -> None:
    """The term is over: its elections are only read."""
    county.term.current = False
    county.term.save()
