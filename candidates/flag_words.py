"""What froze a candidacy, in sentences: the kind for every official, the rest behind a look."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from candidates.judgements import department_title, finding_title
from candidates.models import DepartmentReply, Flag, Recheck, Verdict
from candidates.phrases import STATUSES
from candidates.rules.facts import Status
from election_admin.rulebooks.eligibility_lists import EligibilityList, load_eligibility_list
from election_admin.sentences import listed

# What happened, without what was found or said.
HAPPENED: Mapping[str, Promise] = {
    Flag.Kind.DISAGREEMENT: _lazy("对同一种情形，有的部门答复有记录，有的部门答复无记录。"),
    Flag.Kind.LATE_REPLY: _lazy("县级签署联审结果以后，有部门改变了答复。"),
    Flag.Kind.LATE_FINDING: _lazy("正式候选人名单确定以后，收到了新的认定材料。"),
    Flag.Kind.VERDICT_CHANGED: _lazy("正式候选人名单确定以后，资格结论有变，现在不是“符合资格”。"),
}
# What the county does about it.
TO_DO: Mapping[str, Promise] = {
    Flag.Kind.DISAGREEMENT: _lazy(
        "请有关部门重新核实；哪一个部门的答复有误，由该部门重新答复。不再不一致的，自动解除。"
    ),
    Flag.Kind.LATE_REPLY: _lazy("请核实该部门的答复，看资格结论是否改变，再写明处理意见。"),
    Flag.Kind.LATE_FINDING: _lazy(
        "请核实这份材料，看资格结论是否改变，再写明处理意见。材料有误的，由乡镇撤销。"
    ),
    Flag.Kind.VERDICT_CHANGED: _lazy(
        "请核实结论依据的材料和答复。处理以后，结论仍不是“符合资格”的，名单和选票都不能有这个人。"
    ),
}


@dataclass(frozen=True)
class ShownFlag:
    """A flag as its page shows it. ``details`` are left out, not hidden, while it is masked."""

    flag: Flag
    happened: str
    to_do: str
    details: tuple[str, ...]
    resolution: str
    masked: bool


@dataclass(frozen=True)
class ShownRecheck:
    """A department that was asked to check again, and when it answered anew, if it has."""

    title: str
    asked_at: datetime
    answered: bool


def shown_flag(flag: Flag, *, masked: bool) -> ShownFlag:
    """Return a flag in sentences; only what kind of thing it is about while masked."""
    source = load_eligibility_list(flag.candidacy.election.term.eligibility_list)
    return ShownFlag(
        flag=flag,
        happened=str(HAPPENED[flag.kind]),
        to_do=str(TO_DO[flag.kind]),
        details=() if masked else tuple(_details(flag, source)),
        # By itself, it says that nothing contradicts any more: that is about the answers too.
        resolution="" if masked else flag.resolution,
        masked=masked,
    )


def shown_rechecks(rechecks: Iterable[Recheck]) -> list[ShownRecheck]:
    """The departments asked to check again. Only for somebody whose look is open."""
    return [
        ShownRecheck(department_title(one.department), one.asked_at, not one.reply.newest) for one in rechecks
    ]


def _details(flag: Flag, source: EligibilityList) -> Iterable[str]:
    details = flag.details
    if flag.kind == Flag.Kind.DISAGREEMENT:
        yield _("情形：%s。") % finding_title(details["situation"], source)
        yield _("答复有记录的：%s。") % listed(map(department_title, details["record"]))
        yield _("答复无记录的：%s。") % listed(map(department_title, details["no_record"]))
    elif flag.kind == Flag.Kind.LATE_REPLY:
        yield _("部门：%s。") % department_title(details["department"])
        if flag.reply is not None:
            yield _("这次的答复：%s。") % DepartmentReply.Answer(flag.reply.answer).label
            if flag.reply.remark:
                yield _("说明：%s") % flag.reply.remark
    elif flag.kind == Flag.Kind.LATE_FINDING:
        yield _("情形：%s。") % finding_title(details["situation"], source)
        if flag.finding is not None:
            yield _("核实程度：%s。") % STATUSES[Status(flag.finding.details["status"])]
            if flag.finding.withdrawn_at is not None:
                yield _("这份材料已经撤销。")
    else:
        yield _("原来的结论：%s。") % Verdict(details["was"]).label
        yield _("后来的结论：%s。") % Verdict(details["verdict"]).label
