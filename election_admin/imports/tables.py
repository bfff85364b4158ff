"""Imports as a list."""

from datetime import datetime
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _lazy

from election_admin.accounts.signed_in import signed_in
from election_admin.imports.models import ImportJob, kinds_for
from election_admin.tables import Column, NumberColumn, OfficeFilterSet, OfficeTable

ALL = _lazy("全部")


class MomentColumn(Column):
    """A day and a time; in Excel the same."""

    def render(self, value: datetime) -> str:
        return date_format(timezone.localtime(value), "Y-m-d H:i")

    def value(self, **kwargs: Any) -> Any:
        return kwargs["value"]


class ImportTable(OfficeTable):
    """Imports, the newest first."""

    kind = Column(verbose_name=_lazy("种类"), width=18)
    place = Column(verbose_name=_lazy("地区"), accessor="place__name", order_by="place__code", width=16)
    state = Column(verbose_name=_lazy("状态"), width=12)
    rows_read = NumberColumn(verbose_name=_lazy("行数"), accessor="rows", order_by="rows")
    new = NumberColumn(verbose_name=_lazy("新增"))
    changed = NumberColumn(verbose_name=_lazy("变更"))
    wrong = NumberColumn(verbose_name=_lazy("有误"))
    requested_by = Column(
        verbose_name=_lazy("上传人"), accessor="requested_by__name", order_by="requested_by__name", width=12
    )
    requested_at = MomentColumn(verbose_name=_lazy("上传时间"), width=18)

    class Meta(OfficeTable.Meta):
        empty_text = _lazy("还没有导入过文件。导入在候选人等各自的页面上开始：先下载模板，填好后上传。")

    def render_kind(self, record: ImportJob) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("imports:import_job", args=[record.pk]), record.kind_title
        )

    def value_kind(self, record: ImportJob) -> str:
        return record.kind_title

    def render_state(self, record: ImportJob) -> SafeString:
        return format_html('<span class="state state-{}">{}</span>', record.mark, record.get_state_display())

    def value_state(self, record: ImportJob) -> str:
        return record.get_state_display()


class ImportFilter(OfficeFilterSet):
    """The filters above the list of imports."""

    kind = django_filters.ChoiceFilter(label=_lazy("种类"), empty_label=ALL)
    state = django_filters.ChoiceFilter(label=_lazy("状态"), choices=ImportJob.State.choices, empty_label=ALL)

    def __init__(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        super().__init__(request.GET, queryset=rows, request=request)
        offered = kinds_for(signed_in(request))
        self.filters["kind"].extra["choices"] = [(kind.code, kind.title) for kind in offered]
