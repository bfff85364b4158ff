"""Candidates who may be one person in two villages: their list, and what is asked of who decides."""

from collections.abc import Sequence
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from candidates.actions.turns import REASON_LENGTH
from candidates.doubles import Double, Numbers, doubles_of, doubtful, told_apart
from candidates.filters import sees_many_townships
from candidates.forms import SayingForm
from candidates.models import Candidacy
from election_admin.accounts.access import Reach
from election_admin.places.models import Place
from election_admin.tables import Column, NumberColumn, OfficeFilterSet, OfficeTable
from villages.tables import ONE_LINE, state_mark

SETTLED = "settled"
NUMBERS: dict[Numbers, tuple[str, Promise]] = {
    Numbers.MISSING: ("warn", _lazy("至少一方没有登记号码")),
    Numbers.DIFFERENT: ("open", _lazy("双方号码不同")),
    Numbers.EQUAL: ("bad", _lazy("双方号码相同")),
}


def listed_doubles(reach: Reach, *, settled: bool) -> QuerySet[Candidacy]:
    """Whose namesake in another village of the county is doubtful, or was told apart; namesakes together."""
    rows = told_apart() if settled else doubtful()
    return (
        rows.visible_to(reach)
        .with_person()
        .defer("standing")
        .order_by("person__name", "person__born", "election__place__code", "id")
    )


class DoubleFilter(OfficeFilterSet):
    """By township and village, and whether somebody has decided."""

    show = django_filters.ChoiceFilter(
        label=_lazy("核对情况"),
        choices=((SETTLED, _lazy("已认定不是同一人")),),
        empty_label=_lazy("疑似重复，待核对"),
        method="settled",
    )
    township = django_filters.ModelChoiceFilter(
        label=_lazy("乡镇（街道）"),
        field_name="election__place__parent",
        queryset=Place.objects.none(),
        to_field_name="code",
        empty_label=_lazy("全部"),
    )
    village = django_filters.ModelChoiceFilter(
        label=_lazy("村"),
        field_name="election__place",
        queryset=Place.objects.none(),
        to_field_name="code",
        empty_label=_lazy("全部"),
    )

    class Meta:
        model = Candidacy
        fields: ClassVar[list[str]] = []

    def __init__(self, request: HttpRequest, *, reach: Reach) -> None:
        rows = listed_doubles(reach, settled=request.GET.get("show") == SETTLED)
        super().__init__(request.GET, rows, request=request)
        self.filters["village"].queryset = Place.objects.villages().visible_to(reach)
        self.filters["township"].queryset = Place.objects.townships().visible_to(reach)
        if not sees_many_townships(reach):
            del self.filters["township"]

    def settled(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """All of them: which are listed is decided before, by another query."""
        return rows


class DoubleTable(OfficeTable):
    """Candidates of ``listed_doubles``, each with its namesakes.

    Of a namesake outside ``reach`` it says no more than that there is one.
    """

    name = Column(verbose_name=_lazy("姓名"), accessor="person__name", width=12)
    born = NumberColumn(verbose_name=_lazy("出生年份"), accessor="person__born", width=10)
    id_number = Column(
        verbose_name=_lazy("公民身份号码"),
        accessor="person__masked_id_number",
        orderable=False,
        width=20,
        attrs=ONE_LINE,
    )
    village = Column(
        verbose_name=_lazy("村"), accessor="election__place__name", order_by="election__place__code", width=20
    )
    election = Column(verbose_name=_lazy("选举"), accessor="election__title", orderable=False, width=22)
    post = Column(verbose_name=_lazy("竞选职务"), accessor="post_title", orderable=False, width=10)
    numbers = Column(
        verbose_name=_lazy("号码比对"), empty_values=(), orderable=False, width=22, attrs=ONE_LINE
    )
    others = Column(verbose_name=_lazy("同名同日出生的另一人"), empty_values=(), orderable=False, width=40)

    class Meta(OfficeTable.Meta):
        empty_text = _lazy("没有符合条件的候选人。同名、同日出生又在两个村参选的，会列在这里。")

    def __init__(self, rows: QuerySet[Any], *, reach: Reach, settled: bool) -> None:
        super().__init__(rows)
        self.reach = reach
        self.settled = settled
        self.doubles: dict[int, list[Double]] = {}

    def prepare(self, records: Sequence[Any]) -> None:
        """Fetch the namesakes of the page's candidates."""
        self.doubles = doubles_of(records, settled=self.settled)

    def render_name(self, record: Any) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("candidates:candidate", args=[record.pk]), record.person.name
        )

    def value_name(self, record: Any) -> str:
        return str(record.person.name)

    def render_born(self, record: Any) -> int:
        return int(record.person.born.year)

    def render_village(self, record: Any) -> str:
        return in_township(record.place)

    def render_numbers(self, record: Any) -> SafeString:
        marks = dict.fromkeys(one.numbers for one in self.doubles[record.pk])
        return format_html_join(" ", "{}", ((state_mark(*NUMBERS[one]),) for one in marks))

    def render_others(self, record: Any) -> SafeString:
        return format_html_join("；", "{}", ((self._other(one),) for one in self.doubles[record.pk]))

    def _other(self, double: Double) -> SafeString | str:
        other = double.other
        if not self.reaches(other):
            return _("在本县另一个村")
        url = reverse("candidates:double", args=[double.own.pk, other.pk])
        return format_html(
            '<a href="{}">{}</a>', url, _("%(village)s，核对") % {"village": in_township(other.place)}
        )

    def value_others(self, record: Any) -> str:
        return "；".join(
            in_township(one.other.place) if self.reaches(one.other) else _("在本县另一个村")
            for one in self.doubles[record.pk]
        )

    def reaches(self, other: Candidacy) -> bool:
        """Whether the namesake, too, stands where the user sees candidates."""
        return any(other.place.code.startswith(code) for code in self.reach.place_codes)


def in_township(village: Place) -> str:
    """The village with its township: two villages of a county may share a name."""
    if village.parent is None:
        return village.name
    return _("%(township)s%(village)s") % {"township": village.parent.name, "village": village.name}


class GroundsForm(SayingForm):
    """What was compared, by whoever finds that two are two people."""

    grounds = forms.CharField(
        label=_lazy("核对依据"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_lazy("核对了双方的什么证件，例如：已核对双方居民身份证原件，住址和照片均不同。加密保存。"),
    )
    submit_label: ClassVar[Any] = _lazy("认定不是同一人")
