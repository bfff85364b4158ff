"""What is said to follow of somebody who may not stand, at each stage of the election."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from candidates.actions.decisions import decide
from candidates.actions.flags import resolve_flag
from candidates.consequences import remedy, what_follows
from candidates.models import Candidacy, Flag
from election_admin.rulebooks.eligibility_lists import eligibility_list_ids, load_eligibility_list
from tests.candidates.conftest import make_candidate, make_finding
from tests.candidates.review import answer_all
from tests.cast import ELECTION_DAY, NOW, TODAY, County
from villages.models import Election, Mode, Stage, Term

pytestmark = pytest.mark.django_db
State = Candidacy.State


def now(candidacy: Candidacy) -> Candidacy:
    return Candidacy.objects.with_person().get(pk=candidacy.pk)


def said(candidacy: Candidacy, *, on: date = TODAY) -> str:
    return "".join(what_follows(now(candidacy), on=on))


@pytest.fixture
def barred(county: County, candidacy: Candidacy) -> Candidacy:
    """A man released three years ago, before anything is settled."""
    make_finding(county, candidacy)
    return candidacy


def put(candidacy: Candidacy, state: State) -> Candidacy:
    row = now(candidacy)
    decide(row, state, reason="测试", actor=None, at=NOW)
    return row


def test_nothing_follows_of_somebody_who_may_stand(county, candidacy):
    assert what_follows(now(candidacy), on=TODAY) == ()
    answer_all(county, candidacy)
    assert what_follows(put(candidacy, State.FINAL), on=TODAY) == ()


def test_nothing_follows_of_somebody_who_withdrew(county, barred):
    assert what_follows(put(barred, State.DECLINED), on=TODAY) == ()


def test_before_the_final_list(county, barred):
    """虞政发〔2013〕72号第16条: nobody in a situation can be made a candidate."""
    text = said(barred)
    assert "有下列情形之一的，不能确定为村民委员会成员的候选人（自荐人）" in text
    assert "虞政发〔2013〕72号文件第16条" in text
    assert "正式候选人名单尚未确定" in text
    assert "递补" not in text
    assert "宣布其当选无效" not in text


def test_between_the_list_and_the_vote(county, barred):
    """Struck off, the list put right, the next by votes moves up (浙江第18条), ballots printed anew."""
    text = said(put(barred, State.FINAL))
    assert "从名单中划去" in text
    assert "公布更正后的名单" in text
    assert "依次递补" in text
    assert "第十八条" in text  # by votes received
    assert "第十五条" in text  # 组织法: more candidates than seats
    assert "不得印上其姓名" in text
    assert "不得使用" in text


def test_in_a_direct_election_nobody_moves_up(county, barred):
    """自荐直选: there are no candidates, so no surplus that would have to be filled."""
    Election.objects.filter(pk=county.election.pk).update(mode=Mode.SELF_NOMINATED)
    text = said(put(barred, State.FINAL))
    assert "划去后不递补" in text
    assert "依次递补" not in text


def test_a_law_without_an_order_leaves_open_who_moves_up(county, barred):
    """组织法 says that there are more candidates than seats, and not how a gap is filled."""
    Term.objects.filter(pk=county.term.pk).update(procedure="national-2018")
    assert "没有规定怎样递补" in said(put(barred, State.FINAL))


def test_somebody_who_is_not_on_the_list_does_not_move_up(county, barred):
    text = said(put(barred, State.NOT_LISTED))
    assert "不得由其递补" in text


def test_somebody_struck_off_is_told_how_to_object(county, barred):
    text = said(put(barred, State.STRUCK_OFF))
    assert "选票上都不得有其姓名" in text
    assert "提出异议是正当权利" in text


class TestAfterTheVote:
    @pytest.fixture
    def voted(self, county, barred):
        put(barred, State.FINAL)
        Election.objects.filter(pk=county.election.pk).update(stage=Stage.AFTER)
        return barred

    def test_the_election_committee_declares_the_win_void(self, voted):
        """浙江省村民委员会选举办法第32条."""
        text = said(voted, on=ELECTION_DAY + timedelta(days=2))
        assert "由村民选举委员会宣布其当选无效" in text
        assert "第三十二条" in text
        assert "不由他人递补" in text
        assert "不得印上其姓名" not in text

    def test_by_the_day_alone(self, county, voted):
        Election.objects.filter(pk=county.election.pk).update(stage=Stage.VOTE)
        assert "宣布其当选无效" in said(voted, on=ELECTION_DAY + timedelta(days=1))

    def test_a_law_that_says_nothing_while_the_list_does(self, county, voted):
        """The 2013 list: 当选的，其当选无效; nobody says by whom it is declared."""
        Term.objects.filter(pk=county.term.pk).update(procedure="national-2018")
        text = said(voted, on=ELECTION_DAY + timedelta(days=1))
        assert "按本届资格条件其当选无效" in text
        assert "没有规定由谁宣布" in text

    def test_neither_law_nor_list(self, county, voted):
        Term.objects.filter(pk=county.term.pk).update(
            procedure="national-2018", eligibility_list="situations-2018"
        )
        text = said(voted, on=ELECTION_DAY + timedelta(days=1))
        assert "都没有规定其当选是否无效" in text
        assert "不能由乡镇自行宣布" in text

    def test_nobody_is_removed_from_office_by_an_office(self, voted):
        """组织法第11、16、18条."""
        text = said(voted, on=ELECTION_DAY + timedelta(days=40))
        assert "任何组织或者个人不得撤换（组织法第11条）" in text
        assert "职务自行终止（组织法第18条）" in text


def test_on_election_day_both_are_said(county, barred):
    text = said(put(barred, State.FINAL), on=ELECTION_DAY)
    assert "从名单中划去" in text
    assert "今天是选举日，已经投票的" in text
    assert "宣布其当选无效" in text


def test_frozen_and_not_established(county, candidacy):
    """A finding after the final list freezes: until the county has settled it, nothing is decided."""
    answer_all(county, candidacy)
    put(candidacy, State.FINAL)
    make_finding(county, candidacy, situation="gang_related", status="alleged", source="信访件")
    first, second, *_rest = what_follows(now(candidacy), on=TODAY)
    assert "已冻结" in first
    assert "请先查清" in second
    for flag in Flag.objects.open().filter(candidacy=candidacy):
        resolve_flag(flag=flag, resolution="待查", actor=county.county_reviewer, at=NOW)
    # Not frozen any more, but still a final candidate whose eligibility is not established.
    assert "请先查清" in said(candidacy)


@pytest.mark.parametrize("list_id", eligibility_list_ids())
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_how_to_object_is_said_last_and_sets_no_days(county, barred, list_id, language):
    """No law sets a time for objections to how eligibility was judged: none is invented."""
    Term.objects.filter(pk=county.term.pk).update(eligibility_list=list_id)
    source = load_eligibility_list(list_id)
    with override(language):
        follows = what_follows(now(barred), on=TODAY)
        assert follows[-1:] == remedy(source)
        assert source.remedy.value.in_(language) in follows[-1]
    assert not any(character.isdigit() for character in source.remedy.value.zh + source.remedy.value.en)


def test_a_list_without_a_remedy_says_nothing(county):
    assert remedy(replace(load_eligibility_list("five-situations-2013"), remedy=None)) == ()


def test_every_stage_reads_as_sentences(county):
    """Nothing is left to fill in, whatever the state, the day and the list."""
    one = make_candidate(county, "李小山", id_number="", born=date(2010, 1, 1))
    for list_id in eligibility_list_ids():
        Term.objects.filter(pk=county.term.pk).update(eligibility_list=list_id)
        for state in State:
            Candidacy.objects.filter(pk=one.pk).update(state=state, frozen_at=timezone.now())
            for on in (TODAY, ELECTION_DAY, ELECTION_DAY + timedelta(days=9)):
                for sentence in what_follows(now(one), on=on):
                    assert "%" not in sentence
                    assert sentence.endswith(("。", "."))
