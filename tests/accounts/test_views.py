"""Logging in, the password, the accounts an administrator keeps, the language, the policy."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from election_admin.accounts.models import Membership, Role, User
from election_admin.journal.models import Entry
from tests.cast import PASSWORD, County

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def _log_in(client: Client, login: str, password: str, next_page: str = "") -> int:
    address = reverse("accounts:log_in") + (f"?next={next_page}" if next_page else "")
    return client.post(address, {"username": login, "password": password}).status_code


def test_each_role_lands_on_its_own_page(client: Client, county: County) -> None:
    """Nobody has to search for where their work begins."""
    for user in county.everyone().values():
        assert _log_in(client, user.login, PASSWORD) == 302
        response = client.get(reverse("home"), follow=True)
        assert response.status_code == 200, user.login
        client.logout()


def test_a_login_is_journalled(client: Client, county: County) -> None:
    """Afterwards it can be told who was in the system."""
    _log_in(client, county.township_official.login, PASSWORD)
    assert Entry.objects.filter(verb="accounts.log_in", actor=county.township_official).exists()


def test_guessing_passwords_is_stopped(client: Client, county: County) -> None:
    """After five wrong ones the account waits, even for the right one, and says why."""
    login = county.township_official.login
    for _attempt in range(settings.AXES_FAILURE_LIMIT):
        _log_in(client, login, "wrong")
    response = client.post(reverse("accounts:log_in"), {"username": login, "password": PASSWORD})
    assert response.status_code == 429
    assert "15分钟后再试" in response.content.decode()


def test_a_wrong_password_says_so_and_keeps_the_login(client: Client, county: County) -> None:
    """The login need not be typed again."""
    login = county.township_official.login
    response = client.post(reverse("accounts:log_in"), {"username": login, "password": "wrong"})
    page = response.content.decode()
    assert "工号（手机号）或密码不对" in page
    assert login in page


def test_changing_the_password(client: Client, county: County) -> None:
    """The old one is asked for; weak ones are refused with a reason; the session goes on."""
    user = county.township_official
    client.force_login(user, backend=BACKEND)
    address = reverse("accounts:change_password")
    weak = {"old_password": PASSWORD, "new_password1": "12345678", "new_password2": "12345678"}
    assert client.post(address, weak).status_code == 200
    wrong = {"old_password": "x", "new_password1": "tian-gao-yun-dan", "new_password2": "tian-gao-yun-dan"}
    assert "原密码不对" in client.post(address, wrong).content.decode()
    right = {**wrong, "old_password": PASSWORD}
    assert client.post(address, right).status_code == 302
    assert client.get(reverse("villages:village_list")).status_code == 200
    user.refresh_from_db()
    assert user.check_password("tian-gao-yun-dan")


def _account(**changes: str) -> dict[str, str]:
    values = {
        "name": "李四",
        "login": "lisi",
        "role": "township",
        "place_code": "330604101",
        "department": "",
        "password": "tian-gao-yun-dan",
    }
    return values | changes


def test_an_administrator_opens_an_account(client: Client, county: County) -> None:
    """The person can log in and belongs to the place."""
    client.force_login(county.administrator, backend=BACKEND)
    assert client.post(reverse("accounts:open_account"), _account()).status_code == 302
    held = Membership.objects.get(user__login="lisi")
    assert (held.place.code, held.role) == ("330604101", "township")
    assert held.user.check_password("tian-gao-yun-dan")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"place_code": "330604"}, "只能属于"),
        ({"place_code": "330683101"}, "您管理的范围内没有区划代码"),
        ({"place_code": "不是代码"}, "您管理的范围内没有区划代码"),
        ({"role": "department", "place_code": "330604"}, "请选择一个联审部门"),
        ({"department": "court"}, "只有联审部门的账号填写部门"),
        ({"login": "township-330604"}, "已"),
        ({"login": "有空格 的"}, "只能用字母"),
        ({"password": "123"}, "密码"),
    ],
)
def test_what_an_account_cannot_be(
    client: Client, county: County, neighbour: County, changes: dict[str, str], sentence: str
) -> None:
    """A wrong place or role is refused in a sentence, and what was typed stays."""
    client.force_login(county.administrator, backend=BACKEND)
    response = client.post(reverse("accounts:open_account"), _account(**changes))
    page = response.content.decode()
    assert response.status_code == 200
    assert sentence in page
    assert "李四" in page
    assert not User.objects.filter(login="lisi").exists()


def test_closing_an_account_and_opening_it_again(client: Client, county: County) -> None:
    """An account is never deleted, since the journal names it; one's own cannot be closed."""
    client.force_login(county.administrator, backend=BACKEND)
    user = county.committee_member
    address = reverse("accounts:set_account_active", args=[user.pk])
    for active in ("0", "1"):
        client.post(address, {"active": active})
        user.refresh_from_db()
        assert user.is_active == (active == "1")
    own = reverse("accounts:set_account_active", args=[county.administrator.pk])
    assert "不能停用自己的账号" in client.post(own, {"active": "0"}, follow=True).content.decode()


