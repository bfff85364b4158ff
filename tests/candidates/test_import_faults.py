"""What is wrong with a row of candidates: said by column, in a sentence, with nothing written."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from candidates.imports.candidate_columns import candidate_columns
from candidates.imports.candidates import CandidateReader
from candidates.imports.ground import check_township
from candidates.models import Candidacy, Nomination
from tests.candidates.conftest import make_candidate, make_id_number
from tests.candidates.importing import bring_in, changes, faults, read, row
from tests.candidates.test_imports import open_branch_election
from tests.candidates.test_lists import open_election
from tests.cast import NOW, TODAY
from tests.villages.plenty import make_villages
from villages.models import Election

pytestmark = pytest.mark.django_db
SECOND = make_id_number(order=13)


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"village": "无名村"}, "village", "长塘镇没有叫“无名村”的村"),
        ({"village": "昆仑村"}, "village", "“昆仑村”属于上浦镇，不在长塘镇"),
        ({"village": "330604102201"}, "village", "属于上浦镇"),
        ({"village": "长塘社区"}, "village", "没有叫“长塘社区”的村"),
        ({"village": "330683101201"}, "village", "没有叫“330683101201”的村"),
        ({"election": "party_branch.general"}, "election", "桃园村本届没有这种选举"),
        ({"name": "王123"}, "name", "姓名只能由文字组成"),
        ({"name": "=1+1"}, "name", "姓名只能由文字组成"),
        ({"id_number": "33060419800501001"}, "id_number", "应为18位"),
        ({"id_number": make_id_number()[:-1] + "Y"}, "id_number", "应为18位"),
        ({"id_number": "330604198013010011"}, "id_number", "不是有效的出生日期"),
        (
            {"id_number": make_id_number()[:-1] + ("1" if make_id_number()[-1] != "1" else "2")},
            "id_number",
            "校验码",
        ),
        ({"born": date(1980, 5, 2)}, "born", "与公民身份号码中的出生日期不一致"),
        ({"sex": "female"}, "sex", "与公民身份号码中的性别不一致"),
        ({"id_number": None, "born": None}, "born", "请填写出生日期或者公民身份号码"),
        ({"id_number": None, "sex": None}, "sex", "请填写性别"),
        ({"post": "secretary"}, "post", "这次选举没有设这个职务"),
        ({"post": "women"}, "post", "妇女委员只能由女性竞选"),
        ({"supporters": None}, "supporters", "请填写提名人数"),
        ({"supporters": -3}, "supporters", "不能是负数"),
        (
            {"supporters": 30, "supporter_names": "张三、李四"},
            "supporters",
            "提名人数是30，而提名人姓名有2个",
        ),
        ({"supporter_names": "张三、李4"}, "supporter_names", "不是姓名"),
        ({"supporters": 2, "supporter_names": "张三、张三"}, "supporter_names", "重复"),
        ({"supporters": 2, "supporter_names": "张三、王大山"}, "supporter_names", "被提名人本人"),
        (
            {"how": "party", "supporters": 2, "supporter_names": "张三、李四"},
            "supporter_names",
            "只有村民联名提名",
        ),
        ({"nominated_on": date(2026, 12, 2)}, "nominated_on", "日期还没有到"),
        ({"nominated_on": date(1979, 1, 1)}, "nominated_on", "早于出生日期"),
        ({"votes": -1}, "votes", "不能是负数"),
        ({"votes": 100_001}, "votes", "得票过大"),
    ],
)
def test_a_row(county, neighbour, cells, column, sentence):
    [one] = read(county, row(**cells))

    assert changes([one]) == ["wrong"]
    assert sentence in faults(one)[column]
    assert list(faults(one)) == [column]


def test_born_tomorrow(county):
    [one] = read(county, row(id_number=None, born=date(2026, 12, 2)))

    assert "日期还没有到" in faults(one)["born"]


def test_everything_wrong_with_the_cells_is_said_at_once(county):
    [one] = read(county, row(village="无名村", id_number="1", supporter_names="张3"))

    assert faults(one).keys() == {"village", "id_number", "supporter_names"}


def test_late_self_nomination(county):
    """Zhejiang's method art. 20: self-nominees come forward ten days before the vote at the latest."""
    Election.objects.filter(pk=county.election.pk).update(
        mode="self_nominated", election_day=date(2026, 12, 9)
    )
    [one] = read(county, row(how="self", supporters=None, nominated_on=date(2026, 11, 30)))

    assert "最迟" in faults(one)["nominated_on"]


def test_self_nominated_elections_have_self_nominees_and_no_preliminary_votes(county):
    Election.objects.filter(pk=county.election.pk).update(mode="self_nominated")

    assert "只能是“自荐”" in faults(read(county, row())[0])["how"]
    own = row(how="self", supporters=None, nominated_on=date(2026, 11, 20))
    assert changes(read(county, own)) == ["new"]
    assert "没有提名投票" in faults(read(county, own | {"votes": 3})[0])["votes"]


