"""Entering candidates, what is found about them, and what departments answer."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from candidates.actions.decisions import decide
from candidates.actions.judging import facts_of_finding, facts_of_person, reassess
from candidates.actions.nominations import (
    check_nomination,
    check_open,
    refuse_double,
    refuse_taken_number,
)
from candidates.law import eligibility_law
from candidates.models import Candidacy, DepartmentReply, Finding, Person, Verdict
from candidates.rules.facts import DATE_FACTS, FACTS, Status, finding_faults
from candidates.wording import fault_sentence
from election_admin.accounts.access import require
from election_admin.accounts.models import Role, User
from election_admin.encryption import keyed_hash
from election_admin.journal.record import append, snapshot, take_turn
from villages.models import Election

CANDIDACY_FIELDS = ("post", "how", "nominated_on", "supporters", "state", "standing")
FINDING_FIELDS = ("situation", "status", *FACTS, "source", "remark")
# The end of a bar, of a sentence or of a probation may well lie ahead; what has happened cannot.
PAST_FACTS = tuple(
    name for name in DATE_FACTS if name not in {"barred_until", "released_on", "probation_ended_on"}
)


def _in_turn(candidacy: Candidacy) -> Candidacy:
    """Return the candidacy, its person and its election as they are now that it is this act's turn.

    Raises ValidationError for a candidacy of a past term.
    """
    take_turn(candidacy.place)
    candidacy = Candidacy.objects.select_related("person", "election__place", "election__term").get(
        pk=candidacy.pk
    )
    candidacy.election.term.require_current()
    return candidacy


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
    candidacy = _in_turn(candidacy)
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
    candidacy = _in_turn(candidacy)
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


REASON_LENGTH = 500


def stated(reason: str, demand: str) -> str:
    """The reason as the journal takes it. Raises ValidationError with the demand if there is none."""
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": demand})
    if len(reason) > REASON_LENGTH:
        raise ValidationError({"reason": _("最多%d个字，请删减。") % REASON_LENGTH})
    return reason


@transaction.atomic
def record_finding(*, candidacy: Candidacy, details: Mapping[str, Any], actor: User, at: datetime) -> Finding:
    """Record a fact that bears on eligibility, and judge the candidate anew.

    ``details`` holds situation, status, the dates of the situation, sanction, source and remark.
    Raises ValidationError keyed by field when the facts contradict each other, belong to nothing
    the term's list asks, or lie in the future.
    """
    candidacy = _in_turn(candidacy)
    require(actor, "candidates.record", candidacy)
    today = timezone.localdate(at)
    stored = {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in details.items()
        if key in FINDING_FIELDS and value not in (None, "")
    }
    if not stored.get("situation"):
        raise ValidationError({"situation": _("请选择是哪一种情形。")})
    if stored.get("status") not in tuple(Status):
        raise ValidationError({"status": _("请选择“已查实”“仅有反映”或者“已排除”。")})
    errors = {
        name: _("日期还没有到，请填写今天或以前的日期。")
        for name in PAST_FACTS
        if name in stored and date.fromisoformat(stored[name]) > today
    }
    for fault in finding_faults(
        law=eligibility_law(candidacy.election.term.eligibility_list),
        person=facts_of_person(candidacy),
        finding=facts_of_finding(stored),
    ):
        errors.setdefault(fault.key, fault_sentence(fault))
    if errors:
        raise ValidationError(errors)
    finding = Finding.objects.create(candidacy=candidacy, details=stored, recorded_by=actor, recorded_at=at)
    append(
        verb="candidates.record_finding",
        row=finding,
        actor=actor,
        place=candidacy.place,
        at=at,
        after=snapshot(finding, ("candidacy", "details")),
    )
    reassess([candidacy], cause="candidates.record_finding", at=at, actor=actor)
    return finding


@transaction.atomic
def withdraw_finding(*, finding: Finding, reason: str, actor: User, at: datetime) -> Finding:
    """Take back a finding recorded in error; it stays on record, and no longer counts."""
    candidacy = _in_turn(finding.candidacy)
    finding = Finding.objects.get(pk=finding.pk)
    require(actor, "candidates.record", candidacy)
    if finding.withdrawn_at is not None:
        raise ValidationError(_("这条认定材料已经撤销。"))
    reason = stated(reason, _("请写明撤销的原因。"))
    finding.withdrawn_by, finding.withdrawn_at = actor, at
    finding.save(update_fields=["withdrawn_by", "withdrawn_at"])
    append(
        verb="candidates.withdraw_finding",
        row=finding,
        actor=actor,
        place=candidacy.place,
        at=at,
        after=snapshot(finding, ("candidacy", "withdrawn_at")),
        reason=reason,
    )
    reassess([candidacy], cause="candidates.withdraw_finding", at=at, actor=actor)
    return finding


@transaction.atomic
def reply(
    *, candidacy: Candidacy, department: str, answer: str, remark: str, actor: User, at: datetime
) -> DepartmentReply:
    """Record a department's own answer about a candidate. A later answer replaces an earlier one.

    Raises PermissionDenied unless the actor answers for this department in the county,
    ValidationError when the term's list does not ask it, and for a record that is not described.
    """
    candidacy = _in_turn(candidacy)
    require(actor, "candidates.reply", candidacy)
    require_department(actor, candidacy, department)
    if department not in eligibility_law(candidacy.election.term.eligibility_list).departments:
        raise ValidationError(_("本届资格条件不要求这个部门答复。"))
    if answer not in DepartmentReply.Answer.values:
        raise ValidationError({"answer": _("请选择“无记录”或“有记录”。")})
    if answer == DepartmentReply.Answer.RECORD and not remark.strip():
        raise ValidationError({"remark": _("有记录的，请说明是什么情况、文书编号和日期。")})
    DepartmentReply.objects.newest().filter(candidacy=candidacy, department=department).update(newest=False)
    row = DepartmentReply.objects.create(
        candidacy=candidacy,
        department=department,
        answer=answer,
        remark=remark.strip(),
        replied_by=actor,
        replied_at=at,
    )
    append(
        verb="candidates.reply",
        row=row,
        actor=actor,
        place=candidacy.place,
        at=at,
        after=snapshot(row, ("candidacy", "department", "answer", "remark")),
    )
    reassess([candidacy], cause="candidates.reply", at=at, actor=actor)
    return row


def require_department(actor: User, candidacy: Candidacy, department: str) -> None:
    """Raise PermissionDenied unless the actor answers for the department where the candidate stands."""
    if not any(
        held.role == Role.DEPARTMENT
        and held.department == department
        and candidacy.place.code.startswith(held.place.code)
        for held in actor.held_memberships
    ):
        raise PermissionDenied(_("您不是这个部门的联审人员。"))


@transaction.atomic
def look(*, candidacy: Candidacy, reason: str, actor: User, at: datetime) -> None:
    """Journal that somebody looks behind the mask at a candidate's ID number and findings.

    Raises ValidationError without a reason.
    """
    require(actor, "candidates.look", candidacy)
    reason = stated(reason, _("请写明查看的事由。"))
    append(
        verb="candidates.look",
        row=candidacy,
        actor=actor,
        place=candidacy.place,
        at=at,
        reason=reason,
    )
