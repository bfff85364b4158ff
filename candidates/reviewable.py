"""Who can be sent up to the joint review, who cannot yet and why, and what was signed of whom."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy

from candidates.deadlines import final_list_due
from candidates.models import Candidacy, ReviewBatch, ReviewItem
from election_admin.places.models import Place
from villages.models import Stage, Term

# Whoever is in one of these may be sent up; in review already: the batch came back, or was sent before.
REVIEWABLE = frozenset({Candidacy.State.PRELIMINARY, Candidacy.State.IN_REVIEW})
_VOTED = frozenset({Stage.AFTER, Stage.CLOSED})


class Hindrance(StrEnum):
    """Why somebody cannot be in a batch."""

    STATE = "state"
    NO_DAY = "no_day"
    VOTED = "voted"
    ELSEWHERE = "elsewhere"
    SIGNED = "signed"
    NO_NUMBER = "no_number"
    CHOOSING = "choosing"


# What an action says of those it refuses.
REFUSALS: Mapping[Hindrance, Promise] = {
    Hindrance.STATE: _lazy("这些人目前不是初步候选人，不能上报联审：%(names)s。"),
    Hindrance.NO_DAY: _lazy("这些人所在的村还没有定选举日：%(names)s。"),
    Hindrance.VOTED: _lazy("这些人所在的村选举日已过，不能再上报联审：%(names)s。延期的，请先改定选举日。"),
    Hindrance.ELSEWHERE: _lazy("这些人已在别的批次里：%(names)s。"),
    Hindrance.SIGNED: _lazy("这些人已经联审签署，结论没有变化，不用再报：%(names)s。"),
    Hindrance.NO_NUMBER: _lazy("这些人还没有登记公民身份号码，部门无法核查，请先补充：%(names)s。"),
    Hindrance.CHOOSING: _lazy("这些人被提名了几个职务，还没有选定其中一个，请先登记：%(names)s。"),
}
# What the page says beside a name.
REASONS: Mapping[Hindrance, Promise] = {
    Hindrance.STATE: _lazy("目前不是初步候选人"),
    Hindrance.NO_DAY: _lazy("村里还没有定选举日"),
    Hindrance.VOTED: _lazy("选举日已过"),
    Hindrance.ELSEWHERE: _lazy("已在别的批次里"),
    Hindrance.SIGNED: _lazy("已经联审签署"),
    Hindrance.NO_NUMBER: _lazy("还没有登记公民身份号码"),
    Hindrance.CHOOSING: _lazy("被提名了几个职务，还没有选定"),
}


@dataclass(frozen=True)
class Held:
    """Somebody who cannot be sent up: why, and where it is put right or seen."""

    candidacy: Candidacy
    reasons: tuple[str, ...]
    url: str


@dataclass(frozen=True)
class Choices:
    """A township's candidates: who can be in a batch, village by village, and who cannot."""

    free: Sequence[Candidacy]
    held: Sequence[Held]
    # How many are in each batch that is not signed yet: there is nothing to put right about them.
    elsewhere: Sequence[tuple[ReviewBatch, int]] = ()

    @property
    def by_village(self) -> list[tuple[Place, list[Candidacy]]]:
        """Those who can, under their villages."""
        villages: dict[int, tuple[Place, list[Candidacy]]] = {}
        for one in self.free:
            villages.setdefault(one.place.pk, (one.place, []))[1].append(one)
        return list(villages.values())


def choices(place: Place, term: Term, *, batch: ReviewBatch | None, today: date) -> Choices:
    """The township's candidates who may be put into a batch now; who is over and done with is left out."""
    rows = list(
        Candidacy.objects.with_person()
        .select_related("election__edition")
        .filter(election__term=term, election__place__code__startswith=place.code)
        .filter(state__in=REVIEWABLE)
        .exclude(election__stage__in=_VOTED)
        .order_by("election__place__code", "election_id", "id")
    )
    found = hindrances(rows, batch=batch, today=today)
    free = [one for one in rows if not found[one.pk]]
    elsewhere = _batches_of([one for one in rows if found[one.pk]], batch)
    held = [
        Held(
            one,
            tuple(str(REASONS[each]) for each in found[one.pk]),
            _where(one, found[one.pk]),
        )
        for one in rows
        if found[one.pk] and Hindrance.ELSEWHERE not in found[one.pk]
    ]
    counts = Counter(elsewhere[one.pk] for one in rows if Hindrance.ELSEWHERE in found[one.pk])
    batches = ReviewBatch.objects.select_related("place").filter(pk__in=counts).order_by("number")
    return Choices(free, held, [(each, counts[each.pk]) for each in batches])


