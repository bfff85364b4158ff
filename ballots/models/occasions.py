"""What an election between general elections comes from: a demand for recall, a vacancy."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet
from election_admin.validators import validate_person_name
from villages.models import Election, Seat

POSTS = tuple(
    choice
    for choice in Seat._meta.get_field("post").flatchoices
    if choice[0] in {"chair", "vice_chair", "women", "member"}
)


class RecallQuerySet(PlaceScopedQuerySet["Recall"]):
    """Recalls, by the village of the election."""

    place_code_field = "election__place__code"


class Recall(models.Model):
    """A demand to recall a member 罢免 (art. 16), and the vote on it."""

    class AskedBy(models.TextChoices):
        VOTERS = "voters", _("有选举权的村民联名")
        REPRESENTATIVES = "representatives", _("村民代表联名")

    election = models.OneToOneField(Election, models.PROTECT, related_name="recall")
    member = models.CharField(_("被提出罢免的成员"), max_length=40, validators=[validate_person_name])
    post = models.CharField(_("职务"), max_length=16, choices=POSTS)
    grounds = models.CharField(_("罢免理由"), max_length=500)
    asked_by = models.CharField(_("提出方式"), max_length=16, choices=AskedBy)
    signatures = models.PositiveIntegerField(_("联名人数"))
    out_of = models.PositiveIntegerField(_("总人数"))
    # The vote, once held: registered voters, those who voted, those who agreed.
    registered = models.PositiveIntegerField(_("登记参加选举的村民"), null=True, blank=True)
    voted = models.PositiveIntegerField(_("投票人数"), null=True, blank=True)
    agreed = models.PositiveIntegerField(_("同意罢免票数"), null=True, blank=True)

    objects = RecallQuerySet.as_manager()

    personal_fields: ClassVar[tuple[str, ...]] = ("member",)
    recorded_fields: ClassVar[tuple[str, ...]] = (
        "member",
        "post",
        "grounds",
        "asked_by",
        "signatures",
        "out_of",
        "registered",
        "voted",
        "agreed",
    )

    class Meta:
        ordering = ("id",)
        verbose_name = _("罢免")
        constraints = (
            models.CheckConstraint(
                name="recall_signed_by_some_of_all", condition=Q(signatures__lte=F("out_of"))
            ),
            models.CheckConstraint(
                name="recall_vote_adds_up",
                condition=Q(voted__isnull=True) | (Q(voted__lte=F("registered")) & Q(agreed__lte=F("voted"))),
            ),
        )

    def __str__(self) -> str:
        return self.member

    @property
    def place(self) -> Place:
        """The village whose election this is."""
        return self.election.place


class VacancyQuerySet(PlaceScopedQuerySet["Vacancy"]):
    """Vacancies, by the village of the election."""

    place_code_field = "election__place__code"


class Vacancy(models.Model):
    """Why a seat is to be filled by a by-election 补选 (art. 19)."""

    class Because(models.TextChoices):
        RESIGNED = "resigned", _("辞职")
        RECALLED = "recalled", _("被罢免")
        CEASED = "ceased", _("职务终止（丧失行为能力、被判处刑罚等，组织法第18条）")
        DIED = "died", _("死亡")
        NOT_FILLED = "not_filled", _("换届选举后空缺")

    election = models.OneToOneField(Election, models.PROTECT, related_name="vacancy")
    member = models.CharField(
        _("原任成员（没有的不填）"), max_length=40, blank=True, validators=[validate_person_name]
    )
    post = models.CharField(_("出缺职务"), max_length=16, choices=POSTS)
    because = models.CharField(_("出缺原因"), max_length=12, choices=Because)
    remaining = models.PositiveSmallIntegerField(_("现有成员人数"))

    objects = VacancyQuerySet.as_manager()

    personal_fields: ClassVar[tuple[str, ...]] = ("member",)
    recorded_fields: ClassVar[tuple[str, ...]] = ("member", "post", "because", "remaining")

    class Meta:
        ordering = ("id",)
        verbose_name = _("出缺")

    def __str__(self) -> str:
        return self.get_post_display()

    @property
    def place(self) -> Place:
        """The village whose election this is."""
        return self.election.place
