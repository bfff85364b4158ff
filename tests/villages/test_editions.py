"""A county's own edition of a rulebook: what a document may change, and who follows it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from ballots.actions.steps import record_step, undo_step
from election_admin.accounts.models import Role
from election_admin.journal.models import Entry
from election_admin.places.models import Place
from election_admin.rulebooks.loading import UnknownRulebook
from tests.cast import NOW, SEATS, TODAY, County, make_term, make_user
from villages.actions.editions import adopt_edition, follow_editions
from villages.actions.terms import set_election_day
from villages.models import Election, RulebookEdition
from villages.procedures import procedure_now, procedure_of
from villages.rules.editions import Standing, refusal, stricter

LIST = "steps.voter_list_published.latest.days"
FINAL = "steps.final_list_published.latest.days"
PROXIES = "parameters.proxies_per_holder.value"


def law(value, rank="law"):
    return Standing(value, rank, "《办法》第十八条")


class TestWhatALowerDocumentMayChange:
    """立法法: a lower document may be stricter than a higher one, never looser."""

    @pytest.mark.parametrize(
        ("path", "old", "stricter_one", "looser_one"),
        [
            # A city's final list on the fourth day before the vote, the provinces say the fifth.
            (FINAL, -5, -6, -4),
            # The same city's voter list on the twenty-eighth, the law says the twentieth (art. 14).
            (LIST, -20, -28, -19),
            ("courses.recall.steps.vote_held.latest.days", 30, 29, 31),
            ("steps.handover_done.earliest.days", 0, 1, -1),
            ("steps.objections_closed.open_until.days", 5, 6, 4),
            (PROXIES, 3, 2, 4),
            ("parameters.roving_box_scrutineers.value", 3, 4, 2),
            ("parameters.seats.value.least", 3, 5, 2),
            ("parameters.seats.value.most", 7, 5, 8),
            ("parameters.election_committee_size.value.least", 5, 7, 4),
            ("parameters.surplus.value.member.least", 1, 2, 0),
            ("parameters.surplus.value.chair.most", 2, 1, 3),
            ("parameters.party_seats.value.most", 7, 5, 8),
            ("parameters.party_surplus.value.numerator", 1, 2, 0),
            ("parameters.party_surplus.value.denominator", 5, 4, 6),
            ("parameters.vacancy.value.least_elected", 3, 4, 2),
        ],
    )
    def test_stricter_yes_looser_no(self, path, old, stricter_one, looser_one):
        """A county that gives people less time or less choice than the law breaks it in every village."""
        asked: dict[str, Any] = {"path": path, "settings": [law(old)], "rank": "arrangement"}
        assert refusal(new=stricter_one, **asked) is None
        refused = refusal(new=looser_one, **asked)
        assert (refused.code, refused.by.value) == ("looser", old)

    @pytest.mark.parametrize(
        "path",
        [
            "parameters.elected_above.value.numerator",
            "parameters.further_election_from.value.denominator",
            "parameters.turnout.value.more_than.numerator",
            "parameters.recall_asked_by_voters.value.denominator",
            "parameters.party_quorum.value.numerator",
            "parameters.voter_age.value",
            "parameters.residence_years.value",
            "parameters.term_years.value",
            "parameters.vacancy.value.after_round",
            # An earlier end takes away a right to stand, to decline, to entrust, to object.
            "steps.self_nomination_closed.latest.days",
            "steps.withdrawals_closed.latest.days",
            "steps.proxies_closed.latest.days",
            "steps.objections_closed.latest.days",
        ],
    )
    @pytest.mark.parametrize("by", [-1, 1])
    def test_what_is_neither_floor_nor_ceiling_stays(self, path, by):
        """Asking for more votes than the law keeps out whom the voters have elected (art. 15)."""
        assert stricter(path) is None
        assert refusal(path=path, settings=[law(3)], new=3 + by, rank="local_rule").code == "fixed"
        assert refusal(path=path, settings=[law(3)], new=3 + by, rank="law") is None

    @pytest.mark.parametrize(
        ("set_by", "changed_by", "allowed"),
        [
            ("law", "law", True),
            ("law", "local_rule", False),
            ("law", "arrangement", False),
            ("local_rule", "law", True),
            ("local_rule", "local_rule", True),
            ("local_rule", "arrangement", False),
            ("arrangement", "arrangement", True),
        ],
    )
    def test_who_may_loosen_what(self, set_by, changed_by, allowed):
        refused = refusal(path=FINAL, settings=[law(-5, set_by)], new=-4, rank=changed_by)
        assert (refused is None) is allowed

    def test_a_county_goes_back_on_its_own_no_farther_than_the_law(self):
        """Twice changed by the county, the number must not slip below what the province set."""
        settings = [law(-5, "local_rule"), law(-9, "arrangement")]
        assert refusal(path=FINAL, settings=settings, new=-5, rank="arrangement") is None
        assert refusal(path=FINAL, settings=settings, new=-4, rank="arrangement").by.rank == "local_rule"

    def test_a_province_is_held_to_the_law_behind_its_own_rules(self):
        """A province's rules may replace its own, not the law's twenty days (art. 14)."""
        settings = [law(-20), law(-25, "local_rule")]
        assert refusal(path=LIST, settings=settings, new=-20, rank="local_rule") is None
        assert refusal(path=LIST, settings=settings, new=-19, rank="local_rule").by.rank == "law"

    def test_a_new_law_takes_the_place_of_the_old(self):
        settings = [law(-20), law(-15)]
        assert refusal(path=LIST, settings=settings, new=-16, rank="arrangement") is None
        assert refusal(path=LIST, settings=settings, new=-14, rank="arrangement").by.value == -15

    def test_stricter_than_now_is_never_too_loose(self):
        """Where a province allows more than the law, a county may still draw closer to the law."""
        settings = [law(0), law(5, "local_rule")]
        path = "steps.result_announced.latest.days"
        assert refusal(path=path, settings=settings, new=3, rank="arrangement") is None


def adopt(cast: County, **changes: Any) -> RulebookEdition:
    values: dict[str, Any] = {
        "county": cast.county,
        "rulebook": "zhejiang-2020",
        "path": LIST,
        "new": -28,
        "document": "关于做好村级组织换届选举工作的实施意见",
        "article": "6",
        "rank": "arrangement",
        "in_force_from": TODAY,
        "remark": "",
        "actor": cast.administrator,
        "at": NOW,
    }
    return adopt_edition(**(values | changes))


def latest(election: Election, code: str) -> date | None:
    return election.steps.get(code=code).latest


def begin(county: County) -> None:
    """The first village records its first step."""
    step = county.election.steps.get(code="seats_decided")
    record_step(step=step, done_on=TODAY, remark="", actor=county.township_official, at=NOW)


@pytest.mark.django_db
class TestAdopting:
    def test_is_written_down_once_and_for_all(self, county):
        edition = adopt(county, remark="县选举办会议议定")
        assert (edition.number, edition.in_force_from) == (1, TODAY)
        assert edition.changes == [
            {
                "path": LIST,
                "old": -20,
                "new": -28,
                "document": "关于做好村级组织换届选举工作的实施意见",
                "article": "6",
                "rank": "arrangement",
                "remark": "县选举办会议议定",
            }
        ]
        entry = Entry.objects.get(verb="villages.adopt_edition")
        assert (entry.actor, entry.place) == (county.administrator, county.county)
        assert entry.after["changes"] == edition.changes
        assert entry.after["elections"] == 3
        assert entry.reason == "县选举办会议议定"

    def test_the_next_edition_keeps_what_the_one_before_changed(self, county):
        first = adopt(county)
        second = adopt(county, path=FINAL, new=-7)
        assert second.number == 2
        assert [one["new"] for one in second.changes] == [-28, -7]
        first.refresh_from_db()
        assert [one["new"] for one in first.changes] == [-28]

    def test_counties_number_their_own(self, county, neighbour):
        adopt(county)
        assert adopt(neighbour).number == 1
        assert not procedure_of(neighbour.election).documents.get("change-1")

    @pytest.mark.parametrize(
        "who", ["county_reviewer", "township_official", "committee_member", "court", "health"]
    )
    def test_is_the_administrators(self, county, who):
        with pytest.raises(PermissionDenied):
            adopt(county, actor=getattr(county, who))

    def test_is_for_the_own_county(self, county, neighbour):
        with pytest.raises(PermissionDenied):
            adopt(county, actor=neighbour.administrator)

    def test_an_administrator_above_the_county_may(self, county):
        city = Place.objects.get(code="3306")
        assert adopt(county, actor=make_user("city", Role.ADMINISTRATOR, city)).number == 1

    def test_only_a_county_has_editions(self, county):
        city = Place.objects.get(code="3306")
        with pytest.raises(ValidationError):
            adopt(county, county=city, actor=make_user("city", Role.ADMINISTRATOR, city))

    @pytest.mark.parametrize(
        ("changes", "field", "words"),
        [
            ({"path": "steps.nothing.latest.days"}, "path", "没有这个数"),
            ({"new": -20}, "new", "与现在的相同"),
            ({"document": " "}, "document", "请写明"),
            ({"article": ""}, "article", "请写明"),
            ({"path": "steps.vote_held.latest.days", "new": -1}, "new", "最早日期晚于最迟日期"),
            ({"path": "parameters.seats.value.least", "new": 8}, "new", "最少的人数多于最多的人数"),
        ],
    )
    def test_refuses_what_cannot_be(self, county, changes, field, words):
        with pytest.raises(ValidationError) as refused:
            adopt(county, **changes)
        assert words in refused.value.message_dict[field][0]
        assert not RulebookEdition.objects.exists()
        assert not Entry.objects.filter(verb="villages.adopt_edition").exists()

    def test_refuses_a_rulebook_that_is_none(self, county):
        with pytest.raises(UnknownRulebook):
            adopt(county, rulebook="atlantis-1999")

    def test_a_county_cannot_loosen_the_provinces_deadline(self, county):
        """浙江办法 art. 18: the final list by the fifth day before the vote, not the fourth."""
        with pytest.raises(ValidationError) as refused:
            adopt(county, path=FINAL, new=-4)
        assert refused.value.message_dict["new"] == [
            "县里的文件不能放宽法律、省级法规规定的期限：《浙江省村民委员会选举办法》第十八条规定"
            "最迟选举日前5日。如果规定本身已经修改，请填写修改它的文件，并如实选择文件级别。"
        ]
        assert adopt(county, path=FINAL, new=-4, rank="local_rule").number == 1

    @pytest.mark.parametrize(
        ("path", "new", "words"),
        [
            (PROXIES, 4, "《浙江省村民委员会选举办法》第二十五条规定不超过3"),
            ("parameters.roving_box_scrutineers.value", 2, "第二十四条规定不少于3"),
            ("parameters.elected_above.value.denominator", 3, "县里的文件不能改动：《浙江省"),
            ("steps.proxies_closed.latest.days", -7, "第二十五条规定最迟选举日前3日"),
        ],
    )
    def test_the_refusal_names_the_rule(self, county, path, new, words):
        with pytest.raises(ValidationError) as refused:
            adopt(county, path=path, new=new)
        assert words in refused.value.message_dict["new"][0]

    def test_a_province_cannot_loosen_the_law(self, county):
        """组织法 art. 14: twenty days, whatever a province's own rules say today."""
        with pytest.raises(ValidationError) as refused:
            adopt(county, new=-15, rank="local_rule")
        sentence = refused.value.message_dict["new"][0]
        assert "省级法规不能放宽法律规定的期限：《中华人民共和国村民委员会组织法》第十四条" in sentence
        assert adopt(county, new=-15, rank="law").number == 1

    def test_days_in_force_do_not_go_back(self, county):
        """An edition that came into force before the one it rests on would change the past."""
        adopt(county, in_force_from=TODAY)
        with pytest.raises(ValidationError) as refused:
            adopt(county, path=FINAL, new=-7, in_force_from=TODAY - timedelta(days=1))
        assert "第1版" in refused.value.message_dict["in_force_from"][0]
        assert adopt(county, path=FINAL, new=-7, in_force_from=TODAY).number == 2


