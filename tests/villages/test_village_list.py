"""The list of villages: whose it is, what it shows, what it counts, what it exports."""

import io
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from election_admin.accounts.models import Membership, Role
from election_admin.places.models import Place
from tests.cast import TODAY, make_county
from tests.villages.plenty import make_standing, make_townships, make_villages
from villages.filters import SITUATION_NAMES
from villages.models import DisposalPlan, Dispute, Rating, Stage
from villages.overview import SITUATIONS, count_situations, overview
from villages.tables import may_open

URL = reverse("villages:village_list")


@pytest.fixture(autouse=True)
def _today(monkeypatch) -> None:
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args, **kwargs: TODAY)


@pytest.fixture
def plenty(county):
    """The cast's county with thirty more villages in its first township."""
    make_standing(make_villages(county.township, 30), county.term)
    return county


def page(client, user, query=""):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(f"{URL}?{query}")


def names(response) -> set[str]:
    return {row.record.name for row in response.context["table"].page.object_list}


def listed(client, user, query="") -> list[Any]:
    """Every village of a list, of all its pages."""
    table = page(client, user, query).context["table"]
    return list(table.data.data)


def exported(client, user, query="") -> list[list]:
    response = page(client, user, f"{query}&export=xlsx")
    file = io.BytesIO(b"".join(response.streaming_content))
    return CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()


class TestWhoMayLook:
    def test_township_official_sees_the_township(self, client, county) -> None:
        response = page(client, county.township_official)

        assert names(response) == {"桃园村", "罗村村"}
        assert "township" not in response.context["filterset"].form.fields
        assert "乡镇（街道）" not in [str(one.header) for one in response.context["table"].columns]

    def test_county_reviewer_sees_the_county(self, client, county) -> None:
        response = page(client, county.county_reviewer)

        assert names(response) == {"桃园村", "罗村村", "昆仑村"}
        assert "上浦镇" in response.content.decode()

    def test_neighbours_never_appear(self, client, county, neighbour) -> None:
        Place.objects.filter(pk=neighbour.village.pk).update(name="邻县村")
        for user in (county.county_reviewer, county.township_official):
            assert "邻县村" not in page(client, user).content.decode()
            assert "邻县村" not in str(exported(client, user))
        theirs = page(client, county.county_reviewer, f"township={neighbour.township.code}")
        assert names(theirs) == set()
        assert "没有这个选项" in theirs.content.decode()

    def test_another_role_elsewhere_shows_nothing_there(self, client, county) -> None:
        """A village's committee sees no risk, whatever its member is in another place."""
        Membership.objects.create(
            user=county.township_official, place=county.other_village, role=Role.COMMITTEE
        )
        assert "昆仑村" not in names(page(client, county.township_official))

    @pytest.mark.parametrize("who", ["committee_member", "court", "administrator"])
    def test_other_roles(self, client, county, who) -> None:
        assert page(client, getattr(county, who)).status_code == 403

    def test_anonymous(self, client, county) -> None:
        assert client.get(URL).status_code == 302

    def test_wrong_verb(self, client, county) -> None:
        client.force_login(county.county_reviewer, backend="django.contrib.auth.backends.ModelBackend")
        assert client.post(URL).status_code == 405


