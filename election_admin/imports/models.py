"""Imports and their work. The row is the truth: a message of the queue only wakes a worker."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from election_admin.encryption import EncryptedJSON, EncryptedText
from election_admin.imports.registry import ImportKind, UnknownKind, import_kind, kinds
from election_admin.leases import Leased, unheard_since
from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet, within

# How often a file may be begun to be read, and again to be written, before that counts as failed.
ATTEMPTS = 3


class ImportJobQuerySet(PlaceScopedQuerySet["ImportJob"]):
    """Imports, by place and by who may import what they hold."""

    def visible_to(self, user: Any) -> Self:
        """Only imports of kinds the user may import, at the places where the user may."""
        condition = Q(pk__in=[])
        for one, place in _offered(user):
            condition |= Q(kind=one.code) & within(place.code, self.place_code_field)
        return self.filter(condition)

    def sealed(self) -> Self:
        """Without what is encrypted: a row whose key is gone stops neither a list nor a sweep."""
        return self.defer("file_name", "failure_detail")

    def unheard(self, since: Any) -> Self:
        """Only imports that wait for a worker and of which no message has been sent after ``since``."""
        return self.filter(
            unheard_since(since), state__in=(ImportJob.State.QUEUED, ImportJob.State.CONFIRMED)
        )


class ImportJob(Leased):
    """One file: how far its reading and its writing have come, and what it would do.

    What it says of people is in the file (sealed, on the disk) and in its rows (encrypted); both are
    removed some time after it is finished, the numbers stay.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("等待读取")
        READING = "reading", _("正在读取")
        READ = "read", _("待确认")
        CONFIRMED = "confirmed", _("等待写入")
        WRITING = "writing", _("正在写入")
        DONE = "done", _("已导入")
        FAILED = "failed", _("没有导入")
        CANCELLED = "cancelled", _("已取消")

    class Failure(models.TextChoices):
        # Its detail is the whole sentence.
        REFUSED = "refused", _("不能导入")
        WORKER_DIED = (
            "worker_died",
            _("后台程序中断了%(detail)s次，没有完成，什么都没有写入。请重试；如再次中断，请联系系统管理员。"),
        )
        FORBIDDEN = "forbidden", _("确认导入的人已没有这项权限，什么都没有写入。")
        KIND_GONE = "kind_gone", _("系统已不提供这种导入，什么都没有写入。")
        FILE_GONE = "file_gone", _("上传的文件已不在原处或者无法解密，什么都没有写入。请重新上传。")
        TOO_LONG = "too_long", _("时间过长，已停止，什么都没有写入。请稍后重试，或者分成几个文件导入。")
        EXPIRED = "expired", _("上传后%(detail)s天没有确认，已作废，什么都没有写入。需要时请重新上传。")
        UNEXPECTED = (
            "unexpected",
            _("出现意外错误（%(detail)s），什么都没有写入。请重试；如再次失败，请联系系统管理员。"),
        )

    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("地区"))
    kind = models.CharField(_("种类"), max_length=40)
    # A name people give a file may name a person.
    file_name = EncryptedText(_("文件名"))
    # Below MEDIA_ROOT/imports; sealed. Empty once it is removed.
    file = models.CharField(max_length=100, blank=True, default="")
    # The same for the same content, to know a second click.
    content_hash = models.CharField(max_length=64)
    # In which the preview and what is wrong are written: that of whoever sent the file.
    language = models.CharField(max_length=8)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("上传人")
    )
    requested_at = models.DateTimeField(_("上传时间"))

    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.QUEUED)
    progress = models.PositiveSmallIntegerField(_("进度"), default=0)
    started_at = models.DateTimeField(_("开始时间"), null=True)

    # How often it has been read: what is confirmed is one reading, seen by whoever confirms it.
    reading = models.PositiveSmallIntegerField(default=0)
    # A keyed hash of everything that reading shows.
    preview = models.CharField(max_length=64, blank=True, default="")
    # It was confirmed, but meanwhile somebody had changed what it touches.
    overtaken = models.BooleanField(default=False)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    new = models.PositiveIntegerField(_("新增"), default=0)
    changed = models.PositiveIntegerField(_("变更"), default=0)
    same = models.PositiveIntegerField(_("相同"), default=0)
    wrong = models.PositiveIntegerField(_("有误"), default=0)

    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("确认人")
    )
    confirmed_at = models.DateTimeField(_("确认时间"), null=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)
    failure = models.CharField(max_length=20, choices=Failure, blank=True, default="")
    # A refusal may name somebody.
    failure_detail = EncryptedText(blank=True, default="")
    # When rows and file were removed.
    cleared_at = models.DateTimeField(null=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = _("导入")
        constraints = (
            models.CheckConstraint(
                name="import_progress_is_percent", condition=Q(progress__gte=0, progress__lte=100)
            ),
            models.CheckConstraint(
                name="import_leased_while_worked",
                condition=Q(state__in=("reading", "writing"), lease_until__isnull=False, leased_by__gt="")
                | (~Q(state__in=("reading", "writing")) & Q(lease_until__isnull=True, leased_by="")),
            ),
            models.CheckConstraint(
                name="import_written_once_confirmed",
                condition=~Q(state__in=("confirmed", "writing", "done"))
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False, wrong=0),
            ),
            models.CheckConstraint(
                name="import_failed_says_why",
                condition=Q(state="failed", failure__gt="") | (~Q(state="failed") & Q(failure="")),
            ),
            models.CheckConstraint(
                name="import_finished_has_its_time",
                condition=Q(state__in=("done", "failed", "cancelled"), finished_at__isnull=False)
                | (~Q(state__in=("done", "failed", "cancelled")) & Q(finished_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="import_counts_add_up",
                condition=Q(
                    rows=models.F("new") + models.F("changed") + models.F("same") + models.F("wrong")
                ),
            ),
        )
        indexes = (
            models.Index(
                name="import_unfinished",
                fields=("state", "sent_at"),
                condition=Q(state__in=("queued", "reading", "confirmed", "writing")),
            ),
            models.Index(name="import_by_place", fields=("place", "-id")),
            models.Index(
                name="import_to_clear", fields=("finished_at",), condition=Q(cleared_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind_title} {self.pk}"

    @property
    def finished(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state in {self.State.DONE, self.State.FAILED, self.State.CANCELLED}

    @property
    def under_way(self) -> bool:
        """Whether a worker has it in hand, or will have without anybody doing anything."""
        return not self.finished and self.state != self.State.READ

    @property
    def mark(self) -> str:
        """Its state as one of the marks that mean the same everywhere."""
        marks = {self.State.DONE: "good", self.State.FAILED: "bad", self.State.READ: "warn"}
        return marks.get(self.State(self.state), "open")

    @property
    def kind_title(self) -> str:
        """What this kind of import is called; its code when no app offers it any more."""
        try:
            return str(import_kind(self.kind).title)
        except UnknownKind:
            return self.kind

    @property
    def reason(self) -> str:
        """Why it failed, as a sentence for whoever asked for it."""
        if self.failure == self.Failure.REFUSED:
            return self.failure_detail
        return str(self.get_failure_display()) % {"detail": self.failure_detail}

    @property
    def may_be_retried(self) -> bool:
        """Whether it failed for something that may have passed, and its file is still there."""
        lasting = {self.Failure.KIND_GONE, self.Failure.FILE_GONE, self.Failure.EXPIRED}
        return self.state == self.State.FAILED and self.failure not in lasting and bool(self.file)

    @property
    def path(self) -> Path:
        """Where its file lies."""
        return imports_folder() / self.file


class ImportRow(models.Model):
    """One row of the file as it was read: what it would do, and what is wrong with it."""

    job = models.ForeignKey(ImportJob, models.CASCADE, related_name="+")
    # As Excel numbers it.
    number = models.PositiveIntegerField()
    change = models.CharField(max_length=8)
    # By column: what a screen may show of it.
    shown = EncryptedJSON()
    # Pairs of a column, or nothing, and a sentence; null where nothing is wrong.
    faults = EncryptedJSON(null=True)

    class Meta:
        ordering = ("job", "number")
        constraints = (models.UniqueConstraint(name="import_row_once", fields=("job", "number")),)
        indexes = (models.Index(name="import_row_by_change", fields=("job", "change", "number")),)

    def __str__(self) -> str:
        return f"{self.job_id}/{self.number}"


def kinds_for(user: Any) -> list[ImportKind]:
    """The kinds of import the user may use anywhere."""
    offered = {one.code for one, _place in _offered(user)}
    return [one for one in kinds() if one.code in offered]


def _offered(user: Any) -> Iterator[tuple[ImportKind, Place]]:
    """Each kind with each place of the user's at which it is theirs."""
    for one in kinds():
        for held in user.held_memberships:
            if user.has_perm(one.permission, held.place):
                yield one, held.place


def imports_folder() -> Path:
    """Where the files of imports lie."""
    return Path(settings.MEDIA_ROOT) / "imports"
