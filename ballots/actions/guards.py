"""What the office's own records must show before a step is recorded.

A rulebook names the guards of each step; each answers with a sentence that says what is missing
and what to do, or with None.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ballots.committee import must_leave, serving_count
from ballots.models import Step
from ballots.rolls import count_under_age, has_voters, is_further
from ballots.wording import cite, step_title
from candidates.final_lists import WHOLE_BODY, posts_of
from candidates.list_words import post_title
from candidates.models import Candidacy, Person, Verdict
from candidates.reviewable import sent_up, signed_verdicts
from candidates.rules.final_list import Post
from election_admin.rulebooks.eligibility_lists import load_eligibility_list
from election_admin.rulebooks.procedures import Guard
from election_admin.sentences import one_after_another
from villages.models import Election
from villages.procedures import course_of, procedure_of

GuardFunction = Callable[[Election, Step, date], str | None]

RESULT = "result_announced"


def refusals(election: Election, step: Step, done_on: date) -> Iterator[str]:
    """Yield every reason why the office's records do not allow this step yet."""
    for name in course_of(election).steps[step.code].guards:
        sentence = GUARDS[name](election, step, done_on)
        if sentence:
            yield sentence


def open_violations(election: Election, step: Step) -> Iterator[str]:
    """Yield a sentence for each violation at a step that is not put right: it keeps the step open."""
    for violation in step.violations.open():
        yield _("“%(step)s”有尚未纠正的违规：%(what)s。请先登记纠正，再登记这一步。") % {
            "step": step_title(election, step.code),
            "what": violation.what.rstrip("。."),
        }


def roll(election: Election, step: Step, done_on: date) -> str | None:
    """A list of voters is published or made final only when there is one (arts. 13 and 14)."""
    if not has_voters(election):
        return _("选民名单还是空的：请先登记选民，再办理这一步。")
    too_young = count_under_age(election)
    if too_young:
        return _("选民名单中有%d人选举日未满十八周岁：请先核对并移出名单。") % too_young
    return None


def joint_review(election: Election, step: Step, done_on: date) -> str | None:
    """The joint review is done when the county has signed it of everybody who stands.

    Whoever is nominated later is not covered by what was signed of the others; nor is anybody whose
    verdict has changed since, or about whom something is to be settled.
    """
    asked = load_eligibility_list(election.term.eligibility_list).departments.value
    standing = list(Candidacy.objects.filter(election=election).standing().with_answers(asked))
    if not standing:
        return _("还没有登记候选人：请先由乡镇登记候选人，送县级部门联审。")
    signed = signed_verdicts(one.pk for one in standing)
    sent = sent_up(one.pk for one in standing)
    sentences = (
        (
            # Whoever went out and came back waits for a batch, whatever was signed before.
            sum(
                one.pk not in sent and (one.pk not in signed or one.state == Candidacy.State.PRELIMINARY)
                for one in standing
            ),
            _("还有%d名候选人没有上报县级联审：请由乡镇上报，各部门答复、县级签署以后，才能登记联审完成。"),
        ),
        (
            sum(one.answers < len(asked) for one in standing),  # type: ignore[attr-defined]
            _("还有%d名候选人的联审答复不齐：各部门逐人答复后，才能登记联审完成。"),
        ),
        (
            sum(one.verdict == Verdict.NOT_ESTABLISHED for one in standing),
            _("还有%d名候选人的资格尚未查清：请先查清并认定，再登记联审完成。"),
        ),
        (
            sum(one.is_frozen for one in standing),
            _("有%d名候选人的资格冻结，有事项待县里处理：处理以后，才能登记联审完成。"),
        ),
        (
            sum(one.pk not in signed for one in standing),
            _("还有%d名候选人的联审结果没有签署：县级签署以后，才能登记联审完成。"),
        ),
        (
            sum(signed.get(one.pk) != one.verdict for one in standing),
            _("有%d名候选人签署以后结论有变：请由乡镇重新上报联审，或者变更其状态。"),
        ),
    )
    return next((sentence % count for count, sentence in sentences if count), None)


def nobody_frozen(election: Election, step: Step, done_on: date) -> str | None:
    """No ballot is printed with somebody about whom something is to be settled, or who may not be on it."""
    standing = list(Candidacy.objects.filter(election=_with_candidates(election)).standing())
    frozen = sum(one.is_frozen for one in standing)
    if frozen:
        return _("有%d名候选人的资格冻结，有事项待县里处理：处理以前不能印制选票，请与乡镇联系。") % frozen
    unqualified = sum(
        one.state == Candidacy.State.FINAL and one.verdict != Verdict.QUALIFIED for one in standing
    )
    if unqualified:
        return (
            _("正式候选人中有%d人现在不是“符合资格”：不能印上选票，请乡镇先变更其状态并公布更正后的名单。")
            % unqualified
        )
    return None


def _with_candidates(election: Election) -> Election:
    """The election whose candidates stand in this one: in a further election, those of the vote before."""
    own = Candidacy.objects.filter(election=election).exists()
    if own or election.follows is None or not is_further(election):
        return election
    return _with_candidates(election.follows)


