"""Judging again what was judged once, on what was kept of it: nothing of today goes in but the rules."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from candidates.actions.judging import facts_of_finding
from candidates.judgements import lexicon_of
from candidates.law import eligibility_law
from candidates.lexicon import Lexicon
from candidates.models import Assessment
from candidates.rules import facts
from candidates.rules.eligibility import assess
from candidates.rules.eligibility_law import EligibilityLaw
from election_admin.rulebooks.loading import UnknownRulebook


@dataclass(frozen=True)
class Recomputed:
    """What the rules of today say of a case as it was kept.

    ``same``: the very answer that was kept, reasons and all. ``differences`` are sentences; they
    name situations, so they are for an open look. ``list_changed``: today's list says otherwise
    than it did, which changes nothing of what was decided by it.
    """

    verdict: str
    same: bool
    differences: tuple[str, ...]
    list_changed: bool


def recompute(assessment: Assessment) -> Recomputed:
    """Judge the case of a snapshot again, by the law that was kept with it."""
    law = _law_of(assessment)
    case, kept = assessment.snapshot["case"], assessment.snapshot["answer"]
    judgement = assess(
        law=law,
        election_day=assessment.election_day,
        person=_person(case["person"]),
        findings=[facts_of_finding(details) for details in case["findings"]],
        replies={code: facts.Reply(answer) for code, answer in case["replies"].items()},
        concerning=case["concerning"],
    )
    # As a snapshot is: what went through JSON.
    answer = json.loads(json.dumps(judgement.as_json()))
    return Recomputed(
        verdict=judgement.verdict.value,
        same=answer == kept,
        differences=tuple(_differences(kept, answer, lexicon_of(assessment))),
        list_changed=not _as_today(assessment.eligibility_list, law),
    )


def _law_of(assessment: Assessment) -> EligibilityLaw:
    if assessment.basis is not None:
        return EligibilityLaw.from_json(assessment.basis.texts["law"])
    return eligibility_law(assessment.eligibility_list)


def _as_today(list_id: str, law: EligibilityLaw) -> bool:
    try:
        return eligibility_law(list_id) == law
    except UnknownRulebook:
        return False


def _person(person: Mapping[str, Any]) -> facts.Person:
    return facts.Person(
        born=date.fromisoformat(str(person["born"])),
        registered_voter=person.get("registered_voter"),
        deprived_of_political_rights=person.get("deprived_of_political_rights"),
    )


def _differences(kept: Mapping[str, Any], answer: Mapping[str, Any], lexicon: Lexicon) -> Iterator[str]:
    """Name what is not the same, as a person would look for it."""
    if kept["verdict"] != answer["verdict"]:
        yield _("结论：当时为“%(was)s”，现在算得“%(now)s”。") % {
            "was": lexicon.title("verdicts", kept["verdict"]),
            "now": lexicon.title("verdicts", answer["verdict"]),
        }
    for code in lexicon.words["order"]:
        was, now = kept["situations"].get(code), answer["situations"].get(code)
        if was is None or now is None or was == now:
            continue
        yield _("%(title)s：当时为“%(was)s”，现在算得“%(now)s”，理由或者日期不同。") % {
            "title": lexicon.finding_title(code),
            "was": lexicon.title("states", was["state"]),
            "now": lexicon.title("states", now["state"]),
        }
    if any(kept.get(key) != answer.get(key) for key in ("bars", "not_known")):
        yield _("选民资格条件的认定不同。")
    if kept["missing_replies"] != answer["missing_replies"]:
        yield _("尚未答复的部门不同。")
    if kept["warnings"] != answer["warnings"]:
        yield _("提示不同。")
