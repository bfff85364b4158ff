"""What the office's own records must show before a step is recorded, each guard from both sides."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from ballots.actions.guards import GUARDS
from ballots.actions.steps import record_step
from ballots.models import CommitteeMember, Step
from candidates.models import Candidacy, DepartmentReply, Person, ReviewBatch, ReviewItem
from election_admin.rulebooks.eligibility_lists import load_eligibility_list
from election_admin.rulebooks.procedures import load_procedure, procedure_ids
from tests.ballots.office import (
    branch_election,
    choose_committee,
    enrol,
    follow,
    log_in,
    mark_done,
    step_of,
)
from tests.cast import ELECTION_DAY, NOW, SEATS, County
from villages.models import Election, Mode, Occasion, Seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("first_of_december")]
DAY = date(2026, 12, 1)
# One more than the seats of the cast: chair 1, vice-chair 1, women 1, members 2.
ENOUGH = {"chair": 2, "vice_chair": 2, "women": 2, "member": 3}


def ask(name: Any, election: Election, done_on: date = DAY) -> str | None:
    """What a guard answers; no guard looks at the step itself."""
    fresh = Election.objects.with_place().get(pk=election.pk)
    return GUARDS[name](fresh, Step(election=fresh), done_on)


def stand(election: Election, posts: dict[str, int], **changes) -> list[Candidacy]:
    """Let so many people stand for each post, all of them final and qualified unless said otherwise."""
    values = {"state": "final", "verdict": "qualified"} | changes
    return [
        Candidacy.objects.create(
            election=election,
            person=Person.objects.create(
                place=election.place,
                name=f"陈{post}{number}",
                sex="female" if post == "women" else "male",
                born=date(1980, 1, 1 + number),
            ),
            post=post,
            how="joint",
            nominated_on=date(2026, 11, 20),
            supporters=12,
            **values,
        )
        for post, count in posts.items()
        for number in range(count)
    ]


def answer(candidacy: Candidacy, departments) -> None:
    """Let these departments say that they have nothing on somebody."""
    for department in departments:
        DepartmentReply.objects.create(
            candidacy=candidacy, department=department, answer="no_record", replied_at=NOW
        )


def review(county: County, *candidacies: Candidacy, state: str = "signed") -> ReviewBatch:
    """A batch with these people, signed as they are judged now, or under way."""
    number = ReviewBatch.objects.count() + 1
    batch = ReviewBatch.objects.create(
        place=county.township,
        term=county.term,
        number=number,
        state=state,
        due_on=DAY,
        made_at=NOW,
        sent_at=NOW,
        signed_at=NOW if state == "signed" else None,
    )
    for one in candidacies:
        verdict = one.verdict if state == "signed" else ""
        ReviewItem.objects.create(batch=batch, candidacy=one, verdict=verdict)
    return batch


def test_every_guard_a_rulebook_may_name_is_there() -> None:
    named = {
        guard
        for procedure in map(load_procedure, procedure_ids())
        for course in procedure.all_courses().values()
        for step in course.steps.values()
        for guard in step.guards
    }

    assert named <= GUARDS.keys()


# The roll -----------------------------------------------------------------------------------


def test_no_list_without_a_roll(county) -> None:
    assert "选民名单还是空的" in ask("roll", county.election)
    enrol(county.election, voters=1)
    assert ask("roll", county.election) is None


@pytest.mark.parametrize(("born", "clear"), [(date(2008, 12, 20), True), (date(2008, 12, 21), False)])
def test_no_list_with_somebody_too_young_on_election_day(county, born, clear) -> None:
    """Art. 13: eighteen by the day of the vote, not of the registration."""
    voter = enrol(county.election, voters=1)[0]
    voter.born = born
    voter.save()

    assert (ask("roll", county.election) is None) is clear


@pytest.mark.parametrize(("occasion", "clear"), [("further", True), ("new", True), ("by_election", False)])
def test_a_vote_taken_up_again_uses_the_roll_it_had(county, occasion, clear) -> None:
    enrol(county.election)

    assert (ask("roll", follow(county.election, occasion)) is None) is clear


def test_a_further_election_without_any_roll(county) -> None:
    assert "选民名单还是空的" in ask("roll", follow(county.election, Occasion.FURTHER))


# The joint review ---------------------------------------------------------------------------


@pytest.fixture
def departments(county) -> tuple[str, ...]:
    return load_eligibility_list(county.term.eligibility_list).departments.value


def test_no_joint_review_of_nobody(county) -> None:
    assert "还没有登记候选人" in ask("joint_review", county.election)


def test_the_joint_review_waits_for_every_department(county, departments) -> None:
    """Nobody is cleared by silence."""
    first, second = stand(county.election, {"chair": 2})
    review(county, first, second, state="sent")
    answer(first, departments)
    answer(second, departments[1:])
    assert "还有1名候选人的联审答复不齐" in ask("joint_review", county.election)

    answer(second, departments[:1])
    assert "还有2名候选人的联审结果没有签署" in ask("joint_review", county.election)


def test_the_joint_review_is_done_when_the_county_has_signed(county, departments) -> None:
    first, second = stand(county.election, {"chair": 2})
    for one in (first, second):
        answer(one, departments)
    review(county, first)
    assert "还有1名候选人没有上报县级联审" in ask("joint_review", county.election)

    review(county, second)
    assert ask("joint_review", county.election) is None


def test_somebody_nominated_later_is_not_covered(county, departments) -> None:
    """What was signed of the others says nothing of whoever comes after."""
    first = stand(county.election, {"chair": 1})[0]
    answer(first, departments)
    review(county, first)
    assert ask("joint_review", county.election) is None

    stand(county.election, {"member": 1})

    assert "还有1名候选人没有上报县级联审" in ask("joint_review", county.election)


def test_the_joint_review_waits_for_the_judgement(county, departments) -> None:
    candidacy = stand(county.election, {"chair": 1}, verdict="not_established")[0]
    answer(candidacy, departments)
    review(county, candidacy, state="sent")
    assert "还有1名候选人的资格尚未查清" in ask("joint_review", county.election)


def test_what_was_signed_is_what_holds(county, departments) -> None:
    """A verdict that changed after the signing is not the one the county stands for."""
    candidacy = stand(county.election, {"chair": 1})[0]
    answer(candidacy, departments)
    review(county, candidacy)
    assert ask("joint_review", county.election) is None

    Candidacy.objects.update(verdict="disqualified")

    assert "签署以后结论有变" in ask("joint_review", county.election)


def test_nobody_frozen_is_reviewed(county, departments) -> None:
    candidacy = stand(county.election, {"chair": 1})[0]
    answer(candidacy, departments)
    review(county, candidacy)
    Candidacy.objects.update(frozen_at=NOW)

    assert "有1名候选人的资格冻结" in ask("joint_review", county.election)


# Ballots --------------------------------------------------------------------------------------


def test_no_ballot_with_somebody_frozen(county) -> None:
    """A name that may have to come off again is not printed; the sentence names nobody."""
    candidacy = stand(county.election, {"chair": 2})[0]
    assert ask("nobody_frozen", county.election) is None
    Candidacy.objects.filter(pk=candidacy.pk).update(frozen_at=NOW)

    said = ask("nobody_frozen", county.election)

    assert "有1名候选人的资格冻结" in said
    assert candidacy.person.name not in said


def test_no_ballot_with_somebody_who_is_qualified_no_longer(county) -> None:
    """Domain §6: elected all the same, that election would be void."""
    stand(county.election, {"chair": 2})
    stand(county.election, {"chair": 1}, verdict="disqualified")

    assert "正式候选人中有1人现在不是“符合资格”" in ask("nobody_frozen", county.election)


@pytest.mark.parametrize("state", ["declined", "struck_off"])
def test_who_has_left_holds_up_no_ballot(county, state) -> None:
    stand(county.election, {"chair": 1}, state=state, frozen_at=NOW, verdict="disqualified")

    assert ask("nobody_frozen", county.election) is None


def test_a_further_election_looks_at_the_candidates_of_the_vote_before(county) -> None:
    stand(county.election, {"chair": 1}, frozen_at=NOW)

    assert ask("nobody_frozen", follow(county.election, Occasion.FURTHER)) is not None
    assert ask("nobody_frozen", follow(county.election, Occasion.BY_ELECTION)) is None


@pytest.mark.parametrize("procedure", procedure_ids())
def test_every_course_that_prints_candidates_names_asks_for_it(procedure) -> None:
    """A recall's ballot names the member in question, who is no candidate."""
    for code, course in load_procedure(procedure).all_courses().items():
        step = course.steps.get("ballots_printed")
        if step is not None:
            assert ("nobody_frozen" in step.guards) is (code != "recall"), code


