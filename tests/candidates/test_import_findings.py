"""Findings by Excel: about whom, which situation, what is wrong, what is kept."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from candidates.imports.findings import finding_columns, write_findings
from candidates.models import Assessment, Candidacy, Finding, Flag
from election_admin.journal.models import Entry
from election_admin.journal.record import verify
from tests.candidates.conftest import BORN, make_candidate, make_finding, make_id_number
from tests.candidates.importing import (
    bring_in_findings,
    changes,
    faults,
    finding_row,
    read_findings,
)
from tests.candidates.test_imports import open_branch_election
from tests.cast import NOW

pytestmark = pytest.mark.django_db
NUMBER = make_id_number()
SECOND = make_id_number(order=13)


class TestNew:
    def test_is_recorded_as_by_hand(self, county, neighbour):
        make_candidate(county)
        make_finding(neighbour, make_candidate(neighbour, actor=neighbour.township_official))
        bring_in_findings(county, finding_row())
        imported, by_hand = Finding.objects.order_by("-pk")

        assert imported.details == by_hand.details
        assert (imported.recorded_by, imported.recorded_at) == (county.township_official, NOW)
        assert imported.reply is None

    def test_judges_anew(self, county, candidacy):
        bring_in_findings(county, finding_row())
        candidacy.refresh_from_db()
        assessment = Assessment.objects.get(current=True)

        assert candidacy.verdict == assessment.verdict == "disqualified"
        assert assessment.cause_title == "导入认定材料"
        assert assessment.caused_by == county.township_official

    def test_several_about_one_person_judge_once(self, county, candidacy):
        bring_in_findings(county, finding_row(), finding_row(source="另一份判决书"))

        assert Finding.objects.count() == 2
        assert Assessment.objects.filter(candidacy=candidacy).count() == 2

    @pytest.mark.parametrize(
        "who", [{"name": "王大山"}, {"name": None, "id_number": NUMBER}, {"id_number": NUMBER}]
    )
    def test_by_name_or_number(self, county, candidacy, who):
        bring_in_findings(county, finding_row(**who))

        assert Finding.objects.get().candidacy == candidacy

    def test_of_both_elections_somebody_stands_in(self, county, candidacy):
        """What bars somebody bars them for the Party branch as for the committee."""
        open_branch_election(county)
        make_candidate(
            county,
            election=county.village.elections.get(body="party_branch"),
            post="secretary",
            how="party",
            supporters=None,
        )
        bring_in_findings(county, finding_row())

        assert set(Candidacy.objects.values_list("verdict", flat=True)) == {"disqualified"}
        assert changes(read_findings(county, finding_row())) == ["same"]

    def test_in_review_too(self, county, candidacy):
        """A fact is a fact whenever it comes."""
        Candidacy.objects.update(state="in_review")

        assert changes(read_findings(county, finding_row())) == ["new"]

    def test_after_the_final_list_it_freezes(self, county, candidacy):
        Candidacy.objects.update(state="final")
        bring_in_findings(county, finding_row())
        candidacy.refresh_from_db()

        assert Flag.objects.filter(kind="late_finding", candidacy=candidacy).exists()
        assert candidacy.is_frozen


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1", "criminal_penalty"),
        ("第1项", "criminal_penalty"),
        ("第一项", "criminal_penalty"),
        ("（1）", "criminal_penalty"),
        ("1、受过刑罚", "criminal_penalty"),
        ("1.受过刑罚", "criminal_penalty"),
        ("第1项　受过刑罚", "criminal_penalty"),
        ("受过刑罚", "criminal_penalty"),
        ("Criminal penalty", "criminal_penalty"),
        ("criminal_penalty", "criminal_penalty"),
        ("党纪处分", "party_discipline"),
        ("长期外出，不能正常履行职务的。", "long_absence"),
        ("长期外出", "long_absence"),
    ],
)
def test_situation_by_number_or_words(county, candidacy, written, code):
    facts = dict.fromkeys(("sentenced_on", "released_on")) if code != "criminal_penalty" else {}
    [one] = read_findings(county, finding_row(situation=written, **facts))

    assert changes([one]) == ["new"], one.faults
    assert one.values["details"]["situation"] == code


@pytest.mark.parametrize("written", ["0", "6", "第9项", "1、党纪处分", "长期", "依法信访", "X"])
def test_no_such_situation(county, candidacy, written):
    """The sentence names what the list has."""
    [one] = read_findings(county, finding_row(situation=written))

    assert "可以填：1：受过刑罚" in faults(one)["situation"]


class TestSame:
    def test_recorded_by_hand(self, county, candidacy):
        make_finding(county, candidacy)

        assert changes(read_findings(county, finding_row())) == ["same"]

    def test_twice_in_the_file(self, county, candidacy):
        assert changes(read_findings(county, finding_row(), finding_row())) == ["new", "same"]

    def test_one_taken_back_is_new_again(self, county, candidacy):
        make_finding(county, candidacy)
        Finding.objects.update(withdrawn_at=NOW)

        assert changes(read_findings(county, finding_row())) == ["new"]


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"village": "无名村"}, "village", "没有叫“无名村”的村"),
        ({"village": "昆仑村"}, "village", "不在长塘镇"),
        ({"village": "罗村村"}, "name", "罗村村本届候选人中没有此人"),
        ({"name": None}, "name", "请填写姓名或者公民身份号码"),
        ({"name": "李四"}, "name", "本届候选人中没有此人"),
        ({"id_number": SECOND}, "id_number", "本届候选人中没有此人"),
        ({"id_number": NUMBER, "name": "李四"}, "name", "与这个公民身份号码登记的姓名不一致"),
        ({"id_number": NUMBER[:-1]}, "id_number", "应为18位"),
        ({"released_on": date(2018, 1, 1)}, "released_on", "早于“判决日期”"),
        ({"sentenced_on": date(2026, 12, 2)}, "sentenced_on", "日期还没有到"),
        ({"sentenced_on": date(1979, 1, 1)}, "sentenced_on", "早于本人出生日期"),
        ({"dealt_with_on": date(2020, 1, 1)}, "dealt_with_on", "这种情形不看此项"),
        ({"sanction": "warning"}, "sanction", "这种情形不看此项"),
    ],
)
def test_what_is_wrong_is_said_by_column(county, candidacy, cells, column, sentence):
    [one] = read_findings(county, finding_row(**cells))

    assert changes([one]) == ["wrong"]
    assert sentence in faults(one)[column]


def test_namesakes_need_a_number(county, candidacy):
    make_candidate(county, id_number=SECOND)

    assert "有几名候选人同名" in faults(read_findings(county, finding_row())[0])["id_number"]
    assert changes(read_findings(county, finding_row(id_number=SECOND))) == ["new"]


def test_preview_says_of_a_finding_only_that_it_is_there(county, candidacy):
    """Whoever looks over the shoulder at a preview learns nothing of anybody."""
    good, wrong = read_findings(
        county,
        finding_row(id_number=NUMBER, remark="缓刑"),
        finding_row(id_number=NUMBER, released_on=date(2018, 1, 1)),
    )
    assert (good.shown["village"], good.shown["name"]) == ("桃园村", "王大山")
    for one in (good, wrong):
        shown = str((one.shown, one.faults))
        for secret in (NUMBER, "2019", "2018", "刑初88号", "缓刑", "刑罚", "已查实"):
            assert secret not in shown
        assert one.shown["situation"] == one.shown["source"] == "●●●"
        assert one.shown["dealt_with_on"] == ""


def test_columns_are_those_of_the_terms_list(county):
    titles = [str(one.title) for one in finding_columns(county.township)]

    assert titles == [
        "村",
        "姓名",
        "公民身份号码",
        "情形",
        "核实程度",
        "判决日期",
        "刑满释放日期",
        "缓刑期满日期",
        "处理日期",
        "处分日期",
        "恢复党员权利日期",
        "处分种类",
        "限制任职至",
        "文书编号",
        "备注",
    ]
    [sanction] = [one for one in finding_columns(county.township) if one.key == "sanction"]
    assert [str(title) for _code, title in sanction.choices][:2] == ["警告", "严重警告"]
    with translation.override("en"):
        assert str(sanction.choices[0][1]) == "Warning"


class TestWriting:
    def test_each_has_an_entry(self, county, candidacy):
        first = Entry.objects.count()
        bring_in_findings(county, finding_row(), finding_row(source="另一份判决书"))
        entries = list(Entry.objects.order_by("number")[first:])

        assert [entry.verb for entry in entries] == ["candidates.import_findings"] * 2
        assert {entry.object_id for entry in entries} == set(
            map(str, Finding.objects.values_list("pk", flat=True))
        )
        assert entries[0].after["candidacy"] == candidacy.pk
        assert entries[0].place == county.village
        assert "criminal" not in str([entry.after for entry in entries])
        assert list(verify()) == []

    def test_encrypted_at_rest(self, county, candidacy):
        bring_in_findings(county, finding_row())
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM candidates_finding")
            written = str(cursor.fetchall())

        assert "刑初88号" not in written
        assert "criminal_penalty" not in written

    def test_queries_are_counted_by_batches(self, county):
        names = ["王" + sign for sign in "甲乙丙丁戊己庚辛壬癸"]
        for order, name in enumerate(names):
            make_candidate(county, name, born=BORN, id_number=make_id_number(order=order * 2 + 101))
        counts = []
        for rows in ([finding_row(name=names[0])], [finding_row(name=name) for name in names[1:]]):
            with CaptureQueriesContext(connection) as captured:
                bring_in_findings(county, *rows)
            counts.append(len(captured))

        assert counts[0] == counts[1]

    def test_progress_counts_the_rows(self, county, candidacy, monkeypatch):
        monkeypatch.setattr("candidates.imports.findings.BATCH", 1)
        make_candidate(county, "李四", id_number=SECOND)
        said = []
        bring_in_findings(
            county,
            finding_row(),
            finding_row(source="另一份"),
            finding_row(name="李四"),
            progress=said.append,
        )
        assert said == [2, 3]

    def test_only_whoever_may_record_writes(self, county, candidacy):
        for who in (county.county_reviewer, county.other_township_official, county.court):
            with pytest.raises(PermissionDenied):
                write_findings(
                    county.township, read_findings(county, finding_row()), who, NOW, lambda done: None
                )
