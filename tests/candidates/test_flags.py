"""What freezes a candidacy: flagged by itself, shown to who may see it, settled by the county with a reason.

What departments said is never on these pages without a look that the journal has.
"""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.actions.guards import GUARDS
from candidates.actions import findings, flags, people
from candidates.models import Candidacy, Enquiry, Flag, Recheck
from election_admin.journal.models import Entry
from tests.candidates.conftest import answer, make_candidate, make_finding, make_id_number
from tests.candidates.review import answer_all, department_user, reviewed, send, sign
from tests.cast import NOW, TODAY
from tests.test_turns import at_once
from villages.models import Election

pytestmark = pytest.mark.django_db

REMARK = "（2019）浙0604刑初88号"


@pytest.fixture
def asked(county, candidacy) -> Candidacy:
    """A man about whom every department is asked, and none has answered."""
    send(county, candidacy)
    return candidacy


@pytest.fixture
def final(county, candidacy) -> Candidacy:
    """A final candidate, reviewed and signed."""
    reviewed(county, candidacy)
    Candidacy.objects.filter(pk=candidacy.pk).update(state=Candidacy.State.FINAL)
    candidacy.refresh_from_db()
    return candidacy


def disagree(county, candidacy) -> Flag:
    """The court has a record that the public security and the others do not have."""
    answer_all(county, candidacy, but=["court"])
    answer(candidacy, county.court, "court", "record", REMARK)
    return Flag.objects.get(kind="disagreement")


def frozen(candidacy) -> bool:
    return Candidacy.objects.get(pk=candidacy.pk).is_frozen


def resolve(county, flag, resolution="经核实，以法院判决书为准", actor=None):
    return flags.resolve_flag(flag=flag, resolution=resolution, actor=actor or county.county_reviewer, at=NOW)


# A disagreement between departments ------------------------------------------------------------


def test_departments_that_contradict_each_other_freeze_the_candidacy(county, asked) -> None:
    flag = disagree(county, asked)

    assert flag.details["situation"] == "criminal_penalty"
    assert flag.details["record"] == ["court"]
    assert set(flag.details["no_record"]) == {"justice", "procuratorate", "public_security"}
    assert frozen(asked)
    with pytest.raises(ValidationError, match="冻结"):
        people.change_state(
            candidacy=asked, state="struck_off", reason="x", actor=county.township_official, at=NOW
        )


def test_one_flag_for_a_situation_however_many_answer(county, asked) -> None:
    """Four answers that contradict one are one thing to settle, not four."""
    answer(asked, county.court, "court", "record", REMARK)
    for code in ("procuratorate", "public_security", "justice"):
        answer(asked, department_user(county, code), code)

    flag = Flag.objects.get()
    assert flag.details["no_record"] == ["justice", "procuratorate", "public_security"]
    assert Entry.objects.filter(verb="candidates.change_flag").count() == 2
    assert not Entry.objects.filter(verb="candidates.resolve_flag").exists()


def test_it_is_over_when_the_department_answers_otherwise(county, asked) -> None:
    flag = disagree(county, asked)

    answer(asked, county.court, "court")

    flag.refresh_from_db()
    assert flag.resolved_at is not None
    assert flag.resolved_by is None
    assert not frozen(asked)


def test_it_is_raised_again_when_they_contradict_each_other_again(county, asked) -> None:
    """What was over by itself nobody has settled: it does not pass unseen the second time."""
    disagree(county, asked)
    answer(asked, county.court, "court")

    answer(asked, county.court, "court", "record", REMARK)

    assert Flag.objects.open().filter(kind="disagreement").count() == 1
    assert frozen(asked)


def test_what_the_county_settled_is_not_raised_again_by_another_no(county, asked) -> None:
    answer(asked, county.court, "court", "record", REMARK)
    answer(asked, department_user(county, "justice"), "justice")
    resolve(county, Flag.objects.get())

    answer(asked, department_user(county, "procuratorate"), "procuratorate")
    assert not Flag.objects.open().exists()

    # Another record is another matter.
    answer(asked, department_user(county, "public_security"), "public_security", "record", "有前科")
    assert Flag.objects.open().get().details["record"] == ["court", "public_security"]


