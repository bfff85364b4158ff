"""Notices on paper: numbered, filled from the records, blank where nothing is known."""

import re
from datetime import date

import pytest

from ballots.models import CommitteeMember, CommitteeVote
from ballots.notice_facts import facts_of, rows_of, voters_by_group
from ballots.notices import laws_of
from candidates.models import Candidacy
from election_admin.documents import rendering
from tests.ballots.notices import (
    REVISED,
    enrol,
    fresh,
    html_of,
    in_this_order,
    made,
    paper,
    stand,
    words_on,
)
from tests.ballots.office import mark_done
from tests.cast import NOW
from villages.models import Election

pytestmark = pytest.mark.django_db


# Numbers and headings ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "serial", "heading"),
    [
        ("voter_list", 1, "桃园村第十二届村民选举委员会公告（第4号）关于登记参加选举的村民名单的公告"),
        ("voter_list", 2, "桃园村第十二届村民选举委员会公告（第4号之二）"),
        ("group_heads", 1, "桃园村第十二届村民选举委员会公告（第6-1号）"),
        ("voter_list_supplement", 1, "桃园村第十二届村民选举委员会公告（第号）"),
    ],
)
def test_numbered_per_village_and_term(county, code, serial, heading) -> None:
    """A number the set does not give is a blank, to be written in."""
    assert words_on(made(county, code, serial=serial)).startswith(heading)


def test_the_terms_set_decides_the_number(county) -> None:
    county.term.notice_set = REVISED
    county.term.save()
    assert "（第17号）" in words_on(made(county, "result"))
    assert "（第17-1号）" in words_on(made(county, "supervision_committee"))


def test_a_party_branch_and_a_recall_have_none(county) -> None:
    election = fresh(county)
    election.body = "party_branch"
    assert laws_of(election) == {}
    election.body, election.occasion = "villagers_committee", "recall"
    assert laws_of(election) == {}


def test_where_nobody_is_a_candidate_the_list_is_of_self_nominees(county) -> None:
    Election.objects.update(mode="self_nominated")
    text = words_on(made(county, "final_candidates"))
    assert "关于自荐人名单的公告" in text
    assert "正式候选人" not in text


# Words from the records ----------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("set_id", ["city-2026", REVISED])
def test_each_notice_prints_with_nothing_known(county, set_id, language) -> None:
    """Nothing is invented: what the office does not know stays a blank, and every sign has a glyph."""
    county.term.notice_set = set_id
    county.term.save()
    Election.objects.update(election_day=None)
    for code in laws_of(fresh(county)):
        notice = made(county, code)
        page = html_of(notice, language)
        assert 'class="blank"' in page or 'class="empty-line"' in page, code
        assert "None" not in page, code
        rendering.render_pdf(page)


def test_the_election_day_with_whoever_comes_of_age_on_it(county) -> None:
    """Art. 13: 18 on election day. Art. 12: the election committee presides."""
    text = words_on(made(county, "election_day", details={"contact": "王芳"}, dated=date(2026, 11, 30)))
    assert "选举日定为2026年12月20日（星期日）" in text
    assert "2008年12月20日当日及以前出生" in text
    assert "《中华人民共和国村民委员会组织法》第十二条" in text
    assert "主任1人、副主任1人、妇女委员1人、委员2人" in text
    assert "联系人：王芳，联系电话：。" in text
    assert text.count("桃园村村民选举委员会（盖章）2026年11月30日") == 1


def test_members_stand_with_the_chair_first(county) -> None:
    vote = CommitteeVote.objects.create(
        election=county.election,
        number=1,
        how="representatives_meeting",
        held_on=date(2026, 11, 6),
        due=45,
        present=40,
        seats=9,
        recorded_by=county.township_official,
        recorded_at=NOW,
    )
    names = ["赵一", "钱二", "孙三", "李四", "周五", "吴六", "郑七", "王八", "阿不都拉·买买提"]
    for number, name in enumerate(names):
        CommitteeMember.objects.create(
            vote=vote,
            name=name,
            votes=40 - number,
            state="serving",
            post="chair" if name == "吴六" else "member",
        )
    notice = made(county, "election_committee")
    text = words_on(notice)
    assert "2026年11月6日经村民代表会议推选" in text
    assert in_this_order(text, "主任吴六", "委员赵一", "委员钱二", "委员阿不都拉·买买提")
    assert len(paper(notice).pages) == 1


def test_who_left_and_who_moved_up_is_announced(county) -> None:
    """Art. 12: a member nominated as candidate leaves, the next in the vote moves up (notice 2-1)."""
    county.term.notice_set = REVISED
    county.term.save()
    vote = CommitteeVote.objects.create(
        election=county.election,
        number=1,
        how="villagers_meeting",
        held_on=date(2026, 11, 6),
        due=300,
        present=200,
        seats=5,
        recorded_by=county.township_official,
        recorded_at=NOW,
    )
    left = CommitteeMember.objects.create(
        vote=vote, name="赵一", votes=150, state="left", left_on=date(2026, 11, 20), left_because="candidate"
    )
    CommitteeMember.objects.create(
        vote=vote, name="吴六", votes=90, state="serving", moved_up_on=date(2026, 11, 20), replaces=left
    )
    text = words_on(made(county, "committee_replacement"))
    assert "赵一，2026年11月20日退出（本人被提名为候选人），由吴六递补。" in text


