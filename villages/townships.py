"""A county's villages, counted by township, and the ones to look at first."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from election_admin.places.models import Place
from election_admin.sentences import listed
from villages import charts
from villages.models import Band, Rating, Stage
from villages.panels import reasons_of
from villages.tables import distance, plan_words
from villages.tallies import list_url

REASONS_SHOWN = 1
SHADES = 4
# What is counted in the table by township, with the filter that lists it.
COLUMNS: tuple[tuple[str, Any, Mapping[str, str]], ...] = (
    ("difficult", Band.DIFFICULT.label, {"band": Band.DIFFICULT}),
    ("key", Band.KEY.label, {"band": Band.KEY}),
    ("overdue", _lazy("有逾期事项"), {"situation": "overdue"}),
    ("lacks_plan", _lazy("无批准预案"), {"situation": "lacks_plan"}),
    ("lacks_audit", _lazy("审计未公布"), {"situation": "lacks_audit"}),
)


@dataclass
class Township:
    """One township's villages in numbers."""

    place: Place
    total: int = 0
    numbers: Counter[str] = field(default_factory=Counter)
    """By band, by stage, and by what is wrong."""

    @property
    def difficulty(self) -> tuple[int, int, int, str]:
        """Orders the townships with most to do first."""
        return (
            -self.numbers[Band.DIFFICULT],
            -self.numbers[Band.KEY],
            -self.numbers["overdue"],
            self.place.code,
        )


def by_township(villages: Iterable[Any]) -> list[Township]:
    """Count the villages of an ``overview`` by township, the hardest township first."""
    townships: dict[int, Township] = {}
    for village in villages:
        here = townships.setdefault(village.parent_id, Township(village.parent))
        here.total += 1
        here.numbers[village.band] += 1
        if village.stage:
            here.numbers[village.stage] += 1
        here.numbers["overdue"] += village.overdue > 0
        here.numbers["lacks_plan"] += village.lacks_plan
        here.numbers["lacks_audit"] += village.lacks_audit
    return sorted(townships.values(), key=lambda one: one.difficulty)


def bands_chart(townships: Sequence[Township], filters: Mapping[str, Any]) -> charts.StackedBars:
    """The bands of each township's villages."""
    return _chart("bands", _lazy("各乡镇（街道）各等级村数"), townships, charts.BANDS, "band", filters)


def stages_chart(townships: Sequence[Township], filters: Mapping[str, Any]) -> charts.StackedBars:
    """How far each township's villages have come."""
    return _chart("stages", _lazy("各乡镇（街道）各选举阶段村数"), townships, charts.STAGES, "stage", filters)


def _chart(
    id: str,
    title: Any,
    townships: Sequence[Township],
    series: Sequence[charts.Series],
    name: str,
    filters: Mapping[str, Any],
) -> charts.StackedBars:
    rows = [
        charts.Row(
            name=one.place.name,
            numbers=one.numbers,
            url=list_url(filters, township=one.place.code),
            urls={
                each.code: list_url(filters, township=one.place.code, **{name: each.code}) for each in series
            },
        )
        for one in townships
    ]
    return charts.stacked_bars(id=id, title=title, rows=rows, series=series)


@dataclass(frozen=True)
class Cell:
    """A number in the table by township: the list behind it, and how dark it stands out."""

    number: int
    url: str
    shade: int
    kind: str


@dataclass(frozen=True)
class HeatTable:
    """Townships by what is wrong and how far they are; ``wrong`` columns stand before ``stages``."""

    wrong: Sequence[Any]
    stages: Sequence[Any]
    rows: Sequence[tuple[Township, str, Sequence[Cell]]]
    totals: Sequence[int]


def heat_table(townships: Sequence[Township], filters: Mapping[str, Any]) -> HeatTable:
    """Lay out the table by township. The shade of a number is its share of its column's highest."""
    columns = [*COLUMNS, *((stage.value, stage.label, {"stage": stage.value}) for stage in Stage)]
    highest = {
        code: max((one.numbers[code] for one in townships), default=0) for code, _label, _by in columns
    }
    rows = []
    for one in townships:
        here = list_url(filters, township=one.place.code)
        cells = [
            Cell(
                number=one.numbers[code],
                url=list_url(filters, township=one.place.code, **by),
                shade=-(-SHADES * one.numbers[code] // highest[code]) if highest[code] else 0,
                kind="stage" if "stage" in by else "wrong",
            )
            for code, _label, by in columns
        ]
        rows.append((one, here, cells))
    return HeatTable(
        wrong=[label for _code, label, _by in COLUMNS],
        stages=[stage.label for stage in Stage],
        rows=rows,
        totals=[sum(one.numbers[code] for one in townships) for code, _label, _by in columns],
    )


@dataclass(frozen=True)
class Attention:
    """A village to look at, and the one reason that weighs most."""

    village: Any
    band_label: Any
    state: str
    reason: str
    behind: str
    """The factors that made it a key or difficult village."""
    days: str


def attention(villages: Sequence[Any], *, on: date) -> list[Attention]:
    """Say of each village why it wants attention. One query, however many villages."""
    ratings = {
        one.place_id: one
        for one in Rating.objects.current().filter(place__in=[village.pk for village in villages])
    }
    return [
        Attention(
            village,
            Band(village.band).label,
            *_reason(village, on),
            behind=listed(each["title"] for each in reasons_of(ratings.get(village.pk))[:REASONS_SHOWN]),
            days=distance(village.election_day, on=on) if village.election_day else _("选举日未定"),
        )
        for village in villages
    ]


def _reason(village: Any, on: date) -> tuple[str, str]:
    if village.lacks_plan:
        return "bad", plan_words(village)[1]
    if village.overdue:
        return "bad", _("%d项已逾期") % village.overdue
    if village.lacks_audit and village.election_day < on:
        return "bad", _("已经选举，审计未公布")
    if village.lacks_audit:
        return "bad", _("临近选举，审计未公布")
    if village.rating_waits:
        return "warn", _("评级待审定")
    return "open", _("预案已批准，继续跟进")
