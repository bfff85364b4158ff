"""Filters of the lists of villages. A number on a page and the list behind it filter alike."""

from datetime import date, timedelta
from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.places.models import Place
from election_admin.tables import OfficeFilterSet
from villages.models import Audit, Band, Stage
from villages.overview import OFFICIALS, SITUATIONS, subtrees

ALL = _("全部")
SITUATION_NAMES = {
    "attention": _("需要重点关注"),
    "overdue": _("有逾期事项"),
    "lacks_plan": _("重点难点村没有批准的预案"),
    "lacks_audit": _("临近选举，审计未公布"),
    "rating_waits": _("评级待县级审定"),
    "rating_decided": _("评级已审定"),
    "no_day": _("未定选举日"),
}
AUDIT_NONE = "none"
DAY_OVER = "over"
DAYS_AHEAD = ("7", "15", "30", "60")


class VillageFilter(OfficeFilterSet):
    """The filters of the list of villages. ``on`` is the day from which days are counted."""

    q = django_filters.CharFilter(label=_("村名或代码"), method="named", max_length=40)
    township = django_filters.ModelChoiceFilter(
        label=_("乡镇（街道）"),
        field_name="parent",
        queryset=Place.objects.none(),
        to_field_name="code",
        empty_label=ALL,
    )
    band = django_filters.ChoiceFilter(label=_("等级"), choices=Band.choices, empty_label=ALL)
    stage = django_filters.ChoiceFilter(label=_("选举阶段"), choices=Stage.choices, empty_label=ALL)
    situation = django_filters.ChoiceFilter(
        label=_("情况"), choices=tuple(SITUATION_NAMES.items()), method="standing", empty_label=ALL
    )
    audit = django_filters.ChoiceFilter(
        label=_("审计"),
        choices=((AUDIT_NONE, _("未开始")), *Audit.State.choices),
        method="audited",
        empty_label=ALL,
    )
    within = django_filters.ChoiceFilter(
        label=_("选举日"),
        choices=(
            ("7", _("7天以内")),
            ("15", _("15天以内")),
            ("30", _("30天以内")),
            ("60", _("60天以内")),
            (DAY_OVER, _("已过")),
        ),
        method="voting_within",
        empty_label=ALL,
    )

    offered: ClassVar[tuple[str, ...]] = ("q", "township", "band", "stage", "situation", "audit", "within")
    roles: ClassVar[tuple[str, ...]] = OFFICIALS

    class Meta:
        model = Place
        fields: ClassVar[list[str]] = []

    def __init__(self, request: HttpRequest, villages: QuerySet[Any], *, on: date) -> None:
        super().__init__(request.GET, villages, request=request)
        self.on = on
        user = signed_in(request)
        for name in set(self.filters) - set(self.offered):
            del self.filters[name]
        if user.holds(Role.COUNTY) or len(user.held_memberships) > 1:
            townships = Place.objects.townships().visible_to(subtrees(user, self.roles))
            self.filters["township"].queryset = townships
        else:
            del self.filters["township"]

    def named(self, villages: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Only villages whose name holds the text, or whose code begins with it."""
        return villages.filter(Q(name__icontains=value) | Q(code__startswith=value))

    def standing(self, villages: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Only villages in a situation."""
        return villages.filter(SITUATIONS[value])

    def audited(self, villages: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Only villages whose audit has come so far."""
        if value == AUDIT_NONE:
            return villages.filter(audit_state__isnull=True)
        return villages.filter(audit_state=value)

    def voting_within(self, villages: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Only villages that vote within so many days, or have voted."""
        if value == DAY_OVER:
            return villages.filter(election_day__lt=self.on)
        last = self.on + timedelta(days=int(value))
        return villages.filter(election_day__range=(self.on, last))

    def values(self) -> dict[str, Any]:
        """The values in use, as an address holds them; nothing while one is not understood."""
        if not self.form.is_valid():
            return {}
        return {name: self.form.data[name] for name in self.form.fields if self.form.data.get(name)}


class DashboardFilter(VillageFilter):
    """The three filters of the dashboard, which every list behind its numbers takes too."""

    offered = ("township", "band", "within")
    roles = (Role.COUNTY,)
