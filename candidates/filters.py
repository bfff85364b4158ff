"""Filters of the list of all candidates."""

import re
from collections.abc import Collection, Mapping
from typing import Any, ClassVar
from urllib.parse import urlencode

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_stubs_ext import StrPromise

from candidates.models import OUT, POST_TITLES, Candidacy, DepartmentReply, Verdict
from election_admin.accounts.access import Reach
from election_admin.pinyin import initials_pattern
from election_admin.places.models import CODE_DIGITS, Place
from election_admin.tables import OfficeFilterSet
from villages.models import Body

ALL = _lazy("全部")
STANDING = "standing"
MISSING, COMPLETE = "missing", "complete"
FROZEN, FREE = "yes", "no"
_LONG_DIGITS = re.compile(r"\d{6}")

# The departments that must answer, by the term whose list asks them.
Asked = Mapping[int, Collection[str]]


def not_a_number(typed: str) -> None:
    """Refuse an ID number: what is typed into a filter stands in the address of the page."""
    if _LONG_DIGITS.search(typed):
        raise ValidationError(_("请只输入姓名或拼音首字母，不要输入公民身份号码。"))


def name_filter(field: str) -> django_filters.CharFilter:
    """Part of a candidate's name."""
    return django_filters.CharFilter(
        label=_lazy("姓名"),
        field_name=field,
        lookup_expr="icontains",
        max_length=40,
        validators=[not_a_number],
    )


def township_filter(field: str) -> django_filters.ModelChoiceFilter:
    """One of the townships a filterset offers; which these are it says when it is made."""
    return _place_filter(_lazy("乡镇（街道）"), field)


def village_filter(field: str) -> django_filters.ModelChoiceFilter:
    """One of the villages a filterset offers; which these are it says when it is made."""
    return _place_filter(_lazy("村"), field)


def _place_filter(label: StrPromise, field: str) -> django_filters.ModelChoiceFilter:
    return django_filters.ModelChoiceFilter(
        label=label,
        field_name=field,
        queryset=Place.objects.none(),
        to_field_name="code",
        empty_label=ALL,
    )


class CandidateFilter(OfficeFilterSet):
    """The filters of the list of all candidates. ``reach`` is where the user sees them."""

    q = django_filters.CharFilter(
        label=_lazy("姓名或拼音首字母"), method="named", max_length=40, validators=[not_a_number]
    )
    township = township_filter("election__place__parent")
    village = village_filter("election__place")
    body = django_filters.ChoiceFilter(
        label=_lazy("选举对象"), field_name="election__body", choices=Body.choices, empty_label=ALL
    )
    post = django_filters.ChoiceFilter(
        label=_lazy("竞选职务"), choices=tuple(POST_TITLES.items()), empty_label=ALL
    )
    how = django_filters.ChoiceFilter(label=_lazy("产生方式"), choices=Candidacy.How.choices, empty_label=ALL)
    state = django_filters.ChoiceFilter(
        label=_lazy("状态"),
        choices=((STANDING, _lazy("仍在列")), *Candidacy.State.choices),
        method="come_so_far",
        empty_label=ALL,
    )
    verdict = django_filters.ChoiceFilter(label=_lazy("资格"), choices=Verdict.choices, empty_label=ALL)
    answers = django_filters.ChoiceFilter(
        label=_lazy("联审答复"),
        choices=((MISSING, _lazy("未答复齐")), (COMPLETE, _lazy("已答复齐"))),
        method="answered",
        empty_label=ALL,
    )
    frozen = django_filters.ChoiceFilter(
        label=_lazy("冻结"),
        choices=((FROZEN, _lazy("已冻结")), (FREE, _lazy("未冻结"))),
        method="is_frozen",
        empty_label=ALL,
    )

    class Meta:
        model = Candidacy
        fields: ClassVar[list[str]] = []

    def __init__(
        self, request: HttpRequest, candidacies: QuerySet[Any], *, reach: Reach, asked: Asked
    ) -> None:
        super().__init__(request.GET, candidacies, request=request)
        self.asked = asked
        self.filters["village"].queryset = Place.objects.villages().visible_to(reach)
        townships = Place.objects.townships().visible_to(reach)
        self.filters["township"].queryset = townships
        if not sees_many_townships(reach):
            del self.filters["township"]

    @property
    def form(self) -> forms.Form:
        form = super().form
        form.fields["q"].widget.attrs.update({"autocomplete": "off", "spellcheck": "false"})
        return form

    @property
    def address(self) -> str:
        """The filters in use as the end of an address, for the page that exports what is listed."""
        chosen = {name: self.form.data.get(name) for name in self.form.fields}
        query = urlencode({name: value for name, value in chosen.items() if value})
        return f"?{query}" if query else ""

    def named(self, candidacies: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Only people whose name holds the text, or whose pinyin begins with its letters."""
        wanted = Q(person__name__icontains=value.strip())
        pattern = initials_pattern(value)
        if pattern is not None:
            wanted |= Q(person__initials__regex=pattern)
        return candidacies.filter(wanted)

    def come_so_far(self, candidacies: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Only candidacies in a state, or all that are not out of the election."""
        return candidacies.exclude(state__in=OUT) if value == STANDING else candidacies.filter(state=value)

    def is_frozen(self, candidacies: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Only candidacies that an open matter keeps from being moved on, or only the others."""
        return candidacies.filter(frozen_at__isnull=value == FREE)

    def answered(self, candidacies: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Only candidates about whom not every department has answered, or all have."""
        complete = Q(pk__in=[])
        for turn, (term, departments) in enumerate(self.asked.items()):
            count = f"answered_{turn}"
            candidacies = candidacies.alias(**{count: answer_count(departments)})
            complete |= Q(**{"election__term": term, f"{count}__gte": len(departments)})
        return candidacies.filter(complete if value == COMPLETE else ~complete)


def answer_count(departments: Collection[str]) -> Coalesce:
    """An expression over candidacies: how many of these departments have answered."""
    newest = DepartmentReply.objects.newest().filter(candidacy=OuterRef("pk"), department__in=departments)
    counted = newest.order_by().values("candidacy").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def sees_many_townships(reach: Reach) -> bool:
    """Whether candidates of more than one township are shown."""
    return len(reach.place_codes) != 1 or len(reach.place_codes[0]) < CODE_DIGITS["township"]
