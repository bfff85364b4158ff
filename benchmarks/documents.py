"""How many documents a second one process makes, beside WeasyPrint as it comes.

    python -m benchmarks.documents [repetitions]

The same pages and style sheet both times, in one warm process: what differs is what
election_admin/documents/rendering.py does once a process instead of once a document.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "election_admin.settings")
_FONTS = Path(os.environ.get("DATA_DIR", "var")) / "fonts" / "fonts.conf"
if _FONTS.exists():
    os.environ.setdefault("FONTCONFIG_FILE", str(_FONTS.resolve()))
django.setup()

from weasyprint import CSS, HTML  # noqa: E402

from election_admin.documents import rendering  # noqa: E402

NAMES = "丁王李张刘陈杨黄赵吴"


def _page(body: str) -> str:
    return f'<!doctype html><html lang="zh-hans"><title>页</title><body>{body}</body></html>'


def _voters(count: int) -> list[str]:
    return [NAMES[number % 10] + NAMES[number // 10 % 10] + "华" for number in range(count)]


def _list_of_voters() -> str:
    names = _voters(1500)
    rows = ["\t".join(names[start : start + 5]) for start in range(0, len(names), 5)]
    return _page(f'<p class="title">选民名单</p><p class="names">{"<p class=names>".join(rows)}')


def _table_of_voters() -> str:
    names = _voters(1500)
    rows = ["<td>" + "<td>".join(names[start : start + 5]) for start in range(0, len(names), 5)]
    return _page(f'<p class="title">选民名单</p><table><tr>{"<tr>".join(rows)}</table>')


def _as_it_comes(html: str) -> bytes:
    sheet = CSS(string=rendering.STYLE_SHEET.read_text(encoding="utf-8"))
    content: bytes = HTML(string=html).write_pdf(stylesheets=[sheet], pdf_variant=rendering.VARIANT)
    return content


def _seconds(make: Callable[[str], bytes], html: str, repetitions: int) -> float:
    took = []
    for _ in range(repetitions):
        start = time.perf_counter()
        make(html)
        took.append(time.perf_counter() - start)
    return statistics.median(took)


def main(repetitions: int) -> None:
    """Print documents a second, by document and by way of making them."""
    documents = {
        "specimen, 3 pages, table of 150 cells": rendering.specimen_html("zh-hans"),
        "the same in English": rendering.specimen_html("en"),
        "1,500 voters, rows of names": _list_of_voters(),
        "1,500 voters, a table": _table_of_voters(),
    }
    # As it comes first: the garbage collector's settings of the other way are not its own.
    plain = {}
    for name, html in documents.items():
        _as_it_comes(html)
        plain[name] = _seconds(_as_it_comes, html, repetitions)
    start = time.perf_counter()
    rendering.prepare_process()
    prepared = time.perf_counter() - start
    lines = [f"{'documents a second and core':42}{'write_pdf':>10}{'here':>8}{'gain':>8}"]
    for name, html in documents.items():
        here = _seconds(rendering.render_pdf, html, repetitions)
        lines.append(f"{name:42}{1 / plain[name]:10.2f}{1 / here:8.2f}{plain[name] / here:7.2f}×")
    lines.append(f"once a process: {prepared:.2f} s")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
