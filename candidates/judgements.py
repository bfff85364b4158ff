"""An assessment as a page shows it: in sentences, and without anything personal while it is masked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from candidates.models import Assessment, Finding
from candidates.rules.eligibility import State
from candidates.rules.facts import DATE_FACTS, Status
from candidates.rules.reasons import Reason
from candidates.wording import FACTS, STATES, STATUSES, reason_sentence, words
from election_admin.rulebooks.departments import department
from election_admin.rulebooks.eligibility_lists import EligibilityList, load_eligibility_list

# The conditions of the statute (组织法第13条): the bar that breaks each, the fact it needs, its words.
_CONDITIONS: tuple[tuple[str, str, Promise], ...] = (
    ("under_18", "born", _lazy("选举日年满%(age)d周岁")),
    ("deprived_of_political_rights", "deprived_of_political_rights", _lazy("未被依法剥夺政治权利")),
    ("not_registered", "registered_voter", _lazy("是本村登记选民")),
)
_CONDITION_STATES: dict[State, Promise] = {
    State.HOLDS: _lazy("不符合"),
    State.CLEAR: _lazy("符合"),
    State.NOT_ESTABLISHED: _lazy("尚未查清"),
}


@dataclass(frozen=True)
class ShownPart:
    """One situation or condition: what it is, its state, why and until when."""

    title: str
    sentence: str
    note: str
    state: str
    state_title: str
    reasons: tuple[str, ...]
    until: date | None


@dataclass(frozen=True)
class ShownList:
    """The eligibility list: what it is called, since when, what it says, and what to mind."""

    title: str
    year: str
    verified: bool
    effect: str
    documents: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True)
class ShownJudgement:
    """One assessment. ``masked``: only the verdict and who is silent; the rest is left out, not hidden.

    The state of a situation is what was found about a person: it is masked with its reasons.
    """

    assessment: Assessment
    list: ShownList
    conditions: tuple[ShownPart, ...]
    situations: tuple[ShownPart, ...]
    missing: tuple[str, ...]
    warnings: tuple[str, ...]
    masked: bool


@dataclass(frozen=True)
class ShownFinding:
    """One finding with its facts under their names."""

    finding: Finding
    title: str
    status_title: str
    facts: tuple[tuple[str, Any], ...]
    source: str
    remark: str


def shown_judgement(assessment: Assessment, *, masked: bool) -> ShownJudgement:
    """Return the assessment in sentences of its own list; little but the verdict while masked."""
    source = load_eligibility_list(assessment.eligibility_list)
    answer = assessment.snapshot["answer"]
    return ShownJudgement(
        assessment=assessment,
        list=shown_list(source),
        conditions=() if masked else tuple(_conditions(answer, source)),
        situations=() if masked else tuple(_situations(answer, source)),
        missing=tuple(
            department_title(code) for code in source.departments.value if code in answer["missing_replies"]
        ),
        warnings=() if masked else _sentences(answer["warnings"], source),
        masked=masked,
    )


def shown_list(source: EligibilityList) -> ShownList:
    """Return what is to be known of a list before its judgement is trusted."""
    return ShownList(
        title=words(source.title),
        year=str(source.year),
        verified=source.verified,
        effect=words(source.effect),
        documents=tuple(words(each) for each in source.documents.values()),
        notes=tuple(words(each) for each in source.notes),
    )


def shown_findings(findings: Iterable[Finding], source: EligibilityList) -> list[ShownFinding]:
    """Return findings in words. Only for somebody whose look is open."""
    return [_shown_finding(each, source) for each in findings]


def finding_title(code: str, source: EligibilityList) -> str:
    """What a finding is about: a situation of the list or an unsuitable fact."""
    if any(each.code == code for each in source.unsuitable):
        return words(source.unsuitable_fact(code).sentence)
    return words(source.situation(code).title)


def department_title(code: str) -> str:
    """The department's name in the reader's language."""
    return words(department(code).title)


def _shown_finding(finding: Finding, source: EligibilityList) -> ShownFinding:
    details: Mapping[str, Any] = finding.details
    facts: list[tuple[str, Any]] = []
    if details.get("sanction"):
        facts.append((str(FACTS["sanction"]), words(source.sanction(details["sanction"]).title)))
    facts += [
        (str(FACTS[name]), date.fromisoformat(details[name])) for name in DATE_FACTS if details.get(name)
    ]
    return ShownFinding(
        finding=finding,
        title=finding_title(details["situation"], source),
        status_title=str(STATUSES[Status(details["status"])]),
        facts=tuple(facts),
        source=details.get("source", ""),
        remark=details.get("remark", ""),
    )


def _conditions(answer: Mapping[str, Any], source: EligibilityList) -> Iterable[ShownPart]:
    for bar, fact, title in _CONDITIONS:
        state = State.CLEAR
        if bar in answer["bars"]:
            state = State.HOLDS
        elif fact in answer["not_known"]:
            state = State.NOT_ESTABLISHED
        why = [
            each
            for each in answer["reasons"]
            if each["code"] == bar or (each["code"] == "fact_not_known" and each.get("fact") == fact)
        ]
        yield ShownPart(
            title=str(title) % {"age": source.voting_age.value},
            sentence="",
            note="",
            state=state.value,
            state_title=str(_CONDITION_STATES[state]),
            reasons=_sentences(why, source),
            until=None,
        )


def _situations(answer: Mapping[str, Any], source: EligibilityList) -> Iterable[ShownPart]:
    for situation in source.situations:
        judged = answer["situations"].get(situation.code)
        if judged is None:
            continue
        state = State(judged["state"])
        yield ShownPart(
            title=_("第%(item)d项　%(title)s") % {"item": situation.item, "title": words(situation.title)},
            sentence=words(situation.sentence),
            note=words(situation.note) if situation.note else "",
            state=state.value,
            state_title=str(STATES[state]),
            reasons=_sentences(judged["reasons"], source),
            until=date.fromisoformat(judged["until"]) if judged["until"] else None,
        )


def _sentences(reasons: Iterable[Mapping[str, object]], source: EligibilityList) -> tuple[str, ...]:
    return tuple(reason_sentence(Reason.from_json(each), source=source) for each in reasons)
