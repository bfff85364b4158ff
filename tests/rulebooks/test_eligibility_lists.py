"""The eligibility lists as they are shipped, and what a list may not say."""

from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest

from candidates.law import eligibility_law
from candidates.rules.facts import DATE_FACTS, FACTS
from candidates.wording import FACTS as FACT_TITLES
from election_admin.rulebooks import eligibility_lists
from election_admin.rulebooks.departments import department, load_departments
from election_admin.rulebooks.eligibility_lists import (
    EligibilityList,
    eligibility_list_ids,
    list_faults,
    load_eligibility_list,
)
from election_admin.rulebooks.loading import RulebookError, UnknownRulebook, read

FOLDER = Path(eligibility_lists.__file__).with_name("eligibility")
LIST_2013 = load_eligibility_list("five-situations-2013")
LIST_2018 = load_eligibility_list("situations-2018")


def test_the_ids():
    assert eligibility_list_ids() == ("five-situations-2013", "situations-2018")
    assert {load_eligibility_list(each).id for each in eligibility_list_ids()} == set(eligibility_list_ids())


@pytest.mark.parametrize("unknown", ["", "six", "../departments", "five-situations-2013.yaml"])
def test_an_unknown_id(unknown):
    with pytest.raises(UnknownRulebook):
        load_eligibility_list(unknown)


def test_it_is_loaded_once_and_cannot_be_changed():
    assert load_eligibility_list("five-situations-2013") is LIST_2013
    with pytest.raises(FrozenInstanceError):
        LIST_2013.year = 2014  # type: ignore[misc]
    with pytest.raises(TypeError):
        LIST_2013.documents["x"] = None  # type: ignore[index]


class Test2013:
    """虞政发〔2013〕72号 art. 16, applying 浙村换发〔2013〕4号."""

    def test_its_five_situations_and_years(self):
        assert [(each.item, each.code, each.term and each.term.years) for each in LIST_2013.situations] == [
            (1, "criminal_penalty", 5),
            (2, "family_planning", 5),
            (3, "gang_related", 3),
            (4, "party_discipline", None),
            (5, "incapacity", None),
        ]
        for each in LIST_2013.situations:
            assert (each.source.document, each.source.article) == ("application", 16)

    def test_party_sanctions(self):
        """纪律处分条例 arts. 10-13."""
        assert [(each.code, each.months, each.source.article) for each in LIST_2013.sanctions] == [
            ("warning", 12, 10),
            ("serious_warning", 18, 10),
            ("removal", 24, 11),
            ("probation", 24, 12),
            ("expulsion", 60, 13),
        ]

    def test_who_answers(self):
        assert {each.code: set(each.departments) for each in LIST_2013.situations} == {
            "criminal_penalty": {"court", "procuratorate", "public_security", "justice"},
            "family_planning": {"health"},
            "gang_related": {"public_security", "political_legal", "discipline"},
            "party_discipline": {"discipline", "organisation"},
            "incapacity": {"civil_affairs", "health"},
        }

    def test_all_twelve_must_answer(self):
        codes = tuple(each.code for each in load_departments())
        assert len(codes) == 12
        assert LIST_2013.departments.value == codes

    def test_it_says_that_population_law_has_changed(self):
        assert any("2021" in note.zh and "2021" in note.en for note in LIST_2013.notes)

    def test_lodging_a_petition_is_no_ground(self):
        assert not any("petitions" in each.departments for each in LIST_2013.situations)


class Test2018:
    def test_its_six_items(self):
        assert [(each.item, each.code) for each in LIST_2018.situations] == [
            (1, "criminal_penalty"),
            (2, "party_discipline"),
            (3, "village_bully"),
            (4, "gang_related"),
            (4, "cult_membership"),
            (5, "incapacity"),
            (6, "undertaking_refused"),
        ]
        assert not LIST_2018.verified

    def test_removal_or_heavier_two_years(self):
        assert {each.code: each.months for each in LIST_2018.sanctions} == {
            "warning": None,
            "serious_warning": None,
            "removal": 24,
            "probation": 24,
            "expulsion": 24,
        }


@pytest.mark.parametrize("list_id", eligibility_list_ids())
def test_the_rules_know_every_fact_and_can_use_the_list(list_id):
    law = eligibility_law(list_id)
    assert {fact for each in law.situations for fact in each.facts} <= set(FACTS)
    assert {each.since for each in law.sanctions} <= set(DATE_FACTS)
    assert set(FACTS) <= set(FACT_TITLES)
    assert law.voting_age == 18  # 村民委员会组织法 art. 13


def first(**changes):
    situation = replace(LIST_2013.situations[0], **changes)
    return replace(LIST_2013, situations=(situation, *LIST_2013.situations[1:]))


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        (first(code="incapacity"), "given twice"),
        (first(code="long_absence"), "given twice"),
        (first(departments=("weather",)), "weather is not among"),
        (first(term=None), "ends with a term"),
        (first(ends="never"), "ends with a term"),
        (first(facts=("sentenced_on",)), "not among the facts"),
        (first(ends="sanction"), "ends with a term"),
        (replace(LIST_2013, sanctions=()), "has no sanctions"),
        (replace(LIST_2013, documents={}), "is not in documents"),
    ],
)
def test_parts_that_do_not_fit_together(changed, what):
    assert any(what in fault.what for fault in list_faults(changed))


def test_the_shipped_lists_fit_together():
    assert [*list_faults(LIST_2013), *list_faults(LIST_2018)] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("      years: 5\n", "      years: 0\n"),
        ("      years: 5\n", "      yeers: 5\n"),
        ("      years: 5\n", "      years: 5\n      years: 6\n"),
        ("departments: [court,", "departments: [weather,"),
        ("months: 18", "months: '18'"),
        ("      undated: holds", "      undated: perhaps"),
    ],
)
def test_a_file_with_a_fault_is_refused_with_its_line(tmp_path, old, new):
    text = (FOLDER / "five-situations-2013.yaml").read_text()
    copy = tmp_path / "county.yaml"
    copy.write_text(text.replace(old, new, 1))
    with pytest.raises(RulebookError, match=r"county\.yaml:\d+: "):
        read(copy, EligibilityList, check=list_faults)


def test_departments_have_both_languages():
    assert department("petitions").title.zh == "信访"
    assert all(each.title.en and each.body.zh for each in load_departments())
    with pytest.raises(KeyError):
        department("weather")
