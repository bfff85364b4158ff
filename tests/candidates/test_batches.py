"""The joint review sent up, answered, returned, signed: what each act does, and what it refuses by name."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from candidates.actions import batches, flags, people
from candidates.models import Candidacy, Enquiry, Flag, Nomination, ReviewBatch, ReviewItem
from candidates.reviewable import choices, usual_answer_day
from election_admin.journal.models import Entry
from election_admin.rulebooks.eligibility_lists import load_eligibility_list
from tests.candidates.conftest import make_candidate, make_finding, make_id_number
from tests.candidates.review import DUE, answer_all, make_batch, reviewed, send, sign
from tests.cast import ELECTION_DAY, NOW, SEATS, TODAY, make_term
from villages.actions.terms import set_election_day
from villages.models import Election, Stage

pytestmark = pytest.mark.django_db

FINAL_LIST = date(2026, 12, 15)
ALL = len(load_eligibility_list("five-situations-2013").departments.value)


def second_man(county, **changes) -> Candidacy:
    """Another man of the same village."""
    return make_candidate(county, "李水", id_number=make_id_number(order=13), **changes)


def in_second_village(county, day=ELECTION_DAY, **changes) -> Candidacy:
    """A man who stands in the township's other village."""
    election = set_election_day(
        election=Election.objects.of_committee().get(place=county.second_village, term=county.term),
        election_day=day,
        mode="nominated",
        seats=SEATS,
        actor=county.township_official,
        at=NOW,
    )
    election = Election.objects.with_place().get(pk=election.pk)
    return make_candidate(county, "罗平", election=election, id_number=make_id_number(order=15), **changes)


def refused(act) -> str:
    """What an act said as it refused."""
    with pytest.raises(ValidationError) as caught:
        act()
    return " ".join(caught.value.messages)


# Put together ---------------------------------------------------------------------------------


def test_a_batch_holds_who_was_chosen(county, candidacy) -> None:
    other = in_second_village(county)

    batch = make_batch(county, candidacy, other)

    assert (batch.number, batch.state, batch.due_on) == (1, ReviewBatch.State.DRAFT, DUE)
    assert {item.candidacy for item in batch.items.all()} == {candidacy, other}
    entry = Entry.objects.get(verb="candidates.open_batch")
    assert entry.after["candidacies"] == [candidacy.pk, other.pk]
    # Nobody is asked before it is sent up.
    assert not batch.enquiries.exists()
    candidacy.refresh_from_db()
    assert candidacy.state == Candidacy.State.PRELIMINARY


def test_the_second_batch_is_numbered_two(county, candidacy) -> None:
    make_batch(county, candidacy)

    assert make_batch(county, second_man(county)).number == 2


def test_nobody_at_all(county) -> None:
    assert "请至少选一人" in refused(lambda: make_batch(county))


def test_somebody_without_an_id_number_is_named(county, candidacy) -> None:
    """No department can look up a name alone: there are many of one name."""
    make_candidate(county, "李水", id_number="")

    said = refused(lambda: make_batch(county, *Candidacy.objects.all()))

    assert "还没有登记公民身份号码" in said
    assert "李水（桃园村）" in said
    assert "王大山" not in said


def test_somebody_who_has_not_chosen_between_posts(county, candidacy) -> None:
    Nomination.objects.create(
        candidacy=candidacy, post="member", how="party", nominated_on=TODAY, recorded_at=NOW
    )
    if candidacy.nominations.count() == 1:
        Nomination.objects.create(
            candidacy=candidacy, post="chair", how="joint", nominated_on=TODAY, recorded_at=NOW
        )

    assert "还没有选定其中一个" in refused(lambda: make_batch(county, candidacy))


def test_somebody_in_another_batch(county, candidacy) -> None:
    make_batch(county, candidacy)

    assert "已在别的批次里：王大山（桃园村）" in refused(lambda: make_batch(county, candidacy))


def test_somebody_whose_review_is_signed(county, candidacy) -> None:
    """Sent again only once there is something new to review."""
    reviewed(county, candidacy)
    assert "已经联审签署" in refused(lambda: make_batch(county, candidacy))

    make_finding(county, candidacy)
    assert make_batch(county, candidacy).number == 2


