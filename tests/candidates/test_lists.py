"""The list of all candidates: whose it is, what it shows, what it filters, what its file holds."""

import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from candidates.models import Candidacy
from election_admin.accounts.models import Membership, Role
from tests.candidates.conftest import answer, make_candidate, make_id_number
from tests.candidates.review import answer_all
from tests.cast import NOW, SEATS
from villages.actions.terms import open_term, set_election_day
from villages.models import Election

pytestmark = pytest.mark.django_db
URL = reverse("candidates:candidates")
NUMBER = make_id_number()


def open_election(county, village):
    election = set_election_day(
        election=Election.objects.get(place=village, term=county.term),
        election_day=date(2026, 12, 22),
        mode="nominated",
        seats=SEATS,
        actor=(
            county.other_township_official if village == county.other_village else county.township_official
        ),
        at=NOW,
    )
    return Election.objects.with_place().get(pk=election.pk)


@pytest.fixture
def three(county):
    """A chair and a member of one village, a chair of another."""
    second = open_election(county, county.second_village)
    return {
        "wang": make_candidate(county),
        "zeng": make_candidate(
            county,
            "曾小梅",
            sex="female",
            born=date(1985, 3, 8),
            id_number=make_id_number(date(1985, 3, 8), 12),
            post="member",
            how="self",
            supporters=None,
        ),
        "li": make_candidate(
            county,
            "李青",
            election=second,
            born=date(1970, 1, 2),
            id_number="",
        ),
    }


def page(client, user, query=""):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(f"{URL}?{query}")


def names(client, user, query="") -> list[str]:
    table = page(client, user, query).context["table"]
    return [one.person.name for one in table.data.data]


def exported(client, user, query="") -> list[dict]:
    response = page(client, user, f"{query}&export=xlsx")
    file = io.BytesIO(b"".join(response.streaming_content))
    header, *rows = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()
    return [dict(zip(header, row, strict=True)) for row in rows]


class TestWhoMayLook:
    def test_township_official_sees_the_township(self, client, county, three):
        response = page(client, county.township_official)

        assert names(client, county.township_official) == ["王大山", "曾小梅", "李青"]
        assert "township" not in response.context["filterset"].form.fields
        assert "乡镇（街道）" not in [str(one.header) for one in response.context["table"].columns]

    def test_county_reviewer_sees_every_township(self, client, county, three):
        response = page(client, county.county_reviewer)

        assert set(names(client, county.county_reviewer)) == {"王大山", "曾小梅", "李青"}
        assert "长塘镇" in response.content.decode()
        assert names(client, county.county_reviewer, f"township={county.other_township.code}") == []

    def test_others_candidates_never_appear(self, client, county, neighbour, three):
        make_candidate(neighbour, "邻县人", actor=neighbour.township_official)

        assert names(client, county.other_township_official) == []
        for user in (county.township_official, county.county_reviewer):
            assert "邻县人" not in names(client, user)
            assert "邻县人" not in str(exported(client, user))
        strange = page(client, county.county_reviewer, f"township={neighbour.township.code}")
        assert "没有这个选项" in strange.content.decode()

    def test_another_role_elsewhere_shows_nothing_there(self, client, county, three):
        Membership.objects.create(
            user=county.other_township_official, place=county.village, role=Role.COMMITTEE
        )
        assert names(client, county.other_township_official) == []

    @pytest.mark.parametrize("who", ["committee_member", "court", "administrator"])
    def test_other_roles(self, client, county, who):
        assert page(client, getattr(county, who)).status_code == 403

    def test_anonymous(self, client, county):
        assert client.get(URL).url.startswith(reverse("accounts:log_in"))

    def test_wrong_verb(self, client, county):
        client.force_login(county.county_reviewer)

        assert client.post(URL).status_code == 405

    def test_earlier_terms_are_not_in_it(self, client, county, three):
        county.term.current = False
        county.term.save()
        open_term(
            county=county.county,
            actor=None,
            at=NOW,
            number=13,
            window_start=date(2031, 12, 1),
            window_end=date(2031, 12, 31),
            procedure="zhejiang-2020",
            eligibility_list="five-situations-2013",
            risk_model="default-2026",
            modes=["nominated"],
        )
        assert names(client, county.township_official) == []


