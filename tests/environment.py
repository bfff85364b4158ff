"""What the tests run on, set before Django reads its settings.

Loaded by ``-p tests.environment``. The embedded default, unless DATABASE_URL and
REDIS_URL say otherwise; and never the data of an office that runs on this machine.
"""

import atexit
import base64
import os
import shutil
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Set by whichever process came first; the workers of xdist and programs that tests start inherit it.
HOME = "ELECTION_OFFICE_TESTS"
# What an office may have set, and what no test should depend on.
OF_AN_OFFICE = ("ALLOWED_HOSTS", "BIND", "CSRF_TRUSTED_ORIGINS", "DEBUG", "DEMO", "HTTPS")
SERVED = ("DATABASE_URL", "REDIS_URL")
# Redis has so many databases, numbered from 0.
REDIS_DATABASES = 16

owned = None if HOME in os.environ else Path(tempfile.mkdtemp(prefix="election-office-tests-"))


def set_environment() -> None:
    home = Path(os.environ.setdefault(HOME, str(owned)))
    data = home / os.environ.get("PYTEST_XDIST_WORKER", "main")
    # WhiteNoise warns when there is nothing to serve.
    (data / "static").mkdir(parents=True, exist_ok=True)
    for name in OF_AN_OFFICE:
        os.environ.pop(name, None)
    for name in SERVED:
        if not os.environ.get(name):
            os.environ.pop(name, None)
    if "REDIS_URL" in os.environ:
        os.environ["REDIS_URL"] = own_redis(os.environ["REDIS_URL"])
    fonts = ROOT / "var" / "fonts" / "fonts.conf"
    if fonts.exists():
        os.environ["FONTCONFIG_FILE"] = str(fonts)
    os.environ.update(
        DATA_DIR=str(data),
        SECRET_KEY="of the tests, and of nothing else, long enough for every check",
        FIELD_KEYS=base64.urlsafe_b64encode(b"the tests' own key of 32 letters").decode(),
        INDEX_KEY="of the tests",
        STATICFILES_STORAGE="django.contrib.staticfiles.storage.StaticFilesStorage",
        # Playwright's loop runs in the tests' thread, which Django takes for asynchronous code.
        DJANGO_ALLOW_ASYNC_UNSAFE="true",
    )


def own_redis(address: str, *, of_an_office: bool = False) -> str:
    """The address of a Redis database that no other worker of xdist uses, nor an office it starts.

    A message that reaches another worker's office wakes it for a row that is not in its database.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    if not of_an_office and "PYTEST_XDIST_WORKER" not in os.environ:
        return address
    number = REDIS_DATABASES - 1 - (2 * worker + (not of_an_office)) % REDIS_DATABASES
    return f"{address.rpartition('/')[0]}/{number}"


def clear_away(home: Path, owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(home, ignore_errors=True)


set_environment()
if owned is not None:
    # Not a pytest hook: those are not called when Django does not even start.
    atexit.register(clear_away, owned, os.getpid())
