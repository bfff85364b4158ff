"""The ground of commands that answer a case: JSON in, JSON out, no database.

A case that cannot be read ends with exit status 2 and one line on standard error that names
the key and what is wrong with it; nothing is written to standard output then.
"""

import io
import json
import math
import re
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, ClassVar, Generic, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError
from pydantic_core import to_jsonable_python

from election_admin.rulebooks.loading import RulebookError, UnknownRulebook

S = TypeVar("S")


def _iso(value: object) -> date:
    if not (isinstance(value, str) and _ISO.fullmatch(value)):
        raise ValueError("must be a date like 2026-12-20")
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"there is no day {value}") from error


_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
Day = Annotated[date, BeforeValidator(_iso)]
"""A date in a case: an ISO text and nothing else (pydantic alone would take a timestamp)."""

Whole = Annotated[int, Field(ge=0, le=1_000_000_000)]
"""A count of people or ballots."""

_UNREADABLE = 2
_FAULTS_TOLD = 5
_DEEPEST = 100
_LONGEST = 20
_PLAIN = {
    "missing": "is missing",
    "unexpected_keyword_argument": "is not a known key",
    "extra_forbidden": "is not a known key",
    "int_type": "must be a whole number",
    "bool_type": "must be true or false",
    "string_type": "must be a text",
    "dataclass_type": "must be an object",
    "model_type": "must be an object",
    "dict_type": "must be an object",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
}


class CaseError(Exception):
    """A case that cannot be answered: the key at fault and what is wrong with it."""

    def __init__(self, key: str, message: str) -> None:
        self.key = key
        self.message = message
        super().__init__(f"{key}: {message}" if key else message)


class CaseCommand(BaseCommand, Generic[S]):
    """Reads one case or a list of cases and prints the answer or the list of answers.

    A subclass gives ``shape`` (a pydantic dataclass or model; it is validated strictly, dates
    as ISO texts) and ``answer``. ``rulebook_key`` is the case's key that names a rulebook.
    """

    shape: ClassVar[Any]
    rulebook_key: ClassVar[str] = "rulebook"
    requires_system_checks = ()

    def answer(self, case: S) -> object:
        """The answer to one case: anything made of dataclasses, mappings, lists and dates."""
        raise NotImplementedError

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "files",
            # argparse would answer a second one with a block of usage: it is refused here, in one line.
            nargs="*",
            metavar="file",
            help="a JSON file with one case or a list of cases; standard input if left out",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answers = self._answers(_parsed(_content(_file(options["files"]))))
        except CaseError as error:
            raise CommandError(_one_line(str(error)), returncode=_UNREADABLE) from error
        except RulebookError as error:
            raise CommandError(_one_line(str(error))) from error
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")
        self.stdout.write(json.dumps(answers, ensure_ascii=False, allow_nan=False, indent=2))

    def _answers(self, data: object) -> object:
        if isinstance(data, list):
            return [self._answered(case, f"[{index}]") for index, case in enumerate(data)]
        return self._answered(data, "")

    def _answered(self, data: object, place: str) -> object:
        try:
            return to_jsonable_python(self.answer(self._read(data)), fallback=dict)
        except CaseError as error:
            raise CaseError(_joined(place, error.key), error.message) from error
        except UnknownRulebook as error:
            raise CaseError(_joined(place, self.rulebook_key), str(error)) from error

    def _read(self, data: object) -> S:
        if not isinstance(data, dict):
            raise CaseError("case", "must be a JSON object")
        adapter: TypeAdapter[S] = TypeAdapter(self.shape)
        try:
            # Through JSON again: only there does strictness accept ISO dates and lists for tuples.
            return adapter.validate_json(json.dumps(data), strict=True)
        except ValidationError as error:
            faults = [
                (_key(data, fault["loc"], fault["type"]), _message(fault["type"], fault["msg"]))
                for fault in error.errors(include_url=False, include_input=False)
            ]
        key, message = faults[0]
        others = [f"{k}: {m}" if k else m for k, m in faults[1:_FAULTS_TOLD]]
        raise CaseError(key or "case", "; ".join([message, *others]))


def _file(files: list[str]) -> str:
    if len(files) > 1:
        raise CaseError("file", f"must be one file or none, not {len(files)}")
    return files[0] if files else "-"


def _content(file: str) -> bytes:
    try:
        if file == "-":
            if sys.stdin is None:  # closed by the shell, as <&- does
                raise CaseError("file", "cannot be read: standard input is closed")
            stream = getattr(sys.stdin, "buffer", None)
            return stream.read() if stream else sys.stdin.read().encode()
        return Path(file).read_bytes()
    except (OSError, ValueError) as error:
        raise CaseError("file", f"cannot be read: {error}") from error


def _parsed(content: bytes) -> object:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CaseError("input", f"is not UTF-8 at byte {error.start}") from error
    try:
        data = json.loads(text, object_pairs_hook=_unambiguous, parse_constant=float, parse_int=_number)
    except json.JSONDecodeError as error:
        what = f"is not JSON: {error.msg} at line {error.lineno} column {error.colno}"
        raise CaseError("input", what) from error
    except RecursionError as error:
        raise CaseError("input", "is nested too deeply") from error
    _refuse_oddities(data)
    return data


class _Repeated(dict[str, object]):
    """An object in which a key stands twice; refused once its place is known."""

    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key


def _unambiguous(pairs: list[tuple[str, object]]) -> dict[str, object]:
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            return _Repeated(key)
        seen.add(key)
    return dict(pairs)


def _number(digits: str) -> int | float:
    # Longer ones cannot be anything an election counts, and slow every sum down.
    return int(digits) if len(digits) <= _LONGEST else math.inf


def _refuse_oddities(data: object) -> None:
    """Refuse, naming the place, what JSON lets through and no case can mean."""
    level = [("", data)]
    for _ in range(_DEEPEST):
        for place, whole in level:
            if isinstance(whole, _Repeated):
                raise CaseError(_joined(place, whole.key), "is given twice")
            if isinstance(whole, float) and not math.isfinite(whole):
                raise CaseError(place, "is not a number that can be used")
        level = [part for place, whole in level for part in _parts(place, whole)]
        if not level:
            return
    raise CaseError("input", "is nested too deeply")


def _parts(place: str, whole: object) -> Iterator[tuple[str, object]]:
    if isinstance(whole, dict):
        for key, value in whole.items():
            yield _joined(place, key), value
    elif isinstance(whole, list):
        for index, value in enumerate(whole):
            yield f"{place}[{index}]", value


def _key(data: object, location: tuple[str | int, ...], kind: str) -> str:
    """pydantic's location as a path in the case, without its names for branches of a union."""
    path = ""
    for position, part in enumerate(location):
        if isinstance(data, dict) and part in data:
            data, path = data[part], _joined(path, str(part))
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data, path = data[part], f"{path}[{part}]"
        elif kind == "missing" and position == len(location) - 1:
            path = _joined(path, str(part))
    return path


def _joined(place: str, key: str) -> str:
    return f"{place}.{key}" if place and key and not key.startswith("[") else place + key


def _message(kind: str, message: str) -> str:
    if kind == "json_invalid":  # what json.loads took and Unicode forbids: half a character
        return "holds a text that is not Unicode"
    return _PLAIN.get(kind, message.removeprefix("Value error, "))


def _one_line(message: str) -> str:
    """No line breaks or control characters: the line may quote what somebody else wrote."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in message)
