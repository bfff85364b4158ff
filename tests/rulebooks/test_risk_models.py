"""The risk model as it is shipped, and what a model may not say."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from election_admin.rulebooks import risk_models
from election_admin.rulebooks.loading import RulebookError, UnknownRulebook, read
from election_admin.rulebooks.risk_models import (
    RiskModel,
    load_risk_model,
    model_faults,
    risk_model_ids,
)
from villages.law import risk_model

FOLDER = Path(risk_models.__file__).with_name("risk")
MODEL = load_risk_model("default-2026")


def test_its_factors_weights_and_floors():
    assert [
        (each.code, each.weight, each.floor and (each.floor.level, each.floor.band)) for each in MODEL.factors
    ] == [
        ("no_last_election", 3, (2, "key")),
        ("incomplete_team", 2, None),
        ("weak_team", 3, None),
        ("tense_relations", 3, None),
        ("opaque_affairs", 3, None),
        ("poor_nobody_wants", 2, None),
        ("rich_fierce_contest", 3, None),
        ("low_capability", 2, None),
        ("legacy_problems", 2, None),
        ("demolition_merger", 2, None),
        ("harsh_style", 2, None),
        ("repeated_petitions", 3, None),
        ("clan_factions", 4, (3, "difficult")),
        ("ethnic_split", 2, None),
        ("bribery_signs", 4, (3, "difficult")),
        ("public_order", 3, (3, "difficult")),
        ("audit_problems", 3, None),
        ("voters_away", 1, None),
    ]
    assert sum(each.weight for each in MODEL.factors) == 47


def test_its_bands_and_completeness():
    assert [(each.code, each.start) for each in MODEL.bands] == [
        ("settled", 0),
        ("ordinary", 20),
        ("key", 40),
        ("difficult", 60),
    ]
    assert risk_model("default-2026").least_completeness == Fraction(60, 100)


def test_what_the_system_proposes_from_its_records():
    assert {each.code: each.proposed_from for each in MODEL.factors if each.proposed_from} == {
        "opaque_affairs": "audits",
        "legacy_problems": "disputes",
        "repeated_petitions": "petitions",
        "bribery_signs": "incidents",
        "public_order": "incidents",
        "audit_problems": "audits",
        "voters_away": "profile",
    }


def test_every_level_says_what_it_looks_like():
    for factor in MODEL.factors:
        sentences = [factor.levels[level] for level in range(4)]
        assert len({each.zh for each in sentences}) == 4
        assert len({each.en for each in sentences}) == 4
        assert all(each.zh.endswith("。") and each.en.endswith(".") for each in sentences)


def test_ids():
    assert "default-2026" in risk_model_ids()
    assert load_risk_model("default-2026") is MODEL
    with pytest.raises(UnknownRulebook):
        load_risk_model("default-1999")
    with pytest.raises(KeyError):
        MODEL.factor("weather")


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        (replace(MODEL, bands=MODEL.bands[::-1]), "must be settled"),
        (replace(MODEL, bands=(replace(MODEL.bands[0], start=1), *MODEL.bands[1:])), "start at 0"),
        (replace(MODEL, factors=(*MODEL.factors, MODEL.factors[0])), "given twice"),
        (replace(MODEL, documents={}), "is not in documents"),
    ],
)
def test_parts_that_do_not_fit_together(changed, what):
    assert any(what in fault.what for fault in model_faults(changed))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    weight: 4\n", "    weight: 0\n"),
        ("    weight: 4\n", "    wieght: 4\n"),
        ("    weight: 4\n", "    weight: 4\n    weight: 3\n"),
        ("start: 20", "start: 120"),
        ("level: 2, band: key", "level: 4, band: key"),
        ("      severe:", "      worst:"),
    ],
)
def test_a_file_with_a_fault_is_refused_with_its_line(tmp_path, old, new):
    text = (FOLDER / "default-2026.yaml").read_text()
    copy = tmp_path / "county.yaml"
    copy.write_text(text.replace(old, new, 1))
    with pytest.raises(RulebookError, match=r"county\.yaml:\d+: "):
        read(copy, RiskModel, check=model_faults)
