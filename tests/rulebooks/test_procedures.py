"""The procedure rulebooks: what they say, article by article, and what they refuse."""

from dataclasses import FrozenInstanceError, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest

from election_admin.rulebooks import procedures
from election_admin.rulebooks.loading import RulebookError, UnknownRulebook
from election_admin.rulebooks.procedures import (
    PostChoice,
    faults_of,
    load_procedure,
    procedure_ids,
    read_procedure,
)
from election_admin.rulebooks.values import Source

DIRECTORY = Path(procedures.__file__).parent / "procedure"
ALL = ("beijing-2012", "national-2018", "shanghai-2020", "zhejiang-2020")
IN_ORDER = ("national-2018", "zhejiang-2020", "beijing-2012", "shanghai-2020")
STEPS = [
    "audit_published",
    "village_affairs_published",
    "cadre_review_done",
    "survey_done",
    "plan_approved",
    "seats_decided",
    "election_committee_chosen",
    "election_method_adopted",
    "election_day_announced",
    "staff_trained",
    "registration_notice",
    "registration_done",
    "voter_list_published",
    "objections_closed",
    "objections_decided",
    "voter_list_final",
    "voter_cards_issued",
    "nomination_notice",
    "self_nomination_closed",
    "nominations_done",
    "preliminary_list_published",
    "township_check_done",
    "joint_review_done",
    "final_list_published",
    "withdrawals_closed",
    "candidates_met_villagers",
    "place_time_tellers_published",
    "roving_boxes_approved",
    "proxies_closed",
    "proxies_published",
    "void_rules_published",
    "ballots_printed",
    "boxes_sealed",
    "secret_place_ready",
    "vote_held",
    "boxes_opened_publicly",
    "count_done",
    "result_announced",
    "ballots_sealed",
    "result_filed",
    "further_election_held",
    "certificates_issued",
    "handover_done",
    "archive_closed",
]


def latest(rulebook, step):
    deadline = load_procedure(rulebook).steps[step].latest
    assert deadline is not None
    return deadline


def test_the_rulebooks_that_come_with_the_product():
    assert procedure_ids() == ALL


@pytest.mark.parametrize("rulebook", ALL)
class TestEvery:
    def test_is_named_after_its_file_and_loaded_once(self, rulebook):
        assert load_procedure(rulebook).id == rulebook
        assert load_procedure(rulebook) is load_procedure(rulebook)

    def test_has_every_step_in_order(self, rulebook):
        procedure = load_procedure(rulebook)
        assert list(procedure.steps) == STEPS
        stages = [step.stage for step in procedure.steps.values()]
        assert list(dict.fromkeys(stages)) == list(procedure.stages)
        assert sum(len(procedure.general.steps_of(stage)) for stage in procedure.stages) == len(STEPS)

    def test_says_that_its_citations_are_unverified(self, rulebook):
        """The Organic Law was amended, in force since 1 January 2026."""
        procedure = load_procedure(rulebook)
        assert not procedure.citations_verified
        assert "2026年1月1日" in procedure.note.zh
        assert "1 January 2026" in procedure.note.en

    def test_cannot_be_changed(self, rulebook):
        procedure = load_procedure(rulebook)
        assert isinstance(procedure.steps, MappingProxyType)
        with pytest.raises(FrozenInstanceError):
            setattr(procedure.parameters, "turnout", None)  # noqa: B010

    def test_publishes_the_voter_list_twenty_days_before(self, rulebook):
        """Organic Law art. 14, Zhejiang art. 14, Beijing art. 15, Shanghai art. 10."""
        steps = load_procedure(rulebook).steps
        days = [
            (d.from_, d.days)
            for code in ("voter_list_published", "objections_closed", "objections_decided")
            if (d := steps[code].latest)
        ]
        assert days == [("election_day", -20), ("voter_list_published", 5), ("objections_closed", 3)]

    def test_hands_over_within_ten_days(self, rulebook):
        """Organic Law art. 20, Zhejiang art. 33, Beijing art. 32, Shanghai art. 24."""
        assert latest(rulebook, "handover_done").days == 10

    def test_publishes_the_audit_before_the_election(self, rulebook):
        """Organic Law art. 35."""
        deadline = latest(rulebook, "audit_published")
        assert (deadline.from_, deadline.days, deadline.source.article) == ("election_day", -1, 35)

    def test_elects_above_half_and_from_one_third(self, rulebook):
        """Organic Law art. 15."""
        parameters = load_procedure(rulebook).parameters
        for half in (parameters.elected_above.value, parameters.turnout.value.more_than):
            assert (half.numerator, half.denominator) == (1, 2)
        third = parameters.further_election_from.value
        assert (third.numerator, third.denominator) == (1, 3)


