"""A department's inbox and answer: its own people, its own answer, and nothing of anybody else's."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from candidates.models import Candidacy, DepartmentReply
from election_admin.accounts.models import Membership, Role
from election_admin.journal.models import Entry
from tests.candidates.conftest import answer, make_candidate, make_finding, make_id_number
from tests.cast import make_user

pytestmark = pytest.mark.django_db

INBOX = "/candidates/inbox/"


def url(candidacy) -> str:
    return reverse("candidates:reply", args=[candidacy.pk])


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def court(client, county):
    """The court's reviewer, logged in."""
    client.force_login(county.court)
    return client


# --- the inbox -----------------------------------------------------------------
def test_inbox(court, county, candidacy):
    page = text(court.get(INBOX))

    assert "王大山" in page
    assert "桃园村" in page
    assert "主任" in page
    assert "330604********" in page
    assert "等待答复（1）" in page
    for hidden in (make_id_number(), "1980年5月1日", "尚未查清", "村民联名提名"):
        assert hidden not in page


def test_inbox_of_nobody(court):
    assert "没有等待答复的候选人" in text(court.get(INBOX))
    assert "还没有答复过" in text(court.get(INBOX, {"show": "answered"}))


def test_inbox_after_an_answer(court, county, candidacy):
    answer(candidacy, county.court, "court")

    assert "王大山" not in text(court.get(INBOX))
    assert "王大山" in text(court.get(INBOX, {"show": "answered"}))


def test_inbox_keeps_departments_apart(client, county, candidacy):
    answer(candidacy, county.court, "court", "record", "判决书在案")
    client.force_login(county.health)

    assert "王大山" in text(client.get(INBOX))
    assert "王大山" not in text(client.get(INBOX, {"show": "answered"}))
    assert "王大山" in text(client.get(INBOX, {"department": "court"}))
    assert "已答复（0）" in text(client.get(INBOX, {"department": "court"}))


def test_inbox_keeps_counties_apart(court, county, neighbour):
    make_candidate(neighbour, "陈远", actor=neighbour.township_official)

    assert "陈远" not in text(court.get(INBOX))


@pytest.mark.parametrize("state", ["declined", "struck_off"])
def test_inbox_leaves_out_who_no_longer_stands(court, candidacy, state):
    Candidacy.objects.update(state=state)

    assert "王大山" not in text(court.get(INBOX))
    assert court.get(url(candidacy)).status_code == 404


def test_inbox_leaves_out_earlier_terms(court, county, candidacy):
    county.term.current = False
    county.term.save()

    assert "王大山" not in text(court.get(INBOX))
    assert court.get(url(candidacy)).status_code == 404


def test_inbox_of_somebody_with_two_departments(client, county, candidacy):
    Membership.objects.create(
        user=county.court, place=county.county, role=Role.DEPARTMENT, department="justice"
    )
    answer(candidacy, county.court, "court")
    client.force_login(county.court)

    assert "王大山" not in text(client.get(INBOX))
    assert "王大山" in text(client.get(INBOX, {"department": "justice"}))
    client.post(url(candidacy) + "?department=justice", {"answer": "no_record"})
    assert set(DepartmentReply.objects.values_list("department", flat=True)) == {"court", "justice"}


@pytest.mark.parametrize("page", ["0", "-1", "99", "word", "9" * 30])
def test_inbox_page_that_is_none(court, candidacy, page):
    assert "王大山" in text(court.get(INBOX, {"page": page}))


def test_inbox_pages(court, county):
    for order in range(1, 55, 2):
        make_candidate(county, id_number=make_id_number(order=order))

    assert "第1页，共2页" in text(court.get(INBOX))
    assert "等待答复（27）" in text(court.get(INBOX, {"page": "2"}))


def test_queries_of_the_inbox_do_not_grow(court, county):
    def queries(count):
        for number in range(Candidacy.objects.count(), count):
            make_candidate(county, id_number=make_id_number(order=2 * number + 1))
        with CaptureQueriesContext(connection) as captured:
            court.get(INBOX)
        return len(captured)

    assert queries(2) == queries(10)