def hindrances(
    rows: Sequence[Candidacy], *, batch: ReviewBatch | None, today: date
) -> dict[int, list[Hindrance]]:
    """Why each of these cannot be in the batch, or in a new one; an empty list for who can.

    Somebody whose review is signed can be reviewed again only when the verdict has changed since,
    or when they went out and came back.
    """
    pks = [one.pk for one in rows]
    elsewhere = _batches_of(rows, batch)
    choosing = set(Candidacy.objects.filter(pk__in=pks).choosing().values_list("pk", flat=True))
    signed = signed_verdicts(pks)
    found: dict[int, list[Hindrance]] = {}
    for one in rows:
        day = one.election.election_day
        asked = {
            Hindrance.STATE: one.state not in REVIEWABLE,
            Hindrance.NO_DAY: day is None,
            Hindrance.VOTED: day is not None and day < today,
            Hindrance.ELSEWHERE: one.pk in elsewhere,
            # Whoever went out and came back is reviewed anew, whatever was signed before.
            Hindrance.SIGNED: one.state == Candidacy.State.IN_REVIEW and signed.get(one.pk) == one.verdict,
            Hindrance.NO_NUMBER: not one.person.id_number,
            Hindrance.CHOOSING: one.pk in choosing,
        }
        found[one.pk] = [each for each, holds in asked.items() if holds]
    return found


def signed_verdicts(candidacies: Iterable[int]) -> dict[int, str]:
    """What the county last signed of each of these; those of whom nothing is signed are left out."""
    rows = ReviewItem.objects.filter(candidacy__in=list(candidacies), verdict__gt="").order_by(
        "batch__signed_at", "pk"
    )
    return dict(rows.values_list("candidacy", "verdict"))


def sent_up(candidacies: Iterable[int]) -> set[int]:
    """Which of these the departments are asked about now."""
    rows = ReviewItem.objects.filter(candidacy__in=list(candidacies), batch__state=ReviewBatch.State.SENT)
    return set(rows.values_list("candidacy", flat=True))


class LastDay(NamedTuple):
    """The last day for answers, by which village it is set, and whether that one's list is overdue."""

    day: date
    village: str
    overdue: bool


def last_answer_day(rows: Iterable[Candidacy], *, today: date) -> LastDay | None:
    """The last day by which departments can be asked to answer about these: the first final list's.

    Where that list is overdue, people can be reviewed until the vote all the same. None where no
    election has its day.
    """
    limits = []
    for one in rows:
        day = one.election.election_day
        if day is not None:
            due = final_list_due(one.election, day)
            limits.append(LastDay(day if due < today else due, one.place.name, due < today))
    return min(limits, default=None)


def usual_answer_day(rows: Iterable[Candidacy], *, today: date) -> date | None:
    """The day proposed for the answers: the last but one, so that a day is left to sign."""
    last = last_answer_day(rows, today=today)
    return max(today, last.day - timedelta(days=1)) if last else None


def _batches_of(rows: Iterable[Candidacy], batch: ReviewBatch | None) -> dict[int, int]:
    """The batch, not signed yet and not this one, in which each of these is."""
    items = ReviewItem.objects.filter(candidacy__in=[one.pk for one in rows]).exclude(
        batch__state=ReviewBatch.State.SIGNED
    )
    if batch is not None and batch.pk is not None:
        items = items.exclude(batch=batch.pk)
    return dict(items.values_list("candidacy", "batch"))


def _where(one: Candidacy, found: Collection[Hindrance]) -> str:
    """The page on which the first of what hinders somebody is put right or seen."""
    if Hindrance.NO_DAY in found or Hindrance.VOTED in found:
        return reverse("villages:village", args=[one.place.code])
    return reverse("candidates:candidate", args=[one.pk])
