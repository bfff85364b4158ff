"""An assessment as a page shows it: in sentences, and without anything personal while it is masked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from candidates.law import law_of
from candidates.lexicon import Lexicon, lexicon_for, stored_lexicon
from candidates.models import Assessment, DepartmentReply, Finding
from candidates.phrases import CONDITIONS, words
from candidates.rules.eligibility import State
from candidates.rules.facts import DATE_FACTS
from election_admin.rulebooks.departments import department
from election_admin.rulebooks.eligibility_lists import (
    EligibilityList,
    Situation,
    eligibility_list_ids,
    load_eligibility_list,
)


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
    # Whether it counts by the term's list; a list that was changed may not have its situation.
    counts: bool = True


def shown_judgement(assessment: Assessment, *, masked: bool) -> ShownJudgement:
    """Return the assessment in the words of its own day; little but the verdict while masked."""
    lexicon = lexicon_of(assessment)
    snapshot = assessment.snapshot
    answer = snapshot["answer"]
    return ShownJudgement(
        assessment=assessment,
        list=_shown_list(lexicon),
        conditions=() if masked else tuple(_conditions(answer, lexicon)),
        situations=() if masked else tuple(_situations(answer, lexicon)),
        missing=tuple(
            lexicon.department(code) for code in lexicon.words["asked"] if code in answer["missing_replies"]
        ),
        warnings=()
        if masked
        else (
            *lexicon.sentences(answer["warnings"]),
            *map(lexicon.outside, snapshot["case"].get("outside", ())),
        ),
        masked=masked,
    )


def lexicon_of(assessment: Assessment) -> Lexicon:
    """The words in which an assessment was made: those kept with it, else its list's of today."""
    if assessment.basis is not None:
        return stored_lexicon(assessment.basis.texts["words"])
    return lexicon_for(load_eligibility_list(assessment.eligibility_list))


def shown_list(source: EligibilityList) -> ShownList:
    """Return what is to be known of a list before its judgement is trusted."""
    return _shown_list(lexicon_for(source))


def _shown_list(lexicon: Lexicon) -> ShownList:
    plain = lexicon.words["list"]
    return ShownList(
        title=plain["title"],
        year=plain["year"],
        verified=plain["verified"],
        effect=plain["effect"],
        documents=tuple(plain["documents"]),
        notes=tuple(plain["notes"]),
    )


def situation_notes(source: EligibilityList) -> tuple[tuple[str, str], ...]:
    """Return what is to be minded of single situations, each under its title: shown where one is chosen."""
    return tuple(
        (_situation_title(each), words(each.note)) for each in source.situations if each.note is not None
    )


def shown_findings(findings: Iterable[Finding], source: EligibilityList) -> list[ShownFinding]:
    """Return findings in words. Only for somebody whose look is open."""
    return [_shown_finding(each, source) for each in findings]


def finding_title(code: str, source: EligibilityList) -> str:
    """What a finding is about: a situation or unsuitable fact of the list, or of the one it was made by.

    A county may change its list: what was recorded by the old one stays on record under its name.
    """
    return _holder(code, source).finding_title(code)


def about_titles(situations: Iterable[str], source: EligibilityList) -> list[str]:
    """What a department's record is about, in words. Only for somebody whose look is open."""
    return [
        _("不属于清单所列情形") if code == DepartmentReply.OUTSIDE else finding_title(code, source)
        for code in situations
    ]


def counts_by(code: str, source: EligibilityList) -> bool:
    """Whether a finding of that code counts by this list, or stays on record only."""
    return law_of(source).names(code)


def _holder(code: str, source: EligibilityList) -> Lexicon:
    """The words of the list itself, or of the first other one that has the code."""
    if not counts_by(code, source):
        for other in map(load_eligibility_list, eligibility_list_ids()):
            if counts_by(code, other):
                return lexicon_for(other)
    return lexicon_for(source)


def unjudged_conditions(source: EligibilityList) -> tuple[ShownPart, ...]:
    """Return the conditions of the statute for a paper on which nothing is judged yet."""
    lexicon = lexicon_for(source)
    return tuple(_unjudged(lexicon.title("conditions", bar)) for bar, _fact, _title in CONDITIONS)


def unjudged_situations(source: EligibilityList) -> tuple[ShownPart, ...]:
    """Return the situations of a list for a paper on which nothing is judged yet."""
    return tuple(
        _unjudged(_situation_title(each), words(each.sentence), words(each.note) if each.note else "")
        for each in source.situations
    )


def _unjudged(title: str, sentence: str = "", note: str = "") -> ShownPart:
    return ShownPart(
        title=title, sentence=sentence, note=note, state="", state_title="", reasons=(), until=None
    )


def _situation_title(situation: Situation) -> str:
    return _("第%(item)d项　%(title)s") % {"item": situation.item, "title": words(situation.title)}


def department_title(code: str) -> str:
    """The department's name in the reader's language."""
    return words(department(code).title)


def _shown_finding(finding: Finding, source: EligibilityList) -> ShownFinding:
    details: Mapping[str, Any] = finding.details
    code = details["situation"]
    lexicon = _holder(code, source)
    return ShownFinding(
        finding=finding,
        title=lexicon.finding_title(code),
        status_title=lexicon.title("statuses", details["status"]),
        facts=shown_facts(details, lexicon),
        source=details.get("source", ""),
        remark=details.get("remark", ""),
        counts=counts_by(code, source),
    )


def shown_facts(details: Mapping[str, Any], lexicon: Lexicon) -> tuple[tuple[str, Any], ...]:
    """The facts of a finding under their names: the sanction, then the dates."""
    facts: list[tuple[str, Any]] = []
    if details.get("sanction"):
        facts.append((lexicon.fact("sanction"), lexicon.sanction(details["sanction"])))
    facts += [
        (lexicon.fact(name), date.fromisoformat(details[name])) for name in DATE_FACTS if details.get(name)
    ]
    return tuple(facts)


def _conditions(answer: Mapping[str, Any], lexicon: Lexicon) -> Iterable[ShownPart]:
    for bar, fact, _title in CONDITIONS:
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
            title=lexicon.title("conditions", bar),
            sentence="",
            note="",
            state=state.value,
            state_title=lexicon.title("condition_states", state),
            reasons=lexicon.sentences(why),
            until=None,
        )


def _situations(answer: Mapping[str, Any], lexicon: Lexicon) -> Iterable[ShownPart]:
    for code in lexicon.words["order"]:
        plain, judged = lexicon.situation(code), answer["situations"].get(code)
        if plain is None or judged is None:
            continue
        yield ShownPart(
            title=plain["numbered"],
            sentence=plain["sentence"],
            note=plain["note"],
            state=judged["state"],
            state_title=lexicon.title("states", judged["state"]),
            reasons=lexicon.sentences(judged["reasons"]),
            until=date.fromisoformat(judged["until"]) if judged["until"] else None,
        )
