"""Judgements in sentences, as an office writes them, each with the article it rests on."""

from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_stubs_ext import StrPromise

from candidates.rules.eligibility import State, Verdict
from candidates.rules.facts import Fault, Status
from candidates.rules.reasons import Reason
from election_admin.rulebooks.departments import department
from election_admin.rulebooks.eligibility_lists import EligibilityList
from election_admin.rulebooks.values import Source, Text
from election_admin.sentences import listed

_MONTHS_IN_A_YEAR = 12

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
STATUSES: dict[Status, Promise] = {
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
_EVENTS: dict[str, Promise] = {
    "released_on": _lazy("刑满释放"),
    "probation_ended_on": _lazy("缓刑期满"),
    "dealt_with_on": _lazy("受到处理"),
    "sanctioned_on": _lazy("受到%(sanction)s处分"),
    "rights_restored_on": _lazy("恢复党员权利"),
}

_SENTENCES: dict[str, Promise] = {
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
    "record_outside_list": _lazy("%(departments)s答复有记录，但本清单没有由其答复的情形，不影响资格认定。"),
}

_FAULTS: dict[str, Promise] = {
    "unknown_situation": _lazy("本清单没有这种情形。"),
    "unknown_sanction": _lazy("本清单没有这种处分。"),
    "unknown_department": _lazy("本清单没有这个部门。"),
    "misplaced_fact": _lazy("这种情形不看此项，请留空。"),
    "implausible_date": _lazy("请核对年份，应在1900年至2199年之间。"),
    "before_birth": _lazy("早于本人出生日期，请核对。"),
    "out_of_order": _lazy("早于“%(other)s”，请核对。"),
}


def reason_sentence(reason: Reason, *, source: EligibilityList) -> str:
    """The reason in the reader's language, then what it rests on.

    "2021年12月20日刑满释放，至2026年12月20日满5年，选举日2026年12月20日已满5年，不再适用。
    依据：…第16条第1项。"
    """
    sentence = str(_SENTENCES[reason.code]) % _values(reason, source)
    citations = [citation(*each, source=source) for each in _grounds(reason, source)]
    if not citations:
        return sentence
    return _("%(sentence)s依据：%(citations)s。") % {
        "sentence": sentence,
        "citations": listed(citations),
    }


def situation_sentence(code: str, *, source: EligibilityList) -> str:
    """The situation in the words of its document, with its number and where it stands."""
    situation = source.situation(code)
    return _("%(sentence)s依据：%(citations)s。") % {
        "sentence": words(situation.sentence),
        "citations": citation(situation.source, situation.item, source=source),
    }


def fault_sentence(fault: Fault) -> str:
    """What a form says beside a field whose value cannot be read."""
    return str(_FAULTS[fault.code]) % {"other": FACTS.get(fault.other, fault.other)}


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
    years, rest = divmod(months, _MONTHS_IN_A_YEAR)
    in_years = ngettext("%(number)d年", "%(number)d年", years) % {"number": years}
    in_months = ngettext("%(number)d个月", "%(number)d个月", rest) % {"number": rest}
    if not rest:
        return in_years
    if not years:
        return in_months
    return _("%(years)s零%(months)s") % {"years": in_years, "months": in_months}


def _values(reason: Reason, source: EligibilityList) -> dict[str, object]:
    """Everything a sentence may name; one names only what its reason has."""
    sanction = words(source.sanction(reason.sanction).title) if reason.sanction else ""
    unsuitable = reason.code.startswith("unsuitable_")
    return {
        "day": _day(reason.on),
        "since": _day(reason.since),
        "until": _day(reason.until),
        "term": duration(reason.months or 0),
        "years": (reason.months or 0) // _MONTHS_IN_A_YEAR,
        "event": str(_EVENTS.get(reason.fact, "")) % {"sanction": sanction},
        "fact": FACTS.get(reason.fact, reason.fact),
        "sanction": sanction,
        "departments": listed(words(department(each).title) for each in reason.departments),
        "unsuitable": words(source.unsuitable_fact(reason.situation).sentence) if unsuitable else "",
    }


def _grounds(reason: Reason, source: EligibilityList) -> list[tuple[Source, int | None]]:
    """What a reason rests on: the situation's item, the sanction's article, the statute's."""
    if reason.code.startswith("unsuitable_"):
        return [(source.unsuitable_fact(reason.situation).source, None)]
    if reason.code in ("under_18", "deprived_of_political_rights", "not_registered"):
        return [(source.voting_age.source, None)]
    if reason.code == "replies_missing":
        return [(source.departments.source, None)]
    if not reason.situation:
        return []
    situation = source.situation(reason.situation)
    grounds: list[tuple[Source, int | None]] = [(situation.source, situation.item)]
    if reason.sanction:
        sanction = source.sanction(reason.sanction).source
        if sanction != situation.source:
            grounds.append((sanction, None))
    return grounds


def _day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""
