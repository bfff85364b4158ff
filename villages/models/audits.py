"""The audit at the end of a term (Organic Law art. 35): published before the next election."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet
from villages.models.terms import Term


class Subject(models.TextChoices):
    """The six subjects of art. 35, in the article's order."""

    INCOME = "income", _("财务收支情况")
    CLAIMS = "claims", _("债权债务情况")
    GRANTS = "grants", _("政府拨付和接受社会捐赠的资金、物资管理使用情况")
    CONTRACTS = "contracts", _("生产经营和建设项目的发包管理以及公益事业建设项目招标投标情况")
    ASSETS = (
        "assets",
        _("资金管理使用以及集体资产、资源的承包、租赁、担保、出让情况，征地补偿费的使用、分配情况"),
    )
    REQUESTED = "requested", _("五分之一以上的村民要求审计的其他事项")


class AuditQuerySet(PlaceScopedQuerySet["Audit"]):
    """Audits, by village."""

    def current(self) -> "AuditQuerySet":
        """Only audits for the term being held."""
        return self.filter(term__current=True)


class Audit(models.Model):
    """One village's audit for one term. Amounts are yuan; unknown is null."""

    class State(models.TextChoices):
        DRAFT = "draft", _("审计中")
        COMPLETED = "completed", _("完成未公布")
        PUBLISHED = "published", _("完成已公布")

    place = models.ForeignKey(Place, models.PROTECT, related_name="audits", verbose_name=_("村"))
    term = models.ForeignKey(Term, models.PROTECT, related_name="audits", verbose_name=_("届"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    auditor = models.CharField(_("审计单位"), max_length=60)
    period_start = models.DateField(_("审计期间起"))
    period_end = models.DateField(_("审计期间止"))
    opening_balance = models.DecimalField(
        _("期初余额（元）"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    income = models.DecimalField(
        _("期间收入（元）"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    expenditure = models.DecimalField(
        _("期间支出（元）"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    closing_balance = models.DecimalField(
        _("期末余额（元）"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    opinion = models.TextField(_("审计意见"), max_length=2000, blank=True)
    published_on = models.DateField(_("公布日期"), null=True, blank=True)
    published_where = models.CharField(_("公布地点"), max_length=100, blank=True)
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    updated_at = models.DateTimeField(_("更新时间"))

    objects = AuditQuerySet.as_manager()

    recorded_fields = (
        "auditor",
        "period_start",
        "period_end",
        "opening_balance",
        "income",
        "expenditure",
        "closing_balance",
        "opinion",
    )

    class Meta:
        verbose_name = _("财务清理审计")
        constraints = (
            models.UniqueConstraint(name="audit_once_a_term", fields=("place", "term")),
            models.CheckConstraint(
                name="audit_period_in_order", condition=Q(period_start__lte=F("period_end"))
            ),
            models.CheckConstraint(
                name="audit_published_has_date_and_place",
                condition=~Q(state="published") | Q(published_on__isnull=False, published_where__gt=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.place} {self.term}"


class AuditSubject(models.Model):
    """What the audit found on one of the six subjects."""

    audit = models.ForeignKey(Audit, models.CASCADE, related_name="subjects")
    subject = models.CharField(_("审计事项"), max_length=12, choices=Subject)
    conclusion = models.TextField(_("审计结论"), max_length=1000, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(name="audit_subject_once", fields=("audit", "subject")),)

    def __str__(self) -> str:
        return str(self.get_subject_display())


class AuditFinding(models.Model):
    """Something the audit found wrong, and its rectification."""

    audit = models.ForeignKey(Audit, models.CASCADE, related_name="findings")
    subject = models.CharField(_("审计事项"), max_length=12, choices=Subject)
    description = models.CharField(_("问题"), max_length=500)
    amount = models.DecimalField(
        _("金额（元）"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    rectify_by = models.DateField(_("整改期限"), null=True, blank=True)
    rectified_on = models.DateField(_("整改完成日期"), null=True, blank=True)

    class Meta:
        ordering = ("id",)
        verbose_name = _("审计问题")

    def __str__(self) -> str:
        return self.description
