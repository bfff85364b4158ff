"""The notices 公告 of an election: what was written into each, when and where it was posted."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet
from villages.models import Election


class NoticeQuerySet(PlaceScopedQuerySet["Notice"]):
    """Notices, by the village of the election."""

    place_code_field = "election__place__code"

    def posted(self) -> "NoticeQuerySet":
        """Only those that were posted."""
        return self.filter(posted_on__isnull=False)


class Notice(models.Model):
    """One notice of the term's set in one election.

    ``code`` is one of the notice set; ``serial`` counts those of the same code (a second
    supplement). ``details`` holds what the office has written in by hand, by the set's fields.
    """

    election = models.ForeignKey(Election, models.PROTECT, related_name="notices")
    code = models.CharField(_("公告"), max_length=40)
    serial = models.PositiveSmallIntegerField(_("次序"), default=1)
    details = models.JSONField(_("填写内容"), default=dict)
    dated = models.DateField(_("落款日期"), null=True, blank=True)
    posted_on = models.DateField(_("张贴日期"), null=True, blank=True)
    posted_where = models.CharField(_("张贴地点"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("登记时间"), null=True)

    objects = NoticeQuerySet.as_manager()

    recorded_fields: ClassVar[tuple[str, ...]] = (
        "code",
        "serial",
        "details",
        "dated",
        "posted_on",
        "posted_where",
    )

    class Meta:
        ordering = ("election", "id")
        verbose_name = _("公告")
        constraints = (
            models.UniqueConstraint(name="notice_once", fields=("election", "code", "serial")),
            models.CheckConstraint(
                name="notice_posted_somewhere",
                condition=models.Q(posted_on__isnull=True) | models.Q(posted_where__gt=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.serial}"

    @property
    def place(self) -> Place:
        """The village whose election this is."""
        return self.election.place
