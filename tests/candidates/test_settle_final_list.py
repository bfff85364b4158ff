"""Settling the final list: what must be done before, who is on it, who moves up, and what is kept."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates.actions import batches, people
from candidates.final_lists import posts_of, proposal_of
from candidates.models import Candidacy, Decision, FinalList, Flag
from candidates.signals import final_list_settled
from election_admin.journal.models import Entry
from election_admin.journal.record import verify
from tests.ballots.office import branch_election
from tests.candidates.listing import ENOUGH, enter_votes, go_by, settle, stand, state_of
from tests.candidates.review import answer_all, make_batch, reviewed, send
from tests.cast import NOW, TODAY
from villages.models import Election, Mode, Seat

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


def url(county, name="final_list") -> str:
    return reverse(f"candidates:{name}", args=[county.election.pk])


def refusal(county, **changes) -> str:
    with pytest.raises(ValidationError) as refused:
        settle(county, **changes)
    return " ".join(refused.value.messages)


def decline(county, candidacy) -> None:
    people.change_state(
        candidacy=candidacy,
        state="declined",
        reason="本人书面声明",
        declined_on=TODAY,
        actor=county.township_official,
        at=NOW,
    )


@pytest.fixture
def ready(county) -> list[Candidacy]:
    """One more than seats for every post, all of them reviewed and signed as qualified."""
    rows = stand(county)
    reviewed(county, *rows)
    return rows


@pytest.fixture
def shanghai(county) -> list[Candidacy]:
    """Shanghai: one more than the chair's seat. Four stand for it, and have votes."""
    go_by(county, "shanghai-2020")
    rows = stand(county, ENOUGH | {"chair": 4})
    reviewed(county, *rows)
    enter_votes(county, dict(zip(rows, (50, 90, 70, 20), strict=False)))
    return rows


# --- settled -------------------------------------------------------------------------
def test_settle_final_list(county, ready):
    heard = []

    def hear(sender, **kwargs):
        heard.append((sender, kwargs["election"], kwargs["actor"]))

    final_list_settled.connect(hear)
    try:
        settled = settle(county)
    finally:
        final_list_settled.disconnect(hear)

    assert {state_of(one) for one in ready} == {"final"}
    assert (settled.number, settled.settled_by, settled.settled_at) == (1, county.township_official, NOW)
    assert heard == [(Election, county.election, county.township_official)]
    assert Entry.objects.filter(verb="candidates.settle_final_list").count() == 1
    for one in ready:
        decision = Decision.objects.get(candidacy=one)
        assert (decision.was, decision.state) == ("in_review", "final")
        assert decision.assessment == one.assessments.get(current=True)
    assert not list(verify())


def test_what_is_kept_shows_the_list_as_it_was(official, county, ready):
    settle(county)
    people_of = {one["id"]: one["name"] for one in settle_snapshot(county)["case"]["people"]}
    assert people_of == {one.pk: one.person.name for one in ready}

    ready[0].person.name = "改名以后"
    ready[0].person.save()
    page = text(official.get(url(county)))
    assert "已确定的名单" in page
    assert people_of[ready[0].pk] in page[page.index("已确定的名单") :]


def settle_snapshot(county):
    return FinalList.objects.filter(election=county.election).first().snapshot


def test_the_list_is_encrypted_and_names_nobody_in_the_journal(county, ready):
    settle(county)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM candidates_finallist")
        stored = str(cursor.fetchall())
    written = "".join(f"{one.before}{one.after}{one.reason}" for one in Entry.objects.all())
    for one in ready:
        assert one.person.name not in stored
        assert one.person.name not in written


# --- what holds it up -----------------------------------------------------------------
def test_nobody_who_was_not_reviewed(county):
    """Whoever is not signed as qualified is no final candidate, whatever else is known of them."""
    rows = stand(county)
    assert "联审结果认定为符合资格的有9人" in refusal(county)

    batch = send(county, *rows)
    answer_all(county, *rows)
    assert "联审结果认定为符合资格的有9人" in refusal(county)

    batches.sign_off(batch=batch, opinion="", actor=county.county_reviewer, at=NOW)
    assert settle(county).number == 1