def test_settling_unfreezes_and_changes_no_verdict(county, asked) -> None:
    """The county settles what to believe; the verdict stays the rules'."""
    flag = disagree(county, asked)
    verdict = Candidacy.objects.get().verdict

    resolve(county, flag)

    assert not frozen(asked)
    assert Candidacy.objects.get().verdict == verdict
    flag.refresh_from_db()
    assert flag.resolution == "经核实，以法院判决书为准"


def test_the_journal_keeps_that_it_was_settled_and_not_what_was_found(county, asked) -> None:
    resolve(county, disagree(county, asked))

    entry = Entry.objects.get(verb="candidates.resolve_flag")
    assert entry.actor_id == county.county_reviewer.pk
    assert "法院" not in str(entry.after) + entry.reason


@pytest.mark.parametrize("resolution", ["", "   ", "长" * 501])
def test_settling_asks_why(county, asked, resolution) -> None:
    flag = disagree(county, asked)

    with pytest.raises(ValidationError) as caught:
        resolve(county, flag, resolution)

    assert "resolution" in caught.value.message_dict
    assert frozen(asked)


def test_it_is_settled_once(county, asked) -> None:
    flag = disagree(county, asked)
    resolve(county, flag)

    with pytest.raises(ValidationError, match="已经处理"):
        resolve(county, flag)


@pytest.mark.parametrize("who", ["township_official", "committee_member", "court", "administrator"])
def test_only_the_county_settles(county, asked, who) -> None:
    flag = disagree(county, asked)

    with pytest.raises(PermissionDenied):
        resolve(county, flag, actor=getattr(county, who))
    with pytest.raises(PermissionDenied):
        flags.ask_again(flag=flag, actor=getattr(county, who), at=NOW)


def test_another_county_settles_nothing(county, neighbour, asked) -> None:
    flag = disagree(county, asked)

    with pytest.raises(PermissionDenied):
        resolve(county, flag, actor=neighbour.county_reviewer)


# Asked to check again --------------------------------------------------------------------------


def test_both_sides_are_asked_to_check_again(county, asked) -> None:
    flag = disagree(county, asked)

    flags.ask_again(flag=flag, actor=county.county_reviewer, at=NOW)

    departments = {"court", "justice", "procuratorate", "public_security"}
    assert {one.department for one in Recheck.objects.open()} == departments
    # Nothing is reset: every answer stands, and the candidacy stays frozen.
    assert asked.replies.newest().count() == 12
    assert frozen(asked)
    # On the batch's page nothing shows: which departments are asked again would tell what about.
    assert not Enquiry.objects.filter(reminders__gt=0).exists()


def test_a_department_that_answers_again_has_done_so(county, asked) -> None:
    """Even with the same answer: it looked again, and says so by answering."""
    flag = disagree(county, asked)
    flags.ask_again(flag=flag, actor=county.county_reviewer, at=NOW)

    answer(asked, department_user(county, "justice"), "justice")

    assert "justice" not in {one.department for one in Recheck.objects.open()}
    assert Recheck.objects.open().count() == 3


def test_nobody_is_asked_twice_a_day(county, asked) -> None:
    flag = disagree(county, asked)
    ask = lambda at: flags.ask_again(flag=flag, actor=county.county_reviewer, at=at)  # noqa: E731
    ask(NOW)

    with pytest.raises(ValidationError, match="没有可以再问的部门"):
        ask(NOW)
    assert len(ask(NOW + timedelta(days=1))) == 4


def test_once_it_is_settled_nobody_is_asked_any_more(county, asked) -> None:
    flag = disagree(county, asked)
    flags.ask_again(flag=flag, actor=county.county_reviewer, at=NOW)

    resolve(county, flag)

    assert not Recheck.objects.open().exists()


def test_the_journal_does_not_say_who_contradicts_whom(county, asked) -> None:
    flags.ask_again(flag=disagree(county, asked), actor=county.county_reviewer, at=NOW)

    assert Entry.objects.get(verb="candidates.ask_again").after == {
        "candidacy": asked.pk,
        "departments": 4,
    }


# An answer after sign-off ----------------------------------------------------------------------


def test_an_answer_after_sign_off_that_says_otherwise_freezes(county, candidacy) -> None:
    reviewed(county, candidacy)

    reply = answer(candidacy, county.court, "court", "record", REMARK)

    assert reply.late
    flag = Flag.objects.get(kind="late_reply")
    assert (flag.reply, flag.details) == (reply, {"department": "court"})
    assert frozen(candidacy)