# national, Zhejiang, Beijing, Shanghai: (days, article); None where the law sets none.
@pytest.mark.parametrize(
    ("step", "national", "zhejiang", "beijing", "shanghai"),
    [
        ("self_nomination_closed", None, (-10, 20), None, None),
        ("final_list_published", None, (-5, 18), (-5, 20), (-5, 12)),
        ("withdrawals_closed", None, (-3, 19), None, None),
        ("place_time_tellers_published", None, (-5, 22), None, None),
        ("proxies_closed", None, (-3, 25), (-1, 25), (-5, 16)),
        ("proxies_published", None, (-1, 25), None, (-2, 16)),
        ("result_announced", (0, 15), (1, 32), (0, 31), (0, 18)),
        ("further_election_held", None, (30, 29), (15, 30), (30, 21)),
        ("candidates_met_villagers", (-1, 15), (-1, 15), (-1, 15), (-1, 15)),
        ("voter_list_final", None, None, None, None),
    ],
)
def test_dates_by_province(step, national, zhejiang, beijing, shanghai):
    expected = {
        "national-2018": national,
        "zhejiang-2020": zhejiang,
        "beijing-2012": beijing,
        "shanghai-2020": shanghai,
    }
    for rulebook, days in expected.items():
        deadline = load_procedure(rulebook).steps[step].latest
        got = deadline and (deadline.days, deadline.source.article)
        assert got == days, rulebook


def value(rulebook, name):
    parameter = getattr(load_procedure(rulebook).parameters, name)
    return None if parameter is None else parameter.value


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("term_years", [5, 5, 5, 5]),
        (
            "relatives_not_together",
            [None, ("spouse", "parent_child", "sibling"), None, ("spouse", "parent_child")],
        ),
        ("proxies_per_holder", [None, 3, 3, 3]),
        ("roving_box_scrutineers", [None, 3, 3, None]),
        (
            "modes",
            [
                ("nominated",),
                ("nominated", "self_nominated"),
                ("nominated",),
                ("nominated", "self_nominated"),
            ],
        ),
        ("women_seat_on_ballot", [None, True, None, None]),
        ("void_counted_as_cast", [True, True, True, True]),
        ("committee_member_candidate_leaves", [True, True, True, True]),
        ("committee_member_relatives_leave", [None, ("spouse", "parent_child", "sibling"), None, None]),
        ("by_election_by", [("villagers_meeting", "representatives_meeting")] * 4),
        ("recall_again_after_years", [None, 1, None, None]),
    ],
)
def test_parameters_by_province(name, expected):
    assert [value(rulebook, name) for rulebook in IN_ORDER] == expected


@pytest.mark.parametrize(
    ("name", "share", "articles"),
    [
        ("recall_asked_by_voters", (1, 5), (16, 34, 33, 27)),
        ("recall_asked_by_representatives", (1, 3), (16, 34, 33, 27)),
        ("recall_turnout", (1, 2), (16, 36, 34, 27)),
        ("recall_agreed_above", (1, 2), (16, 36, 34, 27)),
        ("by_election_villagers", (1, 2), (None, 38, None, None)),
        ("by_election_representatives", (2, 3), (None, 38, None, None)),
        # How many must take part in nominating, or in the preliminary vote after it.
        ("nomination_turnout", (1, 2), (None, 18, 16, None)),
    ],
)
def test_shares_between_general_elections(name, share, articles):
    """The same shares everywhere, each from its own article."""
    for rulebook, article in zip(IN_ORDER, articles, strict=True):
        parameter = getattr(load_procedure(rulebook).parameters, name)
        if article is None:
            assert parameter is None
        else:
            assert (parameter.value.numerator, parameter.value.denominator) == share
            assert parameter.source.article == article


