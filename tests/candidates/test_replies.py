"""A department's own answer about one person: what it brings, what it replaces, what it never shows."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.urls import reverse

from candidates.actions import replies
from candidates.actions.replies import Said, reply_many
from candidates.models import Candidacy, DepartmentReply, Enquiry, Finding, Flag
from election_admin.accounts.models import Membership, Role
from election_admin.encryption import encrypt
from election_admin.journal.models import Entry
from tests.candidates.conftest import answer, make_candidate, make_finding, make_id_number
from tests.candidates.review import answer_all, department_user, make_batch, reviewed, send, sign
from tests.cast import NOW, County, make_user

pytestmark = pytest.mark.django_db

PENALTY: dict[str, Any] = {
    "situation": "criminal_penalty",
    "status": "confirmed",
    "sentenced_on": date(2019, 3, 1),
    "released_on": date(2023, 3, 1),
    "source": "（2019）浙0604刑初88号",
}
RECORD: dict[str, Any] = {
    "answer": "record",
    "remark": "",
    "situations": ["criminal_penalty"],
    "findings": [PENALTY],
}
# What the page posts for the same.
POSTED = {
    "answer": "record",
    "criminal_penalty_0": "on",
    "criminal_penalty_0_status": "confirmed",
    "criminal_penalty_0_sentenced_on": "2019-03-01",
    "criminal_penalty_0_released_on": "2023-03-01",
    "criminal_penalty_0_source": "（2019）浙0604刑初88号",
}


def url(candidacy) -> str:
    return reverse("candidates:reply", args=[candidacy.pk])


def enquiry_url(county: County, department: str = "court") -> str:
    return reverse("candidates:enquiry", args=[enquiry_of(county, department).pk])


def enquiry_of(county: County, department: str = "court") -> Enquiry:
    return Enquiry.objects.get(department=department, batch__place=county.township)


def text(response) -> str:
    return response.content.decode()


def say(county: County, candidacy: Candidacy, department: str = "court", **said):
    """A department's answer, with its situations and findings."""
    return replies.reply(
        candidacy=candidacy,
        department=department,
        actor=department_user(county, department),
        at=NOW,
        **{"answer": "no_record", "remark": "", **said},
    )


@pytest.fixture
def sent(county, candidacy):
    """The candidate, in a batch the departments are asked about."""
    send(county, candidacy)
    return candidacy


@pytest.fixture
def court(client, county):
    """The court's reviewer, logged in."""
    client.force_login(county.court)
    return client


