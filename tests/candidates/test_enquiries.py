"""A department's inbox and an enquiry's page: only what is asked, only what it is told, a page at once."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates.actions import batches, flags, looking
from candidates.disclosure import tell
from candidates.models import Candidacy, DepartmentReply, Enquiry, Finding, Flag, ReviewBatch
from election_admin.accounts.models import Membership, Role
from election_admin.evidence.actions import attach
from election_admin.evidence.models import Evidence
from election_admin.journal.models import Entry
from election_admin.rulebooks.departments import department_notes, load_departments
from election_admin.rulebooks.eligibility_lists import eligibility_list_ids, load_eligibility_list
from election_admin.rulebooks.loading import RulebookError
from tests.candidates.conftest import BORN, answer, make_candidate, make_finding, make_id_number
from tests.candidates.review import DUE, answer_all, department_user, make_batch, send, sign
from tests.candidates.test_replies import PENALTY, RECORD, enquiry_of, say
from tests.cast import NOW, SEATS, County
from tests.evidence.uploads import make_photo
from villages.actions.terms import set_election_day
from villages.models import Election

pytestmark = pytest.mark.django_db

INBOX = "/candidates/inbox/"
DEPARTMENTS = [each.code for each in load_departments()]


def text(response) -> str:
    return response.content.decode()


def url(county: County, department: str = "court", name: str = "enquiry", **more) -> str:
    return reverse(f"candidates:{name}", kwargs={"pk": enquiry_of(county, department).pk, **more})


def people(county: County, count: int) -> list[Candidacy]:
    """So many men of the first village, all of them to be reviewed."""
    return [
        make_candidate(
            county, f"李{number:03d}".translate(_NUMERALS), id_number=make_id_number(order=2 * number + 1)
        )
        for number in range(count)
    ]


_NUMERALS = str.maketrans("0123456789", "零一二三四五六七八九")


def later(monkeypatch, client, county: County, days: int) -> None:
    """Some mornings later; yesterday's log-in is over by then."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(days=days))
    client.force_login(county.court)


@pytest.fixture
def court(client, county):
    """The court's reviewer, logged in."""
    client.force_login(county.court)
    return client


@pytest.fixture
def sent(county, candidacy):
    """The candidate, in a batch the departments are asked about."""
    send(county, candidacy)
    return candidacy


