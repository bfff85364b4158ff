"""The teams that a township sends to guide its villages' elections."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet


class GuidanceTeamQuerySet(PlaceScopedQuerySet["GuidanceTeam"]):
    """Guidance teams, by township."""


class GuidanceTeam(models.Model):
    """A township's guidance team 指导组: it can be in one village a day."""

    place = models.ForeignKey(
        Place, models.PROTECT, related_name="guidance_teams", verbose_name=_("乡镇（街道）")
    )
    name = models.CharField(_("名称"), max_length=40)
    leader = models.CharField(_("组长"), max_length=40)
    members = models.CharField(_("成员"), max_length=200, blank=True)
    active = models.BooleanField(_("在用"), default=True)

    objects = GuidanceTeamQuerySet.as_manager()

    recorded_fields: ClassVar[tuple[str, ...]] = ("name", "leader", "members", "active")

    class Meta:
        ordering = ("place__code", "id")
        verbose_name = _("指导组")
        constraints = (models.UniqueConstraint(name="guidance_team_name_once", fields=("place", "name")),)

    def __str__(self) -> str:
        return self.name