class TestWhatItShows:
    def test_troubled_villages_stand_first(self, client, plenty) -> None:
        rows = listed(client, plenty.township_official)
        troubled = [row.in_trouble for row in rows]

        assert any(troubled)
        assert troubled == sorted(troubled, reverse=True)

    def test_a_row(self, client, county) -> None:
        make_standing([county.second_village], make_term_of(county))
        Rating.objects.create(
            place=county.village,
            term=county.term,
            model="default-2026",
            score="71.5",
            completeness="0.9",
            computed_band="key",
            band="difficult",
            decision_reason="两派对立",
            at="2026-11-20T00:00Z",
            decided_at="2026-11-21T00:00Z",
        )
        content = page(client, county.township_official, "q=桃园").content.decode()

        assert '<span class="band band-difficult">难点村</span>' in content
        assert "测算为重点村" in content
        assert "71.5" in content
        assert "还有19天" in content
        assert '<span class="state state-bad">没有预案</span>' in content
        assert reverse("villages:village", args=[county.village.code]) in content

    def test_plan_under_revision_still_counts_as_approved(self, client, county) -> None:
        rating(county, "key")
        for version, state, newest in ((1, "approved", False), (2, "draft", True)):
            DisposalPlan.objects.create(
                place=county.village,
                term=county.term,
                version=version,
                newest=newest,
                state=state,
                situation="情况",
                written_at="2026-11-20T00:00Z",
            )

        assert [row.name for row in listed(client, county.township_official, "situation=lacks_plan")] == []
        assert "已批准（新版起草中）" in page(client, county.township_official).content.decode()

    def test_needs_lead_only_where_the_user_may_go(self, client, county) -> None:
        survey = reverse("villages:survey", args=[county.village.code])

        assert f'href="{survey}"' in page(client, county.township_official).content.decode()
        assert f'href="{survey}"' not in page(client, county.county_reviewer).content.decode()

    @pytest.mark.parametrize("tail", ["", "#voter_list_published", "?next=x"])
    def test_whether_a_need_is_linked_hangs_on_the_page(self, county, tail) -> None:
        survey = reverse("villages:survey", args=[county.village.code]) + tail

        assert may_open(county.township_official, survey)
        assert not may_open(county.county_reviewer, survey)
        assert not may_open(county.township_official, "/nowhere/")

    def test_no_term(self, client, county) -> None:
        county.term.current = False
        county.term.save()

        assert "未列入本届" in page(client, county.township_official).content.decode()

    def test_in_english(self, client, county) -> None:
        client.force_login(county.township_official, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(URL, headers={"accept-language": "en"}).status_code == 200


def make_term_of(county):
    """Another term, past, whose rows must not show."""
    return type(county.term).objects.create(
        county=county.county,
        number=11,
        window_start=date(2021, 12, 1),
        window_end=date(2021, 12, 31),
        procedure="zhejiang-2020",
        eligibility_list="five-situations-2013",
        risk_model="default-2026",
        current=False,
    )


def rating(county, band) -> None:
    Rating.objects.create(
        place=county.village,
        term=county.term,
        model="default-2026",
        score=50,
        completeness="0.9",
        computed_band=band,
        band=band,
        at="2026-11-20T00:00Z",
    )


class TestNumbers:
    def test_every_number_is_its_list(self, client, plenty) -> None:
        response = page(client, plenty.township_official)

        assert len(response.context["tallies"]) == 6
        for tally in response.context["tallies"]:
            behind = client.get(tally.url).context["table"].paginator.count
            assert behind == tally.number, tally.label
            assert tally.number

    @pytest.mark.parametrize("situation", SITUATIONS)
    def test_counted_as_filtered(self, plenty, situation) -> None:
        villages = overview(plenty.county_reviewer, on=TODAY)

        assert count_situations(villages)[situation] == villages.filter(SITUATIONS[situation]).count()

    def test_overdue_comes_from_the_steps(self, plenty) -> None:
        villages = {one.name: one.overdue for one in overview(plenty.township_official, on=TODAY)}

        assert villages["村301村"] == 2
        assert villages["村302村"] == 0

    def test_overdue_disputes_count_too(self, county) -> None:
        for deadline, settled in ((-1, None), (-2, TODAY), (0, None)):
            Dispute.objects.create(
                place=county.second_village,
                subject="land",
                summary="界址不清",
                raised_on=date(2026, 10, 1),
                deadline=TODAY + timedelta(days=deadline),
                settled_on=settled,
                outcome="已调解" if settled else "",
            )

        village = overview(county.township_official, on=TODAY).get(pk=county.second_village.pk)
        assert village.overdue == 1
        assert village.in_trouble


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "holds"),
        [
            ("band=key", lambda one: one.band == "key"),
            ("band=unrated", lambda one: one.band == "unrated"),
            ("stage=register", lambda one: one.stage == Stage.REGISTER),
            ("audit=none", lambda one: one.audit_state is None),
            ("audit=published", lambda one: one.audit_state == "published"),
            ("within=7", lambda one: one.election_day and 0 <= (one.election_day - TODAY).days <= 7),
            ("within=over", lambda one: one.election_day and one.election_day < TODAY),
            ("q=村31", lambda one: "村31" in one.name),
            ("q=330604101305", lambda one: one.code == "330604101305"),
            ("situation=overdue", lambda one: one.overdue),
            ("situation=no_day", lambda one: one.election_day is None),
        ],
    )
    def test_each(self, client, plenty, query, holds) -> None:
        everything = listed(client, plenty.county_reviewer)
        found = listed(client, plenty.county_reviewer, query)

        assert {one.pk for one in found} == {one.pk for one in everything if holds(one)}
        assert 0 < len(found) < len(everything)

    def test_township(self, client, plenty) -> None:
        found = listed(client, plenty.county_reviewer, f"township={plenty.other_township.code}")
        assert [one.name for one in found] == ["昆仑村"]

    @pytest.mark.parametrize(
        "query", ["band=moon", "stage=x", "situation=unrated", "audit=1", "within=8", "township=1", "q=%00"]
    )
    def test_not_understood(self, client, plenty, query) -> None:
        response = page(client, plenty.county_reviewer, query)

        assert response.status_code == 200
        assert 'aria-invalid="true"' in response.content.decode()
        assert names(response) == set()

    @pytest.mark.parametrize(
        "column", ["name", "township", "band", "score", "stage", "election_day", "overdue", "plan", "audit"]
    )
    def test_sorting(self, client, plenty, column) -> None:
        up, down = (listed(client, plenty.county_reviewer, f"sort={sign}{column}") for sign in ("", "-"))

        assert len(up) == len(down) == 33
        assert up != down

    def test_filters_are_kept_by_every_link(self, client, plenty) -> None:
        content = page(client, plenty.county_reviewer, "band=key&sort=score").content.decode()

        assert "?band=key&amp;sort=-score" in content
        assert "?band=key&amp;sort=score&amp;export=xlsx" in content

    def test_each_situation_has_a_name(self) -> None:
        assert set(SITUATION_NAMES) <= set(SITUATIONS)


