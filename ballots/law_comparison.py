"""Two rulebooks side by side: what each fixes, and where they are not the same."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ballots.law_pages import ENDS, limits_of
from ballots.parameters import parameter_rows
from election_admin.rulebooks.procedures import Course, Procedure
from election_admin.sentences import explained


@dataclass(frozen=True)
class Side:
    """What one rulebook says, and by which article; no words where it says nothing."""

    words: str
    source: str = ""


@dataclass(frozen=True)
class Pair:
    """One rule in both rulebooks."""

    label: str
    one: Side
    other: Side

    @property
    def differs(self) -> bool:
        """Whether the two say something else; citing another document for the same is no difference."""
        return self.one.words != self.other.words


@dataclass(frozen=True)
class Part:
    """The rules of one kind of election, or the parameters."""

    title: str
    pairs: tuple[Pair, ...]

    @property
    def differences(self) -> int:
        """How many of its rules differ."""
        return sum(pair.differs for pair in self.pairs)


def compare(one: Procedure, other: Procedure) -> tuple[Part, ...]:
    """Everything two rulebooks fix, in the order of an election."""
    parts = [Part(_("规定"), tuple(_parameters(one, other)))]
    left, right = one.all_courses(), other.all_courses()
    for code in [*left, *(code for code in right if code not in left)]:
        course = left.get(code) or right[code]
        pairs = tuple(_dated_rules(one, other, left.get(code), right.get(code)))
        parts.append(Part(course.title.in_(get_language() or ""), pairs))
    return tuple(part for part in parts if part.pairs)


def _parameters(one: Procedure, other: Procedure) -> Iterator[Pair]:
    for left, right in zip(parameter_rows(one), parameter_rows(other), strict=True):
        yield Pair(left.label, Side(left.value, left.source), Side(right.value, right.source))


def _dated_rules(
    one: Procedure, other: Procedure, left: Course | None, right: Course | None
) -> Iterator[Pair]:
    """Each end of each step that either rulebook dates."""
    titles = {
        code: step.title.in_(get_language() or "")
        for course in (right, left)
        if course is not None
        for code, step in course.steps.items()
    }
    order = [*(left.steps if left else ()), *(right.steps if right else ())]
    for code in dict.fromkeys(order):
        here, there = _ends(one, left, code), _ends(other, right, code)
        for end, label in ENDS.items():
            if end in here or end in there:
                yield Pair(
                    explained(titles[code], label),
                    here.get(end) or Side(_absence(left, code)),
                    there.get(end) or Side(_absence(right, code)),
                )


def _ends(procedure: Procedure, course: Course | None, code: str) -> dict[str, Side]:
    if course is None or code not in course.steps:
        return {}
    return {limit.end: Side(limit.words, limit.source) for limit in limits_of(procedure, course, code)}


def _absence(course: Course | None, code: str) -> str:
    if course is None:
        return _("没有这种选举的规定")
    return _("没有法定期限") if code in course.steps else _("没有这一步")
