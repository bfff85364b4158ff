"""The journal: what was done cannot be undone, changed, lost or slipped in unseen."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from candidates.models import Person
from election_admin.journal.models import Chain, Entry, JournalIsAppendOnly
from election_admin.journal.record import append, verify
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