# --- what an answer brings ---------------------------------------------------------
class TestFindings:
    def test_a_record_brings_its_facts(self, county, sent):
        row = say(county, sent, **RECORD)

        finding = Finding.objects.get()
        assert finding.reply == row
        assert finding.details == {
            **PENALTY,
            "sentenced_on": "2019-03-01",
            "released_on": "2023-03-01",
        }
        assert row.situations == ["criminal_penalty"]
        sent.refresh_from_db()
        assert sent.verdict == "disqualified"
        assert [entry.verb for entry in Entry.objects.order_by("-id")[:2]] == [
            "candidates.record_finding",
            "candidates.reply",
        ]

    def test_a_later_answer_withdraws_what_the_earlier_one_brought(self, county, sent):
        earlier = say(county, sent, **RECORD)

        later = say(county, sent)

        old = Finding.objects.get()
        assert (old.reply, old.withdrawn_by) == (earlier, county.court)
        assert Entry.objects.get(verb="candidates.withdraw_finding").reason == "部门重新答复"
        sent.refresh_from_db()
        assert sent.verdict == "not_established"
        assert DepartmentReply.objects.newest().get() == later

    def test_a_later_answer_leaves_what_the_township_found(self, county, sent):
        own = make_finding(county, sent)
        say(county, sent, **RECORD)

        say(county, sent)

        assert list(Finding.objects.in_force()) == [own]

    def test_a_later_answer_leaves_what_another_department_brought(self, county, sent):
        say(county, sent, **RECORD)
        say(county, sent, "justice", **RECORD)

        say(county, sent)

        assert Finding.objects.in_force().get().reply.department == "justice"

    def test_the_township_cannot_withdraw_what_a_department_said(self, client, county, sent):
        say(county, sent, **RECORD)
        client.force_login(county.township_official)
        finding = Finding.objects.get()

        page = client.post(reverse("candidates:withdraw_finding", args=[finding.pk]), {"reason": "写错了"})

        assert "请由该部门重新答复" in text(page)
        assert Finding.objects.in_force().exists()

    def test_two_facts_of_one_kind(self, county, sent):
        second = {**PENALTY, "sentenced_on": date(2010, 1, 1), "released_on": date(2011, 1, 1)}

        say(county, sent, **{**RECORD, "findings": [PENALTY, second]})

        assert Finding.objects.count() == 2

    def test_a_record_outside_the_list_bars_nobody(self, county, sent):
        answer_all(county, sent, but=["court"])

        say(county, sent, answer="record", situations=["outside_list"], remark="民间借贷纠纷一件")

        sent.refresh_from_db()
        assert sent.verdict == "qualified"
        warnings = sent.assessments.get(current=True).snapshot["answer"]["warnings"]
        assert [each["code"] for each in warnings] == ["record_not_of_list"]

    def test_a_record_of_one_situation_leaves_the_others_clear(self, county, sent):
        """公安答复两种情形：有一种的记录，不等于另一种也有。"""
        answer_all(county, sent, but=["public_security"])
        gang = {"situation": "gang_related", "status": "alleged"}

        say(
            county,
            sent,
            "public_security",
            answer="record",
            situations=["gang_related"],
            findings=[gang],
        )

        states = sent.assessments.get(current=True).snapshot["answer"]["situations"]
        assert states["gang_related"]["state"] == "not_established"
        assert states["criminal_penalty"]["state"] == "clear"

    @pytest.mark.parametrize(
        ("change", "key", "sentence"),
        [
            ({"situations": ["gang_related"]}, "situations", "不由本部门答复"),
            ({"situations": ["no_such"]}, "situations", "不由本部门答复"),
            ({"findings": []}, "situations", "都要填写核实程度和文书编号"),
            (
                {"situations": [], "findings": [PENALTY], "remark": "有"},
                "findings[0].situation",
                "不在选择的情形",
            ),
            ({"findings": [{**PENALTY, "source": ""}]}, "findings[0].source", "请填写文书编号"),
            ({"findings": [{**PENALTY, "source": "  "}]}, "findings[0].source", "请填写文书编号"),
            ({"findings": [{**PENALTY, "status": "cleared"}]}, "findings[0].status", "请答复“无记录”"),
            ({"findings": [{**PENALTY, "status": ""}]}, "findings[0].status", "请选择"),
            (
                {"findings": [{**PENALTY, "released_on": date(2018, 1, 1)}]},
                "findings[0].released_on",
                "早于“判决日期”",
            ),
            (
                {"findings": [PENALTY, {**PENALTY, "sentenced_on": date(2027, 1, 1)}]},
                "findings[1].sentenced_on",
                "日期还没有到",
            ),
            (
                {"findings": [{**PENALTY, "dealt_with_on": date(2020, 1, 1)}]},
                "findings[0].dealt_with_on",
                "留空",
            ),
            ({"answer": "no_record"}, "answer", "答复应为“有记录”"),
            ({"situations": ["outside_list"], "findings": []}, "remark", "请说明是什么情况"),
            ({"situations": [], "findings": []}, "remark", "请说明是什么情况"),
        ],
    )
    def test_what_cannot_be_is_refused_by_its_place(self, county, sent, change, key, sentence):
        with pytest.raises(ValidationError) as caught:
            say(county, sent, **{**RECORD, **change})

        assert sentence in " ".join(caught.value.message_dict[key])
        assert not DepartmentReply.objects.exists()
        assert not Finding.objects.exists()

    def test_an_alleged_fact_needs_no_paper_and_never_clears(self, county, sent):
        answer_all(county, sent, but=["court"])

        say(
            county,
            sent,
            answer="record",
            situations=["criminal_penalty"],
            findings=[{"situation": "criminal_penalty", "status": "alleged"}],
        )

        sent.refresh_from_db()
        assert sent.verdict == "not_established"


