"""The violations of a township or a county as a list."""

from datetime import date
from typing import Any, ClassVar

import django_filters
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ballots.models import Violation
from ballots.violations import title_of_step, with_consequences
from election_admin.accounts.access import reach_of
from election_admin.accounts.models import Role, User
from election_admin.accounts.signed_in import signed_in
from election_admin.places.models import Place
from election_admin.tables import Column, DateColumn, OfficeFilterSet, OfficeTable

OFFICIALS = (Role.TOWNSHIP, Role.COUNTY)
ALL = _lazy("全部")
# As much of what went wrong as a line of the list holds; the Excel file has all of it.
WHAT_SHOWN = 60
STATES = {"open": _lazy("未纠正"), "corrected": _lazy("已纠正"), "waiting": _lazy("无效后尚待重办")}


def office_violations(user: User) -> QuerySet[Any]:
    """The violations in the elections being held in a user's townships, open ones first."""
    rows = Violation.objects.visible_to(reach_of(user, *OFFICIALS)).filter(election__term__current=True)
    with_rules = with_consequences(rows).select_related(
        "step", "election__place__parent", "election__term", "election__edition"
    )
    return with_rules.order_by(F("corrected_on").asc(nulls_first=True), "-found_on", "-pk")


def state_of(violation: Any) -> tuple[str, str]:
    """How a violation marked with its consequences stands: a state and its words."""
    if violation.corrected_on is None:
        return "bad", str(STATES["open"])
    if violation.new_election_due:
        return "bad", _("已纠正，选举无效，须重新选举")
    if violation.step_to_redo:
        return "warn", _("已纠正，步骤无效，须撤销重办")
    return "good", str(STATES["corrected"])


class ViolationTable(OfficeTable):
    """Violations with consequences. ``township`` is shown to those who see more than one."""

    village = Column(verbose_name=_lazy("村"), accessor="election__place__name", width=16)
    township = Column(
        verbose_name=_lazy("乡镇（街道）"),
        accessor="election__place__parent__name",
        order_by="election__place__parent__code",
        width=14,
    )
    election = Column(verbose_name=_lazy("选举"), accessor="election__title", orderable=False, width=22)
    step = Column(verbose_name=_lazy("步骤"), order_by="step__position", empty_values=(), width=24)
    what = Column(verbose_name=_lazy("违规情况"), orderable=False, width=50)
    found_on = DateColumn(verbose_name=_lazy("发现日期"), width=12)
    stopped_by = Column(verbose_name=_lazy("由谁制止"), orderable=False, width=20)
    state = Column(
        verbose_name=_lazy("状态"),
        accessor="corrected_on",
        order_by="corrected_on",
        empty_values=(),
        width=20,
    )
    correction = Column(verbose_name=_lazy("纠正情况"), orderable=False, visible=False, width=50)
    corrected_on = DateColumn(verbose_name=_lazy("纠正日期"), visible=False, width=12)
    voids = Column(verbose_name=_lazy("对效力的影响"), orderable=False, visible=False, width=24)

    class Meta(OfficeTable.Meta):
        empty_text = _lazy("没有违规记录。发现违规时，在村的选举程序页相应步骤上登记。")

    def __init__(self, rows: QuerySet[Any], *, one_township: bool) -> None:
        super().__init__(rows, exclude=("township",) if one_township else ())

    def exported_columns(self) -> list[Any]:
        return [column for column in self.columns.iterall() if column.name not in self.exclude]

    def render_village(self, value: str, record: Any) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("ballots:violation_list", args=[record.election_id]), value
        )

    def value_village(self, value: str) -> str:
        return value

    def render_step(self, record: Any) -> str:
        return title_of_step(record.election, record.step.code)

    def render_what(self, value: str, record: Any) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>',
            reverse("ballots:correct_violation", args=[record.pk]),
            Truncator(value).chars(WHAT_SHOWN),
        )

    def value_what(self, value: str) -> str:
        return value

    def render_state(self, record: Any) -> SafeString:
        return format_html('<span class="state state-{}">{}</span>', *state_of(record))

    def value_state(self, record: Any) -> str:
        return state_of(record)[1]

    def value_corrected_on(self, record: Any) -> date | None:
        day: date | None = record.corrected_on
        return day

    def value_voids(self, record: Any) -> str:
        return str(record.get_voids_display())


class ViolationFilter(OfficeFilterSet):
    """The filters of the list of violations."""

    q = django_filters.CharFilter(
        label=_lazy("村名"), field_name="election__place__name", lookup_expr="icontains", max_length=40
    )
    township = django_filters.ModelChoiceFilter(
        label=_lazy("乡镇（街道）"),
        field_name="election__place__parent",
        queryset=Place.objects.none(),
        to_field_name="code",
        empty_label=ALL,
    )
    state = django_filters.ChoiceFilter(
        label=_lazy("状态"), choices=tuple(STATES.items()), method="standing", empty_label=ALL
    )
    voids = django_filters.ChoiceFilter(
        label=_lazy("对效力的影响"), choices=Violation.Voids.choices, empty_label=ALL
    )

    class Meta:
        model = Violation
        fields: ClassVar[list[str]] = []

    def __init__(self, request: HttpRequest, violations: QuerySet[Any]) -> None:
        super().__init__(request.GET, violations, request=request)
        user = signed_in(request)
        if user.holds(Role.COUNTY) or len(user.held_memberships) > 1:
            townships = Place.objects.townships().visible_to(reach_of(user, *OFFICIALS))
            self.filters["township"].queryset = townships
        else:
            del self.filters["township"]

    def standing(self, violations: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Only violations that stand so."""
        if value == "waiting":
            return violations.filter(step_to_redo=True) | violations.filter(new_election_due=True)
        return violations.filter(corrected_on__isnull=value == "open")
