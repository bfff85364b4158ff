"""What falls due: the steps whose last lawful day is near or has passed, for lists and letters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.db.models import Count, F, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _lazy

from ballots.actions.steps import CONFIDENTIAL
from ballots.models import Step
from ballots.models.steps import BUCKETS, StepQuerySet, bucket_condition
from ballots.wording import days_left, step_title
from election_admin.accounts.access import reach_of
from election_admin.accounts.models import Role, User
from election_admin.accounts.signed_in import signed_in
from election_admin.forms import DateInput
from election_admin.places.models import CODE_DIGITS, Place
from election_admin.tables import Column, DateColumn, NumberColumn, OfficeFilterSet, OfficeTable
from villages.models import Body, Stage
from villages.procedures import course_of
from villages.registry import HomePart, register_home_part
from villages.tallies import Tally

WARNED = (Role.TOWNSHIP, Role.COUNTY, Role.COMMITTEE)
BUCKET_LABELS: Mapping[str, Promise] = {
    "overdue": _lazy("步已逾期"),
    "one": _lazy("步今明两天到期"),
    "three": _lazy("步2至3天内到期"),
    "seven": _lazy("步4至7天内到期"),
}
BUCKET_NAMES: Mapping[str, Promise] = {
    "overdue": _lazy("已逾期"),
    "one": _lazy("今明两天到期"),
    "three": _lazy("2至3天内到期"),
    "seven": _lazy("4至7天内到期"),
}
BUCKET_STATES = {"overdue": "bad", "one": "warn", "three": "warn", "seven": "open"}
ALL = _lazy("全部")


def due_steps(user: User, *, on: date) -> StepQuerySet:
    """The steps overdue or due within a week that this user may know of, most urgent first."""
    steps = Step.objects.visible_to(reach_of(user, *WARNED)).warned_of(on=on).exclude(code__in=CONFIDENTIAL)
    # As expressions: a table takes plain names for a sorting that somebody chose.
    return steps.order_by(F("latest").asc(), F("election__place__code").asc(), F("position").asc())


def bucket_of(latest: date, *, on: date) -> str:
    """The bucket in which a last lawful day lies."""
    left = (latest - on).days
    return next(name for name, (_first, last) in BUCKETS.items() if left <= last)


def deadlines_url(**filters: str) -> str:
    """The address of the list under these filters."""
    return f"{reverse('ballots:deadlines')}?{urlencode(filters)}"


def tallies(numbers: Mapping[str, int], **filters: str) -> list[Tally]:
    """The number of steps in each bucket, each with the list behind it."""
    return [
        Tally(
            numbers[name],
            BUCKET_LABELS[name],
            deadlines_url(**filters, bucket=name),
            BUCKET_STATES[name],
        )
        for name in BUCKETS
    ]


@dataclass(frozen=True)
class TownshipRow:
    """One township's steps, counted by bucket."""

    township: Place
    tallies: list[Tally]


def by_township(steps: StepQuerySet, *, on: date) -> list[TownshipRow]:
    """The steps of each township by bucket, the township with most overdue first; two queries."""
    counted = {name: Count("pk", filter=bucket_condition(name, on)) for name in BUCKETS}
    counts = steps.order_by().values(township=F("election__place__parent")).annotate(**counted)
    rows: list[dict[str, Any]] = [dict(row) for row in counts]
    places = Place.objects.in_bulk([row["township"] for row in rows])
    rows.sort(key=lambda row: (*(-row[name] for name in BUCKETS), places[row["township"]].code))
    return [
        TownshipRow(
            places[row["township"]],
            tallies({name: row[name] for name in BUCKETS}, township=places[row["township"]].code),
        )
        for row in rows
    ]