@pytest.mark.parametrize("state", ["declined", "struck_off", "not_listed", "final"])
def test_somebody_who_is_no_preliminary_candidate(county, candidacy, state) -> None:
    Candidacy.objects.update(state=state)

    assert "目前不是初步候选人" in refused(lambda: make_batch(county, candidacy))


def test_a_village_without_its_day(county, candidacy) -> None:
    Election.objects.filter(pk=county.election.pk).update(election_day=None)

    assert "还没有定选举日" in refused(lambda: make_batch(county, candidacy))


def test_a_village_whose_day_is_past(county, candidacy) -> None:
    Election.objects.filter(pk=county.election.pk).update(election_day=TODAY - timedelta(days=1))

    assert "选举日已过" in refused(lambda: make_batch(county, candidacy))


def test_another_townships_candidate_is_not_named(county) -> None:
    """A forged number must not tell who stands elsewhere."""
    election = set_election_day(
        election=Election.objects.of_committee().get(place=county.other_village, term=county.term),
        election_day=ELECTION_DAY,
        mode="nominated",
        seats=SEATS,
        actor=county.other_township_official,
        at=NOW,
    )
    stranger = make_candidate(
        county,
        "外人",
        election=Election.objects.with_place().get(pk=election.pk),
        actor=county.other_township_official,
    )

    said = refused(lambda: make_batch(county, stranger))

    assert "不属于本乡镇" in said
    assert "外人" not in said


@pytest.mark.parametrize("who", ["county_reviewer", "committee_member", "court", "other_township_official"])
def test_only_the_township_sends_up(county, candidacy, who) -> None:
    with pytest.raises(PermissionDenied):
        batches.open_batch(
            place=county.township,
            candidacies=[candidacy],
            due_on=DUE,
            actor=getattr(county, who),
            at=NOW,
        )


def test_a_village_is_no_township(county, candidacy) -> None:
    with pytest.raises(ValidationError, match="由乡镇上报"):
        batches.open_batch(
            place=county.village, candidacies=[candidacy], due_on=DUE, actor=county.township_official, at=NOW
        )


@pytest.mark.parametrize(
    ("due_on", "sentence"),
    [
        (TODAY - timedelta(days=1), "已经过去"),
        (TODAY, ""),
        (FINAL_LIST, ""),
        (FINAL_LIST + timedelta(days=1), "桃园村最迟2026年12月15日公布正式候选人名单"),
    ],
)
def test_answers_come_before_the_final_list_is_due(county, candidacy, due_on, sentence) -> None:
    """Zhejiang art. 18: the final list is published at the latest five days before election day."""
    if not sentence:
        assert make_batch(county, candidacy, due_on=due_on).due_on == due_on
    else:
        assert sentence in refused(lambda: make_batch(county, candidacy, due_on=due_on))


def test_the_first_final_list_sets_the_day(county, candidacy) -> None:
    other = in_second_village(county, day=ELECTION_DAY - timedelta(days=4))

    said = refused(lambda: make_batch(county, candidacy, other, due_on=FINAL_LIST))

    assert "罗村村最迟2026年12月11日" in said


def test_a_village_that_is_late_is_reviewed_all_the_same(county, candidacy) -> None:
    """Else a list that is overdue could never be published lawfully any more."""
    Election.objects.filter(pk=county.election.pk).update(election_day=TODAY + timedelta(days=3))

    assert "逾期" in refused(lambda: make_batch(county, candidacy, due_on=TODAY + timedelta(days=4)))
    assert make_batch(county, candidacy, due_on=TODAY + timedelta(days=1)).pk


def test_a_past_term_is_only_read(county, candidacy) -> None:
    batch = make_batch(county, candidacy)
    make_term(county.county, number=13, window_start=date(2031, 12, 1), window_end=date(2031, 12, 31))

    with pytest.raises(ValidationError, match="往届"):
        batches.send_batch(batch=batch, actor=county.township_official, at=NOW)