class TestExport:
    def test_all_filtered_rows(self, client, county) -> None:
        make_standing(make_villages(county.township, 120), county.term)
        rows = exported(client, county.county_reviewer, "band=key&sort=-score")
        header = rows[0]

        assert header[:4] == ["村", "区划代码", "乡镇（街道）", "等级"]
        assert len(rows) - 1 == len(listed(client, county.county_reviewer, "band=key"))
        scores = [row[header.index("得分")] for row in rows[1:]]
        assert scores == sorted(scores, reverse=True)
        assert all(isinstance(score, float) for score in scores)
        days = [row[header.index("选举日")] for row in rows[1:]]
        assert any(isinstance(day, date) for day in days)
        assert all(len(row[1]) == 12 for row in rows[1:])

    def test_nothing_in_it_is_a_formula(self, client, county) -> None:
        Place.objects.filter(pk=county.village.pk).update(name="=HYPERLINK(A1)")
        response = page(client, county.township_official, "export=xlsx")
        content = io.BytesIO(b"".join(response.streaming_content))

        assert "=HYPERLINK(A1)" in str(
            CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()
        )
        assert b"<f>" not in zipfile.ZipFile(content).read("xl/worksheets/sheet1.xml")

    def test_named_after_the_place(self, client, county) -> None:
        response = page(client, county.township_official, "export=xlsx")
        assert "filename*=utf-8''%E6%9D%91" in response["Content-Disposition"]


def queries(client, user, query="") -> int:
    page(client, user, query)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get(f"{URL}?{query}")
    return len(captured)


def test_queries_do_not_grow(client, db) -> None:
    county = make_county()
    make_standing(make_villages(county.township, 3), county.term)
    few = queries(client, county.county_reviewer)
    for township in make_townships(county.county, ["章镇镇", "丰惠镇"]):
        make_standing(make_villages(township, 15), county.term)

    assert queries(client, county.county_reviewer) == few
    assert queries(client, county.county_reviewer, "sort=-score&band=key&situation=attention") <= few