# --- the inbox ------------------------------------------------------------------------
class TestInbox:
    def test_what_is_asked_batch_by_batch(self, court, county, sent):
        page = text(court.get(INBOX))

        assert "长塘镇" in page
        assert "第1批" in page
        assert "等待答复（1人）" in page
        assert "0/1" in page
        assert "2026-12-10" in page
        assert "还有9天" in page
        assert f'href="{url(county)}"' in page

    def test_of_nobody(self, court):
        page = text(court.get(INBOX))

        assert "没有等待答复的批次" in page
        assert "还没有办结的批次" in page

    @pytest.mark.parametrize(
        ("days", "said"), [(8, "还有1天"), (9, "今天到期"), (10, "已逾期1天"), (12, "已逾期3天")]
    )
    def test_how_long_there_is(self, court, county, sent, monkeypatch, days, said):
        later(monkeypatch, court, county, days)

        page = text(court.get(INBOX))

        assert said in page
        assert ("有1批已经逾期" in page) is (days > 9)

    def test_late_and_reminded_ones_come_first(self, court, county, monkeypatch):
        first, second, third = people(county, 3)
        send(county, first, due_on=date(2026, 12, 12))
        send(county, second, due_on=date(2026, 12, 14))
        send(county, third, due_on=date(2026, 12, 5))
        enquiries = {
            one.batch.number: one
            for one in Enquiry.objects.filter(department="court").select_related("batch")
        }
        batches.remind(enquiry=enquiries[2], actor=county.county_reviewer, at=NOW)
        later(monkeypatch, court, county, 6)

        response = court.get(INBOX)

        assert [line.enquiry.batch.number for line in response.context["waiting"]] == [3, 2, 1]
        assert "已催办1次" in text(response)
        assert "有1批被催办" in text(response)
        assert "有1批已经逾期" in text(response)

    def test_a_batch_that_is_answered_is_done(self, court, county, sent):
        answer(sent, county.court, "court")

        response = court.get(INBOX)

        assert response.context["waiting"] == []
        assert "已办结（1批）" in text(response)
        assert "已全部答复" in text(response)

    def test_a_batch_that_is_signed_says_so(self, court, county, candidacy):
        batch = send(county, candidacy)
        answer_all(county, candidacy)
        sign(county, batch)

        assert "县级已签署" in text(court.get(INBOX))

    def test_departments_are_kept_apart(self, client, county, sent):
        answer(sent, county.court, "court")
        client.force_login(county.health)

        assert len(client.get(INBOX).context["waiting"]) == 1
        # Asking for another's changes nothing.
        assert len(client.get(INBOX, {"department": "court"}).context["waiting"]) == 1

    def test_counties_are_kept_apart(self, court, county, neighbour):
        send(neighbour, make_candidate(neighbour, "陈远", actor=neighbour.township_official))

        assert court.get(INBOX).context["waiting"] == []

    @pytest.mark.parametrize("state", ["draft", "returned"])
    def test_what_is_not_sent_up_is_not_asked(self, court, county, candidacy, state):
        batch = make_batch(county, candidacy) if state == "draft" else send(county, candidacy)
        if state == "returned":
            address = url(county)
            batches.return_batch(batch=batch, reason="缺号码", actor=county.county_reviewer, at=NOW)
            assert court.get(address).status_code == 404

        assert court.get(INBOX).context["waiting"] == []

    def test_earlier_terms_are_over(self, court, county, sent):
        county.term.current = False
        county.term.save()

        assert court.get(INBOX).context["waiting"] == []
        assert court.get(url(county)).status_code == 404

    def test_somebody_with_two_departments_switches(self, client, county, sent):
        Membership.objects.create(
            user=county.court, place=county.county, role=Role.DEPARTMENT, department="justice"
        )
        answer(sent, county.court, "court")
        client.force_login(county.court)

        assert client.get(INBOX).context["waiting"] == []
        response = client.get(INBOX, {"department": "justice"})
        assert len(response.context["waiting"]) == 1
        assert "?department=court" in text(response)

    @pytest.mark.parametrize("page", ["0", "-1", "99", "word", "9" * 30])
    def test_a_page_that_is_none(self, court, county, sent, page):
        answer(sent, county.court, "court")

        assert "已全部答复" in text(court.get(INBOX, {"page": page}))

    def test_nothing_about_a_person(self, court, sent):
        page = text(court.get(INBOX))

        for hidden in ("王大山", make_id_number(), "1980", "330604********"):
            assert hidden not in page

    def test_it_is_the_departments_home(self, court):
        assert court.get("/", follow=True).redirect_chain[-1][0] == INBOX
        assert f'href="{INBOX}" aria-current="page"' in text(court.get(INBOX))

    def test_queries_do_not_grow(self, court, county):
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                court.get(INBOX)
            return len(captured)

        rows = people(county, 6)
        send(county, *rows[:2])
        few = queries()
        for one in rows[2:]:
            send(county, one)
        assert queries() == few


def test_whom_the_county_asks_to_check_again_stands_on_top(client, county, sent):
    """不说是谁的答复与之不同：只请重新核实。"""
    say(county, sent, **RECORD)
    say(county, sent, "justice")
    flag = Flag.objects.get(kind=Flag.Kind.DISAGREEMENT)
    flags.ask_again(flag=flag, actor=county.county_reviewer, at=NOW)
    client.force_login(department_user(county, "justice"))

    for address in (INBOX, url(county, "justice")):
        page = text(client.get(address))
        assert "县里请重新核实" in page
        assert "王大山" in page
        assert "法院" not in page
        assert "有记录" not in page
    address = reverse("candidates:reply", args=[sent.pk])
    assert "县里请本部门对这个人重新核实" in text(client.get(address))

    client.post(address, {"answer": "no_record"})

    assert "县里请重新核实" not in text(client.get(INBOX))


