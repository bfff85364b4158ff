"""What a recall takes and what its vote came to, by the rulebook of its election, in sentences."""

from dataclasses import dataclass
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ballots.models import Recall
from ballots.parameters import SHARES
from ballots.rules.counting import Citation
from ballots.rules.thresholds import (
    RecallOutcome,
    Tested,
    Threshold,
    recall_asked,
    recall_outcome,
)
from ballots.wording import cite
from election_admin.rulebooks.procedures import Procedure
from election_admin.rulebooks.values import Share, Source, Sourced
from election_admin.sentences import bracketed, explained
from villages.procedures import procedure_of

# The state each outcome is shown in, and its words.
OUTCOMES: dict[str, tuple[str, Promise]] = {
    "invalid": ("warn", _lazy("表决无效，投票人数不够")),
    "failed": ("open", _lazy("罢免未通过")),
    "passed": ("good", _lazy("罢免通过")),
}


@dataclass(frozen=True)
class Outcome:
    """What a vote came to as it is shown: a state, its words, and how each share was reckoned."""

    code: str
    state: str
    words: str
    sentences: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the member is recalled."""
        return self.code == "passed"


def threshold(sourced: Sourced[Share], *, exceeded: bool) -> Threshold:
    """A share of the rulebook as the rules take it."""
    return Threshold(
        share=Fraction(sourced.value.numerator, sourced.value.denominator),
        exceeded=exceeded,
        source=Citation(document=sourced.source.document, article=str(sourced.source.article)),
    )


def demand(procedure: Procedure, *, asked_by: str, signatures: int, out_of: int) -> Tested:
    """Whether enough ask, of the voters or of the representatives (art. 16)."""
    law = procedure.parameters
    by_voters = asked_by == Recall.AskedBy.VOTERS
    share = law.recall_asked_by_voters if by_voters else law.recall_asked_by_representatives
    return recall_asked(signatures, out_of, least=threshold(share, exceeded=False))


def vote_on(procedure: Procedure, *, registered: int, voted: int, agreed: int) -> RecallOutcome:
    """What a vote comes to (art. 16). Raises ThresholdError for figures that cannot be."""
    law = procedure.parameters
    return recall_outcome(
        registered,
        voted,
        agreed,
        turnout=threshold(law.recall_turnout, exceeded=True),
        agreement=threshold(law.recall_agreed_above, exceeded=True),
    )


def demand_sentence(procedure: Procedure, asked: Tested) -> str:
    """How many ask and how many must: 需要至少200人联名（1000人的五分之一以上，《…》第十六条）."""
    sentence = (
        _("需要至少%(needed)d人联名（%(total)d人的%(share)s以上，%(source)s），现有%(count)d人。")
        if asked.met
        else _(
            "需要至少%(needed)d人联名（%(total)d人的%(share)s以上，%(source)s），现有%(count)d人，还差%(missing)d人。"
        )
    )
    return sentence % {**_figures(procedure, asked), "missing": asked.missing}


def demands(procedure: Procedure) -> tuple[str, ...]:
    """Who may ask for a recall by this rulebook, and where it says so."""
    law = procedure.parameters
    return tuple(
        explained(str(Recall.AskedBy(who).label), _threshold_words(procedure, share))
        for who, share in (
            (Recall.AskedBy.VOTERS, law.recall_asked_by_voters),
            (Recall.AskedBy.REPRESENTATIVES, law.recall_asked_by_representatives),
        )
    )


def _threshold_words(procedure: Procedure, share: Sourced[Share]) -> str:
    words = _("总数的%s以上") % share_words(Fraction(share.value.numerator, share.value.denominator))
    return words + bracketed(cite(procedure, share.source))


def share_words(share: Fraction) -> str:
    """A share as the law words it."""
    parts = (share.numerator, share.denominator)
    return str(SHARES[parts]) if parts in SHARES else str(share)


def outcome_of(recall: Recall) -> Outcome | None:
    """What the vote on a recall came to, None before it is entered."""
    if recall.registered is None or recall.voted is None or recall.agreed is None:
        return None
    procedure = procedure_of(recall.election)
    came_to = vote_on(procedure, registered=recall.registered, voted=recall.voted, agreed=recall.agreed)
    state, words = OUTCOMES[came_to.outcome]
    return Outcome(
        code=came_to.outcome,
        state=state,
        words=str(words),
        sentences=(
            _(
                "登记参加选举的村民%(total)d人，投票%(count)d人；须超过%(share)s，即至少%(needed)d人（%(source)s）。"
            )
            % _figures(procedure, came_to.turnout),
            _("投票%(total)d人，同意罢免%(count)d票；须超过%(share)s，即至少%(needed)d票（%(source)s）。")
            % _figures(procedure, came_to.agreement),
        ),
    )


def _figures(procedure: Procedure, one: Tested) -> dict[str, object]:
    share, source = one.threshold.share, one.threshold.source
    # The rules carry an article as text; the rulebook cites numbered ones in its own numerals.
    article = int(source.article) if source.article.isdigit() else source.article
    return {
        "count": one.count,
        "total": one.total,
        "needed": one.needed,
        "share": share_words(share),
        "source": cite(procedure, Source(document=source.document, article=article)),
    }
