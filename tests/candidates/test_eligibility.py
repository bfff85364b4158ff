"""Eligibility: the law's dates, what findings and replies come to, and what is refused."""

import io
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from candidates.law import eligibility_law
from candidates.management.commands.assess_eligibility import Command
from candidates.rules.eligibility import Judgement, State, UnknownSituation, Verdict, assess
from candidates.rules.facts import Fault, Finding, Person, Replies, Reply, Status, faults
from candidates.rules.reasons import Reason
from candidates.wording import duration, fault_sentence, reason_sentence, situation_sentence
from election_admin.rulebooks.eligibility_lists import load_eligibility_list

SCENARIOS = Path(__file__).parents[1] / "scenarios" / "eligibility.yaml"
LISTS = ("five-situations-2013", "situations-2018")
LAW = eligibility_law("five-situations-2013")
LAW_2018 = eligibility_law("situations-2018")
D = date(2026, 12, 20)
VOTER = Person(born=date(1980, 5, 1), registered_voter=True)
ALL_CLEAR: Replies = dict.fromkeys(LAW.departments, Reply.NO_RECORD)


def day(text):
    return date.fromisoformat(text)


def finding(situation, status=Status.CONFIRMED, **facts):
    dates = {k: day(v) if k != "sanction" else v for k, v in facts.items()}
    return Finding(situation=situation, status=status, **dates)


def judge(*findings, law=LAW, on=D, person=VOTER, replies=ALL_CLEAR) -> Judgement:
    return assess(law=law, election_day=on, person=person, findings=findings, replies=replies)


def state(judgement, code):
    situation = judgement.situation(code)
    return situation.state.value, situation.until and situation.until.isoformat()


class TestScenarios:
    @pytest.mark.parametrize("case", yaml.safe_load(SCENARIOS.read_text()), ids=lambda c: c["name"])
    def test_answer(self, case):
        answer = command(json.dumps(case["case"], default=str))
        assert covers(json.loads(json.dumps(case["expect"], default=str)), answer)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # 虞政发〔2013〕72号 art. 16 (1): sentenced, or less than 5 years since release.
        ({"sentenced_on": "2012-03-01"}, ("holds", None)),
        ({}, ("holds", None)),
        ({"released_on": "2021-12-20"}, ("clear", None)),
        ({"released_on": "2021-12-21"}, ("holds", "2026-12-21")),
        ({"probation_ended_on": "2021-12-20"}, ("clear", None)),
        ({"probation_ended_on": "2022-01-01"}, ("holds", "2027-01-01")),
        ({"released_on": "2020-01-01", "probation_ended_on": "2023-01-01"}, ("holds", "2028-01-01")),
        ({"released_on": "2023-01-01", "probation_ended_on": "2020-01-01"}, ("holds", "2028-01-01")),
        # A release still to come.
        ({"sentenced_on": "2024-01-01", "released_on": "2027-06-01"}, ("holds", "2032-06-01")),
        # Contradictory dates establish nothing.
        ({"sentenced_on": "2015-01-01", "released_on": "2014-01-01"}, ("not_established", None)),
        ({"released_on": "1970-01-01"}, ("not_established", None)),
    ],
)
def test_criminal_penalty(facts, expected):
    assert state(judge(finding("criminal_penalty", **facts)), "criminal_penalty") == expected


@pytest.mark.parametrize(
    ("law", "situation", "facts", "expected"),
    [
        # Art. 16 (2): not dealt with, or less than 5 years since.
        (LAW, "family_planning", {}, ("holds", None)),
        (LAW, "family_planning", {"dealt_with_on": "2021-12-20"}, ("clear", None)),
        (LAW, "family_planning", {"dealt_with_on": "2021-12-21"}, ("holds", "2026-12-21")),
        # Art. 16 (3): less than 3 years; the 2018 version: 5 years.
        (LAW, "gang_related", {}, ("not_established", None)),
        (LAW, "gang_related", {"dealt_with_on": "2023-12-20"}, ("clear", None)),
        (LAW, "gang_related", {"dealt_with_on": "2023-12-21"}, ("holds", "2026-12-21")),
        (LAW_2018, "gang_related", {"dealt_with_on": "2023-12-20"}, ("holds", "2028-12-20")),
        # Art. 16 (5), and the 2018 version's situations without a term.
        (LAW, "incapacity", {}, ("holds", None)),
        (LAW_2018, "village_bully", {}, ("holds", None)),
        (LAW_2018, "cult_membership", {}, ("holds", None)),
        (LAW_2018, "undertaking_refused", {}, ("holds", None)),
    ],
)
def test_other_situations(law, situation, facts, expected):
    assert state(judge(finding(situation, **facts), law=law), situation) == expected


