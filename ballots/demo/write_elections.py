"""Elections and candidates, from stories into rows."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from ballots.actions.steps import set_dates, steps_to_create
from ballots.demo.desk import BATCH, Desk
from ballots.demo.people import CandidateStory
from ballots.demo.story import VillageStory
from ballots.models import Step
from candidates.actions.judging import reassess
from candidates.models import Candidacy, DepartmentReply, Finding, Person
from election_admin.accounts.models import User
from election_admin.encryption import keyed_hash
from villages.actions.terms import POST_RANKS
from villages.models import Election, Seat


def write_elections(desk: Desk, stories: Sequence[VillageStory]) -> None:
    """Set days, seats and steps, then the candidates, inside the caller's transaction."""
    _write_days(desk, stories)
    _write_steps(desk, stories)
    _write_candidates(desk, stories)


def _write_days(desk: Desk, stories: Iterable[VillageStory]) -> None:
    for story in stories:
        if story.election_day is not None:
            election = desk.elections[story.village.code]
            election.election_day, election.mode = story.election_day, story.plot.mode
    Seat.objects.bulk_create(
        Seat(
            election=desk.elections[story.village.code],
            post=post,
            seats=count,
            rank=POST_RANKS[post],
            women_only=post == "women",
        )
        for story in stories
        for post, count in story.seats.items()
    )


def _write_steps(desk: Desk, stories: Iterable[VillageStory]) -> None:
    """Lay the steps out anew, done and dated: to change each of ten thousand would take longer."""
    Step.objects.filter(election__term=desk.term).delete()
    steps: list[Step] = []
    for story in stories:
        election = desk.elections[story.village.code]
        own = steps_to_create(election)
        for step in own:
            if step.code in story.done:
                _tick(desk, story, step)
        election.stage = set_dates(election, own)
        steps += own
    Step.objects.bulk_create(steps, batch_size=BATCH)
    Election.objects.bulk_update(
        desk.elections.values(), ["election_day", "mode", "stage"], batch_size=BATCH // 5
    )


def _tick(desk: Desk, story: VillageStory, step: Step) -> None:
    step.done_on = story.done[step.code]
    step.recorded_by = desk.reviewer if step.code == "plan_approved" else desk.official(story)
    step.recorded_at = desk.moment(step.done_on, 17)


def _write_candidates(desk: Desk, stories: Iterable[VillageStory]) -> None:
    told = [(story, candidate) for story in stories for candidate in story.candidates]
    people = Person.objects.bulk_create(
        (
            Person(
                place=desk.places[story.village.code],
                id_hash=keyed_hash(candidate.person["id_number"]),
                **candidate.person,
            )
            for story, candidate in told
        ),
        batch_size=BATCH,
    )
    candidacies = Candidacy.objects.bulk_create(
        (
            Candidacy(
                election=desk.elections[story.village.code],
                person=person,
                state=candidate.state,
                standing=candidate.standing,
                **candidate.values,
            )
            for person, (story, candidate) in zip(people, told, strict=True)
        ),
        batch_size=BATCH,
    )
    rows = [(row, story, candidate) for row, (story, candidate) in zip(candidacies, told, strict=True)]
    Finding.objects.bulk_create(
        (
            finding
            for row, story, candidate in rows
            for finding in _findings(desk, row, candidate, desk.official(story))
        ),
        batch_size=BATCH,
    )
    DepartmentReply.objects.bulk_create(
        (reply for row, _story, candidate in rows for reply in _replies(desk, row, candidate)),
        batch_size=BATCH,
    )
    reassess(candidacies, cause="candidates.reply", at=desk.at)


def _findings(desk: Desk, row: Candidacy, candidate: CandidateStory, official: User) -> Iterator[Finding]:
    for finding in candidate.findings:
        recorded_on = row.nominated_on + timedelta(days=1)
        yield Finding(
            candidacy=row,
            details=finding.details,
            recorded_by=official,
            recorded_at=desk.moment(recorded_on),
            withdrawn_by=official if finding.withdrawn else None,
            withdrawn_at=desk.moment(recorded_on, 15) if finding.withdrawn else None,
        )


def _replies(desk: Desk, row: Candidacy, candidate: CandidateStory) -> Iterator[DepartmentReply]:
    if candidate.replied_on is None:
        return
    for code, (answer, remark) in candidate.replies.items():
        yield DepartmentReply(
            candidacy=row,
            department=code,
            answer=answer,
            remark=remark,
            replied_by=desk.departments[code],
            replied_at=desk.moment(candidate.replied_on, 14),
        )
