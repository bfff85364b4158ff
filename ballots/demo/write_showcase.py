"""What only some villages show, from stories into rows."""

from collections.abc import Sequence
from datetime import date

from ballots.demo.desk import Desk
from ballots.demo.showcase import (
    BOARD,
    LATE_FINDING,
    OccasionStory,
    listed_before_the_vote,
    notices,
    objections,
    occasions,
    violations,
)
from ballots.demo.story import VillageStory
from ballots.demo.write_elections import Told, write_told
from ballots.models import Notice, Recall, Step, Vacancy, Violation
from candidates.actions.findings import record_finding
from candidates.models import Candidacy, Objection
from villages.models import Body, Election, Occasion

STOPPED_BY = "镇选举指导组"


def write_showcase(desk: Desk, stories: Sequence[VillageStory], *, today: date) -> None:
    """Write what only some villages show, inside the caller's transaction; after the candidates."""
    by_code = {story.village.code: story for story in stories}
    known = {(code, str(Occasion.GENERAL)): election for code, election in desk.elections.items()}
    for occasion in occasions(by_code, today=today):
        follows = known[occasion.village, occasion.follows]
        known[occasion.village, occasion.occasion] = _write_occasion(
            desk, by_code[occasion.village], occasion, follows
        )
    _write_violations(desk, by_code, today)
    _write_notices(desk, by_code)
    _write_objections(desk, by_code, today)
    _record_late_finding(desk, listed_before_the_vote(stories, today=today))


def _write_occasion(desk: Desk, story: VillageStory, occasion: OccasionStory, follows: Election) -> Election:
    election = Election.objects.create(
        place=follows.place,
        term=desk.term,
        body=Body.VILLAGERS_COMMITTEE,
        occasion=occasion.occasion,
        mode=follows.mode,
        follows=follows,
        occasion_day=occasion.occasion_day,
    )
    write_told(
        desk,
        [Told(election, story, election.mode, occasion.election_day, occasion.seats, occasion.done)],
    )
    election.save(update_fields=["election_day", "stage"])
    if occasion.recall:
        Recall.objects.create(election=election, **occasion.recall)
    if occasion.vacancy:
        Vacancy.objects.create(election=election, **occasion.vacancy)
    return election


def _write_violations(desk: Desk, stories: dict[str, VillageStory], today: date) -> None:
    for told in violations(stories, today=today):
        election, official = desk.elections[told.village], desk.official(stories[told.village])
        corrected_on = told.corrected_on
        Violation.objects.create(
            election=election,
            step=Step.objects.get(election=election, code=told.step),
            what=told.what,
            found_on=told.found_on,
            stopped_by=STOPPED_BY,
            correction=told.correction,
            corrected_on=corrected_on,
            voids=told.voids,
            recorded_by=official,
            recorded_at=desk.moment(told.found_on, 15),
            closed_by=official if corrected_on else None,
            closed_at=desk.moment(corrected_on, 17) if corrected_on else None,
        )


def _write_notices(desk: Desk, stories: dict[str, VillageStory]) -> None:
    Notice.objects.bulk_create(
        Notice(
            election=desk.elections[told.village],
            code=told.code,
            dated=told.posted_on,
            posted_on=told.posted_on,
            posted_where=BOARD,
            recorded_by=desk.official(stories[told.village]),
            recorded_at=desk.moment(told.posted_on, 17),
        )
        for told in notices(stories)
    )


def _write_objections(desk: Desk, stories: dict[str, VillageStory], today: date) -> None:
    for told in objections(stories, today=today):
        election, official = desk.elections[told.village], desk.official(stories[told.village])
        candidacies = Candidacy.objects.filter(election=election, person__name=told.candidate)
        Objection.objects.create(
            election=election,
            about=told.about,
            office=told.office,
            candidacy=candidacies.first(),
            received_on=told.received_on,
            raised_by=told.raised_by,
            content=told.content,
            recorded_by=official,
            recorded_at=desk.moment(told.received_on, 16),
            outcome=told.outcome,
            decided_on=told.decided_on,
            decided_body=told.decided_body,
            grounds=told.grounds,
            decided_by=official if told.outcome else None,
        )


def _record_late_finding(desk: Desk, story: VillageStory) -> None:
    """By the action itself: it flags the final candidate, freezes the candidacy and judges anew."""
    candidacies = Candidacy.objects.with_person().filter(election=desk.elections[story.village.code])
    candidacy = candidacies.filter(state=Candidacy.State.FINAL).first()
    if candidacy is not None:
        record_finding(candidacy=candidacy, details=LATE_FINDING, actor=desk.official(story), at=desk.at)