@pytest.mark.parametrize(
    ("law", "facts", "expected"),
    [
        # 纪律处分条例 art. 10: warning 1 year, serious warning a year and a half.
        (LAW, {"sanction": "warning", "sanctioned_on": "2025-12-20"}, ("clear", None)),
        (LAW, {"sanction": "warning", "sanctioned_on": "2025-12-21"}, ("holds", "2026-12-21")),
        (LAW, {"sanction": "serious_warning", "sanctioned_on": "2025-06-20"}, ("clear", None)),
        (
            LAW,
            {"sanction": "serious_warning", "sanctioned_on": "2025-06-21"},
            ("holds", "2026-12-21"),
        ),
        # Art. 11: removal from Party post 2 years.
        (LAW, {"sanction": "removal", "sanctioned_on": "2024-12-21"}, ("holds", "2026-12-21")),
        # Art. 12: probation, then 2 years after rights are restored.
        (LAW, {"sanction": "probation", "sanctioned_on": "2020-01-01"}, ("holds", None)),
        (LAW, {"sanction": "probation"}, ("holds", None)),
        (
            LAW,
            {
                "sanction": "probation",
                "sanctioned_on": "2023-01-01",
                "rights_restored_on": "2025-01-01",
            },
            ("holds", "2027-01-01"),
        ),
        (LAW, {"sanction": "probation", "rights_restored_on": "2024-12-20"}, ("clear", None)),
        # Art. 13: expulsion 5 years.
        (LAW, {"sanction": "expulsion", "sanctioned_on": "2021-12-21"}, ("holds", "2026-12-21")),
        # The discipline department's own date wins, both ways.
        (
            LAW,
            {"sanction": "warning", "sanctioned_on": "2020-01-01", "barred_until": "2027-01-01"},
            ("holds", "2027-01-01"),
        ),
        (
            LAW,
            {"sanction": "expulsion", "sanctioned_on": "2025-01-01", "barred_until": "2026-12-20"},
            ("clear", None),
        ),
        (LAW, {"barred_until": "2026-12-21"}, ("holds", "2026-12-21")),
        # What is missing is never a pass.
        (LAW, {}, ("not_established", None)),
        (LAW, {"sanctioned_on": "2010-01-01"}, ("not_established", None)),
        (LAW, {"sanction": "warning"}, ("not_established", None)),
        (LAW, {"sanction": "expulsion"}, ("not_established", None)),
        # The 2018 version: removal or heavier, 2 years.
        (LAW_2018, {"sanction": "warning", "sanctioned_on": "2026-12-01"}, ("clear", None)),
        (LAW_2018, {"sanction": "removal", "sanctioned_on": "2024-12-21"}, ("holds", "2026-12-21")),
        (LAW_2018, {"sanction": "expulsion", "sanctioned_on": "2024-12-20"}, ("clear", None)),
    ],
)
def test_party_discipline(law, facts, expected):
    assert state(judge(finding("party_discipline", **facts), law=law), "party_discipline") == expected


@pytest.mark.parametrize(
    ("released", "election_day", "expected"),
    [
        ("2020-02-29", "2025-02-27", ("holds", "2025-02-28")),
        ("2020-02-29", "2025-02-28", ("clear", None)),
    ],
)
def test_29_february_falls_back_to_the_28th(released, election_day, expected):
    judgement = judge(finding("criminal_penalty", released_on=released), on=day(election_day))
    assert state(judgement, "criminal_penalty") == expected


class TestSeveralFindings:
    def test_the_latest_end_counts(self):
        judgement = judge(
            finding("criminal_penalty", released_on="2022-01-01"),
            finding("criminal_penalty", released_on="2024-01-01"),
            finding("criminal_penalty", released_on="2010-01-01"),
        )
        assert state(judgement, "criminal_penalty") == ("holds", "2029-01-01")
        assert len(judgement.situation("criminal_penalty").reasons) == 3

    def test_no_end_outlasts_any_date(self):
        judgement = judge(
            finding("criminal_penalty", sentenced_on="2025-01-01"),
            finding("criminal_penalty", released_on="2024-01-01"),
        )
        assert state(judgement, "criminal_penalty") == ("holds", None)

    def test_holding_beats_open_beats_clear(self):
        over = finding("gang_related", dealt_with_on="2010-01-01")
        alleged = finding("gang_related", Status.ALLEGED)
        running = finding("gang_related", dealt_with_on="2025-01-01")
        assert judge(over).verdict is Verdict.QUALIFIED
        assert judge(over, alleged).verdict is Verdict.NOT_ESTABLISHED
        assert judge(over, alleged, running).verdict is Verdict.DISQUALIFIED


