"""Asking a command a case, and comparing its answer with what a scenario expects."""

import io
import json
from pathlib import Path
from tempfile import NamedTemporaryFile

import yaml
from django.core.management import CommandError, call_command

SCENARIOS = Path(__file__).resolve().parents[1] / "scenarios"


def scenarios(name):
    return yaml.safe_load((SCENARIOS / f"{name}.yaml").read_text(encoding="utf-8"))


def ask(command, case):
    """The answer, or the one line on standard error if there is none."""
    out = io.StringIO()
    with NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(case, file, default=str)
        file.flush()
        try:
            call_command(command, file.name, stdout=out)
        except CommandError as error:
            if out.getvalue() or "\n" in str(error) or error.returncode != 2:
                raise
            return str(error)
    return json.loads(out.getvalue())


def differences(expected, got, place=""):
    """Where an answer is not what was expected; keys that a scenario leaves out are ignored.

    Posts left out of ``elected`` or ``vacancies`` are not: there, nothing means nobody.
    """
    expected = json.loads(json.dumps(expected, default=str))
    if isinstance(expected, dict) and isinstance(got, dict):
        if place in (".elected", ".vacancies") and expected.keys() != got.keys():
            return [f"{place}: {expected} is not {got}"]
        return [d for k, v in expected.items() for d in differences(v, got.get(k, "nothing"), f"{place}.{k}")]
    if isinstance(expected, list) and isinstance(got, list) and len(expected) == len(got):
        pairs = enumerate(zip(expected, got, strict=True))
        return [d for i, (e, g) in pairs for d in differences(e, g, f"{place}[{i}]")]
    return [] if expected == got else [f"{place}: {expected} is not {got}"]
