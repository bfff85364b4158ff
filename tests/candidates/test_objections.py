"""Objections 异议: recorded by whoever received them, decided on, never held against anybody."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from candidates.actions import objections, people
from candidates.models import Assessment, Objection
from election_admin.evidence.actions import attach
from election_admin.evidence.registry import evidence_kind
from election_admin.journal.models import Entry
from tests.candidates.conftest import make_candidate, make_finding, make_id_number
from tests.cast import NOW, TODAY, County
from tests.evidence.uploads import make_photo
from villages.models import Term
from villages.registry import Urgency, needs_of

pytestmark = pytest.mark.django_db
SECRET = "其户口去年已迁出本村"
WHO = "买买提·阿不都拉"


def record(county: County, candidacy=None, actor=None, **changes) -> Objection:
    """An objection brought to the election committee."""
    values: dict[str, Any] = {
        "about": "candidate" if candidacy else "list",
        "candidacy": candidacy,
        "received_on": date(2026, 11, 29),
        "office": "committee",
        "raised_by": WHO,
        "content": SECRET,
    }
    return objections.record_objection(
        election=changes.pop("election", county.election),
        actor=actor or county.committee_member,
        at=NOW,
        **values | changes,
    )


def decide(county: County, objection: Objection, actor=None, **changes) -> Objection:
    """A decision of the committee on it."""
    values: dict[str, Any] = {
        "outcome": "upheld",
        "decided_on": TODAY,
        "decided_body": "桃园村村民选举委员会",
        "grounds": "查过户籍，确已迁出",
    }
    return objections.decide_objection(
        objection=objection, actor=actor or county.committee_member, at=NOW, **values | changes
    )


def strike_off(county: County, candidacy):
    """A man refused for a penalty."""
    make_finding(county, candidacy)
    candidacy.refresh_from_db()
    return people.change_state(
        candidacy=candidacy, state="struck_off", reason="联审结论", actor=county.township_official, at=NOW
    )


# Recording -------------------------------------------------------------------------------------


def test_a_committee_records_what_came_to_it(county, candidacy) -> None:
    row = record(county, candidacy)
    assert (row.about, row.candidacy, row.office, row.is_open) == ("candidate", candidacy, "committee", True)
    assert (row.content, row.raised_by) == (SECRET, WHO)
    assert row.recorded_by == county.committee_member


def test_nobody_has_to_give_a_name(county) -> None:
    assert record(county, raised_by=" ").raised_by == ""


def test_a_township_records_what_came_to_it_or_to_the_committee(county, candidacy) -> None:
    for office in ("township", "committee"):
        assert record(county, candidacy, county.township_official, office=office).office == office


@pytest.mark.parametrize("who", ["county_reviewer", "court", "administrator", "other_township_official"])
def test_nobody_else_records(county, candidacy, who) -> None:
    with pytest.raises(PermissionDenied):
        record(county, candidacy, getattr(county, who))


def test_another_countys_committee_records_nothing(county, neighbour) -> None:
    with pytest.raises(PermissionDenied):
        record(county, actor=neighbour.committee_member)


def refused(field: str, county: County, candidacy=None, actor=None, **changes) -> None:
    with pytest.raises(ValidationError) as error:
        record(county, candidacy, actor, **changes)
    assert set(error.value.message_dict) == {field}
    assert not Objection.objects.exists()


def test_what_an_objection_cannot_be(county, candidacy) -> None:
    refused("office", county, candidacy, office="township")
    refused("office", county, candidacy, county.township_official, office="court")
    refused("about", county, candidacy, about="weather")
    refused("candidacy", county, None, about="candidate")
    refused("candidacy", county, candidacy, about="list")
    refused("received_on", county, received_on=TODAY + timedelta(days=1))
    refused("content", county, content="  ")
    refused("content", county, content="长" * 2001)
    refused("content", county, content="王😀明")
    refused("raised_by", county, raised_by="长" * 81)


def test_an_objection_is_about_somebody_of_its_election(county, neighbour) -> None:
    stranger = make_candidate(neighbour)
    refused("candidacy", county, stranger, county.township_official)


def test_a_committee_is_told_of_nobody_who_was_refused(county, candidacy) -> None:
    """It sees whoever stands, as the notices do; a refusal is known to it by what the objector says."""
    strike_off(county, candidacy)
    refused("candidacy", county, candidacy)
    refused("candidacy", county, candidacy, about="refusal")
    row = record(county, about="refusal")
    assert (row.about, row.candidacy) == ("refusal", None)


def test_a_township_names_who_was_refused(county, candidacy) -> None:
    refused("candidacy", county, None, county.township_official, about="refusal")
    # Nobody refused this one.
    refused("candidacy", county, candidacy, county.township_official, about="refusal")
    strike_off(county, candidacy)
    row = record(county, candidacy, county.township_official, about="refusal", office="township")
    assert row.candidacy == candidacy


def test_a_term_that_is_over_takes_no_objection(county) -> None:
    Term.objects.update(current=False)
    with pytest.raises(ValidationError):
        record(county)


# Deciding --------------------------------------------------------------------------------------


def test_a_decision_says_what_who_when_and_why(county, candidacy) -> None:
    row = decide(county, record(county, candidacy))
    row.refresh_from_db()
    assert (row.outcome, row.decided_on, row.decided_body) == ("upheld", TODAY, "桃园村村民选举委员会")
    assert row.grounds == "查过户籍，确已迁出"
    assert row.decided_by == county.committee_member
    assert not row.is_open


def test_a_township_settles_what_the_committee_received(county) -> None:
    """The law has it guide the committee; it may help with an answer."""
    assert decide(county, record(county), county.township_official).outcome == "upheld"


@pytest.mark.parametrize("who", ["county_reviewer", "court", "administrator", "other_township_official"])
def test_nobody_else_decides(county, who) -> None:
    row = record(county)
    with pytest.raises(PermissionDenied):
        decide(county, row, getattr(county, who))


def test_a_committee_does_not_decide_what_went_past_it(county) -> None:
    row = record(county, actor=county.township_official, office="township")
    with pytest.raises(PermissionDenied):
        decide(county, row)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"outcome": "maybe"}, "outcome"),
        ({"decided_on": date(2026, 11, 28)}, "decided_on"),
        ({"decided_on": date(2026, 12, 2)}, "decided_on"),
        ({"decided_body": " "}, "decided_body"),
        ({"decided_body": "长" * 61}, "decided_body"),
        ({"grounds": ""}, "grounds"),
        ({"grounds": "长" * 2001}, "grounds"),
    ],
)
def test_what_a_decision_cannot_be(county, changes, field) -> None:
    row = record(county)
    with pytest.raises(ValidationError) as error:
        decide(county, row, **changes)
    assert field in error.value.message_dict
    row.refresh_from_db()
    assert row.is_open


def test_a_decision_is_taken_once(county) -> None:
    row = decide(county, record(county))
    with pytest.raises(ValidationError, match="不能再改"):
        decide(county, row, outcome="rejected")
    row.refresh_from_db()
    assert row.outcome == "upheld"


def test_the_township_says_whom_a_refusal_was_about(county, candidacy) -> None:
    strike_off(county, candidacy)
    row = record(county, about="refusal")
    decide(county, row, county.township_official, candidacy=candidacy)
    row.refresh_from_db()
    assert row.candidacy == candidacy


def test_a_decision_names_nobody_else_than_was_objected_to(county, candidacy) -> None:
    other = make_candidate(county, "李二", id_number=make_id_number(order=13))
    row = record(county, candidacy)
    decide(county, row, county.township_official, candidacy=other)
    row.refresh_from_db()
    assert row.candidacy == candidacy


# Never held against anybody (domain §11) -------------------------------------------------------


@pytest.mark.parametrize("outcome", Objection.Outcome.values)
def test_no_objection_changes_anybodys_eligibility(county, candidacy, outcome) -> None:
    """Upheld or not: only a finding, an answer or a correction makes the rules judge anew."""
    before = (Assessment.objects.count(), candidacy.verdict, candidacy.state, candidacy.frozen_at)
    decide(county, record(county, candidacy), outcome=outcome)
    candidacy.refresh_from_db()
    after = (Assessment.objects.count(), candidacy.verdict, candidacy.state, candidacy.frozen_at)
    assert before == after
    assert not candidacy.findings.exists()
    assert not candidacy.flags.exists()


# What is kept where ----------------------------------------------------------------------------


def test_the_journal_holds_hashes_only(county, candidacy) -> None:
    row = decide(county, record(county, candidacy))
    objections.look_into_objection(objection=row, reason="准备答复", actor=county.county_reviewer, at=NOW)
    entries = Entry.objects.filter(object_type="candidates.objection").order_by("number")
    assert [entry.verb for entry in entries] == [
        "candidates.record_objection",
        "candidates.decide_objection",
        "candidates.look",
    ]
    kept = "".join(f"{entry.before}{entry.after}{entry.reason}" for entry in entries)
    for secret in (SECRET, WHO, "查过户籍"):
        assert secret not in kept
    assert entries[0].after["content"].startswith("#")
    assert entries[2].reason == "准备答复"


def test_the_database_holds_no_word_of_it(county, candidacy) -> None:
    decide(county, record(county, candidacy))
    with connection.cursor() as cursor:
        cursor.execute("SELECT content, raised_by, grounds FROM candidates_objection")
        stored = "".join(cursor.fetchone())
    for secret in (SECRET, WHO, "查过户籍"):
        assert secret not in stored


@pytest.mark.parametrize("reason", ["", "  ", "长" * 501])
def test_a_look_says_why(county, reason) -> None:
    row = record(county)
    with pytest.raises(ValidationError):
        objections.look_into_objection(objection=row, reason=reason, actor=county.township_official, at=NOW)
    assert not Entry.objects.filter(verb="candidates.look").exists()


def test_nobody_looks_into_what_is_not_theirs(county, neighbour) -> None:
    own = record(county)
    past = record(county, actor=county.township_official, office="township")
    for user, row in (
        (county.court, own),
        (county.administrator, own),
        (county.other_township_official, own),
        (neighbour.county_reviewer, own),
        (county.committee_member, past),
    ):
        with pytest.raises(PermissionDenied):
            objections.look_into_objection(objection=row, reason="看看", actor=user, at=NOW)


def test_a_scan_of_it_is_confidential_and_for_its_readers(county) -> None:
    past = record(county, actor=county.township_official, office="township")
    assert evidence_kind("objection").confidential
    with pytest.raises(PermissionDenied):
        attach(kind="objection", subject=past, file=make_photo(), actor=county.committee_member, at=NOW)
    kept = attach(kind="objection", subject=past, file=make_photo(), actor=county.township_official, at=NOW)
    assert kept.place == county.village
    assert SECRET not in evidence_kind("objection").name(past)


# Readers and needs -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("township_official", {"committee", "township"}),
        ("county_reviewer", {"committee", "township"}),
        ("committee_member", {"committee"}),
        ("court", set()),
        ("administrator", set()),
        ("other_township_official", set()),
    ],
)
def test_who_reads_which(county, who, seen) -> None:
    """Whoever went past the committee to the township had a reason: the committee hears nothing of it."""
    record(county)
    record(county, actor=county.township_official, office="township")
    rows = Objection.objects.readable_by(getattr(county, who))
    assert set(rows.values_list("office", flat=True)) == seen


def needs(user, county) -> list:
    found = needs_of(user, [county.village], on=TODAY)[county.village.pk]
    return [need for need in found if "候选人异议" in need.text]


def test_an_open_objection_is_something_to_do(county) -> None:
    record(county)
    record(county, received_on=TODAY)
    for user in (county.committee_member, county.township_official):
        (need,) = needs(user, county)
        assert need.text == "2件候选人异议没有处理，最早的已收到2天"
        assert need.urgency == Urgency.NOW
    assert needs(county.county_reviewer, county) == []


def test_a_committee_is_not_reminded_of_the_townships(county) -> None:
    record(county, actor=county.township_official, office="township")
    assert needs(county.committee_member, county) == []
    assert len(needs(county.township_official, county)) == 1


def test_what_is_decided_is_nothing_to_do(county) -> None:
    decide(county, record(county))
    assert needs(county.committee_member, county) == []


def test_after_the_vote_an_open_one_is_late(county) -> None:
    record(county)
    found = needs_of(county.committee_member, [county.village], on=date(2026, 12, 21))
    (need,) = [one for one in found[county.village.pk] if "候选人异议" in one.text]
    assert need.urgency == Urgency.OVERDUE
