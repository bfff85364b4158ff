"""People, and what they stand for."""

from collections.abc import Collection
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from election_admin.encryption import EncryptedJSON, EncryptedText
from election_admin.pinyin import InitialsField
from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet
from election_admin.validators import validate_person_name
from villages.models import Election, Seat

POST_TITLES = dict(Seat._meta.get_field("post").flatchoices)


class PersonQuerySet(PlaceScopedQuerySet["Person"]):
    """People, by the village that knows them."""


class Person(models.Model):
    """A resident as a village's office knows them, because they may stand. Nobody else is kept."""

    class Sex(models.TextChoices):
        MALE = "male", _("男")
        FEMALE = "female", _("女")

    place = models.ForeignKey(Place, models.PROTECT, related_name="people", verbose_name=_("村"))
    name = models.CharField(_("姓名"), max_length=40, validators=[validate_person_name])
    # For finding people by the first letters of their pinyin.
    initials = InitialsField(name_field="name")
    sex = models.CharField(_("性别"), max_length=6, choices=Sex)
    born = models.DateField(_("出生日期"))
    # Normalised: 18 characters, X upper case.
    id_number = EncryptedText(_("公民身份号码"), blank=True)
    id_hash = models.CharField(max_length=64, blank=True, db_index=True)
    ethnicity = models.CharField(_("民族"), max_length=20, blank=True)
    education = models.CharField(_("文化程度"), max_length=20, blank=True)
    party_member = models.BooleanField(_("中共党员"), default=False)

    objects = PersonQuerySet.as_manager()

    personal_fields: ClassVar[tuple[str, ...]] = (
        "name",
        "initials",
        "born",
        "id_number",
        "id_hash",
        "ethnicity",
    )
    recorded_fields: ClassVar[tuple[str, ...]] = (
        "name",
        "sex",
        "born",
        "id_number",
        "ethnicity",
        "education",
        "party_member",
    )

    class Meta:
        ordering = ("id",)
        verbose_name = _("人员")
        constraints = (
            models.UniqueConstraint(
                name="person_id_number_once_a_village",
                fields=("place", "id_hash"),
                condition=models.Q(id_hash__gt=""),
            ),
        )
        indexes = (models.Index(name="person_namesakes", fields=("name", "born")),)

    def __str__(self) -> str:
        return self.name

    @property
    def masked_id_number(self) -> str:
        """The ID number as screens show it: county and last four digits, the rest masked.

        A page that shows it shows the year of birth only: with the day it would be whole again.
        """
        if not self.id_number:
            return ""
        return f"{self.id_number[:6]}********{self.id_number[-4:]}"


class Verdict(models.TextChoices):
    """What the eligibility rules say of somebody."""

    QUALIFIED = "qualified", _("符合资格")
    DISQUALIFIED = "disqualified", _("不符合资格")
    NOT_ESTABLISHED = "not_established", _("尚未查清")


class CandidacyQuerySet(PlaceScopedQuerySet["Candidacy"]):
    """Candidacies, by the village of the election."""

    place_code_field = "election__place__code"

    def standing(self) -> "CandidacyQuerySet":
        """Only those who have not declined and were not struck off."""
        return self.exclude(state__in=OUT)

    def current(self) -> "CandidacyQuerySet":
        """Only those of the term being held."""
        return self.filter(election__term__current=True)

    def with_person(self) -> "CandidacyQuerySet":
        """With the person, the village and the term, which every page names."""
        return self.select_related("person", "election__place__parent", "election__term")

    def with_answers(self, departments: Collection[str]) -> "CandidacyQuerySet":
        """With ``answers``: how many of these departments have answered."""
        newest = models.Q(replies__newest=True, replies__department__in=departments)
        return self.annotate(answers=models.Count("replies", filter=newest))

    def choosing(self) -> "CandidacyQuerySet":
        """Only people nominated for several posts who have not said which of them they stand for."""
        return (
            self.filter(
                post_chosen_on__isnull=True,
                nominations__withdrawn_at__isnull=True,
            )
            .alias(posts=models.Count("nominations__post", distinct=True))
            .filter(posts__gt=1)
        )


