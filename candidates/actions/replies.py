"""What departments answer: about one candidate, or about many people of an enquiry at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from candidates.actions.batches import follow_answers
from candidates.actions.findings import add_finding, checked_details, take_back
from candidates.actions.flags import flag_late_finding, open_flag
from candidates.actions.judging import BATCH, reassess
from candidates.actions.turns import in_turn
from candidates.law import eligibility_law
from candidates.models import Candidacy, DepartmentReply, Enquiry, Finding, Flag, ReviewBatch, ReviewItem
from candidates.rules.facts import Status
from election_admin.accounts.access import require
from election_admin.accounts.models import Role, User
from election_admin.journal.record import Act, append_many, snapshot, take_turn

_RECORDED = ("candidacy", "department", "answer", "remark", "situations", "late")
# A department says what it knows or has been told; that something is disproved it says with "no record".
STATED = (Status.CONFIRMED, Status.ALLEGED)


@dataclass(frozen=True)
class Said:
    """What a department says about one candidate.

    ``situations`` are those of the list that its record is about, or DepartmentReply.OUTSIDE;
    ``findings`` the facts of each, as record_finding takes them.
    """

    answer: str
    remark: str = ""
    situations: Sequence[str] = ()
    findings: Sequence[Mapping[str, Any]] = ()


class RepliesRefused(ValidationError):
    """Answers that cannot be taken; ``by_candidacy`` says of whom, and why. None of them was."""

    def __init__(self, by_candidacy: Mapping[int, ValidationError]) -> None:
        super().__init__([error for one in by_candidacy.values() for error in one.messages])
        self.by_candidacy = by_candidacy


@transaction.atomic
def reply(
    *,
    candidacy: Candidacy,
    department: str,
    answer: str,
    remark: str,
    actor: User,
    at: datetime,
    situations: Sequence[str] = (),
    findings: Sequence[Mapping[str, Any]] = (),
) -> DepartmentReply:
    """Record a department's own answer about a candidate. A later answer replaces an earlier one.

    The findings it brings are recorded with it, those of its earlier answer withdrawn. After the
    county has signed, an answer that says something else than before freezes the candidacy.
    Raises PermissionDenied unless the actor answers for this department in the county,
    ValidationError when the term's list does not ask it, for a record that is not described, for
    situations it does not answer for, and keyed ``findings[0].released_on`` for facts that cannot be.
    """
    candidacy = in_turn(candidacy)
    said = Said(answer=answer, remark=remark, situations=situations, findings=findings)
    said = checked_answer(candidacy, department, said, actor=actor, today=timezone.localdate(at))
    return _keep([(candidacy, said)], department, actor=actor, at=at)[0]


@transaction.atomic
def reply_many(
    *,
    enquiry: Enquiry,
    said: Mapping[int, Said],
    seen: Mapping[int, int | None],
    actor: User,
    at: datetime,
) -> list[DepartmentReply]:
    """Record a department's answers about people of one enquiry, by candidacy: all of them or none.

    ``seen`` names the answer that stood there when these were written, None for none: what a
    colleague has answered meanwhile is not overwritten unseen. Takes and refuses each as ``reply``
    does; raises RepliesRefused with every refusal.
    """
    take_turn(enquiry.place)
    enquiry = Enquiry.objects.select_related("batch__place", "batch__term").get(pk=enquiry.pk)
    enquiry.batch.term.require_current()
    department = enquiry.department
    items = ReviewItem.objects.with_person().asked_of(actor, department).filter(batch=enquiry.batch)
    asked = {item.candidacy_id: item.candidacy for item in items if item.candidacy_id in said}
    standing = {one.candidacy_id: one for one in _newest(asked, department).select_related("replied_by")}
    today = timezone.localdate(at)
    pairs: list[tuple[Candidacy, Said]] = []
    refused: dict[int, ValidationError] = {}
    for pk, own in said.items():
        try:
            if pk not in asked:
                raise ValidationError(_("已不再征询这个人的情况：本人退出、不再参选，或者批次已退回。"))
            _require_unchanged(standing.get(pk), seen.get(pk))
            pairs.append((asked[pk], checked_answer(asked[pk], department, own, actor=actor, today=today)))
        except ValidationError as error:
            refused[pk] = error
    if refused:
        raise RepliesRefused(refused)
    return _keep(pairs, department, actor=actor, at=at)


def require_department(actor: User, candidacy: Candidacy, department: str) -> None:
    """Raise PermissionDenied unless the actor answers for the department where the candidate stands."""
    if not any(
        held.role == Role.DEPARTMENT
        and held.department == department
        and candidacy.place.code.startswith(held.place.code)
        for held in actor.held_memberships
    ):
        raise PermissionDenied(_("您不是这个部门的联审人员。"))


def signed_for_good(candidacies: Iterable[int]) -> set[int]:
    """Which of these candidacies the county has signed, without asking the departments again since."""
    rows = ReviewItem.objects.filter(candidacy__in=list(candidacies))
    signed = rows.filter(batch__state=ReviewBatch.State.SIGNED).values_list("candidacy", flat=True)
    asked = rows.filter(batch__state=ReviewBatch.State.SENT).values_list("candidacy", flat=True)
    return set(signed) - set(asked)


def says_the_same(earlier: DepartmentReply | None, found: Iterable[Mapping[str, Any]], said: Said) -> bool:
    """Whether an answer says what the earlier one said; ``found`` are the details that one brought.

    What is remarked beside "no record" changes nothing; of a record, it is part of what is said.
    """
    if earlier is None or earlier.answer != said.answer:
        return False
    if said.answer == DepartmentReply.Answer.NO_RECORD:
        return True
    return (
        earlier.remark == said.remark
        and set(earlier.situations) == set(said.situations)
        and _in_order(found) == _in_order(said.findings)
    )


def _in_order(found: Iterable[Mapping[str, Any]]) -> list[list[tuple[str, str]]]:
    return sorted(sorted((key, str(value)) for key, value in one.items()) for one in found)


def _newest(candidacies: Iterable[int], department: str) -> Any:
    return DepartmentReply.objects.newest().filter(candidacy__in=list(candidacies), department=department)


def _require_unchanged(standing: DepartmentReply | None, seen: int | None) -> None:
    if standing is None or standing.pk == seen:
        return
    raise ValidationError(
        _("%(name)s已于%(at)s作出答复，没有覆盖。请核对后，需要改变的到这个人的页面重新答复。")
        % {
            "name": standing.replied_by.name if standing.replied_by else "—",
            "at": date_format(timezone.localtime(standing.replied_at), "Y-m-d H:i"),
        }
    )


def checked_answer(candidacy: Candidacy, department: str, said: Said, *, actor: User, today: date) -> Said:
    """Return the answer as it is kept. Raises what ``reply`` raises."""
    require(actor, "candidates.reply", candidacy)
    require_department(actor, candidacy, department)
    law = eligibility_law(candidacy.election.term.eligibility_list)
    if department not in law.departments:
        raise ValidationError(_("本届资格条件不要求这个部门答复。"))
    if said.answer not in DepartmentReply.Answer.values:
        raise ValidationError({"answer": _("请选择“无记录”或“有记录”。")})
    remark = said.remark.strip()
    if said.answer == DepartmentReply.Answer.NO_RECORD:
        if said.situations or said.findings:
            raise ValidationError({"answer": _("填写了情形的，答复应为“有记录”；确无记录的，请清空情形。")})
        return Said(answer=said.answer, remark=remark)
    own = {each.code for each in law.situations if department in each.departments}
    situations = tuple(dict.fromkeys(said.situations))
    if not own.union({DepartmentReply.OUTSIDE}).issuperset(situations):
        raise ValidationError({"situations": _("选择的情形中有不由本部门答复的，请重新选择。")})
    if not own.intersection(situations) and not remark:
        raise ValidationError({"remark": _("有记录的，请说明是什么情况、文书编号和日期。")})
    findings = _checked_findings(candidacy, own.intersection(situations), said.findings, today=today)
    return replace(said, remark=remark, situations=situations, findings=findings)


def _checked_findings(
    candidacy: Candidacy, about: set[str], findings: Sequence[Mapping[str, Any]], *, today: date
) -> tuple[dict[str, Any], ...]:
    """The details as they are kept: some for each situation the record is about, and for no other."""
    stored: list[dict[str, Any]] = []
    errors: dict[str, list[str]] = {}
    for index, details in enumerate(findings):
        at = f"findings[{index}]"
        try:
            own = checked_details(candidacy, details, today=today)
        except ValidationError as error:
            errors |= {f"{at}.{key}": sentences for key, sentences in error.message_dict.items()}
            continue
        if own["situation"] not in about:
            errors[f"{at}.situation"] = [_("这里填写的情形，不在选择的情形之中，请核对。")]
        if own["status"] not in STATED:
            errors[f"{at}.status"] = [_("请选择“已查实”或者“仅有反映”；已经排除的，请答复“无记录”。")]
        elif own["status"] == Status.CONFIRMED and not str(own.get("source", "")).strip():
            errors[f"{at}.source"] = [_("已查实的，请填写文书编号。")]
        stored.append(own)
    if not errors and about - {one["situation"] for one in stored}:
        errors["situations"] = [_("选择的每种情形，都要填写核实程度和文书编号。")]
    if errors:
        raise ValidationError(errors)
    return tuple(stored)


def _keep(
    pairs: Sequence[tuple[Candidacy, Said]], department: str, *, actor: User, at: datetime
) -> list[DepartmentReply]:
    """Keep answers that were checked, with all that follows from them, inside the caller's transaction."""
    candidacies = [candidacy for candidacy, _said in pairs]
    pks = [one.pk for one in candidacies]
    if not pks:
        return []
    standing = {one.candidacy_id: one for one in _newest(pks, department)}
    brought = _brought(pks, department)
    signed = signed_for_good(pks)
    for candidacy in candidacies:
        for finding in brought[candidacy.pk]:
            take_back(finding, candidacy, reason=str(_("部门重新答复")), actor=actor, at=at)
    _newest(pks, department).update(newest=False)
    rows = DepartmentReply.objects.bulk_create(
        [
            DepartmentReply(
                candidacy=candidacy,
                department=department,
                answer=said.answer,
                remark=said.remark,
                situations=list(said.situations),
                late=candidacy.pk in signed,
                replied_by=actor,
                replied_at=at,
            )
            for candidacy, said in pairs
        ],
        batch_size=BATCH,
    )
    append_many(
        (
            Act(verb="candidates.reply", row=row, place=row.place, after=snapshot(row, _RECORDED))
            for row in rows
        ),
        actor=actor,
        place=candidacies[0].place,
        at=at,
    )
    for row, (candidacy, said) in zip(rows, pairs, strict=True):
        before = [finding.details for finding in brought[candidacy.pk]]
        same = says_the_same(standing.get(candidacy.pk), before, said)
        for details in said.findings:
            finding = add_finding(candidacy, dict(details), actor=actor, at=at, reply=row)
            if finding.details not in before:
                flag_late_finding(finding, candidacy, actor=actor, at=at)
        if row.late and not same:
            open_flag(
                candidacy, Flag.Kind.LATE_REPLY, {"department": department}, actor=actor, at=at, reply=row
            )
    reassess(candidacies, cause="candidates.reply", at=at, actor=actor)
    for batch in _asking(pks):
        follow_answers(batch, at=at)
    return rows


def _brought(candidacies: Sequence[int], department: str) -> dict[int, list[Finding]]:
    """The findings in force that the department's answers brought, by candidacy."""
    found: dict[int, list[Finding]] = {pk: [] for pk in candidacies}
    rows = Finding.objects.in_force().filter(candidacy__in=candidacies, reply__department=department)
    for finding in rows:
        found[finding.candidacy_id].append(finding)
    return found


def _asking(candidacies: Sequence[int]) -> Iterable[ReviewBatch]:
    """The batches by which departments are, or were, asked about these people."""
    asked = (ReviewBatch.State.SENT, ReviewBatch.State.SIGNED)
    rows = ReviewItem.objects.filter(candidacy__in=candidacies).values("batch")
    return ReviewBatch.objects.filter(pk__in=rows, state__in=asked)
