"""The lists of the joint review: batches, and what each department has been asked and has answered."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar
from urllib.parse import urlencode

import django_filters
from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from candidates.filters import ALL, sees_many_townships, township_filter
from candidates.judgements import department_title
from candidates.models import Enquiry, Flag, ReviewBatch, ReviewItem
from election_admin.accounts.access import Reach
from election_admin.places.models import Place
from election_admin.rulebooks.departments import load_departments
from election_admin.tables import Column, DateColumn, NumberColumn, OfficeFilterSet, OfficeTable
from villages.tables import ONE_LINE, state_mark

State = ReviewBatch.State
STATE_MARKS: Mapping[str, str] = {
    State.DRAFT: "open",
    State.SENT: "open",
    State.RETURNED: "bad",
    State.SIGNED: "good",
}
# How a batch can stand besides its state; the numbers on the home pages filter by the same.
OVERDUE, WAITING, READY, FROZEN = "overdue", "waiting", "ready", "frozen"
SITUATIONS: Mapping[str, Promise] = {
    OVERDUE: _lazy("有部门逾期未答复"),
    WAITING: _lazy("有部门尚未答复"),
    READY: _lazy("答复已齐，待签署"),
    FROZEN: _lazy("有待处理的冻结事项"),
}


def listed_batches(reach: Reach) -> QuerySet[Any]:
    """The batches of the terms being held there, the newest first, with how far they are answered."""
    return (
        ReviewBatch.objects.visible_to(reach)
        .current()
        .counted()
        .select_related("place", "term")
        .order_by(F("sent_at").desc(nulls_first=True), "-pk")
    )


def listed_enquiries(reach: Reach) -> QuerySet[Any]:
    """What departments are asked there by the batches under way, those wanting an answer soonest first."""
    rows: QuerySet[Any] = (
        Enquiry.objects.visible_to(reach)
        .filter(batch__state=State.SENT, batch__term__current=True)
        .counted()
        .select_related("batch__place", "batch__term")
    )
    return rows.order_by("batch__due_on", "-missing", "batch__place__code", "batch__number", "pk")


def in_situation(batches: QuerySet[Any], situation: str, *, on: date) -> QuerySet[Any]:
    """Only batches that stand so."""
    if situation == FROZEN:
        flagged = Flag.objects.open().filter(candidacy=OuterRef("candidacy"))
        frozen = ReviewItem.objects.standing().filter(Exists(flagged), batch=OuterRef("pk"))
        return batches.filter(Exists(frozen), state=State.SENT)
    sent = batches.filter(state=State.SENT)
    if situation == READY:
        return sent.filter(missing=0, people__gt=0)
    waiting = sent.filter(missing__gt=0)
    return waiting.filter(due_on__lt=on) if situation == OVERDUE else waiting


def batches_url(**filters: str) -> str:
    """The address of the list of batches under these filters."""
    return f"{reverse('candidates:batches')}?{urlencode(filters)}"


def due_words(day: date, *, on: date) -> str:
    """How far off the day for the answers is."""
    days = (day - on).days
    if days > 0:
        return ngettext("还有%d天", "还有%d天", days) % days
    return _("今天到期") if days == 0 else ngettext("逾期%d天", "逾期%d天", -days) % -days


def due_state(day: date, *, on: date) -> str:
    """The colour of that day: what is overdue, what is due today or tomorrow."""
    days = (day - on).days
    if days < 0:
        return "bad"
    return "warn" if days <= 1 else "open"


class BatchTable(OfficeTable):
    """Batches of ``listed_batches``. ``township`` is shown to those who see more than one."""

    batch = Column(verbose_name=_lazy("批次"), accessor="number", width=18, attrs=ONE_LINE)
    township = Column(
        verbose_name=_lazy("乡镇（街道）"), accessor="place__name", order_by="place__code", width=14
    )
    state = Column(verbose_name=_lazy("状态"), width=10, attrs=ONE_LINE)
    people = NumberColumn(verbose_name=_lazy("人数"), initial_sort_descending=True)
    answered = NumberColumn(verbose_name=_lazy("已答复"), orderable=False)
    missing = NumberColumn(verbose_name=_lazy("未答复"), initial_sort_descending=True)
    due_on = DateColumn(verbose_name=_lazy("答复期限"), width=12)
    left = Column(verbose_name=_lazy("期限"), accessor="due_on", orderable=False, width=12)
    sent_at = Column(verbose_name=_lazy("上报时间"), width=16)
    signed_at = Column(verbose_name=_lazy("签署时间"), width=16)

    class Meta(OfficeTable.Meta):
        empty_text = _lazy("没有符合条件的批次。乡镇建立批次并上报后，列在这里。")

    def __init__(self, rows: QuerySet[Any], *, on: date, one_township: bool) -> None:
        super().__init__(rows, exclude=("township",) if one_township else ())
        self.on = on

    def render_batch(self, record: ReviewBatch) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>',
            reverse("candidates:batch", args=[record.pk]),
            _("第%d批") % record.number,
        )

    def value_batch(self, record: ReviewBatch) -> str:
        return str(record)

    def render_state(self, record: ReviewBatch) -> SafeString:
        return state_mark(STATE_MARKS[record.state], record.get_state_display())

    def value_state(self, record: ReviewBatch) -> str:
        return str(record.get_state_display())

    def render_answered(self, record: Any) -> str:
        return f"{record.answered}/{record.asked}" if record.departments else "—"

    def value_answered(self, record: Any) -> int:
        number: int = record.answered
        return number

    def render_missing(self, value: int, record: Any) -> SafeString | str:
        if record.state != State.SENT or not value:
            return "0" if record.departments else "—"
        return format_html('<a href="{}">{}</a>', enquiries_url(batch=str(record.pk), missing="yes"), value)

    def value_missing(self, value: int) -> int:
        return value

    def render_left(self, value: date, record: ReviewBatch) -> SafeString | str:
        if not self._running(record):
            return "—"
        return state_mark(due_state(value, on=self.on), due_words(value, on=self.on))

    def value_left(self, value: date, record: ReviewBatch) -> str:
        return due_words(value, on=self.on) if self._running(record) else ""

    def _running(self, record: Any) -> bool:
        """Whether somebody still has to answer, or to send it up, by that day."""
        return bool(record.is_open or (record.state == State.SENT and record.missing > 0))

    def render_sent_at(self, value: Any) -> str:
        return date_format(timezone.localtime(value), "Y-m-d H:i")

    def value_sent_at(self, value: Any) -> Any:
        return value

    def render_signed_at(self, value: Any) -> str:
        return date_format(timezone.localtime(value), "Y-m-d H:i")

    def value_signed_at(self, value: Any) -> Any:
        return value


class BatchFilter(OfficeFilterSet):
    """The filters of the list of batches."""

    township = township_filter("place")
    state = django_filters.ChoiceFilter(label=_lazy("状态"), choices=State.choices, empty_label=ALL)
    situation = django_filters.ChoiceFilter(
        label=_lazy("情况"), choices=tuple(SITUATIONS.items()), method="standing", empty_label=ALL
    )

    class Meta:
        model = ReviewBatch
        fields: ClassVar[list[str]] = []

    def __init__(self, request: HttpRequest, batches: QuerySet[Any], *, reach: Reach, on: date) -> None:
        super().__init__(request.GET, batches, request=request)
        self.on = on
        self.filters["township"].queryset = Place.objects.townships().visible_to(reach)
        if not sees_many_townships(reach):
            del self.filters["township"]

    def standing(self, batches: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Only batches that stand so."""
        return in_situation(batches, value, on=self.on)


