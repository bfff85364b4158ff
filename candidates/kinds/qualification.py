"""The qualification form 候选人资格审查表: one person, judged as of election day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from candidates.judgements import (
    department_title,
    finding_title,
    shown_judgement,
    shown_list,
    unjudged_conditions,
    unjudged_situations,
)
from candidates.models import Candidacy, DepartmentReply, Nomination, ReviewBatch, ReviewItem
from election_admin.documents.registry import Kind, register_kind
from election_admin.rulebooks.eligibility_lists import EligibilityList, load_eligibility_list
from election_admin.sentences import listed
from villages.models import Mode

QUALIFICATION_FORM = "qualification_form"
# So many characters of remarks leave the departments' table on one page.
SHORT_REMARKS = 400


@dataclass(frozen=True)
class DepartmentAnswer:
    """What one department answered; everything but its title is empty while it has not."""

    title: str
    answer: str = ""
    at: datetime | None = None
    about: str = ""
    remark: str = ""


def qualification(candidacy: Candidacy, language: str) -> Mapping[str, Any]:
    """What the form shows: the person, the nomination, the current judgement, who answered what.

    What the office does not know stays empty, to be written in; nothing is filled in for anybody.
    """
    election = candidacy.election
    assessment = candidacy.assessments.filter(current=True).first()
    listed_in = assessment.eligibility_list if assessment else election.term.eligibility_list
    source = load_eligibility_list(listed_in)
    judgement = shown_judgement(assessment, masked=False) if assessment else None
    answers = department_answers(candidacy, source)
    return {
        "candidacy": candidacy,
        "person": candidacy.person,
        "election": election,
        "self_nominated": election.mode == Mode.SELF_NOMINATED,
        "nominations": nomination_sentences(candidacy),
        "assessment": assessment,
        "judgement": judgement,
        "conditions": judgement.conditions if judgement else unjudged_conditions(source),
        "situations": judgement.situations if judgement else unjudged_situations(source),
        "list": shown_list(source),
        "answers": answers,
        "short_remarks": sum(len(answer.remark) for answer in answers) <= SHORT_REMARKS,
        "sent": _item(candidacy, ReviewBatch.State.SENT, ReviewBatch.State.SIGNED),
        "signed": _item(candidacy, ReviewBatch.State.SIGNED),
    }


def department_answers(candidacy: Candidacy, source: EligibilityList) -> list[DepartmentAnswer]:
    """Each department the list asks, in its order, and what it last answered about the person."""
    given = {reply.department: reply for reply in candidacy.replies.newest()}
    return [_answer(code, given.get(code), source) for code in source.departments.value]


def _answer(code: str, reply: DepartmentReply | None, source: EligibilityList) -> DepartmentAnswer:
    if reply is None:
        return DepartmentAnswer(department_title(code))
    # A list that was changed since may lack a situation that was named then.
    known = {each.code for each in source.situations}
    return DepartmentAnswer(
        title=department_title(code),
        answer=str(DepartmentReply.Answer(reply.answer).label),
        at=reply.replied_at,
        about=listed(finding_title(each, source) for each in reply.situations if each in known),
        remark=reply.remark,
    )


def nomination_sentences(candidacy: Candidacy) -> list[str]:
    """How somebody came to be nominated, in sentences; never who signed for them."""
    nominations: list[Nomination | Candidacy] = list(candidacy.nominations.in_force())
    return [_nomination_sentence(one) for one in nominations or [candidacy]]


def _nomination_sentence(one: Nomination | Candidacy) -> str:
    values = {
        "day": date_format(one.nominated_on),
        "post": one.post_title,
        "how": one.get_how_display(),
        "count": one.supporters,
    }
    if not one.supporters:
        return _("%(day)s，%(how)s，职务：%(post)s。") % values
    sentence = ngettext(
        "%(day)s，%(how)s（%(count)d人），职务：%(post)s。",
        "%(day)s，%(how)s（%(count)d人），职务：%(post)s。",
        one.supporters,
    )
    return sentence % values


def _item(candidacy: Candidacy, *states: str) -> ReviewItem | None:
    """The newest review of the person in one of these states."""
    items = candidacy.review_items.filter(batch__state__in=states).select_related("batch")
    return items.order_by("-batch__sent_at", "-pk").first()


def _name(candidacy: Candidacy) -> str:
    return _("%(village)s%(name)s候选人资格审查表") % {
        "village": candidacy.place.name,
        "name": candidacy.person.name,
    }


register_kind(
    Kind(
        code=QUALIFICATION_FORM,
        title=_lazy("候选人资格审查表"),
        template="candidates/documents/qualification_form.html",
        subject=lambda: Candidacy.objects.with_person().select_related("election__edition"),
        context=qualification,
        name=_name,
        permission="candidates.see",
        confidential=True,
    )
)
