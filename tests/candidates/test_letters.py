"""The morning's letter to a department: how much it is asked, by when; never about whom, never what."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from ballots.digest import send_digests
from candidates.actions import flags
from candidates.models import Flag
from tests.candidates.conftest import answer
from tests.candidates.review import answer_all, department_user, make_batch, send
from tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mail_server(settings) -> None:
    settings.EMAIL_CONFIGURED = True
    settings.OFFICE_URL = "https://office.example/"


@pytest.fixture
def court(county):
    """The court's reviewer, who wants the letter."""
    user = county.court
    user.email, user.wants_digest = "court@example.com", True
    user.save()
    return user


def letters() -> list:
    send_digests(on=TODAY, at=NOW)
    return [one for one in mail.outbox if one.to == ["court@example.com"]]


def test_it_says_how_much_is_asked_and_by_when(county, candidacy, court) -> None:
    send(county, candidacy)

    (letter,) = letters()

    assert letter.subject == "联审答复提醒：1人等待答复"
    assert "长塘镇第1批：还有1人没有答复，答复期限2026年12月10日（还有9天）" in letter.body
    assert "法院" in letter.body
    assert f"https://office.example{reverse('candidates:inbox')}" in letter.body


def test_it_names_nobody_and_tells_nothing_found(county, candidacy, court) -> None:
    """It goes through mail servers that are not the office's own."""
    send(county, candidacy)
    answer_all(county, candidacy, but=["court", "public_security"])
    answer(candidacy, department_user(county, "public_security"), "public_security", "record", "有前科")

    (letter,) = letters()

    for secret in ("王大山", "330604", "有前科", "公安", "有记录", "桃园村"):
        assert secret not in letter.subject + letter.body


def test_it_says_how_often_it_was_reminded(county, candidacy, court) -> None:
    batch = send(county, candidacy)
    batch.enquiries.filter(department="court").update(reminders=2, reminded_at=NOW)

    assert "已催办2次" in letters()[0].body


def test_whom_to_check_again_is_counted(county, candidacy, court) -> None:
    send(county, candidacy)
    answer_all(county, candidacy, but=["court"])
    answer(candidacy, county.court, "court", "record", "（2019）浙0604刑初88号")
    flags.ask_again(flag=Flag.objects.get(), actor=county.county_reviewer, at=NOW)

    (letter,) = letters()

    assert "县里请重新核实1人的情况" in letter.body
    assert "王大山" not in letter.body


def test_nobody_is_written_to_about_nothing(county, candidacy, court) -> None:
    make_batch(county, candidacy)
    assert letters() == []


def test_what_is_answered_is_not_asked(county, candidacy, court) -> None:
    send(county, candidacy)
    answer(candidacy, county.court, "court")

    assert letters() == []


def test_another_countys_batches_are_not_this_courts(county, neighbour, candidacy) -> None:
    send(county, candidacy)
    user = neighbour.court
    user.email, user.wants_digest = "court@example.com", True
    user.save()

    assert letters() == []


def test_once_a_day(county, candidacy, court) -> None:
    send(county, candidacy)

    assert [send_digests(on=TODAY, at=NOW), send_digests(on=TODAY, at=NOW)] == [1, 0]
    assert send_digests(on=TODAY + timedelta(days=1), at=NOW) == 1


def test_a_department_asks_for_it_itself(client, county) -> None:
    client.force_login(county.court)
    page = reverse("accounts:reminders")

    assert "联审部门：还没有答复的联审征询" in client.get(page).content.decode()
    client.post(page, {"email": "court@example.com", "wants_digest": "on"})

    county.court.refresh_from_db()
    assert county.court.wants_digest


def test_what_a_department_has_to_do_stands_in_its_inbox(client, county) -> None:
    client.force_login(county.court)

    response = client.get(reverse("ballots:deadlines"))

    assert response.headers["Location"] == reverse("candidates:inbox")
