"""The morning's letter: to whoever asked for it, once, and never about nothing."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from ballots.digest import send_digests
from ballots.models import Digest, Step
from tests.ballots.office import log_in
from tests.cast import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mail_server(settings) -> None:
    settings.EMAIL_CONFIGURED = True
    settings.OFFICE_URL = "https://office.example/"


@pytest.fixture
def reader(county):
    """An official who wants the letter, with one step overdue and one due."""
    Step.objects.update(latest=None)
    county.election.steps.filter(code="voter_list_published").update(latest=TODAY - timedelta(days=1))
    county.election.steps.filter(code="final_list_published").update(latest=TODAY + timedelta(days=2))
    user = county.township_official
    user.email, user.wants_digest = "zhang@example.com", True
    user.save()
    return user


def send(on=TODAY) -> int:
    return send_digests(on=on, at=NOW)


def test_it_says_what_is_late_where_and_by_when(county, reader) -> None:
    assert send() == 1
    (letter,) = mail.outbox
    assert letter.to == ["zhang@example.com"]
    assert letter.subject == "换届选举到期提醒：1步逾期，1步七天内到期"
    assert f"{county.village.name}：公布选民名单，最迟2026年11月30日（已逾期1天）" in letter.body
    assert letter.body.index("已逾期") < letter.body.index("还有2天")
    assert "https://office.example/elections/deadlines/" in letter.body


def test_a_county_reads_first_how_its_townships_stand(county, reader) -> None:
    """Ten seconds: which township is in trouble, and by how much, before any single step."""
    user = county.county_reviewer
    user.email, user.wants_digest = "lu@example.com", True
    user.save()

    send()

    letter = next(one for one in mail.outbox if one.to == ["lu@example.com"])
    assert f"- {county.township.name}：1步已逾期、1步2至3天内到期" in letter.body
    assert letter.body.index("各乡镇") < letter.body.index(f"{county.village.name}：公布选民名单")
    township_letter = next(one for one in mail.outbox if one.to == ["zhang@example.com"])
    assert "各乡镇" not in township_letter.body


def test_the_subject_counts_what_the_letter_has_no_room_for(county, reader, monkeypatch) -> None:
    """Else a county with a hundred steps overdue would read of forty."""
    monkeypatch.setattr("ballots.digest.STEPS_NAMED", 1)
    county.election.steps.filter(code="final_list_published").update(latest=TODAY - timedelta(days=1))

    send()

    assert mail.outbox[0].subject == "换届选举到期提醒：2步逾期，0步七天内到期"
    assert "另有1步没有列出" in mail.outbox[0].body


def test_once_a_day_however_often_the_clock_strikes(reader) -> None:
    assert [send(), send(), send()] == [1, 0, 0]
    assert send(TODAY + timedelta(days=1)) == 1


def test_a_letter_that_could_not_be_sent_is_sent_by_the_next_run(reader, monkeypatch) -> None:
    """A mail server that is away for an hour must not cost a township its warning."""
    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", _refuse)
        assert send() == 0
    assert Digest.objects.get().sent_at is None
    assert send() == 1


def _refuse(self, fail_silently=False):
    raise ConnectionRefusedError


def test_nobody_is_written_to_about_nothing(reader) -> None:
    Step.objects.update(latest=None)
    assert send() == 0
    assert mail.outbox == []


@pytest.mark.parametrize("change", [{"wants_digest": False}, {"email": ""}, {"is_active": False}])
def test_only_who_asked_for_it(reader, change) -> None:
    for name, value in change.items():
        setattr(reader, name, value)
    reader.save()
    assert send() == 0


def test_without_a_mail_server_nothing_is_tried(reader, settings) -> None:
    settings.EMAIL_CONFIGURED = False
    assert send() == 0
    assert not Digest.objects.exists()


def test_a_committee_is_not_told_of_the_plan(county, reader) -> None:
    Step.objects.update(latest=None)
    county.election.steps.filter(code="plan_approved").update(latest=TODAY, if_needed=False)
    member = county.committee_member
    member.email, member.wants_digest = "wang@example.com", True
    member.save()
    assert send() == 0


def test_one_asks_for_it_oneself(client, county) -> None:
    page = reverse("accounts:reminders")
    user = county.committee_member
    response = log_in(client, user).post(page, {"email": "", "wants_digest": "on"})
    assert "请填写电子邮箱" in response.content.decode()

    client.post(page, {"email": "wang@example.com", "wants_digest": "on"})
    user.refresh_from_db()
    assert (user.email, user.wants_digest) == ("wang@example.com", True)


def test_the_page_says_that_no_mail_server_is_there(client, county, settings) -> None:
    settings.EMAIL_CONFIGURED = False
    page = log_in(client, county.township_official).get(reverse("accounts:reminders")).content.decode()
    assert "还没有配置发信服务器" in page
