"""Start the embedded office: database, demo county, static files, web server, worker.

Run by ``make run`` after install.py. What can be done in this process is done in
it: every further start of Django would cost a second.
"""

import hashlib
import http.client
import io
import os
import signal
import socket
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import django
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from election_admin.launch import children, keys

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_ANSWER = 60.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
WITHOUT_DEMO = """This office is empty (DEMO=0). Next, in another terminal:
  .venv/bin/python manage.py import_places FILE    the villages of your county
  .venv/bin/python manage.py create_account        the first person who may sign in"""


@dataclass(frozen=True)
class Address:
    host: str
    port: int

    @classmethod
    def parse(cls, bind: str) -> "Address":
        host, _, port = bind.rpartition(":")
        if not port.isdecimal():
            sys.exit(f"BIND is an address and a port, like 127.0.0.1:8000, not {bind!r}.")
        return cls(host.strip("[]") or "127.0.0.1", int(port))

    @property
    def family(self) -> socket.AddressFamily:
        return socket.AF_INET6 if ":" in self.host else socket.AF_INET

    @property
    def near(self) -> str:
        """Return the host under which this machine reaches itself."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104

    @property
    def bind(self) -> str:
        return f"{_bracketed(self.host)}:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{_bracketed(self.near)}:{self.port}/"

    def refuse_if_taken(self) -> None:
        with socket.socket(self.family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError as error:
                other = Address(self.host, self.port + 1)
                sys.exit(
                    f"{self.bind} cannot be used ({error.strerror}): stop what runs there, "
                    f"or choose another port, as in: make run BIND={other.bind}"
                )


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def say(what: str) -> None:
    print(what, flush=True)


def set_environment(data: Path) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "election_admin.settings")
    fonts = data / "fonts" / "fonts.conf"
    if fonts.exists():
        os.environ.setdefault("FONTCONFIG_FILE", str(fonts))


# --- before the programs start --------------------------------------------
def make_folders() -> None:
    queue = [Path(settings.QUEUE_DIR, name) for name in ("messages", "control")]
    for folder in (*queue, settings.MEDIA_ROOT, settings.STATIC_ROOT, *settings.STATICFILES_DIRS):
        Path(folder).mkdir(parents=True, exist_ok=True)


def prepare_database() -> None:
    try:
        executor = MigrationExecutor(connection)
    except OperationalError as error:
        sys.exit(f"The database does not answer: {str(error).strip()}")
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say("database: bringing the tables up to date")
        call_command("migrate", interactive=False, verbosity=0)


def load_demo_once(*, wanted: bool) -> None:
    if wanted and not apps.get_model("places", "Place").objects.exists():
        say("demo: loading a county to try things in")
        call_command("load_demo", verbosity=0)
    elif not wanted and not get_user_model().objects.exists():
        say(WITHOUT_DEMO)


def fingerprint(paths: Iterable[Path], *, also: str) -> str:
    """Tell one state of the static files, and of what decides about them, from another."""
    digest = hashlib.sha256(also.encode())
    for path in sorted(paths):
        status = path.stat()
        digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static() -> None:
    decisive = ("requirements.txt", "election_admin/settings.py", "election_admin/static_finder.py")
    found = [path for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*")]
    files = [path for path in found if path.is_file()]
    storage = settings.STORAGES["staticfiles"]["BACKEND"]
    current = fingerprint([*files, *(ROOT / name for name in decisive)], also=storage)
    stamp = Path(settings.DATA_DIR, "static.stamp")
    collected = any(Path(settings.STATIC_ROOT).iterdir())
    if not collected or not stamp.exists() or stamp.read_text(encoding="utf-8") != current:
        say("static files: collecting")
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(current, encoding="utf-8")


# --- the running office ---------------------------------------------------
def health_headers() -> dict[str, str]:
    """Return what a request from this machine needs to be let in."""
    hosts = [host for host in settings.ALLOWED_HOSTS if not host.startswith(("*", "."))]
    headers = {"Host": hosts[0]} if hosts else {}
    return {**headers, "X-Forwarded-Proto": "https"} if settings.HTTPS else headers


def answers(address: Address, headers: dict[str, str]) -> bool:
    client = http.client.HTTPConnection(address.near, address.port, timeout=5)
    try:
        client.request("GET", "/health/", headers=headers)
        return client.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        client.close()


def stop_if_one_died(running: list[children.Child]) -> None:
    if (dead := children.first_dead(running)) is not None:
        code = dead.process.returncode
        sys.exit(f"The {dead.name} stopped by itself (exit code {code}), so the office stops.")


def wait_until_it_answers(address: Address, running: list[children.Child]) -> None:
    headers = health_headers()
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while not answers(address, headers):
        stop_if_one_died(running)
        if time.monotonic() > deadline:
            sys.exit(f"{address.url}health/ did not answer within {SECONDS_TO_ANSWER:.0f} seconds.")
        time.sleep(0.1)


def demo_accounts() -> str:
    listed = io.StringIO()
    call_command("load_demo", accounts=True, stdout=listed)
    return listed.getvalue().strip()


def serve(address: Address) -> None:
    commands = {
        "web server": children.web_command(address.bind),
        "worker": children.worker_command(len(os.sched_getaffinity(0)), f"office-{address.port}@%h"),
    }
    running: list[children.Child] = []
    try:
        for name, command in commands.items():
            running.append(children.start(name, command, folder=ROOT, environment=os.environ))
        accounts = demo_accounts()
        wait_until_it_answers(address, running)
        say(f"\n选举办公室 Election office: {address.url}   (Ctrl-C stops it)")
        if accounts:
            say(f"\nDemo accounts (sign-in name, password, who):\n{accounts}\n")
        while True:
            stop_if_one_died(running)
            time.sleep(0.3)
    finally:
        ignore_signals()
        children.stop(running)


def listen_for_signals() -> None:
    for number in SIGNALS:
        # nohup has already said that a closed terminal does not matter.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, interrupt)


def ignore_signals() -> None:
    """Let nothing interrupt the stopping: a second Ctrl-C changes nothing."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def interrupt(number: int, frame: FrameType | None) -> None:
    ignore_signals()
    raise KeyboardInterrupt


def main() -> None:
    listen_for_signals()
    address = Address.parse(os.environ.get("BIND") or "127.0.0.1:8000")
    address.refuse_if_taken()
    data = Path(os.environ.get("DATA_DIR") or ROOT / "var").resolve()
    set_environment(data)
    try:
        with keys.running(data):
            django.setup()
            make_folders()
            prepare_database()
            load_demo_once(wanted=os.environ.get("DEMO", "1") != "0")
            collect_static()
            serve(address)
    except keys.OfficeRuns:
        sys.exit("The keys of this office are being changed: wait until rotate_keys has ended.")
    except KeyboardInterrupt:
        say("\nThe election office has stopped.")


if __name__ == "__main__":
    main()