def test_nothing_of_an_answer_is_plain_in_the_journal(county, sent):
    say(county, sent, **{**RECORD, "remark": "另有一件"})

    written = " ".join(f"{entry.before}{entry.after}{entry.reason}" for entry in Entry.objects.all())
    for secret in ("另有一件", "刑初88号", "2023-03-01", "criminal_penalty", make_id_number()):
        assert secret not in written


def test_nobody_answers_for_another_department(county, candidacy):
    with pytest.raises(PermissionDenied):
        answer(candidacy, county.court, "health")


def test_nobody_answers_for_a_department_that_is_not_asked(county, candidacy):
    outside = make_user("sports", Role.DEPARTMENT, county.county, "sports")

    with pytest.raises(ValidationError):
        answer(candidacy, outside, "sports")


# --- after the county has signed ------------------------------------------------------
class TestLate:
    @pytest.fixture
    def signed(self, county, candidacy):
        reviewed(county, candidacy)
        return candidacy

    def test_another_answer_is_taken_marked_and_freezes(self, county, signed):
        row = say(county, signed, **RECORD)

        assert row.late
        flag = Flag.objects.open().get(kind=Flag.Kind.LATE_REPLY)
        assert (flag.reply, flag.details) == (row, {"department": "court"})
        signed.refresh_from_db()
        assert signed.is_frozen

    @pytest.mark.parametrize("remark", ["", "核对过"])
    def test_an_equal_answer_freezes_nobody(self, county, signed, remark):
        row = say(county, signed, remark=remark)

        assert row.late
        assert not Flag.objects.filter(kind=Flag.Kind.LATE_REPLY).exists()

    def test_an_equal_record_freezes_nobody(self, county, candidacy):
        batch = send(county, candidacy)
        answer_all(county, candidacy, but=["court"])
        say(county, candidacy, **RECORD)
        Flag.objects.update(resolved_at=NOW)
        sign(county, batch)

        say(county, candidacy, **RECORD)
        assert not Flag.objects.filter(kind=Flag.Kind.LATE_REPLY).exists()

        say(county, candidacy, **{**RECORD, "findings": [{**PENALTY, "released_on": date(2024, 3, 1)}]})
        assert Flag.objects.filter(kind=Flag.Kind.LATE_REPLY).exists()

    def test_an_answer_to_a_review_under_way_is_not_late(self, county, sent):
        assert not say(county, sent).late

    def test_the_department_is_told_before_it_sends(self, court, county, signed):
        page = text(court.get(url(signed)))

        assert "县级已签署对这个人的联审结果" in page
        assert "冻结这个人的候选人资格" in page

    def test_a_fact_after_the_final_list_freezes_too(self, county, signed):
        Candidacy.objects.update(state="final")

        say(county, signed, **RECORD)

        assert Flag.objects.open().filter(kind=Flag.Kind.LATE_FINDING).count() == 1
        say(county, signed, **RECORD)
        assert Flag.objects.open().filter(kind=Flag.Kind.LATE_FINDING).count() == 1


def test_an_enquiry_answered_in_full_says_since_when(county, sent):
    assert enquiry_of(county).answered_at is None

    say(county, sent)

    assert enquiry_of(county).answered_at == NOW
    assert enquiry_of(county, "health").answered_at is None


