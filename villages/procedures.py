"""Which rules an election goes by: its rulebook, in the edition with which it began."""

import json
from datetime import date
from functools import lru_cache

from election_admin.rulebooks.procedures import Course, Procedure, load_procedure
from election_admin.rulebooks.revisions import Change, revised
from villages.models import Election, RulebookEdition, Term


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


def procedure_now(term: Term, *, on: date) -> Procedure:
    """The rulebook by which an election of this term would begin on a day."""
    edition = RulebookEdition.objects.in_force(county=term.county, rulebook=term.procedure, on=on)
    return procedure_in(edition) if edition is not None else load_procedure(term.procedure)


@lru_cache(maxsize=256)
def _revised(rulebook: str, changes: str) -> Procedure:
    # Keyed by what is changed, not by the row: an edition never changes, and its content is its name.
    return revised(load_procedure(rulebook), [Change(**change) for change in json.loads(changes)])