class TestReplies:
    @pytest.mark.parametrize("reply", [None, "left out"])
    @pytest.mark.parametrize("department", LAW.departments)
    def test_one_silent_department_is_enough(self, department, reply):
        replies = {k: v for k, v in ALL_CLEAR.items() if k != department}
        if reply is None:
            replies[department] = None
        judgement = judge(replies=replies)
        assert judgement.verdict is Verdict.NOT_ESTABLISHED
        assert judgement.missing_replies == (department,)

    def test_missing_replies_are_sorted(self):
        assert judge(replies={}).missing_replies == tuple(sorted(LAW.departments))

    def test_a_record_that_nothing_explains(self):
        judgement = judge(replies={**ALL_CLEAR, "court": Reply.RECORD})
        assert state(judgement, "criminal_penalty") == ("not_established", None)
        assert judgement.situation("criminal_penalty").reasons[0] == Reason(
            "record_unexplained", D, situation="criminal_penalty", departments=("court",)
        )

    def test_a_reply_as_a_database_gives_it(self):
        assert judge(replies=dict.fromkeys(LAW.departments, "no_record")).verdict == "qualified"
        record = judge(replies={**ALL_CLEAR, "court": "record"})
        assert state(record, "criminal_penalty") == ("not_established", None)
        assert judge(replies={**ALL_CLEAR, "court": ""}).missing_replies == ("court",)

    def test_a_record_explained_by_a_finding_that_has_run_out(self):
        over = finding("criminal_penalty", released_on="2010-01-01")
        assert judge(over, replies={**ALL_CLEAR, "court": Reply.RECORD}).verdict == "qualified"

    def test_a_finding_run_out_with_a_department_still_silent(self):
        over = finding("criminal_penalty", released_on="2010-01-01")
        judgement = judge(over, replies={**ALL_CLEAR, "justice": None})
        assert state(judgement, "criminal_penalty") == ("not_established", None)

    @pytest.mark.parametrize(
        ("reply", "expected"),
        [(Reply.NO_RECORD, "clear"), (Reply.RECORD, "not_established"), (None, "not_established")],
    )
    def test_a_cleared_finding_still_needs_the_departments(self, reply, expected):
        cleared = finding("family_planning", Status.CLEARED)
        judgement = judge(cleared, replies={**ALL_CLEAR, "health": reply})
        assert state(judgement, "family_planning")[0] == expected

    @pytest.mark.parametrize("department", ["petitions", "agriculture", "publicity"])
    def test_a_record_that_is_no_situation_bars_nobody(self, department):
        """Lodging a petition is never a ground for anything."""
        judgement = judge(replies={**ALL_CLEAR, department: Reply.RECORD})
        assert judgement.verdict is Verdict.QUALIFIED
        assert [each.code for each in judgement.warnings] == ["record_outside_list"]


class TestStatute:
    """村民委员会组织法 art. 13: 18 years of age, not deprived of political rights, registered."""

    @pytest.mark.parametrize(
        ("person", "bars", "verdict"),
        [
            (Person(born=day("2008-12-20"), registered_voter=True), (), "qualified"),
            (Person(born=day("2008-12-21"), registered_voter=True), ("under_18",), "disqualified"),
            (
                Person(born=day("1980-01-01"), registered_voter=False),
                ("not_registered",),
                "disqualified",
            ),
            (
                Person(
                    born=day("1980-01-01"),
                    registered_voter=True,
                    deprived_of_political_rights=True,
                ),
                ("deprived_of_political_rights",),
                "disqualified",
            ),
            (Person(born=day("1980-01-01")), (), "not_established"),
            (
                Person(
                    born=day("1980-01-01"),
                    registered_voter=True,
                    deprived_of_political_rights=None,
                ),
                (),
                "not_established",
            ),
        ],
    )
    def test_bars(self, person, bars, verdict):
        judgement = judge(person=person)
        assert judgement.bars == bars
        assert judgement.verdict == verdict

    def test_all_bars_are_named(self):
        person = Person(born=day("2015-01-01"), registered_voter=False, deprived_of_political_rights=True)
        assert judge(person=person).bars == (
            "under_18",
            "deprived_of_political_rights",
            "not_registered",
        )

    def test_born_on_29_february(self):
        person = Person(born=day("2008-02-29"), registered_voter=True)
        assert judge(person=person, on=day("2026-02-27")).bars == ("under_18",)
        assert judge(person=person, on=day("2026-02-28")).bars == ()

    def test_a_bar_beats_silence(self):
        person = Person(born=day("2015-01-01"))
        assert judge(person=person, replies={}).verdict is Verdict.DISQUALIFIED