def final_list(election: Election, step: Step, done_on: date) -> str | None:
    """The final list holds only qualified people; of candidates, more than seats (arts. 13 and 15)."""
    standing = list(Candidacy.objects.filter(election=election).standing().select_related("person"))
    if not standing:
        return _("还没有登记候选人：请先由乡镇登记候选人。")
    frozen = sum(one.is_frozen for one in standing)
    if frozen:
        return _("有%d名候选人的资格已冻结：请先由县里处理冻结事项，再确定名单。") % frozen
    not_final = sum(one.state != Candidacy.State.FINAL for one in standing)
    if not_final:
        return _("还有%d名候选人没有确定为正式候选人：请先由乡镇在“正式候选人名单”页面确定名单。") % not_final
    unqualified = sum(one.verdict != Verdict.QUALIFIED for one in standing)
    if unqualified:
        return (
            _("有%d名候选人没有认定为符合资格：不能列入正式候选人名单，请乡镇先核实并变更状态。")
            % unqualified
        )
    return one_after_another(_seat_faults(election, standing)) or None


def election_committee(election: Election, step: Step, done_on: date) -> str | None:
    """The committee that presides is recorded, and has as many members as the law wants (art. 12)."""
    serving = serving_count(election)
    if not serving:
        return _("还没有登记推选结果：请先登记村民选举委员会的成员和得票。")
    procedure = procedure_of(election)
    size = procedure.parameters.election_committee_size
    if size is None or serving in size.value:
        return None
    return _("村民选举委员会现有%(serving)d人，应为%(least)d至%(most)d人（%(source)s）：请先补齐或更正。") % {
        "serving": serving,
        "least": size.value.least,
        "most": size.value.most or serving,
        "source": cite(procedure, size.source),
    }


def nobody_has_to_leave(election: Election, step: Step, done_on: date) -> str | None:
    """Whoever is nominated has left the committee, and so have their relatives (art. 12)."""
    return one_after_another(one.sentence for one in must_leave(election)) or None


def party_branch_first(election: Election, step: Step, done_on: date) -> str | None:
    """Where the Party branch is elected here, its result comes before the villagers' vote."""
    if election.of_party_branch or not procedure_of(election).parameters.party_branch_first.value:
        return None
    result = (
        Step.objects.filter(
            election__in=Election.objects.of_party_branch().filter(
                place=election.place_id, term=election.term_id
            ),
            code=RESULT,
        )
        .select_related("election__term", "election__edition")
        .first()
    )
    if result is None or (result.done_on is not None and result.done_on <= done_on):
        return None
    values = {"step": step_title(result.election, result.code)}
    if result.done_on is None:
        return _("应先换届村党组织：请先办完村党组织换届选举，登记“%(step)s”。") % values
    return _("应先换届村党组织：村党组织换届选举的“%(step)s”在%(day)s才办理，晚于所填日期。") % {
        **values,
        "day": date_format(result.done_on),
    }


GUARDS: Mapping[Guard, GuardFunction] = {
    "roll": roll,
    "joint_review": joint_review,
    "final_list": final_list,
    "nobody_frozen": nobody_frozen,
    "election_committee": election_committee,
    "nobody_has_to_leave": nobody_has_to_leave,
    "party_branch_first": party_branch_first,
}


def _seat_faults(election: Election, standing: list[Candidacy]) -> Iterator[str]:
    """Yield, post by post, where those who stand do not fit the seats."""
    seats = {seat.post: seat.seats for seat in election.seats.all()}
    homeless = sum(one.post not in seats for one in standing)
    if homeless:
        yield _("有%d名候选人竞选的职务不在本次名额之内：请先更正竞选职务。") % homeless
    women = [seat.post for seat in election.seats.all() if seat.women_only]
    men = sum(one.post in women and one.person.sex != Person.Sex.FEMALE for one in standing)
    if men:
        yield _("妇女委员的候选人中有%d名男性：妇女名额只能由女性竞选，请先更正。") % men
    for post in posts_of(election):
        count = sum(post.code in (one.post, WHOLE_BODY) for one in standing)
        sentence = _surplus_fault(post, count)
        if sentence:
            yield sentence


def _surplus_fault(post: Post, candidates: int) -> str | None:
    """Why a post's candidates are too few or too many; self-nominees never are."""
    if post.least is None:
        return None
    values = {
        "post": post_title(post.code),
        "seats": post.seats,
        "candidates": candidates,
        "least": post.fewest,
        "most": post.limit,
    }
    if candidates < post.fewest:
        return (
            _(
                "%(post)s应选%(seats)d人，正式候选人%(candidates)d人，差额不够：至少应有%(least)d人，请补充提名。"
            )
            % values
        )
    if post.limit is None or candidates <= post.limit:
        return None
    return (
        _("%(post)s应选%(seats)d人，正式候选人%(candidates)d人，超过法定差额：最多%(most)d人，请核对。")
        % values
    )