def enquiries_url(**filters: str) -> str:
    """The address of the list of who has not answered, under these filters."""
    return f"{reverse('candidates:review_overview')}?{urlencode(filters)}"


class EnquiryTable(OfficeTable):
    """Enquiries of ``listed_enquiries``. ``township`` is shown to those who see more than one."""

    department = Column(verbose_name=_lazy("部门"), width=14, attrs=ONE_LINE)
    township = Column(
        verbose_name=_lazy("乡镇（街道）"),
        accessor="batch__place__name",
        order_by="batch__place__code",
        width=14,
    )
    batch = Column(verbose_name=_lazy("批次"), accessor="batch__number", width=10)
    asked = NumberColumn(verbose_name=_lazy("应答复"), initial_sort_descending=True)
    answered = NumberColumn(verbose_name=_lazy("已答复"), initial_sort_descending=True)
    missing = NumberColumn(verbose_name=_lazy("未答复"), initial_sort_descending=True)
    due_on = DateColumn(verbose_name=_lazy("答复期限"), accessor="batch__due_on", width=12)
    left = Column(verbose_name=_lazy("期限"), accessor="batch__due_on", orderable=False, width=12)
    reminded_at = Column(verbose_name=_lazy("最近催办"), width=16)
    reminders = NumberColumn(verbose_name=_lazy("催办次数"), initial_sort_descending=True)

    class Meta(OfficeTable.Meta):
        empty_text = _lazy("没有符合条件的部门。批次上报以后，各部门答复了多少，列在这里。")

    def __init__(self, rows: QuerySet[Any], *, on: date, one_township: bool) -> None:
        super().__init__(rows, exclude=("township",) if one_township else ())
        self.on = on

    def render_department(self, value: str) -> str:
        return department_title(value)

    def render_batch(self, value: int, record: Enquiry) -> SafeString:
        return self._link(record, _("第%d批") % value)

    def value_batch(self, value: int) -> str:
        return _("第%d批") % value

    def render_missing(self, value: int, record: Enquiry) -> SafeString | str:
        return self._link(record, value, department=record.department) if value else "0"

    def value_missing(self, value: int) -> int:
        return value

    def render_left(self, value: date, record: Any) -> SafeString:
        if not record.missing:
            return state_mark("good", _("已答复完毕"))
        return state_mark(due_state(value, on=self.on), due_words(value, on=self.on))

    def value_left(self, value: date, record: Any) -> str:
        return due_words(value, on=self.on) if record.missing else _("已答复完毕")

    def render_reminded_at(self, value: Any) -> str:
        return date_format(timezone.localtime(value), "Y-m-d H:i")

    def value_reminded_at(self, value: Any) -> Any:
        return value

    def _link(self, record: Enquiry, text: object, **query: str) -> SafeString:
        url = reverse("candidates:batch", args=[record.batch_id])
        return format_html('<a href="{}">{}</a>', f"{url}?{urlencode(query)}" if query else url, text)