class TestUnsuitable:
    def test_it_warns_and_bars_nobody(self):
        judgement = judge(finding("long_absence"), finding("poor_conduct", Status.ALLEGED))
        assert judgement.verdict is Verdict.QUALIFIED
        assert [(each.code, each.situation) for each in judgement.warnings] == [
            ("unsuitable_confirmed", "long_absence"),
            ("unsuitable_alleged", "poor_conduct"),
        ]

    def test_cleared_is_not_mentioned(self):
        assert judge(finding("long_absence", Status.CLEARED)).warnings == ()


class TestFaults:
    @pytest.mark.parametrize(
        ("given_finding", "expected"),
        [
            (finding("bribery"), Fault("findings[0].situation", "unknown_situation")),
            (
                finding("party_discipline", sanction="demerit"),
                Fault("findings[0].sanction", "unknown_sanction"),
            ),
            (
                finding("family_planning", released_on="2020-01-01"),
                Fault("findings[0].released_on", "misplaced_fact"),
            ),
            (
                finding("criminal_penalty", sentenced_on="2020-01-01", released_on="2019-01-01"),
                Fault("findings[0].released_on", "out_of_order", "sentenced_on"),
            ),
            (
                finding("criminal_penalty", released_on="1979-01-01"),
                Fault("findings[0].released_on", "before_birth", "born"),
            ),
            (
                finding("gang_related", dealt_with_on="9998-01-01"),
                Fault("findings[0].dealt_with_on", "implausible_date"),
            ),
        ],
    )
    def test_findings(self, given_finding, expected):
        found = faults(law=LAW, election_day=D, person=VOTER, findings=[given_finding], replies=ALL_CLEAR)
        assert found == (expected,)
        assert fault_sentence(found[0])

    def test_departments_and_years(self):
        found = faults(
            law=LAW,
            election_day=date(9999, 1, 1),
            person=VOTER,
            findings=[],
            replies={"weather": Reply.RECORD},
        )
        assert found == (
            Fault("election_day", "implausible_date"),
            Fault("replies.weather", "unknown_department"),
        )

    def test_a_situation_the_list_lacks_is_never_passed_over(self):
        with pytest.raises(UnknownSituation):
            judge(finding("family_planning"), law=LAW_2018)


class TestWording:
    def test_a_term_that_is_over(self):
        judgement = judge(finding("criminal_penalty", released_on="2021-12-20"))
        source = load_eligibility_list("five-situations-2013")
        assert reason_sentence(judgement.situation("criminal_penalty").reasons[0], source=source) == (
            "2021年12月20日刑满释放，至2026年12月20日满5年，选举日2026年12月20日已满5年，不再适用。"
            "依据：上虞市人民政府虞政发〔2013〕72号文件第16条第1项。"
        )
        assert "第16条第5项" in situation_sentence("incapacity", source=source)

    def test_periods(self):
        assert [duration(12), duration(18), duration(6)] == ["1年", "1年零6个月", "6个月"]

    @pytest.mark.parametrize("list_id", LISTS)
    def test_every_reason_has_a_sentence_and_survives_a_snapshot(self, list_id):
        source, law = load_eligibility_list(list_id), eligibility_law(list_id)
        every = [
            finding(code, status)
            for code in [*(each.code for each in law.situations), *law.unsuitable]
            for status in Status
        ]
        every += [
            finding("party_discipline", sanction=each.code, sanctioned_on="2026-01-01")
            for each in law.sanctions
        ]
        every += [finding("party_discipline", barred_until=until) for until in ("2026-01-01", "2027-01-01")]
        judgements = [
            judge(*every, law=law, replies={**ALL_CLEAR, "petitions": Reply.RECORD}),
            judge(law=law, replies=dict.fromkeys(law.departments, Reply.RECORD)),
            judge(law=law, replies={}, person=Person(born=D, registered_voter=False)),
            judge(law=law, person=Person(born=VOTER.born, deprived_of_political_rights=True)),
        ]
        for reason in [r for judgement in judgements for r in reasons_of(judgement)]:
            assert reason_sentence(reason, source=source)
            assert Reason.from_json(json.loads(json.dumps(reason.as_json()))) == reason


