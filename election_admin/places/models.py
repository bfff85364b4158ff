"""Provinces, cities, counties, townships and villages, by statistical division code."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from election_admin.places.demo import DemoMark
from election_admin.places.querysets import PlaceQuerySet

__all__ = ["CODE_DIGITS", "DemoMark", "Kind", "Level", "Place"]

# Digits of the code at each level, province first (统计用区划代码).
CODE_DIGITS = {"province": 2, "city": 4, "county": 6, "township": 9, "village": 12}


class Level(models.TextChoices):
    """The five levels of the division code."""

    PROVINCE = "province", _("省")
    CITY = "city", _("市")
    COUNTY = "county", _("县（市、区）")
    TOWNSHIP = "township", _("乡镇（街道）")
    VILLAGE = "village", _("村（社区）")


class Kind(models.TextChoices):
    """Which law elects the place's committee; only villages fall under the Organic Law."""

    VILLAGE = "village", _("行政村")
    COMMUNITY = "community", _("社区")
    NONE = "none", _("不设委员会")


class Place(models.Model):
    """One place. Its code begins with its parent's, so a subtree is a range of codes."""

    code = models.CharField(_("区划代码"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    level = models.CharField(_("级别"), max_length=10, choices=Level)
    kind = models.CharField(_("类型"), max_length=10, choices=Kind, default=Kind.NONE)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("上级")
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ("code",)
        verbose_name = _("地区")
        constraints = (
            models.CheckConstraint(
                name="place_code_is_digits", condition=models.Q(code__regex=r"^[0-9]{2,12}$")
            ),
            models.CheckConstraint(
                name="place_has_parent_below_province",
                condition=models.Q(level="province") | models.Q(parent__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def county_code(self) -> str:
        """The code of the county this place lies in; shorter above a county."""
        return self.code[: CODE_DIGITS["county"]]

    @property
    def is_village(self) -> bool:
        """Whether a villagers' committee is elected here."""
        return self.kind == Kind.VILLAGE