def test_the_joint_review_names_nobody(county) -> None:
    """The committee may read the sentence; what is being asked about whom is not for them."""
    candidacy = stand(county.election, {"chair": 1}, verdict="not_established")[0]

    assert candidacy.person.name not in ask("joint_review", county.election)


@pytest.mark.parametrize("state", ["declined", "struck_off"])
def test_who_no_longer_stands_holds_up_no_review(county, departments, state) -> None:
    candidacy = stand(county.election, {"chair": 1})[0]
    answer(candidacy, departments)
    review(county, candidacy)
    stand(county.election, {"member": 1}, state=state, verdict="not_established")

    assert ask("joint_review", county.election) is None


# The final list -----------------------------------------------------------------------------


def test_a_final_list_of_qualified_candidates_with_one_more_than_seats(county) -> None:
    assert "还没有登记候选人" in ask("final_list", county.election)
    stand(county.election, ENOUGH)
    assert ask("final_list", county.election) is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"state": "in_review"}, "还有1名候选人没有确定为正式候选人"),
        ({"verdict": "not_established"}, "有1名候选人没有认定为符合资格"),
        ({"verdict": "disqualified"}, "有1名候选人没有认定为符合资格"),
    ],
)
def test_a_final_list_holds_only_who_is_final_and_qualified(county, changes, sentence) -> None:
    stand(county.election, ENOUGH)
    stand(county.election, {"member": 1}, **changes)

    assert sentence in ask("final_list", county.election)


