"""The append-only record of every act: who, when, where, what, before and after."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from election_admin.places.querysets import PlaceScopedQuerySet


class JournalIsAppendOnly(TypeError):
    """Somebody tried to change or delete what has been journalled."""


class Chain(models.Model):
    """The head of one chain of entries. Each county has its own, so counties do not wait for each other."""

    name = models.CharField(max_length=6, unique=True)
    length = models.PositiveBigIntegerField(default=0)
    last_hash = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return self.name or "—"


class EntryQuerySet(PlaceScopedQuerySet["Entry"]):
    """Entries, by place; never changed, never deleted."""

    def update(self, **kwargs: Any) -> int:
        raise JournalIsAppendOnly("Journal entries are never changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise JournalIsAppendOnly("Journal entries are never deleted.")


class Entry(models.Model):
    """One act. Its hash covers its content and the hash of the entry before it in its chain."""

    chain = models.ForeignKey(Chain, models.PROTECT, related_name="entries")
    number = models.PositiveBigIntegerField(_("序号"))
    at = models.DateTimeField(_("时间"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("操作人")
    )
    place = models.ForeignKey(
        "places.Place", models.PROTECT, null=True, related_name="+", verbose_name=_("地区")
    )
    verb = models.CharField(_("操作"), max_length=60)
    object_type = models.CharField(_("对象"), max_length=60)
    object_id = models.CharField(max_length=40)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.CharField(_("事由"), max_length=500, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = _("操作记录")
        constraints = (
            models.UniqueConstraint(name="journal_number_once_a_chain", fields=("chain", "number")),
        )
        indexes = (
            models.Index(name="journal_by_object", fields=("object_type", "object_id")),
            models.Index(name="journal_by_place", fields=("place", "-id")),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise JournalIsAppendOnly("Journal entries are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise JournalIsAppendOnly("Journal entries are never deleted.")
