"""Lists: paged, sorted, filtered, and as an Excel file. Each row of a list belongs to a queryset."""

import datetime
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import IO, Any, ClassVar

import django_filters
import django_tables2
import xlsxwriter
from django import forms
from django.core.validators import EMPTY_VALUES
from django.db.models import F, Model, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_tables2.rows import BoundRow
from django_tables2.utils import OrderBy

EXCEL_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXCEL_ROWS_AT_ONCE = 500
LONGEST_CELL = 32_767
"""What Excel takes in one cell; it refuses to open a file with more."""
NO_SUCH_CHOICE = _lazy("没有这个选项，请重新选择。")


class Column(django_tables2.Column):
    """A column that sorts rows without a value last, and rows of one value always alike.

    ``width`` is in characters, for Excel.
    """

    def __init__(self, *args: Any, width: int = 14, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.width = width

    def order(self, queryset: QuerySet[Any], is_descending: bool) -> tuple[QuerySet[Any], bool]:
        keys = []
        for key in map(OrderBy, self.order_by or (self.accessor,)):
            path = F(key.bare.replace(".", "__"))
            down = key.is_descending != is_descending
            keys.append(path.desc(nulls_last=True) if down else path.asc(nulls_last=True))
        return queryset.order_by(*keys, *(queryset.model._meta.ordering or ()), "pk"), True


class NumberColumn(Column):
    """Figures, one under the other."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        number = {"td": {"class": "number"}, "th": {"class": "number"}}
        super().__init__(*args, **{"attrs": number, "width": 10, **kwargs})


class DateColumn(Column):
    """A day; in Excel a date."""

    def render(self, value: datetime.date) -> str:
        return date_format(value, "Y-m-d")

    def value(self, **kwargs: Any) -> Any:
        return kwargs["value"]


class OfficeTable(django_tables2.Table):
    """What every list has: 50 rows a page, links that sort, a first step where there are no rows."""

    class Meta:
        template_name = "office_table.html"
        attrs: ClassVar[dict[str, Any]] = {"class": "table table-hover align-middle office-table"}
        per_page = 50
        order_by_field = "sort"
        empty_text = _lazy("没有符合条件的记录。")

    def prepare(self, records: Sequence[Any]) -> None:
        """Fetch for these rows what no join brings, in a fixed number of queries."""

    def turn_to(self, *, sort: str, page: str) -> None:
        """Sort by a column and open a page. What does not exist becomes what does."""
        if sort:
            self.order_by = [sort]
        self.paginate(per_page=self._meta.per_page)
        self.page = self.paginator.get_page(page)
        self.prepare([row.record for row in self.page.object_list])

    @property
    def page_rows(self) -> Iterator[list[tuple[str, str, Any]]]:
        """The cells of the page, each with its header and class, which are worked out once."""
        columns = [
            (column.name, str(column.header), column.column.attrs.get("td", {}).get("class", ""))
            for column in self.columns
        ]
        for row in self.page.object_list:
            yield [(header, css, row.get_cell(name)) for name, header, css in columns]

    @property
    def page_numbers(self) -> list[Any]:
        """The pages a pager names, with gaps."""
        return list(self.paginator.get_elided_page_range(self.page.number, on_each_side=2, on_ends=1))

    def exported_columns(self) -> list[Any]:
        """The columns that are written to Excel."""
        return [one for one in self.columns if not one.column.exclude_from_export]

    def exported_rows(self) -> Iterator[list[Any]]:
        """The values of every row, of all pages, without holding them all."""
        names = [column.name for column in self.exported_columns()]
        records = self.data.data.iterator(chunk_size=EXCEL_ROWS_AT_ONCE)
        while chunk := list(islice(records, EXCEL_ROWS_AT_ONCE)):
            self.prepare(chunk)
            for record in chunk:
                row = BoundRow(record, table=self)
                yield [row.get_cell_value(name) for name in names]


class OfficeFilterSet(django_filters.FilterSet):
    """Filters above a list. One that is not understood says so, and nothing is listed meanwhile."""

    @property
    def form(self) -> forms.Form:
        form: forms.Form = super().form
        for field in form.fields.values():
            select = isinstance(field.widget, forms.Select)
            field.widget.attrs.setdefault(
                "class", "form-select form-select-sm" if select else "form-control form-control-sm"
            )
            if "invalid_choice" in field.error_messages:
                field.error_messages["invalid_choice"] = NO_SUCH_CHOICE
        return form

    @property
    def understood(self) -> QuerySet[Any]:
        """The rows the filters let through; none while a filter is not understood."""
        rows: QuerySet[Any] = self.qs
        return rows if self.form.is_valid() else rows.none()

    @property
    def in_use(self) -> bool:
        """Whether any filter holds rows back."""
        return any(self.form.data.get(name) for name in self.form.fields)

    @property
    def chosen(self) -> list[tuple[Any, Any]]:
        """The filters in use in words: a label and what was chosen."""
        words = []
        for name, value in self.form.cleaned_data.items() if self.form.is_valid() else ():
            if value not in EMPTY_VALUES:
                field = self.form.fields[name]
                choices = {} if isinstance(value, Model) else dict(getattr(field, "choices", ()))
                words.append((field.label, choices.get(value, value)))
        return words

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What of the address the filter form does not hold but must keep: the sorting."""
        return [(name, value) for name, value in self.form.data.items() if name == "sort" and value]


def respond_with_list(
    request: HttpRequest,
    *,
    table: Callable[[QuerySet[Any]], OfficeTable],
    filterset: OfficeFilterSet,
    template: str,
    context: Mapping[str, Any],
    export_name: str,
) -> HttpResponse | FileResponse:
    """Answer with the page of a list, or with all its filtered rows in an Excel file.

    ``table`` is a table class, or a partial of one, that takes the rows. The template includes
    ``office_filter.html`` and ``office_table.html``.
    """
    listed = table(filterset.understood)
    sort = request.GET.get("sort", "")
    if request.GET.get("export") == "xlsx" and filterset.form.is_valid():
        if sort:
            listed.order_by = [sort]
        return _excel_response(listed, export_name)
    listed.turn_to(sort=sort, page=request.GET.get("page", "1"))
    return render(request, template, {**context, "table": listed, "filterset": filterset})


def _excel_response(table: OfficeTable, name: str) -> FileResponse:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write_excel(
        file,
        title=name,
        headers=[(str(column.header), column.column.width) for column in table.exported_columns()],
        rows=table.exported_rows(),
    )
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx", content_type=EXCEL_TYPE)


def write_excel(
    file: IO[bytes], *, title: str, headers: Sequence[tuple[str, int]], rows: Iterator[list[Any]]
) -> None:
    """Write a sheet row by row. Text stays text: nothing in it is a formula or a link."""
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        book.set_properties({"title": title})
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        formats: dict[type[Any], Any] = {
            datetime.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
            datetime.date: book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        }
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for place, (header, width) in enumerate(headers):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, header, bold)
        for line, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                _write_cell(sheet, line, place, value, formats)


def _write_cell(sheet: Any, line: int, place: int, value: Any, formats: Mapping[Any, Any]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_string(line, place, _("是") if value else _("否"))
    elif isinstance(value, int | float | Decimal) and abs(float(value)) < 10**15:
        sheet.write_number(line, place, value)
    elif isinstance(value, datetime.datetime):
        moment = timezone.make_naive(value) if timezone.is_aware(value) else value
        sheet.write_datetime(line, place, moment, formats[datetime.datetime])
    elif isinstance(value, datetime.date):
        sheet.write_datetime(line, place, value, formats[datetime.date])
    else:
        text = strip_tags(value) if isinstance(value, SafeString) else str(value)
        sheet.write_string(line, place, text[:LONGEST_CELL])
