"""Objections as lists: open ones first, with the days they have waited. Never what they say."""

from datetime import date
from typing import Any, ClassVar

import django_filters
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from candidates.filters import ALL, township_filter, village_filter
from candidates.models import Objection
from candidates.models.objections import ObjectionQuerySet
from election_admin.accounts.access import Reach, reach_of
from election_admin.accounts.models import Role, User
from election_admin.accounts.signed_in import signed_in
from election_admin.places.models import Place
from election_admin.tables import Column, DateColumn, OfficeFilterSet, OfficeTable
from villages.tables import state_mark

OFFICIALS = (Role.TOWNSHIP, Role.COUNTY)
OPEN, DECIDED = "open", "decided"


def listed_objections(user: User) -> ObjectionQuerySet:
    """The objections a user may read, open ones first, the oldest of them before."""
    return (
        Objection.objects.readable_by(user)
        .select_related(
            "candidacy__person", "election__place__parent", "election__term", "recorded_by", "decided_by"
        )
        # Encrypted, and shown by no list.
        .defer("raised_by", "content", "grounds", "candidacy__standing", "candidacy__person__id_number")
        .order_by(F("decided_on").desc(nulls_first=True), "received_on", "pk")
    )


def waiting_words(objection: Objection, *, on: date) -> str:
    """For how many days an open objection has waited; empty for one that is decided."""
    if not objection.is_open:
        return ""
    days = (on - objection.received_on).days
    if days <= 0:
        return _("今天收到")
    return ngettext("已收到%d天", "已收到%d天", days) % days


def state_of(objection: Objection, *, on: date) -> tuple[str, str]:
    """How an objection stands: a state and its words."""
    if objection.is_open:
        return "warn", waiting_words(objection, on=on)
    return "good", str(objection.get_outcome_display())


class ObjectionTable(OfficeTable):
    """Objections of ``listed_objections``; the Excel file has no name and nothing of what they say.

    ``official``: the reader sees candidates; else only names that stand on the village's notices.
    """

    about = Column(verbose_name=_lazy("异议内容"), width=24)
    candidate = Column(
        verbose_name=_lazy("涉及的人"),
        accessor="candidacy",
        orderable=False,
        empty_values=(),
        exclude_from_export=True,
    )
    village = Column(
        verbose_name=_lazy("村"),
        accessor="election__place__name",
        order_by="election__place__code",
        width=16,
    )
    township = Column(
        verbose_name=_lazy("乡镇（街道）"),
        accessor="election__place__parent__name",
        order_by="election__place__parent__code",
        width=14,
    )
    election = Column(verbose_name=_lazy("选举"), accessor="election__title", orderable=False, width=22)
    office = Column(verbose_name=_lazy("受理机构"), width=16)
    received_on = DateColumn(verbose_name=_lazy("收到日期"), width=12)
    state = Column(
        verbose_name=_lazy("处理"), accessor="outcome", order_by="outcome", empty_values=(), width=16
    )
    decided_on = DateColumn(verbose_name=_lazy("决定日期"), width=12)
    decided_body = Column(verbose_name=_lazy("决定机构"), orderable=False, width=24)

    class Meta(OfficeTable.Meta):
        empty_text = _lazy(
            "没有异议。村民或者本人对候选人的资格、对不能确定为候选人的决定、对名单提出异议的，登记后列在这里。"
        )

    def __init__(
        self, rows: QuerySet[Any], *, on: date, official: bool, hidden: tuple[str, ...] = ()
    ) -> None:
        self.on, self.official = on, official
        super().__init__(rows, exclude=hidden)

    def render_about(self, record: Objection) -> SafeString:
        address = reverse("candidates:objection", args=[record.pk])
        return format_html('<a href="{}">{}</a>', address, record.get_about_display())

    def value_about(self, record: Objection) -> str:
        return str(record.get_about_display())

    def render_candidate(self, record: Objection) -> str:
        return candidate_words(record, official=self.official)

    def render_state(self, record: Objection) -> SafeString:
        return state_mark(*state_of(record, on=self.on))

    def value_state(self, record: Objection) -> str:
        return state_of(record, on=self.on)[1]


def candidate_words(objection: Objection, *, official: bool) -> str:
    """Whom it is about, name and post; a dash for a list, and for whom the reader may not know of."""
    candidacy = objection.candidacy
    if candidacy is None or not (official or candidacy.is_standing):
        return "—"
    return _("%(name)s（%(post)s）") % {"name": candidacy.person.name, "post": candidacy.post_title}


class ObjectionFilter(OfficeFilterSet):
    """The filters of the lists of objections; places only for whoever sees several villages."""

    township = township_filter("election__place__parent")
    village = village_filter("election__place")
    about = django_filters.ChoiceFilter(
        label=_lazy("异议内容"), choices=Objection.About.choices, empty_label=ALL
    )
    office = django_filters.ChoiceFilter(
        label=_lazy("受理机构"), choices=Objection.Office.choices, empty_label=ALL
    )
    state = django_filters.ChoiceFilter(
        label=_lazy("处理"),
        choices=((OPEN, _lazy("未处理")), (DECIDED, _lazy("已处理")), *Objection.Outcome.choices),
        method="standing_so",
        empty_label=ALL,
    )

    class Meta:
        model = Objection
        fields: ClassVar[list[str]] = []

    def __init__(self, request: HttpRequest, objections: QuerySet[Any], *, of_election: bool = False) -> None:
        super().__init__(request.GET, objections, request=request)
        user = signed_in(request)
        if of_election:
            del self.filters["township"], self.filters["village"]
            if not any(user.holds(role) for role in OFFICIALS):
                del self.filters["office"]
            return
        reach = reach_of(user, *OFFICIALS)
        if sees_many_townships(user):
            self.filters["township"].queryset = Place.objects.townships().visible_to(reach)
        else:
            del self.filters["township"]
        self.filters["village"].queryset = Place.objects.villages().visible_to(reach)

    def standing_so(self, objections: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Only objections that stand so."""
        if value in (OPEN, DECIDED):
            return objections.filter(decided_on__isnull=value == OPEN)
        return objections.filter(outcome=value)


def sees_many_townships(user: User) -> bool:
    """Whether the user's objections can come from more than one township."""
    reach: Reach = reach_of(user, *OFFICIALS)
    return user.holds(Role.COUNTY) or len(reach.place_codes) > 1
