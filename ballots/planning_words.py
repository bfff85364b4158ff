"""Why no election day fits, in sentences."""

from collections.abc import Mapping, Sequence

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ballots.rules.planner import Misfit

FIRST: Mapping[str, Promise] = {
    "law": _lazy("依法最早的选举日"),
    "margin": _lazy("依法最早的选举日加余量%(margin)d天"),
    "window": _lazy("选举窗口第一天"),
    "party": _lazy("须晚于村党组织的选举日"),
    "after": _lazy("须晚于这里为村党组织拟定的选举日"),
}
LAST: Mapping[str, Promise] = {
    "law": _lazy("法律规定的最后一天"),
    "window": _lazy("选举窗口最后一天"),
    "committee": _lazy("须早于村民委员会的选举日"),
    "ahead": _lazy("最远拟定到这一天"),
}
WHAT_TO_DO: Mapping[str, Promise] = {
    "law": _lazy("请与县级联系，调整选举窗口。"),
    "margin": _lazy("可以减少余量天数再拟定。"),
    "window": _lazy("请与县级核对选举窗口。"),
    "party": _lazy("请先提前村党组织的选举日，或者与县级联系。"),
    "after": _lazy("可以减少余量天数或者增加指导组，使村党组织的选举日提前。"),
}


def misfit_sentences(misfit: Misfit | None, *, margin: int, law: Sequence[str]) -> list[str]:
    """Why there is no day, and what to do; ``law``: why the law allows none sooner."""
    if misfit is None or misfit.code == "waits":
        return [_("村党组织应先换届，它还没有合适的选举日。请先定村党组织的选举日。")]
    values = {
        "first": date_format(misfit.first.day),
        "last": date_format(misfit.last.day),
        "why_first": str(FIRST[misfit.first.code]) % {"margin": margin},
        "why_last": str(LAST[misfit.last.code]),
    }
    if misfit.code == "no_day":
        return [_("%(first)s至%(last)s之间没有符合拟定条件的日子，请放宽条件再拟定。") % values]
    if misfit.code == "no_team":
        return [
            _(
                "%(first)s至%(last)s之间，符合条件的日子指导组都已排满。请增加指导组、放宽条件，或者调整已定的日子。"
            )
            % values
        ]
    sentence = _("最早%(first)s（%(why_first)s），已晚于%(last)s（%(why_last)s）。") % values
    explained = law if misfit.first.code in ("law", "margin") else []
    return [sentence, *explained, str(WHAT_TO_DO[misfit.first.code])]