def test_an_answer_after_sign_off_that_says_the_same_freezes_nobody(county, candidacy) -> None:
    reviewed(county, candidacy)

    answer(candidacy, county.court, "court")

    assert not Flag.objects.exists()


def test_from_a_late_answer_to_its_settlement(client, county, candidacy) -> None:
    """The township is told, the county looks, settles, and the candidacy may be moved on again."""
    reviewed(county, candidacy)
    answer(candidacy, county.court, "court", "record", REMARK)
    flag = Flag.objects.get(kind="late_reply")
    client.force_login(county.township_official)
    election_page = client.get(reverse("candidates:candidate_list", args=[county.election.pk]))
    assert "资格已冻结" in election_page.content.decode()
    own_page = client.get(reverse("candidates:candidate", args=[candidacy.pk])).content.decode()
    assert "县级签署后部门改变答复" in own_page
    assert REMARK not in own_page

    client.force_login(county.county_reviewer)
    for one in Flag.objects.open():
        client.post(reverse("candidates:resolve_flag", args=[one.pk]), {"resolution": "已核实属实"})

    flag.refresh_from_db()
    assert flag.resolved_by == county.county_reviewer
    assert not frozen(candidacy)


# A finding after the final list ----------------------------------------------------------------


def test_a_finding_after_the_final_list_freezes(county, final) -> None:
    finding = make_finding(county, final)

    flag = Flag.objects.get(kind="late_finding")
    assert (flag.finding, flag.details) == (finding, {"situation": "criminal_penalty"})
    assert frozen(final)


@pytest.mark.parametrize("state", ["preliminary", "in_review"])
def test_a_finding_before_the_final_list_is_only_judged(county, candidacy, state) -> None:
    reviewed(county, candidacy)
    Candidacy.objects.update(state=state)

    make_finding(county, candidacy)

    assert not Flag.objects.exists()


def test_what_is_ruled_out_freezes_nobody(county, final) -> None:
    make_finding(county, final, situation="gang_related", status="cleared", source="公安核查")

    assert not Flag.objects.exists()


# A final candidate qualified no longer ---------------------------------------------------------


def test_a_final_candidate_who_is_qualified_no_longer(county, final) -> None:
    make_finding(county, final)

    flag = Flag.objects.get(kind="verdict_changed")
    assert flag.details == {"was": "qualified", "verdict": "disqualified"}


def test_a_finding_withdrawn_takes_it_back(county, final) -> None:
    finding = make_finding(county, final)
    findings.withdraw_finding(finding=finding, reason="同名误录", actor=county.township_official, at=NOW)

    assert Flag.objects.get(kind="verdict_changed").resolved_by is None
    assert not Flag.objects.open().filter(kind="verdict_changed").exists()
    # That a finding came in late is the county's to settle all the same.
    assert frozen(final)


def test_a_doubt_that_becomes_a_bar_says_so(county, final) -> None:
    make_finding(county, final, situation="gang_related", status="alleged", source="群众反映")
    assert Flag.objects.get(kind="verdict_changed").details["verdict"] == "not_established"

    make_finding(county, final)

    assert Flag.objects.get(kind="verdict_changed").details == {"was": "qualified", "verdict": "disqualified"}


def test_a_bar_found_after_the_doubt_was_settled_freezes_again(county, final) -> None:
    make_finding(county, final, situation="gang_related", status="alleged", source="群众反映")
    for flag in Flag.objects.open():
        resolve(county, flag)
    assert not frozen(final)

    make_finding(county, final)

    assert Flag.objects.open().filter(kind="verdict_changed").count() == 1
    assert frozen(final)


def test_no_ballot_is_printed_meanwhile(county, final) -> None:
    """Domain §6: if elected, the election of that person is void."""
    ask = lambda: GUARDS["nobody_frozen"](  # noqa: E731
        Election.objects.with_place().get(pk=county.election.pk), county.election.steps.first(), TODAY
    )
    assert ask() is None
    make_finding(county, final)
    assert "有1名候选人的资格冻结" in ask()

    for flag in Flag.objects.open():
        resolve(county, flag)

    # Settled, but still barred: it is the township's to strike the person off.
    assert "现在不是“符合资格”" in ask()
    people.change_state(
        candidacy=Candidacy.objects.get(pk=final.pk),
        state="struck_off",
        reason="刑满释放未满5年",
        actor=county.township_official,
        at=NOW,
    )
    assert ask() is None


