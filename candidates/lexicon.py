"""The words of judgements by one list: what is shown, and what is kept so that it can be shown again.

A lexicon is plain data, in one language. The page of a judgement takes every word from it, so it
reads the same whether the words are today's or were stored when somebody was judged.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.dateformat import format as format_date
from django.utils.formats import get_format
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _

from candidates.law import law_of
from candidates.phrases import (
    CONDITION_STATES,
    CONDITIONS,
    EVENTS,
    FACTS,
    MONTHS_IN_A_YEAR,
    SENTENCES,
    STATES,
    STATUSES,
    VERDICTS,
    citation,
    duration,
    words,
)
from candidates.rules.reasons import Reason
from election_admin.rulebooks.departments import load_departments
from election_admin.rulebooks.eligibility_lists import (
    EligibilityList,
    eligibility_list_ids,
    load_eligibility_list,
)

Words = Mapping[str, Any]


@dataclass(frozen=True)
class Lexicon:
    """The words of one list, in one language. ``words``: as `words_of` wrote them."""

    words: Words

    def sentence(self, reason: Reason) -> str:
        """A reason, then what it rests on."""
        sentence = self._phrase("sentences", reason.code) % self._values(reason)
        citations = self._grounds(reason)
        if not citations:
            return sentence
        return self._pattern("with_citations") % {
            "sentence": sentence,
            "citations": self.listed(citations),
        }

    def sentences(self, reasons: Iterable[Mapping[str, object]]) -> tuple[str, ...]:
        """Reasons as a snapshot keeps them, each in a sentence."""
        return tuple(self.sentence(Reason.from_json(each)) for each in reasons)

    def listed(self, parts: Iterable[str]) -> str:
        """The parts as a list in a sentence."""
        return self._pattern("between").join(parts)

    def day(self, day: date | None) -> str:
        """A day as a sentence writes it."""
        if day is None:
            return ""
        # Names of months are the language's, whatever the reader's is.
        with override(self.words["language"]):
            return format_date(day, self._pattern("date"))

    def department(self, code: str) -> str:
        """A department's name."""
        return self._phrase("departments", code)

    def situation(self, code: str) -> Words | None:
        """The words of a situation, None if the list had none of that code."""
        found: Words | None = self.words["situations"].get(code)
        return found

    def finding_title(self, code: str) -> str:
        """What a finding is about; its code where the list has no words for it."""
        situation = self.situation(code)
        if situation is not None:
            return str(situation["title"])
        unsuitable = self.words["unsuitable"].get(code)
        return str(unsuitable["sentence"]) if unsuitable else code

    def outside(self, kept: Mapping[str, Any]) -> str:
        """What is said of a finding that the list has no situation for: it stays, and counts no more."""
        code = kept["details"]["situation"]
        title = kept["titles"].get(self.words["language"], code)
        return self._pattern("outside") % {"title": title}

    def sanction(self, code: str) -> str:
        """A Party sanction's name; its code where the list has no words for it."""
        found = self.words["sanctions"].get(code)
        return str(found["title"]) if found else code

    def fact(self, name: str) -> str:
        """What a fact is called."""
        return self._phrase("facts", name)

    def title(self, of: str, code: str) -> str:
        """The word for a verdict, state, status or condition: ``of`` names which."""
        return self._phrase(of, code)

    def _phrase(self, group: str, code: str) -> str:
        return str(self.words[group].get(code, code))

    def _pattern(self, name: str) -> str:
        return str(self.words["patterns"][name])

    def _values(self, reason: Reason) -> dict[str, object]:
        """Everything a sentence may name; one names only what its reason has."""
        sanction = self.sanction(reason.sanction) if reason.sanction else ""
        months = reason.months or 0
        return {
            "day": self.day(reason.on),
            "since": self.day(reason.since),
            "until": self.day(reason.until),
            "term": self.words["durations"].get(str(months), str(months)),
            "years": months // MONTHS_IN_A_YEAR,
            "event": str(self.words["events"].get(reason.fact, "")) % {"sanction": sanction},
            "fact": self.fact(reason.fact),
            "sanction": sanction,
            "departments": self.listed(self.department(each) for each in reason.departments),
            "unsuitable": self.finding_title(reason.situation)
            if reason.code.startswith("unsuitable_")
            else "",
        }

    def _grounds(self, reason: Reason) -> list[str]:
        """What a reason rests on: the situation's item, the sanction's article, the statute's."""
        cited = self.words["cited"]
        if reason.code.startswith("unsuitable_"):
            found = self.words["unsuitable"].get(reason.situation)
            return [found["cited"]] if found else []
        if reason.code in ("under_18", "deprived_of_political_rights", "not_registered"):
            return [cited["voting_age"]]
        if reason.code == "replies_missing":
            return [cited["departments"]]
        situation = self.situation(reason.situation)
        if situation is None:
            return []
        grounds = [situation["cited"]]
        sanction = self.words["sanctions"].get(reason.sanction)
        if sanction and sanction["source"] != situation["source"]:
            grounds.append(sanction["cited"])
        return grounds


