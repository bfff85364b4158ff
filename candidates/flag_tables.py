"""The list of what is frozen: who, since when, what kind of thing, settled or not. Never what was found."""

from typing import Any, ClassVar
from urllib.parse import urlencode

import django_filters
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from candidates.filters import (
    ALL,
    name_filter,
    sees_many_townships,
    township_filter,
    village_filter,
)
from candidates.models import Candidacy, Flag
from candidates.models.review import FlagQuerySet
from election_admin.accounts.access import Reach
from election_admin.places.models import Place
from election_admin.tables import Column, DateColumn, OfficeFilterSet, OfficeTable
from villages.tables import ONE_LINE, state_mark

OPEN, SETTLED = "open", "settled"
# Whoever came after others on the list may still move up: what is found of them is to be settled.
GONE = (Candidacy.State.DECLINED, Candidacy.State.STRUCK_OFF)


def listed_flags(reach: Reach) -> FlagQuerySet:
    """The flags of the terms being held there, open ones first, those whose vote is nearest before."""
    return (
        Flag.objects.visible_to(reach)
        .filter(candidacy__election__term__current=True)
        .select_related("candidacy__person", "candidacy__election__place__parent", "resolved_by")
        # Encrypted, and shown by no list.
        .defer("details", "resolution", "candidacy__standing", "candidacy__person__id_number")
        .order_by(
            F("resolved_at").desc(nulls_first=True),
            F("candidacy__election__election_day").asc(nulls_last=True),
            "pk",
        )
    )


def still_frozen(flags: FlagQuerySet) -> FlagQuerySet:
    """Only open flags that somebody has to act on: not of people who have left the election."""
    return flags.open().exclude(candidacy__state__in=GONE)


def flags_url(**filters: str) -> str:
    """The address of the list of flags under these filters."""
    return f"{reverse('candidates:flags')}?{urlencode(filters)}"


class FlagTable(OfficeTable):
    """Flags of ``listed_flags``. ``township`` is shown to those who see more than one."""

    name = Column(verbose_name=_lazy("姓名"), accessor="candidacy__person__name", width=12)
    village = Column(
        verbose_name=_lazy("村"),
        accessor="candidacy__election__place__name",
        order_by="candidacy__election__place__code",
        width=16,
    )
    township = Column(
        verbose_name=_lazy("乡镇（街道）"),
        accessor="candidacy__election__place__parent__name",
        order_by="candidacy__election__place__parent__code",
        width=14,
    )
    post = Column(verbose_name=_lazy("竞选职务"), accessor="candidacy__post_title", orderable=False, width=12)
    candidacy_state = Column(
        verbose_name=_lazy("候选人状态"),
        accessor="candidacy__get_state_display",
        order_by="candidacy__state",
        width=14,
    )
    kind = Column(verbose_name=_lazy("事项"), width=32)
    opened_at = Column(verbose_name=_lazy("发现时间"), width=16, attrs=ONE_LINE)
    election_day = DateColumn(
        verbose_name=_lazy("选举日"), accessor="candidacy__election__election_day", width=12
    )
    state = Column(
        verbose_name=_lazy("处理"), accessor="resolved_at", order_by="resolved_at", empty_values=(), width=24
    )

    class Meta(OfficeTable.Meta):
        empty_text = _lazy("没有冻结事项。部门答复不一致、签署后改变答复、名单确定后收到材料时，列在这里。")

    def __init__(self, rows: QuerySet[Any], *, one_township: bool) -> None:
        super().__init__(rows, exclude=("township",) if one_township else ())

    def render_name(self, value: str, record: Flag) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("candidates:flag", args=[record.pk]), value)

    def value_name(self, value: str) -> str:
        return value

    def render_opened_at(self, value: Any) -> str:
        return date_format(timezone.localtime(value), "Y-m-d H:i")

    def value_opened_at(self, value: Any) -> Any:
        return value

    def render_state(self, record: Flag) -> SafeString:
        return state_mark("good" if record.resolved_at else "warn", _settled_words(record))

    def value_state(self, record: Flag) -> str:
        return _settled_words(record)


def _settled_words(flag: Flag) -> str:
    if flag.resolved_at is None:
        return _("待县里处理")
    day = timezone.localdate(flag.resolved_at)
    if flag.resolved_by is None:
        return _("%s自动解除") % date_format(day, "Y-m-d")
    return _("%(day)s%(name)s处理") % {"day": date_format(day, "Y-m-d"), "name": flag.resolved_by.name}


class FlagFilter(OfficeFilterSet):
    """The filters of the list of flags."""

    q = name_filter("candidacy__person__name")
    township = township_filter("candidacy__election__place__parent")
    village = village_filter("candidacy__election__place")
    kind = django_filters.ChoiceFilter(label=_lazy("事项"), choices=Flag.Kind.choices, empty_label=ALL)
    state = django_filters.ChoiceFilter(
        label=_lazy("处理"),
        choices=((OPEN, _lazy("待处理")), (SETTLED, _lazy("已处理"))),
        method="settled",
        empty_label=ALL,
    )

    class Meta:
        model = Flag
        fields: ClassVar[list[str]] = []

    def __init__(self, request: HttpRequest, flags: QuerySet[Any], *, reach: Reach) -> None:
        super().__init__(request.GET, flags, request=request)
        self.filters["township"].queryset = Place.objects.townships().visible_to(reach)
        self.filters["village"].queryset = Place.objects.villages().visible_to(reach)
        if not sees_many_townships(reach):
            del self.filters["township"]

    def settled(self, flags: FlagQuerySet, name: str, value: str) -> FlagQuerySet:
        """Only flags that are settled, or only those somebody has to act on."""
        return still_frozen(flags) if value == OPEN else flags.filter(resolved_at__isnull=False)
