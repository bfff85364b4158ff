"""The journal: what was done cannot be undone, changed, lost or slipped in unseen."""

from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from candidates.models import Person
from election_admin.journal.models import Chain, Entry, JournalIsAppendOnly
from election_admin.journal.record import BATCH, Act, append, append_many, verify
from tests.addresses import CANDIDATE, make_rows
from tests.cast import NOW, County

pytestmark = pytest.mark.django_db


def test_chain_of_real_acts_holds(county: County) -> None:
    """Whatever the office does, the chain verifies."""
    make_rows(county)
    assert Entry.objects.count() > 5
    assert list(verify()) == []


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE journal_entry SET reason = 'x' WHERE number = 2", "内容被改动"),
        ("UPDATE journal_entry SET actor_id = NULL WHERE number = 3", "内容被改动"),
        ("DELETE FROM journal_entry WHERE number = 2", "缺少记录"),
        (
            "DELETE FROM journal_entry WHERE number = (SELECT max(number) FROM journal_entry)",
            "链尾与记录不符",
        ),
    ],
)
def test_tampering_is_found(county: County, statement: str, problem: str) -> None:
    """Somebody with the database in hand cannot change or remove an act unseen."""
    make_rows(county)
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert problem in [broken.problem for broken in verify()]
    with pytest.raises(CommandError):
        call_command("verify_journal")


def test_entries_are_never_changed_or_deleted(county: County) -> None:
    """The code itself offers no way to rewrite an act."""
    entry = Entry.objects.first()
    assert entry is not None
    for rewrite in (
        entry.save,
        entry.delete,
        Entry.objects.all().delete,
        lambda: Entry.objects.update(reason="x"),
    ):
        with pytest.raises(JournalIsAppendOnly):
            rewrite()


@pytest.mark.django_db(transaction=True)
def test_no_act_without_a_transaction(county: County) -> None:
    """An act whose entry could fail alone would be an act without a trace."""
    with pytest.raises(transaction.TransactionManagementError):
        append(verb="x", row=county.village, actor=None, place=county.village, at=NOW)


def test_counties_have_chains_of_their_own(county: County, neighbour: County) -> None:
    """Two counties at work at the same time do not wait for each other."""
    make_rows(county)
    make_rows(neighbour)
    names = set(Chain.objects.values_list("name", flat=True))
    assert {county.county.code, neighbour.county.code} <= names


def test_personal_data_is_not_in_the_journal(county: County) -> None:
    """Names, birth dates and findings can be erased later without breaking the chain."""
    make_rows(county)
    written = str(list(Entry.objects.values_list("before", "after", "reason")))
    assert Person.objects.filter(name=CANDIDATE["name"]).exists()
    for personal in (CANDIDATE["name"], CANDIDATE["born"].isoformat(), "alleged", "incapacity"):
        assert str(personal) not in written


def acts_of(county: County, number: int) -> Iterator[Act]:
    """That many acts on the villages of the county, by turns."""
    for turn in range(number):
        village = (county.village, county.second_village)[turn % 2]
        yield Act("places.import_places", village, village, before={"turn": turn}, after={"turn": turn + 1})


def test_many_acts_are_one_chain(county: County) -> None:
    """A file of thousands of rows leaves as many entries, each in its place, and the chain holds."""
    first = Entry.objects.count()

    written = append_many(acts_of(county, BATCH + 7), actor=None, place=county.township, at=NOW)
    append(verb="x", row=county.village, actor=None, place=county.village, at=NOW)

    entries = list(Entry.objects.order_by("number")[first:])
    assert written == BATCH + 7 == len(entries) - 1
    assert [entry.after for entry in entries[:3]] == [{"turn": 1}, {"turn": 2}, {"turn": 3}]
    assert entries[1].place == county.second_village
    assert list(verify()) == []


def test_many_acts_are_what_single_acts_would_be(county: County) -> None:
    """Whoever checks the journal need not know which entries were written together."""
    acts = list(acts_of(county, 2))
    with transaction.atomic():
        append_many(acts, actor=county.township_official, place=county.township, at=NOW)
        together = list(Entry.objects.order_by("-number").values("hash", "previous_hash", "before")[:2])
        transaction.set_rollback(True)
    for act in acts:
        append(**vars(act), actor=county.township_official, at=NOW)

    assert list(Entry.objects.order_by("-number").values("hash", "previous_hash", "before")[:2]) == together


def test_tampering_among_many_is_found(county: County) -> None:
    append_many(acts_of(county, 5), actor=None, place=county.township, at=NOW)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE journal_entry SET reason = 'x' WHERE number = (SELECT max(number) - 2 FROM journal_entry)"
        )

    assert [broken.problem for broken in verify()] == ["内容被改动"]


def test_many_acts_take_few_statements(county: County) -> None:
    """Twenty thousand rows would else be eighty thousand statements."""
    with CaptureQueriesContext(connection) as captured:
        append_many(acts_of(county, 2 * BATCH), actor=None, place=county.township, at=NOW)

    assert len(captured) < BATCH / 10


def test_an_act_of_another_county_is_refused(county: County, neighbour: County) -> None:
    """An entry in the wrong chain would break both."""
    stray = Act("x", neighbour.village, neighbour.village)
    with pytest.raises(ValueError, match="does not belong"):
        append_many([stray], actor=None, place=county.township, at=NOW)


def test_no_acts_leave_no_entries(county: County) -> None:
    before = Entry.objects.count()

    assert append_many([], actor=None, place=county.township, at=NOW) == 0
    assert Entry.objects.count() == before
    assert list(verify()) == []
