"""What the law says of somebody who turns out not to be eligible, at the stage the election is in.

The sentences say what follows and on what it rests; people decide and sign. Where the law leaves
something open, that is said too.
"""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from candidates.models import Candidacy, Verdict
from candidates.wording import citation, words
from election_admin.rulebooks.eligibility_lists import EligibilityList, load_eligibility_list
from villages.models import Mode, Stage
from villages.procedures import procedure_of

_VOTED = frozenset({Stage.AFTER, Stage.CLOSED})
_ON_THE_LIST = frozenset({Candidacy.State.FINAL})
_LIST_SETTLED = frozenset({Candidacy.State.FINAL, Candidacy.State.NOT_LISTED})


def what_follows(candidacy: Candidacy, *, on: date) -> tuple[str, ...]:
    """Return what follows if somebody is not eligible, or may turn out not to be; nothing otherwise.

    For somebody disqualified, for a candidacy that is frozen, and for a final candidate whose
    eligibility is no longer established. Always last: how the person may object.
    """
    if candidacy.state == Candidacy.State.DECLINED:
        return ()
    barred = candidacy.verdict == Verdict.DISQUALIFIED
    in_doubt = candidacy.is_frozen or (
        candidacy.state == Candidacy.State.FINAL and candidacy.verdict != Verdict.QUALIFIED
    )
    if not (barred or in_doubt):
        return ()
    source = load_eligibility_list(candidacy.election.term.eligibility_list)
    return (
        *_meanwhile(candidacy, barred=barred),
        effect(source),
        *_of_the_stage(candidacy, source, on=on),
        *remedy(source),
    )


def remedy(source: EligibilityList) -> tuple[str, ...]:
    """How somebody who is refused may object, as the list says; nothing where it is silent."""
    if source.remedy is None:
        return ()
    return (_cited(words(source.remedy.value), citation(source.remedy.source, source=source)),)


def _meanwhile(candidacy: Candidacy, *, barred: bool) -> Iterator[str]:
    if candidacy.is_frozen:
        yield _(
            "有事项待县里处理，候选人资格已冻结：处理以前，不能确定为正式候选人，也不能列为不能确定为候选人。"
        )
    if not barred:
        yield _("目前的结论不是“不符合资格”：请先查清。查清后不符合资格的，按以下各项处理。")


def effect(source: EligibilityList) -> str:
    """What the list says of somebody to whom a situation applies, marked as its words."""
    return _("资格条件规定：%s") % _cited(words(source.effect), citation(source.effect_source, source=source))


def _of_the_stage(candidacy: Candidacy, source: EligibilityList, *, on: date) -> Iterator[str]:
    """What follows before the final list, between it and the vote, after the vote.

    On election day itself nobody but the office knows whether people have voted: both are said.
    """
    election = candidacy.election
    day = election.election_day
    voted = election.stage in _VOTED or (day is not None and on > day)
    if not voted:
        yield from _before_the_vote(candidacy)
    if not voted and on == day:
        yield _("今天是选举日，已经投票的，按以下各项处理。")
    if voted or on == day:
        yield from _after_the_vote(candidacy, source)


def _before_the_vote(candidacy: Candidacy) -> Iterator[str]:
    if candidacy.state == Candidacy.State.STRUCK_OFF:
        yield _("已列为不能确定为候选人：候选人名单、公告和选票上都不得有其姓名。")
        return
    if candidacy.state not in _LIST_SETTLED:
        yield _("正式候选人名单尚未确定：由乡镇列为“不能确定为候选人”，写明依据，并把理由书面告知本人。")
        return
    if candidacy.state not in _ON_THE_LIST:
        yield _("不在正式候选人名单内，名单不变；名单上有人退出时，不得由其递补。")
        return
    yield _(
        "正式候选人名单已经确定：应当从名单中划去，列为“不能确定为候选人”，由村民选举委员会公布更正后的名单，"
        "并把理由书面告知本人。"
    )
    yield _who_moves_up(candidacy)
    yield _(
        "选票还没有印制的，不得印上其姓名；已经印制的，应当重新印制，原选票清点封存，不得使用。"
        "来不及重印的，不得自行涂改选票，请报县里研究是否另定选举日。"
    )


def _who_moves_up(candidacy: Candidacy) -> str:
    election = candidacy.election
    procedure = procedure_of(election)
    law = procedure.parameters
    if election.mode == Mode.SELF_NOMINATED:
        return _("自荐直选不提候选人，不定差额，划去后不递补。")
    surplus = law.party_surplus.source if election.of_party_branch else law.surplus.source
    if law.candidate_order is None or election.of_party_branch:
        return _cited(
            _("划去后候选人不再多于应选名额的，应当补足；本选举办法没有规定怎样递补，请报县里确定。"),
            procedure.cite(surplus, _language()),
        )
    return _cited(
        _("划去后候选人不再多于应选名额的，由未进入名单的人按提名（预选）得票多少依次递补，并经联审合格。"),
        _both(procedure.cite(surplus, _language()), procedure.cite(law.candidate_order.source, _language())),
    )


def _after_the_vote(candidacy: Candidacy, source: EligibilityList) -> Iterator[str]:
    """A win that is void leaves its seat empty: nobody moves up into it."""
    procedure = procedure_of(candidacy.election)
    void = procedure.parameters.disqualified_win_void
    yield _("已经投票：没有当选的，不影响选举结果。")
    if void is not None and void.value:
        yield _cited(
            _("当选的，由村民选举委员会宣布其当选无效；空出的名额另行选举，不由他人递补。"),
            procedure.cite(void.source, _language()),
        )
    elif source.win_void is not None and source.win_void.value:
        yield _cited(
            _("当选的，按本届资格条件其当选无效；选举办法没有规定由谁宣布，请报县里确定后公告。"),
            citation(source.win_void.source, source=source),
        )
    else:
        yield _(
            "当选的，本届资格条件和选举办法都没有规定其当选是否无效，由县里依法研究，不能由乡镇自行宣布。"
        )
    yield _(
        "已经任职的，被判处刑罚或者丧失行为能力的，职务自行终止（组织法第18条）；"
        "其他情形要免去职务的，只能依法罢免（组织法第16条），任何组织或者个人不得撤换（组织法第11条）。"
    )


def _cited(sentence: str, citations: str) -> str:
    return _("%(sentence)s依据：%(citations)s。") % {"sentence": sentence, "citations": citations}


def _both(first: str, second: str) -> str:
    if first == second:
        return first
    return _("%(first)s；%(second)s") % {"first": first, "second": second}


def _language() -> str:
    return get_language() or ""