def test_who_went_out_and_came_back_is_reviewed_anew(county, ready):
    decline(county, ready[0])
    people.change_state(
        candidacy=ready[0], state="preliminary", reason="登记有误", actor=county.township_official, at=NOW
    )

    assert f"认定为符合资格的有1人：{ready[0].person.name}" in refusal(county)

    reviewed(county, ready[0])
    assert settle(county).number == 1


def test_a_batch_that_is_not_signed_yet_counts_for_nothing(county, ready):
    """A second review is under way: what was signed before no longer decides."""
    Candidacy.objects.filter(pk=ready[0].pk).update(state="preliminary")
    make_batch(county, ready[0])
    Candidacy.objects.filter(pk=ready[0].pk).update(state="in_review")

    assert "认定为符合资格的有1人" in refusal(county)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"verdict": "disqualified"}, "不符合资格、仍在候选人之列的有1人"),
        ({"verdict": "not_established"}, "资格尚未查清的有1人"),
        ({"post": "mayor"}, "竞选的职务不在本次名额之内的有1人"),
    ],
)
def test_what_keeps_somebody_off(county, ready, changes, sentence):
    Candidacy.objects.filter(pk=ready[-1].pk).update(**changes)

    found = refusal(county)

    assert sentence in found
    assert ready[-1].person.name in found
    assert {state_of(one) for one in ready} == {"in_review"}


def test_no_man_on_the_womens_seat(county, ready):
    woman = next(one for one in ready if one.post == "women")
    woman.person.sex = "male"
    woman.person.save()

    assert "竞选妇女名额而性别不是女的有1人" in refusal(county)


def test_nobody_frozen(county, ready):
    Flag.objects.create(candidacy=ready[0], kind="late_reply", opened_at=NOW)

    assert f"候选资格已冻结的有1人：{ready[0].person.name}" in refusal(county)


def test_nobody_who_has_not_chosen(county, ready):
    ready[0].nominations.create(post="member", how="party", nominated_on=TODAY, recorded_at=NOW)

    assert f"还没有选定其中一个的有1人：{ready[0].person.name}" in refusal(county)


def test_who_never_chose_is_left_out_once_the_last_day_is_over(county):
    """One person, one post: whoever has said nothing by then stands for none, and holds nobody up."""
    rows = stand(county, ENOUGH | {"chair": 3})
    reviewed(county, *rows)
    rows[0].nominations.create(post="member", how="party", nominated_on=TODAY, recorded_at=NOW)

    assert "还没有选定" in refusal(county, at=NOW.replace(day=15))
    settle(county, at=NOW.replace(day=16))

    assert state_of(rows[0]) == "not_listed"
    assert "还没有选定其中一个" in Decision.objects.get(candidacy=rows[0]).reason


def test_more_candidates_than_seats(county, ready):
    """Art. 15."""
    decline(county, next(one for one in ready if one.post == "chair"))

    found = refusal(county)

    assert "主任应选1人，可以列入的1人，差额不够：候选人应多于应选名额" in found
    assert "至少2人（《中华人民共和国村民委员会组织法》第十五条），请补充提名" in found


def test_nobody_at_all(county):
    assert "没有可以列入名单的人" in refusal(county)


def test_not_after_the_vote(county, ready):
    Election.objects.filter(pk=county.election.pk).update(stage="after")

    assert "已经投票" in refusal(county)


@pytest.mark.parametrize("who", ["county_reviewer", "court", "committee_member", "administrator"])
def test_only_the_township_confirms(county, ready, who):
    with pytest.raises(PermissionDenied):
        settle(county, actor=getattr(county, who))


# --- more than the law allows -----------------------------------------------------------
def test_those_with_the_most_votes(county, shanghai):
    """Shanghai art. 12: one more than seats, by votes received."""
    settle(county)

    assert [state_of(one) for one in shanghai[:4]] == ["not_listed", "final", "final", "not_listed"]
    reason = Decision.objects.get(candidacy=shanghai[0]).reason
    assert "得50票，少于列入名单的人" in reason
    assert "候选人最多2人（《" in reason
    assert "第十二条" in reason


