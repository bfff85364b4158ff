"""The notice of refusal to one person: which situation, why, until when, and how to object."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from candidates.consequences import effect, remedy, what_follows
from candidates.judgements import ShownPart, shown_judgement, shown_list
from candidates.kinds.qualification import nomination_sentences
from candidates.kinds.signers import government_of
from candidates.models import Assessment, Candidacy, Decision, ReviewBatch
from candidates.rules.eligibility import State
from candidates.rules.reasons import Reason
from candidates.wording import reason_sentence, words
from election_admin.documents.registry import Kind, register_kind
from election_admin.rulebooks.eligibility_lists import EligibilityList, load_eligibility_list
from villages.models import Mode

REFUSAL = "refusal_notice"
# The reasons for which a situation holds; the others say what is alleged, open or over.
BARRING = frozenset(
    {"term_running", "barred_until_running", "end_not_recorded", "rights_not_restored", "no_end"}
)


def refusal(decision: Decision, language: str) -> Mapping[str, Any]:
    """What the notice says: the grounds as they were when it was decided, what follows, the remedy.

    It speaks to the person alone: nobody else's answer or name stands in it, nor what is not
    established, nor a warning, which bars nobody.
    """
    candidacy, assessment = decision.candidacy, decision.assessment
    election = candidacy.election
    listed_in = assessment.eligibility_list if assessment else election.term.eligibility_list
    source = load_eligibility_list(listed_in)
    return {
        "decision": decision,
        "decided_on": timezone.localdate(decision.decided_at),
        "candidacy": candidacy,
        "person": candidacy.person,
        "election": election,
        "self_nominated": election.mode == Mode.SELF_NOMINATED,
        "nominations": nomination_sentences(candidacy),
        "assessment": assessment,
        "grounds": _grounds(assessment, source) if assessment else [],
        "list": shown_list(source),
        "consequences": _consequences(decision, source),
        # Without where it comes from: the list's own arrangement is no law to cite to a person.
        "remedy": words(source.remedy.value) if source.remedy else "",
        "signed_on": _signed_on(decision),
        "signer": government_of(election.place.parent),
        "superseded": _is_superseded(decision),
    }


def _grounds(assessment: Assessment, source: EligibilityList) -> list[ShownPart]:
    """What barred the person, each with the reasons that did: no allegation, nothing that is over."""
    shown = shown_judgement(assessment, masked=False)
    judged = assessment.snapshot["answer"]["situations"]
    codes = [each.code for each in source.situations if each.code in judged]
    situations = (
        replace(
            part,
            # The same case may have been recorded here and answered by a department: said once.
            reasons=tuple(
                dict.fromkeys(
                    reason_sentence(Reason.from_json(each), source=source)
                    for each in judged[code]["reasons"]
                    if each["code"] in BARRING
                )
            ),
        )
        for code, part in zip(codes, shown.situations, strict=True)
    )
    return [part for part in (*shown.conditions, *situations) if part.state == State.HOLDS]


def _consequences(decision: Decision, source: EligibilityList) -> tuple[str, ...]:
    """What followed on the day of the decision; of one that was taken back, what the list says."""
    follows = what_follows(decision.candidacy, on=timezone.localdate(decision.decided_at))
    if not follows or _is_superseded(decision):
        return (effect(source),)
    # How to object has a section of its own.
    own = remedy(source)
    return tuple(sentence for sentence in follows if sentence not in own)


def _signed_on(decision: Decision) -> Any:
    """The day on which the county had signed the review the decision rests on, None without one."""
    signed = decision.candidacy.review_items.filter(
        batch__state=ReviewBatch.State.SIGNED, batch__signed_at__lte=decision.decided_at
    )
    newest = signed.order_by("-batch__signed_at").values_list("batch__signed_at", flat=True).first()
    return timezone.localdate(newest) if newest else None


def _is_superseded(decision: Decision) -> bool:
    """Whether the person was moved on since: the paper is then for the file, no longer to be handed over."""
    return Decision.objects.filter(candidacy=decision.candidacy_id, pk__gt=decision.pk).exists()


def _name(decision: Decision) -> str:
    """What was found stands in the paper, not in its name, which lists show."""
    return _("%(village)s%(name)s资格审查结果通知书") % {
        "village": decision.place.name,
        "name": decision.candidacy.person.name,
    }


register_kind(
    Kind(
        code=REFUSAL,
        title=_lazy("资格审查结果通知书"),
        template="candidates/documents/refusal_notice.html",
        subject=lambda: Decision.objects.filter(state=Candidacy.State.STRUCK_OFF).select_related(
            "candidacy__person",
            "candidacy__election__place__parent",
            "candidacy__election__term",
            "candidacy__election__edition",
            "assessment",
        ),
        context=refusal,
        name=_name,
        permission="candidates.see",
        confidential=True,
    )
)