class TestWhatItShows:
    def test_a_row_shows_the_number_masked(self, client, county, three):
        """Beside a masked number the day of birth would make it whole again."""
        text = page(client, county.township_official).content.decode()

        assert "330604********" in text
        assert "男，1980年生" in text
        assert reverse("candidates:candidate", args=[three["wang"].pk]) in text
        assert "村民联名提名（30人）" in text
        for secret in (NUMBER, "1980-05-01", "1980年5月1日", "19800501"):
            assert secret not in text

    def test_says_how_many_departments_are_silent(self, client, county, three):
        answer(three["wang"], county.court, "court")
        answer_all(county, three["zeng"])
        rows = exported(client, county.township_official)

        assert [row["联审答复"] for row in rows] == ["缺11个部门", "已答复齐", "缺12个部门"]

    def test_frozen_stands_beside_the_state(self, client, county, three):
        Candidacy.objects.filter(pk=three["wang"].pk).update(frozen_at=NOW)

        assert "已冻结" in page(client, county.township_official).content.decode()
        assert names(client, county.township_official, "frozen=yes") == ["王大山"]
        assert names(client, county.township_official, "frozen=no") == ["曾小梅", "李青"]

    def test_numbers_at_the_head_open_the_lists_they_count(self, client, county, three):
        Candidacy.objects.filter(pk=three["wang"].pk).update(verdict="disqualified", state="struck_off")
        Candidacy.objects.filter(pk=three["zeng"].pk).update(verdict="disqualified", frozen_at=NOW)
        tallies = page(client, county.township_official).context["tallies"]

        assert [tally.number for tally in tallies] == [2, 0, 1, 1, 1]
        for tally in tallies:
            listed = names(client, county.township_official, tally.url.partition("?")[2])
            assert len(listed) == tally.number, tally.label

    def test_no_candidates_say_so(self, client, county):
        assert "没有符合条件的候选人" in page(client, county.township_official).content.decode()

    def test_is_never_kept_by_the_browser(self, client, county):
        assert "no-store" in page(client, county.township_official)["Cache-Control"]

    def test_the_menu_leads_to_it(self, client, county):
        client.force_login(county.township_official)

        assert f'href="{URL}"' in client.get(reverse("villages:village_list")).content.decode()


class TestFilters:
    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=大山", ["王大山"]),
            ("q=wds", ["王大山"]),
            ("q=ZXM", ["曾小梅"]),
            # 曾 is read ceng as a word, zeng as a surname.
            ("q=cxm", ["曾小梅"]),
            ("q=xm", ["曾小梅"]),
            ("q=wdx", []),
            ("q=%25", []),
            ("q=.*", []),
            ("post=chair", ["王大山", "李青"]),
            ("post=member", ["曾小梅"]),
            ("how=self", ["曾小梅"]),
            ("body=villagers_committee", ["王大山", "曾小梅", "李青"]),
            ("body=party_branch", []),
            ("state=preliminary", ["王大山", "曾小梅", "李青"]),
            ("state=standing", ["王大山", "曾小梅", "李青"]),
            ("state=final", []),
            ("verdict=qualified", []),
            ("verdict=not_established", ["王大山", "曾小梅", "李青"]),
            ("how=self&post=chair", []),
        ],
    )
    def test_each(self, client, county, three, query, found):
        assert names(client, county.township_official, query) == found

    def test_village(self, client, county, three):
        query = f"village={county.second_village.code}"

        assert names(client, county.township_official, query) == ["李青"]

    def test_answers(self, client, county, three):
        answer_all(county, three["zeng"])
        answer_all(county, three["wang"], but=["court"])

        assert names(client, county.township_official, "answers=complete") == ["曾小梅"]
        assert names(client, county.township_official, "answers=missing") == ["王大山", "李青"]

    @pytest.mark.parametrize(
        "query",
        ["village=330683101201", "state=nothing", "answers=some", "q=%00", f"q={'长' * 41}", "frozen=1"],
    )
    def test_one_not_understood_lists_nobody_and_says_so(self, client, county, three, query):
        response = page(client, county.township_official, query)

        assert response.status_code == 200
        assert response.context["filterset"].form.errors
        assert names(client, county.township_official, query) == []

    def test_an_id_number_is_not_searched_for(self, client, county, three):
        """What is typed into a filter stands in the address, the history, the server's log."""
        for typed in (NUMBER, NUMBER[:8], "３３０６０４１９"):
            response = page(client, county.township_official, f"q={typed}")
            assert "不要输入公民身份号码" in response.content.decode()


