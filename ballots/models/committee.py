"""The election committee of a village: the vote that chose it, its members, who had to leave."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from candidates.models import Candidacy
from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet
from election_admin.validators import validate_person_name
from villages.models import Election


class CommitteeVoteQuerySet(PlaceScopedQuerySet["CommitteeVote"]):
    """Votes that chose election committees, by village."""

    place_code_field = "election__place__code"


class CommitteeVote(models.Model):
    """One vote 推选 by which villagers chose the election committee, or filled it up anew (art. 12)."""

    class How(models.TextChoices):
        VILLAGERS = "villagers_meeting", _("村民会议")
        REPRESENTATIVES = "representatives_meeting", _("村民代表会议")
        GROUPS = "group_meetings", _("各村民小组会议")

    election = models.ForeignKey(Election, models.PROTECT, related_name="committee_votes")
    # 1 is the vote that formed the committee; later ones fill seats for which nobody was next.
    number = models.PositiveSmallIntegerField(_("次序"))
    how = models.CharField(_("推选方式"), max_length=24, choices=How)
    held_on = models.DateField(_("推选日期"))
    due = models.PositiveIntegerField(_("应到人数"))
    present = models.PositiveIntegerField(_("实到人数"))
    seats = models.PositiveSmallIntegerField(_("推选名额"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("登记时间"))

    objects = CommitteeVoteQuerySet.as_manager()

    recorded_fields: ClassVar[tuple[str, ...]] = ("number", "how", "held_on", "due", "present", "seats")

    class Meta:
        ordering = ("election", "number")
        verbose_name = _("推选")
        constraints = (
            models.UniqueConstraint(name="committee_vote_number_once", fields=("election", "number")),
            models.CheckConstraint(
                name="committee_vote_present_of_due", condition=Q(present__lte=models.F("due"))
            ),
        )

    def __str__(self) -> str:
        return f"{self.held_on} {self.get_how_display()}"

    @property
    def place(self) -> Place:
        """The village whose election this is."""
        return self.election.place


class CommitteeMemberQuerySet(PlaceScopedQuerySet["CommitteeMember"]):
    """Everybody voted for, by the village of the election."""

    place_code_field = "vote__election__place__code"

    def of(self, election: Election) -> "CommitteeMemberQuerySet":
        """Only those voted for in this election's votes."""
        return self.filter(vote__election=election)

    def serving(self) -> "CommitteeMemberQuerySet":
        """Only those who sit on the committee."""
        return self.filter(state=CommitteeMember.State.SERVING)

    def runners_up(self) -> "CommitteeMemberQuerySet":
        """Only those who may still move up, most votes first, the newest vote last."""
        return self.filter(state=CommitteeMember.State.RUNNER_UP).order_by("vote__number", "-votes", "id")


class CommitteeMember(models.Model):
    """Somebody who was voted for: a member, or a runner-up who moves up when one leaves."""

    class State(models.TextChoices):
        SERVING = "serving", _("在任")
        RUNNER_UP = "runner_up", _("候补")
        LEFT = "left", _("已退出")
        DECLINED = "declined", _("不愿担任")

    class Post(models.TextChoices):
        CHAIR = "chair", _("主任")
        MEMBER = "member", _("委员")

    class Leaving(models.TextChoices):
        CANDIDATE = "candidate", _("本人被提名为候选人")
        RELATIVE = "relative", _("近亲属被提名为候选人")
        RESIGNED = "resigned", _("本人辞去")
        OTHER = "other", _("死亡、丧失行为能力等其他出缺")

    vote = models.ForeignKey(CommitteeVote, models.PROTECT, related_name="members")
    name = models.CharField(_("姓名"), max_length=40, validators=[validate_person_name])
    votes = models.PositiveIntegerField(_("得票数"))
    group = models.CharField(_("村民小组"), max_length=20, blank=True)
    post = models.CharField(_("职务"), max_length=8, choices=Post, default=Post.MEMBER)
    state = models.CharField(_("状态"), max_length=10, choices=State)
    moved_up_on = models.DateField(_("递补日期"), null=True, blank=True)
    # Whose seat this one took.
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("递补谁")
    )
    left_on = models.DateField(_("退出日期"), null=True, blank=True)
    left_because = models.CharField(_("退出原因"), max_length=10, choices=Leaving, blank=True)

    objects = CommitteeMemberQuerySet.as_manager()

    personal_fields: ClassVar[tuple[str, ...]] = ("name",)
    recorded_fields: ClassVar[tuple[str, ...]] = (
        "name",
        "votes",
        "group",
        "post",
        "state",
        "moved_up_on",
        "left_on",
        "left_because",
    )

    class Meta:
        ordering = ("vote__number", "-votes", "id")
        verbose_name = _("选举委员会成员")
        constraints = (
            models.CheckConstraint(
                name="member_left_with_reason",
                condition=~Q(state="left") | (Q(left_on__isnull=False) & Q(left_because__gt="")),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def place(self) -> Place:
        """The village whose election this is."""
        return self.vote.election.place


class KinshipQuerySet(PlaceScopedQuerySet["Kinship"]):
    """What is known of members and candidates, by the village of the election."""

    place_code_field = "candidacy__election__place__code"


class Kinship(models.Model):
    """What somebody of the election committee is to a candidate, as the office has found out."""

    class Relation(models.TextChoices):
        SAME = "same", _("同一人")
        SPOUSE = "spouse", _("配偶")
        PARENT_CHILD = "parent_child", _("父母、子女")
        SIBLING = "sibling", _("兄弟姐妹")
        GRANDPARENT = "grandparent_grandchild", _("祖孙")
        OTHER_RELATIVE = "close_relative", _("其他近亲属")
        NONE = "none", _("同名的另一人，无亲属关系")

    member = models.ForeignKey(CommitteeMember, models.CASCADE, related_name="kinships")
    candidacy = models.ForeignKey(Candidacy, models.CASCADE, related_name="committee_kinships")
    relation = models.CharField(_("关系"), max_length=24, choices=Relation)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("登记时间"))

    objects = KinshipQuerySet.as_manager()

    recorded_fields: ClassVar[tuple[str, ...]] = ("relation",)

    class Meta:
        ordering = ("id",)
        verbose_name = _("与候选人的关系")
        constraints = (models.UniqueConstraint(name="kinship_once", fields=("member", "candidacy")),)

    def __str__(self) -> str:
        return self.get_relation_display()

    @property
    def place(self) -> Place:
        """The village whose election this is."""
        return self.candidacy.election.place