def test_the_roll_by_group_with_the_days_for_objections(county) -> None:
    """Art. 14: objections within 5 days of publication, decided within 3 days."""
    enrol(county, "王一", "王二", group="第十组")
    enrol(county, "李一", "阿不都热合曼·买买提明江", group="第二组")
    mark_done(county.election, {"voter_list_published": date(2026, 11, 28)}, county.township_official)
    text = words_on(made(county, "voter_list"))
    assert "共登记参加选举的村民4人" in text
    assert "自名单公布之日起五日内，即2026年12月3日以前" in text
    assert "收到申诉之日起三日内作出处理决定" in text
    assert in_this_order(text, "第二组（2人）", "阿不都热合曼·买买提明江", "第十组（2人）", "王一")


def test_the_day_for_objections_runs_from_the_posting(county) -> None:
    notice = made(county, "voter_list", posted_on=date(2026, 11, 30), posted_where="公开栏")
    assert facts_of(notice)["object_until"] == date(2026, 12, 5)


def test_a_roll_not_published_has_a_blank_day(county) -> None:
    assert facts_of(made(county, "voter_list"))["object_until"] is None


def test_a_village_of_fifteen_hundred(county) -> None:
    """No name is cut off at the margin or lost between pages, whatever its length."""
    names = [f"王{'建国'[: 1 + number % 2]}" for number in range(1490)]
    names += ["阿不都热合曼·买买提明江"] * 9 + ["长" * 34]
    enrol(county, *names, group="第一组")
    reader = paper(made(county, "voter_list"))
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))
    assert text.count("王建") == 1490
    assert text.count("阿不都热合曼·买买提明江") == 9
    assert text.count("长") == 34
    assert len(reader.pages) <= 14


def test_rows_of_names_fit_the_paper() -> None:
    """Five names a row; a long one takes the place of two or three, one longer than the row its own."""
    rows = list(rows_of(["王一", "王二", "王三", "王四", "王五", "王六", "阿不都热合曼·买买提", "长" * 30]))
    assert rows == [
        ("王一\t王二\t王三\t王四\t王五", False),
        ("王六\t阿不都热合曼·买买提", False),
        ("长" * 30, True),
    ]


def test_groups_stand_by_their_number(county) -> None:
    for group in ("第十二组", "3组", "东岸", "第二组", ""):
        enrol(county, "王一", group=group)
    assert [one.name for one in voters_by_group(fresh(county))] == ["第二组", "3组", "第十二组", "东岸", ""]


# The order of people -------------------------------------------------------------------------


def test_nominees_stand_by_nominations_then_by_strokes(county) -> None:
    """Zhejiang art. 18: by votes received. Equal ones by the strokes of the surname."""
    for name, supporters in (("魏一", 22), ("李二", 22), ("张三", 30), ("王四", None), ("毛五", 11)):
        stand(county, name, supporters=supporters, state="preliminary")
    text = words_on(made(county, "preliminary_candidates"))
    assert in_this_order(text, "张三", "李二", "魏一", "毛五", "王四")
    assert "以提名人数多少为序，人数相同的以姓名笔画为序" in text


def test_self_nominees_stand_by_strokes(county) -> None:
    """Zhejiang art. 20: by the strokes of the surname 姓名笔画."""
    Election.objects.update(mode="self_nominated")
    names = ["丁一", "马一", "王一", "毛一", "李一", "张一", "陈一", "欧阳一", "赵一", "魏一"]
    for name in reversed(names):
        stand(county, name, how="self")
    text = words_on(made(county, "final_candidates"))
    assert in_this_order(text, *names)
    assert "以姓名笔画为序" in text


def test_where_the_rulebook_is_silent_they_stand_as_entered(county) -> None:
    county.term.procedure = "national-2018"
    county.term.save()
    for name, supporters in (("魏一", 1), ("丁二", 50)):
        stand(county, name, supporters=supporters)
    text = words_on(made(county, "final_candidates"))
    assert in_this_order(text, "魏一", "丁二")
    assert "以登记先后为序" in text


def test_final_candidates_are_nobody_else(county) -> None:
    """Whoever is in review, struck off or has declined is not on the final list."""
    for state in Candidacy.State.values:
        stand(county, f"王{state[0]}一", post="chair", state=state)
    final, preliminary = (
        {one.person.name for each in facts_of(made(county, code))["posts"] for one in each.people}
        for code in ("final_candidates", "preliminary_candidates")
    )
    assert final == {"王f一"}
    assert preliminary == {"王f一", "王p一", "王i一"}