# --- many at once ---------------------------------------------------------------------
class TestMany:
    @pytest.fixture
    def two(self, county, candidacy):
        other = make_candidate(county, "李水", id_number=make_id_number(order=13))
        send(county, candidacy, other)
        return candidacy, other

    def many(self, county, said, seen=None):
        return reply_many(
            enquiry=enquiry_of(county),
            said=said,
            seen=seen if seen is not None else dict.fromkeys(said),
            actor=county.court,
            at=NOW,
        )

    def test_all_are_kept(self, county, two):
        first, second = two

        self.many(
            county,
            {
                first.pk: Said("no_record"),
                second.pk: Said("record", "", ["criminal_penalty"], [PENALTY]),
            },
        )

        assert DepartmentReply.objects.newest().count() == 2
        assert Finding.objects.get().candidacy == second
        assert Entry.objects.filter(verb="candidates.reply").count() == 2
        assert enquiry_of(county).answered_at == NOW

    def test_one_refused_means_none_is_kept_and_each_is_named(self, county, two):
        first, second = two

        with pytest.raises(replies.RepliesRefused) as caught:
            self.many(county, {first.pk: Said("no_record"), second.pk: Said("record")})

        assert set(caught.value.by_candidacy) == {second.pk}
        assert not DepartmentReply.objects.exists()

    def test_what_a_colleague_answered_meanwhile_is_not_overwritten(self, county, two):
        first, _second = two
        say(county, first, **RECORD)

        with pytest.raises(replies.RepliesRefused, match="已于2026-12-01 09:00作出答复"):
            self.many(county, {first.pk: Said("no_record")})

        assert DepartmentReply.objects.newest().get().answer == "record"
        standing = DepartmentReply.objects.get()
        self.many(county, {first.pk: Said("no_record")}, seen={first.pk: standing.pk})
        assert DepartmentReply.objects.newest().get().answer == "no_record"

    @pytest.mark.parametrize("state", ["declined", "struck_off"])
    def test_nobody_is_answered_about_who_no_longer_stands(self, county, two, state):
        Candidacy.objects.update(state=state)

        with pytest.raises(replies.RepliesRefused, match="已不再征询"):
            self.many(county, {two[0].pk: Said("no_record")})

    def test_nobody_outside_the_enquiry(self, county, two):
        alone = make_candidate(county, "陈远", id_number=make_id_number(order=15))

        with pytest.raises(replies.RepliesRefused, match="已不再征询"):
            self.many(county, {alone.pk: Said("no_record")})

    def test_another_department_cannot(self, county, two):
        with pytest.raises(replies.RepliesRefused):
            reply_many(
                enquiry=enquiry_of(county),
                said={two[0].pk: Said("no_record")},
                seen={two[0].pk: None},
                actor=county.health,
                at=NOW,
            )


