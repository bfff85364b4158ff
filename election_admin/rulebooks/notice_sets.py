"""Notice sets (`notices/*.yaml`): the statutory notices 公告 of an election and their numbers.

Offices number them differently from one election to the next, so the numbers, whom a notice
lists and what an office fills in by hand are data. What a notice says stands in its template.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field as Limits
from pydantic import StringConstraints
from pydantic.dataclasses import dataclass

from .loading import Fault, find, known_ids, read
from .procedures import CommitteeMode, Occasion, Procedure, load_procedure
from .values import STRICT, Code, FrozenMap, RulebookId, Source, Text

_DIRECTORY = Path(__file__).with_name("notices")
_INHERITED = {"notices": 2}
# Its steps are those every province has, its documents those every rulebook cites.
_NATIONAL = "national-2018"

Number = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]?(-[1-9])?$")]
Kind = Literal["text", "lines", "date", "time", "number"]
Signer = Literal["election_committee", "villagers_committee", "township"]
Listed = Literal["election_committee", "voters", "nominees", "final_candidates", "replacements"]
Order = Literal["candidate_order", "self_nominee_order"]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Field:
    """A fact that no record of the office holds, to be typed in or written on the paper."""

    code: Code
    label: Text
    kind: Kind
    help: Text | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class People:
    """Whom a notice lists from the office's records, and what says in which order.

    ``order``: for each mode the parameter of the rulebook that orders them; without one they
    stand as they were voted or registered.
    """

    who: Listed
    order: FrozenMap[CommitteeMode, Order] | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Notice:
    """One notice of a set.

    ``number`` null: the set gives it none, and the paper has a blank. ``titles``: what it is called
    in modes in which its title does not fit, such as where nobody is a candidate. ``after``: the notice it
    stands behind in lists, where a set adds one between others. ``step``: what is done by posting
    it. ``repeats``: it may be issued more than once as it is, without correcting an earlier one.
    """

    number: Number | None
    title: Text
    titles: FrozenMap[CommitteeMode, Text] | None = None
    source: Source
    after: Code | None = None
    step: Code | None = None
    signer: Signer = "election_committee"
    occasions: Annotated[tuple[Occasion, ...], Limits(min_length=1)] = ("general", "new")
    people: People | None = None
    repeats: bool = False
    fields: tuple[Field, ...] = ()

    def title_in(self, mode: str) -> Text:
        """What it is called in an election of this mode."""
        own = {str(each): title for each, title in (self.titles or {}).items()}
        return own.get(mode, self.title)


@dataclass(frozen=True, kw_only=True, config=STRICT)
class NoticeSet:
    """One set, under codes that stay the same whatever the numbers are."""

    id: RulebookId
    extends: RulebookId | None = None
    title: Text
    note: Text
    notices: FrozenMap[Code, Notice]

    @property
    def in_order(self) -> dict[str, Notice]:
        """The notices as they follow one another."""
        codes = [code for code, notice in self.notices.items() if notice.after is None]
        # Each behind its own; one of several behind the same stands behind the others.
        for code, notice in self.notices.items():
            if notice.after is not None:
                followers = [c for c in codes if self.notices[c].after == notice.after]
                codes.insert(codes.index(followers[-1] if followers else notice.after) + 1, code)
        return {code: self.notices[code] for code in codes}

    def for_occasion(self, occasion: str) -> dict[str, Notice]:
        """The notices of an election held on this occasion, in order."""
        return {code: one for code, one in self.in_order.items() if occasion in one.occasions}


def notice_set_ids() -> tuple[str, ...]:
    """The ids of all notice sets, sorted."""
    return known_ids(_DIRECTORY)


@cache
def load_notice_set(set_id: str) -> NoticeSet:
    """The set of that id; UnknownRulebook or RulebookError if there is none."""
    return read_notice_set(find(_DIRECTORY, set_id))


def read_notice_set(path: Path) -> NoticeSet:
    """A set from a file, with what it extends from the same directory."""
    return read(path, NoticeSet, inherited=_INHERITED, check=set_faults)


def set_faults(value: NoticeSet) -> Iterator[Fault]:
    """What is wrong between the notices of a set, each of which is well formed by itself."""
    law = load_procedure(_NATIONAL)
    taken: dict[str, str] = {}
    before: set[str] = set()
    for code, notice in value.notices.items():
        if notice.number is not None and notice.number in taken:
            what = f"{notice.number} is the number of {taken[notice.number]} already"
            yield Fault(("notices", code, "number"), what)
        elif notice.number is not None:
            taken[notice.number] = code
        if notice.after is not None and notice.after not in before:
            yield Fault(("notices", code, "after"), f"there is no notice {notice.after} before this one")
        before.add(code)
        yield from _notice_faults(code, notice, law)


def _notice_faults(code: str, notice: Notice, law: Procedure) -> Iterator[Fault]:
    if notice.step is not None and notice.step not in law.general.steps:
        yield Fault(("notices", code, "step"), f"there is no step {notice.step}")
    if notice.source.document not in law.documents:
        where = ("notices", code, "source", "document")
        yield Fault(where, f"{notice.source.document} is not among the documents of {law.id}")
    seen: set[str] = set()
    for index, field in enumerate(notice.fields):
        if field.code in seen:
            yield Fault(("notices", code, "fields", index, "code"), f"{field.code} is given twice")
        seen.add(field.code)
