"""What the rules said, and what was decided on it: kept as it was."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from candidates.models.people import Candidacy, Verdict
from election_admin.encryption import EncryptedJSON, EncryptedText
from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet

# What makes an assessment necessary.
CAUSES = {
    "candidates.record_candidate": _("登记候选人"),
    "candidates.correct_candidate": _("更正候选人"),
    "candidates.record_finding": _("记录认定材料"),
    "candidates.withdraw_finding": _("撤销认定材料"),
    "candidates.reply": _("部门联审答复"),
    "candidates.import_candidates": _("导入候选人"),
    "candidates.import_findings": _("导入认定材料"),
    "candidates.resolve_flag": _("处理冻结事项"),
    "villages.set_election_day": _("确定选举日"),
    "villages.change_eligibility_list": _("更换资格条件"),
}


class Basis(models.Model):
    """What assessments were made by and are told in: a list's law and every word, as they then stood.

    Kept once for as long as nothing of it changes. A list corrected or a sentence put better later
    makes another row: what was decided on is read years later in the words of its day.
    """

    digest = models.CharField(max_length=64, unique=True)
    eligibility_list = models.CharField(_("资格条件"), max_length=40)
    # {"law": the numbers the rules judged by, "words": language to every word that is shown}
    texts = models.JSONField()

    class Meta:
        ordering = ("id",)
        verbose_name = _("认定依据")

    def __str__(self) -> str:
        return self.eligibility_list


class AssessmentQuerySet(PlaceScopedQuerySet["Assessment"]):
    """Assessments, by the village of the election."""

    place_code_field = "candidacy__election__place__code"

    def changes(self) -> "AssessmentQuerySet":
        """Only those that said something else than the one before."""
        return self.exclude(was="").exclude(was=models.F("verdict"))


class Assessment(models.Model):
    """What the rules said on one day, with all it stood on. Kept, so it can be shown years later."""

    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="assessments")
    eligibility_list = models.CharField(_("资格条件"), max_length=40)
    election_day = models.DateField(_("选举日"))
    verdict = models.CharField(_("结论"), max_length=16, choices=Verdict)
    # {"about": who stood for what and where, "case": what was judged, "answer": situations, bars,
    # missing replies, reasons}
    snapshot = EncryptedJSON()
    # By what law and in what words; null for one made before these were kept.
    basis = models.ForeignKey(Basis, models.PROTECT, null=True, related_name="assessments")
    # What the assessment before said; empty for a candidacy's first.
    was = models.CharField(_("原结论"), max_length=16, choices=Verdict, blank=True)
    cause = models.CharField(max_length=60)
    # Whose act made it necessary; null for the office's own.
    caused_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("认定时间"))
    current = models.BooleanField(default=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = _("资格认定")
        indexes = (
            # The list of changes reads these few, newest first, out of very many.
            models.Index(
                name="assessment_changes",
                fields=("-at",),
                condition=~models.Q(was="") & ~models.Q(was=models.F("verdict")),
            ),
            models.Index(name="assessment_caused_by_at", fields=("caused_by", "-at")),
        )
        constraints = (
            models.UniqueConstraint(
                name="assessment_one_current",
                fields=("candidacy",),
                condition=models.Q(current=True),
            ),
        )

    def __str__(self) -> str:
        return str(self.get_verdict_display())

    @property
    def cause_title(self) -> str:
        """What made it necessary, in the reader's language."""
        return str(CAUSES.get(self.cause, self.cause))


class DecisionQuerySet(PlaceScopedQuerySet["Decision"]):
    """Decisions, by the village of the election."""

    place_code_field = "candidacy__election__place__code"


class Decision(models.Model):
    """What was decided about a candidacy, with the assessment it was decided on. Never changed."""

    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="decisions")
    state = models.CharField(_("状态"), max_length=12, choices=Candidacy.State)
    was = models.CharField(_("原状态"), max_length=12, choices=Candidacy.State)
    # Null where nobody has been judged: an election without a day.
    assessment = models.ForeignKey(Assessment, models.PROTECT, null=True, related_name="decisions")
    reason = EncryptedText(_("依据"), blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("决定时间"))

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = _("候选人决定")

    def __str__(self) -> str:
        return str(self.get_state_display())

    @property
    def place(self) -> Place:
        """The village whose election this is."""
        return self.candidacy.election.place
