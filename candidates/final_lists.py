"""The final list as the law makes it of those who stand now: what is proposed, and what holds it up."""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from candidates.deadlines import choice_due
from candidates.models import Candidacy, FinalList, Flag, Person, ReviewBatch, ReviewItem, Verdict
from candidates.order import VOTES, key_of, order_of, voted_posts
from candidates.rules import final_list as rules
from candidates.rules.final_list import Hindrance, LeftOut, Settlement
from villages.models import Election, Mode
from villages.procedures import procedure_of

# Members elect a whole Party committee at once; who is its secretary is decided afterwards.
WHOLE_BODY = "all"
_GONE = (Candidacy.State.DECLINED, Candidacy.State.STRUCK_OFF)
# Sent up since they last came in: whoever is preliminary waits for a batch.
_SENT = frozenset({Candidacy.State.IN_REVIEW, Candidacy.State.FINAL, Candidacy.State.NOT_LISTED})


@dataclass(frozen=True)
class Proposal:
    """What the law makes of everybody who takes part in an election.

    ``people`` by candidacy; ``waiting``: who must be settled before there is a list.
    """

    election: Election
    order: str | None
    people: Mapping[int, Candidacy]
    case: tuple[rules.Person, ...]
    settlement: Settlement
    waiting: tuple[LeftOut, ...]

    @property
    def may_be_settled(self) -> bool:
        """Whether nothing holds the list up."""
        return not self.settlement.faults and not self.waiting

    @property
    def states(self) -> dict[int, Candidacy.State]:
        """Into which state the list puts each candidacy."""
        return {
            **dict.fromkeys(self.settlement.listed, Candidacy.State.FINAL),
            **dict.fromkeys(self.settlement.not_listed, Candidacy.State.NOT_LISTED),
            **dict.fromkeys((one.id for one in self.settlement.left_out), Candidacy.State.NOT_LISTED),
        }

    @property
    def changes(self) -> dict[int, Candidacy.State]:
        """The candidacies that the list would move, and where to."""
        return {pk: state for pk, state in self.states.items() if self.people[pk].state != state}

    @property
    def mark(self) -> str:
        """Tells one outcome from another: what is confirmed is what was shown."""
        text = json.dumps([self.settlement.as_json(), sorted(self.changes.items())], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def differs_from(self, settled: FinalList) -> bool:
        """Whether settling it would change anything: somebody's state, or who is where on the list."""
        return bool(self.changes) or settled.snapshot["answer"]["posts"] != self.settlement.as_json()["posts"]

    def snapshot(self) -> dict[str, Any]:
        """What the rule was given and what it said, with the names of the day."""
        return {
            "case": {
                "order": self.order,
                "posts": [
                    {
                        "post": one.post.code,
                        "seats": one.post.seats,
                        "least": one.post.least,
                        "most": one.post.most,
                    }
                    for one in self.settlement.posts
                ],
                "people": [
                    {
                        "id": one.id,
                        "name": self.people[one.id].person.name,
                        "post": one.post,
                        "votes": one.votes,
                        "supporters": self.people[one.id].supporters,
                        "hindrances": [each.value for each in one.hindrances],
                    }
                    for one in self.case
                ],
            },
            "answer": self.settlement.as_json(),
        }


def proposal_of(election: Election, *, on: date) -> Proposal:
    """The final list of an election as it would be settled on a day.

    Who is on no list yet is held to the same: a signed review, the verdict qualified, nothing
    frozen, one post.
    """
    rows = list(
        Candidacy.objects.filter(election=election)
        .exclude(state__in=_GONE)
        .select_related("person", "election__place", "election__term", "election__edition")
    )
    posts, order = posts_of(election), order_of(election)
    whole = {post.code for post in posts} == {WHOLE_BODY}
    found, voted = _hindrances(election, rows), voted_posts(rows)
    case = tuple(
        rules.Person(
            id=one.pk,
            post=WHOLE_BODY if whole else one.post,
            key=key_of(one, order, voted=one.post in voted),
            votes=one.votes,
            hindrances=tuple(sorted(found[one.pk])),
        )
        for one in rows
    )
    settlement = rules.settle(posts, case, by_votes=order == VOTES)
    return Proposal(
        election=election,
        order=order,
        people={one.pk: one for one in rows},
        case=case,
        settlement=settlement,
        waiting=tuple(_waiting(posts, case, settlement, rows, order=order, on=on)),
    )


def posts_of(election: Election) -> tuple[rules.Post, ...]:
    """The posts of an election, and by how much candidates outnumber the seats of each.

    There are no candidates among self-nominees whose number a law could set: voters may write in
    anybody (Zhejiang arts. 20 and 21). A Party branch has a fifth more, part of a person counting
    as one (Party rules art. 13).
    """
    seats = {seat.post: seat.seats for seat in election.seats.all()}
    if election.mode == Mode.TWO_RECOMMENDATIONS and seats:
        seats = {WHOLE_BODY: sum(seats.values())}
    parameters = procedure_of(election).parameters
    share = parameters.party_surplus.value
    posts = []
    for post, count in seats.items():
        if election.mode == Mode.SELF_NOMINATED:
            posts.append(rules.Post(code=post, seats=count, least=None))
        elif election.of_party_branch:
            more = -(-count * share.numerator // share.denominator)
            posts.append(rules.Post(code=post, seats=count, least=more))
        else:
            surplus = parameters.surplus.value.of(post)
            posts.append(rules.Post(code=post, seats=count, least=surplus.least, most=surplus.most))
    return tuple(posts)


def _hindrances(election: Election, rows: Sequence[Candidacy]) -> dict[int, set[Hindrance]]:
    """What stands against each of these people, from the office's records."""
    frozen = set(Flag.objects.open().filter(candidacy__in=rows).values_list("candidacy", flat=True))
    choosing = set(Candidacy.objects.filter(election=election).choosing().values_list("pk", flat=True))
    reviewed = _reviewed(rows)
    women = {seat.post for seat in election.seats.all() if seat.women_only}
    found: dict[int, set[Hindrance]] = {}
    for one in rows:
        reasons = {
            Hindrance.FROZEN: one.pk in frozen or one.is_frozen,
            Hindrance.CHOOSING: one.pk in choosing,
            Hindrance.DISQUALIFIED: one.verdict == Verdict.DISQUALIFIED,
            Hindrance.NOT_ESTABLISHED: one.verdict == Verdict.NOT_ESTABLISHED,
            Hindrance.NOT_REVIEWED: one.pk not in reviewed or one.state not in _SENT,
            Hindrance.NOT_A_WOMAN: one.post in women and one.person.sex != Person.Sex.FEMALE,
        }
        found[one.pk] = {reason for reason, holds in reasons.items() if holds}
    return found


def _reviewed(rows: Sequence[Candidacy]) -> Collection[int]:
    """Of these people those whom the county signed as qualified, in the last batch they were in."""
    last: dict[int, ReviewItem] = {}
    items = ReviewItem.objects.filter(candidacy__in=rows).select_related("batch").order_by("pk")
    for item in items:
        last[item.candidacy_id] = item
    return {
        pk
        for pk, item in last.items()
        if item.batch.state == ReviewBatch.State.SIGNED and item.verdict == Verdict.QUALIFIED
    }


def _waiting(
    posts: Sequence[rules.Post],
    case: Sequence[rules.Person],
    settlement: Settlement,
    rows: Sequence[Candidacy],
    *,
    order: str | None,
    on: date,
) -> Iterator[LeftOut]:
    """Whoever is left out and must be settled first: nobody is passed over by not deciding.

    Not who missed the last day to choose a post; nor who was not on the list before and, were
    nothing against them, would not be on it now.
    """
    states = {one.pk: one.state for one in rows}
    due = choice_due(rows[0].election) if rows else None
    late = due is not None and on > due
    free = [person if person.id in _barred(case) else replace(person, hindrances=()) for person in case]
    would = rules.settle(posts, free, by_votes=order == VOTES)
    out_anyway = set(would.not_listed)
    for one in settlement.left_out:
        if late and Hindrance.CHOOSING in one.hindrances:
            continue
        if states[one.id] == Candidacy.State.NOT_LISTED and (
            one.id in out_anyway or Hindrance.DISQUALIFIED in one.hindrances
        ):
            continue
        yield one


def _barred(case: Sequence[rules.Person]) -> Collection[int]:
    """Whoever cannot be on any list, whatever is still decided about them."""
    final = {Hindrance.DISQUALIFIED, Hindrance.NOT_A_WOMAN}
    return {person.id for person in case if final.intersection(person.hindrances)}