def test_a_list_without_anybody_has_rows_to_write_in(county) -> None:
    page = html_of(made(county, "final_candidates"))
    assert page.count('class="to-write"') == 3 + 3 + 3 + 4


def test_nominees_stand_by_votes_where_a_vote_was_held(county) -> None:
    """Zhejiang art. 18: by votes received; how many had nominated them decides no more."""
    for name, supporters, votes in (
        ("魏一", 99, 22),
        ("李二", 50, 22),
        ("张三", 10, 130),
        ("王四", 70, None),
    ):
        candidacy = stand(county, name, supporters=supporters, state="preliminary")
        Candidacy.objects.filter(pk=candidacy.pk).update(votes=votes)
    text = words_on(made(county, "preliminary_candidates"))
    assert in_this_order(text, "张三", "李二", "魏一", "王四")
    assert "以提名（预选）得票多少为序" in text
    assert "130" in text
    assert "得票数" in text


# The preliminary vote ------------------------------------------------------------------------


def test_a_post_with_no_more_names_than_allowed_skips_the_preliminary_vote(county) -> None:
    """Representatives' meeting with two thirds present; Shanghai allows the chair one more than seats."""
    county.term.procedure, county.term.notice_set = "shanghai-2020", REVISED
    county.term.save()
    for name in ("王一", "王二"):
        stand(county, name, post="chair", state="preliminary")
    for name in ("李一", "李二", "李三"):
        stand(county, name, post="vice_chair", state="preliminary")
    notice = made(county, "preliminary_vote_method")
    posts = {one.title: one for one in facts_of(notice)["posts"]}
    assert (posts["主任"].allowed, posts["主任"].skipped) == (2, True)
    assert (posts["副主任"].allowed, posts["副主任"].skipped) == (2, False)
    text = words_on(notice)
    for rule in ("三分之二以上的组成人员到会", "不预选", "另写他人的无效", "多于规定名额的无效", "再次投票"):
        assert rule in text


@pytest.mark.parametrize(
    ("procedure", "cited"),
    [
        ("zhejiang-2020", "《浙江省村民委员会选举办法》第十八条"),
        ("beijing-2012", "《北京市村民委员会选举办法》第十六条"),
    ],
)
def test_where_the_voters_narrow_down_no_meeting_of_representatives_does(county, procedure, cited) -> None:
    """Zhejiang art. 18, Beijing art. 16: more than half of the voters, or the candidates are none."""
    county.term.procedure, county.term.notice_set = procedure, REVISED
    county.term.save()
    for code in ("preliminary_vote_method", "preliminary_vote_result"):
        text = words_on(made(county, code))
        assert cited in text
        assert "须超过登记选民的一半" in text
        assert "村民代表会议" not in text


@pytest.mark.parametrize(
    ("procedure", "due", "present", "words"),
    [
        # Zhejiang art. 18: more than half of the voters; exactly half is too few.
        ("zhejiang-2020", 200, 100, "预选无效"),
        ("zhejiang-2020", 200, 101, "预选有效"),
        # Organic Law art. 26: two thirds of the meeting; exactly two thirds is enough.
        ("national-2018", 30, 20, "会议有效"),
        ("national-2018", 30, 19, "预选无效"),
        # Not filled in yet: written in by hand.
        ("zhejiang-2020", "", "", "本次预选（有效、无效）"),
        ("national-2018", "", "", "本次会议（有效、无效）"),
    ],
)
def test_a_preliminary_vote_with_too_few_is_not_called_valid(county, procedure, due, present, words) -> None:
    county.term.procedure, county.term.notice_set = procedure, REVISED
    county.term.save()
    assert words in words_on(
        made(county, "preliminary_vote_result", details={"due": due, "present": present})
    )


# Rules on paper ------------------------------------------------------------------------------


def test_what_voids_a_ballot_comes_from_the_rulebook(county) -> None:
    """Zhejiang art. 27."""
    text = words_on(made(county, "void_ballots", details={"rules": "书写无法辨认"}))
    assert "《浙江省村民委员会选举办法》第二十七条" in text
    assert in_this_order(text, "1.所选人数多于应选名额", "2.同一人选任两个职务", "书写无法辨认")


def test_a_rulebook_silent_on_void_ballots_leaves_it_to_the_village(county) -> None:
    county.term.procedure = "national-2018"
    county.term.save()
    text = words_on(made(county, "void_ballots"))
    assert "按照本村通过的选举办法" in text
    assert "多于应选名额" not in text


def test_proxies_with_who_may_hold_them(county) -> None:
    """Zhejiang art. 25: three each, close relatives, no candidate."""
    text = words_on(made(county, "proxies"))
    for rule in ("配偶、父母、子女、兄弟姐妹", "每人接受委托不超过3人", "不得接受委托", "2026年12月17日截止"):
        assert rule in text


def test_the_paper_says_that_citations_are_unchecked(county) -> None:
    assert "所引条文序号尚未与现行法律核对" in words_on(made(county, "election_day"))
