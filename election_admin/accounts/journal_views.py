"""The journal on screen: who did what, when, where and why.

It stands with accounts, which know who may see it; the journal itself knows nobody.
"""

from typing import Any, ClassVar

import django_filters
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe

from election_admin.accounts.access import allow, reach_of
from election_admin.accounts.models import Role
from election_admin.accounts.signed_in import signed_in
from election_admin.forms import DateInput
from election_admin.journal.models import Entry
from election_admin.journal.verbs import VERBS
from election_admin.tables import Column, OfficeFilterSet, OfficeTable, respond_with_list

READERS = (Role.TOWNSHIP, Role.COUNTY, Role.ADMINISTRATOR)


class EntryFilters(OfficeFilterSet):
    """By act, by day, by place."""

    verb = django_filters.ChoiceFilter(
        label=_lazy("操作"), choices=list(VERBS.items()), empty_label=_lazy("全部")
    )
    place = django_filters.CharFilter(label=_lazy("地区"), field_name="place__name", lookup_expr="contains")
    since = django_filters.DateFilter(
        label=_lazy("从"), field_name="at", lookup_expr="date__gte", widget=DateInput
    )
    until = django_filters.DateFilter(
        label=_lazy("到"), field_name="at", lookup_expr="date__lte", widget=DateInput
    )

    class Meta:
        model = Entry
        fields: ClassVar[list[str]] = []


class EntryTable(OfficeTable):
    """One act a row. What was written before and after stays in the journal, not on the screen."""

    at = Column(verbose_name=_lazy("时间"), width=18)
    actor = Column(verbose_name=_lazy("操作人"), accessor="actor__name")
    place = Column(verbose_name=_lazy("地区"), accessor="place__name")
    verb = Column(verbose_name=_lazy("操作"), width=20)
    object_id = Column(verbose_name=_lazy("编号"), orderable=False)
    reason = Column(verbose_name=_lazy("事由"), orderable=False, width=40)

    class Meta(OfficeTable.Meta):
        empty_text = _lazy("没有符合条件的记录。")
        order_by = "-at"

    def render_verb(self, value: str) -> str:
        return str(VERBS.get(value, value))

    def value_at(self, value: Any) -> Any:
        return value


@allow(*READERS)
@require_safe
def entry_list(request: HttpRequest) -> HttpResponse | FileResponse:
    """What was done where the user holds an office that reads the journal, the newest first."""
    reach = reach_of(signed_in(request), *READERS)
    entries = Entry.objects.visible_to(reach).select_related("actor", "place")
    return respond_with_list(
        request,
        table=EntryTable,
        filterset=EntryFilters(request.GET, queryset=entries),
        template="journal/entry_list.html",
        context={},
        export_name=_("操作日志"),
    )
