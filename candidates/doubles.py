"""The same person nominated in two villages: found across the county, by name and birthday.

Nobody may take part in two villages' elections (组织法第13条). Equal ID numbers are refused when they
are entered; where a number is missing, or is another, only a person can tell one from two.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q

from candidates.models import Candidacy, Namesakes
from candidates.models.doubles import NamesakesQuerySet
from candidates.models.people import CandidacyQuerySet


class Numbers(StrEnum):
    """What the ID numbers of two people say."""

    MISSING = "missing"
    DIFFERENT = "different"
    EQUAL = "equal"


@dataclass(frozen=True)
class Double:
    """A candidate, and one of the same name and birthday who stands in another village."""

    own: Candidacy
    other: Candidacy

    @property
    def numbers(self) -> Numbers:
        """What the ID numbers say, by which an official begins."""
        one, two = self.own.person.id_hash, self.other.person.id_hash
        if not one or not two:
            return Numbers.MISSING
        return Numbers.EQUAL if one == two else Numbers.DIFFERENT


def doubtful() -> CandidacyQuerySet:
    """Candidates of the terms being held whose namesake stands in another village, not told apart yet."""
    return _with_namesake(Exists(_namesakes().exclude(Exists(_told_apart()))))


def told_apart() -> CandidacyQuerySet:
    """Candidates of the terms being held who were found to be somebody else than their namesake."""
    return _with_namesake(Exists(_namesakes().filter(Exists(_told_apart()))))


def doubles_of(rows: Iterable[Candidacy], *, settled: bool = False) -> dict[int, list[Double]]:
    """The namesakes of each of these candidates, by its pk, in two queries.

    ``settled``: those they were told apart from; else those nobody has told them apart from.
    """
    own = list(rows)
    found: dict[int, list[Double]] = {one.pk: [] for one in own}
    names = {(one.person.name, one.person.born) for one in own}
    if not names:
        return found
    alike = Q(pk__in=[])
    for name, born in names:
        alike |= Q(person__name=name, person__born=born)
    others = list(Candidacy.objects.current().standing().filter(alike).with_person().order_by("id"))
    known = _pairs(one.person_id for one in (*own, *others))
    for one in own:
        seen = set()
        for other in others:
            if not _alike(one, other) or other.person_id in seen:
                continue
            if (frozenset((one.person_id, other.person_id)) in known) == settled:
                seen.add(other.person_id)
                found[one.pk].append(Double(one, other))
    return found


def are_double(one: Candidacy, other: Candidacy) -> bool:
    """Whether these two stand in two villages of one term and have one name and birthday."""
    return one.is_standing and other.is_standing and _alike(one, other)


def _alike(one: Candidacy, other: Candidacy) -> bool:
    return (
        one.election.term_id == other.election.term_id
        and one.election.place_id != other.election.place_id
        and one.person_id != other.person_id
        and (one.person.name, one.person.born) == (other.person.name, other.person.born)
    )


def _with_namesake(namesake: Exists) -> CandidacyQuerySet:
    return Candidacy.objects.current().standing().filter(namesake)


def _namesakes() -> CandidacyQuerySet:
    """Those who stand in another village of the outer candidate's term under one name and birthday."""
    return (
        Candidacy.objects.standing()
        .filter(
            election__term=OuterRef("election__term"),
            person__name=OuterRef("person__name"),
            person__born=OuterRef("person__born"),
        )
        .exclude(election__place=OuterRef("election__place"))
    )


def _told_apart() -> NamesakesQuerySet:
    """What was decided about the namesake (outer) and the candidate (outer of that)."""
    one, two = OuterRef("person"), OuterRef(OuterRef("person"))
    return Namesakes.objects.in_force().filter(Q(first=one, second=two) | Q(first=two, second=one))


def _pairs(people: Iterable[int]) -> set[frozenset[int]]:
    pks = set(people)
    rows = Namesakes.objects.in_force().filter(first__in=pks, second__in=pks)
    return {frozenset(pair) for pair in rows.values_list("first", "second")}
