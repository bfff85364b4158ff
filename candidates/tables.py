"""The list of all candidates of a township or a county."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from candidates.filters import Asked
from candidates.models import Candidacy, DepartmentReply, Verdict
from election_admin.accounts.access import Reach
from election_admin.tables import Column, DateColumn, NumberColumn, OfficeTable
from villages.tables import ONE_LINE, state_mark

# The posts of both bodies, the highest first.
_POSTS = ("secretary", "deputy_secretary", "chair", "vice_chair", "women", "member")
_STATES = {
    Candidacy.State.FINAL: "good",
    Candidacy.State.STRUCK_OFF: "bad",
}
_VERDICTS = {
    Verdict.QUALIFIED: "good",
    Verdict.DISQUALIFIED: "bad",
    Verdict.NOT_ESTABLISHED: "warn",
}


def listed_candidacies(reach: Reach) -> QuerySet[Candidacy]:
    """Every candidacy of the terms being held there, village by village, post by post."""
    posts = (When(post=post, then=Value(rank)) for rank, post in enumerate(_POSTS))
    return (
        Candidacy.objects.visible_to(reach)
        .current()
        .with_person()
        .annotate(post_rank=Case(*posts, default=Value(len(_POSTS)), output_field=IntegerField()))
        # Encrypted, and shown by no list.
        .defer("standing")
        .order_by("election__place__code", "election_id", "post_rank", "id")
    )


class CandidateTable(OfficeTable):
    """Candidacies of ``listed_candidacies``; ``asked`` says which departments must answer."""

    name = Column(verbose_name=_lazy("姓名"), accessor="person__name", width=12)
    sex = Column(verbose_name=_lazy("性别"), accessor="person__get_sex_display", visible=False, width=6)
    born = NumberColumn(verbose_name=_lazy("出生年份"), accessor="person__born", visible=False)
    id_number = Column(
        verbose_name=_lazy("公民身份号码"),
        accessor="person__masked_id_number",
        orderable=False,
        width=20,
        attrs=ONE_LINE,
    )
    township = Column(
        verbose_name=_lazy("乡镇（街道）"),
        accessor="election__place__parent__name",
        order_by="election__place__parent__code",
        attrs=ONE_LINE,
    )
    village = Column(
        verbose_name=_lazy("村"),
        accessor="election__place__name",
        order_by="election__place__code",
        attrs=ONE_LINE,
    )
    election = Column(
        verbose_name=_lazy("选举"),
        accessor="election__title",
        order_by=("election__body", "election__occasion"),
        width=22,
    )
    post = Column(verbose_name=_lazy("竞选职务"), accessor="post_title", order_by="post_rank", width=10)
    how = Column(verbose_name=_lazy("产生方式"), order_by=("how", "supporters"), width=16)
    nominated_on = DateColumn(verbose_name=_lazy("提名日期"), visible=False, width=12)
    supporters = NumberColumn(verbose_name=_lazy("提名人数"), visible=False)
    votes = NumberColumn(verbose_name=_lazy("得票"), initial_sort_descending=True)
    state = Column(verbose_name=_lazy("状态"), width=16)
    frozen = Column(verbose_name=_lazy("冻结"), accessor="frozen_at", empty_values=(), visible=False, width=8)
    verdict = Column(verbose_name=_lazy("资格"), width=12)
    missing = Column(
        verbose_name=_lazy("联审答复"), empty_values=(), orderable=False, width=16, attrs=ONE_LINE
    )

    class Meta(OfficeTable.Meta):
        empty_text = _lazy("没有符合条件的候选人。请放宽或清除筛选条件。")

    def __init__(self, rows: QuerySet[Any], *, asked: Asked, one_township: bool) -> None:
        super().__init__(rows, exclude=("township",) if one_township else ())
        self.asked = asked
        self.answers: Counter[int] = Counter()

    def prepare(self, records: Sequence[Candidacy]) -> None:
        """Count who has answered about these candidates."""
        terms = {one.pk: one.election.term_id for one in records}
        given = DepartmentReply.objects.newest().filter(candidacy__in=terms).order_by()
        self.answers = Counter(
            candidacy
            for candidacy, department in given.values_list("candidacy_id", "department")
            if department in self.asked.get(terms[candidacy], ())
        )

    def exported_columns(self) -> list[Any]:
        return [column for column in self.columns.iterall() if column.name not in self.exclude]

    def render_name(self, record: Candidacy) -> SafeString:
        person = record.person
        return format_html(
            '<a href="{}">{}</a><div class="quiet small-text">{}</div>',
            reverse("candidates:candidate", args=[record.pk]),
            person.name,
            _("%(sex)s，%(year)d年生") % {"sex": person.get_sex_display(), "year": person.born.year},
        )

    def value_name(self, record: Candidacy) -> str:
        return record.person.name

    def value_born(self, record: Candidacy) -> int:
        """The year alone: with the day, the masked number would be whole again."""
        return record.person.born.year

    def render_village(self, record: Candidacy) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>',
            reverse("candidates:candidate_list", args=[record.election_id]),
            record.election.place.name,
        )

    def value_village(self, record: Candidacy) -> str:
        return record.election.place.name

    def render_how(self, record: Candidacy) -> str:
        if record.supporters is None:
            return record.get_how_display()
        words = {"how": record.get_how_display(), "count": record.supporters}
        return ngettext("%(how)s（%(count)d人）", "%(how)s（%(count)d人）", record.supporters) % words

    def value_how(self, record: Candidacy) -> str:
        return record.get_how_display()

    def render_state(self, record: Candidacy) -> SafeString:
        state = Candidacy.State(record.state)
        shown = state_mark(_STATES.get(state, "open"), state.label)
        if record.is_frozen:
            return format_html("{} {}", shown, state_mark("warn", _("已冻结")))
        return shown

    def value_state(self, record: Candidacy) -> str:
        return record.get_state_display()

    def value_frozen(self, record: Candidacy) -> bool:
        return record.is_frozen

    def render_verdict(self, record: Candidacy) -> SafeString:
        verdict = Verdict(record.verdict)
        return state_mark(_VERDICTS[verdict], verdict.label)

    def value_verdict(self, record: Candidacy) -> str:
        return record.get_verdict_display()

    def render_missing(self, record: Candidacy) -> SafeString:
        missing = self._missing(record)
        return state_mark("open" if missing else "good", self._missing_words(missing))

    def value_missing(self, record: Candidacy) -> str:
        return self._missing_words(self._missing(record))

    def _missing(self, record: Candidacy) -> int:
        return len(self.asked.get(record.election.term_id, ())) - self.answers[record.pk]

    def _missing_words(self, missing: int) -> str:
        if not missing:
            return _("已答复齐")
        return ngettext("缺%d个部门", "缺%d个部门", missing) % missing
