"""Nobody gets where they have no business: every address, every role, another county's rows."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from election_admin.accounts.access import Access
from tests.addresses import ARGUMENTS, OF_NO_PLACE, OF_THE_COUNTY, Rows, make_rows, routes
from tests.cast import PASSWORD, County

pytestmark = pytest.mark.django_db
# A calendar program cannot log in: its address is the secret.
PUBLIC = {
    "accounts:log_in",
    "accounts:log_out",
    "accounts:switch_language",
    "ballots:feed",
    "health",
}


def _arguments(pattern: Any) -> bool:
    return bool(pattern.pattern.regex.groups)


def test_every_address_declares_who_may_use_it() -> None:
    """A view without a declaration would be open to whoever finds it."""
    undeclared = [
        name
        for name, pattern in routes()
        if not isinstance(getattr(pattern.callback, "access", None), Access)
    ]
    assert undeclared == []


def test_only_these_addresses_need_no_login() -> None:
    """A page that turns public by accident shows villages' affairs to the whole internet."""
    public = {name for name, pattern in routes() if pattern.callback.access.public}  # type: ignore[attr-defined]
    assert public == PUBLIC


def test_every_address_with_arguments_is_tried() -> None:
    """A new page that is not named in tests/addresses.py would not be tried on foreign rows."""
    with_arguments = {name for name, pattern in routes() if _arguments(pattern)}
    assert with_arguments == ARGUMENTS.keys() | OF_NO_PLACE.keys()


@pytest.fixture
def foreign_rows(county: County, neighbour: County) -> Rows:
    """Rows of the neighbouring county, which nobody of the first county may see."""
    return make_rows(neighbour)


def _addresses_of(rows: Rows) -> Iterator[tuple[str, str]]:
    for name, arguments in ARGUMENTS.items():
        yield name, reverse(name, kwargs=arguments(rows))


def test_another_countys_rows_are_closed_to_every_role(
    client: Client, county: County, foreign_rows: Rows
) -> None:
    """A foreign row answers as if it were not there, by GET and by POST."""
    open_doors = []
    for who, user in county.everyone().items():
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        for name, address in _addresses_of(foreign_rows):
            for method in (client.get, client.post):
                status = method(address).status_code
                if status not in {403, 404, 405}:
                    open_doors.append((who, name, method.__name__, status))
    assert open_doors == []


def test_what_is_not_yours_and_what_is_not_there_look_the_same(
    client: Client, county: County, foreign_rows: Rows
) -> None:
    """Else a guess at numbers would tell which rows exist elsewhere."""
    client.force_login(county.township_official, backend="django.contrib.auth.backends.ModelBackend")
    foreign = client.get(reverse("villages:plan", args=[foreign_rows.plan.pk]))
    missing = client.get(reverse("villages:plan", args=[999_999]))
    assert (foreign.status_code, missing.status_code) == (404, 404)


def test_a_township_does_not_see_another_township(client: Client, county: County) -> None:
    """Within a county too, each sees its own subtree only."""
    rows = make_rows(county)
    client.force_login(county.other_township_official, backend="django.contrib.auth.backends.ModelBackend")
    for name, address in _addresses_of(rows):
        if name not in OF_THE_COUNTY:
            assert client.get(address).status_code in {403, 404, 405}, name


def test_nobody_gets_in_without_logging_in(client: Client, county: County) -> None:
    """Every page but the public ones sends a stranger to the log-in page."""
    rows = make_rows(county)
    plain = [
        (name, reverse(name)) for name, pattern in routes() if not _arguments(pattern) and name not in PUBLIC
    ]
    for name, address in [*plain, *_addresses_of(rows)]:
        for method in (client.get, client.post):
            response = method(address)
            assert response.status_code == 302, name
            assert response.headers["Location"].startswith(reverse("accounts:log_in")), name


def test_own_rows_never_end_in_an_error(client: Client, county: County) -> None:
    """Every page of one's own county answers with a page, a redirect or a refusal, never a crash."""
    rows = make_rows(county)
    plain = [(name, reverse(name)) for name, pattern in routes() if not _arguments(pattern)]
    of_no_place = [(name, reverse(name, kwargs=kwargs)) for name, kwargs in OF_NO_PLACE.items()]
    for user in county.everyone().values():
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        for name, address in [*plain, *of_no_place, *_addresses_of(rows)]:
            if name != "accounts:log_out":
                response = client.get(address)
                assert response.status_code < 500, (name, user)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_has_one_heading(client: Client, county: County, language: str) -> None:
    """A page says once, for eyes and for screen readers, what it is."""
    rows = make_rows(county)
    addresses = [
        *[(name, reverse(name)) for name, pattern in routes() if not _arguments(pattern)],
        *[(name, reverse(name, kwargs=kwargs)) for name, kwargs in OF_NO_PLACE.items()],
        *_addresses_of(rows),
    ]
    client.cookies["django_language"] = language
    seen = set()
    for user in county.everyone().values():
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        for name, address in addresses:
            response = client.get(address)
            whole_page = b"<html" in getattr(response, "content", b"")
            if response.status_code == 200 and whole_page:
                assert response.content.count(b"<h1") == 1, name
                assert f'lang="{language}"'.encode() in response.content, name
                seen.add(name)
    assert len(seen) > 20


def test_a_closed_account_cannot_log_in(client: Client, county: County) -> None:
    """Somebody who has left the office is out from that moment."""
    user = county.township_official
    user.is_active = False
    user.save()
    response = client.post(reverse("accounts:log_in"), {"username": user.login, "password": PASSWORD})
    assert response.status_code == 200
    assert not response.wsgi_request.user.is_authenticated
