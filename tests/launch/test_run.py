"""The parts of the start that decide something."""

import socket

import pytest

from election_admin.launch import run


@pytest.mark.parametrize(
    ("bind", "url"),
    [
        ("127.0.0.1:8000", "http://127.0.0.1:8000/"),
        ("0.0.0.0:80", "http://127.0.0.1:80/"),
        ("[::1]:8000", "http://[::1]:8000/"),
        ("[::]:8000", "http://[::1]:8000/"),
        (":8001", "http://127.0.0.1:8001/"),
        ("8001", "http://127.0.0.1:8001/"),
    ],
)
def test_address(bind, url):
    address = run.Address.parse(bind)
    assert address.url == url
    assert run.Address.parse(address.bind) == address


@pytest.mark.parametrize("bind", ["localhost", "127.0.0.1:", "127.0.0.1:http"])
def test_address_without_a_port_is_refused(bind):
    with pytest.raises(SystemExit, match="BIND is an address and a port"):
        run.Address.parse(bind)


def test_a_taken_port_is_refused_in_one_sentence():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SystemExit) as refusal:
            run.Address("127.0.0.1", port).refuse_if_taken()
    assert f"127.0.0.1:{port} cannot be used" in str(refusal.value)
    assert f"make run BIND=127.0.0.1:{port + 1}" in str(refusal.value)


def test_fingerprint_notices_a_change(tmp_path):
    style = tmp_path / "office.css"
    style.write_text("a")
    first = run.fingerprint([style], also="storage")
    assert run.fingerprint([style], also="storage") == first
    assert run.fingerprint([style], also="another storage") != first
    style.write_text("ab")
    assert run.fingerprint([style], also="storage") != first


def test_health_headers_pass_the_check_of_the_host(settings):
    settings.ALLOWED_HOSTS = ["*", ".example", "office.example"]
    settings.HTTPS = True
    assert run.health_headers() == {"Host": "office.example", "X-Forwarded-Proto": "https"}