# --- what a department is told ------------------------------------------------------------
class TestSees:
    def test_each_field_has_its_reason(self):
        told = {each.code: set(each.sees) for each in load_departments()}
        asked = {
            code
            for source in map(load_eligibility_list, eligibility_list_ids())
            for situation in source.situations
            for code in situation.departments
        }

        assert all({"name", "village"} <= sees for sees in told.values())
        assert {code for code, sees in told.items() if "party_member" in sees} == {
            "discipline",
            "organisation",
        }
        # Whoever answers for a situation searches by the number; nobody else is told it.
        assert {code for code, sees in told.items() if "id_number" in sees} == asked
        assert {code for code, sees in told.items() if "post" in sees} == {
            "discipline",
            "organisation",
            "civil_affairs",
        }
        assert len(department_notes()) == 5

    def test_a_department_without_a_name_is_refused(self, tmp_path, monkeypatch):
        from election_admin.rulebooks import departments  # noqa: PLC0415

        file = tmp_path / "departments.yaml"
        file.write_text(
            "notes: []\ndepartments:\n"
            "  - {code: court, title: {zh: 法院, en: Court}, body: {zh: 法院, en: Court},"
            " sees: [village, village]}\n",
            encoding="utf-8",
        )
        monkeypatch.setattr(departments, "_FILE", file)

        with pytest.raises(RulebookError) as caught:
            departments._load.__wrapped__()

        assert "village is given twice" in str(caught.value)
        assert "nobody can answer without the name" in str(caught.value)

    @pytest.mark.parametrize("department", DEPARTMENTS)
    def test_pages_show_what_the_department_is_told_and_nothing_else(
        self, client, county, candidacy, department
    ):
        make_finding(county, candidacy)
        send(county, candidacy)
        person = candidacy.person
        client.force_login(department_user(county, department))
        sees = next(each.sees for each in load_departments() if each.code == department)
        masked, opened = "330604********", person.id_number
        words = {
            "name": "王大山",
            "village": "桃园村",
            "born_year": ">1980<",
            "sex": ">男<",
            "party_member": "中共党员",
            "post": ">主任<",
        }
        addresses = (url(county, department), reverse("candidates:reply", args=[candidacy.pk]))
        for look in (False, True):
            if look:
                client.post(url(county, department, "look_at_enquiry"), {"reason": "核查档案"})
            for address in addresses:
                page = text(client.get(address))
                for field, word in words.items():
                    assert (word in page) is (field in sees), (field, address)
                assert (masked in page) is ("id_number" in sees and not look), address
                assert (opened in page) is ("id_number" in sees and look), address
                for never in (
                    "汉族",
                    "高中",
                    "联名提名",
                    "刑初88号",
                    "1980年5月1日",
                    "不符合资格",
                    "尚未查清",
                ):
                    assert never not in page, (never, address)

    @pytest.mark.parametrize("department", DEPARTMENTS)
    def test_what_is_told_comes_from_one_place(self, county, candidacy, department):
        candidacy = Candidacy.objects.with_person().get(pk=candidacy.pk)
        sees = next(each.sees for each in load_departments() if each.code == department)

        told = tell(candidacy, department, opened=False)

        assert set(told) == set(sees)
        assert make_id_number() not in told.values()


