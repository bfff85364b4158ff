"""People of the same name and birthday whom somebody has checked: they are two, not one in two villages."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from candidates.models.people import Person
from election_admin.encryption import EncryptedText
from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet


class NamesakesQuerySet(PlaceScopedQuerySet["Namesakes"]):
    """Namesakes told apart, by the place both villages lie in."""

    def in_force(self) -> "NamesakesQuerySet":
        """Only those nobody has taken back."""
        return self.filter(withdrawn_at__isnull=True)

    def of(self, one: Person, other: Person) -> "NamesakesQuerySet":
        """Only what was decided about these two, in whichever order they are named."""
        first, second = sorted((one.pk, other.pk))
        return self.filter(first=first, second=second)


class Namesakes(models.Model):
    """Two people of one name and birthday in two villages, of whom it was found that they are two."""

    # The lowest place that holds both villages: their township, else the county.
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    first = models.ForeignKey(Person, models.PROTECT, related_name="+")
    second = models.ForeignKey(Person, models.PROTECT, related_name="+")
    # What was compared; it may name papers of both.
    grounds = EncryptedText(_("核对依据"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("认定时间"))
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("撤销时间"), null=True)

    objects = NamesakesQuerySet.as_manager()

    recorded_fields: ClassVar[tuple[str, ...]] = ("first", "second", "grounds")

    class Meta:
        ordering = ("-id",)
        verbose_name = _("重名核对")
        constraints = (
            models.UniqueConstraint(
                name="namesakes_told_apart_once",
                fields=("first", "second"),
                condition=models.Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                name="namesakes_in_order", condition=models.Q(first__lt=models.F("second"))
            ),
        )

    def __str__(self) -> str:
        return f"#{self.pk}"
