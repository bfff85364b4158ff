"""The joint reviews and what was decided on them, from stories into rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import prefetch_related_objects

from ballots.demo.desk import BATCH, Desk
from ballots.demo.reviews import OPINION, RETURNED_BECAUSE, BatchStory
from ballots.demo.write_candidates import Written
from candidates.final_lists import Proposal, posts_of
from candidates.list_words import decision_words
from candidates.models import (
    Assessment,
    Candidacy,
    Decision,
    DepartmentReply,
    Enquiry,
    FinalList,
    ReviewBatch,
    ReviewItem,
)
from candidates.order import VOTES, key_of, order_of, voted_posts
from candidates.rules import final_list as rules
from election_admin.accounts.models import User
from election_admin.rulebooks.eligibility_lists import load_eligibility_list
from villages.models import Election

_State = Candidacy.State
STRUCK_OFF = "联审结论为不符合资格，不能确定为候选人，已书面告知本人。"
DECLINED = "本人书面声明退出，声明书存入选举档案。"


def write_reviews(desk: Desk, told: Sequence[BatchStory], written: Sequence[Written]) -> None:
    """Write the batches, then what was decided of each candidate, inside the caller's transaction."""
    judged = {
        one.candidacy_id: one
        for one in Assessment.objects.filter(
            candidacy__in=[one.row.pk for one in written], current=True
        ).defer("snapshot")
    }
    by_village: dict[str, list[Written]] = {}
    for one in written:
        by_village.setdefault(one.story.village.code, []).append(one)
    _write_batches(desk, told, by_village, judged)
    _write_decisions(desk, by_village, judged)


# --- batches --------------------------------------------------------------
def _write_batches(
    desk: Desk,
    told: Sequence[BatchStory],
    by_village: Mapping[str, list[Written]],
    judged: Mapping[int, Assessment],
) -> None:
    batches = ReviewBatch.objects.bulk_create(_batch(desk, one) for one in told)
    people = [_people(one, by_village) for one in told]
    ReviewItem.objects.bulk_create(
        (_item(batch, one.row, judged) for batch, here in zip(batches, people, strict=True) for one in here),
        batch_size=BATCH,
    )
    answered = _answered(one.row.pk for here in people for one in here)
    Enquiry.objects.bulk_create(
        (
            enquiry
            for batch, story, here in zip(batches, told, people, strict=True)
            if batch.sent_at is not None
            for enquiry in _enquiries(desk, batch, story, here, answered)
        ),
        batch_size=BATCH,
    )


def _batch(desk: Desk, one: BatchStory) -> ReviewBatch:
    official = desk.officials[one.township]
    batch = ReviewBatch(
        place=desk.townships[one.township],
        term=desk.term,
        number=one.number,
        state=one.state,
        due_on=one.due_on,
        made_by=official,
        made_at=desk.moment(one.made_on, 9),
    )
    if one.sent_on is not None:
        batch.sent_by, batch.sent_at = official, desk.moment(one.sent_on, 11)
    if one.returned_on is not None:
        batch.returned_by, batch.returned_at = desk.reviewer, desk.moment(one.returned_on, 16)
        batch.returned_because = RETURNED_BECAUSE
    if one.signed_on is not None:
        batch.signed_by, batch.signed_at = desk.reviewer, desk.moment(one.signed_on, 16)
        batch.opinion = OPINION
    return batch


def _people(batch: BatchStory, by_village: Mapping[str, list[Written]]) -> list[Written]:
    """Everybody of its villages who could be sent up, or the one it was made for."""
    here = [one for code in batch.villages for one in by_village[code]]
    if batch.only:
        return [one for one in here if one.told.person["name"] == batch.only]
    sent = [one for one in here if not one.told.other_post or one.told.chosen_on is not None]
    return [one for one in sent if batch.state != "sent" or one.row.state != _State.PRELIMINARY]


def _item(batch: ReviewBatch, row: Candidacy, judged: Mapping[int, Assessment]) -> ReviewItem:
    item = ReviewItem(batch=batch, candidacy=row)
    if batch.state == ReviewBatch.State.SIGNED:
        item.assessment, item.verdict = judged[row.pk], judged[row.pk].verdict
    return item


def _answered(candidacies: Iterable[int]) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    rows = DepartmentReply.objects.newest().filter(candidacy__in=list(candidacies))
    for department, candidacy in rows.values_list("department", "candidacy"):
        found.setdefault(department, set()).add(candidacy)
    return found


