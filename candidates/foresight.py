"""Whose verdict another election day or another list would change, before anybody saves it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from candidates.actions.judging import BATCH, judge, material_of
from candidates.models import Candidacy, Verdict
from villages.models import Stage

_VOTED = frozenset({Stage.AFTER, Stage.CLOSED})


@dataclass(frozen=True)
class Foreseen:
    """Somebody whose verdict would change."""

    candidacy: Candidacy
    was: str
    verdict: str


@dataclass(frozen=True)
class Foresight:
    """What judging these people anew would come to. Nothing is written.

    ``outside``: findings that would count no more, because the list has no such situation.
    ``voted``: how many of those who change stand in a village that has voted already.
    """

    judged: int
    changes: tuple[Foreseen, ...]
    outside: int

    @property
    def voted(self) -> int:
        """How many of those whose verdict would change stand where people have voted."""
        return sum(one.candidacy.election.stage in _VOTED for one in self.changes)

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """How many change from which verdict to which, in the order of the verdicts."""
        counted = Counter((one.was, one.verdict) for one in self.changes)
        order = [verdict.value for verdict in Verdict]
        return sorted(
            ((was, verdict, number) for (was, verdict), number in counted.items()),
            key=lambda row: (order.index(row[0]), order.index(row[1])),
        )


def foresee(
    candidacies: QuerySet[Candidacy], *, list_id: str = "", election_day: date | None = None
) -> Foresight:
    """Judge these candidacies by another list or as of another day, and say who would change.

    In a fixed number of queries for every so many people.
    """
    pks = list(candidacies.order_by("pk").values_list("pk", flat=True))
    changes: list[Foreseen] = []
    judged = outside = 0
    for start in range(0, len(pks), BATCH):
        rows: Sequence[Candidacy] = list(
            Candidacy.objects.filter(pk__in=pks[start : start + BATCH]).order_by("pk").with_person()
        )
        material = material_of(rows, list_id=list_id)
        for one in rows:
            own = material[one.pk]
            judgement = judge(one, own, list_id=list_id, election_day=election_day)
            if judgement is None:
                continue
            judged += 1
            outside += len(own.outside)
            if judgement.verdict != one.verdict:
                changes.append(Foreseen(one, one.verdict, judgement.verdict.value))
    return Foresight(judged=judged, changes=tuple(changes), outside=outside)
