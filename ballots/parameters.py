"""What a procedure rulebook fixes besides dates, in words, for people who check it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ballots.wording import cite
from election_admin.rulebooks.procedures import PostChoice, Procedure, Surplus, Turnout, Vacancy
from election_admin.rulebooks.values import Range, Share, Text
from election_admin.sentences import listed
from villages.models import Mode

KIN: Mapping[str, Promise] = {
    "spouse": _lazy("配偶"),
    "parent_child": _lazy("父母、子女"),
    "sibling": _lazy("兄弟姐妹"),
    "grandparent_grandchild": _lazy("祖父母、外祖父母、孙子女、外孙子女"),
    "direct_relative": _lazy("直系亲属"),
    "close_relative": _lazy("近亲属"),
}
MEETINGS: Mapping[str, Promise] = {
    "villagers_meeting": _lazy("村民会议"),
    "representatives_meeting": _lazy("村民代表会议"),
}
VOID: Mapping[str, Promise] = {
    "too_many": _lazy("所选人数多于应选名额"),
    "one_person_two_posts": _lazy("同一人选任两个职务"),
    "unreadable": _lazy("书写无法辨认"),
}
NO_CHAIR: Mapping[str, Promise] = {
    "vice_chair_presides": _lazy("由副主任主持工作"),
    "vice_chair_with_most_votes": _lazy("由得票最多的副主任主持工作"),
    "member_with_most_votes": _lazy("没有副主任的，由得票最多的委员主持工作"),
    "representatives_pick_member": _lazy("没有副主任的，由村民代表会议在委员中推选一人主持工作"),
    "meeting_settles_tie": _lazy("票数相同的，由会议决定"),
}
POST_CHOICES: Mapping[str, Promise] = {
    "own_choice": _lazy("由本人书面选定其中一个"),
    "most_votes": _lazy("以得票最多的职务为准，得票相同的由本人书面选定"),
}
# The shares that laws on elections use, as they word them.
SHARES: Mapping[tuple[int, int], Promise] = {
    (1, 2): _lazy("一半"),
    (1, 3): _lazy("三分之一"),
    (2, 3): _lazy("三分之二"),
    (1, 5): _lazy("五分之一"),
    (4, 5): _lazy("五分之四"),
}


@dataclass(frozen=True)
class Row:
    """One line of the table: what is fixed, how, where it says so."""

    code: str
    label: str
    value: str
    source: str
    note: str


def parameter_rows(procedure: Procedure) -> Iterator[Row]:
    """Every parameter of a rulebook, those too on which its law is silent."""
    for code, (label, in_words) in PARAMETERS.items():
        sourced = getattr(procedure.parameters, code)
        if sourced is None:
            yield Row(code, str(label), _("法律未规定"), "", "")
        else:
            note = sourced.note.in_(get_language() or "") if sourced.note else ""
            value = in_words(sourced.value)
            if isinstance(sourced.value, PostChoice):
                value = _until(procedure, value, sourced.value.until)
            yield Row(code, str(label), value, cite(procedure, sourced.source), note)


def _until(procedure: Procedure, value: str, step: str) -> str:
    """A value that holds up to a step, which only its rulebook can name."""
    title = procedure.steps[step].title.in_(get_language() or "")
    return _("%(value)s，最迟到“%(step)s”") % {"value": value, "step": title}


def _counted(unit: Promise) -> Callable[[int], str]:
    return lambda number: str(unit) % {"count": number}


def _range(unit: Promise) -> Callable[[Range], str]:
    def in_words(value: Range) -> str:
        if value.most is None:
            return _("至少%s") % (str(unit) % {"count": value.least})
        count = str(value.least) if value.least == value.most else f"{value.least}–{value.most}"
        return str(unit) % {"count": count}

    return in_words


def _choice(yes: Promise, no: Promise) -> Callable[[bool], str]:
    return lambda value: str(yes if value else no)


def _one_of(words: Mapping[str, Promise]) -> Callable[[str], str]:
    return lambda value: str(words[value])


def _listed(words: Mapping[str, Any]) -> Callable[[tuple[str, ...]], str]:
    return lambda values: pgettext("between sentences", "；").join(str(words[value]) for value in values)


def _kin(values: tuple[str, ...]) -> str:
    return listed(KIN[value] for value in values)


def _share(value: Share) -> str:
    parts = (value.numerator, value.denominator)
    return str(SHARES[parts]) if parts in SHARES else f"{value.numerator}/{value.denominator}"


def _shared(sentence: Promise) -> Callable[[Share], str]:
    return lambda value: str(sentence) % {"share": _share(value)}


def _surplus(value: Surplus) -> str:
    more = _range(_lazy("多%(count)s人"))
    return _("主任%(chair)s，副主任%(vice_chair)s，委员%(member)s") % {
        "chair": more(value.chair),
        "vice_chair": more(value.vice_chair),
        "member": more(value.member),
    }


def _post_choice(value: PostChoice) -> str:
    return str(POST_CHOICES[value.how])


def _turnout(value: Turnout) -> str:
    sentence = _("参加投票的选民超过登记选民的%s，选举有效") % _share(value.more_than)
    if 2 in value.rounds:
        return _("%s；另行选举同样适用") % sentence
    return sentence


def _vacancy(value: Vacancy) -> str:
    if value.after_round == 2:
        sentence = _("另行选举后仍有缺额，已选出%d人以上的，可以暂缺") % value.least_elected
    else:
        sentence = _("已选出%d人以上的，不足的名额可以暂缺") % value.least_elected
    if value.chair_elected:
        sentence = _("%s，但须已选出主任") % sentence
    if value.decided_by_meeting:
        sentence = _("%s，由村民会议或村民代表会议决定") % sentence
    return sentence


def _text(value: Text) -> str:
    return value.in_(get_language() or "")


_PERSONS = _lazy("%(count)s人")
_YEARS = _lazy("%(count)s年")
_VOID_OR_NOT = _choice(_lazy("当选无效"), _lazy("不影响当选"))

# In the order of an election; each with how its value is said.
PARAMETERS: Mapping[str, tuple[Promise, Callable[[Any], str]]] = {
    "term_years": (_lazy("任期"), _counted(_YEARS)),
    "seats": (_lazy("村民委员会人数"), _range(_PERSONS)),
    "women_required": (_lazy("妇女成员"), _choice(_lazy("应当有"), _lazy("不作要求"))),
    "women_seat_on_ballot": (
        _lazy("选票上的妇女委员名额"),
        _choice(_lazy("单列"), _lazy("不单列")),
    ),
    "election_committee_size": (_lazy("村民选举委员会人数"), _range(_PERSONS)),
    "voter_age": (_lazy("选民年龄"), _counted(_lazy("年满%(count)s周岁"))),
    "residence_years": (
        _lazy("非本村户籍的登记条件"),
        _counted(_lazy("在本村居住%(count)s年以上，本人申请并经会议同意")),
    ),
    "modes": (_lazy("选举方式"), _listed(dict(Mode.choices))),
    "nomination_turnout": (_lazy("提名、预选的参加人数"), _shared(_lazy("须超过登记选民的%(share)s"))),
    "candidate_order": (_lazy("候选人排列"), _one_of({"votes": _lazy("按得票多少")})),
    "self_nominee_order": (
        _lazy("自荐人排列"),
        _one_of({"surname_strokes": _lazy("按姓名笔画")}),
    ),
    "post_choice": (_lazy("被提名竞选几个职务"), _post_choice),
    "surplus": (_lazy("候选人差额"), _surplus),
    "tellers_may_not_be_kin": (_lazy("不得担任监票、计票等工作的候选人亲属"), _kin),
    "roving_box_approved_by_township": (
        _lazy("使用流动票箱"),
        _choice(_lazy("须经乡镇批准"), _lazy("不须批准")),
    ),
    "roving_box_scrutineers": (
        _lazy("每个流动票箱的监票人"),
        _counted(_lazy("不少于%(count)s人")),
    ),
    "proxy_holders": (_lazy("可以接受委托投票的人"), _kin),
    "proxy_holder_may_be_candidate": (
        _lazy("候选人接受委托"),
        _choice(_lazy("可以"), _lazy("不可以")),
    ),
    "proxies_per_holder": (_lazy("每人接受委托"), _counted(_lazy("不超过%(count)s人"))),
    "turnout": (_lazy("投票率"), _turnout),
    "ballots_within_issued": (
        _lazy("收回的选票多于参加投票人数"),
        _choice(_lazy("选举无效"), _lazy("不影响选举效力")),
    ),
    "void_ballots": (_lazy("废票"), _listed(VOID)),
    "void_counted_as_cast": (
        _lazy("废票计入投票总数"),
        _choice(_lazy("计入"), _lazy("不计入")),
    ),
    "elected_above": (
        _lazy("当选票数"),
        _shared(_lazy("超过参加投票选民的%(share)s")),
    ),
    "tie": (_lazy("票数相同"), _one_of({"vote_again": _lazy("对票数相同的人再次投票")})),
    "further_election_from": (
        _lazy("另行选举的当选票数"),
        _shared(_lazy("得票多的当选，但不得少于所投票数的%(share)s")),
    ),
    "women_seat_in_further_election": (
        _lazy("没有妇女当选时另行选举"),
        _choice(_lazy("保留妇女名额"), _lazy("不保留妇女名额")),
    ),
    "vacancy": (_lazy("名额空缺"), _vacancy),
    "no_chair": (_lazy("没有选出主任"), _listed(NO_CHAIR)),
    "relatives_not_together": (_lazy("不得同时任职的亲属"), _kin),
    "disqualified_win_void": (_lazy("当选人有不得当选的情形"), _VOID_OR_NOT),
    "ballots_kept": (_lazy("选票保管"), _text),
    "recall_asked_by_voters": (
        _lazy("提出罢免：选民"),
        _shared(_lazy("%(share)s以上登记选民联名")),
    ),
    "recall_asked_by_representatives": (
        _lazy("提出罢免：村民代表"),
        _shared(_lazy("%(share)s以上村民代表联名")),
    ),
    "recall_turnout": (_lazy("罢免表决的投票率"), _shared(_lazy("参加投票的选民须超过登记选民的%(share)s"))),
    "recall_agreed_above": (_lazy("罢免通过"), _shared(_lazy("同意票须超过投票人数的%(share)s"))),
    "recall_again_after_years": (
        _lazy("罢免未通过"),
        _counted(_lazy("%(count)s年内不得以同一事实和理由再次提出")),
    ),
    "by_election_by": (_lazy("补选由谁进行"), _listed(MEETINGS)),
    "by_election_villagers": (
        _lazy("村民会议补选"),
        _shared(_lazy("参加投票的须超过村民会议成员的%(share)s")),
    ),
    "by_election_representatives": (
        _lazy("村民代表会议补选"),
        _shared(_lazy("参加投票的须达到组成人员的%(share)s以上")),
    ),
    "committee_member_candidate_leaves": (
        _lazy("选举委员会成员被提名为候选人"),
        _choice(_lazy("应当退出"), _lazy("可以留任")),
    ),
    "committee_member_relatives_leave": (_lazy("须退出选举委员会的候选人亲属"), _kin),
    "meeting_quorum_villagers": (
        _lazy("村民会议到会人数"),
        _shared(_lazy("超过应到会人数的%(share)s")),
    ),
    "meeting_quorum_representatives": (
        _lazy("村民代表会议到会人数"),
        _shared(_lazy("不少于组成人员的%(share)s")),
    ),
    "meeting_quorum_groups": (
        _lazy("村民小组会议到会人数"),
        _shared(_lazy("不少于应到会人数的%(share)s")),
    ),
    "party_branch_first": (
        _lazy("换届次序"),
        _choice(_lazy("先村党组织，后村民委员会"), _lazy("不分先后")),
    ),
    "party_modes": (_lazy("村党组织选举方式"), _listed(dict(Mode.choices))),
    "party_seats": (_lazy("村党组织委员会人数"), _range(_PERSONS)),
    "party_surplus": (_lazy("村党组织委员候选人差额"), _shared(_lazy("不少于应选人数的%(share)s"))),
    "party_quorum": (
        _lazy("党员大会到会人数"),
        _shared(_lazy("有选举权的到会人数不少于应到会人数的%(share)s，会议有效")),
    ),
    "party_elected_above": (
        _lazy("村党组织委员当选"),
        _shared(_lazy("赞成票超过实到会有选举权人数的%(share)s")),
    ),
}