def reasons_of(judgement):
    yield from judgement.reasons
    yield from judgement.warnings
    for situation in judgement.situations:
        yield from situation.reasons


days = st.dates(date(1990, 1, 1), date(2040, 12, 31))
some_day = st.none() | days
any_finding = st.builds(
    Finding,
    situation=st.sampled_from([each.code for each in LAW.situations]),
    status=st.sampled_from(Status),
    released_on=some_day,
    dealt_with_on=some_day,
    sanction=st.none() | st.sampled_from([each.code for each in LAW.sanctions]),
    sanctioned_on=some_day,
    rights_restored_on=some_day,
    barred_until=some_day,
)
# Without `record`: a confirmed finding that explains a record is the one that can help.
any_replies = st.fixed_dictionaries(
    {code: st.sampled_from([None, Reply.NO_RECORD]) for code in LAW.departments}
)
ORDER = (Verdict.QUALIFIED, Verdict.NOT_ESTABLISHED, Verdict.DISQUALIFIED)


class TestProperties:
    @given(st.lists(any_finding, max_size=4), any_finding, any_replies, days)
    def test_one_more_finding_never_helps(self, findings, another, replies, on):
        before = judge(*findings, on=on, replies=replies).verdict
        after = judge(*findings, another, on=on, replies=replies).verdict
        assert ORDER.index(after) >= ORDER.index(before)

    @given(st.lists(any_finding, max_size=4), st.randoms(), any_replies, days)
    def test_the_order_of_findings_does_not_matter(self, findings, random, replies, on):
        shuffled = random.sample(findings, len(findings))
        a, b = judge(*findings, on=on, replies=replies), judge(*shuffled, on=on, replies=replies)
        assert [state(a, s.code) for s in LAW.situations] == [state(b, s.code) for s in LAW.situations]

    @given(any_finding, days, st.integers(0, 5000))
    def test_a_later_election_day_never_makes_a_situation_hold(self, one, on, later):
        code = one.situation
        before = judge(one, on=on).situation(code).state
        after = judge(one, on=on + timedelta(days=later)).situation(code).state
        assert not (before is State.CLEAR and after is State.HOLDS)

    @given(any_finding, days)
    def test_until_is_the_first_day_on_which_it_no_longer_holds(self, one, on):
        situation = judge(one, on=on).situation(one.situation)
        if situation.until:
            last = situation.until - timedelta(days=1)
            assert judge(one, on=last).situation(one.situation).state is State.HOLDS
            assert judge(one, on=situation.until).situation(one.situation).state is State.CLEAR

    @given(st.lists(any_finding, max_size=3), any_replies, days)
    def test_nobody_is_qualified_by_silence(self, findings, replies, on):
        judgement = judge(*findings, on=on, replies=replies)
        if judgement.verdict is Verdict.QUALIFIED:
            assert None not in replies.values()
            assert all(each.state is State.CLEAR for each in judgement.situations)


def covers(expected, answer):
    if isinstance(expected, dict):
        return all(key in answer and covers(value, answer[key]) for key, value in expected.items())
    return expected == answer


def command(text):
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        call_command(Command(), stdout=out)
    return json.loads(out.getvalue())


CASE = {
    "list": "five-situations-2013",
    "election_day": "2026-12-20",
    "person": {"born": "1980-05-01", "registered_voter": True},
    "findings": [],
    "replies": "all_no_record",
}