# The pages -------------------------------------------------------------------------------------


def page(client, user, flag) -> str:
    client.force_login(user)
    return client.get(reverse("candidates:flag", args=[flag.pk])).content.decode()


def main_of(html: str) -> str:
    return html[html.index("<main") : html.index("</main>")]


@pytest.mark.parametrize("who", ["township_official", "county_reviewer"])
def test_a_page_says_what_kind_of_thing_it_is_and_no_more(client, county, asked, who) -> None:
    """Which department said what is behind a look: not on the page, not in the list, not in the file."""
    flag = disagree(county, asked)

    shown = main_of(page(client, getattr(county, who), flag))
    listed = main_of(client.get(reverse("candidates:flags")).content.decode())

    assert "部门答复不一致" in shown
    for secret in ("法院", "公安", "受过刑罚", REMARK):
        assert secret not in shown
        assert secret not in listed
    assert "王大山" in listed


def test_a_look_is_journalled_and_opens_it(client, county, asked) -> None:
    flag = disagree(county, asked)
    client.force_login(county.county_reviewer)
    address = reverse("candidates:look_at_flag", args=[flag.pk])

    assert "请填写“事由”" in client.post(address, {"reason": ""}).content.decode()
    assert not Entry.objects.filter(verb="candidates.look").exists()
    response = client.post(address, {"reason": "核实答复不一致"})

    assert response.headers["Location"] == reverse("candidates:flag", args=[flag.pk])
    entry = Entry.objects.get(verb="candidates.look")
    assert (entry.actor_id, entry.reason) == (county.county_reviewer.pk, "核实答复不一致")
    shown = main_of(page(client, county.county_reviewer, flag))
    assert "答复有记录的：法院" in shown
    assert "受过刑罚" in shown


def looked_at(client, county, flag) -> str:
    """The page of a flag once the county has said why it looks."""
    client.force_login(county.county_reviewer)
    client.post(reverse("candidates:look_at_flag", args=[flag.pk]), {"reason": "核实"})
    return main_of(page(client, county.county_reviewer, flag))


def test_a_late_answer_is_read_behind_the_look(client, county, candidacy) -> None:
    reviewed(county, candidacy)
    answer(candidacy, county.court, "court", "record", REMARK)

    shown = looked_at(client, county, Flag.objects.get(kind="late_reply"))

    assert "部门：法院。" in shown
    assert "这次的答复：有记录。" in shown
    assert REMARK in shown


def test_a_late_finding_is_read_behind_the_look(client, county, final) -> None:
    make_finding(county, final)

    shown = looked_at(client, county, Flag.objects.get(kind="late_finding"))

    assert "情形：受过刑罚。" in shown
    assert "核实程度：已查实。" in shown


def test_a_changed_verdict_is_read_behind_the_look(client, county, final) -> None:
    make_finding(county, final)

    shown = looked_at(client, county, Flag.objects.get(kind="verdict_changed"))

    assert "原来的结论：符合资格。" in shown
    assert "后来的结论：不符合资格。" in shown


def test_how_it_was_settled_is_read_behind_the_look_too(client, county, asked) -> None:
    """The county's reason names departments and what they hold."""
    flag = disagree(county, asked)
    resolve(county, flag)

    assert "以法院判决书为准" not in page(client, county.township_official, flag)
    assert "以法院判决书为准" in looked_at(client, county, flag)


def test_closing_masks_it_again(client, county, asked) -> None:
    flag = disagree(county, asked)
    client.force_login(county.county_reviewer)
    client.post(reverse("candidates:look_at_flag", args=[flag.pk]), {"reason": "核实"})

    client.post(reverse("candidates:close_flag_look", args=[flag.pk]))

    assert "法院" not in main_of(page(client, county.county_reviewer, flag))


def test_what_the_law_says_then_is_on_the_page(client, county, final) -> None:
    make_finding(county, final)

    shown = page(client, county.township_official, Flag.objects.get(kind="verdict_changed"))

    assert "依法应当怎样处理" in shown
    assert "其当选无效" in shown


