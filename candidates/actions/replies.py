"""What departments answer."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from candidates.actions.judging import reassess
from candidates.actions.turns import in_turn
from candidates.law import eligibility_law
from candidates.models import Candidacy, DepartmentReply
from election_admin.accounts.access import require
from election_admin.accounts.models import Role, User
from election_admin.journal.record import append, snapshot


@transaction.atomic
def reply(
    *, candidacy: Candidacy, department: str, answer: str, remark: str, actor: User, at: datetime
) -> DepartmentReply:
    """Record a department's own answer about a candidate. A later answer replaces an earlier one.

    Raises PermissionDenied unless the actor answers for this department in the county,
    ValidationError when the term's list does not ask it, and for a record that is not described.
    """
    candidacy = in_turn(candidacy)
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
