"""The disposal plan 处置预案 of a key or difficult village."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet
from villages.models.terms import Term


class PlanQuerySet(PlaceScopedQuerySet["DisposalPlan"]):
    """Plans, by village."""

    def current(self) -> "PlanQuerySet":
        """Only the newest version of each village's plan, in the term being held."""
        return self.filter(newest=True, term__current=True)

    def approved(self) -> "PlanQuerySet":
        """Only plans the county has approved."""
        return self.filter(state=DisposalPlan.State.APPROVED)


class DisposalPlan(models.Model):
    """One version of a plan. An approved version is never changed: changing it begins the next."""

    class State(models.TextChoices):
        DRAFT = "draft", _("起草中")
        SUBMITTED = "submitted", _("已上报")
        RETURNED = "returned", _("已退回")
        APPROVED = "approved", _("已批准")

    place = models.ForeignKey(Place, models.PROTECT, related_name="plans", verbose_name=_("村"))
    term = models.ForeignKey(Term, models.PROTECT, related_name="plans", verbose_name=_("届"))
    version = models.PositiveSmallIntegerField(_("版本"), default=1)
    newest = models.BooleanField(default=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    situation = models.TextField(_("基本情况"), max_length=3000)
    organisation = models.TextField(_("组织领导与职责分工"), max_length=3000, blank=True)
    working_group = models.TextField(_("驻村工作组"), max_length=2000, blank=True)
    talks = models.TextField(_("谈心谈话安排"), max_length=2000, blank=True)
    responses = models.TextField(_("突发情况应对"), max_length=3000, blank=True)
    polling_day = models.TextField(_("投票日安排"), max_length=2000, blank=True)
    contacts = models.TextField(_("联系方式"), max_length=1000, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(_("编写时间"))
    submitted_at = models.DateTimeField(_("上报时间"), null=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(_("审批时间"), null=True)
    review_remark = models.CharField(_("审批意见"), max_length=500, blank=True)

    objects = PlanQuerySet.as_manager()

    # What is written out may name people: the journal keeps a hash, the versions keep the text.
    personal_fields = (
        "situation",
        "organisation",
        "working_group",
        "talks",
        "responses",
        "polling_day",
        "contacts",
        "review_remark",
    )
    recorded_fields = (
        "situation",
        "organisation",
        "working_group",
        "talks",
        "responses",
        "polling_day",
        "contacts",
    )

    class Meta:
        ordering = ("-version",)
        verbose_name = _("处置预案")
        constraints = (
            models.UniqueConstraint(name="plan_version_once", fields=("place", "term", "version")),
            models.UniqueConstraint(
                name="plan_one_newest", fields=("place", "term"), condition=models.Q(newest=True)
            ),
            models.CheckConstraint(
                name="plan_returned_has_remark",
                condition=~models.Q(state="returned") | models.Q(review_remark__gt=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.place} v{self.version}"

    @property
    def editable(self) -> bool:
        """Whether this version may still be changed by the township."""
        return self.state in {self.State.DRAFT, self.State.RETURNED}


class PlanMeasure(models.Model):
    """A risk point and what is done about it, by whom, by when."""

    plan = models.ForeignKey(DisposalPlan, models.CASCADE, related_name="measures")
    risk_point = models.CharField(_("风险点"), max_length=200)
    measure = models.CharField(_("化解措施"), max_length=500)
    owner = models.CharField(_("责任人"), max_length=60)
    due_on = models.DateField(_("完成时限"))
    done_on = models.DateField(_("完成日期"), null=True, blank=True)

    personal_fields = ("risk_point", "measure", "owner")

    class Meta:
        ordering = ("due_on", "id")
        verbose_name = _("化解措施")

    def __str__(self) -> str:
        return self.risk_point