# --- one enquiry --------------------------------------------------------------------------
class TestPage:
    def test_people_and_how_much_is_missing(self, court, county, sent):
        page = text(court.get(url(county)))

        assert "长塘镇第1批" in page
        assert "等待答复（1）" in page
        assert "已答复（0）" in page
        assert "还有9天" in page
        assert "王大山" in page

    def test_nothing_is_preset(self, court, county, sent):
        page = text(court.get(url(county)))

        assert 'type="radio"' in page
        assert "checked" not in page
        # Else the browser would not send a page on which somebody is left blank.
        assert not re.search(r'type="radio"[^>]*required', page)

    def test_reminders_and_lateness_stand_on_top(self, court, county, sent, monkeypatch):
        batches.remind(enquiry=enquiry_of(county), actor=county.county_reviewer, at=NOW)
        later(monkeypatch, court, county, 11)

        page = text(court.get(url(county)))

        assert "已逾期2天，仍有人没有答复" in page
        assert "已催办1次，最近一次在2026-12-01 09:00" in page

    def test_what_was_answered_is_hidden_in_lists(self, court, county, sent):
        say(county, sent, **RECORD)
        address = url(county) + "?show=answered"

        page = text(court.get(address))
        assert "王大山" in page
        assert "受过刑罚" not in page
        assert "有记录" not in page

        court.post(url(county, name="look_at_enquiry"), {"reason": "复核"})
        page = text(court.get(address))
        assert "有记录" in page
        assert "受过刑罚" in page

    def test_by_village(self, court, county, sent):
        election = set_election_day(
            election=Election.objects.get(place=county.second_village, term=county.term),
            election_day=date(2026, 12, 20),
            mode="nominated",
            seats=SEATS,
            actor=county.township_official,
            at=NOW,
        )
        other = make_candidate(county, "李水", election=election, id_number=make_id_number(order=13))
        batches.return_batch(
            batch=ReviewBatch.objects.get(), reason="补人", actor=county.county_reviewer, at=NOW
        )
        batch = batches.change_items(
            batch=ReviewBatch.objects.get(),
            candidacies=[sent, other],
            due_on=DUE,
            actor=county.township_official,
            at=NOW,
        )
        batches.send_batch(batch=batch, actor=county.township_official, at=NOW)

        page = text(court.get(url(county), {"village": county.second_village.code}))

        assert "李水" in page
        assert "王大山" not in page
        assert "王大山" in text(court.get(url(county), {"village": "330604999999"}))

    def test_pages(self, court, county):
        send(county, *people(county, 27))

        assert "第1页，共2页" in text(court.get(url(county)))
        assert len(court.get(url(county), {"page": "2"}).context["rows"]) == 2
        assert len(court.get(url(county), {"page": "word"}).context["rows"]) == 25

    def test_queries_do_not_grow_with_people(self, court, county):
        """三百人的名单，查询次数不变。"""

        def queries(query="") -> int:
            with CaptureQueriesContext(connection) as captured:
                assert court.get(url(county) + query).status_code == 200
            return len(captured)

        rows = people(county, 300)
        send(county, *rows[:2])
        few = queries()
        batches.return_batch(
            batch=ReviewBatch.objects.get(), reason="补人", actor=county.county_reviewer, at=NOW
        )
        batch = batches.change_items(
            batch=ReviewBatch.objects.get(),
            candidacies=rows,
            due_on=DUE,
            actor=county.township_official,
            at=NOW,
        )
        batches.send_batch(batch=batch, actor=county.township_official, at=NOW)
        assert queries() == few
        assert few <= 22

    def test_anothers_answers_stand_nowhere(self, client, county, sent):
        say(county, sent, **{**RECORD, "remark": "判决书在案"})
        say(county, sent, "justice", **RECORD)
        client.force_login(county.health)
        client.post(url(county, "health", "look_at_enquiry"), {"reason": "核查"})

        for address in (
            INBOX,
            url(county, "health"),
            url(county, "health") + "?show=answered",
            url(county, "health", "sheet"),
            reverse("candidates:reply", args=[sent.pk]),
        ):
            page = text(client.get(address))
            for others in ("判决书在案", "刑初88号", "受过刑罚", "法院", "司法", "1/1"):
                assert others not in page, (others, address)


