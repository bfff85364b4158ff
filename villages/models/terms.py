"""A term of office in a county, and the election of one village in it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet
from villages.models.editions import RulebookEdition
from villages.models.teams import GuidanceTeam


class Body(models.TextChoices):
    """Whose members are elected."""

    PARTY_BRANCH = "party_branch", _("村党组织")
    VILLAGERS_COMMITTEE = "villagers_committee", _("村民委员会")


class Occasion(models.TextChoices):
    """Why an election is held."""

    GENERAL = "general", _("换届选举")
    FURTHER = "further", _("另行选举")
    NEW = "new", _("重新选举")
    RECALL = "recall", _("罢免")
    BY_ELECTION = "by_election", _("补选")


class Mode(models.TextChoices):
    """How candidates come about (art. 15; provincial methods; the Party's rules)."""

    NOMINATED = "nominated", _("有候选人的差额选举")
    SELF_NOMINATED = "self_nominated", _("自荐直选（无候选人）")
    TWO_RECOMMENDATIONS = "two_recommendations", _("两推一选")
    OPEN_RECOMMENDATION = "open_recommendation", _("公推直选")


COMMITTEE_MODES = (Mode.NOMINATED, Mode.SELF_NOMINATED)
PARTY_MODES = (Mode.TWO_RECOMMENDATIONS, Mode.OPEN_RECOMMENDATION)


def committee_modes() -> list[str]:
    """The modes of a term that has chosen none: candidates are nominated (art. 15)."""
    return [Mode.NOMINATED]


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
    # The modes in which this term's bodies are elected; without a mode of the Party branch, its
    # election is not led here.
    modes = models.JSONField(_("选举程序"), default=committee_modes)
    notice_set = models.CharField(_("公告目录"), max_length=40, default="city-2026")
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

    def modes_of(self, body: str) -> list[str]:
        """The modes this term has chosen for a body, in the order of the modes."""
        own = PARTY_MODES if body == Body.PARTY_BRANCH else COMMITTEE_MODES
        return [mode.value for mode in own if mode in self.modes]

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

    def of_committee(self) -> "ElectionQuerySet":
        """Only general elections of villagers' committees: what is meant by a village's election."""
        return self.filter(body=Body.VILLAGERS_COMMITTEE, occasion=Occasion.GENERAL)

    def of_party_branch(self) -> "ElectionQuerySet":
        """Only general elections of Party branches."""
        return self.filter(body=Body.PARTY_BRANCH, occasion=Occasion.GENERAL)

    def not_void(self) -> "ElectionQuerySet":
        """Without those held anew, and without further elections of what is held anew."""
        standing = self.exclude(followed_by__occasion=Occasion.NEW)
        return standing.exclude(occasion=Occasion.FURTHER, follows__followed_by__occasion=Occasion.NEW)

    def dated(self) -> "ElectionQuerySet":
        """Only elections whose day is set."""
        return self.filter(election_day__isnull=False)

    def with_place(self) -> "ElectionQuerySet":
        """With the village, its township and the rules, which every page names."""
        return self.select_related("place__parent", "term", "edition")


class Election(models.Model):
    """One election in one village: of which body, on what occasion, in what mode.

    ``follows`` is the election whose vote it takes up: a further or new election, a recall, a
    by-election. ``occasion_day`` is the day from which such an election's time runs: the vote
    before, the receipt of the demand, the vacancy.
    """

    place = models.ForeignKey(Place, models.PROTECT, related_name="elections", verbose_name=_("村"))
    term = models.ForeignKey(Term, models.PROTECT, related_name="elections", verbose_name=_("届"))
    body = models.CharField(_("选举对象"), max_length=20, choices=Body, default=Body.VILLAGERS_COMMITTEE)
    occasion = models.CharField(_("选举事由"), max_length=12, choices=Occasion, default=Occasion.GENERAL)
    mode = models.CharField(_("选举方式"), max_length=20, choices=Mode, default=Mode.NOMINATED)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followed_by", verbose_name=_("承接")
    )
    occasion_day = models.DateField(_("起算日"), null=True, blank=True)
    # The county's edition of the rulebook; None: as it comes with the product.
    edition = models.ForeignKey(
        RulebookEdition, models.PROTECT, null=True, blank=True, related_name="elections"
    )
    guidance_team = models.ForeignKey(
        GuidanceTeam,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="elections",
        verbose_name=_("指导组"),
    )
    election_day = models.DateField(_("选举日"), null=True, blank=True)
    stage = models.CharField(_("阶段"), max_length=12, choices=Stage, default=Stage.PREPARE)

    objects = ElectionQuerySet.as_manager()

    class Meta:
        ordering = ("place__code", "id")
        verbose_name = _("选举")
        constraints = (
            models.UniqueConstraint(
                name="general_election_once_a_term",
                fields=("place", "term", "body"),
                condition=models.Q(occasion=Occasion.GENERAL),
            ),
            models.CheckConstraint(
                name="election_follows_where_its_time_runs",
                condition=models.Q(occasion=Occasion.GENERAL) | models.Q(occasion_day__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.place} {self.term}"

    @property
    def general(self) -> bool:
        """Whether it is one of the general election, not a further one or one in between."""
        return self.occasion == Occasion.GENERAL

    @property
    def of_party_branch(self) -> bool:
        """Whether the Party branch is elected."""
        return self.body == Body.PARTY_BRANCH

    @property
    def title(self) -> str:
        """What it is called: 村民委员会换届选举, 村党组织换届选举, 村民委员会成员罢免."""
        return gettext("%(body)s%(occasion)s") % {
            "body": self.get_body_display(),
            "occasion": self.get_occasion_display(),
        }

    @property
    def way(self) -> str:
        """In what mode it is held; nothing for a recall, which has no candidates."""
        return "" if self.occasion == Occasion.RECALL else self.get_mode_display()


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
            ("secretary", _("书记")),
            ("deputy_secretary", _("副书记")),
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
