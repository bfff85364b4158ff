"""The final list in sentences: who is on it, who is not and why, and what holds it up."""

from collections.abc import Iterable, Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from candidates.final_lists import WHOLE_BODY, Proposal
from candidates.models import POST_TITLES
from candidates.order import VOTES, order_words
from candidates.rules.final_list import Fault, FaultCode, Hindrance, Post
from election_admin.rulebooks.values import Source
from election_admin.sentences import listed
from villages.models import Election
from villages.procedures import procedure_of

# So many people a sentence names before it only counts them.
NAMED = 8

# What stands against one person, and what is to be done about it.
HINDRANCES: Mapping[Hindrance, Promise] = {
    Hindrance.CHOOSING: _lazy("被提名竞选几个职务，还没有选定其中一个"),
    Hindrance.NOT_REVIEWED: _lazy("还没有经县里签署的联审结果认定为符合资格"),
    Hindrance.NOT_ESTABLISHED: _lazy("资格尚未查清"),
    Hindrance.DISQUALIFIED: _lazy("不符合资格"),
    Hindrance.FROZEN: _lazy("候选资格已冻结，有事项待县里处理"),
    Hindrance.NO_SEAT: _lazy("竞选的职务不在本次名额之内"),
    Hindrance.NOT_A_WOMAN: _lazy("竞选妇女名额，但登记的性别不是女"),
}
# The same of several people, as a reason why there is no list yet.
_WAITING: Mapping[Hindrance, Promise] = {
    Hindrance.CHOOSING: _lazy(
        "被提名竞选几个职务、还没有选定其中一个的有%(count)d人：%(names)s。请先登记本人的选定。"
    ),
    Hindrance.NOT_REVIEWED: _lazy(
        "还没有经县里签署的联审结果认定为符合资格的有%(count)d人：%(names)s。请先上报联审，由县里签署。"
    ),
    Hindrance.NOT_ESTABLISHED: _lazy(
        "资格尚未查清的有%(count)d人：%(names)s。请先查清，未答复不等于无记录。"
    ),
    Hindrance.DISQUALIFIED: _lazy(
        "不符合资格、仍在候选人之列的有%(count)d人：%(names)s。请先变更状态，列为不能确定为候选人。"
    ),
    Hindrance.FROZEN: _lazy("候选资格已冻结的有%(count)d人：%(names)s。请先由县里处理冻结事项。"),
    Hindrance.NO_SEAT: _lazy("竞选的职务不在本次名额之内的有%(count)d人：%(names)s。请先更正竞选职务。"),
    Hindrance.NOT_A_WOMAN: _lazy("竞选妇女名额而性别不是女的有%(count)d人：%(names)s。请先更正。"),
}


def hold_ups(proposal: Proposal) -> list[str]:
    """Every reason why the list cannot be settled yet, as sentences; none if it can."""
    sentences = []
    for hindrance, sentence in _WAITING.items():
        pks = [one.id for one in proposal.waiting if hindrance in one.hindrances]
        if pks:
            sentences.append(str(sentence) % {"count": len(pks), "names": names(proposal, pks)})
    return sentences + [fault_sentence(proposal, fault) for fault in proposal.settlement.faults]


def fault_sentence(proposal: Proposal, fault: Fault) -> str:
    """Why a post has no list, with the article that asks for more."""
    if fault.code == FaultCode.NOBODY or fault.post is None:
        return _("没有可以列入名单的人：请先登记候选人，送县级部门联审，由县里签署。")
    values = {
        "post": post_title(fault.post.code),
        "seats": fault.post.seats,
        "standing": fault.standing,
        "least": fault.post.fewest,
        "most": fault.post.limit,
        "names": names(proposal, fault.people),
        "places": fault.places,
        "article": surplus_article(proposal.election),
        "order": order_article(proposal.election),
    }
    return str(_FAULTS[fault.code]) % values


