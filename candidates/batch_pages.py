"""A batch as its page shows it: who is in it, who has answered about whom, and never what was said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from candidates.judgements import department_title
from candidates.models import DepartmentReply, Enquiry, ReviewBatch, ReviewItem, Verdict
from election_admin.places.models import Place
from villages.models import Seat


@dataclass(frozen=True)
class ShownItem:
    """One person of a batch: how many of the departments have answered, and which."""

    item: ReviewItem
    marks: tuple[bool, ...]

    @property
    def answered(self) -> int:
        """How many departments have answered."""
        return sum(self.marks)

    @property
    def standing(self) -> bool:
        """Whether the person still stands: nobody is asked about one who does not."""
        return self.item.candidacy.is_standing

    @property
    def complete(self) -> bool:
        """Whether no department is missing, for somebody who stands."""
        return all(self.marks)

    @property
    def changed(self) -> bool:
        """Whether the verdict is another now than what was signed."""
        return bool(self.item.verdict) and self.item.verdict != self.item.candidacy.verdict

    @property
    def signed_title(self) -> str:
        """The verdict that was signed, in words."""
        return str(Verdict(self.item.verdict).label) if self.item.verdict else ""


@dataclass(frozen=True)
class ShownEnquiry:
    """One department: about how many it has answered, when it was reminded, what papers it sent."""

    enquiry: Enquiry
    title: str
    answered: int
    asked: int
    papers: Sequence[Any]

    @property
    def complete(self) -> bool:
        """Whether it has answered about everybody who stands."""
        return self.answered >= self.asked

    @property
    def answered_at(self) -> datetime | None:
        """When the last answer was given, if none is missing."""
        return self.enquiry.answered_at if self.complete else None


@dataclass(frozen=True)
class ShownBatch:
    """A batch with its people under their villages, and its departments."""

    batch: ReviewBatch
    villages: Sequence[tuple[Place, Sequence[ShownItem]]]
    enquiries: Sequence[ShownEnquiry]

    @property
    def people(self) -> list[ShownItem]:
        """Everybody in the batch, village by village."""
        return [one for _place, items in self.villages for one in items]

    @property
    def standing(self) -> list[ShownItem]:
        """Those the departments are asked about."""
        return [one for one in self.people if one.standing]

    @property
    def missing(self) -> int:
        """How many answers are still wanted."""
        return sum(one.asked - one.answered for one in self.enquiries)

    @property
    def asked(self) -> int:
        """How many answers are wanted in all."""
        return sum(one.asked for one in self.enquiries)

    @property
    def answered(self) -> int:
        """How many answers have been given."""
        return self.asked - self.missing

    def waiting_for(self, department: str) -> "list[tuple[Place, list[ShownItem]]]":
        """The villages with only those people about whom a department has not answered."""
        place_of = [one.enquiry.department for one in self.enquiries].index(department)
        found = [
            (place, [one for one in items if one.standing and not one.marks[place_of]])
            for place, items in self.villages
        ]
        return [(place, items) for place, items in found if items]


def shown_batch(batch: ReviewBatch, papers: Mapping[str, Sequence[Any]]) -> ShownBatch:
    """The batch for its page, in a fixed number of queries; ``papers`` by the enquiry's key as text."""
    items = _in_order(list(ReviewItem.objects.filter(batch=batch).with_person()))
    rows = list(batch.enquiries.select_related("reminded_by"))
    given = _given(items, [row.department for row in rows])
    shown = [
        ShownItem(item, tuple((item.candidacy_id, row.department) in given for row in rows)) for item in items
    ]
    villages: dict[int, tuple[Place, list[ShownItem]]] = {}
    for one in shown:
        place = one.item.place
        villages.setdefault(place.pk, (place, []))[1].append(one)
    standing = [one for one in shown if one.standing]
    return ShownBatch(
        batch=batch,
        villages=list(villages.values()),
        enquiries=[
            ShownEnquiry(
                enquiry=row,
                title=department_title(row.department),
                answered=sum(one.marks[number] for one in standing),
                asked=len(standing),
                papers=papers.get(str(row.pk), ()),
            )
            for number, row in enumerate(rows)
        ],
    )


def _given(items: Iterable[ReviewItem], departments: Iterable[str]) -> set[tuple[int, str]]:
    """Which department has answered about whom. What it said is not read."""
    replies = DepartmentReply.objects.newest().filter(
        candidacy__in=[item.candidacy_id for item in items], department__in=list(departments)
    )
    return set(replies.values_list("candidacy", "department"))


def _in_order(items: list[ReviewItem]) -> list[ReviewItem]:
    """Village by village, election by election, the highest post first."""
    elections = {item.candidacy.election_id for item in items}
    seats = Seat.objects.filter(election__in=elections).values_list("election_id", "post", "rank")
    ranks = {(election, post): rank for election, post, rank in seats}
    last = len(ranks) + 1
    return sorted(
        items,
        key=lambda item: (
            item.place.code,
            item.candidacy.election_id,
            ranks.get((item.candidacy.election_id, item.candidacy.post), last),
            item.pk,
        ),
    )