@pytest.mark.parametrize("name", ["party_seats", "party_quorum", "party_elected_above"])
def test_an_article_not_seen_in_the_text_says_so(name):
    assert "待核对" in getattr(load_procedure("national-2018").parameters, name).note.zh


def test_one_post_for_one_person():
    """No law was found that says how: an arrangement does, open to be checked, and provinces take it over."""
    for rulebook in IN_ORDER:
        choice = load_procedure(rulebook).parameters.post_choice
        assert (choice.value.how, choice.value.until) == ("own_choice", "final_list_published")
        assert load_procedure(rulebook).documents[choice.source.document].rank == "arrangement"
        assert "待核" in choice.note.zh


def test_a_choice_up_to_no_step_is_refused():
    procedure = load_procedure("zhejiang-2020")
    law = procedure.parameters.post_choice
    wrong = replace(law, value=PostChoice(how="most_votes", until="harvest"))
    book = replace(procedure, parameters=replace(procedure.parameters, post_choice=wrong))

    assert [(".".join(map(str, fault.where)), fault.what) for fault in faults_of(book)] == [
        ("parameters.post_choice.value.until", "there is no step harvest")
    ]


def test_ranges_by_province():
    """Zhejiang art. 8, Beijing art. 9 and 16, Shanghai art. 7 and 12; Organic Law art. 6."""
    assert 7 in value("zhejiang-2020", "seats")
    assert 8 not in value("zhejiang-2020", "seats")
    assert 5 in value("beijing-2012", "election_committee_size")
    assert 5 not in value("shanghai-2020", "election_committee_size")
    assert value("beijing-2012", "surplus").of("chair").most == 2
    assert value("shanghai-2020", "surplus").of("women").most == 3
    assert value("zhejiang-2020", "surplus").of("chair").most is None


def test_an_unknown_rulebook_is_refused():
    with pytest.raises(UnknownRulebook, match="atlantis"):
        load_procedure("atlantis")


def test_citations_read_as_people_write_them():
    procedure = load_procedure("zhejiang-2020")
    source = Source(document="organic-law", article=14)
    assert procedure.cite(source) == "《中华人民共和国村民委员会组织法》第十四条"
    assert procedure.cite(source, "en") == "Organic Law of Villagers' Committees, art. 14"


@pytest.mark.parametrize(
    ("article", "words"),
    [(8, "第八条"), (10, "第十条"), (20, "第二十条"), (35, "第三十五条"), (100, "第100条")],
)
def test_articles_in_chinese(article, words):
    assert (
        load_procedure("national-2018").cite(Source(document="organic-law", article=article)).endswith(words)
    )


def test_only_the_national_law_names_its_day():
    assert load_procedure("national-2018").in_force_from == date(2018, 12, 29)