class DeadlineFilter(OfficeFilterSet):
    """The filters of the list of what falls due."""

    q = django_filters.CharFilter(
        label=_lazy("村名"), field_name="election__place__name", lookup_expr="icontains", max_length=40
    )
    bucket = django_filters.ChoiceFilter(
        label=_lazy("期限"), choices=tuple(BUCKET_NAMES.items()), method="in_bucket", empty_label=ALL
    )
    township = django_filters.ModelChoiceFilter(
        label=_lazy("乡镇（街道）"),
        field_name="election__place__parent",
        queryset=Place.objects.none(),
        to_field_name="code",
        empty_label=ALL,
    )
    stage = django_filters.ChoiceFilter(label=_lazy("阶段"), choices=Stage.choices, empty_label=ALL)
    body = django_filters.ChoiceFilter(
        label=_lazy("选举对象"), field_name="election__body", choices=Body.choices, empty_label=ALL
    )
    day = django_filters.DateFilter(label=_lazy("到期日"), field_name="latest", widget=DateInput)

    class Meta:
        model = Step
        fields: tuple[str, ...] = ()

    def __init__(self, request: HttpRequest, steps: StepQuerySet, *, on: date) -> None:
        super().__init__(request.GET, steps, request=request)
        self.on = on
        user = signed_in(request)
        if sees_townships(user):
            self.filters["township"].queryset = Place.objects.townships().visible_to(user)
        else:
            del self.filters["township"]

    def in_bucket(self, steps: StepQuerySet, name: str, value: str) -> StepQuerySet:
        """Only steps of one bucket."""
        return steps.in_bucket(value, on=self.on)


def sees_townships(user: User) -> bool:
    """Whether the user's lists hold more than one township."""
    return any(len(held.place.code) < CODE_DIGITS["township"] for held in user.held_memberships) or (
        len(user.held_memberships) > 1
    )


class DeadlineTable(OfficeTable):
    """Steps that fall due, one a line."""

    place = Column(
        verbose_name=_lazy("村"), accessor="election__place__name", order_by="election__place__code", width=16
    )
    township = Column(
        verbose_name=_lazy("乡镇（街道）"),
        accessor="election__place__parent__name",
        order_by="election__place__parent__code",
        width=14,
    )
    election = Column(verbose_name=_lazy("选举"), accessor="election__body", width=20)
    step = Column(verbose_name=_lazy("步骤"), accessor="code", order_by="position", width=34)
    who = Column(verbose_name=_lazy("负责"), accessor="code", orderable=False, width=24)
    latest = DateColumn(verbose_name=_lazy("最迟日期"), width=12)
    left = Column(verbose_name=_lazy("期限"), accessor="latest", order_by="latest", width=14)
    days = NumberColumn(verbose_name=_lazy("剩余天数"), accessor="latest", orderable=False, visible=False)

    class Meta(OfficeTable.Meta):
        empty_text = _lazy("没有逾期和七天内到期的步骤。")

    def __init__(self, steps: QuerySet[Step], *, on: date, one_township: bool) -> None:
        super().__init__(steps, exclude=("township",) if one_township else ())
        self.on = on

    def render_place(self, record: Step, value: str) -> SafeString:
        url = reverse("villages:village", args=[record.place.code])
        return format_html('<a href="{}">{}</a>', url, value)

    def value_place(self, value: str) -> str:
        return value

    def render_election(self, record: Step) -> str:
        return record.election.title

    def render_step(self, record: Step) -> SafeString:
        url = reverse("ballots:procedure", args=[record.election_id]) + f"#{record.code}"
        return format_html('<a href="{}">{}</a>', url, step_title(record.election, record.code))

    def value_step(self, record: Step) -> str:
        return step_title(record.election, record.code)

    def render_who(self, record: Step) -> str:
        return course_of(record.election).steps[record.code].who.in_(get_language() or "")

    def render_left(self, value: date) -> SafeString:
        state = BUCKET_STATES[bucket_of(value, on=self.on)]
        return format_html('<span class="state state-{}">{}</span>', state, days_left(value, on=self.on))

    def value_left(self, value: date) -> str:
        return days_left(value, on=self.on)

    def value_days(self, value: date) -> int:
        return (value - self.on).days


def _home(user: User, on: date) -> Mapping[str, Any]:
    return {"tallies": tallies(due_steps(user, on=on).count_buckets(on=on))}


def titles_of(steps: Sequence[Step]) -> list[tuple[str, list[Step]]]:
    """Steps gathered by what they are called, in order."""
    gathered: dict[str, list[Step]] = {}
    for step in steps:
        gathered.setdefault(step_title(step.election, step.code), []).append(step)
    return list(gathered.items())


register_home_part(
    HomePart("ballots/_deadlines_home.html", _home, frozenset({Role.TOWNSHIP, Role.COUNTY}), 10)
)
