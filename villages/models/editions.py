"""A county's own edition of a rulebook: which numbers a document has changed, and since when."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet


class RulebookEditionQuerySet(PlaceScopedQuerySet["RulebookEdition"]):
    """Editions, by the county that adopted them."""

    place_code_field = "county__code"

    def in_force(self, *, county: Place, rulebook: str, on: object) -> "RulebookEdition | None":
        """The newest edition of a rulebook in force in a county on a day, None where it has none."""
        return (
            self.filter(county=county, rulebook=rulebook, in_force_from__lte=on).order_by("-number").first()
        )


class RulebookEdition(models.Model):
    """A procedure rulebook as one county has adopted it. Never changed: a change is a new edition.

    ``changes`` holds all that differs from the rulebook as it comes with the product, oldest
    first: ``{"path", "old", "new", "document", "article", "rank"}`` each, see
    ``villages.procedures.procedure_of``. The last of them is what this edition has changed.
    """

    county = models.ForeignKey(
        Place, models.PROTECT, related_name="rulebook_editions", verbose_name=_("县（市、区）")
    )
    rulebook = models.CharField(_("选举办法"), max_length=40)
    number = models.PositiveSmallIntegerField(_("版次"))
    changes = models.JSONField(_("改动"))
    in_force_from = models.DateField(_("施行日期"))
    adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    adopted_at = models.DateTimeField(_("采用时间"))

    objects = RulebookEditionQuerySet.as_manager()

    recorded_fields: ClassVar[tuple[str, ...]] = ("rulebook", "number", "changes", "in_force_from")

    class Meta:
        ordering = ("county", "rulebook", "number")
        verbose_name = _("县定版本")
        constraints = (
            models.UniqueConstraint(
                name="edition_number_once_a_county", fields=("county", "rulebook", "number")
            ),
        )

    def __str__(self) -> str:
        return f"{self.rulebook} {self.number}"

    @property
    def place(self) -> Place:
        """The county."""
        return self.county
