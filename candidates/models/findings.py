"""What is found about candidates and what departments answer."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from candidates.models.people import Candidacy
from election_admin.encryption import EncryptedJSON, EncryptedText
from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet


class FindingQuerySet(PlaceScopedQuerySet["Finding"]):
    """Findings, by the village of the election."""

    place_code_field = "candidacy__election__place__code"

    def in_force(self) -> "FindingQuerySet":
        """Only findings nobody has withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class Finding(models.Model):
    """A fact that bears on a candidate's eligibility. Withdrawn and recorded anew, never changed."""

    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="findings")
    # The department's answer that brought it; null for what the township recorded itself.
    reply = models.ForeignKey(
        "candidates.DepartmentReply", models.PROTECT, null=True, blank=True, related_name="findings"
    )
    # {"situation", "status", the dates of the situation, "sanction", "source", "remark"}
    details = EncryptedJSON()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("记录时间"))
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("撤销时间"), null=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        verbose_name = _("认定材料")

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def place(self) -> Place:
        """The village whose election this is."""
        return self.candidacy.election.place


class ReplyQuerySet(PlaceScopedQuerySet["DepartmentReply"]):
    """Replies, by the village of the election."""

    place_code_field = "candidacy__election__place__code"

    def newest(self) -> "ReplyQuerySet":
        """Only the reply that counts of each department."""
        return self.filter(newest=True)


class DepartmentReply(models.Model):
    """What one department answered about one candidate. A later answer replaces an earlier one."""

    class Answer(models.TextChoices):
        NO_RECORD = "no_record", _("无记录")
        RECORD = "record", _("有记录")

    # Stands among ``situations`` for a record that is about none of the list's.
    OUTSIDE: ClassVar[str] = "outside_list"

    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="replies")
    # A code of rulebooks/departments.yaml.
    department = models.CharField(_("部门"), max_length=32)
    answer = EncryptedText(_("答复"))
    remark = EncryptedText(_("说明"), blank=True)
    # The situations of the list a record is about, or OUTSIDE for one that is about none of them;
    # none named means: any this department answers for.
    situations = EncryptedJSON(default=list)
    newest = models.BooleanField(default=True)
    # Given after the county had signed the review off.
    late = models.BooleanField(_("签署后答复"), default=False)
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    replied_at = models.DateTimeField(_("答复时间"))

    objects = ReplyQuerySet.as_manager()

    class Meta:
        ordering = ("department", "-id")
        verbose_name = _("部门答复")
        constraints = (
            models.UniqueConstraint(
                name="reply_one_newest_a_department",
                fields=("candidacy", "department"),
                condition=models.Q(newest=True),
            ),
        )

    def __str__(self) -> str:
        return self.department

    @property
    def place(self) -> Place:
        """The village whose election this is."""
        return self.candidacy.election.place
