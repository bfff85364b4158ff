"""Judgements in sentences, each with the article it rests on; and what a form says of its faults."""

from django.utils.translation import gettext as _

from candidates.lexicon import lexicon_for
from candidates.phrases import (
    FACTS,
    FAULTS,
    STATES,
    STATUSES,
    VERDICTS,
    citation,
    duration,
    words,
)
from candidates.rules.facts import Fault
from candidates.rules.reasons import Reason
from election_admin.rulebooks.eligibility_lists import EligibilityList

__all__ = [
    "FACTS",
    "STATES",
    "STATUSES",
    "VERDICTS",
    "citation",
    "duration",
    "fault_sentence",
    "reason_sentence",
    "situation_sentence",
    "words",
]


def reason_sentence(reason: Reason, *, source: EligibilityList) -> str:
    """The reason in the reader's language, then what it rests on.

    "2021年12月20日刑满释放，至2026年12月20日满5年，选举日2026年12月20日已满5年，不再适用。
    依据：…第16条第1项。"
    """
    return lexicon_for(source).sentence(reason)


def situation_sentence(code: str, *, source: EligibilityList) -> str:
    """The situation in the words of its document, with its number and where it stands."""
    situation = source.situation(code)
    return _("%(sentence)s依据：%(citations)s。") % {
        "sentence": words(situation.sentence),
        "citations": citation(situation.source, situation.item, source=source),
    }


def fault_sentence(fault: Fault) -> str:
    """What a form says beside a field whose value cannot be read."""
    return str(FAULTS[fault.code]) % {"other": FACTS.get(fault.other, fault.other)}
