"""Every phrase a judgement is put in, as an office writes it, in the reader's language.

What is shown is put together from them by `candidates.lexicon`, which also keeps them: a judgement
is read years later in the words of its day.
"""

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_stubs_ext import StrPromise

from candidates.rules.eligibility import State, Verdict
from candidates.rules.facts import Status
from election_admin.rulebooks.eligibility_lists import EligibilityList
from election_admin.rulebooks.values import Source, Text

MONTHS_IN_A_YEAR = 12

VERDICTS: dict[Verdict, Promise] = {
    Verdict.QUALIFIED: _lazy("符合资格"),
    Verdict.DISQUALIFIED: _lazy("不符合资格"),
    Verdict.NOT_ESTABLISHED: _lazy("尚未查清"),
}
STATES: dict[State, Promise] = {
    State.HOLDS: _lazy("适用"),
    State.CLEAR: _lazy("不适用"),
    State.NOT_ESTABLISHED: _lazy("尚未查清"),
}
STATUSES: dict[Status, StrPromise] = {
    Status.CONFIRMED: _lazy("已查实"),
    Status.ALLEGED: _lazy("仅有反映"),
    Status.CLEARED: _lazy("已排除"),
}
FACTS: dict[str, StrPromise] = {
    "born": _lazy("出生日期"),
    "registered_voter": _lazy("是否为登记选民"),
    "deprived_of_political_rights": _lazy("是否被剥夺政治权利"),
    "sentenced_on": _lazy("判决日期"),
    "released_on": _lazy("刑满释放日期"),
    "probation_ended_on": _lazy("缓刑期满日期"),
    "dealt_with_on": _lazy("处理日期"),
    "sanction": _lazy("处分种类"),
    "sanctioned_on": _lazy("处分日期"),
    "rights_restored_on": _lazy("恢复党员权利日期"),
    "barred_until": _lazy("限制任职至"),
}
"""What a form calls each fact."""

# What happened on the day that a term is counted from.
EVENTS: dict[str, Promise] = {
    "released_on": _lazy("刑满释放"),
    "probation_ended_on": _lazy("缓刑期满"),
    "dealt_with_on": _lazy("受到处理"),
    "sanctioned_on": _lazy("受到%(sanction)s处分"),
    "rights_restored_on": _lazy("恢复党员权利"),
}

# The conditions of the statute (组织法第13条): the bar that breaks each, the fact it needs, its words.
CONDITIONS: tuple[tuple[str, str, Promise], ...] = (
    ("under_18", "born", _lazy("选举日年满%(age)d周岁")),
    ("deprived_of_political_rights", "deprived_of_political_rights", _lazy("未被依法剥夺政治权利")),
    ("not_registered", "registered_voter", _lazy("是本村登记选民")),
)
CONDITION_STATES: dict[State, Promise] = {
    State.HOLDS: _lazy("不符合"),
    State.CLEAR: _lazy("符合"),
    State.NOT_ESTABLISHED: _lazy("尚未查清"),
}

SENTENCES: dict[str, Promise] = {
    "term_running": _lazy("%(since)s%(event)s，至%(until)s满%(term)s，选举日%(day)s未满%(term)s，仍然适用。"),
    "term_over": _lazy("%(since)s%(event)s，至%(until)s满%(term)s，选举日%(day)s已满%(term)s，不再适用。"),
    "barred_until_running": _lazy("纪检监察机关认定限制任职至%(until)s，选举日%(day)s尚未到期，仍然适用。"),
    "barred_until_over": _lazy("纪检监察机关认定限制任职至%(until)s，选举日%(day)s已经到期，不再适用。"),
    "end_not_recorded": _lazy("已查实，但没有“%(fact)s”的记录，视为尚未结束，仍然适用。"),
    "rights_not_restored": _lazy("受到%(sanction)s处分，没有恢复党员权利的记录，仍然适用。"),
    "no_end": _lazy("已查实，仍然适用。"),
    "alleged": _lazy("仅有反映，尚未查实。请有关部门核查后改为“已查实”或者“已排除”。"),
    "date_missing": _lazy("已查实，但缺少“%(fact)s”，无法计算年限。请补充后再作认定。"),
    "sanction_missing": _lazy(
        "已查实受到党纪处分，但缺少处分种类，也没有“限制任职至”日期。请补充后再作认定。"
    ),
    "contradiction": _lazy("“%(fact)s”与其他日期矛盾。请核对后再作认定。"),
    "sanction_without_bar": _lazy("受到%(sanction)s处分，本清单未对该种处分规定任职限制。"),
    "finding_cleared": _lazy("有关反映经核查已排除。"),
    "reply_missing": _lazy("%(departments)s尚未答复。未答复不等于无记录。"),
    "record_unexplained": _lazy("%(departments)s答复有记录，但没有对应的事实。请该部门说明具体情况。"),
    "no_record": _lazy("%(departments)s均答复无记录。"),
    "under_18": _lazy("%(since)s出生，%(until)s年满%(years)d周岁，选举日%(day)s未满。"),
    "deprived_of_political_rights": _lazy("依照法律被剥夺政治权利。"),
    "not_registered": _lazy("不是本村登记选民。"),
    "fact_not_known": _lazy("“%(fact)s”尚未查明。请补充后再作认定。"),
    "replies_missing": _lazy("尚有%(departments)s未答复。全部答复后才能认定符合资格。"),
    "unsuitable_confirmed": _lazy("不宜当选情形（已查实）：%(unsuitable)s仅作提示，不影响资格认定。"),
    "unsuitable_alleged": _lazy(
        "不宜当选情形（仅有反映，尚未查实）：%(unsuitable)s仅作提示，不影响资格认定。"
    ),
    "record_not_of_list": _lazy(
        "%(departments)s答复有记录，并说明不属于本清单所列的情形，不影响资格认定；请核对答复的说明。"
    ),
    "record_outside_list": _lazy("%(departments)s答复有记录，但本清单没有由其答复的情形，不影响资格认定。"),
}

FAULTS: dict[str, Promise] = {
    "unknown_situation": _lazy("本清单没有这种情形。"),
    "unknown_sanction": _lazy("本清单没有这种处分。"),
    "unknown_department": _lazy("本清单没有这个部门。"),
    "misplaced_fact": _lazy("这种情形不看此项，请留空。"),
    "implausible_date": _lazy("请核对年份，应在1900年至2199年之间。"),
    "before_birth": _lazy("早于本人出生日期，请核对。"),
    "out_of_order": _lazy("早于“%(other)s”，请核对。"),
}


def citation(cited: Source, item: int | None = None, *, source: EligibilityList) -> str:
    """The document and article (and item) of a source; a place without a number in brackets."""
    values = {
        "document": words(source.documents[cited.document]),
        "article": cited.article,
        "item": item,
    }
    if not isinstance(cited.article, int):
        return _("%(document)s（%(article)s）") % values
    if item is None:
        return _("%(document)s第%(article)s条") % values
    return _("%(document)s第%(article)s条第%(item)s项") % values


def words(text: Text) -> str:
    """A rulebook's text in the reader's language."""
    return text.in_(get_language() or "")


def duration(months: int) -> str:
    """A legal period: 5年, 1年零6个月."""
    years, rest = divmod(months, MONTHS_IN_A_YEAR)
    in_years = ngettext("%(number)d年", "%(number)d年", years) % {"number": years}
    in_months = ngettext("%(number)d个月", "%(number)d个月", rest) % {"number": rest}
    if not rest:
        return in_years
    if not years:
        return in_months
    return _("%(years)s零%(months)s") % {"years": in_years, "months": in_months}