# --- the answer ------------------------------------------------------------------
@pytest.mark.parametrize(("said", "remark"), [("no_record", ""), ("record", "（2019）浙0604刑初88号")])
def test_reply(court, county, candidacy, said, remark):
    response = court.post(url(candidacy), {"answer": said, "remark": remark})

    assert response.url == INBOX + "?department=court"
    row = DepartmentReply.objects.get()
    assert (row.department, row.answer, row.remark) == ("court", said, remark)
    assert "已答复：王大山" in text(court.get(response.url))
    page = text(court.get(url(candidacy)))
    assert ("有记录</strong>" if said == "record" else "无记录</strong>") in page
    assert remark in page
    entry = Entry.objects.get(verb="candidates.reply")
    assert remark not in f"{entry.after}" or not remark


def test_a_later_answer_replaces_an_earlier_one(court, candidacy):
    court.post(url(candidacy), {"answer": "no_record"})
    court.post(url(candidacy), {"answer": "record", "remark": "查到一件"})

    assert DepartmentReply.objects.count() == 2
    assert DepartmentReply.objects.newest().get().answer == "record"


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({"remark": "没选答复"}, "请选择“答复”"),
        ({"answer": "maybe", "remark": "也许"}, "“答复”没有这个选项"),
        ({"answer": "record", "remark": ""}, "有记录的，请说明是什么情况"),
        ({"answer": "record", "remark": "有😀"}, "表情符号"),
        ({"answer": "record", "remark": "长" * 501}, "最多500个字，现有501个字"),
    ],
)
def test_bad_input_is_said_and_nothing_is_lost(court, candidacy, posted, sentence):
    page = text(court.post(url(candidacy), posted))

    assert sentence in page
    assert posted["remark"] in page
    assert not DepartmentReply.objects.exists()


def test_a_department_sees_nothing_but_its_own(client, county, candidacy):
    make_finding(county, candidacy)
    answer(candidacy, county.court, "court", "record", "判决书在案")
    client.force_login(county.health)

    page = text(client.get(url(candidacy)))

    for other in ("判决书在案", "刑初88号", "不符合资格", "法院", "受过刑罚", make_id_number()):
        assert other not in page
    for name in ("candidate", "record_finding", "correct_candidate", "change_state"):
        assert client.get(reverse(f"candidates:{name}", args=[candidacy.pk])).status_code == 403
    assert client.get(reverse("candidates:candidate_list", args=[county.election.pk])).status_code == 403


def test_nobody_answers_for_another_department(county, candidacy):
    with pytest.raises(PermissionDenied):
        answer(candidacy, county.court, "health")


def test_nobody_answers_for_a_department_that_is_not_asked(county, candidacy):
    outside = make_user("sports", Role.DEPARTMENT, county.county, "sports")

    with pytest.raises(ValidationError):
        answer(candidacy, outside, "sports")


# --- who may ------------------------------------------------------------------------
class TestAccess:
    @pytest.mark.parametrize("page", ["inbox", "reply"])
    def test_anonymous(self, client, candidacy, page):
        address = INBOX if page == "inbox" else url(candidacy)

        assert client.get(address).url.startswith(reverse("accounts:log_in"))

    @pytest.mark.parametrize("page", ["inbox", "reply"])
    @pytest.mark.parametrize(
        "who", ["township_official", "county_reviewer", "committee_member", "administrator"]
    )
    def test_other_roles(self, client, county, candidacy, page, who):
        client.force_login(getattr(county, who))

        assert client.get(INBOX if page == "inbox" else url(candidacy)).status_code == 403

    def test_outsider(self, client, neighbour, candidacy):
        client.force_login(neighbour.court)

        assert client.get(url(candidacy)).status_code == 404
        assert client.post(url(candidacy), {"answer": "no_record"}).status_code == 404

    @pytest.mark.parametrize("pk", [999999, 9**30])
    def test_bad_id(self, court, pk):
        assert court.get(reverse("candidates:reply", args=[pk])).status_code == 404

    def test_wrong_verb(self, court, candidacy):
        assert court.post(INBOX).status_code == 405
        assert court.delete(url(candidacy)).status_code == 405


def test_the_menu_leads_to_the_inbox(court):
    assert f'href="{INBOX}" aria-current="page"' in text(court.get(INBOX))


def test_born_is_shown_once_the_number_is(court, candidacy):
    court.post(reverse("candidates:look", args=[candidacy.pk]), {"reason": "查询"})

    page = text(court.get(url(candidacy)))
    assert "1980年5月1日" in page
    assert candidacy.person.born == date(1980, 5, 1)
