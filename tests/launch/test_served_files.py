"""The files for a served office name the settings' variables, and commands that exist."""

import ast
import importlib
import re
import shlex
from pathlib import Path

import pytest
import yaml
from celery.bin.celery import celery
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
SERVED = ROOT / "docs" / "served"
UNITS = sorted(path.name for path in SERVED.glob("*.service"))
# Read by a library, not by the settings: docs/served.md has it in its second table.
OF_LIBRARIES = {"FONTCONFIG_FILE"}


def settings_variables() -> dict[str, bool]:
    """Return each variable that settings.py reads, and whether it is required."""
    tree = ast.parse((ROOT / "election_admin" / "settings.py").read_text(encoding="utf-8"))
    found: dict[str, bool] = {}
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        function = call.func.value if isinstance(call.func, ast.Attribute) else call.func
        name = call.args[0] if call.args else None
        if isinstance(function, ast.Name) and function.id == "env" and isinstance(name, ast.Constant):
            found[str(name.value)] = "default" not in {keyword.arg for keyword in call.keywords}
    return found


def start_variables() -> set[str]:
    """Return what the modules of the start look up in the environment."""
    found = set()
    for path in (ROOT / "election_admin" / "launch").glob("*.py"):
        source = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"environ(?:ment)?\.(?:get|setdefault)\(\s*\"([A-Z_]+)\"", source))
    return found


def table(head: str) -> dict[str, str]:
    """Return the names and defaults of the table of served.md with this head."""
    text = (ROOT / "docs" / "served.md").read_text(encoding="utf-8")
    rows = text.split(f"| {head} |", 1)[1].split("\n\n", 1)[0]
    return dict(re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|", rows, flags=re.MULTILINE))


def compose() -> dict:
    return yaml.safe_load((SERVED / "compose.yaml").read_text(encoding="utf-8"))


def office_services() -> dict[str, dict]:
    """Return the services that run our image."""
    return {name: service for name, service in compose()["services"].items() if "build" in service}


def interpolated() -> set[str]:
    return set(re.findall(r"\$\{([A-Z_]+)", (SERVED / "compose.yaml").read_text(encoding="utf-8")))


def example_names() -> set[str]:
    text = (SERVED / "office.env.example").read_text(encoding="utf-8")
    return set(re.findall(r"^#?([A-Z_]+)=", text, flags=re.MULTILINE))


def required() -> set[str]:
    return {name for name, needed in settings_variables().items() if needed}


def test_the_settings_are_read_at_all():
    assert required() == {"SECRET_KEY", "FIELD_KEYS", "INDEX_KEY"}
    assert {"DATABASE_URL", "REDIS_URL", "DATA_DIR"} <= set(settings_variables())


def test_served_md_lists_exactly_what_the_settings_read():
    listed = table("read by the settings")
    assert set(listed) == set(settings_variables())
    assert {name for name, default in listed.items() if default == "required"} == required()


def test_served_md_lists_what_the_start_reads():
    assert set(table("read by the start")) == start_variables() - set(settings_variables())


def test_example_names_exactly_what_the_settings_read():
    only_for_compose = interpolated() - set(settings_variables())
    assert example_names() == set(settings_variables()) | only_for_compose


def test_compose_has_a_web_server_a_worker_a_clock_and_a_preparation():
    assert {"web", "worker", "beat", "prepare"} == set(office_services())


@pytest.mark.parametrize("name", ["web", "worker", "beat", "prepare"])
def test_compose_gives_what_is_required_and_nothing_unknown(name):
    given = set(office_services()[name]["environment"])
    assert required() <= given
    assert given <= set(settings_variables())


def test_compose_names_a_missing_secret_instead_of_starting_without():
    text = (SERVED / "compose.yaml").read_text(encoding="utf-8")
    assert all(f"{name}: ${{{name}:?" in text for name in required())


@pytest.mark.parametrize("unit", UNITS)
def test_units_read_the_example(unit):
    text = (SERVED / unit).read_text(encoding="utf-8")
    assert "EnvironmentFile=/etc/election-office/office.env" in text
    named = set(re.findall(r"^Environment=([A-Z_]+)=", text, flags=re.MULTILINE))
    assert named <= set(settings_variables()) | OF_LIBRARIES


def test_image_sets_no_variable_of_the_settings():
    text = (SERVED / "Dockerfile").read_text(encoding="utf-8")
    assert set(re.findall(r"^ENV ([A-Z_]+)=", text, flags=re.MULTILINE)) <= OF_LIBRARIES


# --- commands -------------------------------------------------------------
def commands() -> list[str]:
    """Return each command line of our programs that the files name."""
    lines: list[str] = []
    for service in office_services().values():
        command = service["command"]
        lines += command[-1].split(" && ") if isinstance(command, list) else [command]
    for unit in UNITS:
        lines += re.findall(
            r"^ExecStart=(.*)$", (SERVED / unit).read_text(encoding="utf-8"), flags=re.MULTILINE
        )
    image = (SERVED / "Dockerfile").read_text(encoding="utf-8")
    lines += [" ".join(yaml.safe_load(line)) for line in re.findall(r"^CMD (.*)$", image, flags=re.MULTILINE)]
    text = (ROOT / "docs" / "served.md").read_text(encoding="utf-8")
    lines += [f".venv/bin/python {line}" for line in re.findall(r"manage\.py [a-z_]+", text)]
    return sorted(set(lines))


def check_command(line: str) -> None:
    program, *words = shlex.split(line)
    assert program.removeprefix("/srv/election-office/") == ".venv/bin/python"
    if words[0] == "manage.py":
        assert words[1] in get_commands(), f"manage.py has no {words[1]}"
        return
    assert words[0] == "-m"
    if words[1] == "gunicorn":
        assert words[2] == "election_admin.wsgi"
        assert importlib.import_module("election_admin.wsgi").application
    else:
        assert words[1:4] == ["celery", "-A", "election_admin"]
        assert words[4] in celery.commands


@pytest.mark.parametrize("line", commands())
def test_command_exists(line):
    check_command(line)


@pytest.mark.parametrize(
    "line",
    [".venv/bin/python manage.py no_such_command", ".venv/bin/python -m celery -A election_admin clock"],
)
def test_a_command_that_does_not_exist_is_noticed(line):
    with pytest.raises(AssertionError):
        check_command(line)


def test_there_is_a_unit_for_each_part():
    assert UNITS == [
        "election-office-beat.service",
        "election-office-web.service",
        "election-office-worker@.service",
    ]


def test_options_of_the_programs_are_known():
    for line in commands():
        words = shlex.split(line)
        if "celery" in words:
            known = {option for parameter in celery.commands[words[5]].params for option in parameter.opts}
            assert {word for word in words[6:] if word.startswith("-")} <= known
