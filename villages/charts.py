"""Stacked bars as plain figures, laid out here and written as SVG by a template.

Colours are literal, because SVG in a printed document reads no stylesheet. Each series differs
in tone and mark as well, and carries its number, so that a chart survives a grey printer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from villages.models import Band, Stage

WIDTH = 560
NAMES = 96
"""The room for the names at the left."""
TOTALS = 34
ROW = 20
BAR = 15
LEGEND = 18
"""One line of the legend."""
# Digits and marks of 11 px, as wide as they come.
DIGIT = 6.6
MARK = 11


@dataclass(frozen=True)
class Series:
    """One kind of segment. ``hatch``: stripes, dots, or none; ``ink`` is what is written on it."""

    code: str
    label: Any
    fill: str
    ink: str = "#ffffff"
    mark: str = ""
    hatch: str = ""
    edge: str = ""


BANDS = (
    Series(Band.DIFFICULT, Band.DIFFICULT.label, "#a61b1b", mark="▲"),
    Series(Band.KEY, Band.KEY.label, "#b3560a", mark="◆", hatch="stripes"),
    Series(Band.ORDINARY, Band.ORDINARY.label, "#9fbbd8", ink="#12304f", mark="■"),
    Series(Band.SETTLED, Band.SETTLED.label, "#dcebe1", ink="#1f5234", mark="●", edge="#2e7048"),
    Series(Band.UNRATED, Band.UNRATED.label, "#ffffff", ink="#4a4f54", mark="○", edge="#6b7075"),
)
# One hue, from light to dark as the work goes on.
_TONES = ("#eef2f6", "#dbe4ed", "#c3d2e1", "#a5bcd3", "#83a2c2", "#4f749c", "#345a83", "#1a3a5f")
STAGES = tuple(
    Series(stage, stage.label, tone, ink="#ffffff" if place > 4 else "#12304f", edge="#7f93a8")
    for place, (stage, tone) in enumerate(zip(Stage, _TONES, strict=True))
)


@dataclass(frozen=True)
class Row:
    """One bar: its name, the numbers by series, and the list behind it and behind each number."""

    name: str
    numbers: Mapping[str, int]
    url: str = ""
    urls: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Segment:
    """A part of a bar, placed. Figures are text, so that no locale touches them."""

    series: Series
    number: int
    x: str
    width: str
    middle: str
    text: str
    plate_x: str
    plate_width: str
    url: str


@dataclass(frozen=True)
class Bar:
    """A bar, placed."""

    name: str
    y: str
    baseline: str
    end: str
    total: int
    segments: Sequence[Segment]
    url: str


@dataclass(frozen=True)
class LegendEntry:
    """A series in the legend, placed."""

    series: Series
    x: str
    y: str
    text_x: str
    baseline: str


@dataclass(frozen=True)
class StackedBars:
    """A chart, ready for ``charts/stacked_bars.svg``; ``rows`` and ``series`` are for its table."""

    id: str
    title: Any
    width: str
    height: str
    bars: Sequence[Bar]
    legend: Sequence[LegendEntry]
    series: Sequence[Series]
    table: Sequence[tuple[Row, Sequence[tuple[int, str]], int]]


def stacked_bars(*, id: str, title: Any, rows: Sequence[Row], series: Sequence[Series]) -> StackedBars:
    """Lay out one bar a row. All bars have one scale, so that their lengths can be compared."""
    legend, top = _legend(series)
    longest = max((_total(row, series) for row in rows), default=0) or 1
    scale = (WIDTH - NAMES - TOTALS) / longest
    return StackedBars(
        id=id,
        title=title,
        width=str(WIDTH),
        height=str(top + ROW * len(rows) + 4),
        bars=[_bar(row, series, top + ROW * place, scale) for place, row in enumerate(rows)],
        legend=legend,
        series=series,
        table=[
            (
                row,
                [(row.numbers.get(one.code, 0), (row.urls or {}).get(one.code, "")) for one in series],
                _total(row, series),
            )
            for row in rows
        ],
    )


def _total(row: Row, series: Sequence[Series]) -> int:
    return sum(row.numbers.get(one.code, 0) for one in series)


def _bar(row: Row, series: Sequence[Series], top: int, scale: float) -> Bar:
    segments, left = [], float(NAMES)
    for one in series:
        number = row.numbers.get(one.code, 0)
        if number:
            width = number * scale
            segments.append(_segment(one, number, left, width, (row.urls or {}).get(one.code, "")))
            left += width
    return Bar(
        name=row.name,
        y=str(top),
        baseline=str(top + 12),
        end=_figure(left + 6),
        total=_total(row, series),
        segments=segments,
        url=row.url,
    )


def _segment(series: Series, number: int, left: float, width: float, url: str) -> Segment:
    text = f"{series.mark}{number}"
    room = len(str(number)) * DIGIT + (MARK if series.mark else 0)
    if room > width - 2:
        text, room = str(number), len(str(number)) * DIGIT
    if room > width - 1:
        text, room = "", 0
    return Segment(
        series=series,
        number=number,
        x=_figure(left),
        width=_figure(width),
        middle=_figure(left + width / 2),
        text=text,
        plate_x=_figure(left + (width - room - 3) / 2),
        plate_width=_figure(room + 3) if text and series.hatch else "",
        url=url,
    )


def _legend(series: Sequence[Series]) -> tuple[list[LegendEntry], int]:
    """Place the legend in as many lines as it takes; return it with the height it takes."""
    entries, left, top = [], 0.0, 2
    for one in series:
        room = 15 + 12 * (len(str(one.label)) + bool(one.mark))
        if left and left + room > WIDTH:
            left, top = 0.0, top + LEGEND
        entries.append(LegendEntry(one, _figure(left), str(top), _figure(left + 15), str(top + 10)))
        left += room + 8
    return entries, top + LEGEND + 4


def _figure(value: float) -> str:
    """A coordinate with a point, whatever the reader's language."""
    return f"{value:.1f}"
