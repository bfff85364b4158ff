"""The village in figures."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet


class ProfileQuerySet(PlaceScopedQuerySet["VillageProfile"]):
    """Profiles, by village."""


class VillageProfile(models.Model):
    """What the office knows of a village's people and property. Unknown is null, never 0."""

    place = models.OneToOneField(Place, models.PROTECT, related_name="profile", verbose_name=_("村"))
    population = models.PositiveIntegerField(_("人口"), null=True, blank=True)
    households = models.PositiveIntegerField(_("户数"), null=True, blank=True)
    groups = models.PositiveSmallIntegerField(_("村民小组"), null=True, blank=True)
    voters = models.PositiveIntegerField(_("选民数"), null=True, blank=True)
    voters_away = models.PositiveIntegerField(_("外出选民"), null=True, blank=True)
    party_members = models.PositiveIntegerField(_("党员"), null=True, blank=True)
    minority_people = models.PositiveIntegerField(_("少数民族人口"), null=True, blank=True)
    ethnic_groups = models.CharField(_("民族构成"), max_length=200, blank=True)
    largest_clan = models.CharField(_("人口最多的姓氏"), max_length=20, blank=True)
    largest_clan_share = models.PositiveSmallIntegerField(
        _("该姓氏占比（%）"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    collective_assets = models.DecimalField(
        _("集体资产（元）"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    collective_income = models.DecimalField(
        _("上年集体收入（元）"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    land_under_requisition = models.DecimalField(
        _("正在征收的土地（亩）"),
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    remark = models.TextField(_("说明"), max_length=1000, blank=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    updated_at = models.DateTimeField(_("更新时间"))

    objects = ProfileQuerySet.as_manager()

    # In the order of the form; the journal keeps these before and after.
    recorded_fields = (
        "population",
        "households",
        "groups",
        "voters",
        "voters_away",
        "party_members",
        "minority_people",
        "ethnic_groups",
        "largest_clan",
        "largest_clan_share",
        "collective_assets",
        "collective_income",
        "land_under_requisition",
        "remark",
    )

    class Meta:
        verbose_name = _("村情档案")
        constraints = (
            models.CheckConstraint(
                name="profile_voters_within_population",
                condition=Q(voters__isnull=True)
                | Q(population__isnull=True)
                | Q(voters__lte=F("population")),
            ),
            models.CheckConstraint(
                name="profile_away_within_voters",
                condition=Q(voters_away__isnull=True)
                | Q(voters__isnull=True)
                | Q(voters_away__lte=F("voters")),
            ),
        )

    def __str__(self) -> str:
        return str(self.place)
