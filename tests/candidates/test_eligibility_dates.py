"""Every situation of both lists the day before its end, on it and after it; and what is missing.

浙村换发〔2013〕4号 as applied in 虞政发〔2013〕72号第16条; the version in circulation since 2018;
纪律处分条例 for Party sanctions; 村民委员会组织法第13条 for the statutory bars.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from candidates.law import eligibility_law
from candidates.rules.disagreements import disagreements
from candidates.rules.eligibility import State, Verdict, assess
from candidates.rules.eligibility_law import EligibilityLaw
from candidates.rules.facts import DATE_FACTS, Finding, Person, Reply, Status

LISTS = ("five-situations-2013", "situations-2018")
D = date(2026, 12, 20)
DAY = timedelta(days=1)
VOTER = Person(born=date(1980, 5, 1), registered_voter=True)


def none_known(law):
    return dict.fromkeys(law.departments, Reply.NO_RECORD)


def judge(law, *findings, on=D, person=VOTER, replies=None, concerning=None):
    return assess(
        law=law,
        election_day=on,
        person=person,
        findings=findings,
        replies=none_known(law) if replies is None else replies,
        concerning=concerning,
    )


def terms():
    """(list, situation, the date it counts from, its months) of everything that ends by itself."""
    for list_id in LISTS:
        law = eligibility_law(list_id)
        for each in law.situations:
            if each.ending == "term":
                for fact in each.since:
                    yield list_id, each.code, {fact: None}, each.months
            elif each.ending == "sanction":
                for sanction in law.sanctions:
                    if sanction.months:
                        yield (
                            list_id,
                            each.code,
                            {"sanction": sanction.code, sanction.since: None},
                            sanction.months,
                        )


TERMS = list(terms())


def finding_since(code, facts, since, status=Status.CONFIRMED):
    return Finding(
        situation=code,
        status=status,
        **{name: since if value is None else value for name, value in facts.items()},
    )


def test_the_terms_are_those_of_the_documents():
    """虞政发〔2013〕72号第16条; 纪律处分条例第10至13条: nothing was added, nothing lost."""
    assert [
        (list_id, code, next(iter(facts.values())) or "", months) for list_id, code, facts, months in TERMS
    ] == [
        ("five-situations-2013", "criminal_penalty", "", 60),
        ("five-situations-2013", "criminal_penalty", "", 60),
        ("five-situations-2013", "family_planning", "", 60),
        ("five-situations-2013", "gang_related", "", 36),
        ("five-situations-2013", "party_discipline", "warning", 12),
        ("five-situations-2013", "party_discipline", "serious_warning", 18),
        ("five-situations-2013", "party_discipline", "removal", 24),
        ("five-situations-2013", "party_discipline", "probation", 24),
        ("five-situations-2013", "party_discipline", "expulsion", 60),
        ("situations-2018", "criminal_penalty", "", 60),
        ("situations-2018", "criminal_penalty", "", 60),
        ("situations-2018", "party_discipline", "removal", 24),
        ("situations-2018", "party_discipline", "probation", 24),
        ("situations-2018", "party_discipline", "expulsion", 24),
        ("situations-2018", "gang_related", "", 60),
    ]


@pytest.mark.parametrize(("list_id", "code", "facts", "months"), TERMS)
@pytest.mark.parametrize(
    ("since", "end_in_common_years"),
    [(date(2015, 3, 5), 5), (date(2016, 2, 29), 28), (date(2014, 8, 31), None), (date(2015, 12, 31), None)],
)
class TestTheEnd:
    """ "Less than N years since" holds before the Nth anniversary, and no longer on it."""

    def test_before_on_and_after(self, list_id, code, facts, months, since, end_in_common_years):
        law = eligibility_law(list_id)
        end = since + relativedelta(months=months)
        one = finding_since(code, facts, since)
        states = [judge(law, one, on=end + n * DAY).situation(code) for n in (-1, 0, 1)]
        assert [each.state for each in states] == [State.HOLDS, State.CLEAR, State.CLEAR]
        assert [each.until for each in states] == [end, None, None]
        assert judge(law, one, on=end - DAY).verdict is Verdict.DISQUALIFIED
        assert judge(law, one, on=end).verdict is Verdict.QUALIFIED
        if end_in_common_years and months % 12 == 0 and end.year % 4:
            assert end.day == end_in_common_years

    def test_an_allegation_bars_nobody_and_clears_nobody(
        self, list_id, code, facts, months, since, end_in_common_years
    ):
        law = eligibility_law(list_id)
        alleged = finding_since(code, facts, since, Status.ALLEGED)
        for on in (since + DAY, since + relativedelta(months=months), since + relativedelta(years=40)):
            assert judge(law, alleged, on=on).situation(code).state is State.NOT_ESTABLISHED
            assert judge(law, alleged, on=on).verdict is Verdict.NOT_ESTABLISHED

    def test_beside_an_allegation_what_is_confirmed_counts(
        self, list_id, code, facts, months, since, end_in_common_years
    ):
        law = eligibility_law(list_id)
        both = (
            finding_since(code, facts, since),
            finding_since(code, facts, since + DAY, Status.ALLEGED),
        )
        end = since + relativedelta(months=months)
        assert judge(law, *both, on=end - DAY).situation(code).state is State.HOLDS
        assert judge(law, *both, on=end).situation(code).state is State.NOT_ESTABLISHED

    def test_of_two_the_later_end_counts(self, list_id, code, facts, months, since, end_in_common_years):
        law = eligibility_law(list_id)
        both = (finding_since(code, facts, since), finding_since(code, facts, since + 400 * DAY))
        end = since + 400 * DAY + relativedelta(months=months)
        assert judge(law, *both, on=end - DAY).situation(code).until == end
        assert judge(law, *both, on=end).situation(code).state is State.CLEAR

    def test_cleared_counts_for_nothing(self, list_id, code, facts, months, since, end_in_common_years):
        law = eligibility_law(list_id)
        cleared = finding_since(code, facts, since, Status.CLEARED)
        assert judge(law, cleared, on=since + DAY).verdict is Verdict.QUALIFIED


@pytest.mark.parametrize("list_id", LISTS)
def test_five_years_from_29_february_end_on_the_28th(list_id):
    """Rulebook: in a common year the anniversary of 29 February is 28 February."""
    law = eligibility_law(list_id)
    one = Finding(situation="criminal_penalty", status=Status.CONFIRMED, released_on=date(2024, 2, 29))
    assert judge(law, one, on=date(2029, 2, 27)).situation("criminal_penalty").until == date(2029, 2, 28)
    assert judge(law, one, on=date(2029, 2, 28)).verdict is Verdict.QUALIFIED


@pytest.mark.parametrize(
    ("list_id", "code", "facts", "state"),
    [
        # What cannot have ended holds; what can have is not established. Nothing of it is a pass.
        ("five-situations-2013", "criminal_penalty", {}, State.HOLDS),
        ("five-situations-2013", "family_planning", {}, State.HOLDS),
        ("five-situations-2013", "gang_related", {}, State.NOT_ESTABLISHED),
        ("five-situations-2013", "party_discipline", {}, State.NOT_ESTABLISHED),
        ("five-situations-2013", "incapacity", {}, State.HOLDS),
        ("situations-2018", "criminal_penalty", {}, State.HOLDS),
        ("situations-2018", "party_discipline", {}, State.NOT_ESTABLISHED),
        ("situations-2018", "party_discipline", {"sanction": "probation"}, State.NOT_ESTABLISHED),
        ("situations-2018", "village_bully", {}, State.HOLDS),
        ("situations-2018", "gang_related", {}, State.NOT_ESTABLISHED),
        ("situations-2018", "cult_membership", {}, State.HOLDS),
        ("situations-2018", "incapacity", {}, State.HOLDS),
        ("situations-2018", "undertaking_refused", {}, State.HOLDS),
        *(
            ("five-situations-2013", "party_discipline", {"sanction": code}, state)
            for code, state in (
                ("warning", State.NOT_ESTABLISHED),
                ("serious_warning", State.NOT_ESTABLISHED),
                ("removal", State.NOT_ESTABLISHED),
                # 留党察看 lasts until rights are restored.
                ("probation", State.HOLDS),
                ("expulsion", State.NOT_ESTABLISHED),
            )
        ),
    ],
)
def test_a_date_that_is_missing_is_never_a_pass(list_id, code, facts, state):
    law = eligibility_law(list_id)
    judgement = judge(law, Finding(situation=code, status=Status.CONFIRMED, **facts))
    assert judgement.situation(code).state is state
    assert judgement.situation(code).until is None
    assert judgement.verdict is not Verdict.QUALIFIED


class TestTheDisciplineDepartmentsOwnDate:
    """The 2013 list: where the discipline department gives its own date, that date wins."""

    LAW = eligibility_law("five-situations-2013")

    @pytest.mark.parametrize("sanction", [each.code for each in LAW.sanctions])
    @pytest.mark.parametrize("since", [date(2001, 1, 1), date(2026, 11, 1)])
    def test_whatever_the_sanction(self, sanction, since):
        facts = {"sanction": sanction, "sanctioned_on": since, "barred_until": D}
        one = Finding(situation="party_discipline", status=Status.CONFIRMED, **facts)
        assert judge(self.LAW, one, on=D - DAY).situation("party_discipline").until == D
        assert judge(self.LAW, one, on=D).verdict is Verdict.QUALIFIED
        assert judge(self.LAW, one, on=D + DAY).verdict is Verdict.QUALIFIED

    def test_it_may_lie_years_ahead(self):
        one = Finding(situation="party_discipline", status=Status.CONFIRMED, barred_until=date(2040, 1, 1))
        assert judge(self.LAW, one).situation("party_discipline").until == date(2040, 1, 1)

    def test_probation_whose_rights_are_restored_later_than_election_day(self):
        one = Finding(
            situation="party_discipline",
            status=Status.CONFIRMED,
            sanction="probation",
            sanctioned_on=date(2026, 1, 1),
            rights_restored_on=date(2027, 1, 1),
        )
        assert judge(self.LAW, one).situation("party_discipline").until == date(2029, 1, 1)


class TestEndsToCome:
    LAW = eligibility_law("five-situations-2013")

    def test_a_release_and_an_end_of_probation_that_lie_ahead(self):
        """第16条第1项: until then the penalty runs, and the five years begin there."""
        for fact in ("released_on", "probation_ended_on"):
            penalty = Finding(
                situation="criminal_penalty", status=Status.CONFIRMED, sentenced_on=date(2025, 1, 1)
            )
            one = replace(penalty, **{fact: date(2028, 2, 29)})  # type: ignore[arg-type]
            assert judge(self.LAW, one).situation("criminal_penalty").until == date(2033, 2, 28)


class TestStatute:
    """村民委员会组织法第13条: 18 years of age on election day, registered, not deprived."""

    LAW = eligibility_law("situations-2018")

    @pytest.mark.parametrize(
        ("born", "verdict"),
        [
            (date(2008, 12, 19), Verdict.QUALIFIED),
            (date(2008, 12, 20), Verdict.QUALIFIED),
            (date(2008, 12, 21), Verdict.DISQUALIFIED),
        ],
    )
    def test_eighteen_by_a_day(self, born, verdict):
        judgement = judge(self.LAW, person=Person(born=born, registered_voter=True))
        assert judgement.verdict is verdict
        assert judgement.bars == (("under_18",) if verdict is Verdict.DISQUALIFIED else ())

    @pytest.mark.parametrize("unknown", ["registered_voter", "deprived_of_political_rights"])
    def test_each_bar_that_is_not_known_leaves_it_open(self, unknown):
        known = {"registered_voter": True, "deprived_of_political_rights": False}
        judgement = judge(self.LAW, person=Person(born=VOTER.born, **(known | {unknown: None})))
        assert judgement.verdict is Verdict.NOT_ESTABLISHED
        assert judgement.not_known == (unknown,)
        assert judgement.bars == ()

    def test_what_bars_beats_what_is_not_known(self):
        person = Person(born=VOTER.born, registered_voter=False, deprived_of_political_rights=None)
        judgement = judge(self.LAW, person=person)
        assert (judgement.verdict, judgement.bars) == (Verdict.DISQUALIFIED, ("not_registered",))


DISAGREEING = [
    # replies of (court, procuratorate, public_security, justice), what they name, the finding, flagged?
    ("record no_record no_record no_record", {}, None, True),
    ("record record record record", {}, None, False),
    ("no_record no_record no_record no_record", {}, None, False),
    # Silence is no answer: nobody is contradicted by it.
    ("record - - -", {}, None, False),
    ("record no_record - -", {}, None, True),
    # A record about something else says of this situation that there is none.
    ("record record no_record no_record", {"court": ["gang_related"]}, None, True),
    ("record no_record no_record no_record", {"court": ["gang_related"]}, None, False),
    # Run out long ago, or explained away: whether it is held in one office only settles nothing.
    ("record no_record no_record no_record", {}, date(2001, 1, 1), False),
    # It holds: those who have no record of it have missed something.
    ("record no_record no_record no_record", {}, date(2025, 1, 1), True),
]


@pytest.mark.parametrize(("answers", "concerning", "released", "flagged"), DISAGREEING)
def test_disagreements(answers, concerning, released, flagged):
    law = eligibility_law("five-situations-2013")
    departments = ("court", "procuratorate", "public_security", "justice")
    replies = none_known(law) | {
        code: None if word == "-" else Reply(word)
        for code, word in zip(departments, answers.split(), strict=True)
    }
    found: tuple[Finding, ...] = ()
    if released:
        found = (Finding(situation="criminal_penalty", status=Status.CONFIRMED, released_on=released),)
    judgement = judge(law, *found, replies=replies, concerning=concerning)
    raised = disagreements(law=law, judgement=judgement, replies=replies, concerning=concerning)
    assert ("criminal_penalty" in [each.situation for each in raised]) is flagged
    for each in raised:
        assert set(each.record).isdisjoint(each.no_record)
        assert set(each.record) | set(each.no_record) <= set(law.situation(each.situation).departments)


def test_a_disagreement_names_both_sides():
    law = eligibility_law("five-situations-2013")
    replies = none_known(law) | {"health": Reply.RECORD}
    found = disagreements(law=law, judgement=judge(law, replies=replies), replies=replies)
    # Family planning is asked of nobody but health: there is nobody to disagree.
    assert [(each.situation, each.record, each.no_record) for each in found] == [
        ("incapacity", ("health",), ("civil_affairs",))
    ]


@pytest.mark.parametrize("list_id", LISTS)
def test_a_law_that_was_kept_is_the_same_law(list_id):
    """What somebody was judged by can be judged by again, years later."""
    law = eligibility_law(list_id)
    assert EligibilityLaw.from_json(law.as_json()) == law


# --- properties, on both lists

days = st.dates(date(1996, 1, 1), date(2040, 12, 31))
people = st.builds(
    Person,
    born=st.dates(date(1940, 1, 1), date(1995, 1, 1)),
    registered_voter=st.sampled_from([True, False, None]),
    deprived_of_political_rights=st.sampled_from([True, False, None]),
)
ORDER = (Verdict.QUALIFIED, Verdict.NOT_ESTABLISHED, Verdict.DISQUALIFIED)


def findings_of(law):
    """Any finding the list asks for, with any dates: what is not judged on is passed over."""
    return st.builds(
        lambda situation, status, sanction, dates: Finding(
            situation=situation, status=status, sanction=sanction, **dates
        ),
        st.sampled_from([*(each.code for each in law.situations), *law.unsuitable]),
        st.sampled_from(Status),
        st.none() | st.sampled_from([each.code for each in law.sanctions]),
        st.dictionaries(st.sampled_from(DATE_FACTS), days, max_size=3),
    )


def cases_of(law, answers):
    """A case under one law: a person, findings, replies and what records are about."""
    codes = [each.code for each in law.situations]
    count = len(law.departments)
    return st.fixed_dictionaries(
        {
            "law": st.just(law),
            "person": people,
            "findings": st.lists(findings_of(law), max_size=3).map(tuple),
            "replies": st.lists(st.sampled_from(answers), min_size=count, max_size=count).map(
                lambda given: dict(zip(law.departments, given, strict=True))
            ),
            "concerning": st.dictionaries(
                st.sampled_from(law.departments), st.lists(st.sampled_from(codes), max_size=2), max_size=3
            ),
            "election_day": days,
        }
    )


LAWS = [eligibility_law(one) for one in LISTS]
ANY_ANSWER = [None, Reply.NO_RECORD, Reply.RECORD]
any_case = st.one_of([cases_of(law, ANY_ANSWER) for law in LAWS])
# Without `record`: a confirmed finding that explains a record is the one that can help.
silent_or_none = st.one_of(
    [st.tuples(cases_of(law, [None, Reply.NO_RECORD]), findings_of(law)) for law in LAWS]
)


def rank(case, **changes):
    return ORDER.index(assess(**(case | changes)).verdict)


class TestProperties:
    @given(silent_or_none)
    def test_one_finding_more_never_helps(self, given):
        case, another = given
        assert rank(case, findings=(*case["findings"], another)) >= rank(case)

    @given(any_case)
    def test_a_missing_reply_never_qualifies(self, case):
        for code in case["law"].departments:
            assert rank(case, replies=case["replies"] | {code: None}) > 0
            gone = {key: value for key, value in case["replies"].items() if key != code}
            assert rank(case, replies=gone) > 0

    @given(any_case, st.data())
    def test_a_reply_less_never_helps(self, case, data):
        code = data.draw(st.sampled_from(case["law"].departments))
        assert rank(case, replies=case["replies"] | {code: None}) >= min(rank(case), 1)

    @given(any_case, st.data())
    def test_naming_more_situations_never_helps(self, case, data):
        """What a department says its record is about narrows its doubt; to name more widens it again."""
        code = data.draw(st.sampled_from(case["law"].departments))
        named = case["concerning"].get(code) or ()
        if not named:
            return
        more = (*named, data.draw(st.sampled_from([each.code for each in case["law"].situations])))
        assert rank(case, concerning=case["concerning"] | {code: more}) >= rank(case)

    @given(any_case, st.data())
    def test_naming_none_is_never_better_than_naming_some(self, case, data):
        code = data.draw(st.sampled_from(case["law"].departments))
        assert rank(case, concerning=case["concerning"] | {code: []}) >= rank(case)

    @given(any_case, st.integers(0, 9000))
    def test_a_later_day_never_turns_a_term_on(self, case, later):
        on = case["election_day"]
        before = assess(**case)
        after = assess(**(case | {"election_day": on + timedelta(days=later)}))
        for each in case["law"].situations:
            if before.situation(each.code).state is not State.HOLDS:
                assert after.situation(each.code).state is not State.HOLDS
        assert set(after.bars) <= set(before.bars)

    @given(any_case, st.randoms())
    def test_the_order_of_what_is_known_does_not_matter(self, case, random):
        findings, replies = list(case["findings"]), list(case["replies"].items())
        random.shuffle(findings)
        random.shuffle(replies)
        shuffled = assess(**(case | {"findings": tuple(findings), "replies": dict(replies)}))
        judged = assess(**case)
        assert shuffled.verdict is judged.verdict
        assert [(s.situation, s.state, s.until, set(s.reasons)) for s in shuffled.situations] == [
            (s.situation, s.state, s.until, set(s.reasons)) for s in judged.situations
        ]
        assert set(shuffled.warnings) == set(judged.warnings)

    @given(any_case)
    def test_until_is_the_first_day_on_which_it_no_longer_holds(self, case):
        for each in assess(**case).situations:
            if each.until is not None:
                last = assess(**(case | {"election_day": each.until - DAY})).situation(each.situation)
                first = assess(**(case | {"election_day": each.until})).situation(each.situation)
                assert last.state is State.HOLDS
                assert first.state is not State.HOLDS

    @given(any_case)
    def test_qualified_means_that_everything_is_known_and_clear(self, case):
        judgement = assess(**case)
        if judgement.verdict is Verdict.QUALIFIED:
            assert not judgement.bars
            assert not judgement.not_known
            assert None not in case["replies"].values()
            assert all(each.state is State.CLEAR for each in judgement.situations)

    @given(any_case)
    def test_what_is_unsuitable_bars_nobody(self, case):
        unsuitable = tuple(
            Finding(situation=code, status=Status.CONFIRMED) for code in case["law"].unsuitable
        )
        assert rank(case, findings=(*case["findings"], *unsuitable)) == rank(case)

    @given(any_case)
    def test_lodging_a_petition_changes_nothing(self, case):
        """Lawful acts are never a ground: a record at the petitions office is no more than none."""
        with_record = case["replies"] | {"petitions": Reply.RECORD}
        without = case["replies"] | {"petitions": Reply.NO_RECORD}
        assert rank(case, replies=with_record) == rank(case, replies=without)

    @given(any_case)
    def test_the_same_case_gives_the_same_answer(self, case):
        assert assess(**case) == assess(**case)
