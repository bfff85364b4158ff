"""Photos and scans that show that a step was done."""

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from ballots.actions.steps import EVIDENCE
from ballots.models import Step
from ballots.models.steps import StepQuerySet
from ballots.wording import step_title
from election_admin.evidence.registry import EvidenceKind, register_evidence
from villages.procedures import course_of


def _steps() -> StepQuerySet:
    return Step.objects.select_related("election__place", "election__term", "election__edition")


def _page(step: Step) -> str:
    return reverse("ballots:procedure", args=[step.election_id]) + f"#{step.code}"


def _name(step: Step) -> str:
    # A course since given up may have had the step, which the present one cannot name.
    known = step.code in course_of(step.election).steps
    title = step_title(step.election, step.code) if known else step.code
    return _("%(village)s“%(step)s”") % {"village": step.place.name, "step": title}


def _check_open(step: Step) -> None:
    step.election.term.require_current()
    if step.code not in course_of(step.election).steps:
        raise ValidationError(_("现在的选举方式没有这一步。"))
    if step.done_on is None:
        raise ValidationError(_("这一步还没有登记，请先登记办理日期，再上传照片或扫描件。"))


register_evidence(
    EvidenceKind(
        code=EVIDENCE,
        subject=_steps,
        see_permission="ballots.see_step",
        add_permission="ballots.attach_to_step",
        withdraw_permission="ballots.withdraw_evidence",
        back=_page,
        name=_name,
        check_open=_check_open,
    )
)