# --- a page at once --------------------------------------------------------------------------
class TestAnsweringAPage:
    @pytest.fixture
    def three(self, county):
        rows = people(county, 3)
        send(county, *rows)
        return rows

    def posted(self, rows, **more) -> dict:
        items = [one.review_items.get().pk for one in rows]
        return {"shown": items, **more}

    def name(self, candidacy, field) -> str:
        return f"p{candidacy.review_items.get().pk}-{field}"

    def test_only_who_was_chosen(self, court, county, three):
        first = three[0]

        response = court.post(
            url(county),
            self.posted(three, save="1", **{self.name(first, "answer"): "no_record"}),
            follow=True,
        )

        assert "已答复1人。" in text(response)
        assert DepartmentReply.objects.get().candidacy == first

    def test_the_rest_without_a_record(self, court, county, three):
        first = three[0]
        record = {self.name(first, field): value for field, value in _penalty_row().items()}

        court.post(url(county), self.posted(three, rest="1", **record))

        assert {one.candidacy_id: one.answer for one in DepartmentReply.objects.all()} == {
            first.pk: "record",
            three[1].pk: "no_record",
            three[2].pk: "no_record",
        }
        assert Finding.objects.get().candidacy == first
        assert enquiry_of(county).answered_at == NOW

    def test_the_rest_is_of_the_people_on_the_page_only(self, court, county, three):
        court.post(url(county), self.posted(three[:2], rest="1"))

        assert set(DepartmentReply.objects.values_list("candidacy", flat=True)) == {
            one.pk for one in three[:2]
        }

    def test_the_rest_does_not_overwrite_a_colleague(self, court, county, three):
        say(county, three[0], **RECORD)

        court.post(url(county), self.posted(three, rest="1"))

        assert DepartmentReply.objects.newest().get(candidacy=three[0]).answer == "record"
        assert DepartmentReply.objects.newest().count() == 3

    def test_a_choice_does_not_overwrite_a_colleague(self, court, county, three):
        say(county, three[0], **RECORD)

        page = text(
            court.post(
                url(county),
                self.posted(
                    three,
                    **{
                        self.name(three[0], "answer"): "no_record",
                        self.name(three[1], "answer"): "no_record",
                    },
                ),
            )
        )

        assert "作出答复，没有覆盖" in page
        assert DepartmentReply.objects.newest().count() == 1

    def test_a_record_opens_its_facts(self, court, county, three):
        """没有脚本的浏览器：选“有记录”提交一次，本行打开情形，其他行的选择还在。"""
        posted = self.posted(
            three,
            **{self.name(three[0], "answer"): "record", self.name(three[1], "answer"): "no_record"},
        )

        page = text(court.post(url(county), posted))

        assert "请勾选是哪一种情形的记录" in page
        assert self.name(three[0], "criminal_penalty_0_released_on") in page
        assert self.name(three[1], "criminal_penalty_0_released_on") not in page
        assert len(re.findall(r"\bchecked\b", page)) == 2
        assert not DepartmentReply.objects.exists()

    def test_one_wrong_row_means_none_and_what_was_typed_stays(self, court, county, three):
        wrong = {**_penalty_row(), "criminal_penalty_0_released_on": "2018-01-01"}
        posted = self.posted(
            three,
            rest="1",
            **{self.name(three[0], field): value for field, value in wrong.items()},
        )

        page = text(court.post(url(county), posted))

        assert "早于“判决日期”" in page
        assert 'value="2018-01-01"' in page
        assert "刑初88号" in page
        assert not DepartmentReply.objects.exists()

    def test_nothing_chosen_is_said(self, court, county, three):
        assert "还没有选择任何人的答复" in text(court.post(url(county), self.posted(three, save="1")))

    def test_who_is_gone_is_said(self, court, county, three):
        posted = self.posted(three, rest="1")
        Candidacy.objects.filter(pk=three[0].pk).update(state="declined")

        page = text(court.post(url(county), posted))

        assert "有人已不再征询" in page
        assert not DepartmentReply.objects.exists()

    @pytest.mark.parametrize("shown", [[], ["x"], ["-1"], ["9" * 40], ["²"]])
    def test_mangled_rows(self, court, county, three, shown):
        assert court.post(url(county), {"shown": shown, "rest": "1"}).status_code == 200
        assert not DepartmentReply.objects.exists()

    def test_rows_of_another_enquiry_are_not_answered(self, court, county, neighbour, three):
        theirs = make_candidate(neighbour, "陈远", actor=neighbour.township_official)
        send(neighbour, theirs)

        court.post(url(county), self.posted([theirs], rest="1"))

        assert not DepartmentReply.objects.exists()

    def test_queries_of_a_page_do_not_grow(self, court, county):
        rows = people(county, 27)
        send(county, *rows)

        def queries(these) -> int:
            data = self.posted(these, rest="1")
            with CaptureQueriesContext(connection) as captured:
                assert court.post(url(county), data).status_code == 302
            return len(captured)

        assert queries(rows[:2]) == queries(rows[2:26])

    def test_the_facts_of_a_row_are_fetched(self, court, county, three):
        item = three[0].review_items.get()
        address = url(county, name="enquiry_facts", item_id=item.pk)

        page = text(court.post(address, {self.name(three[0], "answer"): "record"}))
        assert self.name(three[0], "criminal_penalty_0_status") in page
        assert self.name(three[0], "answer") not in page

        assert text(court.post(address, {self.name(three[0], "answer"): "no_record"})).strip() == ""

    def test_the_facts_of_somebody_elses_row_are_not(self, court, county, neighbour, three):
        theirs = make_candidate(neighbour, "陈远", actor=neighbour.township_official)
        send(neighbour, theirs)

        address = url(county, name="enquiry_facts", item_id=theirs.review_items.get().pk)

        assert court.post(address, {}).status_code == 404