class TestCommand:
    def test_a_list_of_cases(self):
        answers = command(json.dumps([CASE, {**CASE, "replies": {}}]))
        assert [each["verdict"] for each in answers] == ["qualified", "not_established"]

    @pytest.mark.parametrize(
        ("change", "key"),
        [
            ({"list": "six"}, "list"),
            ({"list": 6}, "list"),
            ({"election_day": "2026-02-30"}, "election_day"),
            ({"election_day": 20261220}, "election_day"),
            ({"election_day": "9999-01-01"}, "election_day"),
            ({"person": {}}, "person.born"),
            ({"person": {"born": "1980-05-01", "registered_voter": "yes"}}, "registered_voter"),
            ({"findings": [{"situation": "theft", "status": "confirmed"}]}, "findings[0].situation"),
            ({"findings": [{"situation": "incapacity", "status": "sure"}]}, "findings[0].status"),
            ({"findings": [{"situation": "incapacity"}]}, "findings[0].status"),
            (
                {
                    "findings": [
                        {
                            "situation": "criminal_penalty",
                            "status": "confirmed",
                            "sentenced_on": "2020-01-01",
                            "released_on": "2019-01-01",
                        }
                    ]
                },
                "findings[0].released_on",
            ),
            ({"findings": [{"situation": "incapacity", "status": "alleged", "x": 1}]}, "x"),
            ({"replies": {"court": "maybe"}}, "replies.court"),
            ({"replies": {"weather": "no_record"}}, "replies.weather"),
            ({"replies": "no"}, "replies"),
            ({"surprise": 1}, "surprise"),
        ],
    )
    def test_an_unreadable_case_names_its_key(self, change, key):
        with pytest.raises(CommandError) as error:
            command(json.dumps({**CASE, **change}))
        assert error.value.returncode == 2
        assert key in str(error.value)
        assert "\n" not in str(error.value)

    @pytest.mark.parametrize("missing", CASE)
    def test_a_missing_key(self, missing):
        with pytest.raises(CommandError, match=missing):
            command(json.dumps({k: v for k, v in CASE.items() if k != missing}))


class TestWhatARecordIsAbout:
    """`concerning`, so that every decision can be recomputed by the command, without the database."""

    REPLIES: dict = dict.fromkeys(LAW.departments, "no_record") | {"health": "record"}

    def states(self, concerning):
        case = {**CASE, "replies": self.REPLIES, **concerning}
        answer = command(json.dumps(case))
        return {
            code: judged["state"]
            for code, judged in answer["situations"].items()
            if judged["state"] != "clear"
        }

    def test_named(self):
        assert self.states({"concerning": {"health": ["incapacity"]}}) == {"incapacity": "not_established"}

    @pytest.mark.parametrize("concerning", [{}, {"concerning": {}}, {"concerning": {"health": []}}])
    def test_not_named(self, concerning):
        assert self.states(concerning) == {
            "family_planning": "not_established",
            "incapacity": "not_established",
        }

    @pytest.mark.parametrize(
        ("concerning", "key"),
        [
            ({"weather": ["incapacity"]}, "concerning.weather"),
            ({"health": ["long_absence"]}, "concerning.health[0]"),
            ({"health": ["incapacity", "x"]}, "concerning.health[1]"),
            ({"health": "incapacity"}, "concerning.health"),
            ({"health": None}, "concerning.health"),
            ([], "concerning"),
            (None, "concerning"),
        ],
    )
    def test_refused(self, concerning, key):
        with pytest.raises(CommandError) as error:
            command(json.dumps({**CASE, "concerning": concerning}))
        assert error.value.returncode == 2
        assert str(error.value).startswith(f"{key}: ")
        assert "\n" not in str(error.value)


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from(["2026-02-30", "9999-12-31", "court", "record", "incapacity", "confirmed", LISTS[0]]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FULL = {
    **CASE,
    "findings": [
        {"situation": "criminal_penalty", "status": "confirmed", "released_on": "2012-01-01"},
        {"situation": "party_discipline", "status": "alleged", "sanction": "warning"},
    ],
    "replies": {"court": "no_record", "health": "record", "discipline": None},
    "concerning": {"health": ["incapacity"]},
}


def put_somewhere(case, value, path):
    """The case with a value in some place of it: a path of keys as far as it leads."""
    key, *rest = path
    if isinstance(case, dict):
        key = list(case)[key % len(case)] if case else "x"
    elif isinstance(case, list) and case:
        key %= len(case)
    else:
        return value
    inner = case[key] if key in case or isinstance(case, list) else None
    changed = put_somewhere(inner, value, rest) if rest and inner is not None else value
    if isinstance(case, list):
        return [*case[:key], changed, *case[key + 1 :]]
    return {**case, key: changed}


@given(JUNK, st.lists(st.integers(0, 9), min_size=1, max_size=4))
def test_no_case_ends_in_a_traceback(value, path):
    """Either an answer, or exit status 2 and one line that names the key and the fault."""
    try:
        answer = command(json.dumps(put_somewhere(FULL, value, path)))
    except CommandError as error:
        assert error.returncode == 2
        assert ": " in str(error)
        assert str(error).isprintable()
    else:
        assert answer["verdict"] in tuple(Verdict)
