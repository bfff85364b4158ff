"""The courses of a rulebook: what each kind of election consists of, in what order, under whom."""

from itertools import pairwise

import pytest

from election_admin.rulebooks.procedures import load_procedure, procedure_ids

ALL = procedure_ids()
STAGES = ("prepare", "committee", "register", "nominate", "get_ready", "vote", "after")
BOTH = ("nominated", "self_nominated")
COURSES = {
    "two_recommendations": ("party_branch", "general", ("two_recommendations",)),
    "open_recommendation": ("party_branch", "general", ("open_recommendation",)),
    "further_election": ("villagers_committee", "further", BOTH),
    "new_election": ("villagers_committee", "new", BOTH),
    "recall": ("villagers_committee", "recall", BOTH),
    "by_election": ("villagers_committee", "by_election", BOTH),
}
# How long after what it comes from a vote may be held: Zhejiang art. 29 and 35, Beijing art. 30
# and 33, Shanghai art. 21 and 27. The national law sets no days.
LIMITS = {
    ("zhejiang-2020", "further_election"): ("occasion_day", 30),
    ("beijing-2012", "further_election"): ("occasion_day", 15),
    ("shanghai-2020", "further_election"): ("occasion_day", 30),
    ("zhejiang-2020", "recall"): ("occasion_day", 30),
    ("beijing-2012", "recall"): ("occasion_day", 30),
    ("shanghai-2020", "recall"): ("occasion_day", 30),
}


@pytest.mark.parametrize("rulebook", ALL)
def test_has_every_course(rulebook):
    """The villagers' committee in two modes, the Party branch in two, and what comes between."""
    courses = load_procedure(rulebook).all_courses()
    assert list(courses) == ["general", *COURSES]
    for name, kind in COURSES.items():
        body, occasion, modes = kind
        assert (courses[name].body, courses[name].occasion, courses[name].modes) == kind
        for mode in modes:
            assert load_procedure(rulebook).course(body, occasion, mode) is courses[name]


def steps_of(name, rulebook="national-2018"):
    return load_procedure(rulebook).all_courses()[name].steps


@pytest.mark.parametrize("name", ["general", *COURSES])
@pytest.mark.parametrize("rulebook", ALL)
class TestEveryCourse:
    def test_has_its_stages_in_the_order_of_its_steps(self, rulebook, name):
        course = load_procedure(rulebook).all_courses()[name]
        stages = [step.stage for step in course.steps.values()]
        assert list(dict.fromkeys(stages)) == list(course.stages)
        assert all(one <= other for one, other in pairwise(map(STAGES.index, course.stages)))

    def test_puts_every_step_after_those_it_depends_on(self, rulebook, name):
        order = list(steps_of(name, rulebook))
        for code, step in steps_of(name, rulebook).items():
            assert all(order.index(other) < order.index(code) for other in step.depends_on)

    def test_has_no_two_checks_alike_in_a_step(self, rulebook, name):
        for step in steps_of(name, rulebook).values():
            assert len({check.zh for check in step.checks}) == len(step.checks)

    def test_has_a_vote_on_its_day_with_the_township_there(self, rulebook, name):
        vote = steps_of(name, rulebook)["vote_held"]
        assert vote.staffed
        assert (vote.earliest.from_, vote.earliest.days) == ("election_day", 0)
        limit = LIMITS.get((rulebook, name), ("election_day", 0))
        assert (vote.latest.from_, vote.latest.days) == limit

    def test_counts_from_its_occasion_first(self, rulebook, name):
        """Nothing of an election in between can have been done before what it comes from."""
        first = next(iter(steps_of(name, rulebook).values()))
        if load_procedure(rulebook).all_courses()[name].occasion != "general":
            assert (first.earliest.from_, first.earliest.days) == ("occasion_day", 0)

    def test_is_reviewed_by_the_departments_before_its_list_is_final(self, rulebook, name):
        """Nobody is cleared by silence: a list of new candidates comes after the joint review."""
        steps = steps_of(name, rulebook)
        if name in {"further_election", "recall"}:
            assert "joint_review_done" not in steps
            return
        assert steps["joint_review_done"].guards == ("joint_review",)
        assert steps["joint_review_done"].recorded_by == ("township",)
        assert "final_list" in steps["final_list_published"].guards
        assert "joint_review_done" in before("final_list_published", steps)

    def test_asks_the_village_for_no_plan_outside_its_general_election(self, rulebook, name):
        """The plan tells how the village is rated, and the audit of art. 35 belongs to a whole term."""
        here = {"plan_approved", "audit_published"} & set(steps_of(name, rulebook))
        assert bool(here) == (name == "general")


def before(code, steps):
    """Everything a step stands on."""
    found = set()
    waiting = [code]
    while waiting:
        new = set(steps[waiting.pop()].depends_on) - found
        found |= new
        waiting += new
    return found