class TestTheElection:
    @pytest.mark.parametrize("stage", ["after", "closed"])
    def test_that_has_voted(self, county, candidacy, stage):
        Election.objects.filter(pk=county.election.pk).update(stage=stage)
        for each in (row(education="大专"), row(name="李四", id_number=SECOND)):
            assert "已经投票" in faults(read(county, each)[0])[""]

    def test_without_a_day(self, county):
        [one] = read(county, row(village="罗村村"))

        assert "还没有设定选举日" in faults(one)[""]

    def test_of_two_must_be_named(self, county):
        open_branch_election(county)
        [one] = read(county, row())

        assert "村委会、村党组织" in faults(one)["election"]
        assert changes(read(county, row(election="villagers_committee.general"))) == ["new"]

    def test_words_for_it(self, county):
        open_branch_election(county)
        Election.objects.create(
            place=county.second_village,
            term=county.term,
            occasion="by_election",
            occasion_day=TODAY,
        )
        [column] = [one for one in candidate_columns(county.township) if one.key == "election"]

        assert column.choices == (
            ("villagers_committee.general", "村委会"),
            ("villagers_committee.by_election", "村委会补选"),
            ("party_branch.general", "村党组织"),
        )

    def test_village_outside_the_term(self, county):
        make_villages(county.township, 1, first=401, name="新")
        [one] = read(county, row(village="新401村"))

        assert "没有列入本届换届" in faults(one)["election"]


def test_two_villages_of_one_name(county):
    make_villages(county.township, 1, first=401, name="桃园")
    county.township.children.filter(code__endswith="401").update(name="桃园村")
    [one] = read(county, row())

    assert "有几个村都叫“桃园村”，请改填村的12位区划代码" in faults(one)["village"]
    assert changes(read(county, row(village=county.village.code))) == ["new"]


class TestMovedOn:
    @pytest.mark.parametrize(
        ("state", "title"),
        [
            ("in_review", "联审中"),
            ("final", "正式候选人"),
            ("declined", "本人退出"),
            ("struck_off", "不能确定为候选人"),
            ("not_listed", "未进入正式候选人名单"),
        ],
    )
    def test_is_not_changed_by_a_file(self, county, candidacy, state, title):
        """What departments answered about, or a list was settled on, does not change under them."""
        Candidacy.objects.update(state=state)
        for each in (row(education="大专"), row(post="member"), row(votes=3)):
            assert f"目前的状态是“{title}”，不能用导入更改" in faults(read(county, each)[0])[""]


class TestTwice:
    def test_the_same_row(self, county):
        one, two = read(county, row(), row())

        assert changes([one, two]) == ["new", "wrong"]
        assert "前面已有一行是同一人的同一项提名" in faults(two)["name"]

    def test_the_same_person_otherwise_described(self, county):
        _one, two = read(county, row(), row(post="member", education="大专"))

        assert "与本文件前面同一人的一行不一致" in faults(two)["education"]

    def test_a_row_that_is_there_already(self, county, candidacy):
        assert changes(read(county, row(), row())) == ["same", "wrong"]

    def test_a_correction_twice(self, county, candidacy):
        assert changes(read(county, row(supporters=31), row(supporters=32))) == ["changed", "wrong"]

    def test_namesakes_of_one_day_without_numbers(self, county):
        """They may be one person: nobody guesses that they are two."""
        _one, two = read(county, row(id_number=None), row(id_number=None, education="大专"))

        assert changes([two]) == ["wrong"]

    def test_namesakes_told_apart_by_numbers(self, county):
        assert changes(read(county, row(), row(id_number=SECOND))) == ["new", "new"]

    def test_a_row_that_may_mean_either_of_two(self, county):
        make_candidate(county)
        make_candidate(county, id_number=SECOND)

        assert "不能确定是哪一人" in faults(read(county, row(id_number=None))[0])["name"]

    def test_a_wrong_row_does_not_stand_in_the_way(self, county):
        """The row after it is what it would be without it."""
        assert changes(read(county, row(post="women"), row())) == ["wrong", "new"]


class TestTwoVillages:
    """组织法第13条: nobody takes part in two villages."""

    @pytest.fixture(autouse=True)
    def second(self, county):
        return open_election(county, county.second_village)

    def test_in_the_file(self, county):
        _one, two = read(county, row(), row(village="罗村村"))

        assert "任何人不得同时参加两个村的选举（组织法第13条）" in faults(two)["id_number"]

    def test_entered_before(self, county, candidacy):
        [one] = read(county, row(village="罗村村"))

        assert "本届已在本县另一个村登记为候选人" in faults(one)["id_number"]
        assert "桃园村" not in str(one.faults)

    def test_in_another_township(self, county):
        """Found across the county; the sentence does not say where."""
        elsewhere = open_election(county, county.other_village)
        make_candidate(county, election=elsewhere, actor=county.other_township_official)
        [one] = read(county, row())

        assert "本县另一个村" in faults(one)["id_number"]
        assert "昆仑村" not in str(one.faults)

    def test_in_another_county_is_no_concern(self, county, neighbour):
        make_candidate(neighbour, actor=neighbour.township_official)

        assert changes(read(county, row())) == ["new"]

    def test_whoever_has_declined_there_may_stand_here(self, county, candidacy):
        Candidacy.objects.update(state="declined")

        assert changes(read(county, row(village="罗村村"))) == ["new"]

    def test_a_number_that_is_anothers(self, county, candidacy):
        """By a slip of the row one of them would be given the other's name, or the other's number."""
        make_candidate(county, "赵六", id_number="")
        [one] = read(county, row(name="赵六"))

        assert "请先为双方填写公民身份号码" in faults(one)["name"]


