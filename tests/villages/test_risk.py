"""Risk ratings: the score, the bands, the floors, and what would ease a village's election."""

import io
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from election_admin.rulebooks.risk_models import load_risk_model
from villages.law import risk_model
from villages.management.commands.rate_risk import Command
from villages.rules.risk import Band, FactorLaw, Floor, RiskModel, UnreadableAnswer, rate
from villages.wording import contribution_sentence, easing_sentence, rating_sentence

SCENARIOS = Path(__file__).parents[1] / "scenarios" / "risk.yaml"
MODEL = risk_model("default-2026")
SOURCE = load_risk_model("default-2026")
CODES = tuple(each.code for each in MODEL.factors)
CALM: dict[str, int | None] = dict.fromkeys(CODES, 0)


def rated(**levels):
    return rate(model=MODEL, answers={**CALM, **levels})


def command(text):
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        call_command(Command(), stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.parametrize("case", yaml.safe_load(SCENARIOS.read_text()), ids=lambda c: c["name"])
def test_scenarios(case):
    answer = command(json.dumps(case["case"]))
    assert {key: answer[key] for key in case["expect"]} == case["expect"]


class TestScore:
    def test_it_counts_only_factors_with_a_level(self):
        rating = rate(model=MODEL, answers={"clan_factions": 2, "voters_away": 3, "weak_team": None})
        assert rating.exact_score == Fraction(100 * (4 * 2 + 1 * 3), 3 * (4 + 1))
        assert rating.score == Decimal("73.3")
        assert rating.completeness == Decimal("0.11")
        assert "weak_team" in rating.unanswered
        assert "voters_away" not in rating.unanswered

    def test_it_is_shown_to_one_decimal(self):
        # 100 × 1 ÷ (3 × 8) = 4.1666…
        model = model_of(FactorLaw("one", 1), FactorLaw("rest", 7))
        assert rate(model=model, answers={"one": 1, "rest": 0}).score == Decimal("4.2")

    def test_a_half_goes_up(self):
        # 100 × 3 ÷ (3 × 80) = 1.25, which a float's rounding would show as 1.2.
        model = model_of(FactorLaw("one", 1), FactorLaw("rest", 79))
        assert rate(model=model, answers={"one": 3, "rest": 0}).score == Decimal("1.3")


def model_of(*factors):
    return RiskModel(
        factors=factors,
        bands=((0, Band.SETTLED), (20, Band.ORDINARY), (40, Band.KEY), (60, Band.DIFFICULT)),
        least_completeness=Fraction(3, 5),
    )


class TestBands:
    @pytest.mark.parametrize(
        ("points", "band"),
        [
            (0, "settled"),
            (59, "settled"),
            (60, "ordinary"),
            (119, "ordinary"),
            (120, "key"),
            (179, "key"),
            (180, "difficult"),
            (300, "difficult"),
        ],
    )
    def test_each_begins_at_its_threshold(self, points, band):
        """Of 300 points: settled below 20 %, ordinary below 40, key below 60 (default-2026 art. 3)."""
        model = model_of(*(FactorLaw(f"f{n}", 1) for n in range(100)))
        answers = {f"f{n}": min(3, max(0, points - 3 * n)) for n in range(100)}
        assert rate(model=model, answers=answers).band == band

    def test_the_exact_score_decides_not_the_rounded_one(self):
        # 599 of 3000 points: 19.97, shown as 20.0, and still settled.
        model = model_of(FactorLaw("a", 199), FactorLaw("b", 2), FactorLaw("c", 799))
        rating = rate(model=model, answers={"a": 3, "b": 1, "c": 0})
        assert (rating.score, rating.band) == (Decimal("20.0"), Band.SETTLED)

    def test_the_exact_completeness_decides_not_the_rounded_one(self):
        """28 of 47 are 0.5957: shown as 0.60, and still too little (default-2026 art. 2)."""
        # The first eleven weigh 27, voters_away 1.
        answers: dict[str, int | None] = dict.fromkeys([*CODES[:11], "voters_away"], 0)
        rating = rate(model=MODEL, answers=answers)
        assert (rating.completeness, rating.band) == (Decimal("0.60"), Band.UNRATED)
        enough = rate(model=MODEL, answers={**answers, "incomplete_team": None, "bribery_signs": 0})
        assert enough.band is Band.SETTLED

    def test_six_tenths_exactly_is_enough(self):
        model = model_of(FactorLaw("a", 3), FactorLaw("b", 2))
        assert rate(model=model, answers={"a": 0}).band is Band.SETTLED
        assert rate(model=model, answers={"b": 0}).band is Band.UNRATED


class TestFloors:
    """default-2026 art. 4."""

    @pytest.mark.parametrize(
        ("factor", "level", "band", "floors"),
        [
            ("no_last_election", 1, "settled", ()),
            ("no_last_election", 2, "key", ("no_last_election",)),
            ("no_last_election", 3, "key", ("no_last_election",)),
            ("clan_factions", 2, "settled", ()),
            ("clan_factions", 3, "difficult", ("clan_factions",)),
            ("bribery_signs", 3, "difficult", ("bribery_signs",)),
            ("public_order", 3, "difficult", ("public_order",)),
            ("weak_team", 3, "settled", ()),
        ],
    )
    def test_each(self, factor, level, band, floors):
        rating = rated(**{factor: level})
        assert (rating.band, rating.floors) == (band, floors)
        assert rating.computed_band is Band.SETTLED

    def test_all_that_lift_are_named_in_the_models_order(self):
        rating = rated(public_order=3, no_last_election=2)
        assert rating.floors == ("no_last_election", "public_order")
        assert rating.band is Band.DIFFICULT

    def test_a_floor_no_higher_than_the_score_is_not_named(self):
        severe = rate(model=MODEL, answers=dict.fromkeys(CODES, 3))
        assert (severe.band, severe.floors) == (Band.DIFFICULT, ())

    def test_an_unrated_village_is_lifted(self):
        rating = rate(model=MODEL, answers={"bribery_signs": 3})
        assert (rating.computed_band, rating.band) == (Band.UNRATED, Band.DIFFICULT)


class TestWhatLiesBehind:
    def test_shares_add_up_to_the_score(self):
        rating = rated(clan_factions=3, weak_team=2, voters_away=1)
        assert sum(each.share for each in rating.contributions) == rating.exact_score
        clan = next(each for each in rating.contributions if each.factor == "clan_factions")
        assert (clan.points, clan.most, clan.level) == (12, 12, 3)

    def test_easings_put_the_lowest_band_first(self):
        rating = rated(clan_factions=3, weak_team=3, repeated_petitions=3, tense_relations=3)
        assert rating.easings[0].factor == "clan_factions"
        assert rating.easings[0].band is Band.SETTLED
        assert rating.easings[1].band is Band.DIFFICULT
        assert {each.factor for each in rating.easings} == {
            "clan_factions",
            "weak_team",
            "repeated_petitions",
            "tense_relations",
        }

    def test_in_words(self):
        rating = rated(clan_factions=3)
        clan = next(each for each in rating.contributions if each.factor == "clan_factions")
        assert contribution_sentence(clan, source=SOURCE) == (
            "宗族派性严重：3级（严重），权重4，得12分（满分12分）。"
        )
        assert rating_sentence(rating, source=SOURCE) == (
            "总分8.5分，为放心村。已填项权重47（共47）。因“宗族派性严重”达到底线，定为难点村。"
        )
        assert easing_sentence(rating.easings[0], source=SOURCE) == (
            "化解“宗族派性严重”后，总分为0.0分，放心村。"
        )
        nothing = rate(model=MODEL, answers={})
        assert rating_sentence(nothing, source=SOURCE) == "各项均未填写，暂不评定。"
        assert "尚未填写" in contribution_sentence(nothing.contributions[0], source=SOURCE)
        little = rate(model=MODEL, answers={"weak_team": 1})
        assert "资料不足" in rating_sentence(little, source=SOURCE)


answers_of_any_village = st.fixed_dictionaries({code: st.none() | st.integers(0, 3) for code in CODES})


class TestProperties:
    @given(answers_of_any_village)
    def test_figures_stay_in_their_ranges(self, answers):
        rating = rate(model=MODEL, answers=answers)
        assert rating.score is None or 0 <= rating.score <= 100
        assert 0 <= rating.completeness <= 1
        assert rating.band.rank >= rating.computed_band.rank
        assert bool(rating.floors) == (rating.band is not rating.computed_band)

    @given(answers_of_any_village, st.sampled_from(CODES), st.integers(0, 2))
    def test_a_higher_level_never_lowers_the_rating(self, answers, factor, level):
        lower = rate(model=MODEL, answers={**answers, factor: level})
        higher = rate(model=MODEL, answers={**answers, factor: level + 1})
        assert lower.exact_score is not None
        assert higher.exact_score is not None
        assert higher.exact_score > lower.exact_score
        assert higher.band.rank >= lower.band.rank

    @given(answers_of_any_village, st.sampled_from(CODES), st.integers(0, 3))
    def test_knowing_more_never_lowers_completeness(self, answers, factor, level):
        before = rate(model=MODEL, answers={**answers, factor: None})
        after = rate(model=MODEL, answers={**answers, factor: level})
        assert after.completeness >= before.completeness


class TestUnreadable:
    @pytest.mark.parametrize("level", [-1, 4, True, False, 2.0, "2"])
    def test_levels(self, level):
        with pytest.raises(UnreadableAnswer) as error:
            rate(model=MODEL, answers={"weak_team": level})
        assert error.value.factor == "weak_team"

    def test_factors(self):
        with pytest.raises(UnreadableAnswer, match="weather"):
            rate(model=MODEL, answers={"weather": 1})

    def test_models(self):
        with pytest.raises(ValueError, match="bands"):
            RiskModel(
                factors=(FactorLaw("a", 1),),
                bands=((10, Band.SETTLED),),
                least_completeness=Fraction(1),
            )
        with pytest.raises(ValueError, match="weight"):
            model_of(FactorLaw("a", 0, Floor(1, Band.KEY)))

    @pytest.mark.parametrize(
        ("case", "key"),
        [
            ({"model": "default-2026", "answers": {"weather": 1}}, "answers.weather"),
            ({"model": "default-2026", "answers": {"weak_team": 4}}, "answers.weak_team"),
            ({"model": "default-2026", "answers": {"weak_team": -1}}, "answers.weak_team"),
            ({"model": "default-2026", "answers": {"weak_team": True}}, "answers.weak_team"),
            ({"model": "default-2026", "answers": {"weak_team": "1"}}, "answers.weak_team"),
            ({"model": "default-2026", "answers": {"weak_team": 1.5}}, "answers.weak_team"),
            ({"model": "default-2026", "answers": []}, "answers"),
            ({"model": "default-2026"}, "answers"),
            ({"model": "default-1999", "answers": {}}, "model"),
            ({"model": "../x", "answers": {}}, "model"),
            ({"answers": {}}, "model"),
            ({"model": "default-2026", "answers": {}, "surprise": 1}, "surprise"),
        ],
    )
    def test_cases(self, case, key):
        with pytest.raises(CommandError) as error:
            command(json.dumps(case))
        assert error.value.returncode == 2
        assert str(error.value).startswith(key)
        assert "\n" not in str(error.value)

    def test_the_place_in_a_list_of_cases_is_named(self):
        good = {"model": "default-2026", "answers": {}}
        with pytest.raises(CommandError, match=r"\[1\]\.answers\.weather"):
            command(json.dumps([good, {**good, "answers": {"weather": 1}}]))