def test_what_is_proposed(county, candidacy) -> None:
    """Everybody who can be sent, the others with the reason; the last day but one for the answers."""
    other = in_second_village(county, day=ELECTION_DAY - timedelta(days=4))
    nameless = second_man(county)
    nameless.person.id_number = ""
    nameless.person.save()

    offered = choices(county.township, county.term, batch=None, today=TODAY)

    assert [one.pk for one in offered.free] == [candidacy.pk, other.pk]
    assert [place for place, _rows in offered.by_village] == [county.village, county.second_village]
    (held,) = offered.held
    assert (held.candidacy.pk, held.reasons) == (nameless.pk, ("还没有登记公民身份号码",))
    assert held.url == f"/candidates/candidate/{nameless.pk}/"
    assert usual_answer_day(offered.free, today=TODAY) == date(2026, 12, 10)


def test_who_has_voted_is_not_proposed(county, candidacy) -> None:
    Election.objects.update(stage=Stage.AFTER)

    assert choices(county.township, county.term, batch=None, today=TODAY).free == []


# Changed, dropped -----------------------------------------------------------------------------


def change(county, batch, *candidacies, due_on=DUE):
    return batches.change_items(
        batch=batch, candidacies=candidacies, due_on=due_on, actor=county.township_official, at=NOW
    )


def test_who_is_in_it_is_said_anew(county, candidacy) -> None:
    other = second_man(county)
    batch = make_batch(county, candidacy)

    change(county, batch, other, due_on=DUE - timedelta(days=1))

    batch.refresh_from_db()
    assert [item.candidacy for item in batch.items.all()] == [other]
    assert batch.due_on == DUE - timedelta(days=1)


@pytest.mark.parametrize("how", ["sent", "signed"])
def test_what_is_sent_up_is_not_changed(county, candidacy, how) -> None:
    batch = send(county, candidacy) if how == "sent" else reviewed(county, candidacy)

    assert "不能再改" in refused(lambda: change(county, batch, candidacy))
    assert "不能再改" in refused(
        lambda: batches.send_batch(batch=batch, actor=county.township_official, at=NOW)
    )


def test_a_batch_opened_in_error_is_dropped(county, candidacy) -> None:
    batch = make_batch(county, candidacy)

    batches.drop_batch(batch=batch, actor=county.township_official, at=NOW)

    assert not ReviewBatch.objects.exists()
    entry = Entry.objects.get(verb="candidates.drop_batch")
    assert entry.before["candidacies"] == [candidacy.pk]
    assert make_batch(county, candidacy).pk


def test_a_batch_that_was_sent_once_is_never_dropped(county, candidacy) -> None:
    batch = send(county, candidacy)
    batches.return_batch(batch=batch, reason="缺一人", actor=county.county_reviewer, at=NOW)

    assert "不能撤销" in refused(
        lambda: batches.drop_batch(batch=batch, actor=county.township_official, at=NOW)
    )


# Sent, returned -------------------------------------------------------------------------------


def test_sending_asks_every_department_of_the_list(county, candidacy) -> None:
    batch = send(county, candidacy)

    asked = load_eligibility_list(county.term.eligibility_list).departments.value
    assert {row.department for row in batch.enquiries.all()} == set(asked)
    assert batch.state == ReviewBatch.State.SENT
    candidacy.refresh_from_db()
    assert candidacy.state == Candidacy.State.IN_REVIEW


def test_whoever_dropped_out_meanwhile_is_named(county, candidacy) -> None:
    batch = make_batch(county, candidacy, second_man(county))
    Candidacy.objects.filter(pk=candidacy.pk).update(state="declined")

    said = refused(lambda: batches.send_batch(batch=batch, actor=county.township_official, at=NOW))

    assert "目前不是初步候选人，不能上报联审：王大山" in said


def test_a_day_that_has_passed_is_set_anew_first(county, candidacy) -> None:
    batch = make_batch(county, candidacy)
    ReviewBatch.objects.update(due_on=TODAY - timedelta(days=1))

    assert "已经过去" in refused(
        lambda: batches.send_batch(batch=batch, actor=county.township_official, at=NOW)
    )