@pytest.mark.django_db
class TestFollowing:
    """An election keeps the rules it began with; the others follow the newest."""

    def test_what_has_not_begun_is_dated_anew(self, county):
        """A village told the old day would publish its list eight days late by the county's paper."""
        assert latest(county.election, "voter_list_published") == date(2026, 11, 30)
        edition = adopt(county)
        assert latest(county.election, "voter_list_published") == date(2026, 11, 22)
        assert {one.edition for one in county.term.elections.all()} == {edition}

    def test_what_has_begun_keeps_its_edition_and_its_dates(self, county):
        begin(county)
        edition = adopt(county)
        county.election.refresh_from_db()
        assert county.election.edition is None
        assert latest(county.election, "voter_list_published") == date(2026, 11, 30)
        assert procedure_of(county.election).steps["voter_list_published"].latest.days == -20
        others = Election.objects.filter(term=county.term).exclude(pk=county.election.pk)
        assert {one.edition for one in others} == {edition}

    def test_begun_with_the_first_it_keeps_the_first(self, county):
        first = adopt(county)
        begin(county)
        adopt(county, path=FINAL, new=-7)
        county.election.refresh_from_db()
        assert county.election.edition == first
        assert latest(county.election, "final_list_published") == date(2026, 12, 15)

    def test_a_step_taken_back_has_not_begun_anything(self, county):
        begin(county)
        step = county.election.steps.get(code="seats_decided")
        undo_step(step=step, reason="登记错了", actor=county.township_official, at=NOW)
        edition = adopt(county)
        county.election.refresh_from_db()
        assert county.election.edition == edition

    def test_a_day_set_afterwards_is_reckoned_by_the_edition(self, county):
        adopt(county)
        election = Election.objects.get(place=county.second_village, term=county.term)
        set_election_day(
            election=election,
            election_day=date(2026, 12, 30),
            mode="nominated",
            seats=SEATS,
            actor=county.township_official,
            at=NOW,
        )
        assert latest(election, "voter_list_published") == date(2026, 12, 2)

    def test_terms_that_are_over_keep_theirs(self, county):
        county.term.current = False
        county.term.save()
        adopt(county)
        assert not Election.objects.filter(edition__isnull=False).exists()

    def test_a_term_by_another_rulebook_is_not_concerned(self, county):
        adopt(county, rulebook="shanghai-2020")
        assert not Election.objects.filter(edition__isnull=False).exists()

    def test_another_countys_elections_are_not_concerned(self, county, neighbour):
        adopt(county)
        assert not Election.objects.filter(term=neighbour.term, edition__isnull=False).exists()

    def test_a_term_opened_later_begins_with_it(self, county):
        edition = adopt(county)
        term = make_term(county.county, number=13)
        assert {one.edition for one in term.elections.all()} == {edition}

    def test_the_future_waits_for_its_day(self, county):
        """A paper in force from the tenth binds nobody on the ninth."""
        day = date(2026, 12, 10)
        edition = adopt(county, in_force_from=day)
        assert not Election.objects.filter(edition__isnull=False).exists()
        assert follow_editions(on=day - timedelta(days=1), at=NOW) == 0
        assert follow_editions(on=day, at=NOW + timedelta(days=9)) == 3
        assert latest(county.election, "voter_list_published") == date(2026, 11, 22)
        before, then = (procedure_now(county.term, on=one) for one in (day - timedelta(days=1), day))
        assert before.steps["voter_list_published"].latest.days == -20
        assert then.steps["voter_list_published"].latest.days == -28
        entry = Entry.objects.get(verb="villages.follow_edition")
        assert (entry.actor, entry.place, entry.object_id) == (None, county.county, str(edition.pk))
        assert entry.after == {"number": 1, "elections": 3}

    def test_a_second_morning_changes_nothing(self, county):
        adopt(county, in_force_from=date(2026, 12, 10))
        follow_editions(on=date(2026, 12, 10), at=NOW)
        entries = Entry.objects.count()
        assert follow_editions(on=date(2026, 12, 11), at=NOW) == 0
        assert Entry.objects.count() == entries

    def test_begun_before_the_day_it_keeps_the_old(self, county):
        adopt(county, in_force_from=date(2026, 12, 10))
        begin(county)
        assert follow_editions(on=date(2026, 12, 10), at=NOW) == 2
        county.election.refresh_from_db()
        assert county.election.edition is None

    def test_each_county_has_its_own_entry(self, county, neighbour):
        for one in (county, neighbour):
            adopt(one, in_force_from=date(2026, 12, 10))
        assert follow_editions(on=date(2026, 12, 10), at=NOW) == 6
        places = Entry.objects.filter(verb="villages.follow_edition").values_list("place__code", flat=True)
        assert sorted(places) == ["330604", "330683"]
