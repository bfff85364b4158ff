"""Candidates, how they were nominated, what is found of them, what departments answer: into rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from ballots.demo.desk import BATCH, Desk
from ballots.demo.findings import told_by
from ballots.demo.people import CandidateStory
from ballots.demo.story import VillageStory
from candidates.actions.judging import reassess
from candidates.models import Assessment, Candidacy, DepartmentReply, Finding, Nomination, Person
from election_admin.accounts.models import User
from election_admin.encryption import keyed_hash


@dataclass(frozen=True)
class Written:
    """One candidate with the row that stands for them."""

    story: VillageStory
    told: CandidateStory
    row: Candidacy


def write_candidates(desk: Desk, stories: Sequence[VillageStory]) -> list[Written]:
    """Write the candidates and judge them, inside the caller's transaction."""
    written = _write_people(desk, stories)
    Nomination.objects.bulk_create(
        (row for one in written for row in _nominations(desk, one)), batch_size=BATCH
    )
    replies = DepartmentReply.objects.bulk_create(
        (reply for one in written for reply in _replies(desk, one)), batch_size=BATCH
    )
    by_department: dict[int, dict[str, DepartmentReply]] = {}
    for reply in replies:
        by_department.setdefault(reply.candidacy_id, {})[reply.department] = reply
    Finding.objects.bulk_create(
        (finding for one in written for finding in _findings(desk, one, by_department.get(one.row.pk, {}))),
        batch_size=BATCH,
    )
    reassess([one.row for one in written], cause="candidates.reply", at=desk.at)
    _date_assessments(desk, written)
    return written


def _write_people(desk: Desk, stories: Iterable[VillageStory]) -> list[Written]:
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
    rows = Candidacy.objects.bulk_create(
        (
            Candidacy(
                election=desk.elections[story.village.code],
                person=person,
                state=candidate.state,
                standing=candidate.standing,
                votes=candidate.votes,
                votes_by_post={} if candidate.votes is None else {candidate.values["post"]: candidate.votes},
                post_chosen_on=candidate.chosen_on,
                declined_on=candidate.declined_on if candidate.state == Candidacy.State.DECLINED else None,
                **candidate.values,
            )
            for person, (story, candidate) in zip(people, told, strict=True)
        ),
        batch_size=BATCH,
    )
    return [Written(story, candidate, row) for row, (story, candidate) in zip(rows, told, strict=True)]


def _nominations(desk: Desk, one: Written) -> Iterator[Nomination]:
    values = one.told.values
    recorded = {
        "recorded_by": desk.official(one.story),
        "recorded_at": desk.moment(values["nominated_on"], 16),
    }
    yield Nomination(candidacy=one.row, supporter_names=list(one.told.names), **values, **recorded)
    if one.told.other_post:
        # Fewer signed for the other post: the one the candidacy shows has the most.
        fewer = {"post": one.told.other_post, "supporters": (values["supporters"] or 12) - 1, "how": "joint"}
        yield Nomination(candidacy=one.row, **{**values, **fewer}, **recorded)


def _findings(desk: Desk, one: Written, replies: Mapping[str, DepartmentReply]) -> Iterator[Finding]:
    """Those that departments brought with their answers; what none of them has, the township recorded."""
    official = desk.official(one.story)
    for finding in one.told.findings:
        brought = [code for code in finding.departments if _has_record(replies.get(code))]
        for code in brought:
            yield _brought(one, told_by(finding, code), replies[code])
        if not brought:
            yield _recorded(desk, one, finding.details, official, withdrawn=finding.withdrawn)


def _has_record(reply: DepartmentReply | None) -> bool:
    return reply is not None and reply.answer == DepartmentReply.Answer.RECORD


def _brought(one: Written, details: dict[str, str], reply: DepartmentReply) -> Finding:
    return Finding(
        candidacy=one.row,
        reply=reply,
        details=details,
        recorded_by=reply.replied_by,
        recorded_at=reply.replied_at,
    )


def _recorded(
    desk: Desk, one: Written, details: dict[str, str], official: User, *, withdrawn: bool
) -> Finding:
    recorded_on = one.row.nominated_on + timedelta(days=1)
    return Finding(
        candidacy=one.row,
        details=details,
        recorded_by=official,
        recorded_at=desk.moment(recorded_on),
        withdrawn_by=official if withdrawn else None,
        withdrawn_at=desk.moment(recorded_on, 15) if withdrawn else None,
    )


def _replies(desk: Desk, one: Written) -> Iterator[DepartmentReply]:
    told = one.told
    if told.replied_on is None:
        return
    for code, (answer, remark) in told.replies.items():
        about = [each.details["situation"] for each in told.findings if code in each.departments]
        yield DepartmentReply(
            candidacy=one.row,
            department=code,
            answer=answer,
            remark=remark,
            situations=about if answer == DepartmentReply.Answer.RECORD else [],
            replied_by=desk.departments[code],
            replied_at=desk.moment(told.replied_on, 14),
        )


def _date_assessments(desk: Desk, written: Iterable[Written]) -> None:
    """A judgement stands from the day of the last answer, not from that of the loading."""
    by_day: dict[object, list[int]] = {}
    for one in written:
        if one.told.replied_on is not None:
            by_day.setdefault(desk.moment(one.told.replied_on, 14), []).append(one.row.pk)
    for at, pks in by_day.items():
        Assessment.objects.filter(candidacy__in=pks).update(at=at)