def test_who_declines_makes_room_for_the_next_by_votes(county, shanghai):
    settle(county)
    decline(county, shanghai[1])

    second = settle(county)

    assert [state_of(one) for one in shanghai[:4]] == ["final", "declined", "final", "not_listed"]
    assert second.number == 2
    assert second.snapshot["answer"]["posts"][0]["listed"] == [shanghai[2].pk, shanghai[0].pk]


def test_a_tie_at_the_line_is_voted_on_again(county, shanghai):
    """Art. 11: nobody picks between equal votes; all of them are named."""
    enter_votes(county, {shanghai[0]: 70}, reason="复核计票单")

    found = refusal(county)

    assert "得票相同，余下的名额只有1个" in found
    assert f"{shanghai[0].person.name}、{shanghai[2].person.name}" in found or (
        f"{shanghai[2].person.name}、{shanghai[0].person.name}" in found
    )
    assert "再次预选" in found
    assert {state_of(one) for one in shanghai} == {"in_review"}


def test_no_list_without_the_votes_it_takes(county, shanghai):
    enter_votes(county, {shanghai[3]: None}, reason="录入错误")

    found = refusal(county)

    assert "请先组织预选，录入每个人的得票" in found
    assert shanghai[3].person.name in found


def test_who_was_passed_over_by_votes_holds_nobody_up(county, shanghai):
    """A finding about somebody who would not be on the list in any case does not stop it."""
    settle(county)
    Flag.objects.create(candidacy=shanghai[3], kind="late_finding", opened_at=NOW)
    decline(county, shanghai[1])
    settle(county)
    assert state_of(shanghai[3]) == "not_listed"

    # Now they would move up: nobody is passed over because nothing was decided about them.
    decline(county, shanghai[2])
    assert shanghai[3].person.name in refusal(county)


def test_nothing_to_settle_anew(county, ready):
    settle(county)

    assert "名单没有变化" in refusal(county)


def test_self_nominees_are_all_on_the_list(county):
    """Zhejiang art. 20: by the strokes of the surname; arts. 20 and 21: no surplus is asked for."""
    Election.objects.filter(pk=county.election.pk).update(mode=Mode.SELF_NOMINATED)
    county.election = Election.objects.get(pk=county.election.pk)
    rows = stand(county, {"chair": 4, "women": 1}, how="self", supporters=None)
    for row, name in zip(rows, ("魏一", "丁一", "欧阳一", "王一", "赵一"), strict=True):
        row.person.name = name
        row.person.save()
    reviewed(county, *rows)

    answer = settle(county).snapshot["answer"]["posts"]

    names = {row.pk: row.person.name for row in rows}
    assert [names[pk] for pk in answer[0]["listed"]] == ["丁一", "王一", "欧阳一", "魏一"]
    assert {state_of(one) for one in rows} == {"final"}


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (Mode.TWO_RECOMMENDATIONS, [("all", 6, 8)]),
        (Mode.OPEN_RECOMMENDATION, [("secretary", 1, 2), ("member", 5, 6)]),
    ],
)
def test_a_party_branchs_posts(county, mode, expected):
    """Party rules art. 13: a fifth more than seats, over the whole committee where it is elected at once."""
    election = branch_election(county)
    Election.objects.filter(pk=election.pk).update(mode=mode)
    Seat.objects.create(election=election, post="secretary", seats=1, rank=1)
    Seat.objects.create(election=election, post="member", seats=5, rank=3)

    found = posts_of(Election.objects.get(pk=election.pk))

    assert [(post.code, post.seats, post.fewest) for post in found] == expected


@pytest.mark.parametrize(
    ("procedure", "expected"),
    [
        ("national-2018", [(2, None), (2, None), (2, None), (3, None)]),
        ("zhejiang-2020", [(2, None), (2, None), (2, None), (3, None)]),
        # Beijing art. 16: one or two more; Shanghai art. 12: one more, members one to three.
        ("beijing-2012", [(2, 3), (2, 3), (2, 3), (3, 4)]),
        ("shanghai-2020", [(2, 2), (2, 2), (2, 4), (3, 5)]),
    ],
)
def test_how_many_the_law_takes(county, procedure, expected):
    go_by(county, procedure)

    assert [(post.fewest, post.limit) for post in posts_of(county.election)] == expected


