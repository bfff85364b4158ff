"""What the tests of elections' pages do again and again."""

from collections.abc import Callable
from datetime import date

from django.test import Client

from ballots.actions.steps import record_step
from ballots.models import CommitteeMember, CommitteeVote, Step, Voter
from election_admin.accounts.models import User
from tests.cast import ELECTION_DAY, NOW, County
from villages.models import Body, Election, Mode, Rating

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
    """Record steps in the order given, with the office's own records that these ask for."""
    for code, day in days.items():
        if code in WANTED:
            WANTED[code](election, actor)
        record_step(step=step_of(election, code), done_on=day, remark="", actor=actor, at=NOW)


def choose_committee(election: Election, actor: User, serving: int = 5) -> list[CommitteeMember]:
    """Put an election committee in its place: so many members, and one who is next in the vote."""
    vote = CommitteeVote.objects.create(
        election=election,
        number=1,
        how=CommitteeVote.How.REPRESENTATIVES,
        held_on=date(2026, 11, 6),
        due=40,
        present=36,
        seats=serving,
        recorded_by=actor,
        recorded_at=NOW,
    )
    states = [CommitteeMember.State.SERVING] * serving + [CommitteeMember.State.RUNNER_UP]
    return [
        CommitteeMember.objects.create(
            vote=vote,
            name=f"{surname}明",
            votes=30 - place,
            post=CommitteeMember.Post.MEMBER if place else CommitteeMember.Post.CHAIR,
            state=state,
        )
        for place, (surname, state) in enumerate(zip("赵钱孙李周吴郑冯陈褚", states, strict=False))
    ]


def enrol(election: Election, actor: User | None = None, voters: int = 3) -> list[Voter]:
    """Put so many grown-up villagers on the roll."""
    return [
        Voter.objects.create(
            election=election,
            name=f"王{'一二三四五六七八九'[n]}",
            sex="male",
            born=date(1980, 1, 1 + n),
            group="第1组",
        )
        for n in range(voters)
    ]


# What a guard asks for before a step is recorded.
WANTED: dict[str, Callable[[Election, User], object]] = {
    "election_committee_chosen": choose_committee,
    "voter_list_published": enrol,
}


def mark_done(election: Election, days: dict[str, date], actor: User) -> None:
    """Write steps as done without asking whether it was their turn."""
    for code, day in days.items():
        election.steps.filter(code=code).update(done_on=day, recorded_at=NOW, recorded_by=actor)


def follow(election: Election, occasion: str) -> Election:
    """An election that takes up another, eight days after its vote."""
    return Election.objects.create(
        place=election.place,
        term=election.term,
        occasion=occasion,
        follows=election,
        occasion_day=ELECTION_DAY,
        election_day=date(2026, 12, 28),
    )


def branch_election(county: County) -> Election:
    """The election of the Party branch of the county's village, without steps."""
    return Election.objects.create(
        place=county.village,
        term=county.term,
        body=Body.PARTY_BRANCH,
        mode=Mode.TWO_RECOMMENDATIONS,
    )


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