def _penalty_row() -> dict[str, str]:
    return {
        "answer": "record",
        "criminal_penalty_0": "on",
        "criminal_penalty_0_status": "confirmed",
        "criminal_penalty_0_sentenced_on": "2019-03-01",
        "criminal_penalty_0_released_on": "2023-03-01",
        "criminal_penalty_0_source": PENALTY["source"],
    }


# --- the look -------------------------------------------------------------------------------
class TestLook:
    def test_all_numbers_of_a_batch_for_one_reason(self, court, county):
        first, second = people(county, 2)
        send(county, first, second)

        response = court.post(url(county, name="look_at_enquiry") + "?page=1", {"reason": "查询裁判文书"})

        assert response.url == url(county) + "?page=1"
        page = text(court.get(response.url))
        assert first.person.id_number in page
        assert second.person.id_number in page
        assert "09:10自动隐藏" in page
        entry = Entry.objects.get(verb="candidates.look")
        assert (entry.actor, entry.reason, entry.object_id) == (
            county.court,
            "查询裁判文书",
            str(enquiry_of(county).pk),
        )
        assert entry.after == {"department": "court", "people": 2, "candidacies": [first.pk, second.pk]}
        # So is the page of each of them.
        assert first.person.id_number in text(court.get(reverse("candidates:reply", args=[first.pk])))

    @pytest.mark.parametrize(
        ("reason", "sentence"),
        [("", "请填写“事由”"), ("😀", "表情符号"), ("长" * 501, "最多500个字，现有501个字")],
    )
    def test_it_wants_a_reason(self, court, county, sent, reason, sentence):
        page = text(court.post(url(county, name="look_at_enquiry"), {"reason": reason}))

        assert sentence in page
        assert sent.person.id_number not in page
        assert not Entry.objects.filter(verb="candidates.look").exists()

    @pytest.mark.parametrize(
        ("later_by", "shown"), [(timedelta(minutes=9, seconds=59), True), (timedelta(minutes=10), False)]
    )
    def test_it_runs_out(self, court, county, sent, monkeypatch, later_by, shown):
        court.post(url(county, name="look_at_enquiry"), {"reason": "核查"})
        monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + later_by)

        assert (sent.person.id_number in text(court.get(url(county)))) is shown

    @pytest.mark.parametrize("name", ["close_enquiry", "close_look"])
    def test_it_is_closed(self, court, county, sent, name):
        court.post(url(county, name="look_at_enquiry"), {"reason": "核查"})
        address = (
            url(county, name=name)
            if name == "close_enquiry"
            else reverse("candidates:close_look", args=[sent.pk])
        )

        page = text(court.post(address, follow=True))

        assert "已重新隐藏" in page
        assert sent.person.id_number not in page
        assert sent.person.id_number not in text(court.get(url(county)))

    def test_a_batch_sent_up_anew_is_looked_at_anew(self, court, county, sent, monkeypatch):
        """补进来的人，不在已记入日志的名单里。"""
        court.post(url(county, name="look_at_enquiry"), {"reason": "核查"})
        at = NOW + timedelta(minutes=1)
        batch = ReviewBatch.objects.get()
        batches.return_batch(batch=batch, reason="补人", actor=county.county_reviewer, at=at)
        other = make_candidate(county, "李水", id_number=make_id_number(order=13))
        batch = batches.change_items(
            batch=batch, candidacies=[sent, other], due_on=DUE, actor=county.township_official, at=at
        )
        batches.send_batch(batch=batch, actor=county.township_official, at=at)
        monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + timedelta(minutes=2))

        page = text(court.get(url(county)))

        assert "李水" in page
        assert other.person.id_number not in page

    def test_nobody_looks_into_anothers_enquiry(self, county, sent):
        with pytest.raises(PermissionDenied):
            looking.look_at_enquiry(
                enquiry=enquiry_of(county, "health"),
                candidacies=[sent.pk],
                reason="看看",
                actor=county.court,
                at=NOW,
            )


