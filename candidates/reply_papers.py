"""The papers of a department's answers: the stamped return letter of an enquiry, the paper of one answer.

They are encrypted, and opened for a reason: by the department itself, the township and the county.
"""

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from candidates.judgements import department_title
from candidates.models import DepartmentReply, Enquiry, ReviewBatch
from election_admin.evidence.registry import EvidenceKind, register_evidence

ENQUIRY = "enquiry"
REPLY = "reply"

_ASKED = frozenset({ReviewBatch.State.SENT, ReviewBatch.State.SIGNED})


def _check_enquiry(enquiry: Enquiry) -> None:
    """Raise ValidationError for an enquiry that is not open to answers: a past term's, a returned batch's."""
    enquiry.batch.term.require_current()
    if enquiry.batch.state not in _ASKED:
        raise ValidationError(_("这一批已退回乡镇，等重新上报后再上传。"))


def _check_reply(reply: DepartmentReply) -> None:
    """Raise ValidationError for an answer that was replaced, or of a past term."""
    reply.candidacy.election.term.require_current()
    if not reply.newest:
        raise ValidationError(_("这次答复已由后来的答复取代，不能再增减附件。"))


def _enquiry_name(enquiry: Enquiry) -> str:
    return _("%(batch)s：%(department)s的反馈函") % {
        "batch": enquiry.batch,
        "department": department_title(enquiry.department),
    }


def _reply_name(reply: DepartmentReply) -> str:
    return _("%(person)s：%(department)s的答复") % {
        "person": reply.candidacy.person.name,
        "department": department_title(reply.department),
    }


def _reply_page(reply: DepartmentReply) -> str:
    page = reverse("candidates:reply", args=[reply.candidacy_id])
    return f"{page}?department={reply.department}"


register_evidence(
    EvidenceKind(
        code=ENQUIRY,
        subject=lambda: Enquiry.objects.select_related("batch__place", "batch__term"),
        see_permission="candidates.see_answer_papers",
        add_permission="candidates.answer_enquiry",
        withdraw_permission="candidates.answer_enquiry",
        back=lambda enquiry: reverse("candidates:enquiry", args=[enquiry.pk]),
        name=_enquiry_name,
        check_open=_check_enquiry,
        confidential=True,
    )
)
register_evidence(
    EvidenceKind(
        code=REPLY,
        subject=lambda: DepartmentReply.objects.select_related(
            "candidacy__person", "candidacy__election__place", "candidacy__election__term"
        ),
        see_permission="candidates.see_answer_papers",
        add_permission="candidates.answer_enquiry",
        withdraw_permission="candidates.answer_enquiry",
        back=_reply_page,
        name=_reply_name,
        check_open=_check_reply,
        confidential=True,
    )
)
