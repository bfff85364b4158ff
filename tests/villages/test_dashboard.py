"""The county at a glance: every number is the list behind it, and nobody else's villages count."""

import re
import xml.etree.ElementTree as ET

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from election_admin.accounts.models import Membership, Role
from tests.cast import TODAY, make_county
from tests.villages.plenty import make_standing, make_townships, make_villages
from villages.models import Stage

URL = reverse("villages:dashboard")


@pytest.fixture(autouse=True)
def _today(monkeypatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args, **kwargs: TODAY)


@pytest.fixture
def plenty(county):
    """The cast's county with sixty more villages in three more townships."""
    for township in make_townships(county.county, ["章镇镇", "丰惠镇", "下管镇"]):
        make_standing(make_villages(township, 20), county.term)
    return county


def page(client, user, query=""):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(f"{URL}?{query}")


def behind(client, url) -> int:
    return client.get(url).context["table"].paginator.count


class TestWhoMayLook:
    def test_county_reviewer(self, client, plenty) -> None:
        response = page(client, plenty.county_reviewer)

        assert response.status_code == 200
        assert response.content.decode().count("<h1") == 1

    @pytest.mark.parametrize("who", ["township_official", "committee_member", "court", "administrator"])
    def test_other_roles(self, client, county, who) -> None:
        assert page(client, getattr(county, who)).status_code == 403

    def test_anonymous(self, client, county) -> None:
        assert client.get(URL).status_code == 302

    def test_wrong_verb(self, client, county) -> None:
        client.force_login(county.county_reviewer, backend="django.contrib.auth.backends.ModelBackend")
        assert client.post(URL).status_code == 405

    def test_neighbours_do_not_count(self, client, plenty) -> None:
        before = page(client, plenty.county_reviewer).context["bands"]
        neighbour = make_county("330683", "嵊州市")
        make_standing(make_villages(neighbour.township, 10, name="邻"), neighbour.term)
        response = page(client, plenty.county_reviewer)

        assert [one.number for one in response.context["bands"]] == [one.number for one in before]
        assert "邻3" not in response.content.decode()

    def test_township_role_elsewhere_adds_nothing(self, client, plenty) -> None:
        neighbour = make_county("330683", "嵊州市")
        Membership.objects.create(user=plenty.county_reviewer, place=neighbour.township, role=Role.TOWNSHIP)
        assert page(client, plenty.county_reviewer).context["bands"][0].number == 63


class TestNumbers:
    @pytest.mark.parametrize("query", ["", "within=30", "band=difficult", "township=330604202"])
    def test_every_number_is_its_list(self, client, plenty, query) -> None:
        context = page(client, plenty.county_reviewer, query).context

        for tally in [*context["bands"], *context["work"], context["wanting"]]:
            if tally.number:
                assert behind(client, tally.url) == tally.number, tally.label
        assert sum(one.number for one in context["bands"][1:]) == context["bands"][0].number

    def test_every_number_of_a_township_is_its_list(self, client, plenty) -> None:
        context = page(client, plenty.county_reviewer).context
        one, url, cells = context["heat"].rows[0]

        assert behind(client, url) == one.total
        assert len(cells) == 5 + len(Stage)
        for cell in cells:
            if cell.number:
                assert behind(client, cell.url) == cell.number
        for chart in (context["bands_chart"], context["stages_chart"]):
            row, numbers, total = chart.table[0]
            assert behind(client, row.url) == total
            for number, address in numbers:
                if number:
                    assert behind(client, address) == number

    def test_totals_add_up(self, client, plenty) -> None:
        context = page(client, plenty.county_reviewer).context
        numbers = {one.label: one.number for one in context["work"]}

        assert context["heat"].totals[0] == context["bands"][1].number
        assert context["heat"].totals[2] == numbers["个村有逾期事项"]
        assert sum(context["heat"].totals[5:]) == 63

    def test_nothing_to_open_behind_a_zero(self, client, county) -> None:
        content = page(client, county.county_reviewer).content.decode()

        assert "band=difficult" not in content


class TestAttention:
    def test_order_and_reason(self, client, plenty) -> None:
        shown = page(client, plenty.county_reviewer).context["attention"]

        assert len(shown) == 15
        keys = [(one.village.band_rank, -one.village.lacks_plan, -one.village.overdue) for one in shown]
        assert keys == sorted(keys)
        assert shown[0].village.band == "difficult"
        assert shown[0].state == "bad"
        assert all(one.reason for one in shown)

    def test_each_opens_its_village(self, client, plenty) -> None:
        response = page(client, plenty.county_reviewer)
        village = response.context["attention"][0].village

        assert reverse("villages:village", args=[village.code]) in response.content.decode()

    def test_none(self, client, county) -> None:
        assert (
            "没有需要重点关注的村"
            in page(client, county.county_reviewer, f"township={county.other_township.code}").content.decode()
        )


class TestFilters:
    def test_kept_in_the_addresses(self, client, plenty) -> None:
        context = page(client, plenty.county_reviewer, "within=30&township=330604202").context

        assert "within=30" in context["work"][0].url
        assert "township=330604202" in context["work"][0].url
        assert [one.place.name for one, _url, _cells in context["heat"].rows] == ["丰惠镇"]

    @pytest.mark.parametrize("query", ["band=moon", "within=1", "township=330683101", "township=%00"])
    def test_not_understood(self, client, plenty, query) -> None:
        response = page(client, plenty.county_reviewer, query)

        assert response.status_code == 200
        assert 'aria-invalid="true"' in response.content.decode()
        assert "没有符合条件的村" in response.content.decode()

    def test_scope_in_print(self, client, plenty) -> None:
        content = page(client, plenty.county_reviewer, "band=key&township=330604202").content.decode()

        assert "等级：重点村" in content
        assert "乡镇（街道）：丰惠镇" in content

    def test_without_a_term(self, client, county) -> None:
        county.term.current = False
        county.term.save()

        assert reverse("villages:term_list") in page(client, county.county_reviewer).content.decode()


def test_charts_are_well_formed(client, plenty) -> None:
    content = page(client, plenty.county_reviewer).content.decode()
    charts = re.findall(r"<svg.*?</svg>", content, re.DOTALL)

    assert len(charts) == 2
    for chart in charts:
        ET.fromstring(chart)  # noqa: S314 - our own
        assert "<title" in chart
    assert "style=" not in content
    assert content.count("<details>") == 2


def test_ids_are_unique(client, plenty) -> None:
    ids = re.findall(r' id="([^"]+)"', page(client, plenty.county_reviewer).content.decode())
    assert len(ids) == len(set(ids))


def queries(client, user) -> int:
    page(client, user)
    with CaptureQueriesContext(connection) as captured:
        client.get(URL)
    return len(captured)


def test_queries_do_not_grow(client, db) -> None:
    county = make_county()
    make_standing(make_villages(county.township, 3), county.term)
    few = queries(client, county.county_reviewer)
    for township in make_townships(county.county, ["章镇镇", "丰惠镇"]):
        make_standing(make_villages(township, 15), county.term)

    assert queries(client, county.county_reviewer) == few