def _enquiries(
    desk: Desk,
    batch: ReviewBatch,
    story: BatchStory,
    here: Iterable[Written],
    answered: Mapping[str, set[int]],
) -> Iterator[Enquiry]:
    asked = {one.row.pk for one in here}
    for code in load_eligibility_list(desk.term.eligibility_list).departments.value:
        whole = asked <= answered.get(code, set()) and story.replied_on is not None
        enquiry = Enquiry(batch=batch, department=code)
        if whole and story.replied_on is not None:
            enquiry.answered_at = desk.moment(story.replied_on, 14)
        elif story.reminded_on is not None:
            enquiry.reminded_by, enquiry.reminders = desk.reviewer, 1
            enquiry.reminded_at = desk.moment(story.reminded_on, 10)
        yield enquiry


# --- decisions ------------------------------------------------------------
def _write_decisions(
    desk: Desk, by_village: Mapping[str, list[Written]], judged: Mapping[int, Assessment]
) -> None:
    settled = [here for here in by_village.values() if "final_list_published" in here[0].story.done]
    prefetch_related_objects([here[0].row.election for here in settled], "seats")
    lists: list[FinalList] = []
    decisions: list[Decision] = []
    for here in settled:
        lists += _lists(desk, here)
        decisions += _decisions(desk, here, judged)
    FinalList.objects.bulk_create(lists, batch_size=BATCH)
    Decision.objects.bulk_create(decisions, batch_size=BATCH)


def proposal_as_of(election: Election, people: Sequence[Candidacy]) -> Proposal:
    """What the law made of these people, all of them reviewed and qualified, on the day of the list."""
    order, voted = order_of(election), voted_posts(people)
    choosing = {one.pk for one in people if one.state == _State.NOT_LISTED}
    case = tuple(
        rules.Person(
            id=one.pk,
            post=one.post,
            key=key_of(one, order, voted=one.post in voted),
            votes=one.votes,
            # Not sent up, because the one post was not chosen.
            hindrances=_NOT_CHOSEN if one.pk in choosing else (),
        )
        for one in people
    )
    return Proposal(
        election=election,
        order=order,
        people={one.pk: one for one in people},
        case=case,
        settlement=rules.settle(posts_of(election), case, by_votes=order == VOTES),
        waiting=(),
    )


_NOT_CHOSEN = tuple(
    sorted(
        (
            rules.Hindrance.CHOOSING,
            rules.Hindrance.NOT_REVIEWED,
            rules.Hindrance.NOT_ESTABLISHED,
        )
    )
)


def _taking_part(here: Iterable[Written], *, declined: bool) -> list[Candidacy]:
    """Whoever was in question for the list; with ``declined`` as it was before somebody withdrew."""
    out = {_State.STRUCK_OFF} if declined else {_State.STRUCK_OFF, _State.DECLINED}
    return [one.row for one in here if one.row.state not in out]


def _lists(desk: Desk, here: Sequence[Written]) -> Iterator[FinalList]:
    """The list as it was settled, and once more after somebody declined."""
    story, official = here[0].story, desk.official(here[0].story)
    first = proposal_as_of(here[0].row.election, _taking_part(here, declined=True))
    yield _list(first, 1, official, desk.moment(story.done["final_list_published"], 15))
    left_on = [one.row.declined_on for one in here if one.row.declined_on is not None]
    if left_on:
        again = proposal_as_of(here[0].row.election, _taking_part(here, declined=False))
        yield _list(again, 2, official, desk.moment(max(left_on), 17))


def _list(proposal: Proposal, number: int, official: User, at: datetime) -> FinalList:
    return FinalList(
        election=proposal.election,
        number=number,
        snapshot=proposal.snapshot(),
        settled_by=official,
        settled_at=at,
    )


def _decisions(desk: Desk, here: Sequence[Written], judged: Mapping[int, Assessment]) -> Iterator[Decision]:
    story, official = here[0].story, desk.official(here[0].story)
    proposal = proposal_as_of(here[0].row.election, _taking_part(here, declined=True))
    reviewed_at = desk.moment(story.done["joint_review_done"], 17)
    listed_at = desk.moment(story.done["final_list_published"], 15)

    def decision(row: Candidacy, state: str, was: str, reason: str, at: datetime) -> Decision:
        return Decision(
            candidacy=row,
            state=state,
            was=was,
            assessment=judged.get(row.pk),
            reason=reason,
            decided_by=official,
            decided_at=at,
        )

    for one in here:
        row = one.row
        if row.state == _State.STRUCK_OFF:
            yield decision(row, row.state, _State.IN_REVIEW, STRUCK_OFF, reviewed_at)
            continue
        was, state = _State.IN_REVIEW, _State.FINAL
        if row.state == _State.NOT_LISTED:
            was, state = _State.PRELIMINARY, _State.NOT_LISTED
        yield decision(row, state, was, decision_words(proposal, row.pk, number=1), listed_at)
        if row.declined_on is not None:
            at = desk.moment(row.declined_on, 16)
            yield decision(row, _State.DECLINED, _State.FINAL, DECLINED, at)
