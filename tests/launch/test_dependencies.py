"""Every package has a reason, and both sets of pins agree."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DIRECT = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]


def name_of(requirement: str) -> str:
    return re.split(r"[\[<>=!~ ]", requirement, maxsplit=1)[0]


def reasons() -> dict[str, str]:
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| `([a-z0-9-]+)` \| (.+) \|$", text, flags=re.MULTILINE))


def pins(name: str) -> set[str]:
    return set(
        re.findall(r"^[a-z0-9.\[\]-]+==\S+", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    )


@pytest.mark.parametrize("requirement", DIRECT)
def test_each_dependency_has_its_reason(requirement):
    assert reasons().get(name_of(requirement))


def test_no_reason_is_given_for_a_package_that_is_gone():
    assert set(reasons()) == {name_of(requirement) for requirement in DIRECT}


def test_what_is_tested_is_what_runs():
    assert pins("requirements.txt")
    assert pins("requirements.txt") <= pins("requirements-dev.txt")


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_pin_has_a_hash(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    entries = re.findall(r"^[a-z0-9.\[\]-]+==\S+ \\\n    --hash=sha256:", text, flags=re.MULTILINE)
    assert len(entries) == len(pins(name))
