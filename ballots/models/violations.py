"""What went wrong in an election, who stopped it, how it was put right."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ballots.models.steps import Step
from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet
from villages.models import Election


class ViolationQuerySet(PlaceScopedQuerySet["Violation"]):
    """Violations, by the village of the election."""

    place_code_field = "election__place__code"

    def open(self) -> "ViolationQuerySet":
        """Only those not yet put right; each blocks the closing of its step."""
        return self.filter(corrected_on__isnull=True)


class Violation(models.Model):
    """One breach of the procedure 违规, at one step."""

    class Voids(models.TextChoices):
        NOTHING = "nothing", _("不影响效力，已纠正")
        STEP = "step", _("该步骤无效，须重新办理")
        ELECTION = "election", _("选举无效，须重新选举")

    election = models.ForeignKey(Election, models.PROTECT, related_name="violations")
    step = models.ForeignKey(Step, models.PROTECT, related_name="violations", verbose_name=_("步骤"))
    what = models.CharField(_("违规情况"), max_length=500)
    found_on = models.DateField(_("发现日期"))
    stopped_by = models.CharField(_("由谁制止"), max_length=80)
    # Empty until it is put right.
    correction = models.CharField(_("纠正情况"), max_length=500, blank=True)
    corrected_on = models.DateField(_("纠正日期"), null=True, blank=True)
    voids = models.CharField(_("对效力的影响"), max_length=10, choices=Voids, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("登记时间"))
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(_("纠正登记时间"), null=True)

    objects = ViolationQuerySet.as_manager()

    recorded_fields: ClassVar[tuple[str, ...]] = (
        "what",
        "found_on",
        "stopped_by",
        "correction",
        "corrected_on",
        "voids",
    )

    class Meta:
        ordering = ("-found_on", "-id")
        verbose_name = _("违规")
        constraints = (
            models.CheckConstraint(
                name="violation_corrected_in_full",
                condition=models.Q(corrected_on__isnull=True)
                | (models.Q(correction__gt="") & models.Q(voids__gt="") & models.Q(closed_at__isnull=False)),
            ),
        )

    def __str__(self) -> str:
        return self.what

    @property
    def place(self) -> Place:
        """The village whose election this is."""
        return self.election.place
