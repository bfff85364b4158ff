"""The list of villages, with what each needs."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.db.models import QuerySet
from django.urls import Resolver404, resolve, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext, pgettext

from election_admin.accounts.models import User
from election_admin.places.models import Place
from election_admin.tables import Column, NumberColumn, OfficeTable
from villages.models import Audit, Band, DisposalPlan, Stage
from villages.overview import WANT_A_PLAN
from villages.registry import Need, Urgency, needs_of

NEEDS_SHOWN = 3
ONE_LINE = {"td": {"class": "text-nowrap"}}
URGENCY_CLASSES = {Urgency.OVERDUE: "bad", Urgency.NOW: "warn", Urgency.SOON: "open"}


def band_mark(band: str) -> SafeString:
    """The mark and word of a band."""
    return format_html('<span class="band band-{}">{}</span>', band, Band(band).label)


def state_mark(state: str, text: Any) -> SafeString:
    """The mark and word of a state: good, warn, bad or open."""
    return format_html('<span class="state state-{}">{}</span>', state, text)


def distance(day: date, *, on: date) -> str:
    """How far the election is: still so many days, today, so many days ago."""
    days = (day - on).days
    if days > 0:
        return ngettext("还有%d天", "还有%d天", days) % days
    return _("就是今天") if days == 0 else ngettext("已过%d天", "已过%d天", -days) % -days


def plan_words(village: Any) -> tuple[str, str]:
    """How the plan of a village stands: a state and its words; empty where none is wanted."""
    newest = str(DisposalPlan.State(village.plan_state).label) if village.plan_state else ""
    if village.lacks_plan:
        return "bad", _("没有批准的预案（%s）") % newest if newest else _("没有预案")
    if village.plan_approved and village.plan_state != DisposalPlan.State.APPROVED:
        return "good", _("已批准（新版%s）") % newest
    if village.plan_approved:
        return "good", newest
    return "open", newest


def audit_words(village: Any) -> tuple[str, str]:
    """How the audit of a village stands."""
    words = str(Audit.State(village.audit_state).label) if village.audit_state else _("未开始")
    if village.audit_state == Audit.State.PUBLISHED:
        return "good", words
    return "bad" if village.lacks_audit else "open", words


class VillageTable(OfficeTable):
    """Villages of an ``overview``. ``township`` is shown to those who see more than one."""

    name = Column(verbose_name=_lazy("村"), width=16)
    code = Column(verbose_name=_lazy("区划代码"), width=15, visible=False)
    township = Column(
        verbose_name=_lazy("乡镇（街道）"),
        accessor="parent__name",
        order_by="parent__code",
        width=14,
        attrs=ONE_LINE,
    )
    band = Column(verbose_name=_lazy("等级"), order_by="band_rank", width=10)
    score = NumberColumn(verbose_name=_lazy("得分"), initial_sort_descending=True)
    stage = Column(
        verbose_name=_lazy("选举阶段"),
        order_by="stage_rank",
        default=_lazy("未列入本届"),
        width=12,
        attrs=ONE_LINE,
    )
    election_day = Column(verbose_name=_lazy("选举日"), empty_values=(), width=12)
    overdue = NumberColumn(verbose_name=_lazy("逾期"), initial_sort_descending=True)
    needs = Column(verbose_name=_lazy("需要办理"), empty_values=(), orderable=False, width=60)
    plan = Column(
        verbose_name=_lazy("处置预案"), order_by=("-lacks_plan", "plan_state"), empty_values=(), width=20
    )
    audit = Column(
        verbose_name=_lazy("审计"), order_by=("-lacks_audit", "audit_state"), empty_values=(), width=12
    )

    class Meta(OfficeTable.Meta):
        empty_text = _lazy("没有符合条件的村。请放宽或清除筛选条件。")

    def __init__(self, rows: QuerySet[Any], *, user: User, on: date, one_township: bool) -> None:
        super().__init__(rows, exclude=("township",) if one_township else ())
        self.user = user
        self.on = on
        self.found_needs: dict[int, list[Need]] = {}

    def prepare(self, records: Sequence[Place]) -> None:
        self.found_needs = needs_of(self.user, records, on=self.on)

    def exported_columns(self) -> list[Any]:
        return [column for column in self.columns.iterall() if column.name not in self.exclude]

    def render_name(self, record: Place) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("villages:village", args=[record.code]), record.name
        )

    def value_name(self, record: Place) -> str:
        return record.name

    def render_band(self, record: Any) -> SafeString:
        remark = self._band_remark(record)
        if not remark:
            return band_mark(record.band)
        return format_html('{}<div class="quiet small-text">{}</div>', band_mark(record.band), remark)

    def value_band(self, record: Any) -> str:
        remark = self._band_remark(record)
        label = str(Band(record.band).label)
        return f"{label}（{remark}）" if remark else label

    def _band_remark(self, record: Any) -> str:
        if record.computed_band and record.band != record.computed_band:
            return _("测算为%s") % Band(record.computed_band).label
        return _("待审定") if record.rating_waits else ""

    def render_score(self, value: Decimal) -> str:
        return f"{value:.1f}"

    def value_score(self, value: Decimal) -> Decimal:
        return value

    def render_stage(self, value: str) -> str:
        return str(Stage(value).label)

    def render_election_day(self, record: Any) -> SafeString:
        if record.election_day is None:
            return state_mark("warn", _("未定"))
        return format_html(
            '<span class="text-nowrap">{}</span><div class="quiet small-text">{}</div>',
            date_format(record.election_day, "Y-m-d"),
            distance(record.election_day, on=self.on),
        )

    def value_election_day(self, record: Any) -> date | None:
        day: date | None = record.election_day
        return day

    def render_overdue(self, value: int) -> SafeString | str:
        return state_mark("bad", value) if value else "0"

    def value_overdue(self, value: int) -> int:
        return value

    def render_needs(self, record: Place) -> SafeString:
        needs = self.found_needs[record.pk]
        if not needs:
            return state_mark("good", _("没有待办事项"))
        more: SafeString | str = ""
        if len(needs) > NEEDS_SHOWN:
            more = format_html(
                '<li><a class="quiet" href="{}">{}</a></li>',
                reverse("villages:village", args=[record.code]),
                _("另有%d项") % (len(needs) - NEEDS_SHOWN),
            )
        shown = format_html_join("", "<li>{}</li>", ((self._need(need),) for need in needs[:NEEDS_SHOWN]))
        return format_html('<ul class="needs">{}{}</ul>', shown, more)

    def value_needs(self, record: Place) -> str:
        return pgettext("between sentences", "；").join(need.text for need in self.found_needs[record.pk])

    def _need(self, need: Need) -> SafeString:
        """A need, linked to where it is done if this user is let in there."""
        mark = URGENCY_CLASSES[need.urgency]
        if not may_open(self.user, need.url):
            return state_mark(mark, need.text)
        return format_html('<a class="state state-{}" href="{}">{}</a>', mark, need.url, need.text)

    def render_plan(self, record: Any) -> SafeString | str:
        state, words = plan_words(record)
        if not words:
            return "—"
        if record.band not in WANT_A_PLAN:
            return format_html('<span class="quiet">{}</span>', words)
        return state_mark(state, words)

    def value_plan(self, record: Any) -> str:
        return plan_words(record)[1]

    def render_audit(self, record: Any) -> SafeString:
        return state_mark(*audit_words(record))

    def value_audit(self, record: Any) -> str:
        return audit_words(record)[1]


def may_open(user: User, url: str) -> bool:
    """Whether the page at an address of ours lets this user's role in."""
    try:
        access = getattr(resolve(urlsplit(url).path).func, "access", None)
    except Resolver404:
        return False
    return access is not None and access.allows(user)
