"""Writing the candidates of a file: everybody once, in batches, each with an entry in the journal."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils import timezone

from candidates.actions.judging import BATCH, reassess
from candidates.actions.nominations import FOLLOWING, NOMINATION_FIELDS, show_nominations
from candidates.actions.people import CANDIDACY_FIELDS
from candidates.actions.votes import follow_most_votes
from candidates.models import Candidacy, Nomination, Person
from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.imports.registry import Progress, Read
from election_admin.journal.record import Act, append_many, snapshot, take_turn
from election_admin.places.models import Place

ModelT = TypeVar("ModelT", bound=models.Model)

VERB = "candidates.import_candidates"
_PERSON_FIELDS = (*Person.recorded_fields, "id_hash", "initials")
_CANDIDACY_FIELDS = (*FOLLOWING, "votes_by_post", "standing")
_CORRECTED = ("nominated_on", "supporters", "supporter_names")


@dataclass
class _Touched:
    """A candidacy with the nominations of it that the file is about."""

    candidacy: Candidacy
    nominations: list[Nomination] = field(default_factory=list)
    rows: int = 0


@transaction.atomic
def write_candidates(
    place: Place, rows: Iterable[Read], user: User, at: datetime, progress: Progress
) -> None:
    """Enter and correct everybody in a file as CandidateReader has read it, and judge them, each once.

    The rows were read in this transaction, after its turn was taken: what they were checked against
    is what is there. Each candidacy has its entry in the journal.
    """
    take_turn(place)
    require(user, "candidates.record", place)
    touched: dict[int, _Touched] = {}
    for row in rows:
        candidacy, nomination = row.values["candidacy"], row.values["nomination"]
        one = touched.setdefault(id(candidacy), _Touched(candidacy))
        one.rows += 1
        if nomination not in one.nominations:
            one.nominations.append(nomination)
    everybody, written = list(touched.values()), 0
    for begin in range(0, len(everybody), BATCH):
        batch = everybody[begin : begin + BATCH]
        _write(batch, place=place, user=user, at=at)
        reassess([one.candidacy for one in batch], cause=VERB, at=at, actor=user)
        written += sum(one.rows for one in batch)
        progress(written)


def _write(batch: Sequence[_Touched], *, place: Place, user: User, at: datetime) -> None:
    before, today = _Before(batch), timezone.localdate(at)
    before.write_people(one.candidacy.person for one in batch)
    for one in batch:
        row = before.candidacies.get(one.candidacy.pk, one.candidacy)
        _follow_nominations(one.candidacy, known=row.post, on=today)
    _write_candidacies([one.candidacy for one in batch])
    _write_nominations(batch, user=user, at=at)
    acts = (
        Act(VERB, one.candidacy, one.candidacy.place, before=before.of(one), after=_recorded(one))
        for one in batch
    )
    append_many(acts, actor=user, place=place, at=at)


class _Before:
    """People, candidacies and nominations as they were before the file."""

    def __init__(self, batch: Sequence[_Touched]) -> None:
        self.people = _rows(Person, [one.candidacy.person for one in batch])
        self.candidacies = _rows(Candidacy, [one.candidacy for one in batch])
        self.nominations = _rows(Nomination, [each for one in batch for each in one.nominations])

    def of(self, one: _Touched) -> dict[str, Any] | None:
        """What there was of a candidacy; of one that is new, the person if the village knew them."""
        person = self.people.get(one.candidacy.person.pk)
        candidacy = self.candidacies.get(one.candidacy.pk)
        if person is None:
            return None
        known = {"person": snapshot(person, Person.recorded_fields)}
        if candidacy is None:
            return known
        nominations = (self.nominations.get(each.pk) for each in one.nominations)
        return {
            **snapshot(candidacy, CANDIDACY_FIELDS),
            **known,
            "nominations": _snapshots(each for each in nominations if each is not None),
        }

    def write_people(self, everybody: Iterable[Person]) -> None:
        """Save the people the file is about: those it changes, then those it brings."""
        changed, new = [], []
        for person in {id(one): one for one in everybody}.values():
            known = self.people.get(person.pk)
            if known is None:
                new.append(person)
                continue
            if "id_number" in person.get_deferred_fields():
                person.id_number = known.id_number
            if any(getattr(person, name) != getattr(known, name) for name in Person.recorded_fields):
                changed.append(person)
        _save_changed(Person, changed, _PERSON_FIELDS)
        Person.objects.bulk_create(new, batch_size=BATCH)


def _rows(model: type[ModelT], objects: Iterable[ModelT]) -> dict[Any, ModelT]:
    """The rows of these objects as they are in the database; nothing for those that are not there."""
    found: dict[Any, ModelT] = model._default_manager.in_bulk({one.pk for one in objects if one.pk})
    return found


def _save_changed(model: type[models.Model], rows: Sequence[models.Model], fields: Sequence[str]) -> None:
    """Save these fields of rows that are there: a row a value list, where bulk_update makes a tree a cell."""
    if rows:
        model._default_manager.bulk_create(
            rows, batch_size=BATCH, update_conflicts=True, unique_fields=["pk"], update_fields=fields
        )


def _follow_nominations(candidacy: Candidacy, *, known: str, on: date) -> None:
    """Let a candidacy show its nominations and votes, as record_nomination and record_votes do."""
    rows: list[Nomination] = candidacy.nominated  # type: ignore[attr-defined]
    show_nominations(candidacy, rows, known=known)
    if candidacy.votes_by_post:
        posts = dict.fromkeys([candidacy.post, *(row.post for row in rows)])
        follow_most_votes(candidacy, list(posts), on=on)
        candidacy.votes = candidacy.votes_by_post.get(candidacy.post)
        show_nominations(candidacy, rows, known=candidacy.post)


def _write_candidacies(candidacies: Sequence[Candidacy]) -> None:
    known = [one for one in candidacies if one.pk]
    _save_changed(Candidacy, known, _CANDIDACY_FIELDS)
    Candidacy.objects.bulk_create((one for one in candidacies if not one.pk), batch_size=BATCH)


def _write_nominations(batch: Sequence[_Touched], *, user: User, at: datetime) -> None:
    new, known = [], []
    for one in batch:
        for nomination in one.nominations:
            if nomination.pk:
                known.append(nomination)
                continue
            nomination.candidacy = one.candidacy
            nomination.recorded_by, nomination.recorded_at = user, at
            new.append(nomination)
    _save_changed(Nomination, known, _CORRECTED)
    Nomination.objects.bulk_create(new, batch_size=BATCH)


def _recorded(one: _Touched) -> dict[str, Any]:
    return {
        **snapshot(one.candidacy, CANDIDACY_FIELDS),
        "person": snapshot(one.candidacy.person, Person.recorded_fields),
        "nominations": _snapshots(one.nominations),
    }


def _snapshots(nominations: Iterable[Nomination]) -> dict[str, Any]:
    return {str(each.pk): snapshot(each, NOMINATION_FIELDS) for each in nominations}