class TestVotes:
    def test_recorded_ones_are_corrected_on_their_page(self, county, candidacy):
        """Where a reason is asked for: a file has none."""
        bring_in(county, row(votes=100))
        [one] = read(county, row(votes=101))

        assert "已录入的得票是100票" in faults(one)["votes"]
        assert changes(read(county, row(votes=100), row(votes=None, post="member"))) == ["same", "changed"]

    def test_more_than_are_on_the_roll(self, county, monkeypatch):
        monkeypatch.setattr(
            "candidates.imports.candidates.names_on_roll", lambda election: ["张三", "李四", "李四"]
        )
        assert "选民名单上的3人" in faults(read(county, row(votes=4))[0])["votes"]
        assert changes(read(county, row(votes=3))) == ["new"]


def test_supporters_stand_on_the_roll(county, monkeypatch):
    """组织法第15条: registered villagers nominate. The roll is fetched once for a file."""
    asked = []

    def roll(election):
        asked.append(election)
        return ["张三", "李四"]

    monkeypatch.setattr("candidates.imports.candidates.names_on_roll", roll)
    one, two = read(
        county,
        row(supporters=2, supporter_names="张三、李四"),
        row(name="赵六", id_number=SECOND, supporters=2, supporter_names="张三、钱七"),
    )
    assert changes([one]) == ["new"]
    assert "有1人不在选民名单上" in faults(two)["supporter_names"]
    assert len(asked) == 1


class TestPreview:
    def test_masks_what_screens_mask(self, county):
        [one] = read(county, row(supporters=2, supporter_names="张三、李四"))

        assert one.shown["id_number"] == f"330604********{make_id_number()[-4:]}"
        assert one.shown["born"] == "1980年"
        assert one.shown["registered_voter"] == one.shown["deprived_of_political_rights"] == "●●●"
        assert one.shown["supporter_names"] == "●●●"
        assert (one.shown["post"], one.shown["how"], one.shown["sex"]) == ("主任", "村民联名提名", "男")
        assert one.shown["nominated_on"] == "2026-11-28"
        assert "张三" not in str(one.shown)

    @pytest.mark.parametrize(
        "cells",
        [{"born": date(1980, 5, 2)}, {"id_number": make_id_number()[:-1]}, {"post": "women"}],
    )
    def test_wrong_rows_too(self, county, cells):
        """A fault beside a masked number must not give away the day of birth."""
        [one] = read(county, row(**cells))

        for secret in (make_id_number(), make_id_number()[:-1], "19800501", "1980-05", "1980年5月"):
            assert secret not in str(one)

    def test_shows_the_same_twice(self, county, candidacy):
        """What was confirmed is what is written: the engine compares both readings."""
        rows = [row(education="大专"), row(post="member"), row(name="李四", id_number=SECOND)]
        shown = [[(one.change, one.shown) for one in read(county, *rows)] for _ in range(2)]

        assert shown[0] == shown[1]


class TestWhere:
    def test_county_is_no_place_to_import_into(self, county):
        with pytest.raises(ValidationError, match="请按乡镇"):
            check_township(county.county)

    def test_no_term(self, county):
        county.term.current = False
        county.term.save()
        with pytest.raises(ValidationError, match="还没有建立换届"):
            check_township(county.township)

    def test_columns_without_a_term(self, county):
        county.term.current = False
        county.term.save()

        assert [one.key for one in candidate_columns(county.township)][:2] == ["village", "election"]


def test_a_candidacy_without_nominations_is_read_by_what_it_shows(county, candidacy):
    Nomination.objects.all().delete()

    assert changes(read(county, row())) == ["same"]
    bring_in(county, row(supporters=33))
    assert Candidacy.objects.get().supporters == 33
    assert Nomination.objects.get().recorded_at == NOW


def test_reader_keeps_its_hands_off_the_database(county, candidacy):
    """A preview writes nothing, whatever stands in the file."""
    reader = CandidateReader(county.township, county.township_official, TODAY)
    for cells in (row(education="大专"), row(post="member"), row(name="李四", id_number=SECOND)):
        reader.read(cells)

    assert Candidacy.objects.get().person.education == "高中"
    assert Nomination.objects.count() == 1