def lexicon_for(source: EligibilityList) -> Lexicon:
    """Today's words of a list, in the reader's language."""
    language = get_language() or settings.LANGUAGE_CODE
    # Its own rulebook file is read once, and so are its words; a copy of it is put in words each time.
    if load_eligibility_list(source.id) is source:
        return Lexicon(_words_in(source.id, language))
    return Lexicon(words_of(source))


def stored_lexicon(stored: Mapping[str, Words]) -> Lexicon:
    """Words as they were kept, in the reader's language; in Chinese where they were not kept in it."""
    language = get_language() or settings.LANGUAGE_CODE
    return Lexicon(stored.get(language) or stored[settings.LANGUAGE_CODE])


@cache
def basis_texts(list_id: str) -> tuple[str, dict[str, Any]]:
    """What judgements by a list are made by and told in, and its digest: law, and words by language."""
    source = load_eligibility_list(list_id)
    texts = {
        "law": law_of(source).as_json(),
        "words": {code: _words_in(list_id, code) for code, _name in settings.LANGUAGES},
    }
    canonical = json.dumps(texts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest(), json.loads(json.dumps(texts))


@cache
def titles_of_finding(code: str) -> dict[str, str]:
    """What a finding is about, by language, in the words of the first list that has it."""
    holder = next(
        (one for one in eligibility_list_ids() if law_of(load_eligibility_list(one)).names(code)),
        None,
    )
    if holder is None:
        return {}
    return {
        language: Lexicon(_words_in(holder, language)).finding_title(code)
        for language, _name in settings.LANGUAGES
    }


@cache
def _words_in(list_id: str, language: str) -> Words:
    with override(language):
        return words_of(load_eligibility_list(list_id))


def words_of(source: EligibilityList) -> dict[str, Any]:
    """Every word a judgement by this list can need, in the language that is active, as plain values."""
    return {
        "language": get_language() or settings.LANGUAGE_CODE,
        "list": _list_words(source),
        "cited": {
            "effect": citation(source.effect_source, source=source),
            "voting_age": citation(source.voting_age.source, source=source),
            "departments": citation(source.departments.source, source=source),
        },
        "order": [each.code for each in source.situations],
        "situations": {
            each.code: {
                "item": each.item,
                "title": words(each.title),
                "numbered": _("第%(item)d项　%(title)s") % {"item": each.item, "title": words(each.title)},
                "sentence": words(each.sentence),
                "note": words(each.note) if each.note else "",
                "cited": citation(each.source, each.item, source=source),
                "source": [each.source.document, str(each.source.article)],
            }
            for each in source.situations
        },
        "sanctions": {
            each.code: {
                "title": words(each.title),
                "cited": citation(each.source, source=source),
                "source": [each.source.document, str(each.source.article)],
            }
            for each in source.sanctions
        },
        "unsuitable": {
            each.code: {
                "sentence": words(each.sentence),
                "cited": citation(each.source, source=source),
            }
            for each in source.unsuitable
        },
        "departments": {each.code: words(each.title) for each in load_departments()},
        "asked": list(source.departments.value),
        "durations": {str(months): duration(months) for months in _durations(source)},
        **_phrases(source),
    }


def _list_words(source: EligibilityList) -> dict[str, Any]:
    return {
        "id": source.id,
        "title": words(source.title),
        "year": str(source.year),
        "verified": source.verified,
        "effect": words(source.effect),
        "documents": [words(each) for each in source.documents.values()],
        "notes": [words(each) for each in source.notes],
    }


def _phrases(source: EligibilityList) -> dict[str, Any]:
    return {
        "sentences": _plain(SENTENCES),
        "events": _plain(EVENTS),
        "facts": _plain(FACTS),
        "verdicts": _plain(VERDICTS),
        "states": _plain(STATES),
        "statuses": _plain(STATUSES),
        "condition_states": _plain(CONDITION_STATES),
        "conditions": {
            bar: str(title) % {"age": source.voting_age.value} for bar, _fact, title in CONDITIONS
        },
        "patterns": {
            "outside": _("认定材料“%(title)s”：现行清单没有这一情形，保留记录，不再计入认定。"),
            "with_citations": _("%(sentence)s依据：%(citations)s。"),
            "between": pgettext("between the parts of a list", "、"),
            "date": get_format("DATE_FORMAT"),
        },
    }


def _plain(phrases: Mapping[Any, Any]) -> dict[str, str]:
    return {str(code): str(phrase) for code, phrase in phrases.items()}


def _durations(source: EligibilityList) -> Sequence[int]:
    terms = {each.term.years * MONTHS_IN_A_YEAR for each in source.situations if each.term}
    sanctions = {each.months for each in source.sanctions if each.months}
    return sorted({0, source.voting_age.value * MONTHS_IN_A_YEAR, *terms, *sanctions})
