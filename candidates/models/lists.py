"""The list of final candidates as it was settled, each time it was."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from election_admin.encryption import EncryptedJSON
from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet
from villages.models import Election


class FinalListQuerySet(PlaceScopedQuerySet["FinalList"]):
    """Settled lists, by the village of the election."""

    place_code_field = "election__place__code"


class FinalList(models.Model):
    """Who became a final candidate, who did not and why: what the rule said on the day it was settled."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="final_lists")
    number = models.PositiveSmallIntegerField(_("次数"))
    # {"case": what the rule was given, "answer": post to who is listed, in order, and who is not}
    snapshot = EncryptedJSON()
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(_("确定时间"))

    objects = FinalListQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        verbose_name = _("正式候选人名单")
        constraints = (models.UniqueConstraint(name="final_list_number_once", fields=("election", "number")),)

    def __str__(self) -> str:
        return f"#{self.number}"

    @property
    def place(self) -> Place:
        """The village whose election this is."""
        return self.election.place
