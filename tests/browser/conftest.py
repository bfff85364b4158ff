"""A whole office as ``make run`` starts it, and a person in front of it in real Chromium."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.environment import own_redis

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",
]
SECONDS_TO_START = 180.0
# Milliseconds for a page or an element: a machine that runs other tests too is slow.
PATIENCE = 90_000
# Screenshots of each page a test stops at are kept here when this is set.
PICTURES = os.environ.get("PICTURES", "")


@dataclass
class Office:
    """A running office: where it is, and who may sign in."""

    address: str
    accounts: dict[str, str]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def database() -> Iterator[str]:
    """A database of the office's own where the tests run on a server; none for an embedded one."""
    address = os.environ.get("DATABASE_URL", "")
    if not address.startswith("postgres"):
        yield ""
        return
    name = f"test_browser_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        yield f"{address.rpartition('/')[0]}/{name}"
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory, database: str) -> Iterator[Office]:
    """The office with its demo county, web server and worker, in a folder of its own."""
    folder = tmp_path_factory.mktemp("office")
    environment = {
        **os.environ,
        "DATA_DIR": str(folder),
        "BIND": f"127.0.0.1:{_free_port()}",
        "STATICFILES_STORAGE": "whitenoise.storage.CompressedManifestStaticFilesStorage",
    }
    if database:
        environment["DATABASE_URL"] = database
    if "REDIS_URL" in environment:
        environment["REDIS_URL"] = own_redis(environment["REDIS_URL"], of_an_office=True)
    log = folder / "office.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "election_admin.launch.run"],
            cwd=ROOT,
            env=environment,
            stdout=said,
            stderr=subprocess.STDOUT,
        )
    try:
        yield _started(process, log)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        assert process.returncode == 0, log.read_text()


def _started(process: "subprocess.Popen[bytes]", log: Path) -> Office:
    """Wait until the office has said where it is and who may sign in."""
    end = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < end and process.poll() is None:
        if (office := _read(log.read_text())) is not None:
            return office
        time.sleep(0.2)
    raise AssertionError("The office did not start:\n" + log.read_text())


def _read(said: str) -> Office | None:
    address, accounts = "", {}
    for line in said.splitlines(keepends=True):
        if found := re.search(r"http://\S+", line):
            address = found.group()
        elif address and line.strip() and not line.startswith("Demo accounts"):
            login, password, *_who = line.split()
            accounts[login] = password
        elif accounts:
            return Office(address, accounts)
    return None


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests; each person gets a window of their own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Person:
    """Somebody at a screen, whose browser's complaints are collected."""

    page: Page
    context: BrowserContext
    office: Office
    complaints: list[str] = field(default_factory=list)

    def sign_in(self, login: str) -> None:
        """Log in by hand."""
        self.page.goto(self.office.address)
        self.page.get_by_label("工号或手机号").fill(login)
        self.page.get_by_label("密码").fill(self.office.accounts[login])
        self.page.get_by_role("button", name="登录").click()
        self.page.get_by_role("button", name="退出").wait_for()

    def look(self, name: str) -> None:
        """Keep a picture of the page, when pictures are wanted."""
        if PICTURES:
            Path(PICTURES).mkdir(parents=True, exist_ok=True)
            # Hiding the caret would be an inline style, which the pages' own policy forbids.
            self.page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True, caret="initial")

    def note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)


@pytest.fixture
def person(chromium: Browser, office: Office) -> Iterator[Person]:
    """A person with a Chinese browser; a script error or a breach of the content policy fails the test."""
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1366, "height": 768})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    somebody = Person(page, context, office)
    page.on("console", somebody.note)
    page.on("pageerror", lambda error: somebody.complaints.append(str(error)))
    yield somebody
    context.close()
    assert somebody.complaints == []