@pytest.mark.parametrize(
    ("name", "order"),
    [
        (
            "two_recommendations",
            "request_approved conditions_announced members_recommended recommendations_published "
            "township_check_done joint_review_done candidates_approved final_list_published "
            "vote_held count_done result_announced secretary_elected result_filed "
            "secretary_approved handover_done archive_closed",
        ),
        (
            "open_recommendation",
            "request_approved conditions_announced registration_closed township_check_done "
            "joint_review_done recommendation_meeting_held candidates_approved final_list_published "
            "candidates_introduced vote_held count_done result_announced result_filed "
            "secretary_approved handover_done archive_closed",
        ),
        (
            "further_election",
            "seats_left_announced final_list_published ballots_printed boxes_sealed vote_held "
            "boxes_opened_publicly count_done result_announced result_filed archive_closed",
        ),
        (
            "new_election",
            "invalidity_announced new_election_decided election_day_announced final_list_published "
            "ballots_printed boxes_sealed vote_held count_done result_announced handover_done",
        ),
        (
            "recall",
            "demand_received demand_checked member_heard vote_held count_done result_announced "
            "result_filed archive_closed",
        ),
        (
            "by_election",
            "vacancy_announced filling_decided nomination_notice nominations_done township_check_done "
            "joint_review_done final_list_published candidates_met_villagers vote_held count_done "
            "result_announced handover_done archive_closed",
        ),
    ],
)
def test_the_steps_of_a_course_wait_for_each_other(name, order):
    for one, other in pairwise(order.split()):
        assert one in before(other, steps_of(name)), other


def test_both_recommendations_come_before_the_outcome_is_published():
    """Two recommendations 两推: by members and by villagers."""
    needed = steps_of("two_recommendations")["recommendations_published"].depends_on
    assert needed == ("members_recommended", "villagers_recommended")


def test_the_secretary_is_elected_by_the_committee_or_directly():
    """The two procedures of the Party branch part there."""
    assert "secretary_elected" in steps_of("two_recommendations")
    assert "secretary_elected" not in steps_of("open_recommendation")
    assert "书记" in steps_of("open_recommendation")["vote_held"].title.zh


@pytest.mark.parametrize("name", ["two_recommendations", "open_recommendation"])
def test_no_party_member_votes_by_proxy(name):
    """Regulations on Elections of Primary Party Organisations, art. 24."""
    steps = steps_of(name)
    assert not {"proxies_closed", "proxies_published"} & set(steps)
    assert any("不得委托" in check.zh for check in steps["meeting_called"].checks)
    assert any("缺席" in check.zh for check in steps["vote_held"].checks)


@pytest.mark.parametrize("name", ["two_recommendations", "open_recommendation"])
def test_the_township_party_committee_records_its_own_decisions(name):
    steps = steps_of(name)
    for code in ("request_approved", "township_check_done", "candidates_approved", "secretary_approved"):
        assert steps[code].recorded_by == ("township",)


def test_the_committee_votes_only_once_the_audit_is_published():
    """Organic Law art. 35."""
    assert "audit_published" in before("vote_held", steps_of("general"))


@pytest.mark.parametrize(
    ("rulebook", "township_only"),
    [("national-2018", False), ("zhejiang-2020", True), ("beijing-2012", False), ("shanghai-2020", False)],
)
@pytest.mark.parametrize("name", ["general", "further_election", "new_election"])
def test_zhejiang_has_the_township_approve_roving_boxes(name, rulebook, township_only):
    """Zhejiang art. 24: in every vote, not only in the first."""
    recorders = steps_of(name, rulebook)["roving_boxes_approved"].recorded_by
    assert (recorders == ("township",)) == township_only


def test_only_a_period_that_is_a_right_must_run_out():
    """Organic Law art. 14: villagers have five days to object."""
    for rulebook in ALL:
        open_until = [
            (name, code)
            for name in ("general", *COURSES)
            for code, step in steps_of(name, rulebook).items()
            if step.open_until
        ]
        assert open_until == [("general", "objections_closed"), ("new_election", "objections_closed")]


def test_filing_a_recall_and_reporting_a_by_election():
    """Zhejiang art. 34 has the demand filed, Shanghai art. 29 the township told; elsewhere as need be."""
    filed = [r for r in ALL if not steps_of("recall", r)["demand_filed"].if_needed]
    told = [r for r in ALL if not steps_of("by_election", r)["township_informed"].if_needed]
    assert (filed, told) == (["zhejiang-2020"], ["shanghai-2020"])


def test_three_months_are_not_made_days():
    """Shanghai art. 29: a by-election within three months, which no number of days is."""
    course = load_procedure("shanghai-2020").courses["by_election"]
    assert "三个月" in course.note.zh
    assert course.steps["vote_held"].latest.from_ == "election_day"


@pytest.mark.parametrize("rulebook", procedure_ids())
def test_the_election_committee_has_no_part_in_the_partys_election(rulebook):
    """Organic Law art. 12: it presides over the election of the villagers' committee, of nothing else."""
    for course in load_procedure(rulebook).courses.values():
        if course.body == "party_branch":
            assert {step.recorded_by for step in course.steps.values()} == {("township",)}