def test_a_batch_comes_back_with_the_reason_and_keeps_its_answers(county, candidacy) -> None:
    batch = send(county, candidacy)
    answer_all(county, candidacy, but=["court"])

    batches.return_batch(batch=batch, reason="漏报了妇女委员", actor=county.county_reviewer, at=NOW)

    batch.refresh_from_db()
    assert (batch.state, batch.returned_because) == (ReviewBatch.State.RETURNED, "漏报了妇女委员")
    candidacy.refresh_from_db()
    assert candidacy.state == Candidacy.State.PRELIMINARY
    assert Entry.objects.get(verb="candidates.return_batch").reason == "漏报了妇女委员"
    other = second_man(county)
    change(county, batch, candidacy, other)
    again = batches.send_batch(batch=batch, actor=county.township_official, at=NOW)
    # The new one has been asked of nobody: nothing is answered in full any more.
    assert not Enquiry.objects.filter(batch=again, answered_at__isnull=False).exists()
    assert candidacy.replies.newest().count() == ALL - 1


def test_returning_asks_why(county, candidacy) -> None:
    batch = send(county, candidacy)

    said = refused(
        lambda: batches.return_batch(batch=batch, reason=" ", actor=county.county_reviewer, at=NOW)
    )

    assert "请写明退回的原因" in said


def test_a_list_changed_while_departments_answer(county, candidacy) -> None:
    """A department the new list asks has got nothing: the county is told, and sending again asks it."""
    batch = send(county, candidacy)
    batch.enquiries.filter(department__in=["court", "health"]).delete()
    Enquiry.objects.create(batch=batch, department="veterans")

    candidacies = list(Candidacy.objects.with_person())
    assert "有的部门还没有收到这一批" in batches.sign_off_faults(batch, candidacies)[0]

    batches.return_batch(batch=batch, reason="部门有变", actor=county.county_reviewer, at=NOW)
    batches.send_batch(batch=batch, actor=county.township_official, at=NOW)
    asked = load_eligibility_list(county.term.eligibility_list).departments.value
    assert {row.department for row in batch.enquiries.all()} == set(asked)


# Signed ---------------------------------------------------------------------------------------


def test_what_was_signed_is_kept_with_what_it_stands_on(county, candidacy) -> None:
    """Years later the county can show what it signed, as it was."""
    batch = send(county, candidacy)
    answer_all(county, candidacy)

    sign(county, batch, "同意")

    item = ReviewItem.objects.get(batch=batch)
    assert item.verdict == "qualified"
    assert item.assessment == candidacy.assessments.get(current=True)
    batch.refresh_from_db()
    assert (batch.state, batch.opinion, batch.signed_by) == ("signed", "同意", county.county_reviewer)
    make_finding(county, candidacy)
    item.refresh_from_db()
    assert item.verdict == "qualified"


def test_silence_clears_nobody(county, candidacy) -> None:
    """Domain §7: a candidate is qualified only when every department has answered."""
    batch = send(county, candidacy, second_man(county))
    answer_all(county, candidacy)

    said = refused(lambda: sign(county, batch))

    assert "部门答复不齐的有1人：李水（桃园村）" in said
    assert "王大山" not in said


def test_nobody_frozen_is_signed(county, candidacy) -> None:
    batch = send(county, candidacy)
    answer_all(county, candidacy)
    flags.open_flag(candidacy, Flag.Kind.LATE_FINDING, {"situation": "incapacity"}, actor=None, at=NOW)

    assert "有待处理的冻结事项的有1人：王大山" in refused(lambda: sign(county, batch))


def test_nobody_whose_eligibility_is_open_is_signed(county, candidacy) -> None:
    batch = send(county, candidacy)
    answer_all(county, candidacy)
    make_finding(county, candidacy, situation="gang_related", status="alleged", source="群众反映")

    assert "资格尚未查清的有1人：王大山" in refused(lambda: sign(county, batch))


def test_a_disqualified_candidate_is_signed_as_that(county, candidacy) -> None:
    batch = send(county, candidacy)
    answer_all(county, candidacy)
    make_finding(county, candidacy)

    sign(county, batch)

    assert ReviewItem.objects.get().verdict == "disqualified"