# --- the page ----------------------------------------------------------------------------
class TestPage:
    def test_no_record(self, court, county, sent):
        response = court.post(url(sent), {"answer": "no_record"})

        assert response.url == enquiry_url(county)
        row = DepartmentReply.objects.get()
        assert (row.department, row.answer, row.situations) == ("court", "no_record", [])
        assert "已答复：王大山" in text(court.get(response.url))

    def test_a_record_with_its_facts(self, court, county, sent):
        response = court.post(url(sent), POSTED)

        assert response.url == enquiry_url(county)
        assert Finding.objects.get().details["released_on"] == "2023-03-01"

    def test_two_of_a_kind(self, court, sent):
        second = {key.replace("_0", "_1"): value for key, value in POSTED.items() if key != "answer"}

        court.post(url(sent), {**POSTED, **second, "criminal_penalty_1_source": "另案"})

        assert {one.details["source"] for one in Finding.objects.all()} == {"（2019）浙0604刑初88号", "另案"}

    def test_outside_the_list(self, court, sent):
        court.post(url(sent), {"answer": "record", "outside": "on", "remark": "民间借贷一件"})

        assert DepartmentReply.objects.get().situations == ["outside_list"]
        assert not Finding.objects.exists()

    def test_a_department_of_no_situation_describes_its_record(self, client, county, sent):
        client.force_login(department_user(county, "petitions"))
        page = text(client.get(url(sent)))
        assert "核实程度" not in page
        assert "依法信访、依法提出异议不是记录" in page

        client.post(url(sent), {"answer": "record", "remark": "扰乱公共秩序被处理"})

        assert DepartmentReply.objects.get().situations == ["outside_list"]

    def test_only_the_situations_of_the_department_are_asked(self, client, county, sent):
        client.force_login(county.health)

        page = text(client.get(url(sent)))

        assert "违反计划生育" in page
        assert "丧失行为能力" in page
        for other in ("受过刑罚", "涉黑涉恶", "党纪处分", "判决日期"):
            assert other not in page

    @pytest.mark.parametrize(
        ("posted", "sentence"),
        [
            ({"remark": "没选答复"}, "请选择“答复”"),
            ({"answer": "maybe", "remark": "也许"}, "“答复”没有这个选项"),
            ({"answer": "record", "remark": "只有说明"}, "请勾选是哪一种情形的记录"),
            ({"answer": "record", "outside": "on", "remark": ""}, "有记录的，请说明是什么情况"),
            ({"answer": "record", "remark": "有😀"}, "表情符号"),
            ({"answer": "record", "remark": "长" * 501}, "最多500个字，现有501个字"),
            ({**POSTED, "criminal_penalty_0": "", "remark": "忘了勾"}, "填写了这一情形的内容，但没有勾选"),
            ({**POSTED, "criminal_penalty_0_source": "", "remark": "缺文号"}, "已查实的，请填写文书编号"),
            ({**POSTED, "criminal_penalty_0_status": "", "remark": "缺程度"}, "请选择“已查实”"),
            ({**POSTED, "criminal_penalty_0_released_on": "2018-01-01", "remark": "早"}, "早于“判决日期”"),
            ({**POSTED, "criminal_penalty_0_released_on": "不知", "remark": "日期"}, "不是有效的日期"),
            ({**POSTED, "criminal_penalty_0_sentenced_on": "2027-01-01", "remark": "将来"}, "日期还没有到"),
            ({**POSTED, "answer": "no_record", "remark": "矛盾"}, "答复应为“有记录”"),
        ],
    )
    def test_bad_input_is_said_and_nothing_is_lost(self, court, sent, posted, sentence):
        page = text(court.post(url(sent), posted))

        assert sentence in page
        for typed in posted.values():
            assert typed in page or typed in {"maybe", "on"}
        assert not DepartmentReply.objects.exists()

    def test_on_to_the_next(self, court, county, candidacy):
        other = make_candidate(county, "李水", id_number=make_id_number(order=13))
        send(county, candidacy, other)

        response = court.post(url(candidacy), {"answer": "no_record", "next": "1"})
        assert response.url == url(other) + "?department=court"

        response = court.post(url(other), {"answer": "no_record", "next": "1"})
        assert response.url == enquiry_url(county)

    def test_the_earlier_answer_is_hidden_until_a_look(self, court, county, sent):
        say(county, sent, **{**RECORD, "remark": "一审判决"})

        page = text(court.get(url(sent)))
        assert "张三已于2026-12-01 09:00答复" in page
        for hidden in ("刑初88号", "一审判决", "2023-03-01", "2023年3月1日"):
            assert hidden not in page

        court.post(reverse("candidates:look", args=[sent.pk]), {"reason": "更正答复"})
        page = text(court.get(url(sent)))
        for shown in ("刑初88号", "一审判决", 'value="2023-03-01"', "2023年3月1日"):
            assert shown in page

    def test_a_form_that_is_filled_in_says_the_same(self, court, county, sent):
        """改一处重新提交，其他内容不丢。"""
        say(county, sent, **{**RECORD, "remark": "一审判决"})
        court.post(reverse("candidates:look", args=[sent.pk]), {"reason": "更正答复"})
        form = court.get(url(sent)).context["form"]
        posted = {
            name: value for name in form.fields if (value := form[name].value()) not in (None, "", False)
        }

        court.post(url(sent), posted)

        first, second = DepartmentReply.objects.order_by("id")
        assert (first.answer, first.remark, first.situations) == (
            second.answer,
            second.remark,
            second.situations,
        )
        assert [one.details for one in first.findings.all()] == [one.details for one in second.findings.all()]

    def test_somebody_with_two_departments(self, client, county, sent):
        Membership.objects.create(
            user=county.court, place=county.county, role=Role.DEPARTMENT, department="justice"
        )
        answer(sent, county.court, "court")
        client.force_login(county.court)

        client.post(url(sent) + "?department=justice", {"answer": "no_record"})

        assert set(DepartmentReply.objects.values_list("department", flat=True)) == {"court", "justice"}


