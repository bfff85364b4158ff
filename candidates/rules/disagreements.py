"""Where departments contradict each other about one person."""

from __future__ import annotations

from dataclasses import dataclass

from candidates.rules.eligibility import Judgement, State
from candidates.rules.eligibility_law import EligibilityLaw
from candidates.rules.facts import Concerning, Replies, Reply


@dataclass(frozen=True)
class Disagreement:
    """One situation of which some departments hold a record and others, who answer for it too, none."""

    situation: str
    record: tuple[str, ...]
    no_record: tuple[str, ...]


def disagreements(
    *, law: EligibilityLaw, judgement: Judgement, replies: Replies, concerning: Concerning | None = None
) -> tuple[Disagreement, ...]:
    """Return where departments contradict each other on a situation that is not clear.

    A record that has run out, or was explained away, changes nothing: whether it is held in one
    office and not in another then need not be settled. A department that names the situations of
    its record says of the others that it has none.
    """
    named = concerning or {}
    found = []
    for each in law.situations:
        if judgement.situation(each.code).state is State.CLEAR:
            continue
        record, none = [], []
        for code in each.departments:
            answer = replies.get(code)
            about = named.get(code) or (each.code,)
            if answer == Reply.RECORD and each.code in about:
                record.append(code)
            elif answer in tuple(Reply):
                none.append(code)
        if record and none:
            found.append(Disagreement(each.code, tuple(record), tuple(none)))
    return tuple(found)