class Candidacy(models.Model):
    """A person standing for a post in one election."""

    class State(models.TextChoices):
        PRELIMINARY = "preliminary", _("初步候选人")
        IN_REVIEW = "in_review", _("联审中")
        FINAL = "final", _("正式候选人")
        DECLINED = "declined", _("本人退出")
        STRUCK_OFF = "struck_off", _("不能确定为候选人")
        # More were nominated than the law lets stand, and others had more votes.
        NOT_LISTED = "not_listed", _("未进入正式候选人名单")

    class How(models.TextChoices):
        JOINT = "joint", _("村民联名提名")
        SELF = "self", _("自荐")
        PARTY = "party", _("党组织推荐")

    election = models.ForeignKey(Election, models.PROTECT, related_name="candidacies")
    person = models.ForeignKey(Person, models.PROTECT, related_name="candidacies")
    post = models.CharField(_("竞选职务"), max_length=16)
    how = models.CharField(_("产生方式"), max_length=8, choices=How)
    nominated_on = models.DateField(_("提名日期"))
    supporters = models.PositiveIntegerField(_("提名人数"), null=True, blank=True)
    # Votes received in the nomination or the preliminary vote; null where none was held.
    votes = models.PositiveIntegerField(_("提名（预选）得票"), null=True, blank=True)
    # The same for each post they were nominated for: {"chair": 120, "member": 35}.
    votes_by_post = models.JSONField(default=dict, blank=True)
    # When somebody nominated for several posts said in writing which one it is.
    post_chosen_on = models.DateField(_("选定职务的日期"), null=True, blank=True)
    # The day of the person's own written statement that they do not stand.
    declined_on = models.DateField(_("退出声明日期"), null=True, blank=True)
    # Since when an open flag keeps it from being moved on; see Flag.
    frozen_at = models.DateTimeField(_("冻结时间"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.PRELIMINARY)
    # {"registered_voter": true | false | null, "deprived_of_political_rights": true | false}
    standing = EncryptedJSON(default=dict)
    # What the current assessment says; kept here so that lists need no join.
    verdict = models.CharField(_("资格"), max_length=16, choices=Verdict, default=Verdict.NOT_ESTABLISHED)

    objects = CandidacyQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        verbose_name = _("候选人")
        constraints = (
            models.UniqueConstraint(name="candidacy_once_an_election", fields=("election", "person")),
        )

    def __str__(self) -> str:
        return str(self.person)

    @property
    def place(self) -> Place:
        """The village whose election this is."""
        return self.election.place

    @property
    def is_frozen(self) -> bool:
        """Whether an open flag keeps this candidacy from being moved on."""
        return self.frozen_at is not None

    @property
    def is_standing(self) -> bool:
        """Whether the person has neither declined nor been struck off."""
        return self.state not in OUT

    @property
    def post_title(self) -> str:
        """The post in the reader's language."""
        return str(POST_TITLES.get(self.post, self.post))


# Whoever is in one of these no longer stands.
OUT = frozenset({Candidacy.State.DECLINED, Candidacy.State.STRUCK_OFF, Candidacy.State.NOT_LISTED})


class NominationQuerySet(PlaceScopedQuerySet["Nomination"]):
    """Nominations, by the village of the election."""

    place_code_field = "candidacy__election__place__code"

    def in_force(self) -> "NominationQuerySet":
        """Only nominations nobody has taken back."""
        return self.filter(withdrawn_at__isnull=True)


class Nomination(models.Model):
    """How somebody came to be nominated for a post: by villagers jointly, by oneself, by the Party.

    One person may be nominated several times and for several posts; the candidacy carries the post
    they stand for, and of its nominations the one with the most supporters, the first of equal ones.
    """

    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="nominations")
    post = models.CharField(_("提名职务"), max_length=16)
    how = models.CharField(_("产生方式"), max_length=8, choices=Candidacy.How)
    nominated_on = models.DateField(_("提名日期"))
    supporters = models.PositiveIntegerField(_("提名人数"), null=True, blank=True)
    # The villagers who signed a joint nomination, in the order of the paper: a list of names.
    supporter_names = EncryptedJSON(default=list)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("登记时间"))
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("撤销时间"), null=True)

    objects = NominationQuerySet.as_manager()

    class Meta:
        ordering = ("nominated_on", "id")
        verbose_name = _("提名")

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def place(self) -> Place:
        """The village whose election this is."""
        return self.candidacy.election.place

    @property
    def post_title(self) -> str:
        """The post in the reader's language."""
        return str(POST_TITLES.get(self.post, self.post))