@pytest.mark.parametrize("post", ["chair", "vice_chair", "women", "member"])
def test_more_candidates_than_seats_for_every_post(county, post) -> None:
    """Art. 15, the women's seat among them: as many as seats is no choice."""
    stand(county.election, ENOUGH | {post: SEATS[post]})

    assert "差额不够" in ask("final_list", county.election)


def test_a_post_nobody_stands_for(county) -> None:
    stand(county.election, {post: count for post, count in ENOUGH.items() if post != "women"})

    assert "妇女委员应选1人，正式候选人0人，差额不够：至少应有2人" in ask("final_list", county.election)


@pytest.mark.parametrize(
    ("procedure", "chairs", "members", "clear"),
    [
        # Shanghai art. 12: chair and vice-chair one more, members one to three more.
        ("shanghai-2020", 2, 3, True),
        ("shanghai-2020", 2, 5, True),
        ("shanghai-2020", 2, 6, False),
        ("shanghai-2020", 3, 3, False),
        # Beijing art. 16: one or two more for each post.
        ("beijing-2012", 3, 4, True),
        ("beijing-2012", 3, 5, False),
        # Zhejiang only asks for more than seats.
        ("zhejiang-2020", 5, 9, True),
    ],
)
def test_not_more_than_the_province_allows(county, procedure, chairs, members, clear) -> None:
    county.term.procedure = procedure
    county.term.save()
    stand(county.election, ENOUGH | {"chair": chairs, "member": members})

    found = ask("final_list", county.election)

    assert (found is None) is clear
    if not clear:
        assert "超过法定差额" in found


@pytest.mark.parametrize("procedure", ["zhejiang-2020", "shanghai-2020"])
@pytest.mark.parametrize("members", [1, 2, 12])
def test_self_nominees_are_as_many_as_come_forward(county, procedure, members) -> None:
    """Nobody is kept from standing, and too few stop nothing.

    Candidates have a surplus, self-nominees none: voters may write in others (Zhejiang arts. 20
    and 21). To demand more after D-10 would be to demand what the law no longer lets anybody do.
    """
    county.term.procedure = procedure
    county.term.save()
    Election.objects.filter(pk=county.election.pk).update(mode=Mode.SELF_NOMINATED)
    stand(county.election, ENOUGH | {"member": members})

    assert ask("final_list", county.election) is None


