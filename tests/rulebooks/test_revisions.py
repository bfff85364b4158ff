"""A rulebook with changed numbers: what can be changed, what is cited, what no longer holds together."""

import pytest

from election_admin.rulebooks.procedures import load_procedure, procedure_ids
from election_admin.rulebooks.revisions import (
    Change,
    UnsoundRevision,
    contradictions,
    numbers_of,
    revised,
    settings_of,
)
from election_admin.rulebooks.values import Source

LIST = "steps.voter_list_published.latest.days"
FINAL = "steps.final_list_published.latest.days"
PROXIES = "parameters.proxies_per_holder.value"


def change(path, old, new, **values):
    return Change(
        **{
            "path": path,
            "old": old,
            "new": new,
            "document": "关于做好村级组织换届选举工作的实施意见",
            "article": "6",
            "rank": "arrangement",
        }
        | values
    )


@pytest.fixture
def zhejiang():
    return load_procedure("zhejiang-2020")


@pytest.mark.parametrize("rulebook", procedure_ids())
class TestEveryRulebook:
    def test_holds_together(self, rulebook):
        """A step that no day can satisfy would stop every election of the province."""
        assert list(contradictions(load_procedure(rulebook))) == []

    def test_offers_numbers_that_have_a_source(self, rulebook):
        """Article numbers and the order of steps are no numbers of the law."""
        numbers = {number.path: number.value for number in numbers_of(load_procedure(rulebook))}
        assert numbers[LIST] == -20
        assert not [path for path in numbers if path.endswith("article")]

    def test_each_number_can_be_changed_and_says_so(self, rulebook):
        """What the form offers must not be refused as unknown."""
        law = load_procedure(rulebook)
        for number in numbers_of(law):
            assert settings_of(law, [], number.path)[-1].value == number.value
            try:
                revised(law, [change(number.path, number.value, number.value + 1)])
            except UnsoundRevision as error:
                assert error.code not in {"no_number", "not_what_stands_there"}, number


class TestRevised:
    def test_without_changes_is_the_rulebook(self, zhejiang):
        assert revised(zhejiang, []) is zhejiang

    def test_changes_the_number_and_cites_its_document(self, zhejiang):
        """A date shown without the paper it now comes from could not be checked."""
        deadline = revised(zhejiang, [change(LIST, -20, -28)]).steps["voter_list_published"].latest
        assert deadline.days == -28
        assert deadline.source == Source(document="change-1", article=6)
        assert deadline.note.zh == "改动前依据：《浙江省村民委员会选举办法》第十四条。"
        assert zhejiang.steps["voter_list_published"].latest.days == -20

    def test_cites_as_the_rulebook_does(self, zhejiang):
        law = revised(zhejiang, [change(LIST, -20, -28), change(PROXIES, 3, 2, article="工作要求")])
        title = "《关于做好村级组织换届选举工作的实施意见》"
        assert law.cite(law.steps["voter_list_published"].latest.source) == f"{title}第六条"
        assert law.cite(law.parameters.proxies_per_holder.source) == f"{title}工作要求"

    def test_keeps_every_other_source(self, zhejiang):
        law = revised(zhejiang, [change(LIST, -20, -28)])
        assert law.steps["final_list_published"] == zhejiang.steps["final_list_published"]
        assert law.documents["change-1"].rank == "arrangement"

    def test_goes_on_from_the_change_before(self, zhejiang):
        law = revised(zhejiang, [change(LIST, -20, -28), change(LIST, -28, -25)])
        assert law.steps["voter_list_published"].latest.days == -25
        with pytest.raises(UnsoundRevision) as refused:
            revised(zhejiang, [change(LIST, -20, -28), change(LIST, -20, -25)])
        assert refused.value.code == "not_what_stands_there"

    @pytest.mark.parametrize(
        "path",
        [
            "steps.nothing.latest.days",
            "steps.voter_list_published.latest.source.article",
            "steps.voter_list_published.latest",
            "documents.organic-law.rank",
            "parameters.women_required.value",
            "parameters",
            "",
            "id",
        ],
    )
    def test_refuses_what_is_no_number(self, zhejiang, path):
        with pytest.raises(UnsoundRevision) as refused:
            revised(zhejiang, [change(path, -20, -28)])
        assert refused.value.code == "no_number"
        assert settings_of(zhejiang, [], path) == ()

    @pytest.mark.parametrize(
        ("path", "old", "new", "code"),
        [
            ("parameters.seats.value.least", 3, 8, "least_above_most"),
            ("parameters.party_surplus.value.numerator", 1, 6, "share_above_one"),
            ("parameters.elected_above.value.denominator", 2, 0, "out_of_bounds"),
            ("parameters.vacancy.value.after_round", 2, 3, "out_of_bounds"),
            ("steps.vote_held.latest.days", 0, -1, "earliest_after_latest"),
            ("steps.objections_closed.latest.days", 5, 4, "open_beyond_latest"),
            ("steps.objections_closed.open_until.days", 5, 6, "open_beyond_latest"),
        ],
    )
    def test_refuses_what_does_not_hold_together(self, zhejiang, path, old, new, code):
        with pytest.raises(UnsoundRevision) as refused:
            revised(zhejiang, [change(path, old, new)])
        assert refused.value.code == code

    @pytest.mark.parametrize(
        ("path", "old", "new"),
        [
            ("parameters.seats.value.least", 3, 7),
            ("parameters.party_surplus.value.numerator", 1, 5),
            ("steps.result_announced.latest.days", 1, 0),
        ],
    )
    def test_takes_what_just_holds_together(self, zhejiang, path, old, new):
        assert revised(zhejiang, [change(path, old, new)])


class TestSettings:
    """What each document has set a number to: the law, the province's rules, the county's papers."""

    def test_begin_with_the_law_of_the_land(self, zhejiang):
        settings = settings_of(zhejiang, [], LIST)
        assert [(one.value, one.rank) for one in settings] == [(-20, "law"), (-20, "local_rule")]
        assert settings[0].cited.zh == "《中华人民共和国村民委员会组织法》第十四条"

    def test_leave_out_what_the_law_does_not_set(self, zhejiang):
        assert [(one.value, one.rank) for one in settings_of(zhejiang, [], FINAL)] == [(-5, "local_rule")]

    def test_end_with_the_last_change(self, zhejiang):
        changes = [change(FINAL, -5, -7), change(LIST, -20, -28), change(FINAL, -7, -6, article="8")]
        settings = settings_of(zhejiang, changes, FINAL)
        assert [one.value for one in settings] == [-5, -7, -6]
        assert settings[-1].cited.zh == "《关于做好村级组织换届选举工作的实施意见》第八条"