# --- the page ---------------------------------------------------------------------------
def test_the_page_proposes_explains_and_confirms(official, county, shanghai):
    page = text(official.get(url(county)))
    assert "依法排出的名单" in page
    assert "任何人不得指定、委派、撤换或者调整次序（组织法第11条）" in page
    assert "得票较少，不列入" in page
    first, second = shanghai[1].person.name, shanghai[2].person.name
    assert page.index(first) < page.index(second) < page.index(shanghai[0].person.name)
    assert "确定正式候选人名单</button>" in page

    response = official.post(url(county, "settle_final_list"), {"shown": mark(county)})

    assert response.url == url(county)
    page = text(official.get(url(county)))
    assert "现行名单" in page
    assert "第1次：张三于2026-12-01 09:00确定" in page
    assert "</button>" not in page[page.index("现行名单") :]


def mark(county) -> str:
    return proposal_of(county.election, on=TODAY).mark


def test_what_is_confirmed_is_what_was_shown(official, county, shanghai):
    shown = mark(county)
    decline(county, shanghai[1])

    page = text(official.post(url(county, "settle_final_list"), {"shown": shown}))

    assert "名单已按新的情况重新排出" in page
    assert not FinalList.objects.exists()


def test_the_page_says_what_is_missing(official, county):
    rows = stand(county, {"chair": 1})

    for page in (text(official.get(url(county))), text(official.post(url(county, "settle_final_list")))):
        assert "还没有经县里签署的联审结果认定为符合资格的有1人" in page
        assert rows[0].person.name in page
        assert "妇女委员应选1人" in page or "没有可以列入名单的人" in page
        assert "确定正式候选人名单</button>" not in page


def test_there_is_no_field_by_which_anybody_picks(official, county, shanghai):
    """Art. 11: the only thing that is sent is the mark of what was shown."""
    page = text(official.get(url(county)))
    form = page[page.index('action="' + url(county, "settle_final_list")) :].split("</form>")[0]

    assert form.count("<input") == 2
    assert "<select" not in form
    official.post(
        url(county, "settle_final_list"),
        {"shown": mark(county), "listed": [shanghai[3].pk], "state": "final", "order": "reverse"},
    )
    assert state_of(shanghai[3]) == "not_listed"


def test_the_county_reads_and_does_not_confirm(client, county, ready):
    client.force_login(county.county_reviewer)

    page = text(client.get(url(county)))
    assert "依法排出的名单" in page
    assert "确定正式候选人名单</button>" not in page


def test_queries_do_not_grow(official, county):
    def queries(count):
        rows = stand(county, {"member": count - Candidacy.objects.count()})
        reviewed(county, *rows)
        with CaptureQueriesContext(connection) as captured:
            official.get(url(county))
        return len(captured)

    assert queries(2) == queries(6)


@pytest.mark.parametrize(("name", "verb"), [("final_list", "get"), ("settle_final_list", "post")])
class TestAccess:
    def test_anonymous(self, client, county, name, verb):
        response = getattr(client, verb)(url(county, name))

        assert response.url.startswith(reverse("accounts:log_in"))

    def test_outsider(self, client, county, neighbour, name, verb):
        for user in (county.other_township_official, neighbour.township_official):
            client.force_login(user)
            assert getattr(client, verb)(url(county, name)).status_code == 404

    @pytest.mark.parametrize("who", ["court", "committee_member", "administrator"])
    def test_other_roles(self, client, county, name, verb, who):
        client.force_login(getattr(county, who))

        assert getattr(client, verb)(url(county, name)).status_code == 403

    def test_bad_id(self, official, name, verb):
        assert getattr(official, verb)(reverse(f"candidates:{name}", args=[999999])).status_code == 404

    def test_wrong_verb(self, official, county, name, verb):
        wrong = "get" if verb == "post" else "post"
        assert getattr(official, wrong)(url(county, name)).status_code == 405


def test_an_election_without_a_day(county):
    Election.objects.filter(pk=county.election.pk).update(election_day=None)

    assert "还没有确定选举日" in refusal(county)


def test_a_past_term(county, ready):
    county.term.current = False
    county.term.save()

    assert "往届的选举" in refusal(county)
