"""Photos and scans that show that something was done."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from election_admin.evidence.registry import UnknownKind, evidence_kind
from election_admin.files import is_sealed
from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet


class EvidenceQuerySet(PlaceScopedQuerySet["Evidence"]):
    """Evidence, by the place of what it shows."""

    def of(self, kind: str, subject_id: object) -> "EvidenceQuerySet":
        """Only what stands for one row, without what was withdrawn."""
        return self.filter(kind=kind, subject_id=str(subject_id), withdrawn_at__isnull=True)


class Evidence(models.Model):
    """One photo or scan, of a row of another app.

    ``kind`` is registered by that app (see registry.py), ``subject_id`` the row's key. The file
    lies outside the web root and is only ever served by a view. Nothing is deleted: what was
    attached by mistake is withdrawn, with a reason.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=32)
    subject_id = models.CharField(max_length=32)
    name = models.CharField(_("文件名"), max_length=120)
    content_type = models.CharField(_("类型"), max_length=40)
    size = models.PositiveIntegerField(_("大小（字节）"))
    sha256 = models.CharField(max_length=64)
    # Relative to MEDIA_ROOT.
    path = models.CharField(max_length=120)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("上传时间"))
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("撤下时间"), null=True)
    withdrawn_because = models.CharField(_("撤下原因"), max_length=300, blank=True)

    objects = EvidenceQuerySet.as_manager()

    recorded_fields: ClassVar[tuple[str, ...]] = ("kind", "subject_id", "name", "size", "sha256")

    class Meta:
        ordering = ("id",)
        verbose_name = _("佐证材料")
        indexes = (models.Index(name="evidence_of_subject", fields=("kind", "subject_id")),)
        constraints = (
            models.CheckConstraint(
                name="evidence_withdrawn_with_reason",
                condition=models.Q(withdrawn_at__isnull=True) | models.Q(withdrawn_because__gt=""),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_confidential(self) -> bool:
        """Whether its file is encrypted at rest, and opening it asks why.

        One that was sealed stays so, whatever becomes of its kind.
        """
        try:
            return evidence_kind(self.kind).confidential or is_sealed(self.path)
        except UnknownKind:
            return True
