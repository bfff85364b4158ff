"""What reaches people outside the pages: a calendar they subscribe to, a letter each morning."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from election_admin.encryption import EncryptedText


class CalendarFeed(models.Model):
    """A user's calendar address. Whoever has it reads the user's days, so it can be made anew."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="calendar_feed")
    token = EncryptedText()
    # By which the address is looked up: the token itself is encrypted.
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(_("生成时间"))

    personal_fields: ClassVar[tuple[str, ...]] = ("token", "token_hash")
    recorded_fields: ClassVar[tuple[str, ...]] = ("made_at",)

    class Meta:
        verbose_name = _("日历订阅")

    def __str__(self) -> str:
        return str(self.user)


class Digest(models.Model):
    """The morning's list as it was sent to somebody: at most once a day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="digests")
    day = models.DateField(_("日期"))
    sent_at = models.DateTimeField(_("发送时间"), null=True)
    overdue = models.PositiveIntegerField(_("逾期"), default=0)
    due_soon = models.PositiveIntegerField(_("七日内到期"), default=0)

    class Meta:
        ordering = ("-day",)
        verbose_name = _("每日提醒")
        constraints = (models.UniqueConstraint(name="digest_once_a_day", fields=("user", "day")),)

    def __str__(self) -> str:
        return f"{self.user} {self.day}"