class TestSorting:
    @pytest.mark.parametrize(
        ("sort", "first"),
        [
            ("-village", "李青"),
            ("-post", "曾小梅"),
            ("name", "曾小梅"),
            ("how", "王大山"),
            ("nothing", "王大山"),
            ("-id_number", "王大山"),
        ],
    )
    def test_by_column(self, client, county, three, sort, first):
        assert names(client, county.township_official, f"sort={sort}")[0] == first


class TestExcel:
    def test_the_whole_list_with_masked_numbers(self, client, county, three):
        rows = exported(client, county.township_official)

        assert rows[0] == {
            "姓名": "王大山",
            "性别": "男",
            "出生年份": 1980,
            "公民身份号码": f"330604********{NUMBER[-4:]}",
            "村": "桃园村",
            "选举": "村民委员会换届选举",
            "竞选职务": "主任",
            "产生方式": "村民联名提名",
            "提名日期": date(2026, 11, 28),
            "提名人数": 30,
            "得票": "",
            "状态": "初步候选人",
            "冻结": "否",
            "资格": "尚未查清",
            "联审答复": "缺12个部门",
        }
        assert rows[2]["公民身份号码"] == ""
        assert NUMBER not in str(rows)

    def test_county_names_the_townships(self, client, county, three):
        assert {row["乡镇（街道）"] for row in exported(client, county.county_reviewer)} == {"长塘镇"}

    def test_filtered_like_the_page(self, client, county, three):
        assert [row["姓名"] for row in exported(client, county.township_official, "q=zxm")] == ["曾小梅"]

    def test_what_looks_like_a_formula_stays_text(self, client, county, three):
        three["wang"].person.name = "=HYPERLINK(1)"
        three["wang"].person.save()

        assert exported(client, county.township_official)[0]["姓名"] == "=HYPERLINK(1)"


def crowd(county, number: int, *, first: int) -> None:
    for each in range(first, first + number):
        make_candidate(
            county,
            f"{'甲乙丙丁戊己庚辛壬癸'[each % 10]}{each}".translate(_NUMERALS),
            id_number="",
            post="member",
        )


_NUMERALS = str.maketrans("0123456789", "零一二三四五六七八九")


def test_queries_do_not_grow_with_candidates(client, county):
    """A county's list of ten thousand asks the database as often as one of ten."""
    client.force_login(county.township_official)
    counts = {}
    for number in (2, 8):
        crowd(county, number, first=number * 10)
        for query in ("", "?answers=missing&q=j", "?export=xlsx"):
            with CaptureQueriesContext(connection) as captured:
                response = client.get(URL + query)
                b"".join(response.streaming_content) if response.streaming else response.content
            counts.setdefault(query, []).append(len(captured))

    assert all(few == many for few, many in counts.values()), counts
    assert counts[""][0] <= 14