def test_no_man_on_the_womens_seat(county) -> None:
    candidates = stand(county.election, ENOUGH)
    assert ask("final_list", county.election) is None
    Person.objects.filter(candidacies__in=candidates, name="陈women0").update(sex="male")

    assert "妇女委员的候选人中有1名男性" in ask("final_list", county.election)


def test_no_candidate_for_a_post_since_given_up(county) -> None:
    stand(county.election, ENOUGH)
    county.election.seats.filter(post="vice_chair").delete()

    assert "有2名候选人竞选的职务不在本次名额之内" in ask("final_list", county.election)


@pytest.mark.parametrize(
    ("mode", "posts", "clear"),
    [
        # Party rules art. 13: a fifth more, part of a person counting as one. Five seats: six; six: eight.
        (Mode.TWO_RECOMMENDATIONS, {"member": 5}, False),
        (Mode.TWO_RECOMMENDATIONS, {"member": 6}, True),
        (Mode.TWO_RECOMMENDATIONS, {"secretary": 2, "member": 4}, True),
        (Mode.OPEN_RECOMMENDATION, {"secretary": 1, "member": 5}, False),
        (Mode.OPEN_RECOMMENDATION, {"secretary": 2, "member": 4}, False),
        (Mode.OPEN_RECOMMENDATION, {"secretary": 2, "member": 5}, True),
    ],
)
def test_a_party_branchs_candidates_are_a_fifth_more(county, mode, posts, clear) -> None:
    election = branch_election(county)
    Election.objects.filter(pk=election.pk).update(mode=mode)
    Seat.objects.create(election=election, post="secretary", seats=1, rank=1)
    Seat.objects.create(election=election, post="member", seats=4, rank=3)
    if mode == Mode.TWO_RECOMMENDATIONS and "secretary" not in posts:
        # Members elect the whole committee, without saying who will be its secretary.
        election.seats.filter(post="secretary").delete()
        election.seats.filter(post="member").update(seats=5)
    stand(election, posts)

    assert (ask("final_list", election) is None) is clear


# The election committee ---------------------------------------------------------------------


@pytest.mark.parametrize(("serving", "clear"), [(4, False), (5, True), (9, True), (10, False)])
def test_the_committee_has_as_many_members_as_the_law_wants(county, serving, clear) -> None:
    """Zhejiang art. 8: five to nine."""
    assert "还没有登记推选结果" in ask("election_committee", county.election)
    choose_committee(county.election, county.committee_member, serving=serving)

    found = ask("election_committee", county.election)

    assert (found is None) is clear
    if not clear:
        assert f"现有{serving}人，应为5至9人（《浙江省村民委员会选举办法》第八条）" in found


def test_where_the_law_sets_no_size_it_is_enough_that_there_is_a_committee(county) -> None:
    county.term.procedure = "national-2018"
    county.term.save()
    assert ask("election_committee", county.election) is not None
    choose_committee(county.election, county.committee_member, serving=3)
    assert ask("election_committee", county.election) is None


def test_a_nominated_member_leaves_first(county) -> None:
    """Art. 12: the sentence names who has to leave, and the article."""
    members = choose_committee(county.election, county.committee_member)
    candidacy = stand(county.election, {"chair": 1})[0]
    assert ask("nobody_has_to_leave", county.election) is None

    Person.objects.filter(pk=candidacy.person_id).update(name=members[0].name)
    found = ask("nobody_has_to_leave", county.election)
    assert members[0].name in found
    assert "条" in found

    CommitteeMember.objects.filter(pk=members[0].pk).update(
        state="left", left_on=DAY, left_because="candidate"
    )
    assert ask("nobody_has_to_leave", county.election) is None


# The Party branch first ---------------------------------------------------------------------


