"""The English of the Chinese sentences: gather new ones, or check that none is without.

``python -m election_admin.launch.messages`` brings locale/en up to date;
``--check`` changes nothing and fails when a sentence of the code is missing,
untranslated, fuzzy, or no longer used.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import django
from django.core.management import call_command
from django.core.management.commands import makemessages
from django.test.utils import override_settings

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
SHOWN = 40


class Gather(makemessages.Command):
    """Knows the name under which modules that need both kinds import the lazy one."""

    def __init__(self) -> None:
        super().__init__()
        self.xgettext_options = [*self.xgettext_options, "--keyword=_lazy"]


def gather(locale: Path, *, ignore: tuple[str, ...] = ()) -> None:
    with override_settings(LOCALE_PATHS=[locale]):
        call_command(
            Gather(),
            locale=["en"],
            extensions=["html", "txt", "py", "svg"],
            add_location="file",
            no_obsolete=True,
            no_wrap=True,
            ignore_patterns=["var", "tests", "benchmarks", "docs", *ignore],
            verbosity=0,
        )


def objections() -> list[str]:
    """Return what the catalogue lacks or has too much of, one line each."""
    # makemessages writes to the first locale folder that stands beside the code: a passing one here,
    # so that the project's own stays as it is.
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".messages-") as folder:
        gather(Path(folder), ignore=("locale",))
        fresh = Path(folder, "en", "LC_MESSAGES", "django.po")
        compared = subprocess.run(
            ["msgcmp", str(CATALOGUE), str(fresh)], capture_output=True, text=True, check=False
        )
        said = [line for line in compared.stderr.splitlines() if not line.startswith("msgcmp: found")]
        lines = [with_sentence(line) for line in said]
    if compared.returncode != 0 and not lines:
        return [f"msgcmp failed with code {compared.returncode}"]
    # Whoever is untranslated counts as unused too: say it once.
    return [line for line in lines if ": warning: " not in line] or lines


def with_sentence(line: str) -> str:
    """Put the sentence itself in the place of msgcmp's file and line."""
    place = re.match(r"(/.+\.po):(\d+): (.*)", line)
    if place is None:
        return line
    path, number, problem = place.groups()
    above = Path(path).read_text(encoding="utf-8").splitlines()[: int(number)]
    sentence = next(line for line in reversed(above) if line.startswith("msgid "))
    return f"{sentence.removeprefix('msgid ')}: {problem.replace(f'{ROOT}/', '')}"


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
        advice = f"{CATALOGUE.relative_to(ROOT)}: {len(lines)} to mend; run make messages, then translate."
        sys.exit("\n".join([*lines[:SHOWN], advice]))


if __name__ == "__main__":
    main()