class EnquiryFilter(OfficeFilterSet):
    """The filters of the list of who has not answered."""

    department = django_filters.ChoiceFilter(label=_lazy("部门"), choices=(), empty_label=ALL)
    township = township_filter("batch__place")
    batch = django_filters.ModelChoiceFilter(
        label=_lazy("批次"), queryset=ReviewBatch.objects.none(), empty_label=ALL
    )
    missing = django_filters.ChoiceFilter(
        label=_lazy("答复"),
        choices=(("yes", _lazy("未答复完毕")), ("overdue", _lazy("逾期未答复")), ("no", _lazy("已答复完毕"))),
        method="unanswered",
        empty_label=ALL,
    )

    class Meta:
        model = Enquiry
        fields: ClassVar[list[str]] = []

    def __init__(self, request: HttpRequest, enquiries: QuerySet[Any], *, reach: Reach, on: date) -> None:
        super().__init__(request.GET, enquiries, request=request)
        self.on = on
        codes = [(one.code, department_title(one.code)) for one in load_departments()]
        self.filters["department"].extra["choices"] = codes
        self.filters["township"].queryset = Place.objects.townships().visible_to(reach)
        batches = ReviewBatch.objects.visible_to(reach).current().under_way().select_related("place")
        self.filters["batch"].queryset = batches
        if not sees_many_townships(reach):
            del self.filters["township"]

    def unanswered(self, enquiries: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Only enquiries answered in full, or only the others; of these, those overdue."""
        if value == "no":
            return enquiries.filter(missing=0)
        waiting = enquiries.filter(missing__gt=0)
        return waiting.filter(batch__due_on__lt=self.on) if value == "overdue" else waiting