@pytest.mark.parametrize(
    ("accepted", "cookie", "language"),
    [
        ("zh-CN,zh;q=0.9", "", "zh-hans"),
        ("en-GB,en;q=0.8", "", "en"),
        ("fr", "", "zh-hans"),
        ("zh-CN", "en", "en"),
    ],
)
def test_the_browser_decides_the_language_and_the_switch_overrides(
    client: Client, accepted: str, cookie: str, language: str
) -> None:
    """Chinese first; whoever asks for English gets it."""
    if cookie:
        client.post(reverse("accounts:switch_language"), {"language": cookie, "next": "/"})
    response = client.get(reverse("accounts:log_in"), headers={"accept-language": accepted})
    assert f'<html lang="{language}">' in response.content.decode()


def test_the_content_policy_is_strict(client: Client) -> None:
    """Neither inline scripts nor other hosts: what a villager types can never run."""
    policy = client.get(reverse("accounts:log_in")).headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_journal_page_shows_only_ones_own_places(client: Client, county: County, neighbour: County) -> None:
    """A township reads its own acts, filters them, and exports them."""
    client.force_login(county.township_official, backend=BACKEND)
    page = client.get(reverse("accounts:journal")).content.decode()
    assert "确定选举日" in page
    assert neighbour.village.name in page  # villages of the cast bear the same names
    assert page.count("确定选举日</td>") == 1
    filtered = client.get(reverse("accounts:journal"), {"verb": "villages.open_term"}).content.decode()
    assert "确定选举日</td>" not in filtered
    export = client.get(reverse("accounts:journal"), {"export": "xlsx"})
    assert export.headers["Content-Type"].endswith("spreadsheetml.sheet")


def test_journal_page_is_of_the_places_where_one_may_read_it(
    client: Client, county: County, neighbour: County
) -> None:
    """Who is a township's official here and a committee's member there reads the journal here only."""
    user = county.township_official
    Membership.objects.create(user=user, place=neighbour.village, role=Role.COMMITTEE)
    client.force_login(user, backend=BACKEND)
    page = client.get(reverse("accounts:journal")).content.decode()
    assert page.count("确定选举日</td>") == 1


def test_journal_page_asks_for_days_with_a_date_picker(client: Client, county: County) -> None:
    client.force_login(county.township_official, backend=BACKEND)
    page = client.get(reverse("accounts:journal"), {"since": "2026-12-01"}).content.decode()
    assert page.count('type="date"') == 2
    assert 'value="2026-12-01"' in page


@pytest.fixture
def newcomer(db: None) -> User:
    """Somebody with an account and no place yet."""
    user = User(login="xinren", name="新人")
    user.set_password(PASSWORD)
    user.save()
    return user


def test_a_user_of_no_place_is_told_so(client: Client, newcomer: User) -> None:
    """It is not their role that is wrong: they are told whom to ask, and see nobody's affairs."""
    client.force_login(newcomer, backend=BACKEND)
    response = client.get(reverse("home"))
    assert response.status_code == 403
    assert "还没有分配到任何地区" in response.content.decode()
    assert client.get(reverse("accounts:change_password")).status_code == 200
    assert client.get(reverse("documents:document_list")).status_code == 200
    assert client.get(reverse("ballots:law_list")).status_code == 200
    assert client.get(reverse("villages:village_list")).status_code == 403


@pytest.mark.parametrize("name", ["sessionid", "django_language", "csrftoken"])
@pytest.mark.parametrize("value", ["abc\x00def", "\x00", "a\x07b"])
def test_a_cookie_with_control_characters_is_dropped(
    client: Client, county: County, name: str, value: str
) -> None:
    """PostgreSQL takes no NUL in a session's key; a cookie is whatever the browser sends."""
    client.cookies[name] = value
    response = client.get(reverse("accounts:log_in"))
    assert response.status_code == 200
    assert name not in response.wsgi_request.COOKIES


@pytest.mark.parametrize(
    ("referer", "page"),
    [
        ("http://testserver/password/?from=menu", "/password/?from=menu"),
        ("http://testserver", "/"),
        ("http://elsewhere.example/password/", "/"),
        ("http://[", "/"),
        ("", "/"),
    ],
)
def test_the_language_switch_of_a_refused_form_comes_back_to_it(
    client: Client, county: County, referer: str, page: str
) -> None:
    """A page drawn by POST has no address of its own: its form's page is the one to come back to."""
    client.force_login(county.township_official, backend=BACKEND)
    headers = {"referer": referer} if referer else {}
    response = client.post(reverse("accounts:change_password"), {"old_password": "x"}, headers=headers)
    assert f'name="next" value="{page}"' in response.content.decode()


def test_a_part_of_a_page_leads_to_the_whole_log_in_page(client: Client) -> None:
    """A session that ran out while a page refreshed itself does not nest pages in each other."""
    headers = {"hx-request": "true", "hx-current-url": "http://testserver/documents/7/"}
    response = client.get("/documents/7/status/", headers=headers)
    assert response.headers["HX-Redirect"] == reverse("accounts:log_in") + "?next=/documents/7/"


def test_an_address_that_is_none_leads_to_the_log_in_page(client: Client) -> None:
    """What htmx says of its page is a header like any other: anybody can write it."""
    headers = {"hx-request": "true", "hx-current-url": "http://["}
    response = client.get("/documents/7/status/", headers=headers)
    assert response.headers["HX-Redirect"] == reverse("accounts:log_in") + "?next=/"