def test_the_county_is_offered_the_form_and_the_township_is_not(client, county, asked) -> None:
    flag = disagree(county, asked)
    settle, again = (reverse(f"candidates:{name}", args=[flag.pk]) for name in ("resolve_flag", "ask_again"))

    theirs = page(client, county.township_official, flag)
    ours = page(client, county.county_reviewer, flag)

    assert settle in ours
    assert again in ours
    assert settle not in theirs
    assert again not in theirs
    client.force_login(county.township_official)
    assert client.post(settle, {"resolution": "x"}).status_code == 403
    assert client.post(again).status_code == 403
    assert client.get(settle).status_code in {403, 405}


def test_what_was_typed_comes_back(client, county, asked) -> None:
    flag = disagree(county, asked)
    client.force_login(county.county_reviewer)

    response = client.post(reverse("candidates:resolve_flag", args=[flag.pk]), {"resolution": "核实" * 300})

    assert response.status_code == 200
    assert "核实" * 300 in response.content.decode()


def test_asking_again_from_the_page(client, county, asked) -> None:
    flag = disagree(county, asked)
    client.force_login(county.county_reviewer)

    response = client.post(reverse("candidates:ask_again", args=[flag.pk]), follow=True)

    assert "已请4个部门重新核实" in response.content.decode()
    # How many is said; who they are, and so what they said, is behind the look.
    assert "法院" not in main_of(response.content.decode())


@pytest.mark.parametrize("who", ["committee_member", "court", "administrator"])
def test_nobody_else_sees_flags(client, county, asked, who) -> None:
    flag = disagree(county, asked)
    client.force_login(getattr(county, who))

    for address in (reverse("candidates:flags"), reverse("candidates:flag", args=[flag.pk])):
        assert client.get(address).status_code == 403


def test_another_township_and_another_county_see_nothing(client, county, neighbour, asked) -> None:
    flag = disagree(county, asked)
    for user in (county.other_township_official, neighbour.county_reviewer):
        client.force_login(user)
        assert client.get(reverse("candidates:flag", args=[flag.pk])).status_code == 404
        assert "王大山" not in client.get(reverse("candidates:flags")).content.decode()


def test_open_and_settled_are_told_apart(client, county, asked) -> None:
    flag = disagree(county, asked)
    client.force_login(county.county_reviewer)
    address = reverse("candidates:flags")

    assert "王大山" in client.get(address, {"state": "open"}).content.decode()
    assert "王大山" not in main_of(client.get(address, {"state": "settled"}).content.decode())
    resolve(county, flag)
    assert "王大山" in client.get(address, {"state": "settled"}).content.decode()
    assert "王大山" not in main_of(client.get(address, {"state": "open"}).content.decode())


def test_the_list_as_a_file(client, county, asked) -> None:
    disagree(county, asked)
    client.force_login(county.county_reviewer)

    response = client.get(reverse("candidates:flags"), {"export": "xlsx"})

    assert response.headers["Content-Type"].endswith("spreadsheetml.sheet")


def test_queries_of_the_list_do_not_grow(client, county, asked) -> None:
    client.force_login(county.county_reviewer)
    disagree(county, asked)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("candidates:flags")).status_code == 200
        return len(captured)

    queries()
    few = queries()
    others = [
        make_candidate(county, f"李{name}", id_number=make_id_number(order=order))
        for name, order in zip("一二三四五", range(21, 31, 2), strict=True)
    ]
    for one in others:
        flags.open_flag(one, Flag.Kind.LATE_FINDING, {"situation": "incapacity"}, actor=None, at=NOW)
    assert queries() == few


# At the same time ------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_settle_at_once(county, candidacy) -> None:
    send(county, candidacy)
    flag = disagree(county, candidacy)

    raised = at_once([lambda: resolve(county, flag), lambda: resolve(county, flag)])

    assert [type(error) for error in raised] == [ValidationError]
    assert Entry.objects.filter(verb="candidates.resolve_flag").count() == 1


@pytest.mark.django_db(transaction=True)
def test_signing_and_a_changed_answer_at_once(county, candidacy) -> None:
    """Either the answer came first and nothing is signed, or it came late and the candidacy is frozen."""
    batch = send(county, candidacy)
    answer_all(county, candidacy)

    at_once(
        [
            lambda: sign(county, batch),
            lambda: answer(candidacy, county.court, "court", "record", REMARK),
        ]
    )

    batch.refresh_from_db()
    assert frozen(candidacy)
    assert Flag.objects.open().exists()
    if batch.state == "signed":
        assert Flag.objects.filter(kind="late_reply").exists()
