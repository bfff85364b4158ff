"""The English of the Chinese sentences: gather new ones, or check that none is without.

``python -m election_admin.launch.messages`` brings locale/en up to date;
``--check`` changes nothing and fails when a sentence of the code is missing,
untranslated, fuzzy, or no longer used.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import django
from django.core.management import call_command
from django.test.utils import override_settings

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"


def gather(locale: Path, *, ignore: tuple[str, ...] = ()) -> None:
    with override_settings(LOCALE_PATHS=[locale]):
        call_command(
            "makemessages",
            locale=["en"],
            add_location="file",
            no_obsolete=True,
            no_wrap=True,
            ignore_patterns=["var", "tests", "benchmarks", "docs", *ignore],
            verbosity=0,
        )


def objections() -> list[str]:
    """Return what the catalogue lacks or has too much of, one line each."""
    with tempfile.TemporaryDirectory() as folder:
        # The project's own locale folder is left out, so that nothing is written there.
        gather(Path(folder), ignore=("locale",))
        fresh = Path(folder, "en", "LC_MESSAGES", "django.po")
        compared = subprocess.run(
            ["msgcmp", str(CATALOGUE), str(fresh)], capture_output=True, text=True, check=False
        )
    lines = compared.stderr.replace(str(ROOT) + "/", "").splitlines()
    if compared.returncode != 0 and not lines:
        return [f"msgcmp failed with code {compared.returncode}"]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description="Gather the sentences to translate, or check them.")
    parser.add_argument("--check", action="store_true", help="change nothing, fail when one is missing")
    check = parser.parse_args().check
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "election_admin.settings")
    os.chdir(ROOT)
    django.setup()
    if not check:
        gather(ROOT / "locale")
    elif lines := objections():
        sys.exit("\n".join([*lines, f"{CATALOGUE.relative_to(ROOT)}: run make messages and translate."]))


if __name__ == "__main__":
    main()
