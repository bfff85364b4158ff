"""Entering candidates, correcting them, moving them on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from candidates.actions.decisions import decide
from candidates.actions.judging import reassess
from candidates.actions.nominations import (
    check_nomination,
    check_open,
    refuse_double,
    refuse_taken_number,
)
from candidates.actions.turns import in_turn, stated
from candidates.models import Candidacy, Person, Verdict
from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.encryption import keyed_hash
from election_admin.journal.record import append, snapshot, take_turn
from villages.models import Election

CANDIDACY_FIELDS = ("post", "how", "nominated_on", "supporters", "state", "standing")


@transaction.atomic
def record_candidate(
    *, election: Election, person: Mapping[str, Any], values: Mapping[str, Any], actor: User, at: datetime
) -> Candidacy:
    """Enter a candidate: the person as the village knows them, and the post they stand for.

    ``person`` holds Person.recorded_fields, ``values`` post, how, nominated_on, supporters,
    registered_voter and deprived_of_political_rights. Raises ValidationError when the election
    has no day or no seat for the post yet, or when the same person stands already: one person,
    one post, one village (组织法第13条).
    """
    take_turn(election.place)
    election = Election.objects.with_place().get(pk=election.pk)
    require(actor, "candidates.record", election)
    check_open(election)
    check_nomination(election, person, values, today=timezone.localdate(at))
    known = _known_person(election, person)
    before = snapshot(known, Person.recorded_fields) if known.pk else None
    _save_person(known, person)
    candidacy = Candidacy(election=election, person=known)
    _save_candidacy(candidacy, values)
    append(
        verb="candidates.record_candidate",
        row=candidacy,
        actor=actor,
        place=election.place,
        at=at,
        before=before,
        after={**snapshot(candidacy, CANDIDACY_FIELDS), "person": snapshot(known, Person.recorded_fields)},
    )
    reassess([candidacy], cause="candidates.record_candidate", at=at, actor=actor)
    return candidacy


@transaction.atomic
def correct_candidate(
    *, candidacy: Candidacy, person: Mapping[str, Any], values: Mapping[str, Any], actor: User, at: datetime
) -> Candidacy:
    """Put right what was entered about a candidate, or add what has become known since.

    Takes and refuses the same as record_candidate, and judges anew. Earlier assessments stay.
    """
    candidacy = in_turn(candidacy)
    election = candidacy.election
    require(actor, "candidates.record", candidacy)
    check_open(election)
    check_nomination(election, person, values, today=timezone.localdate(at))
    refuse_taken_number(election, candidacy, person["id_number"])
    refuse_double(election, person, but=candidacy)
    known = candidacy.person
    before = {**snapshot(candidacy, CANDIDACY_FIELDS), "person": snapshot(known, Person.recorded_fields)}
    _save_person(known, person)
    _save_candidacy(candidacy, values)
    append(
        verb="candidates.correct_candidate",
        row=candidacy,
        actor=actor,
        place=election.place,
        at=at,
        before=before,
        after={**snapshot(candidacy, CANDIDACY_FIELDS), "person": snapshot(known, Person.recorded_fields)},
    )
    reassess([candidacy], cause="candidates.correct_candidate", at=at, actor=actor)
    return candidacy


def _save_person(known: Person, person: Mapping[str, Any]) -> None:
    for name in Person.recorded_fields:
        setattr(known, name, person[name])
    known.id_hash = keyed_hash(known.id_number) if known.id_number else ""
    known.full_clean(exclude=["place"])
    known.save()


def _save_candidacy(candidacy: Candidacy, values: Mapping[str, Any]) -> None:
    for name in ("post", "how", "nominated_on", "supporters"):
        setattr(candidacy, name, values[name])
    candidacy.standing = {name: values[name] for name in ("registered_voter", "deprived_of_political_rights")}
    candidacy.save()


def _known_person(election: Election, person: Mapping[str, Any]) -> Person:
    """The village's row for this person, matched by ID number; a new one if there is none."""
    held = None
    if person["id_number"]:
        refuse_taken_number(election, None, person["id_number"])
        held = Person.objects.filter(place=election.place, id_hash=keyed_hash(person["id_number"])).first()
    if held is None:
        refuse_double(election, person)
    return held or Person(place=election.place)


# Where a candidate may go from each state. Out and back again: what was recorded in error is undone.
MOVES: dict[str, tuple[Candidacy.State, ...]] = {
    Candidacy.State.PRELIMINARY: (
        Candidacy.State.IN_REVIEW,
        Candidacy.State.FINAL,
        Candidacy.State.DECLINED,
        Candidacy.State.STRUCK_OFF,
    ),
    Candidacy.State.IN_REVIEW: (
        Candidacy.State.FINAL,
        Candidacy.State.DECLINED,
        Candidacy.State.STRUCK_OFF,
    ),
    Candidacy.State.FINAL: (
        Candidacy.State.IN_REVIEW,
        Candidacy.State.DECLINED,
        Candidacy.State.STRUCK_OFF,
    ),
    Candidacy.State.DECLINED: (Candidacy.State.PRELIMINARY,),
    Candidacy.State.STRUCK_OFF: (Candidacy.State.PRELIMINARY,),
}


@transaction.atomic
def change_state(*, candidacy: Candidacy, state: str, reason: str, actor: User, at: datetime) -> Candidacy:
    """Move a candidate on in the election, or out of it, with the reason.

    Nobody is picked here: final needs the verdict qualified, struck off the verdict
    disqualified, and declining is the person's own (domain: 联审; 组织法第11条). Raises
    ValidationError where the state or the verdict does not bear it.
    """
    candidacy = in_turn(candidacy)
    require(actor, "candidates.record", candidacy)
    reason = stated(reason, _("请写明依据，如本人书面声明的日期、联审结论。"))
    if state not in MOVES[candidacy.state]:
        raise ValidationError({"state": _("目前的状态不能改为这一项，请重新选择。")})
    if state == Candidacy.State.FINAL and candidacy.verdict != Verdict.QUALIFIED:
        raise ValidationError({"state": _("只有资格结论为“符合资格”的，才能确定为正式候选人。")})
    if state == Candidacy.State.STRUCK_OFF and candidacy.verdict != Verdict.DISQUALIFIED:
        raise ValidationError({"state": _("只有资格结论为“不符合资格”的，才能列为不能确定为候选人。")})
    decide(candidacy, Candidacy.State(state), reason=reason, actor=actor, at=at)
    return candidacy