class TestRefused:
    """A county's own copy with a mistake in it says where."""

    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ("depends_on: [survey_done]", "depends_on: [survey]", "depends_on[0]: there is no step survey"),
            ("from: voter_list_published", "from: voter_list", "latest.from: there is no step voter_list"),
            ("stage: prepare", "stage: before", "stage: there is no stage before"),
            ("document: organic-law, article: 35", "document: old-law, article: 35", "old-law is not among"),
            (", source: &law14 {document: organic-law, article: 14}", "", "latest.source: is missing"),
            (", source: &law11 {document: organic-law, article: 11}", "", "term_years.source: is missing"),
            ("depends_on: [registration_notice]", "depends_on: [registration_done]", "goes in a circle"),
            ("depends_on: [registration_notice]", "depends_on: [voter_list_final]", "goes in a circle"),
            ("if_needed: true", "if_needed: 1", "if_needed: "),
            ("staffed: true", "staffd: true", "staffd: is not a known key"),
            ("  village_affairs_published:", "  audit_published:", "steps.audit_published: is given twice"),
            ("      days: -1\n", "      days: -1.5\n", "audit_published.latest.days: "),
            ("guards: [roll]", "guards: [rolls]", "voter_list_published.guards[0]: "),
            ("recorded_by: [township]", "recorded_by: [mayor]", "audit_published.recorded_by[0]: "),
            (
                "      from: election_day\n",
                "      from: occasion_day\n",
                "audit_published.latest.from: a general election follows nothing",
            ),
            (
                "{from: election_day, days: 0, source: {document: party-election-rules, article: 21}}",
                "{from: occasion_day, days: 0, source: {document: party-election-rules, article: 21}}",
                "two_recommendations.steps.candidates_introduced.latest.from: a general election follows",
            ),
            (
                "modes: [open_recommendation]",
                "modes: [two_recommendations]",
                "courses.open_recommendation.modes[0]: two_recommendations has the general election",
            ),
            (
                "modes: [two_recommendations]",
                "modes: [nominated]",
                "courses.two_recommendations.modes[0]: the party_branch is not elected in the mode nominated",
            ),
            (
                "modes: [self_nominated]",
                "modes: [open_recommendation]",
                "self_nomination_closed.modes[0]: the villagers_committee is not elected in the mode open",
            ),
            ("modes: [two_recommendations]", "modes: []", "courses.two_recommendations.modes: "),
            (
                "  two_recommendations:\n",
                "  lots_drawn: {body: party_branch, occasion: further, title: {zh: 抽签, en: Lots},"
                " modes: [two_recommendations], stages: {}, steps: {}}\n  two_recommendations:\n",
                "courses.lots_drawn.steps: there is no step vote_held",
            ),
            (
                "  two_recommendations:\n",
                "  general:\n",
                "courses.general: is the name of the rulebook's own",
            ),
        ],
    )
    def test_with_file_and_line(self, tmp_path, old, new, told):
        text = (DIRECTORY / "national-2018.yaml").read_text(encoding="utf-8")
        assert old in text
        number = text[: text.index(old)].count("\n") + 1
        text = text.replace("source: *law14", "source: {document: organic-law, article: 14}")
        path = tmp_path / "national-2018.yaml"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(RulebookError) as caught:
            read_procedure(path)
        line = str(caught.value).splitlines()[0]
        assert told in line
        if "circle" not in told:
            assert line.startswith("national-2018.yaml:")
            assert int(line.split(":")[1]) - number in (0, 1)

    def test_a_general_election_of_the_committee_beside_the_rulebook_s_own(self, tmp_path):
        text = (DIRECTORY / "national-2018.yaml").read_text(encoding="utf-8")
        path = tmp_path / "national-2018.yaml"
        path.write_text(text.replace("    occasion: new\n", "    occasion: general\n"), encoding="utf-8")
        with pytest.raises(RulebookError) as caught:
            read_procedure(path)
        told = "the general election of the villagers_committee, nominated, already"
        assert f"courses.new_election.modes[0]: general has {told}" in str(caught.value)

    def test_a_mistake_in_a_province_s_course_names_the_province_s_file(self, tmp_path):
        for name in ("national-2018", "beijing-2012"):
            text = (DIRECTORY / f"{name}.yaml").read_text(encoding="utf-8")
            text = text.replace("{from: occasion_day, days: 15,", "{from: the_day, days: 15,")
            (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        with pytest.raises(RulebookError) as caught:
            read_procedure(tmp_path / "beijing-2012.yaml")
        number = text[: text.index("the_day")].count("\n") + 1
        where = f"beijing-2012.yaml:{number}: courses.further_election.steps.vote_held.latest.from"
        assert str(caught.value) == f"{where}: there is no step the_day"
