"""A term of office in a county, and the election of one village in it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet


class Mode(models.TextChoices):
    """How candidates come about (art. 15; provincial methods)."""

    NOMINATED = "nominated", _("有候选人的差额选举")
    SELF_NOMINATED = "self_nominated", _("自荐直选（无候选人）")


class Stage(models.TextChoices):
    """Where an election stands: the stage of its first step not yet done."""

    PREPARE = "prepare", _("准备")
    COMMITTEE = "committee", _("推选选委会")
    REGISTER = "register", _("选民登记")
    NOMINATE = "nominate", _("提名候选人")
    GET_READY = "get_ready", _("投票准备")
    VOTE = "vote", _("投票选举")
    AFTER = "after", _("移交归档")
    CLOSED = "closed", _("已办结")


class TermQuerySet(PlaceScopedQuerySet["Term"]):
    """Terms, by the county that set them."""

    place_code_field = "county__code"

    def held_in(self, place: Place) -> "Term | None":
        """The term being held in the county in which the place lies, if there is one."""
        return self.filter(current=True, county__code=place.county_code).first()


class Term(models.Model):
    """One general election of a county's villages: its window, and the rules it goes by."""

    county = models.ForeignKey(Place, models.PROTECT, related_name="terms", verbose_name=_("县（市、区）"))
    number = models.PositiveSmallIntegerField(_("届次"))
    window_start = models.DateField(_("选举窗口开始"))
    window_end = models.DateField(_("选举窗口结束"))
    procedure = models.CharField(_("选举办法"), max_length=40)
    eligibility_list = models.CharField(_("资格条件"), max_length=40)
    risk_model = models.CharField(_("风险评估模型"), max_length=40)
    # The term whose elections are being held; the ones before it stay readable.
    current = models.BooleanField(_("本届"), default=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ("-window_start",)
        verbose_name = _("届")
        constraints = (
            models.UniqueConstraint(name="term_number_once_a_county", fields=("county", "number")),
            models.UniqueConstraint(
                name="term_one_current_a_county", fields=("county",), condition=models.Q(current=True)
            ),
            models.CheckConstraint(
                name="term_window_in_order", condition=models.Q(window_start__lte=models.F("window_end"))
            ),
        )

    def __str__(self) -> str:
        return str(_("第%d届")) % self.number

    def require_current(self) -> None:
        """Raise ValidationError for a term that is over: what was done in it is only read."""
        if not self.current:
            raise ValidationError(gettext("这是往届的选举，只能查看，不能再改。"))

    @property
    def place(self) -> Place:
        """The county: where the rules ask who may change the term."""
        return self.county


class ElectionQuerySet(PlaceScopedQuerySet["Election"]):
    """Elections, by village."""

    def current(self) -> "ElectionQuerySet":
        """Only elections of the term being held."""
        return self.filter(term__current=True)

    def with_place(self) -> "ElectionQuerySet":
        """With the village and its township, which every page names."""
        return self.select_related("place__parent", "term")


class Election(models.Model):
    """One village's election of its committee in one term."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="elections", verbose_name=_("村"))
    term = models.ForeignKey(Term, models.PROTECT, related_name="elections", verbose_name=_("届"))
    mode = models.CharField(_("选举方式"), max_length=16, choices=Mode, default=Mode.NOMINATED)
    election_day = models.DateField(_("选举日"), null=True, blank=True)
    stage = models.CharField(_("阶段"), max_length=12, choices=Stage, default=Stage.PREPARE)

    objects = ElectionQuerySet.as_manager()

    class Meta:
        ordering = ("place__code",)
        verbose_name = _("选举")
        constraints = (models.UniqueConstraint(name="election_once_a_term", fields=("place", "term")),)

    def __str__(self) -> str:
        return f"{self.place} {self.term}"


class Seat(models.Model):
    """The seats of one post: how many, how high, for women only or not."""

    election = models.ForeignKey(Election, models.CASCADE, related_name="seats")
    post = models.CharField(
        _("职务"),
        max_length=16,
        choices=(
            ("chair", _("主任")),
            ("vice_chair", _("副主任")),
            ("women", _("妇女委员")),
            ("member", _("委员")),
        ),
    )
    seats = models.PositiveSmallIntegerField(_("应选名额"))
    # 1 is the highest: who passes for two posts takes the higher.
    rank = models.PositiveSmallIntegerField()
    women_only = models.BooleanField(_("专职妇女名额"), default=False)

    class Meta:
        ordering = ("rank", "id")
        constraints = (
            models.UniqueConstraint(name="seat_post_once", fields=("election", "post")),
            models.CheckConstraint(name="seat_some", condition=models.Q(seats__gte=1, rank__gte=1)),
        )

    def __str__(self) -> str:
        return f"{self.get_post_display()} {self.seats}"