# --- papers ----------------------------------------------------------------------------------
class TestPapers:
    def test_a_return_letter_is_kept_encrypted(self, court, county, sent):
        enquiry = enquiry_of(county)

        paper = attach(kind="enquiry", subject=enquiry, file=make_photo(), actor=county.court, at=NOW)

        assert paper.is_confidential
        assert paper.place == county.township
        assert paper.name in text(court.get(url(county)))

    def test_a_paper_of_one_answer(self, court, county, sent):
        row = say(county, sent)
        court.post(reverse("evidence:attach", args=["reply", row.pk]), {"chosen": make_photo()})

        paper = Evidence.objects.get()
        assert paper.name in text(court.get(reverse("candidates:reply", args=[sent.pk])))
        assert court.get(reverse("evidence:look_into", args=[paper.pk])).status_code == 200

    @pytest.mark.parametrize("kind", ["enquiry", "reply"])
    def test_another_department_does_not_find_it(self, client, county, sent, kind):
        row = say(county, sent)
        subject = enquiry_of(county) if kind == "enquiry" else row
        paper = attach(kind=kind, subject=subject, file=make_photo(), actor=county.court, at=NOW)
        client.force_login(county.health)

        for name in ("look_into", "open_evidence", "withdraw"):
            assert client.get(reverse(f"evidence:{name}", args=[paper.pk])).status_code == 404
        assert client.get(reverse("evidence:attach", args=[kind, subject.pk])).status_code == 404

    @pytest.mark.parametrize("who", ["township_official", "county_reviewer"])
    @pytest.mark.parametrize("kind", ["enquiry", "reply"])
    def test_officials_read_it_for_a_reason_and_add_none(self, client, county, sent, who, kind):
        row = say(county, sent)
        subject = enquiry_of(county) if kind == "enquiry" else row
        paper = attach(kind=kind, subject=subject, file=make_photo(), actor=county.court, at=NOW)
        client.force_login(getattr(county, who))

        look = reverse("evidence:look_into", args=[paper.pk])
        assert client.get(reverse("evidence:open_evidence", args=[paper.pk])).status_code == 302
        client.post(look, {"reason": "核对"})
        assert client.get(reverse("evidence:open_evidence", args=[paper.pk])).status_code == 200
        assert client.post(reverse("evidence:attach", args=[kind, subject.pk])).status_code == 403

    def test_none_is_added_to_an_answer_that_was_replaced(self, county, sent):
        row = say(county, sent)
        say(county, sent)

        with pytest.raises(ValidationError, match="由后来的答复取代"):
            attach(kind="reply", subject=row, file=make_photo(), actor=county.court, at=NOW)

    def test_none_is_added_to_a_batch_that_went_back(self, county, sent):
        enquiry = enquiry_of(county)
        batches.return_batch(
            batch=ReviewBatch.objects.get(), reason="补正", actor=county.county_reviewer, at=NOW
        )

        with pytest.raises(ValidationError, match="退回乡镇"):
            attach(kind="enquiry", subject=enquiry, file=make_photo(), actor=county.court, at=NOW)


