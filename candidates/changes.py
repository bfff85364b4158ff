"""Whose verdict changed, by whose act and when: as a list, as a sentence, as a line on the home page.

A verdict is no secret to the office. What it rests on is: nothing here says what was found, nor
which department an answer came from.
"""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from candidates.filters import name_filter, sees_many_townships, township_filter
from candidates.models import CAUSES, Assessment, Verdict
from candidates.models.assessments import AssessmentQuerySet
from candidates.phrases import VERDICTS
from candidates.rules.eligibility import Verdict as Judged
from election_admin.accounts.access import Reach
from election_admin.accounts.models import User
from election_admin.forms import DateInput
from election_admin.places.models import Place
from election_admin.sentences import bracketed, listed
from election_admin.tables import Column, OfficeFilterSet, OfficeTable
from villages.tables import ONE_LINE, state_mark

# So many people a sentence names before it only counts them.
NAMED = 5
WEEK = timedelta(days=7)
_REPLY = "candidates.reply"
_MARKS = {Verdict.QUALIFIED: "good", Verdict.DISQUALIFIED: "bad", Verdict.NOT_ESTABLISHED: "warn"}
ALL = _lazy("全部")


def changed_verdicts(reach: Reach) -> QuerySet[Assessment]:
    """The assessments of the terms being held there that said something else than the one before."""
    return (
        Assessment.objects.visible_to(reach)
        .filter(candidacy__election__term__current=True)
        .changes()
        # Encrypted, and shown by no list.
        .defer("snapshot", "candidacy__standing")
        .select_related("candidacy__person", "candidacy__election__place__parent", "caused_by")
        .order_by("-at", "-pk")
    )


def made_by(actor: User, *, cause: str, at: datetime) -> AssessmentQuerySet:
    """The assessments that one act of this user made: ``cause`` is its verb, ``at`` its moment."""
    return Assessment.objects.filter(caused_by=actor, at=at, cause=cause).defer("snapshot")


def caused_by_words(assessment: Assessment) -> str:
    """Whose act it was. Not which department's answer: that would tell what it holds."""
    if assessment.cause == _REPLY:
        return _("联审部门")
    return assessment.caused_by.name if assessment.caused_by is not None else _("系统")


def change_words(was: str, verdict: str) -> str:
    """One verdict, then the other."""
    return _("%(was)s→%(verdict)s") % {
        "was": VERDICTS[Judged(was)],
        "verdict": VERDICTS[Judged(verdict)],
    }


def sentence_of(assessments: AssessmentQuerySet) -> str:
    """How many were judged anew, and whose verdict is another now; empty if nobody was judged."""
    judged = assessments.count()
    if not judged:
        return ""
    changed = list(assessments.changes().select_related("candidacy__person").order_by("pk")[: NAMED + 1])
    if not changed:
        return ngettext("重新认定%d人，结论没有变化。", "重新认定%d人，结论没有变化。", judged) % judged
    count = len(changed) if len(changed) <= NAMED else assessments.changes().count()
    named = listed(_named(one) for one in changed[:NAMED])
    words = {"judged": judged, "count": count, "names": named}
    if count > NAMED:
        return _("重新认定%(judged)d人，%(count)d人的结论有变：%(names)s等。") % words
    return _("重新认定%(judged)d人，%(count)d人的结论有变：%(names)s。") % words


def _named(assessment: Assessment) -> str:
    return f"{assessment.candidacy.person.name}{bracketed(change_words(assessment.was, assessment.verdict))}"