def test_the_village_votes_after_its_party_branch(county) -> None:
    assert ask("party_branch_first", county.election) is None

    branch = branch_election(county)
    result = Step.objects.create(election=branch, code="result_announced", stage="vote", position=1)
    assert "应先换届村党组织" in ask("party_branch_first", county.election)

    result.done_on, result.recorded_at = DAY, NOW
    result.save()
    assert ask("party_branch_first", county.election) is None
    assert "晚于所填日期" in ask("party_branch_first", county.election, date(2026, 11, 30))


def test_a_party_branch_waits_for_nobody(county) -> None:
    branch = branch_election(county)
    Step.objects.create(election=branch, code="result_announced", stage="vote", position=1)

    assert ask("party_branch_first", branch) is None


# At the act and on the page -----------------------------------------------------------------


def everything_before(county: County, code: str) -> None:
    """All steps before this one are done, on lawful days, without their guards being asked."""
    position = step_of(county.election, code).position
    earlier = county.election.steps.filter(position__lt=position)
    mark_done(county.election, {step.code: date(2026, 11, 28) for step in earlier}, county.township_official)


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("election_committee_chosen", "还没有登记推选结果"),
        ("voter_list_published", "选民名单还是空的"),
        ("voter_list_final", "选民名单还是空的"),
        ("joint_review_done", "还没有登记候选人"),
        ("final_list_published", "还没有登记候选人"),
    ],
)
def test_the_act_refuses_and_the_page_says_the_same(client, county, code, sentence) -> None:
    everything_before(county, code)

    with pytest.raises(ValidationError, match=sentence):
        record_step(
            step=step_of(county.election, code),
            done_on=DAY,
            remark="",
            actor=county.township_official,
            at=NOW,
        )
    page = log_in(client, county.township_official).get(f"/elections/{county.election.pk}/").content.decode()
    assert sentence in page
    assert step_of(county.election, code).done_on is None


def test_the_act_passes_once_nothing_is_missing(county, departments) -> None:
    everything_before(county, "joint_review_done")
    candidacies = stand(county.election, ENOUGH)
    for candidacy in candidacies:
        answer(candidacy, departments)
    review(county, *candidacies)

    for code in ("joint_review_done", "final_list_published"):
        record_step(
            step=step_of(county.election, code),
            done_on=DAY,
            remark="",
            actor=county.township_official,
            at=NOW,
        )

    assert step_of(county.election, "final_list_published").done_on == DAY


def test_no_final_list_before_the_joint_review_is_recorded(county) -> None:
    everything_before(county, "final_list_published")
    county.election.steps.filter(code="joint_review_done").update(done_on=None)
    stand(county.election, ENOUGH)

    with pytest.raises(ValidationError, match="请先办理并登记“县级联审”"):
        record_step(
            step=step_of(county.election, "final_list_published"),
            done_on=DAY,
            remark="",
            actor=county.committee_member,
            at=NOW,
        )


def test_the_vote_waits_for_the_party_branch(county) -> None:
    everything_before(county, "vote_held")
    mark_done(
        county.election,
        dict.fromkeys(("boxes_sealed", "secret_place_ready"), ELECTION_DAY),
        county.township_official,
    )
    branch = branch_election(county)
    Step.objects.create(election=branch, code="result_announced", stage="vote", position=1)
    act = {
        "step": step_of(county.election, "vote_held"),
        "done_on": ELECTION_DAY,
        "remark": "",
        "actor": county.committee_member,
        "at": NOW.replace(day=21),
    }
    with pytest.raises(ValidationError, match="应先换届村党组织"):
        record_step(**act)

    mark_done(branch, {"result_announced": date(2026, 12, 10)}, county.township_official)
    assert record_step(**act).done_on == ELECTION_DAY


def test_a_committee_is_not_shown_how_the_townships_steps_stand(client, county) -> None:
    """Whose answers are missing is the township's to see; the committee learns whose step it is."""
    everything_before(county, "joint_review_done")
    stand(county.election, {"chair": 2}, verdict="not_established")

    page = log_in(client, county.committee_member).get(f"/elections/{county.election.pk}/").content.decode()

    assert "联审答复不齐" not in page
    assert "这一步由乡镇登记。" in page