def test_many_names_are_counted(county) -> None:
    rows = [
        make_candidate(county, f"王{name}", id_number=make_id_number(order=order))
        for name, order in zip("一二三四五六七", range(11, 25, 2), strict=True)
    ]
    batch = send(county, *rows)

    assert "部门答复不齐的有7人：" in refused(lambda: sign(county, batch))
    assert "等7人" in refused(lambda: sign(county, batch))


def test_who_dropped_out_holds_nobody_up(county, candidacy) -> None:
    other = second_man(county)
    batch = send(county, candidacy, other)
    answer_all(county, candidacy)
    assert Enquiry.objects.open().filter(batch=batch).count() == ALL

    people.change_state(
        candidacy=other,
        state="declined",
        reason="本人书面声明",
        declined_on=TODAY,
        actor=county.township_official,
        at=NOW,
    )

    # Nobody is asked about who has gone: every department has answered in full.
    assert not Enquiry.objects.open().exists()
    sign(county, batch)
    assert {item.candidacy_id: item.verdict for item in ReviewItem.objects.all()} == {
        candidacy.pk: "qualified",
        other.pk: "",
    }


def test_a_batch_of_nobody_is_not_signed(county, candidacy) -> None:
    batch = send(county, candidacy)
    Candidacy.objects.update(state="declined")

    assert "已没有仍在参选的人" in refused(lambda: sign(county, batch))


@pytest.mark.parametrize("who", ["township_official", "committee_member", "court", "administrator"])
def test_only_the_county_signs_and_returns(county, candidacy, who) -> None:
    batch = send(county, candidacy)
    answer_all(county, candidacy)
    for act in (
        lambda actor: batches.sign_off(batch=batch, opinion="", actor=actor, at=NOW),
        lambda actor: batches.return_batch(batch=batch, reason="x", actor=actor, at=NOW),
    ):
        with pytest.raises(PermissionDenied):
            act(getattr(county, who))


def test_another_county_signs_nothing(county, neighbour, candidacy) -> None:
    batch = send(county, candidacy)
    answer_all(county, candidacy)

    with pytest.raises(PermissionDenied):
        sign(neighbour, batch)


@pytest.mark.parametrize("how", ["draft", "signed"])
def test_only_what_is_under_way_is_signed_returned_reminded(county, candidacy, how) -> None:
    batch = make_batch(county, candidacy) if how == "draft" else reviewed(county, candidacy)
    county_actor = {"actor": county.county_reviewer, "at": NOW}

    for act in (
        lambda: batches.sign_off(batch=batch, opinion="", **county_actor),
        lambda: batches.return_batch(batch=batch, reason="x", **county_actor),
        lambda: batches.remind_all(batch=batch, **county_actor),
    ):
        assert "只有联审中的批次可以这样处理" in refused(act)


# Reminded -------------------------------------------------------------------------------------


def test_a_department_is_reminded_once_a_day(county, candidacy) -> None:
    batch = send(county, candidacy)
    enquiry = batch.enquiries.get(department="court")
    remind = lambda at=NOW: batches.remind(enquiry=enquiry, actor=county.township_official, at=at)  # noqa: E731

    remind()

    assert "今天已经催办过" in refused(remind)
    assert remind(NOW + timedelta(days=1)).reminders == 2
    assert Entry.objects.filter(verb="candidates.remind").count() == 2


def test_who_has_answered_is_not_reminded(county, candidacy) -> None:
    batch = send(county, candidacy)
    answer_all(county, candidacy, but=["health"])

    enquiry = batch.enquiries.get(department="court")
    assert "已全部答复" in refused(
        lambda: batches.remind(enquiry=enquiry, actor=county.county_reviewer, at=NOW)
    )
    reminded = batches.remind_all(batch=batch, actor=county.county_reviewer, at=NOW)
    assert [one.department for one in reminded] == ["health"]
    assert "没有可以催办的部门" in refused(
        lambda: batches.remind_all(batch=batch, actor=county.county_reviewer, at=NOW)
    )


def test_a_department_reminds_nobody(county, candidacy) -> None:
    enquiry = send(county, candidacy).enquiries.get(department="health")

    with pytest.raises(PermissionDenied):
        batches.remind(enquiry=enquiry, actor=county.court, at=NOW)
