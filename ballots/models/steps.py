"""The procedure of an election, step by step."""

from datetime import date, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from election_admin.accounts.models import Membership, Role
from election_admin.places.models import Place
from election_admin.places.querysets import PlaceScopedQuerySet
from villages.models import Election, Occasion, Stage

# Days from today of the last lawful day: overdue, then what is due within 1, 3 and 7 days.
BUCKETS: dict[str, tuple[int | None, int]] = {
    "overdue": (None, -1),
    "one": (0, 1),
    "three": (2, 3),
    "seven": (4, 7),
}
WARNED_AHEAD = timedelta(days=7)


def bucket_condition(bucket: str, on: date) -> Q:
    """Return the condition that a step's last lawful day lies in a bucket."""
    first, last = BUCKETS[bucket]
    condition = Q(latest__lte=on + timedelta(days=last))
    return condition if first is None else condition & Q(latest__gte=on + timedelta(days=first))


class StepQuerySet(PlaceScopedQuerySet["Step"]):
    """Steps, by the village of the election."""

    place_code_field = "election__place__code"

    def open(self) -> "StepQuerySet":
        """Only steps not done yet that have to be done.

        What a void election, or a further one after it, has left open is done by the new election
        that takes its place.
        """
        undone = self.filter(done_on__isnull=True, if_needed=False)
        standing = undone.exclude(election__followed_by__occasion=Occasion.NEW)
        return standing.exclude(
            election__occasion=Occasion.FURTHER, election__follows__followed_by__occasion=Occasion.NEW
        )

    def overdue(self, *, on: object) -> "StepQuerySet":
        """Only steps whose last lawful day has passed without them."""
        return self.open().filter(latest__lt=on)

    def due_by(self, day: object) -> "StepQuerySet":
        """Only steps whose last lawful day is no later than this one."""
        return self.filter(latest__lte=day)

    def warned_of(self, *, on: date) -> "StepQuerySet":
        """Only open steps of current terms whose last lawful day has passed or is near.

        With the election and its rules, which every line of a list names.
        """
        near = self.open().filter(latest__lte=on + WARNED_AHEAD, election__term__current=True)
        return near.select_related("election__place__parent", "election__term", "election__edition")

    def in_bucket(self, bucket: str, *, on: date) -> "StepQuerySet":
        """Only steps whose last lawful day lies in one of BUCKETS."""
        return self.filter(bucket_condition(bucket, on))

    def count_buckets(self, *, on: date) -> dict[str, int]:
        """Count the steps of each bucket."""
        counted = {name: models.Count("pk", filter=bucket_condition(name, on)) for name in BUCKETS}
        return self.order_by().aggregate(**counted)

    def done_late(self) -> "StepQuerySet":
        """Only steps done after their last lawful day."""
        return self.filter(done_on__gt=F("latest"))

    def with_recorder(self) -> "StepQuerySet":
        """With who recorded each step, and whether they sit on the village's committee."""
        village = ExpressionWrapper(OuterRef("election__place__code"), models.CharField())
        seats = Membership.objects.alias(village=village).filter(
            user=OuterRef("recorded_by"), role=Role.COMMITTEE, village__startswith=F("place__code")
        )
        with_names = self.select_related("recorded_by")
        return with_names.annotate(by_committee=Exists(seats))  # type: ignore[no-redef]  # declared on Step


class Step(models.Model):
    """One step of one election: when the law allows it, when it was done, by whom.

    ``earliest`` and ``latest`` follow from the election day and from what was done, and are
    written whenever one of these changes.
    """

    election = models.ForeignKey(Election, models.CASCADE, related_name="steps")
    # A code of the term's procedure rulebook.
    code = models.CharField(_("步骤"), max_length=40)
    stage = models.CharField(_("阶段"), max_length=12, choices=Stage)
    position = models.PositiveSmallIntegerField(_("序号"))
    if_needed = models.BooleanField(default=False)
    earliest = models.DateField(_("最早"), null=True)
    latest = models.DateField(_("最迟"), null=True)
    done_on = models.DateField(_("办理日期"), null=True)
    done_by = models.CharField(_("办理人"), max_length=80, blank=True)
    remark = models.CharField(_("备注"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(_("登记时间"), null=True)

    objects = StepQuerySet.as_manager()

    # Only on steps read with_recorder().
    by_committee: bool

    recorded_fields: ClassVar[tuple[str, ...]] = ("code", "done_on", "done_by", "remark")

    class Meta:
        ordering = ("election", "position")
        verbose_name = _("程序步骤")
        constraints = (
            models.UniqueConstraint(name="step_once_an_election", fields=("election", "code")),
            models.CheckConstraint(
                name="step_done_has_record",
                condition=Q(done_on__isnull=True) | Q(recorded_at__isnull=False),
            ),
        )
        indexes = (
            models.Index(name="step_open_by_latest", fields=("latest",), condition=Q(done_on__isnull=True)),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def place(self) -> Place:
        """The village whose election this is."""
        return self.election.place

    @property
    def done_late(self) -> bool:
        """Whether it was done after its last lawful day."""
        return bool(self.done_on and self.latest and self.done_on > self.latest)