class ChangeTable(OfficeTable):
    """Assessments of ``changed_verdicts``. ``township`` is shown to those who see more than one."""

    at = Column(verbose_name=_lazy("认定时间"), width=18, attrs=ONE_LINE)
    name = Column(verbose_name=_lazy("姓名"), accessor="candidacy__person__name", width=12)
    township = Column(
        verbose_name=_lazy("乡镇（街道）"),
        accessor="candidacy__election__place__parent__name",
        order_by="candidacy__election__place__parent__code",
        attrs=ONE_LINE,
    )
    village = Column(
        verbose_name=_lazy("村"),
        accessor="candidacy__election__place__name",
        order_by="candidacy__election__place__code",
        attrs=ONE_LINE,
    )
    post = Column(
        verbose_name=_lazy("竞选职务"), accessor="candidacy__post_title", order_by="candidacy__post"
    )
    was = Column(verbose_name=_lazy("原结论"), width=12)
    verdict = Column(verbose_name=_lazy("现结论"), width=12)
    cause = Column(verbose_name=_lazy("起因"), width=20)
    caused_by = Column(verbose_name=_lazy("由谁办理"), orderable=False, empty_values=(), width=14)
    current = Column(verbose_name=_lazy("是否现行结论"), visible=False, width=12)

    class Meta(OfficeTable.Meta):
        empty_text = _lazy(
            "没有资格结论的变化。选举日、材料、部门答复或者资格条件一有变动，结论变了的人列在这里。"
        )

    def __init__(self, rows: QuerySet[Any], *, one_township: bool) -> None:
        super().__init__(rows, exclude=("township",) if one_township else ())

    def exported_columns(self) -> list[Any]:
        return [column for column in self.columns.iterall() if column.name not in self.exclude]

    def render_at(self, value: datetime, record: Assessment) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>',
            reverse("candidates:assessment", args=[record.pk]),
            date_format(timezone.localtime(value), "Y-m-d H:i"),
        )

    def value_at(self, value: datetime) -> datetime:
        return value

    def render_name(self, value: str, record: Assessment) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("candidates:candidate", args=[record.candidacy_id]), value
        )

    def value_name(self, value: str) -> str:
        return value

    def render_was(self, record: Assessment) -> str:
        return str(record.get_was_display())

    def render_verdict(self, record: Assessment) -> SafeString:
        return state_mark(_MARKS[Verdict(record.verdict)], record.get_verdict_display())

    def value_verdict(self, record: Assessment) -> str:
        return str(record.get_verdict_display())

    def render_cause(self, record: Assessment) -> str:
        return record.cause_title

    def render_caused_by(self, record: Assessment) -> str:
        return caused_by_words(record)

    def value_current(self, value: bool) -> bool:
        return value


class ChangeFilter(OfficeFilterSet):
    """The filters of the list of changes."""

    q = name_filter("candidacy__person__name")
    township = township_filter("candidacy__election__place__parent")
    verdict = django_filters.ChoiceFilter(label=_lazy("现结论"), choices=Verdict.choices, empty_label=ALL)
    cause = django_filters.ChoiceFilter(label=_lazy("起因"), choices=tuple(CAUSES.items()), empty_label=ALL)
    since = django_filters.DateFilter(label=_lazy("自哪天起"), method="made_since", widget=DateInput)

    class Meta:
        model = Assessment
        fields: ClassVar[list[str]] = []

    def __init__(self, request: HttpRequest, rows: QuerySet[Any], *, reach: Reach) -> None:
        super().__init__(request.GET, rows, request=request)
        if sees_many_townships(reach):
            self.filters["township"].queryset = Place.objects.townships().visible_to(reach)
        else:
            del self.filters["township"]

    def made_since(self, rows: QuerySet[Any], name: str, value: date) -> QuerySet[Any]:
        """Only changes of that day and later."""
        return rows.filter(at__gte=_morning(value))


def recent(reach: Reach, *, on: date) -> dict[str, Any]:
    """The changes of the last seven days and since yesterday, and whose they are; for a home page."""
    rows = changed_verdicts(reach)
    week = rows.filter(at__gte=_morning(on - WEEK))
    newest = list(week[: NAMED + 1])
    return {
        "week": len(newest) if len(newest) <= NAMED else week.count(),
        "yesterday": rows.filter(at__gte=_morning(on - timedelta(days=1))).count() if newest else 0,
        "since": on - WEEK,
        "newest": [
            {"assessment": one, "change": change_words(one.was, one.verdict)} for one in newest[:NAMED]
        ],
        "more": len(newest) > NAMED,
    }


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))
