"""Entering candidates, what is found about them, and what departments answer."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from candidates.actions.judging import DATE_FACTS, facts_of_finding, facts_of_person, reassess
from candidates.law import eligibility_law
from candidates.models import Candidacy, DepartmentReply, Finding, Person
from candidates.rules.facts import finding_faults
from candidates.wording import fault_sentence
from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.encryption import keyed_hash
from election_admin.journal.record import append, snapshot
from villages.models import Election

CANDIDACY_FIELDS = ("post", "how", "nominated_on", "supporters", "state", "standing")


def _locked(candidacy: Candidacy) -> Candidacy:
    return (
        Candidacy.objects.select_for_update(of=("self",))
        .select_related("person", "election__place", "election__term")
        .get(pk=candidacy.pk)
    )


@transaction.atomic
def record_candidate(
    *, election: Election, person: Mapping[str, Any], values: Mapping[str, Any], actor: User, at: datetime
) -> Candidacy:
    """Enter a candidate: the person as the village knows them, and the post they stand for.

    ``person`` holds Person.recorded_fields, ``values`` post, how, nominated_on, supporters,
    registered_voter and deprived_of_political_rights. Raises ValidationError when the post has
    no seat in this election, or the same person stands in it already: one person, one post.
    """
    require(actor, "candidates.record", election)
    Election.objects.select_for_update().get(pk=election.pk)
    seats = {seat.post: seat for seat in election.seats.all()}
    if values["post"] not in seats:
        raise ValidationError({"post": _("这次选举没有设这个职务。")})
    if seats[values["post"]].women_only and person["sex"] != Person.Sex.FEMALE:
        raise ValidationError({"post": _("妇女委员只能由女性竞选。")})
    known = _known_person(election, person)
    before = snapshot(known, Person.recorded_fields) if known.pk else None
    for name in Person.recorded_fields:
        setattr(known, name, person[name])
    known.id_hash = keyed_hash(known.id_number) if known.id_number else ""
    known.full_clean(exclude=["place"])
    known.save()
    candidacy = Candidacy(
        election=election,
        person=known,
        post=values["post"],
        how=values["how"],
        nominated_on=values["nominated_on"],
        supporters=values["supporters"],
        standing={
            "registered_voter": values["registered_voter"],
            "deprived_of_political_rights": values["deprived_of_political_rights"],
        },
    )
    candidacy.save()
    append(
        verb="candidates.record_candidate",
        row=candidacy,
        actor=actor,
        place=election.place,
        at=at,
        before=before,
        after={**snapshot(candidacy, CANDIDACY_FIELDS), "person": snapshot(known, Person.recorded_fields)},
    )
    reassess([candidacy], cause="candidates.record_candidate", at=at)
    return candidacy


def _known_person(election: Election, person: Mapping[str, Any]) -> Person:
    """The village's row for this person, matched by ID number; a new one if there is none."""
    if not person["id_number"]:
        return Person(place=election.place)
    held = Person.objects.filter(
        place=election.place, id_hash=keyed_hash(person["id_number"])
    ).first()
    if held is None:
        return Person(place=election.place)
    if held.candidacies.filter(election=election).exists():
        raise ValidationError({"id_number": _("此人已是本次选举的候选人，一人只能竞选一个职务。")})
    return held


@transaction.atomic
def record_finding(
    *, candidacy: Candidacy, details: Mapping[str, Any], actor: User, at: datetime
) -> Finding:
    """Record a fact that bears on eligibility, and judge the candidate anew.

    ``details`` holds situation, status, the dates of the situation, sanction, source and remark.
    Raises ValidationError keyed by field when the facts contradict each other, belong to nothing
    the term's list asks, or lie in the future.
    """
    candidacy = _locked(candidacy)
    require(actor, "candidates.record", candidacy)
    today = timezone.localdate(at)
    stored = {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in details.items()
        if value not in (None, "")
    }
    errors = {
        name: _("日期还没有到，请填写今天或以前的日期。")
        for name in DATE_FACTS
        # The end of a bar or of a probation may well lie ahead; what has happened cannot.
        if name in stored and name not in {"barred_until", "released_on", "probation_ended_on"}
        and date.fromisoformat(stored[name]) > today
    }
    for fault in finding_faults(
        law=eligibility_law(candidacy.election.term.eligibility_list),
        person=facts_of_person(candidacy),
        finding=facts_of_finding(stored),
    ):
        errors.setdefault(fault.key, fault_sentence(fault))
    if errors:
        raise ValidationError(errors)
    finding = Finding.objects.create(
        candidacy=candidacy, details=stored, recorded_by=actor, recorded_at=at
    )
    append(
        verb="candidates.record_finding",
        row=finding,
        actor=actor,
        place=candidacy.place,
        at=at,
        after=snapshot(finding, ("candidacy", "details")),
    )
    reassess([candidacy], cause="candidates.record_finding", at=at)
    return finding


@transaction.atomic
def withdraw_finding(*, finding: Finding, reason: str, actor: User, at: datetime) -> Finding:
    """Take back a finding recorded in error; it stays on record, and no longer counts."""
    finding = Finding.objects.select_for_update(of=("self",)).select_related("candidacy").get(pk=finding.pk)
    candidacy = _locked(finding.candidacy)
    require(actor, "candidates.record", candidacy)
    if finding.withdrawn_at is not None:
        raise ValidationError(_("这条认定材料已经撤销。"))
    if not reason.strip():
        raise ValidationError({"reason": _("请写明撤销的原因。")})
    finding.withdrawn_by, finding.withdrawn_at = actor, at
    finding.save(update_fields=["withdrawn_by", "withdrawn_at"])
    append(
        verb="candidates.withdraw_finding",
        row=finding,
        actor=actor,
        place=candidacy.place,
        at=at,
        after=snapshot(finding, ("candidacy", "withdrawn_at")),
        reason=reason.strip(),
    )
    reassess([candidacy], cause="candidates.withdraw_finding", at=at)
    return finding


@transaction.atomic
def reply(
    *, candidacy: Candidacy, department: str, answer: str, remark: str, actor: User, at: datetime
) -> DepartmentReply:
    """Record a department's own answer about a candidate. A later answer replaces an earlier one.

    Raises PermissionDenied unless the actor answers for this department in the county,
    ValidationError for a record that is not described.
    """
    candidacy = _locked(candidacy)
    require(actor, "candidates.reply", candidacy)
    require_department(actor, candidacy, department)
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
    reassess([candidacy], cause="candidates.reply", at=at)
    return row


def require_department(actor: User, candidacy: Candidacy, department: str) -> None:
    """Raise PermissionDenied unless the actor answers for the department where the candidate stands."""
    if not any(
        held.department == department and candidacy.place.code.startswith(held.place.code)
        for held in actor.held_memberships
    ):
        raise PermissionDenied(_("您不是这个部门的联审人员。"))


@transaction.atomic
def look(*, candidacy: Candidacy, reason: str, actor: User, at: datetime) -> None:
    """Journal that somebody looks behind the mask at a candidate's ID number and findings.

    Raises ValidationError without a reason.
    """
    require(actor, "candidates.look", candidacy)
    if not reason.strip():
        raise ValidationError({"reason": _("请写明查看的事由。")})
    append(
        verb="candidates.look",
        row=candidacy,
        actor=actor,
        place=candidacy.place,
        at=at,
        reason=reason.strip(),
    )
