"""What every list does: pages, sorting, filters that are not understood, Excel."""

import datetime
import io
from decimal import Decimal
from urllib.parse import quote

import django_filters
import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.test import RequestFactory
from django.utils.safestring import mark_safe
from python_calamine import CalamineWorkbook

from election_admin.places.models import Level, Place
from election_admin.tables import (
    Column,
    NumberColumn,
    OfficeFilterSet,
    OfficeTable,
    respond_with_list,
    write_excel,
)


class PlaceTable(OfficeTable):
    name = Column(verbose_name="名称")
    code = NumberColumn(verbose_name="代码")
    parent = Column(verbose_name="上级", accessor="parent__code")
    mark = Column(empty_values=(), orderable=False, exclude_from_export=True)

    class Meta(OfficeTable.Meta):
        per_page = 3

    prepared: list

    def prepare(self, records):
        self.prepared = [*getattr(self, "prepared", []), len(records)]


class PlaceFilter(OfficeFilterSet):
    name = django_filters.CharFilter(lookup_expr="icontains", max_length=20)
    level = django_filters.ChoiceFilter(choices=Level.choices)

    class Meta:
        model = Place
        fields: list = []


@pytest.fixture
def places(db):
    province = Place.objects.create(code="33", name="浙江省", level=Level.PROVINCE)
    Place.objects.bulk_create(
        Place(code=f"33{number:02}", name=f"{10 - number}市", level=Level.CITY, parent=province)
        for number in range(1, 8)
    )


def ask(query: str = ""):
    request = RequestFactory().get(f"/?{query}")
    request.user = AnonymousUser()
    return request, PlaceFilter(QueryDict(query), Place.objects.order_by("code"), request=request)


def listed(query: str = "") -> PlaceTable:
    request, filterset = ask(query)
    tables = []

    def table(rows):
        tables.append(PlaceTable(rows))
        return tables[0]

    respond_with_list(
        request, table=table, filterset=filterset, template="office_table.html", context={}, export_name="x"
    )
    return tables[0]


def codes(table: PlaceTable) -> list[str]:
    return [row.record.code for row in table.page.object_list]


def html(query: str = "") -> str:
    request, filterset = ask(query)
    response = respond_with_list(
        request,
        table=PlaceTable,
        filterset=filterset,
        template="office_table.html",
        context={},
        export_name="地区",
    )
    return response.content.decode()


def sheet(response) -> list[list]:
    file = io.BytesIO(b"".join(response.streaming_content))
    return CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()


def written(*rows: list) -> list[list]:
    file = io.BytesIO()
    write_excel(file, title="表", headers=[("甲", 10)] * len(rows[0]), rows=iter(rows))
    file.seek(0)
    return CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()


@pytest.mark.usefixtures("places")
class TestPages:
    @pytest.mark.parametrize(
        ("page", "number"),
        [("", 1), ("2", 2), ("abc", 1), ("0", 3), ("-1", 3), ("9999", 3), ("9" * 5000, 1), ("１", 1)],
    )
    def test_any_page_asked_for_is_a_page(self, page, number) -> None:
        assert listed(f"page={page}").page.number == number

    def test_only_the_rows_of_the_page_are_prepared(self) -> None:
        assert listed("page=3").prepared == [2]

    @pytest.mark.parametrize("sort", ["", "nothing", "-", "--name", "mark", "name,code;drop", "parent__pk"])
    def test_unknown_sorting_leaves_the_order(self, sort) -> None:
        assert codes(listed(f"sort={sort}")) == ["33", "3301", "3302"]

    def test_sorted_both_ways(self) -> None:
        assert codes(listed("sort=name")) == ["3307", "3306", "3305"]
        assert codes(listed("sort=-code")) == ["3307", "3306", "3305"]

    def test_rows_without_a_value_are_last_both_ways(self) -> None:
        assert codes(listed("sort=parent&page=3"))[-1] == "33"
        assert codes(listed("sort=-parent&page=3"))[-1] == "33"

    def test_links_keep_filters_and_say_how_it_is_sorted(self) -> None:
        page = html("name=市&sort=name&page=2&export=nothing")

        assert 'aria-sort="ascending"' in page
        assert f"?name={quote('市')}&amp;sort=-name" in page
        assert f"?name={quote('市')}&amp;sort=name&amp;page=3" in page
        assert "export" not in page
        assert "共7条，这是第4至6条" in page
        assert 'class="number' in page

    def test_no_rows_say_what_to_do(self) -> None:
        assert "没有符合条件的记录" in html("name=没有这个")


@pytest.mark.usefixtures("places")
class TestFilters:
    @pytest.mark.parametrize("query", ["level=moon", "name=%00", f"name={'长' * 21}"])
    def test_one_not_understood_lists_nothing_and_says_so(self, query) -> None:
        _request, filterset = ask(query)

        assert list(filterset.understood) == []
        assert filterset.form.errors
        assert "text/html" in self.response(f"{query}&export=xlsx")["Content-Type"]

    def response(self, query):
        request, filterset = ask(query)
        return respond_with_list(
            request,
            table=PlaceTable,
            filterset=filterset,
            template="office_filter.html",
            context={},
            export_name="地区",
        )

    def test_sentence_stands_beside_the_field(self) -> None:
        page = self.response("level=moon").content.decode()

        assert "没有这个选项，请重新选择。" in page
        assert 'aria-invalid="true"' in page

    def test_said_in_words(self) -> None:
        assert [chosen for _label, chosen in ask("level=city&name=市")[1].chosen] == ["市", "市"]
        assert ask("level=moon")[1].chosen == []

    def test_sorting_survives_filtering(self) -> None:
        assert 'name="sort" value="-name"' in self.response("sort=-name").content.decode()


@pytest.mark.usefixtures("places")
class TestExcel:
    def test_all_filtered_rows_in_order(self) -> None:
        request, filterset = ask("name=市&sort=-code&page=2&export=xlsx")
        response = respond_with_list(
            request,
            table=PlaceTable,
            filterset=filterset,
            template="office_table.html",
            context={},
            export_name="地区-上虞",
        )

        assert response["Content-Type"].endswith("spreadsheetml.sheet")
        assert f"filename*=utf-8''{quote('地区-上虞.xlsx')}" in response["Content-Disposition"]
        rows = sheet(response)
        assert rows[0] == ["名称", "代码", "上级"]
        assert [row[1] for row in rows[1:]] == [f"33{number:02}" for number in range(7, 0, -1)]

    @pytest.mark.parametrize(
        "text", ["=1+1", "+86", "-5", "@SUM(A1)", "=cmd|' /C calc'!A0", "http://example.org", "\t=1", "{=1}"]
    )
    def test_text_stays_text(self, text) -> None:
        assert written([text])[1] == [text]

    def test_values(self) -> None:
        noon = datetime.datetime(2026, 12, 1, 4, 0, tzinfo=datetime.UTC)
        row = [Decimal("68.5"), 7, datetime.date(2026, 12, 20), noon, True, None, "330604101201", 10**17]

        assert written(row)[1] == [
            68.5,
            7.0,
            datetime.date(2026, 12, 20),
            datetime.datetime(2026, 12, 1, 12, 0),  # noqa: DTZ001 - as Excel has it
            "是",
            "",
            "330604101201",
            str(10**17),
        ]

    def test_markup_is_left_out(self) -> None:
        assert written([mark_safe("<b>难点村</b>")])[1] == ["难点村"]

    def test_longest_cell(self) -> None:
        assert len(written(["长" * 40_000])[1][0]) == 32_767