def test_a_department_sees_nothing_but_its_own(client, county, sent):
    make_finding(county, sent)
    say(county, sent, **{**RECORD, "remark": "判决书在案"})
    client.force_login(county.health)
    client.post(reverse("candidates:look", args=[sent.pk]), {"reason": "查询"})

    page = text(client.get(url(sent)))

    for other in ("判决书在案", "刑初88号", "不符合资格", "法院", "受过刑罚"):
        assert other not in page
    for name in ("candidate", "record_finding", "correct_candidate", "change_state"):
        assert client.get(reverse(f"candidates:{name}", args=[sent.pk])).status_code == 403
    assert client.get(reverse("candidates:candidate_list", args=[county.election.pk])).status_code == 403


@pytest.mark.parametrize("state", ["declined", "struck_off", "not_listed"])
def test_who_no_longer_stands_is_not_found(court, sent, state):
    Candidacy.objects.update(state=state)

    assert court.get(url(sent)).status_code == 404
    assert court.post(url(sent), {"answer": "no_record"}).status_code == 404


def test_who_is_not_sent_up_is_not_found(court, county, candidacy):
    make_batch(county, candidacy)

    assert court.get(url(candidacy)).status_code == 404
    assert court.post(url(candidacy), {"answer": "no_record"}).status_code == 404


def test_an_earlier_term_is_not_found(court, county, sent):
    county.term.current = False
    county.term.save()

    assert court.get(url(sent)).status_code == 404


def test_a_county_that_changed_its_list_is_asked_by_the_new_one(court, county, sent):
    """情形换了，旧的答复仍在案，页面不出错。"""
    row = say(county, sent, **RECORD)
    DepartmentReply.objects.filter(pk=row.pk).update(situations=["village_bully", "outside_list"])
    court.post(reverse("candidates:look", args=[sent.pk]), {"reason": "更正答复"})

    assert "不属于清单所列情形" in text(court.get(url(sent)))


# --- who may ------------------------------------------------------------------------
class TestAccess:
    def test_anonymous(self, client, sent):
        assert client.get(url(sent)).url.startswith(reverse("accounts:log_in"))

    @pytest.mark.parametrize("who", ["committee_member", "administrator"])
    def test_other_roles(self, client, county, sent, who):
        client.force_login(getattr(county, who))

        assert client.get(url(sent)).status_code == 403

    @pytest.mark.parametrize("who", ["township_official", "county_reviewer"])
    def test_an_official_is_sent_on_to_the_candidate(self, client, county, sent, who):
        client.force_login(getattr(county, who))

        response = client.post(url(sent), {"answer": "no_record"})

        assert response.url == reverse("candidates:candidate", args=[sent.pk])
        assert not DepartmentReply.objects.exists()

    @pytest.mark.parametrize("who", ["court", "township_official", "county_reviewer"])
    def test_outsider(self, client, neighbour, sent, who):
        client.force_login(getattr(neighbour, who))

        assert client.get(url(sent)).status_code == 404
        assert client.post(url(sent), {"answer": "no_record"}).status_code == 404

    def test_another_township(self, client, county, sent):
        client.force_login(county.other_township_official)

        assert client.get(url(sent)).status_code == 404

    @pytest.mark.parametrize("pk", [999999, 9**30])
    def test_bad_id(self, court, pk):
        assert court.get(reverse("candidates:reply", args=[pk])).status_code == 404

    def test_wrong_verb(self, court, sent):
        assert court.delete(url(sent)).status_code == 405


def test_answers_are_encrypted_at_rest(county, sent):
    """The column of what a record is about holds no plain text."""
    say(county, sent, **RECORD)

    with connection.cursor() as cursor:
        cursor.execute("SELECT situations FROM candidates_departmentreply")
        ((stored,),) = cursor.fetchall()
    assert "criminal_penalty" not in stored
    assert stored[:4] == encrypt("x")[:4]
