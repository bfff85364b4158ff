"""Whose verdict changed: the list, what is said after an act, the line on the home page."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from candidates.changes import NAMED, made_by, recent, sentence_of
from candidates.models import Assessment, Candidacy, Verdict
from election_admin.accounts.access import reach_of
from election_admin.accounts.models import Role
from tests.candidates.conftest import make_candidate, make_finding
from tests.candidates.review import answer_all, department_user
from tests.cast import ELECTION_DAY, NOW, SEATS, TODAY, County
from villages.actions.terms import set_election_day

pytestmark = pytest.mark.django_db
CHANGES = "/candidates/changes/"
HOME = "/villages/"
NUMERALS = "甲乙丙丁戊己庚辛壬癸"


def text(response) -> str:
    return response.content.decode()


def rows_of(response) -> list[Any]:
    """The name and verdicts of each line."""
    return [row.record for row in response.context["table"].page.object_list]


@pytest.fixture
def changed(county: County, candidacy: Candidacy) -> Candidacy:
    """Not established until a penalty was found: not qualified."""
    make_finding(county, candidacy)
    return candidacy


class TestAccess:
    def test_anonymous(self, client, db):
        assert client.get(CHANGES).status_code == 302

    @pytest.mark.parametrize("who", ["court", "committee_member", "administrator"])
    def test_other_roles(self, client, county, changed, who):
        client.force_login(getattr(county, who))
        assert client.get(CHANGES).status_code == 403

    @pytest.mark.parametrize("who", ["other_township_official", "neighbour"])
    def test_outsiders_see_none_of_it(self, client, county, neighbour, changed, who):
        client.force_login(neighbour.county_reviewer if who == "neighbour" else getattr(county, who))
        response = client.get(CHANGES)
        assert rows_of(response) == []
        assert "王大山" not in text(response)

    def test_wrong_verb(self, official):
        assert official.post(CHANGES).status_code == 405


@pytest.mark.parametrize("who", ["township_official", "county_reviewer"])
def test_from_what_to_what_because_of_which_act_whose_and_when(client, county, changed, who):
    client.force_login(getattr(county, who))
    response = client.get(CHANGES)
    assert [(row.was, row.verdict) for row in rows_of(response)] == [("not_established", "disqualified")]
    page = text(response)
    for shown in ("王大山", "桃园村", "尚未查清", "不符合资格", "记录认定材料", "张三", "2026-12-01 09:00"):
        assert shown in page
    for hidden in ("criminal", "受过刑罚", "刑初88号", "2023"):
        assert hidden not in page


def test_a_first_judgement_and_one_that_says_the_same_are_no_change(official, county, candidacy):
    make_finding(county, candidacy, situation="gang_related", status="alleged", source="来信")
    assert rows_of(official.get(CHANGES)) == []
    assert "没有资格结论的变化" in text(official.get(CHANGES))


def test_which_departments_answer_it_was_is_not_told(official, county, candidacy):
    """The name of whoever answered would tell which department holds a record."""
    court = department_user(county, "court")
    court.name = "法院审核员丙"
    court.save()
    answer_all(county, candidacy)
    page = text(official.get(CHANGES))
    assert "部门联审答复" in page
    assert "联审部门" in page
    assert "法院审核员丙" not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=大山", 1),
        ("q=小", 0),
        ("verdict=disqualified", 1),
        ("verdict=qualified", 0),
        ("cause=candidates.record_finding", 1),
        ("cause=candidates.reply", 0),
        ("since=2026-12-01", 1),
        ("since=2026-12-02", 0),
    ],
)
def test_filters(official, changed, query, found):
    assert len(rows_of(official.get(f"{CHANGES}?{query}"))) == found


@pytest.mark.parametrize(
    "query", ["verdict=guilty", "since=yesterday", "cause=x", "township=33", "page=0&sort=x"]
)
def test_what_is_not_understood_breaks_nothing(official, changed, query):
    assert official.get(f"{CHANGES}?{query}").status_code == 200


def test_an_id_number_does_not_get_into_an_address(official, changed):
    assert "不要输入公民身份号码" in text(official.get(f"{CHANGES}?q=330604198005010111"))


@pytest.mark.parametrize("sort", ["at", "-at", "name", "village", "post", "was", "-verdict", "cause"])
def test_sorting(official, county, changed, sort):
    other = make_candidate(county, "李小山", id_number="", born=date(1990, 1, 1), post="member")
    make_finding(county, other)
    assert len(rows_of(official.get(f"{CHANGES}?sort={sort}"))) == 2


def test_excel(official, changed):
    response = official.get(f"{CHANGES}?export=xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(response.streaming_content)))
    header, row = book.get_sheet_by_index(0).to_python()
    assert dict(zip(header, row, strict=True)) | {"认定时间": None} == {
        "认定时间": None,
        "姓名": "王大山",
        "村": "桃园村",
        "竞选职务": "主任",
        "原结论": "尚未查清",
        "现结论": "不符合资格",
        "起因": "记录认定材料",
        "由谁办理": "张三",
        "是否现行结论": "是",
    }


def test_the_queries_do_not_grow(official, county, changed):
    official.get(CHANGES)
    with CaptureQueriesContext(connection) as few:
        official.get(CHANGES)
    for n in range(8):
        one = make_candidate(
            county, f"李{NUMERALS[n]}", id_number="", born=date(1990, 1, n + 1), post="member"
        )
        make_finding(county, one)
    with CaptureQueriesContext(connection) as many:
        official.get(CHANGES)
    assert len(many) <= len(few)


class TestWhatIsSaid:
    def say(self, county, cause="villages.set_election_day") -> str:
        return sentence_of(made_by(county.township_official, cause=cause, at=NOW))

    def people(self, county, count) -> None:
        """Each released on 30 December 2021: qualified from 30 December 2026 on."""
        for n in range(count):
            one = make_candidate(
                county, f"李{NUMERALS[n]}", id_number="", born=date(1990, 1, n + 1), post="member"
            )
            details = {
                "situation": "criminal_penalty",
                "status": "confirmed",
                "sentenced_on": date(2019, 3, 1),
                "released_on": date(2021, 12, 30),
                "source": "判决书",
            }
            make_finding(county, one, **details)
            answer_all(county, one)

    def move(self, county, day) -> None:
        set_election_day(
            election=county.election,
            election_day=day,
            mode="nominated",
            seats=SEATS,
            actor=county.township_official,
            at=NOW,
        )

    def test_nobody_was_judged(self, county):
        assert self.say(county) == ""

    def test_nobody_changed(self, county):
        self.people(county, 2)
        self.move(county, ELECTION_DAY + timedelta(days=1))
        assert self.say(county) == "重新认定2人，结论没有变化。"

    @pytest.mark.parametrize("count", [1, NAMED])
    def test_up_to_five_are_named(self, county, count):
        self.people(county, count)
        self.move(county, date(2026, 12, 30))
        names = "、".join(f"李{NUMERALS[n]}（不符合资格→符合资格）" for n in range(count))
        assert self.say(county) == f"重新认定{count}人，{count}人的结论有变：{names}。"

    def test_more_are_counted(self, county):
        self.people(county, NAMED + 1)
        self.move(county, date(2026, 12, 30))
        sentence = self.say(county)
        assert sentence.startswith(f"重新认定{NAMED + 1}人，{NAMED + 1}人的结论有变：李甲")
        assert sentence.endswith("李戊（不符合资格→符合资格）等。")
        assert "李己" not in sentence

    def test_the_page_that_moved_the_day_says_it_with_a_link(self, official, county):
        """A day one day before the term ends, then the day on which it ends."""
        self.people(county, 1)
        page = text(
            official.post(
                reverse("ballots:set_election_day", args=[county.election.pk]),
                {
                    "election_day": "2026-12-30",
                    "mode": "nominated",
                    "guidance_team": "",
                    **{f"seats_{post}": count for post, count in SEATS.items()},
                },
                follow=True,
            )
        )
        assert "重新认定1人，1人的结论有变：李甲（不符合资格→符合资格）" in page
        assert f'href="{CHANGES}"' in page

    def test_the_day_is_previewed_and_nothing_is_written(self, official, county):
        self.people(county, 1)
        before = Assessment.objects.count()
        response = official.get(
            reverse("ballots:preview_election_day", args=[county.election.pk]),
            {"election_day": "2026-12-30", "mode": "nominated", "guidance_team": ""},
        )
        foresight = response.context["foresight"]
        assert [(one.was, one.verdict) for one in foresight.changes] == [("disqualified", "qualified")]
        assert "李甲" in text(response)
        assert Assessment.objects.count() == before
        assert Candidacy.objects.get().verdict == Verdict.DISQUALIFIED


class TestHome:
    def test_the_last_seven_days(self, official, changed):
        page = text(official.get(HOME))
        assert "最近7天有1人次的结论改变" in page
        assert "其中昨天以来1人次" in page
        assert "尚未查清→不符合资格" in page
        assert f"{CHANGES}?since=2026-11-24" in page

    def test_nothing_where_nothing_changed(self, official, candidacy):
        assert "人次的结论改变" not in text(official.get(HOME))

    @pytest.mark.parametrize(
        ("ago", "week", "yesterday"), [(0, 1, 1), (1, 1, 1), (2, 1, 0), (7, 1, 0), (8, 0, 0)]
    )
    def test_what_counts_as_recent(self, county, changed, ago, week, yesterday):
        Assessment.objects.update(at=NOW - timedelta(days=ago))
        shown = recent(reach_of(county.township_official, Role.TOWNSHIP), on=TODAY)
        assert (shown["week"], shown["yesterday"]) == (week, yesterday)

    def test_another_township_hears_nothing(self, client, county, changed):
        client.force_login(county.other_township_official)
        assert "王大山" not in text(client.get(HOME))

    def test_a_department_hears_nothing(self, county, changed):
        assert recent(reach_of(county.court, Role.TOWNSHIP, Role.COUNTY), on=TODAY)["week"] == 0


def test_only_of_the_term_being_held(official, county, changed):
    county.term.current = False
    county.term.save()
    assert rows_of(official.get(CHANGES)) == []
