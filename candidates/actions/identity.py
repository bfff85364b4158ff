"""When somebody's ID number is put right: what departments answered was about another number."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from candidates.actions.batches import follow_standing
from candidates.actions.findings import take_back
from candidates.models import Candidacy, DepartmentReply, Finding, Person
from candidates.reviewable import sent_up
from election_admin.accounts.models import User
from election_admin.journal.record import append


def candidacies_of(person: Person) -> Sequence[Candidacy]:
    """Where somebody stands in the term being held: what is put right of them bears on each."""
    return list(Candidacy.objects.current().with_person().filter(person=person).order_by("pk"))


def require_not_sent_up(person: Person) -> None:
    """Raise ValidationError while departments search by the number that is about to be changed."""
    if sent_up(one.pk for one in candidacies_of(person)):
        raise ValidationError(
            {
                "id_number": _(
                    "这个人正在联审，各部门正按原来的公民身份号码核查。请先请县里退回这一批，再更正号码、重新上报。"
                )
            }
        )


def set_answers_aside(person: Person, *, actor: User, at: datetime) -> None:
    """Let no answer count that was given about another number, inside the caller's transaction.

    The answers and the findings they brought stay on record; judging anew is the caller's.
    """
    for candidacy in candidacies_of(person):
        answers = DepartmentReply.objects.newest().filter(candidacy=candidacy)
        departments = sorted(answers.values_list("department", flat=True))
        if not departments:
            continue
        brought = Finding.objects.in_force().filter(candidacy=candidacy, reply__isnull=False)
        for finding in brought:
            take_back(finding, candidacy, reason=str(_("更正公民身份号码")), actor=actor, at=at)
        answers.update(newest=False)
        append(
            verb="candidates.set_answers_aside",
            row=candidacy,
            actor=actor,
            place=candidacy.place,
            at=at,
            before={"departments": departments},
        )
        follow_standing(candidacy, at=at)
