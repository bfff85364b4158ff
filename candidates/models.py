"""People as candidates: what is found about them, who answered, what follows."""

from collections.abc import Collection
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from election_admin.accounts.models import Role, User
from election_admin.encryption import EncryptedJSON, EncryptedText
from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet, within
from election_admin.rulebooks.eligibility_lists import eligibility_list_ids, load_eligibility_list
from election_admin.validators import validate_person_name
from villages.models import Election, Seat

# What makes an assessment necessary.
CAUSES = {
    "candidates.record_candidate": _("登记候选人"),
    "candidates.correct_candidate": _("更正候选人"),
    "candidates.record_finding": _("记录认定材料"),
    "candidates.withdraw_finding": _("撤销认定材料"),
    "candidates.reply": _("部门联审答复"),
    "villages.set_election_day": _("确定选举日"),
}
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
    sex = models.CharField(_("性别"), max_length=6, choices=Sex)
    born = models.DateField(_("出生日期"))
    # Normalised: 18 characters, X upper case.
    id_number = EncryptedText(_("公民身份号码"), blank=True)
    id_hash = models.CharField(max_length=64, blank=True, db_index=True)
    ethnicity = models.CharField(_("民族"), max_length=20, blank=True)
    education = models.CharField(_("文化程度"), max_length=20, blank=True)
    party_member = models.BooleanField(_("中共党员"), default=False)

    objects = PersonQuerySet.as_manager()

    personal_fields: ClassVar[tuple[str, ...]] = ("name", "born", "id_number", "id_hash", "ethnicity")
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

    def asked_of(self, user: User, department: str) -> "CandidacyQuerySet":
        """Those about whom this user answers for the department: its counties, terms that ask it."""
        asking = [
            each
            for each in eligibility_list_ids()
            if department in load_eligibility_list(each).departments.value
        ]
        here = models.Q(pk__in=[])
        for held in user.held_memberships:
            if held.role == Role.DEPARTMENT and held.department == department:
                here |= within(held.place.code, self.place_code_field)
        return self.filter(here, election__term__eligibility_list__in=asking).current().standing()

    def waiting_for(self, department: str) -> "CandidacyQuerySet":
        """Only those about whom the department has not answered."""
        return self.exclude(pk__in=_answers_of(department).values("candidacy"))

    def answered_by(self, department: str) -> "CandidacyQuerySet":
        """Only those about whom the department has answered, with ``answered_at``: when."""
        answers = _answers_of(department)
        when = answers.filter(candidacy=models.OuterRef("pk")).values("replied_at")[:1]
        return self.filter(pk__in=answers.values("candidacy")).annotate(answered_at=models.Subquery(when))


def _answers_of(department: str) -> "ReplyQuerySet":
    return DepartmentReply.objects.newest().filter(department=department)


class Candidacy(models.Model):
    """A person standing for a post in one election."""

    class State(models.TextChoices):
        PRELIMINARY = "preliminary", _("初步候选人")
        IN_REVIEW = "in_review", _("联审中")
        FINAL = "final", _("正式候选人")
        DECLINED = "declined", _("本人退出")
        STRUCK_OFF = "struck_off", _("不能确定为候选人")

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
    def is_standing(self) -> bool:
        """Whether the person has neither declined nor been struck off."""
        return self.state not in OUT

    @property
    def post_title(self) -> str:
        """The post in the reader's language."""
        return str(POST_TITLES.get(self.post, self.post))


# Whoever is in one of these no longer stands.
OUT = frozenset({Candidacy.State.DECLINED, Candidacy.State.STRUCK_OFF})


class FindingQuerySet(PlaceScopedQuerySet["Finding"]):
    """Findings, by the village of the election."""

    place_code_field = "candidacy__election__place__code"

    def in_force(self) -> "FindingQuerySet":
        """Only findings nobody has withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class Finding(models.Model):
    """A fact that bears on a candidate's eligibility. Withdrawn and recorded anew, never changed."""

    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="findings")
    # {"situation", "status", the dates of the situation, "sanction", "source", "remark"}
    details = EncryptedJSON()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("记录时间"))
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("撤销时间"), null=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        verbose_name = _("认定材料")

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def place(self) -> Place:
        """The village whose election this is."""
        return self.candidacy.election.place


class ReplyQuerySet(PlaceScopedQuerySet["DepartmentReply"]):
    """Replies, by the village of the election."""

    place_code_field = "candidacy__election__place__code"

    def newest(self) -> "ReplyQuerySet":
        """Only the reply that counts of each department."""
        return self.filter(newest=True)


class DepartmentReply(models.Model):
    """What one department answered about one candidate. A later answer replaces an earlier one."""

    class Answer(models.TextChoices):
        NO_RECORD = "no_record", _("无记录")
        RECORD = "record", _("有记录")

    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="replies")
    # A code of rulebooks/departments.yaml.
    department = models.CharField(_("部门"), max_length=32)
    answer = EncryptedText(_("答复"))
    remark = EncryptedText(_("说明"), blank=True)
    newest = models.BooleanField(default=True)
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    replied_at = models.DateTimeField(_("答复时间"))

    objects = ReplyQuerySet.as_manager()

    class Meta:
        ordering = ("department", "-id")
        verbose_name = _("部门答复")
        constraints = (
            models.UniqueConstraint(
                name="reply_one_newest_a_department",
                fields=("candidacy", "department"),
                condition=models.Q(newest=True),
            ),
        )

    def __str__(self) -> str:
        return self.department


class AssessmentQuerySet(PlaceScopedQuerySet["Assessment"]):
    """Assessments, by the village of the election."""

    place_code_field = "candidacy__election__place__code"


class Assessment(models.Model):
    """What the rules said on one day, with all it stood on. Kept, so it can be shown years later."""

    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="assessments")
    eligibility_list = models.CharField(_("资格条件"), max_length=40)
    election_day = models.DateField(_("选举日"))
    verdict = models.CharField(_("结论"), max_length=16, choices=Verdict)
    # {"case": what was judged, "answer": situations, bars, missing replies, reasons}
    snapshot = EncryptedJSON()
    cause = models.CharField(max_length=60)
    at = models.DateTimeField(_("认定时间"))
    current = models.BooleanField(default=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = _("资格认定")
        constraints = (
            models.UniqueConstraint(
                name="assessment_one_current",
                fields=("candidacy",),
                condition=models.Q(current=True),
            ),
        )

    def __str__(self) -> str:
        return str(self.get_verdict_display())

    @property
    def cause_title(self) -> str:
        """What made it necessary, in the reader's language."""
        return str(CAUSES.get(self.cause, self.cause))
