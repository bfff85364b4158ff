"""The commands that answer a case: how they read, and what they say of what they cannot read."""

import io
import json
import sys
from datetime import date
from typing import Annotated, Literal

import pytest
from django.core.management import CommandError, call_command
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from election_admin.cases import CaseCommand, CaseError, Day, Whole
from election_admin.rulebooks.loading import RulebookError, UnknownRulebook


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Case:
    day: Day
    number: Whole
    share: Annotated[float, Field(ge=0)] = 0.0
    names: tuple[str, ...] = ()
    replies: Literal["all"] | dict[str, bool] = "all"


class Command(CaseCommand[Case]):
    shape = Case

    def answer(self, case):
        if case.number == 404:
            raise UnknownRulebook("atlantis", ["national"])
        if case.number == 500:
            raise RulebookError("a.yaml:1: x: wrong\na.yaml:2: y: wrong")
        if case.number == 13:
            raise CaseError("number", "brings bad luck\nto all")
        return {"day": case.day, "names": case.names, "中文": date(2026, 1, 1)}


GOOD = {"day": "2026-12-20", "number": 1}


@pytest.fixture
def run(tmp_path):
    def run_on(content):
        if not isinstance(content, bytes):
            content = (content if isinstance(content, str) else json.dumps(content)).encode()
        path = tmp_path / "case.json"
        path.write_bytes(content)
        out = io.StringIO()
        try:
            call_command(Command(), str(path), stdout=out)
        except CommandError as error:
            assert out.getvalue() == ""
            assert "\n" not in str(error)
            assert error.returncode == 2
            return str(error)
        return json.loads(out.getvalue())

    return run_on


@pytest.fixture
def long_numbers():
    """Lets the test write a number that Python would refuse to."""
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    yield
    sys.set_int_max_str_digits(limit)


ANSWER = {"day": "2026-12-20", "names": [], "中文": "2026-01-01"}


def test_one_case_gives_one_answer(run):
    assert run(GOOD) == ANSWER


def test_a_list_gives_a_list_in_order(run):
    assert run([GOOD, {**GOOD, "names": ["甲"]}]) == [ANSWER, {**ANSWER, "names": ["甲"]}]
    assert run([]) == []


def test_chinese_is_printed_as_it_is(tmp_path):
    path = tmp_path / "case.json"
    path.write_text(json.dumps(GOOD))
    out = io.StringIO()
    call_command(Command(), str(path), stdout=out)
    assert "中文" in out.getvalue()


def test_a_byte_order_mark_is_no_fault(run):
    assert run(b"\xef\xbb\xbf" + json.dumps(GOOD).encode()) == ANSWER


def test_standard_input_is_read(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(GOOD).encode())))
    out = io.StringIO()
    call_command(Command(), stdout=out)
    assert json.loads(out.getvalue()) == ANSWER


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"day": "2026-13-01"}, "day: there is no day 2026-13-01"),
        ({"day": "2026-12-20T00:00:00"}, "day: must be a date"),
        ({"day": "1767225600"}, "day: must be a date"),
        ({"day": 1767225600}, "day: must be a date"),
        ({"day": None}, "day: must be a date"),
        ({"number": True}, "number: must be a whole number"),
        ({"number": "1"}, "number: must be a whole number"),
        ({"number": 1.0}, "number: must be a whole number"),
        ({"number": -1}, "number: "),
        ({"number": float("nan")}, "number: is not a number that can be used"),
        ({"share": float("inf")}, "share: is not a number that can be used"),
        ({"number": 10**5000}, "number: is not a number that can be used"),
        ({"number": 10**12}, "number: "),
        ({"names": "甲"}, "names: must be a list"),
        ({"names": ["甲", 2]}, "names[1]: must be a text"),
        ({"names": ["\ud800"]}, "case: holds a text that is not Unicode"),
        ({"replies": {"court": 3}}, "replies"),
        ({"colour": 1}, "colour: is not a known key"),
        ({"number": 404}, "rulebook: no rulebook is called 'atlantis'"),
        ({"number": 13}, "number: brings bad luck\\nto all"),
    ],
)
def test_a_bad_case_is_told_in_one_line(run, long_numbers, change, told):
    bad = {**GOOD, **change}
    assert run(bad).startswith(told)
    assert run([GOOD, bad]).startswith(f"[1].{told}")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "input: is not JSON"),
        ("{", "input: is not JSON"),
        (b"\xff\xfe", "input: is not UTF-8 at byte 0"),
        ("3", "case: must be a JSON object"),
        ("null", "case: must be a JSON object"),
        ("[[]]", "[0].case: must be a JSON object"),
        ("[" * 100_000, "input: is nested too deeply"),
        ("[" * 500 + "]" * 500, "input: is nested too deeply"),
        ('{"day": "2026-12-20"}', "number: is missing"),
        ('{"day": "2026-12-20", "number": 1, "number": 2}', "number: is given twice"),
        ('[{"a": {"b": 1, "b": 1}}]', "[0].a.b: is given twice"),
    ],
)
def test_input_that_is_no_case_is_told_in_one_line(run, content, told):
    assert run(content).startswith(told)


def test_standard_input_that_is_closed_is_told(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(CommandError, match="file: cannot be read: standard input is closed") as caught:
        call_command(Command())
    assert caught.value.returncode == 2


def test_two_files_are_one_too_many(capsys):
    with pytest.raises(SystemExit) as caught:
        Command().run_from_argv(["manage.py", "answer", "a", "b"])
    told = capsys.readouterr()
    assert (caught.value.code, told.out) == (2, "")
    assert told.err == "CommandError: file: must be one file or none, not 2\n"


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(CommandError, match="file: cannot be read") as caught:
        call_command(Command(), str(tmp_path / "none.json"))
    assert caught.value.returncode == 2


def test_nothing_is_printed_when_a_later_case_is_bad(run):
    assert run([GOOD, GOOD, {}]).startswith("[2].day: is missing; number: is missing")


def test_a_broken_rulebook_is_not_the_cases_fault(tmp_path):
    path = tmp_path / "case.json"
    path.write_text(json.dumps({**GOOD, "number": 500}))
    with pytest.raises(CommandError) as caught:
        call_command(Command(), str(path))
    assert caught.value.returncode == 1
    assert "\n" not in str(caught.value)


def test_the_shell_sees_status_two_and_one_line(tmp_path, capsys):
    path = tmp_path / "case.json"
    path.write_text(json.dumps({**GOOD, "number": -1}))
    with pytest.raises(SystemExit) as caught:
        Command().run_from_argv(["manage.py", "answer", str(path)])
    told = capsys.readouterr()
    assert caught.value.code == 2
    assert told.out == ""
    assert told.err.startswith("CommandError: number: ")
    assert told.err.count("\n") == 1
