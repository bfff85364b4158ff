"""Who stands in the county this term, as the checks on a row ask: from the database, then from the file."""

from collections.abc import Collection
from datetime import date

from django.db.models import Prefetch

from candidates.imports.ground import Ground
from candidates.models import Candidacy, Nomination, Person
from election_admin.places.models import Place
from villages.models import Election

Birth = tuple[str, date]


class Known:
    """Candidacies and people by what identifies them. A row that is read adds its own.

    Everybody of the township is there with the nominations in force; of the county's other
    townships only who stands with which number, as nobody may stand in two villages.
    """

    def __init__(self, ground: Ground) -> None:
        self.in_election: dict[tuple[int, str], Candidacy] = {}
        self.namesakes: dict[tuple[int, Birth], list[Candidacy]] = {}
        self.numbered: dict[str, list[Candidacy]] = {}
        self.people: dict[tuple[int, str], Person] = {}
        self._of_person: dict[int, list[Candidacy]] = {}
        by_pk: dict[int, Person] = {}
        township = ground.township.code
        for person in Person.objects.within(township).defer("id_number").select_related("place"):
            by_pk[person.pk] = person
            if person.id_hash:
                self.people[person.place_id, person.id_hash] = person
        of_term = Candidacy.objects.filter(election__term=ground.term)
        nominations = Prefetch("nominations", Nomination.objects.in_force(), to_attr="nominated")
        for candidacy in of_term.within(township).prefetch_related(nominations):
            candidacy.person = by_pk[candidacy.person_id]
            # One object for each election, so that its seats and its roll are fetched once.
            candidacy.election = ground.all_elections[candidacy.election_id]
            if not candidacy.nominated:  # type: ignore[attr-defined]
                candidacy.nominated = [_shown_nomination(candidacy)]  # type: ignore[attr-defined]
            self.add(candidacy)
        elsewhere = of_term.exclude(pk__in=of_term.within(township).values("pk"))
        elsewhere = elsewhere.exclude(person__id_hash="").select_related("election", "person")
        for candidacy in elsewhere.only("state", "election__place", "person__id_hash"):
            self.numbered.setdefault(candidacy.person.id_hash, []).append(candidacy)

    def add(self, candidacy: Candidacy) -> None:
        """Remember a candidacy, and its person by what they are known by now."""
        self._of_person.setdefault(id(candidacy.person), []).append(candidacy)
        self._index(candidacy)

    def forget(self, person: Person) -> None:
        """Forget by what somebody was known who is about to be changed; ``recall`` follows."""
        for candidacy in self._of_person.get(id(person), ()):
            self.namesakes[candidacy.election_id, (person.name, person.born)].remove(candidacy)
            if person.id_hash:
                del self.in_election[candidacy.election_id, person.id_hash]
                self.numbered[person.id_hash].remove(candidacy)

    def recall(self, person: Person) -> None:
        """Remember by what somebody is known from now on."""
        for candidacy in self._of_person.get(id(person), ()):
            self._index(candidacy)

    def _index(self, candidacy: Candidacy) -> None:
        person, election = candidacy.person, candidacy.election_id
        self.namesakes.setdefault((election, (person.name, person.born)), []).append(candidacy)
        if person.id_hash:
            self.in_election[election, person.id_hash] = candidacy
            self.numbered.setdefault(person.id_hash, []).append(candidacy)
            self.people[person.place_id, person.id_hash] = person

    def candidacies_meant(self, election: Election, id_hash: str, birth: Birth) -> Collection[Candidacy]:
        """Who in the election a row may mean: by the number; without it, by name and birthday.

        A row with a number also means somebody entered without one, whose number is now known.
        """
        if id_hash and (election.pk, id_hash) in self.in_election:
            return [self.in_election[election.pk, id_hash]]
        alike = self.namesakes.get((election.pk, birth), [])
        return [one for one in alike if not one.person.id_hash] if id_hash else alike

    def same_number(self, id_hash: str) -> Collection[Candidacy]:
        """Everybody who stands with a number this term, in the whole county."""
        return self.numbered.get(id_hash, []) if id_hash else []

    def holder(self, village: Place, id_hash: str) -> Person | None:
        """The person of the village who has this number."""
        return self.people.get((village.pk, id_hash)) if id_hash else None

    def same_name(self, election: Election, birth: Birth) -> Collection[Candidacy]:
        """Everybody of this name and birthday who stands in the election."""
        return self.namesakes.get((election.pk, birth), [])


def _shown_nomination(candidacy: Candidacy) -> Nomination:
    """The nomination of a candidacy that has no row for it: what the candidacy itself says."""
    return Nomination(
        post=candidacy.post,
        how=candidacy.how,
        nominated_on=candidacy.nominated_on,
        supporters=candidacy.supporters,
    )
