"""Templates: every word and every sign a reader sees goes through gettext."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
# Chinese characters and full-width punctuation; the middle dot and the dash stand in both languages.
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e]")
TRANSLATED = re.compile(
    r"{% blocktranslate.*?%}.*?{% endblocktranslate %}|{%.*?%}|{{.*?}}|{#.*?#}"
    r"|{% comment %}.*?{% endcomment %}|<!--.*?-->|/\*.*?\*/",
    re.DOTALL,
)
# Said in both languages side by side, or a specimen that holds both.
BOTH_LANGUAGES = {
    "500.html",
    "503.html",
    "documents/base.html",
    "documents/specimen.html",
    "villages/documents/audit_report.html",
    "villages/documents/disposal_plan.html",
}
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("name", [name for name in NAMES if name not in BOTH_LANGUAGES])
def test_no_chinese_outside_gettext(name: str) -> None:
    """An English page with a stray 。or （ looks broken to whoever reads it."""
    text = re.sub(r"{% comment %}.*?{% endcomment %}", "", (TEMPLATES / name).read_text(), flags=re.DOTALL)
    rest = TRANSLATED.sub("", text)
    # The language switch names the other language in its own words.
    assert CHINESE.findall(rest.replace("中文", "")) == []


@pytest.mark.parametrize("name", NAMES)
def test_no_inline_script_or_style(name: str) -> None:
    """The content policy would block it, and the page would look or work otherwise than it was tried."""
    if name.startswith("documents/") or "/documents/" in name:
        return
    text = (TEMPLATES / name).read_text()
    assert not re.search(
        r"<style|\sstyle=|\son(click|change|load|submit|input)=|javascript:|<script(?![^>]*\ssrc=)", text
    )
