"""Candidates by Excel: whom a row means, what it does, what is kept of it."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from candidates.actions import people
from candidates.imports.candidate_writing import write_candidates
from candidates.imports.candidates import CandidateReader
from candidates.models import Assessment, Candidacy, Nomination, Person
from election_admin.imports.registry import Change
from election_admin.journal.models import Entry
from election_admin.journal.record import verify
from tests.candidates.conftest import BORN, make_candidate, make_id_number
from tests.candidates.importing import bring_in, changes, faults, read, row
from tests.candidates.test_lists import open_election
from tests.cast import NOW, make_term
from villages.models import Election

pytestmark = pytest.mark.django_db
SECOND = make_id_number(order=13)


class TestNew:
    def test_is_entered_as_by_hand(self, county, neighbour):
        """A candidate from a file and one from the form are the same, to the last field."""
        bring_in(county, row())
        by_hand = make_candidate(neighbour, actor=neighbour.township_official)
        imported = Candidacy.objects.get(election=county.election)

        for name in ("post", "how", "nominated_on", "supporters", "votes", "state", "standing", "verdict"):
            assert getattr(imported, name) == getattr(by_hand, name), name
        for name in (*Person.recorded_fields, "id_hash", "initials"):
            assert getattr(imported.person, name) == getattr(by_hand.person, name), name
        for name in ("post", "how", "nominated_on", "supporters", "supporter_names", "withdrawn_at"):
            assert getattr(imported.nominations.get(), name) == getattr(by_hand.nominations.get(), name), name
        assert imported.nominations.get().recorded_by == county.township_official

    def test_is_judged(self, county):
        bring_in(county, row())
        assessment = Assessment.objects.get()

        assert assessment.cause == "candidates.import_candidates"
        assert assessment.cause_title == "导入候选人"
        assert assessment.caused_by == county.township_official
        assert assessment.verdict == "not_established"

    def test_number_gives_birthday_and_sex(self, county):
        bring_in(county, row(born=None, sex=None))

        assert (Person.objects.get().born, Person.objects.get().sex) == (BORN, "male")

    def test_without_a_number(self, county):
        bring_in(county, row(id_number=None))

        assert Person.objects.get().id_hash == ""

    def test_optional_cells_left_empty(self, county):
        bring_in(county, row(ethnicity=None, education=None, registered_voter=None))
        candidacy = Candidacy.objects.get()

        assert candidacy.person.ethnicity == ""
        assert candidacy.standing["registered_voter"] is None

    def test_names_of_supporters_are_counted(self, county):
        bring_in(county, row(supporters=None, supporter_names="张三、李四，王五"))
        nomination = Nomination.objects.get()

        assert (nomination.supporters, nomination.supporter_names) == (3, ["张三", "李四", "王五"])
        assert Candidacy.objects.get().supporters == 3

    def test_votes(self, county):
        bring_in(county, row(votes=214))
        candidacy = Candidacy.objects.get()

        assert (candidacy.votes, candidacy.votes_by_post) == (214, {"chair": 214})

    @pytest.mark.parametrize("village", ["桃园村", "桃园", " 桃园 村 ", "桃园村村民委员会", "330604101201"])
    def test_village_by_name_or_code(self, county, village):
        assert changes(read(county, row(village=village))) == ["new"]

    def test_a_person_the_village_knows_from_another_term(self, county):
        """One row a person: their earlier candidacies stay theirs."""
        earlier = make_candidate(county, education="初中")
        county.term.current = False
        county.term.save()
        county.term = make_term(county.county, number=13)
        county.election = open_election(county, county.village)
        bring_in(county, row())

        assert Person.objects.get().education == "高中"
        assert set(Candidacy.objects.values_list("election", flat=True)) == {
            earlier.election_id,
            county.election.pk,
        }


class TestSame:
    def test_what_was_entered_by_hand(self, county, candidacy):
        assert changes(read(county, row())) == ["same"]

    def test_what_was_imported(self, county):
        rows = [
            row(votes=12, supporters=None, supporter_names="张三、李四"),
            row(post="member", how="self", supporters=None),
        ]
        bring_in(county, *rows)

        assert changes(read(county, *rows)) == ["same", "same"]

    def test_empty_cells_say_nothing(self, county, candidacy):
        empty = row(
            sex=None,
            id_number=None,
            ethnicity=None,
            education=None,
            supporters=None,
            registered_voter=None,
        )
        assert changes(read(county, empty)) == ["same"]

    @pytest.mark.parametrize("state", ["in_review", "final", "declined", "struck_off", "not_listed"])
    def test_whoever_has_been_moved_on(self, county, candidacy, state):
        """A list exported late in the election is read back without a fault."""
        Candidacy.objects.update(state=state)

        assert changes(read(county, row())) == ["same"]

    def test_after_the_vote(self, county, candidacy):
        Election.objects.filter(pk=county.election.pk).update(stage="after")

        assert changes(read(county, row())) == ["same"]

    def test_writes_nothing(self, county, candidacy):
        before = Entry.objects.count(), Assessment.objects.count()
        bring_in(county, row())

        assert (Entry.objects.count(), Assessment.objects.count()) == before


class TestChanged:
    @pytest.mark.parametrize(
        ("cell", "value", "shown"),
        [
            ("education", "大专", "高中 → 大专"),
            ("ethnicity", "回族", "汉族 → 回族"),
            ("party_member", "no", "是 → 否"),
            ("name", "王大川", "王大山 → 王大川"),
            ("nominated_on", date(2026, 11, 29), "2026-11-28 → 2026-11-29"),
            ("supporters", 31, "30 → 31"),
            ("votes", 200, "— → 200"),
            ("registered_voter", "no", "●●● → ●●●"),
            ("deprived_of_political_rights", "yes", "●●● → ●●●"),
        ],
    )
    def test_says_which_field(self, county, candidacy, cell, value, shown):
        [one] = read(county, row(**{cell: value}))

        assert one.change == Change.CHANGED
        assert one.shown[cell] == shown
        assert [name for name, text in one.shown.items() if "→" in text] == [cell]

    def test_is_written_and_judged_anew(self, county, candidacy):
        bring_in(
            county,
            row(
                name="王大川",
                education="大专",
                nominated_on=date(2026, 11, 29),
                supporters=None,
                supporter_names="张三、李四",
                votes=9,
                deprived_of_political_rights="yes",
            ),
        )
        candidacy = Candidacy.objects.get()

        assert (candidacy.person.name, candidacy.person.initials) == ("王大川", "wy,dt,c")
        assert candidacy.person.education == "大专"
        assert (candidacy.nominated_on, candidacy.supporters, candidacy.votes) == (date(2026, 11, 29), 2, 9)
        assert candidacy.nominations.get().supporter_names == ["张三", "李四"]
        assert candidacy.verdict == "disqualified"
        assert Assessment.objects.filter(candidacy=candidacy, current=True).get().was == "not_established"

    def test_a_number_that_has_become_known(self, county):
        make_candidate(county, id_number="")
        [one] = bring_in(county, row())

        assert one.shown["id_number"] == f"— → 330604********{make_id_number()[-4:]}"
        assert Person.objects.get().id_number == make_id_number()

    def test_found_by_name_and_birthday(self, county, candidacy):
        assert changes(read(county, row(id_number=None, education="大专"))) == ["changed"]

    def test_only_what_changes_is_touched(self, county, candidacy):
        number = Person.objects.get().id_number
        bring_in(county, row(id_number=None, education="大专"))

        assert Person.objects.get().id_number == number
        assert Nomination.objects.get().nominated_on == date(2026, 11, 28)


class TestSeveralNominations:
    def test_another_post_adds_a_nomination(self, county, candidacy):
        [one] = bring_in(county, row(post="member", supporters=12))

        assert one.change == Change.CHANGED
        assert one.shown["post"] == "委员（增加提名）"
        assert set(candidacy.nominations.values_list("post", "supporters")) == {("chair", 30), ("member", 12)}
        candidacy.refresh_from_db()
        assert (candidacy.post, candidacy.supporters) == ("chair", 30)

    def test_another_way_adds_a_nomination(self, county, candidacy):
        bring_in(county, row(how="party", supporters=None))

        assert candidacy.nominations.count() == 2

    def test_two_rows_for_somebody_new(self, county):
        bring_in(county, row(), row(post="member", supporters=40))
        candidacy = Candidacy.objects.get()

        assert candidacy.post == "chair"
        assert candidacy.nominations.count() == 2
        assert Person.objects.count() == Assessment.objects.count() == 1

    def test_votes_by_post(self, county):
        bring_in(county, row(votes=100), row(post="member", votes=250))
        candidacy = Candidacy.objects.get()

        assert candidacy.votes_by_post == {"chair": 100, "member": 250}
        assert candidacy.votes == candidacy.votes_by_post[candidacy.post]

    def test_where_several_are_alike_it_is_not_guessed(self, county, candidacy):
        """Two groups of villagers may nominate one person for one post."""
        Nomination.objects.create(
            candidacy=candidacy,
            post="chair",
            how="joint",
            nominated_on=date(2026, 11, 29),
            supporters=20,
            recorded_at=NOW,
        )
        exact = read(county, row(nominated_on=date(2026, 11, 29), supporters=20), row())

        assert changes(exact) == ["same", "same"]
        assert "到其页面更正" in faults(read(county, row(supporters=21))[0])["how"]

    def test_for_the_committee_and_the_party_branch(self, county):
        """One may stand for both bodies of one village."""
        branch = open_branch_election(county)
        bring_in(
            county,
            row(election="villagers_committee.general"),
            row(election="party_branch.general", post="secretary", how="party", supporters=None),
        )
        assert Person.objects.count() == 1
        assert set(Candidacy.objects.values_list("election", "post")) == {
            (county.election.pk, "chair"),
            (branch.pk, "secretary"),
        }


def open_branch_election(county) -> Election:
    branch = Election.objects.create(
        place=county.village,
        term=county.term,
        body="party_branch",
        mode="two_recommendations",
        election_day=date(2026, 12, 15),
    )
    branch.seats.create(post="secretary", seats=1, rank=1)
    return branch


class TestJournal:
    def test_each_has_an_entry_with_before_and_after(self, county, candidacy):
        first = Entry.objects.count()
        bring_in(county, row(education="大专"), row(name="李四", id_number=SECOND))
        changed, new = Entry.objects.order_by("number")[first:]

        assert {changed.verb, new.verb} == {"candidates.import_candidates"}
        assert changed.before["person"]["education"] == "高中"
        assert changed.after["person"]["education"] == "大专"
        assert changed.object_id == str(candidacy.pk)
        assert next(iter(changed.before["nominations"].values()))["supporters"] == 30
        assert new.before is None
        assert new.after["post"] == "chair"
        assert (new.actor, new.place) == (county.township_official, county.village)
        assert list(verify()) == []

    def test_holds_nothing_personal(self, county):
        bring_in(county, row(supporters=None, supporter_names="张三、李四"))
        written = str(list(Entry.objects.values_list("before", "after", "reason")))

        for personal in ("王大山", make_id_number(), "1980-05-01", "张三", "汉族"):
            assert personal not in written


class TestManyRows:
    def rows(self, number, *, first=100):
        """Women born on as many days, of both villages by turns."""
        for each in range(first, first + number):
            born = date(1970, 1, 1).replace(month=each % 12 + 1, day=each % 28 + 1)
            yield row(
                village=("桃园村", "罗村村")[each % 2],
                name="王" + "甲乙丙丁戊己庚辛壬癸"[each % 10],
                sex="female",
                born=born,
                id_number=make_id_number(born, each * 2 % 1000),
                post="member",
                how="self",
                supporters=None,
            )

    def test_queries_are_counted_by_batches(self, county):
        """Twenty thousand rows ask the database a few hundred times, not a hundred thousand."""
        open_election(county, county.second_village)
        counts = []
        for number, first in ((10, 100), (60, 200)):
            with CaptureQueriesContext(connection) as captured:
                bring_in(county, *self.rows(number, first=first))
            counts.append(len(captured))

        assert Candidacy.objects.count() == 70
        # More statements only where SQLite takes no more values in one.
        assert counts[1] - counts[0] <= 8
        assert counts[0] < 50

    def test_reading_asks_nothing_a_row(self, county, candidacy, django_assert_num_queries):
        reader = CandidateReader(county.township, county.township_official, date(2026, 12, 1))
        reader.read(row(name="李一", id_number=SECOND))
        with django_assert_num_queries(0):
            for each in self.rows(20):
                reader.read(each | {"village": "桃园村"})

    def test_progress_is_said(self, county, monkeypatch):
        monkeypatch.setattr("candidates.imports.candidate_writing.BATCH", 3)
        open_election(county, county.second_village)
        said = []
        bring_in(county, *self.rows(10), progress=said.append)

        assert said == [3, 6, 9, 10]
        assert Candidacy.objects.count() == Assessment.objects.filter(current=True).count() == 10

    def test_called_off_nothing_is_written(self, county):
        class CalledOff(Exception):
            pass

        def stop(done):
            raise CalledOff

        with pytest.raises(CalledOff):
            bring_in(county, row(), progress=stop)
        assert not Candidacy.objects.exists()
        assert not Entry.objects.filter(verb="candidates.import_candidates").exists()


def test_only_whoever_may_record_writes(county):
    for who in (county.county_reviewer, county.other_township_official, county.court):
        with pytest.raises(PermissionDenied):
            write_candidates(county.township, read(county, row()), who, NOW, lambda done: None)


def test_corrected_by_hand_after_import(county):
    """What was imported can be put right on its page like anything else."""
    bring_in(county, row())
    candidacy = Candidacy.objects.get()
    person = {name: getattr(candidacy.person, name) for name in Person.recorded_fields}
    people.correct_candidate(
        candidacy=candidacy,
        person=person | {"education": "本科"},
        values={
            "post": "chair",
            "how": "joint",
            "nominated_on": date(2026, 11, 28),
            "supporters": 30,
            "registered_voter": True,
            "deprived_of_political_rights": False,
        },
        actor=county.township_official,
        at=NOW,
    )
    assert changes(read(county, row(education="本科"))) == ["same"]
