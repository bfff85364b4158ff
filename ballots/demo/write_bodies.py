"""Election committees and rolls, from stories into rows."""

from collections.abc import Iterable, Iterator, Sequence

from ballots.demo.committees import MemberStory
from ballots.demo.desk import BATCH, Desk
from ballots.demo.story import VillageStory
from ballots.models import CommitteeMember, CommitteeVote, Kinship, Voter
from candidates.models import Candidacy

_TOLD_ONLY = {"replaces", "candidate", "relation"}


def write_bodies(desk: Desk, stories: Sequence[VillageStory]) -> None:
    """Write who presides and who votes, inside the caller's transaction; after the candidates."""
    _write_committees(desk, stories)
    Voter.objects.bulk_create(
        (
            Voter(election=desk.elections[story.village.code], **voter)
            for story in stories
            for voter in story.roll
        ),
        batch_size=BATCH,
    )


def _write_committees(desk: Desk, stories: Iterable[VillageStory]) -> None:
    told = [(story, story.committee) for story in stories if story.committee is not None]
    votes = CommitteeVote.objects.bulk_create(
        CommitteeVote(
            election=desk.elections[story.village.code],
            number=1,
            recorded_by=desk.official(story),
            recorded_at=desk.moment(committee.values["held_on"], 16),
            **committee.values,
        )
        for story, committee in told
    )
    members = [
        (story, member, CommitteeMember(vote=vote, **_fields(member)))
        for vote, (story, committee) in zip(votes, told, strict=True)
        for member in committee.members
    ]
    CommitteeMember.objects.bulk_create((row for _story, _member, row in members), batch_size=BATCH)
    _write_successions(members)
    Kinship.objects.bulk_create(_kinships(desk, members))


def _fields(member: MemberStory) -> dict[str, object]:
    return {name: value for name, value in vars(member).items() if name not in _TOLD_ONLY}


def _write_successions(members: Iterable[tuple[VillageStory, MemberStory, CommitteeMember]]) -> None:
    by_name = {(row.vote_id, row.name): row for _story, _member, row in members}
    for _story, member, row in members:
        if member.replaces:
            row.replaces = by_name[row.vote_id, member.replaces]
            row.save(update_fields=["replaces"])


def _kinships(
    desk: Desk, members: Iterable[tuple[VillageStory, MemberStory, CommitteeMember]]
) -> Iterator[Kinship]:
    for story, member, row in members:
        if member.relation:
            candidacies = Candidacy.objects.filter(election=desk.elections[story.village.code])
            yield Kinship(
                member=row,
                candidacy=candidacies.get(person__name=member.candidate),
                relation=member.relation,
                recorded_by=desk.official(story),
                recorded_at=desk.at,
            )
