"""The joint review 联审: what a township sends up, what each department is asked, what the county signs."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from candidates.models.assessments import Assessment
from candidates.models.findings import DepartmentReply, Finding
from candidates.models.people import OUT, Candidacy, Verdict
from election_admin.accounts.models import Role, User
from election_admin.encryption import EncryptedJSON, EncryptedText
from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet, within
from villages.models import Term


class BatchQuerySet(PlaceScopedQuerySet["ReviewBatch"]):
    """Batches, by the township that sends them."""

    def current(self) -> "BatchQuerySet":
        """Only those of the term being held."""
        return self.filter(term__current=True)

    def under_way(self) -> "BatchQuerySet":
        """Only those the departments are asked about now."""
        return self.filter(state=ReviewBatch.State.SENT)

    def counted(self) -> "BatchQuerySet":
        """With ``people`` who stand, ``asked`` and ``answered``: how many answers are wanted and given."""
        standing = ReviewItem.objects.standing().filter(batch=models.OuterRef("pk"))
        departments = Enquiry.objects.filter(batch=models.OuterRef("pk"))
        given = (
            DepartmentReply.objects.newest()
            .exclude(candidacy__state__in=OUT)
            .filter(
                candidacy__review_items__batch=models.OuterRef("pk"),
                department__in=Enquiry.objects.filter(batch=models.OuterRef(models.OuterRef("pk"))).values(
                    "department"
                ),
            )
        )
        return self.annotate(
            people=_how_many(standing), departments=_how_many(departments), answered=_how_many(given)
        ).annotate(
            asked=models.F("people") * models.F("departments"),
            missing=models.F("people") * models.F("departments") - models.F("answered"),
        )


class ReviewBatch(models.Model):
    """Candidates of a township's villages, sent up together to be reviewed by the departments."""

    class State(models.TextChoices):
        DRAFT = "draft", _("待上报")
        SENT = "sent", _("联审中")
        RETURNED = "returned", _("已退回")
        SIGNED = "signed", _("已签署")

    place = models.ForeignKey(Place, models.PROTECT, related_name="review_batches", verbose_name=_("乡镇"))
    term = models.ForeignKey(Term, models.PROTECT, related_name="review_batches")
    number = models.PositiveSmallIntegerField(_("批次"))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.DRAFT)
    due_on = models.DateField(_("答复期限"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(_("建立时间"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(_("上报时间"), null=True)
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(_("退回时间"), null=True)
    # About the batch, never about what is found of a person.
    returned_because = models.CharField(_("退回原因"), max_length=500, blank=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(_("签署时间"), null=True)
    opinion = models.CharField(_("县级意见"), max_length=500, blank=True)

    objects = BatchQuerySet.as_manager()

    recorded_fields: ClassVar[tuple[str, ...]] = (
        "place",
        "term",
        "number",
        "state",
        "due_on",
        "returned_because",
        "opinion",
    )

    class Meta:
        ordering = ("-id",)
        verbose_name = _("联审批次")
        constraints = (
            models.UniqueConstraint(name="review_batch_number_once", fields=("place", "term", "number")),
            models.CheckConstraint(
                name="review_batch_sent_says_when",
                condition=models.Q(state="draft") | models.Q(sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="review_batch_signed_says_when",
                condition=models.Q(state="signed", signed_at__isnull=False)
                | (~models.Q(state="signed") & models.Q(signed_at__isnull=True)),
            ),
        )

    def __str__(self) -> str:
        return str(_("%(place)s第%(number)d批")) % {"place": self.place.name, "number": self.number}

    @property
    def is_open(self) -> bool:
        """Whether the township may still change who is in it."""
        return self.state in {self.State.DRAFT, self.State.RETURNED}


class ItemQuerySet(PlaceScopedQuerySet["ReviewItem"]):
    """Candidates in batches, by the village of the election."""

    place_code_field = "candidacy__election__place__code"

    def with_person(self) -> "ItemQuerySet":
        """With the person, the village and the batch, which every page names."""
        return self.select_related(
            "batch__place",
            "candidacy__person",
            "candidacy__election__place__parent",
            "candidacy__election__term",
        )

    def standing(self) -> "ItemQuerySet":
        """Only candidates who still stand: nobody is asked about the others."""
        return self.exclude(candidacy__state__in=OUT)

    def asked_of(self, user: User, department: str) -> "ItemQuerySet":
        """Those about whom this user answers for the department: sent up, in the user's counties."""
        here = models.Q(pk__in=[])
        for held in user.held_memberships:
            if held.role == Role.DEPARTMENT and held.department == department:
                here |= within(held.place.code, "batch__place__code")
        return self.filter(
            here,
            batch__term__current=True,
            batch__state__in=(ReviewBatch.State.SENT, ReviewBatch.State.SIGNED),
            batch__enquiries__department=department,
        ).standing()

    def waiting_for(self, department: str) -> "ItemQuerySet":
        """Only candidates about whom the department has not answered."""
        return self.exclude(candidacy__in=_answers_of(department).values("candidacy"))

    def answered_by(self, department: str) -> "ItemQuerySet":
        """Only candidates about whom the department has answered, with ``answered_at``: when."""
        answers = _answers_of(department)
        when = answers.filter(candidacy=models.OuterRef("candidacy")).values("replied_at")[:1]
        return self.filter(candidacy__in=answers.values("candidacy")).annotate(
            answered_at=models.Subquery(when)
        )


def _how_many(rows: models.QuerySet[Any]) -> Coalesce:
    """How many rows a subquery has, for a row of the query around it."""
    counted = rows.order_by().annotate(all=models.Value(1)).values("all")
    number = counted.annotate(number=models.Count("pk")).values("number")
    return Coalesce(models.Subquery(number, output_field=models.IntegerField()), 0)


def _answers_of(department: str) -> models.QuerySet[DepartmentReply]:
    return DepartmentReply.objects.newest().filter(department=department)


class ReviewItem(models.Model):
    """One candidate in a batch, and what the county signed about them."""

    batch = models.ForeignKey(ReviewBatch, models.CASCADE, related_name="items")
    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="review_items")
    # Of the sign-off; empty until then.
    assessment = models.ForeignKey(Assessment, models.PROTECT, null=True, related_name="+")
    verdict = models.CharField(_("联审结论"), max_length=16, choices=Verdict, blank=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        verbose_name = _("联审对象")
        constraints = (
            models.UniqueConstraint(name="review_item_once_a_batch", fields=("batch", "candidacy")),
        )

    def __str__(self) -> str:
        return f"#{self.pk}"

    @property
    def place(self) -> Place:
        """The village whose election this is."""
        return self.candidacy.election.place


class EnquiryQuerySet(PlaceScopedQuerySet["Enquiry"]):
    """Enquiries, by the township whose batch it is."""

    place_code_field = "batch__place__code"

    def asked_of(self, user: User) -> "EnquiryQuerySet":
        """Only what is asked of the departments this user answers for, where they do."""
        here = models.Q(pk__in=[])
        for held in user.held_memberships:
            if held.role == Role.DEPARTMENT:
                here |= models.Q(department=held.department) & within(held.place.code, "batch__place__code")
        states = (ReviewBatch.State.SENT, ReviewBatch.State.SIGNED)
        return self.filter(here, batch__state__in=states, batch__term__current=True)

    def open(self) -> "EnquiryQuerySet":
        """Only those of batches under way that are not answered in full."""
        return self.filter(batch__state=ReviewBatch.State.SENT, answered_at__isnull=True)

    def counted(self) -> "EnquiryQuerySet":
        """With ``asked``, ``answered`` and ``missing``: of how many people who stand, about how many."""
        standing = ReviewItem.objects.standing().filter(batch=models.OuterRef("batch"))
        given = (
            DepartmentReply.objects.newest()
            .exclude(candidacy__state__in=OUT)
            .filter(
                candidacy__review_items__batch=models.OuterRef("batch"),
                department=models.OuterRef("department"),
            )
        )
        return self.annotate(asked=_how_many(standing), answered=_how_many(given)).annotate(
            missing=models.F("asked") - models.F("answered")
        )


class Enquiry(models.Model):
    """What one department is asked by one batch: all the people in it. Its stamped papers hang here."""

    batch = models.ForeignKey(ReviewBatch, models.CASCADE, related_name="enquiries")
    # A code of rulebooks/departments.yaml.
    department = models.CharField(_("部门"), max_length=32)
    # When the last person in it was answered; null while somebody is missing.
    answered_at = models.DateTimeField(_("答复完毕时间"), null=True)
    reminded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reminded_at = models.DateTimeField(_("催办时间"), null=True)
    reminders = models.PositiveSmallIntegerField(_("催办次数"), default=0)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        verbose_name = _("联审征询")
        constraints = (models.UniqueConstraint(name="enquiry_once_a_batch", fields=("batch", "department")),)

    def __str__(self) -> str:
        return self.department

    @property
    def place(self) -> Place:
        """The township whose batch it is."""
        return self.batch.place


class FlagQuerySet(PlaceScopedQuerySet["Flag"]):
    """Flags, by the village of the election."""

    place_code_field = "candidacy__election__place__code"

    def open(self) -> "FlagQuerySet":
        """Only those nobody has settled."""
        return self.filter(resolved_at__isnull=True)


class Flag(models.Model):
    """Something about a candidate that must be settled before the candidacy may be moved on.

    While one is open the candidacy is frozen: it becomes neither final nor struck off.
    """

    class Kind(models.TextChoices):
        DISAGREEMENT = "disagreement", _("部门答复不一致")
        LATE_REPLY = "late_reply", _("县级签署后部门改变答复")
        LATE_FINDING = "late_finding", _("正式候选人名单确定后收到认定材料")
        VERDICT_CHANGED = "verdict_changed", _("签署或者确定后资格结论有变")

    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="flags")
    kind = models.CharField(_("事项"), max_length=16, choices=Kind)
    # {"situation", "record": departments, "no_record": departments} of a disagreement;
    # {"department"} of a late reply; {"situation"} of a late finding; {"was", "verdict"} of a change.
    details = EncryptedJSON(default=dict)
    reply = models.ForeignKey(DepartmentReply, models.PROTECT, null=True, related_name="flags")
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, related_name="flags")
    opened_at = models.DateTimeField(_("发现时间"))
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    resolved_at = models.DateTimeField(_("处理时间"), null=True)
    # Why it is settled. By whom it was opened, the journal says.
    resolution = EncryptedText(_("处理意见"), blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = _("冻结事项")

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def place(self) -> Place:
        """The village whose election this is."""
        return self.candidacy.election.place


class RecheckQuerySet(PlaceScopedQuerySet["Recheck"]):
    """What is to be checked again, by the village of the election."""

    place_code_field = "candidacy__election__place__code"

    def open(self) -> "RecheckQuerySet":
        """Only while the answer in question is the department's last, and the flag is not settled."""
        return self.filter(reply__newest=True, flag__resolved_at__isnull=True).exclude(
            candidacy__state__in=OUT
        )


class Recheck(models.Model):
    """The county asks a department to check again what it answered about somebody.

    It takes nothing back: the answer stands until the department gives another, the same or not.
    It does not say why: what other departments answered is not this one's to know.
    """

    flag = models.ForeignKey(Flag, models.PROTECT, related_name="rechecks")
    candidacy = models.ForeignKey(Candidacy, models.PROTECT, related_name="rechecks")
    # The answer to be checked again, and whose it is: a code of rulebooks/departments.yaml.
    reply = models.ForeignKey(DepartmentReply, models.PROTECT, related_name="rechecks")
    department = models.CharField(_("部门"), max_length=32)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(_("要求时间"))

    objects = RecheckQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        verbose_name = _("重新核实")
        constraints = (models.UniqueConstraint(name="recheck_once_an_answer", fields=("flag", "reply")),)

    def __str__(self) -> str:
        return self.department

    @property
    def place(self) -> Place:
        """The village whose election this is."""
        return self.candidacy.election.place
