"""Which rules an election goes by: its rulebook, in the edition with which it began."""

import json
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from django.db.models import Exists

from election_admin.places.models import Place
from election_admin.rulebooks.procedures import Course, Procedure, load_procedure
from election_admin.rulebooks.revisions import Change, revised
from villages.models import Election, RulebookEdition, Term
from villages.models.terms import ElectionQuerySet

# Given nothing, whether something of the election in ``OuterRef("pk")`` is recorded.
BegunSource = Callable[[], Exists]

_begun_sources: list[BegunSource] = []


def register_begun(source: BegunSource) -> None:
    """Add a sign by which an app above knows that an election has begun."""
    _begun_sources.append(source)


def not_begun(elections: ElectionQuerySet) -> ElectionQuerySet:
    """Only elections of which nothing is recorded yet: the others keep the rules they began with."""
    for source in _begun_sources:
        elections = elections.exclude(source())
    return elections


def procedure_of(election: Election) -> Procedure:
    """The rulebook of an election: as it comes, or in the county's edition it began with."""
    if election.edition_id is None or election.edition is None:
        return load_procedure(election.term.procedure)
    return procedure_in(election.edition)


def course_of(election: Election) -> Course:
    """The steps of an election's own kind in its rulebook."""
    return procedure_of(election).course(election.body, election.occasion, election.mode)


def procedure_in(edition: RulebookEdition) -> Procedure:
    """The rulebook as a county's edition has it."""
    return _revised(edition.rulebook, json.dumps(edition.changes, sort_keys=True))


def last_edition(county: Place, rulebook: str) -> RulebookEdition | None:
    """The newest edition of a rulebook that a county has adopted, in force already or not."""
    return RulebookEdition.objects.filter(county=county, rulebook=rulebook).order_by("-number").first()


def changes_of(edition: RulebookEdition | None) -> list[Change]:
    """All that an edition changes in its rulebook, oldest first; nothing for the rulebook itself."""
    return [Change(**change) for change in edition.changes] if edition else []


def procedure_now(term: Term, *, on: date) -> Procedure:
    """The rulebook by which an election of this term would begin on a day."""
    edition = RulebookEdition.objects.in_force(county=term.county, rulebook=term.procedure, on=on)
    return procedure_in(edition) if edition is not None else load_procedure(term.procedure)


@lru_cache(maxsize=256)
def _revised(rulebook: str, changes: str) -> Procedure:
    # Keyed by what is changed, not by the row: an edition never changes, and its content is its name.
    return revised(load_procedure(rulebook), [Change(**change) for change in json.loads(changes)])
