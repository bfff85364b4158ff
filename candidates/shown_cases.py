"""What an assessment was made on, in words: for whoever says why they look."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy

from candidates.judgements import lexicon_of, shown_facts
from candidates.lexicon import Lexicon
from candidates.models import Assessment, DepartmentReply
from candidates.rules.facts import Reply

_KNOWN: dict[bool | None, Promise] = {True: _lazy("是"), False: _lazy("否"), None: _lazy("尚未查明")}


@dataclass(frozen=True)
class ShownFact:
    """One finding as it was counted, or left out of account."""

    title: str
    status_title: str
    facts: tuple[tuple[str, Any], ...]
    source: str
    remark: str
    counts: bool


@dataclass(frozen=True)
class ShownReply:
    """What one department had answered, empty if nothing, and what its record was about."""

    title: str
    answer: str
    about: str


@dataclass(frozen=True)
class ShownCase:
    """The person's facts under their names, the findings and the replies, as they were then."""

    person: tuple[tuple[str, Any], ...]
    findings: tuple[ShownFact, ...]
    replies: tuple[ShownReply, ...]


def shown_case(assessment: Assessment) -> ShownCase:
    """Return what an assessment was made on. Only for somebody whose look is open."""
    lexicon, case = lexicon_of(assessment), assessment.snapshot["case"]
    person = case["person"]
    return ShownCase(
        person=(
            (lexicon.fact("born"), date.fromisoformat(str(person["born"]))),
            *(
                (lexicon.fact(name), str(_KNOWN[person.get(name)]))
                for name in ("registered_voter", "deprived_of_political_rights")
            ),
        ),
        findings=(
            *(_finding(details, lexicon, counts=True) for details in case["findings"]),
            *(_finding(kept["details"], lexicon, kept["titles"]) for kept in case.get("outside", ())),
        ),
        replies=tuple(_replies(case, lexicon)),
    )


def _finding(
    details: dict[str, Any],
    lexicon: Lexicon,
    titles: dict[str, str] | None = None,
    *,
    counts: bool = False,
) -> ShownFact:
    code = details["situation"]
    return ShownFact(
        title=(titles or {}).get(lexicon.words["language"]) or lexicon.finding_title(code),
        status_title=lexicon.title("statuses", details["status"]),
        facts=shown_facts(details, lexicon),
        source=details.get("source", ""),
        remark=details.get("remark", ""),
        counts=counts,
    )


def _replies(case: dict[str, Any], lexicon: Lexicon) -> list[ShownReply]:
    """The departments the list asks, in its order; then whoever else had answered."""
    given = case["replies"]
    codes = [*lexicon.words["asked"], *sorted(set(given) - set(lexicon.words["asked"]))]
    rows = []
    for code in codes:
        answer = given.get(code)
        named = case["concerning"].get(code, ()) if answer == Reply.RECORD else ()
        rows.append(
            ShownReply(
                title=lexicon.department(code),
                answer=str(DepartmentReply.Answer(answer).label) if answer else "",
                about=lexicon.listed(
                    lexicon.finding_title(each) for each in named if each != DepartmentReply.OUTSIDE
                ),
            )
        )
    return rows
