"""The list of a roll, and how many voters of each group stand on which ground."""

from typing import Any, ClassVar

import django_filters
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ballots.models import Voter
from election_admin.tables import Column, DateColumn, OfficeFilterSet, OfficeTable

ALL = _lazy("全部")
COUNTS = {
    "voters": Count("pk"),
    "men": Count("pk", filter=Q(sex=Voter.Sex.MALE)),
    "women": Count("pk", filter=Q(sex=Voter.Sex.FEMALE)),
    **{ground.value: Count("pk", filter=Q(ground=ground)) for ground in Voter.Ground},
}


class RollTable(OfficeTable):
    """Voters of one roll. ``kept``: whether the reader may strike somebody off now."""

    name = Column(verbose_name=_lazy("姓名"), width=12)
    sex = Column(verbose_name=_lazy("性别"), width=6)
    born = DateColumn(verbose_name=_lazy("出生日期"), width=12)
    group = Column(verbose_name=_lazy("村民小组"), order_by=("group", "name"), default="—", width=14)
    ground = Column(verbose_name=_lazy("登记依据"), width=40)
    accepted_on = DateColumn(verbose_name=_lazy("会议同意日期"), width=14)
    strike = Column(verbose_name=_lazy("更正"), empty_values=(), orderable=False, exclude_from_export=True)

    class Meta(OfficeTable.Meta):
        empty_text = _lazy("没有符合条件的选民。")

    def __init__(self, rows: QuerySet[Voter], *, kept: bool) -> None:
        super().__init__(rows, exclude=() if kept else ("strike",))

    def render_strike(self, record: Voter) -> SafeString:
        """A link to striking this voter off."""
        return format_html(
            '<a href="{}">{}<span class="visually-hidden">{}</span></a>',
            reverse("ballots:strike_off", args=[record.pk]),
            _("移出"),
            record.name,
        )


class RollFilter(OfficeFilterSet):
    """The filters of a roll."""

    q = django_filters.CharFilter(
        label=_lazy("姓名"), field_name="name", lookup_expr="icontains", max_length=40
    )
    group = django_filters.ChoiceFilter(label=_lazy("村民小组"), empty_label=ALL)
    sex = django_filters.ChoiceFilter(label=_lazy("性别"), choices=Voter.Sex.choices, empty_label=ALL)
    ground = django_filters.ChoiceFilter(
        label=_lazy("登记依据"), choices=Voter.Ground.choices, empty_label=ALL
    )

    class Meta:
        model = Voter
        fields: ClassVar[list[str]] = []

    def __init__(self, request: HttpRequest, voters: QuerySet[Voter], *, groups: list[str]) -> None:
        super().__init__(request.GET, voters, request=request)
        self.filters["group"].extra["choices"] = [(group, group) for group in groups if group]


def by_group(voters: QuerySet[Voter]) -> list[dict[str, Any]]:
    """Each group of a roll with its COUNTS, in one query."""
    return [dict(row) for row in voters.order_by("group").values("group").annotate(**COUNTS)]