_FAULTS: Mapping[FaultCode, Promise] = {
    FaultCode.TOO_FEW: _lazy(
        "%(post)s应选%(seats)d人，可以列入的%(standing)d人，差额不够：候选人应多于应选名额，"
        "至少%(least)d人（%(article)s），请补充提名。"
    ),
    FaultCode.VOTES_MISSING: _lazy(
        "%(post)s应选%(seats)d人，候选人最多%(most)d人（%(article)s），现有%(standing)d人：以得票多的为正式候选人"
        "（%(order)s）。请先组织预选，录入每个人的得票；还没有得票的：%(names)s。"
    ),
    FaultCode.NO_ORDER: _lazy(
        "%(post)s应选%(seats)d人，候选人最多%(most)d人（%(article)s），现有%(standing)d人。"
        "本规则册没有规定以什么为准，系统不能代为取舍。"
    ),
    FaultCode.TIE: _lazy(
        "%(post)s候选人最多%(most)d人（%(article)s），以下人员得票相同，余下的名额只有%(places)d个：%(names)s。"
        "任何人不得代为取舍（组织法第11条），请对得票相同的人再次预选，更正得票后再确定名单。"
    ),
}


def left_out_rows(proposal: Proposal) -> Iterator[tuple[int, str, str]]:
    """Whoever is left out: the candidacy, their name, and why."""
    for one in proposal.settlement.left_out:
        reasons = listed(HINDRANCES[each] for each in HINDRANCES if each in one.hindrances)
        yield one.id, proposal.people[one.id].person.name, reasons


def decision_words(proposal: Proposal, pk: int, *, number: int) -> str:
    """Why somebody is on the list that is settled, or is not, as the decision keeps it."""
    values = {"number": number, "article": surplus_article(proposal.election)}
    if pk in proposal.settlement.listed:
        return _("第%(number)d次确定正式候选人名单，列入名单。") % values
    for one in proposal.settlement.left_out:
        if one.id == pk:
            reasons = listed(HINDRANCES[each] for each in HINDRANCES if each in one.hindrances)
            return _("第%(number)d次确定正式候选人名单，未列入：%(reasons)s。") % {
                **values,
                "reasons": reasons,
            }
    candidacy = proposal.people[pk]
    post = next(one.post for one in proposal.settlement.posts if pk in one.not_listed)
    return _(
        "第%(number)d次确定正式候选人名单，未列入：得%(votes)d票，少于列入名单的人；"
        "候选人最多%(most)d人（%(article)s），以得票多的为正式候选人（%(order)s）。"
    ) % {
        **values,
        "votes": candidacy.votes or 0,
        "most": post.limit,
        "order": order_article(proposal.election),
    }


def limits_words(election: Election, post: Post) -> str:
    """How many candidates a post must and may have, with the article; nothing for self-nominees."""
    if post.least is None:
        return ""
    article = surplus_article(election)
    if post.limit is None:
        return _("至少%(least)d人（%(article)s）") % {"least": post.fewest, "article": article}
    if post.limit == post.fewest:
        return _("应为%(least)d人（%(article)s）") % {"least": post.fewest, "article": article}
    return _("应为%(least)d至%(most)d人（%(article)s）") % {
        "least": post.fewest,
        "most": post.limit,
        "article": article,
    }


def list_order_words(proposal: Proposal) -> str:
    """In which order the list stands, with the article where the rulebook sets one."""
    voted = proposal.order == VOTES and any(one.votes is not None for one in proposal.case)
    sentence, article = order_words(proposal.order, voted=voted), order_article(proposal.election)
    if not article:
        return sentence
    return _("%(order)s（%(article)s）") % {"order": sentence, "article": article}


def post_title(code: str) -> str:
    """A post in the reader's language; the whole of a Party committee."""
    return str(_("委员会")) if code == WHOLE_BODY else str(POST_TITLES.get(code, code))


def surplus_article(election: Election) -> str:
    """The article that asks for more candidates than seats."""
    parameters = procedure_of(election).parameters
    source = parameters.party_surplus if election.of_party_branch else parameters.surplus
    return _cited(election, source.source)


def order_article(election: Election) -> str:
    """The article that says in which order people stand; empty where the rulebook is silent."""
    parameters = procedure_of(election).parameters
    by_mode = {
        "nominated": parameters.candidate_order,
        "self_nominated": parameters.self_nominee_order,
    }
    sourced = by_mode.get(election.mode)
    return _cited(election, sourced.source) if sourced else ""


def names(proposal: Proposal, pks: Iterable[int]) -> str:
    """Some of these people by name, and how many there are in all."""
    people = [proposal.people[pk].person.name for pk in pks]
    shown = listed(people[:NAMED])
    if len(people) <= NAMED:
        return shown
    return ngettext("%(names)s等%(count)d人", "%(names)s等%(count)d人", len(people)) % {
        "names": shown,
        "count": len(people),
    }


def _cited(election: Election, source: Source) -> str:
    return procedure_of(election).cite(source, get_language() or "")
