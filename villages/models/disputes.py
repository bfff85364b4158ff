"""Contradictions among villagers that should be settled before the election."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from election_admin.encryption import EncryptedText
from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet


class DisputeQuerySet(PlaceScopedQuerySet["Dispute"]):
    """Disputes, by village."""

    def still_open(self) -> "DisputeQuerySet":
        """Only disputes nobody has settled."""
        return self.filter(settled_on__isnull=True)


class Dispute(models.Model):
    """A matter to settle. Its parties are optional, encrypted, and never a ground for anything."""

    class Subject(models.TextChoices):
        LAND = "land", _("土地山林")
        DEMOLITION = "demolition", _("征地拆迁")
        FINANCES = "finances", _("集体财务")
        CONTRACTS = "contracts", _("承包合同")
        HOUSING = "housing", _("宅基地建房")
        CLANS = "clans", _("宗族邻里")
        ELECTION = "election", _("选举")
        OTHER = "other", _("其他")

    place = models.ForeignKey(Place, models.PROTECT, related_name="disputes", verbose_name=_("村"))
    subject = models.CharField(_("类别"), max_length=12, choices=Subject)
    summary = models.CharField(_("事由"), max_length=200)
    parties = EncryptedText(_("当事人（可不填，加密保存）"), max_length=200, blank=True)
    raised_on = models.DateField(_("发生日期"))
    mediator = models.CharField(_("调处负责人"), max_length=40, blank=True)
    deadline = models.DateField(_("调处期限"), null=True, blank=True)
    settled_on = models.DateField(_("化解日期"), null=True, blank=True)
    outcome = models.CharField(_("处理结果"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = DisputeQuerySet.as_manager()

    personal_fields = ("summary", "mediator", "outcome")

    class Meta:
        ordering = ("settled_on", "deadline", "-raised_on")
        verbose_name = _("矛盾纠纷")
        constraints = (
            models.CheckConstraint(
                name="dispute_settled_after_raised",
                condition=models.Q(settled_on__isnull=True) | models.Q(settled_on__gte=models.F("raised_on")),
            ),
            models.CheckConstraint(
                name="dispute_settled_has_outcome",
                condition=models.Q(settled_on__isnull=True) | models.Q(outcome__gt=""),
            ),
        )

    def __str__(self) -> str:
        return self.summary