# --- who may -----------------------------------------------------------------------------------
POSTS = ("look_at_enquiry", "close_enquiry")


class TestAccess:
    @pytest.mark.parametrize("name", ["enquiry", *POSTS])
    def test_anonymous(self, client, county, sent, name):
        assert client.post(url(county, name=name)).url.startswith(reverse("accounts:log_in"))

    def test_the_inbox(self, client, county):
        assert client.get(INBOX).url.startswith(reverse("accounts:log_in"))
        for who in ("township_official", "county_reviewer", "committee_member", "administrator"):
            client.force_login(getattr(county, who))
            assert client.get(INBOX).status_code == 403

    @pytest.mark.parametrize("who", ["township_official", "county_reviewer"])
    def test_an_official_is_sent_on_to_the_batch(self, client, county, sent, who):
        client.force_login(getattr(county, who))

        response = client.get(url(county))

        assert response.url == reverse("candidates:batch", args=[ReviewBatch.objects.get().pk])
        for name in POSTS:
            assert client.post(url(county, name=name), {"reason": "看"}).status_code == 403

    @pytest.mark.parametrize("who", ["committee_member", "administrator"])
    def test_other_roles(self, client, county, sent, who):
        client.force_login(getattr(county, who))

        for name in ("enquiry", *POSTS):
            assert client.post(url(county, name=name), {"reason": "看"}).status_code == 403

    @pytest.mark.parametrize("who", ["court", "township_official", "county_reviewer"])
    def test_outsider(self, client, county, neighbour, sent, who):
        client.force_login(getattr(neighbour, who))

        for name in ("enquiry", *POSTS):
            assert client.post(url(county, name=name), {"reason": "看"}).status_code in {403, 404}
        assert client.get(url(county)).status_code == 404

    def test_another_department_of_the_county(self, client, county, sent):
        client.force_login(county.health)

        for name in ("enquiry", *POSTS):
            assert client.post(url(county, name=name), {"reason": "看"}).status_code == 404

    @pytest.mark.parametrize("pk", [999999, 9**30])
    def test_bad_id(self, court, pk):
        assert court.get(reverse("candidates:enquiry", args=[pk])).status_code == 404

    def test_wrong_verb(self, court, county, sent):
        assert court.post(INBOX).status_code == 405
        assert court.delete(url(county)).status_code == 405
        for name in POSTS:
            assert court.get(url(county, name=name)).status_code == 405


def test_born_stays_a_year(court, county, sent):
    """The number holds the whole birthday; beside a masked one it would make it whole again."""
    assert BORN.strftime("%Y-%m-%d") not in text(court.get(url(county)))
