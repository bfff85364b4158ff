"""Objections 异议 to candidates and their lists: recorded, decided, never held against anybody."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from candidates.models.people import Candidacy
from election_admin.accounts.access import reach_of
from election_admin.accounts.models import Role
from election_admin.encryption import EncryptedText
from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet
from villages.models import Election


class ObjectionQuerySet(PlaceScopedQuerySet["Objection"]):
    """Objections, by the village of the election."""

    place_code_field = "election__place__code"

    def open(self) -> "ObjectionQuerySet":
        """Only those not decided yet."""
        return self.filter(decided_on__isnull=True)

    def current(self) -> "ObjectionQuerySet":
        """Only those of the term being held."""
        return self.filter(election__term__current=True)

    def readable_by(self, user: Any) -> "ObjectionQuerySet":
        """Only those this user's offices settle or oversee.

        A township and a county read all of theirs. An election committee reads what was brought to
        it: whoever went past it to the township had a reason.
        """
        officials = self.visible_to(reach_of(user, Role.TOWNSHIP, Role.COUNTY))
        own = self.visible_to(reach_of(user, Role.COMMITTEE)).filter(office=Objection.Office.COMMITTEE)
        return officials | own


class Objection(models.Model):
    """What somebody holds against a candidate, a refusal or a list, and what was decided on it."""

    class About(models.TextChoices):
        CANDIDATE = "candidate", _("对候选人的资格")
        REFUSAL = "refusal", _("对不能确定为候选人的决定")
        LIST = "list", _("对候选人名单")

    class Office(models.TextChoices):
        COMMITTEE = "committee", _("村民选举委员会")
        TOWNSHIP = "township", _("乡镇（街道）")

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("成立")
        PARTLY = "partly", _("部分成立")
        REJECTED = "rejected", _("不成立")
        WITHDRAWN = "withdrawn", _("提出人撤回")

    election = models.ForeignKey(Election, models.PROTECT, related_name="candidate_objections")
    about = models.CharField(_("异议内容"), max_length=10, choices=About)
    # Null for one about a list as a whole.
    candidacy = models.ForeignKey(
        Candidacy, models.PROTECT, null=True, blank=True, related_name="objections", verbose_name=_("候选人")
    )
    received_on = models.DateField(_("收到日期"))
    # To whom it was brought, who therefore settles it.
    office = models.CharField(_("受理机构"), max_length=10, choices=Office, default=Office.TOWNSHIP)
    # May stay empty: nobody has to give a name.
    raised_by = EncryptedText(_("提出人"), blank=True)
    content = EncryptedText(_("异议事由"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("登记时间"))
    decided_on = models.DateField(_("决定日期"), null=True, blank=True)
    outcome = models.CharField(_("处理结果"), max_length=10, choices=Outcome, blank=True)
    grounds = EncryptedText(_("理由和依据"), blank=True)
    # Who decided: 村民选举委员会, 乡镇人民政府.
    decided_body = models.CharField(_("决定机构"), max_length=60, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = ObjectionQuerySet.as_manager()

    recorded_fields: ClassVar[tuple[str, ...]] = (
        "election",
        "about",
        "candidacy",
        "received_on",
        "office",
        "raised_by",
        "content",
        "decided_on",
        "outcome",
        "grounds",
        "decided_body",
    )

    class Meta:
        ordering = ("-received_on", "-id")
        verbose_name = _("候选人异议")
        constraints = (
            models.CheckConstraint(
                name="candidate_objection_decided_says_how",
                condition=models.Q(decided_on__isnull=True, outcome="")
                | models.Q(decided_on__isnull=False, outcome__gt=""),
            ),
            models.CheckConstraint(
                name="candidate_objection_decided_after_received",
                condition=models.Q(decided_on__isnull=True)
                | models.Q(decided_on__gte=models.F("received_on")),
            ),
        )

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def place(self) -> Place:
        """The village whose election this is."""
        return self.election.place

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided on it yet."""
        return self.decided_on is None
