"""Risk ratings in sentences, as an office writes them."""

from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from election_admin.rulebooks.risk_models import RiskModel
from election_admin.rulebooks.values import Text
from election_admin.sentences import listed
from villages.rules.risk import Band, Contribution, Easing, RiskRating

BANDS: dict[Band, Promise] = {
    Band.UNRATED: _lazy("未评定"),
    Band.SETTLED: _lazy("放心村"),
    Band.ORDINARY: _lazy("一般村"),
    Band.KEY: _lazy("重点村"),
    Band.DIFFICULT: _lazy("难点村"),
}
LEVELS: tuple[Promise, ...] = (_lazy("无"), _lazy("轻微"), _lazy("明显"), _lazy("严重"))
"""The four levels, by number."""


def contribution_sentence(contribution: Contribution, *, source: RiskModel) -> str:
    """ "宗族派性严重：3级（严重），权重4，得12分（满分12分）。"."""
    values = {
        "factor": words(source.factor(contribution.factor).title),
        "weight": contribution.weight,
        "points": contribution.points,
        "most": contribution.most,
    }
    if contribution.level is None:
        return _("%(factor)s：尚未填写（权重%(weight)d）。") % values
    return _("%(factor)s：%(level)d级（%(word)s），权重%(weight)d，得%(points)d分（满分%(most)d分）。") % {
        **values,
        "level": contribution.level,
        "word": LEVELS[contribution.level],
    }


def rating_sentence(rating: RiskRating, *, source: RiskModel) -> str:
    """How the band came about: the score, what was not answered, the floors that lifted it."""
    sentence = _score_sentence(rating)
    if not rating.floors:
        return sentence
    lifted = listed(
        _("“%(factor)s”") % {"factor": words(source.factor(code).title)} for code in rating.floors
    )
    return _("%(sentence)s因%(factors)s达到底线，定为%(band)s。") % {
        "sentence": sentence,
        "factors": lifted,
        "band": BANDS[rating.band],
    }


def easing_sentence(easing: Easing, *, source: RiskModel) -> str:
    """What settling one factor would bring: "化解“…”后，总分降为6.4分，为放心村。"."""
    return _("化解“%(factor)s”后，总分为%(score)s分，%(band)s。") % {
        "factor": words(source.factor(easing.factor).title),
        "score": easing.score,
        "band": BANDS[easing.band],
    }


def words(text: Text) -> str:
    """A rulebook's text in the reader's language."""
    return text.in_(get_language() or "")


def _score_sentence(rating: RiskRating) -> str:
    # In weights, not per cent: 28 of 47 would be shown as 60 % and yet be too little.
    values = {
        "score": rating.score,
        "band": BANDS[rating.computed_band],
        "answered": sum(each.weight for each in rating.contributions if each.level is not None),
        "weights": sum(each.weight for each in rating.contributions),
    }
    if rating.score is None:
        return _("各项均未填写，暂不评定。")
    if rating.computed_band is Band.UNRATED:
        return (
            _("已填项权重%(answered)d（共%(weights)d），资料不足，暂不评定。已填部分为%(score)s分。") % values
        )
    return _("总分%(score)s分，为%(band)s。已填项权重%(answered)d（共%(weights)d）。") % values


def money(amount: Decimal | None) -> str:
    """An amount in yuan with thousands and two decimals, a dash where it is not known."""
    return "—" if amount is None else f"{amount:,.2f}"
