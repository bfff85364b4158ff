"""An office in a database file of its own, whose every encrypted column is filled; then it waits.

Run as ``python -m tests.candidates.at_rest`` with a DATA_DIR. While it waits, with its write-ahead
log still open, a test reads the bytes of what lies in the folder.
"""

import logging
import sys

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from tests.candidates.at_rest_acts import act, browse, make_office  # noqa: E402
from tests.cast import NOW  # noqa: E402


class _FromModels(dict[str, None]):
    """Tables straight from the models: migrations have tests of their own."""

    def __contains__(self, app: object) -> bool:
        return True

    def __getitem__(self, app: str) -> None:
        return None


def main() -> None:
    """Fill the office, say what must stand nowhere in clear, wait until nobody reads any more."""
    settings.MIGRATION_MODULES = _FromModels()
    settings.ALLOWED_HOSTS = ["testserver"]
    timezone.now = lambda: NOW
    logging.basicConfig(filename=settings.DATA_DIR / "office.log", level=logging.DEBUG, force=True)
    call_command("migrate", verbosity=0, run_syncdb=True)
    county = make_office()
    secrets = act(county)
    browse(county)
    sys.stdout.write("\n".join(secrets) + "\n\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
