"""Documents and their work. The row is the truth: a message of the queue only wakes a worker."""

from datetime import timedelta
from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from election_admin.documents.registry import UnknownKind, kind, kinds
from election_admin.files import is_sealed
from election_admin.leases import Leased, unheard_since
from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet, within

# How often a document may be begun before it counts as failed.
ATTEMPTS = 3


class Language(models.TextChoices):
    """The languages a document can be written in."""

    CHINESE = "zh-hans", _("中文")
    ENGLISH = "en", _("英文")


class DocumentQuerySet(PlaceScopedQuerySet["Document"]):
    """Documents, by place and by who may see what they are about."""

    def visible_to(self, user: Any) -> Self:
        """Only documents of kinds the user may see, at the places where the user may see them."""
        condition = Q(pk__in=[])
        for one in kinds():
            for held in user.held_memberships:
                if user.has_perm(one.permission, held.place):
                    condition |= Q(kind=one.code) & within(held.place.code, self.place_code_field)
        return self.filter(condition)

    def unfinished(self) -> Self:
        """Only documents somebody is still waiting for."""
        return self.filter(state__in=(Document.State.QUEUED, Document.State.RUNNING))

    def already_asked(self, *, kind: str, subject: models.Model, language: str, by: Any) -> "Document | None":
        """The same document, asked for by the same person and still to be made: a second click."""
        return (
            self.unfinished()
            .filter(kind=kind, subject_id=str(subject.pk), language=language, requested_by=by, batch=None)
            .first()
        )

    def unheard(self, since: Any) -> Self:
        """Only queued documents of which no message has been sent after ``since``."""
        return self.filter(unheard_since(since), state=Document.State.QUEUED)


class Batch(models.Model):
    """Documents asked for together."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("地区"))
    title = models.CharField(_("标题"), max_length=200)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("申请人")
    )
    requested_at = models.DateTimeField(_("申请时间"))

    objects = PlaceScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("批次")

    def __str__(self) -> str:
        return self.title


class Document(Leased):
    """One document: what it is about, how far its making has come, and where its file is."""

    class State(models.TextChoices):
        QUEUED = "queued", _("排队中")
        RUNNING = "running", _("正在生成")
        READY = "ready", _("已生成")
        FAILED = "failed", _("未能生成")
        CANCELLED = "cancelled", _("已取消")

    class Stage(models.TextChoices):
        WAITING = "", _("等待处理")
        GATHERING = "gathering", _("收集内容")
        LAYING_OUT = "laying_out", _("排版")
        WRITING = "writing", _("写入文件")

    class Failure(models.TextChoices):
        WORKER_DIED = (
            "worker_died",
            _("生成程序中断了 %(detail)s 次，没有完成。请重试；如再次失败，请联系系统管理员。"),
        )
        SUBJECT_GONE = "subject_gone", _("所依据的记录已不存在，无法生成。")
        KIND_GONE = "kind_gone", _("系统已不提供这种文件。")
        MISSING_GLYPH = (
            "missing_glyph",
            _("字库中没有这些字：%(detail)s。请核对用字，或请系统管理员安装字体。"),
        )
        OUTSIDE_RESOURCE = "outside_resource", _("模板引用了文件以外的资源，已被拒绝。请联系系统管理员。")
        TOO_LONG = "too_long", _("生成时间过长，已停止。请稍后重试。")
        UNEXPECTED = (
            "unexpected",
            _("生成时出现意外错误（%(detail)s）。请重试；如再次失败，请联系系统管理员。"),
        )

    place = models.ForeignKey(Place, models.PROTECT, related_name="documents", verbose_name=_("地区"))
    kind = models.CharField(_("种类"), max_length=40)
    subject_id = models.CharField(max_length=40)
    language = models.CharField(_("语言"), max_length=8, choices=Language, default=Language.CHINESE)
    title = models.CharField(_("标题"), max_length=200)
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, related_name="documents", verbose_name=_("批次")
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("申请人")
    )
    requested_at = models.DateTimeField(_("申请时间"))

    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.QUEUED)
    stage = models.CharField(_("步骤"), max_length=12, choices=Stage, blank=True, default="")
    progress = models.PositiveSmallIntegerField(_("进度"), default=0)
    started_at = models.DateTimeField(_("开始时间"), null=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True)

    failure = models.CharField(max_length=20, choices=Failure, blank=True, default="")
    failure_detail = models.CharField(max_length=200, blank=True, default="")

    # Below MEDIA_ROOT/documents.
    file = models.CharField(max_length=100, blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    size = models.PositiveIntegerField(_("大小"), default=0)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = _("文件")
        constraints = (
            models.CheckConstraint(
                name="document_progress_is_percent", condition=Q(progress__gte=0, progress__lte=100)
            ),
            models.CheckConstraint(
                name="document_leased_while_running",
                condition=Q(state="running", lease_until__isnull=False, leased_by__gt="")
                | (~Q(state="running") & Q(lease_until__isnull=True, leased_by="")),
            ),
            models.CheckConstraint(
                name="document_ready_has_file",
                condition=Q(state="ready", file__gt="", sha256__gt="", size__gt=0, finished_at__isnull=False)
                | (~Q(state="ready") & Q(file="", sha256="", size=0)),
            ),
            models.CheckConstraint(
                name="document_failed_says_why",
                condition=Q(state="failed", failure__gt="") | (~Q(state="failed") & Q(failure="")),
            ),
            models.UniqueConstraint(name="document_file_once", fields=("file",), condition=Q(file__gt="")),
        )
        indexes = (
            models.Index(
                name="document_unfinished",
                fields=("state", "sent_at"),
                condition=Q(state__in=("queued", "running")),
            ),
            models.Index(name="document_by_place", fields=("place", "-id")),
            models.Index(name="document_by_subject", fields=("kind", "subject_id")),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def finished(self) -> bool:
        """Whether nothing more happens to it unless somebody asks."""
        return self.state not in {self.State.QUEUED, self.State.RUNNING}

    @property
    def kind_title(self) -> str:
        """What this kind of document is called; its code when no app offers it any more."""
        try:
            return str(kind(self.kind).title)
        except UnknownKind:
            return self.kind

    @property
    def is_confidential(self) -> bool:
        """Whether its file is encrypted at rest, and opening it asks why.

        One that was sealed stays so, whatever becomes of its kind.
        """
        try:
            return kind(self.kind).confidential or is_sealed(self.file)
        except UnknownKind:
            return True

    @property
    def personal_fields(self) -> tuple[str, ...]:
        """What the journal keeps as a hash: the title of what is confidential names a person."""
        return ("title",) if self.is_confidential else ()

    @property
    def reason(self) -> str:
        """Why it failed, as a sentence for whoever asked for it."""
        return str(self.get_failure_display()) % {"detail": self.failure_detail}

    @property
    def seen(self) -> str:
        """What the page shows of the work; a page that shows this already needs no new one."""
        return f"{self.state}-{self.progress}"

    @property
    def took(self) -> timedelta | None:
        """How long the making took."""
        if self.started_at is None or self.finished_at is None:
            return None
        return self.finished_at - self.started_at

    @property
    def path(self) -> Path:
        """Where the file of a ready document lies."""
        return documents_folder() / self.file


def documents_folder() -> Path:
    """Where the files of documents lie."""
    return Path(settings.MEDIA_ROOT) / "documents"
