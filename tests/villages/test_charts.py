"""Charts: well-formed, speaking, and printable in grey."""

import re
import xml.etree.ElementTree as ET

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import HTML

from villages.charts import BANDS, NAMES, STAGES, TOTALS, WIDTH, Row, stacked_bars

SVG = "{http://www.w3.org/2000/svg}"
ROWS = (
    Row(
        "长塘<镇>",
        {"difficult": 3, "key": 1, "ordinary": 1200, "unrated": 2},
        url="/v/?township=1&band=key",
        urls={"difficult": "/v/?band=difficult&township=1"},
    ),
    Row("上浦镇", {}),
)


def drawn(series=BANDS, rows=ROWS):
    chart = stacked_bars(id="bands", title="各乡镇各等级村数", rows=rows, series=series)
    return chart, render_to_string("charts/stacked_bars.svg", {"chart": chart})


def test_well_formed_without_style_or_script() -> None:
    _chart, svg = drawn()
    root = ET.fromstring(svg[svg.index("<svg") :])  # noqa: S314 - our own

    names = {name for element in root.iter() for name in element.attrib}
    assert not {name for name in names if name == "style" or name.startswith("on")}
    assert not [element for element in root.iter() if element.tag in {f"{SVG}style", f"{SVG}script"}]
    assert root.find(f"{SVG}title").text == "各乡镇各等级村数"
    assert root.get("role") == "img"


def test_every_segment_says_what_it_is() -> None:
    _chart, svg = drawn()
    titles = re.findall(r"<g>\s*<title>(.*?)</title>", svg)

    assert titles[0] == "长塘&lt;镇&gt;：难点村3个，共1206个村"
    assert len(titles) == 4


def test_coordinates_know_no_thousands() -> None:
    with translation.override("en"):
        _chart, svg = drawn()
    places = re.findall(r' (?:x|y|width|height|viewBox)="([^"]*)"', svg)

    assert places and not [place for place in places if "," in place]


def test_bars_share_a_scale_and_stay_inside() -> None:
    rows = [Row("甲", {"difficult": 10, "settled": 10}), Row("乙", {"key": 5})]
    chart, _svg = drawn(rows=rows)

    assert sum(float(one.width) for one in chart.bars[0].segments) == pytest.approx(
        WIDTH - NAMES - TOTALS, abs=0.2
    )
    assert float(chart.bars[1].segments[0].width) * 4 == pytest.approx(
        sum(float(one.width) for one in chart.bars[0].segments), abs=0.5
    )


@pytest.mark.parametrize("series", [BANDS, STAGES])
def test_legend_stays_inside(series) -> None:
    chart, _svg = drawn(series=series)

    assert all(float(one.text_x) + 12 * len(str(one.series.label)) <= WIDTH for one in chart.legend)


def test_bands_differ_without_colour() -> None:
    marks = [one.mark for one in BANDS]

    assert len(set(marks)) == len(BANDS) and all(marks)


@pytest.mark.parametrize("series", [BANDS, STAGES])
def test_ink_can_be_read(series) -> None:
    for one in series:
        light, dark = sorted((luminance(one.fill), luminance(one.ink)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, one.code


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_no_rows() -> None:
    chart, svg = drawn(rows=())

    assert chart.bars == []
    ET.fromstring(svg[svg.index("<svg") :])  # noqa: S314 - our own


def test_numbers_stand_in_a_table_too() -> None:
    chart, _svg = drawn()
    page = render_to_string("charts/_chart.html", {"chart": chart, "name": "乡镇"})

    assert 'href="/v/?band=difficult&amp;township=1">3</a>' in page
    assert ">1206<" in page
    assert "style=" not in page


def test_printed_as_pdf() -> None:
    _chart, svg = drawn()

    assert HTML(string=f"<html><body>{svg}</body></html>").write_pdf().startswith(b"%PDF")
