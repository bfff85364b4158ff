"""Looking behind the mask: for a reason, journalled, for ten minutes, and only what is one's own."""

from datetime import timedelta

import pytest
from django.urls import reverse

from candidates.models import Candidacy
from election_admin.journal.models import Entry
from tests.candidates.conftest import answer, make_candidate, make_finding, make_id_number
from tests.candidates.review import send
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def url(name, candidacy) -> str:
    return reverse(f"candidates:{name}", args=[candidacy.pk])


def text(response) -> str:
    return response.content.decode()


HIDDEN = ("1980年5月1日", "2028年3月1日", "刑初88号", "判决书在案")


@pytest.fixture
def found(county, candidacy):
    """A candidate in a batch, about whom something was found and answered."""
    send(county, candidacy)
    make_finding(county, candidacy)
    answer(candidacy, county.court, "court", "record", "判决书在案")
    return candidacy


@pytest.mark.parametrize("who", ["township_official", "county_reviewer"])
def test_look(client, county, found, who):
    client.force_login(getattr(county, who))
    for hidden in (*HIDDEN, found.person.id_number):
        assert hidden not in text(client.get(url("candidate", found)))

    response = client.post(url("look", found), {"reason": "联审核对"})

    assert response.url == url("candidate", found)
    page = text(client.get(response.url))
    for shown in (*HIDDEN, found.person.id_number):
        assert shown in page
    assert "09:10自动隐藏" in page
    entry = Entry.objects.get(verb="candidates.look")
    assert (entry.actor_id, entry.reason) == (getattr(county, who).pk, "联审核对")
    assert (entry.object_id, entry.place) == (str(found.pk), county.village)
    assert (entry.before, entry.after) == (None, None)


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "请填写“事由”"),
        ("   ", "请填写“事由”"),
        ("😀", "表情符号"),
        ("长" * 501, "最多500个字，现有501个字"),
    ],
)
def test_look_wants_a_reason(official, found, reason, sentence):
    response = official.post(url("look", found), {"reason": reason})

    assert sentence in text(response)
    assert f'value="{reason}"' in text(response) or not reason.strip()
    assert "刑初88号" not in text(official.get(url("candidate", found)))
    assert not Entry.objects.filter(verb="candidates.look").exists()


@pytest.mark.parametrize(
    ("later", "shown"), [(timedelta(minutes=9, seconds=59), True), (timedelta(minutes=10), False)]
)
def test_look_runs_out(official, found, monkeypatch, later, shown):
    official.post(url("look", found), {"reason": "联审核对"})

    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + later)

    assert ("刑初88号" in text(official.get(url("candidate", found)))) is shown


def test_close_look(official, found):
    official.post(url("look", found), {"reason": "联审核对"})

    response = official.post(url("close_look", found), follow=True)

    assert "已重新隐藏" in text(response)
    assert "刑初88号" not in text(response)


def test_look_opens_one_candidate_only(official, county, found):
    other = make_candidate(county, "李水", id_number=make_id_number(order=13))
    official.post(url("look", found), {"reason": "联审核对"})

    assert other.person.id_number not in text(official.get(url("candidate", other)))


def test_look_is_not_somebody_elses(client, official, county, found):
    official.post(url("look", found), {"reason": "联审核对"})

    client.logout()
    client.force_login(county.county_reviewer)

    assert "刑初88号" not in text(client.get(url("candidate", found)))


def test_no_address_holds_anything(official, found):
    response = official.post(url("look", found), {"reason": "联审核对"})

    assert response.url == f"/candidates/candidate/{found.pk}/"


# --- a department --------------------------------------------------------------
def test_look_of_a_department_opens_the_number_and_nothing_else(client, county, found):
    client.force_login(county.health)
    assert found.person.id_number not in text(client.get(url("reply", found)))

    response = client.post(url("look", found) + "?department=health", {"reason": "查询本部门记录"})

    assert response.url == url("reply", found) + "?department=health"
    page = text(client.get(response.url))
    assert found.person.id_number in page
    for other in ("刑初88号", "判决书在案", "不符合资格", "受过刑罚", "2023年3月1日", "有记录，"):
        assert other not in page
    assert Entry.objects.get(verb="candidates.look").actor_id == county.health.pk
    assert client.get(url("candidate", found)).status_code == 403


def test_look_of_a_department_wants_a_reason(client, county, found):
    client.force_login(county.health)

    response = client.post(url("look", found), {"reason": ""})

    assert "请填写“事由”" in text(response)
    assert found.person.id_number not in text(response)


def test_look_of_a_department_at_whom_it_is_not_asked_about(client, county, found):
    Candidacy.objects.update(state="struck_off")
    client.force_login(county.health)

    assert client.post(url("look", found), {"reason": "查询"}).status_code == 404
    assert not Entry.objects.filter(verb="candidates.look").exists()


# --- who may --------------------------------------------------------------------
@pytest.mark.parametrize("name", ["look", "close_look"])
class TestAccess:
    def test_anonymous(self, client, candidacy, name):
        assert client.post(url(name, candidacy)).url.startswith(reverse("accounts:log_in"))

    @pytest.mark.parametrize("role", ["township_official", "county_reviewer", "court"])
    def test_outsider(self, client, neighbour, candidacy, name, role):
        client.force_login(getattr(neighbour, role))

        assert client.post(url(name, candidacy), {"reason": "看"}).status_code == 404

    def test_another_township(self, client, county, candidacy, name):
        client.force_login(county.other_township_official)

        assert client.post(url(name, candidacy), {"reason": "看"}).status_code == 404

    @pytest.mark.parametrize("who", ["committee_member", "administrator"])
    def test_other_roles(self, client, county, candidacy, name, who):
        client.force_login(getattr(county, who))

        assert client.post(url(name, candidacy), {"reason": "看"}).status_code == 403

    def test_bad_id(self, official, name):
        assert official.post(reverse(f"candidates:{name}", args=[999999])).status_code == 404

    def test_wrong_verb(self, official, candidacy, name):
        assert official.get(url(name, candidacy)).status_code == 405
