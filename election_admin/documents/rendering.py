"""From a template to a PDF, fast and without leaving the process.

The recipe, with its measurements, is in docs/documents.md: one font configuration, one parsed
style sheet and one throw-away document per process, then garbage collection out of the way.
"""

import gc
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from weasyprint import CSS, HTML
from weasyprint.text import ffi
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from election_admin.documents.models import Document
from election_admin.documents.registry import Kind
from election_admin.places.demo import is_demo

STYLE_SHEET = Path(__file__).with_name("official.css")
# PDF/A-3u: for an archive, with text that can be read out.
VARIANT = "pdf/a-3u"
_SUBSETTER_MISSING = (
    "The library libharfbuzz-subset is missing, without which a document takes up to forty times "
    "as long: install the Debian package libharfbuzz-subset0 and start the worker again."
)
_LISTED_CHARACTERS = 20


class RenderingFailed(Exception):
    """The document cannot be made as it stands; ``failure`` is a ``Document.Failure``."""

    def __init__(self, failure: str, detail: str) -> None:
        super().__init__(f"{failure}: {detail}")
        self.failure = failure
        self.detail = detail


@dataclass(frozen=True)
class _Prepared:
    fonts: FontConfiguration
    sheet: CSS


@cache
def _prepared() -> _Prepared:
    fonts = FontConfiguration()
    return _Prepared(fonts, CSS(string=STYLE_SHEET.read_text(encoding="utf-8"), font_config=fonts))


def refuse_without_subsetter() -> None:
    """End a worker that would take up to forty times as long, with a sentence that says so.

    SystemExit, because Celery logs any other exception of a signal handler and carries on.
    """
    if ffi.harfbuzz_subset is None:
        raise SystemExit(_SUBSETTER_MISSING)


def prepare_process() -> None:
    """Do once what every document would otherwise wait for.

    The throw-away document uses every face. What lives by then lives as long as the process,
    so the garbage collector need not look at it again.
    """
    for language in ("zh-hans", "en"):
        render_pdf(specimen_html(language))
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def specimen_html(language: str) -> str:
    """Return a page that uses every style and face: for warming up, looking at, and measuring."""
    with translation.override(language):
        return render_to_string("documents/specimen.html", {"language": language, "rows": range(1, 31)})


def document_html(document: Document, kind: Kind, subject: Any) -> str:
    """Return the document as HTML, in its own language whatever language anybody's pages are in."""
    with translation.override(document.language):
        shown = {
            **kind.context(subject, document.language),
            "document": document,
            "place": document.place,
            "language": document.language,
            "demo": is_demo(),
        }
        return render_to_string(kind.template, shown)


def render_pdf(html: str, on_laid_out: Callable[[], None] | None = None) -> bytes:
    """Return the PDF of a page. Raises RenderingFailed, naming what is missing.

    ``on_laid_out`` is called between layout, where most of the time goes, and writing.
    """
    prepared = _prepared()
    complaints: list[logging.LogRecord] = []
    with _complaints_into(complaints), _no_resources():
        source = HTML(string=html, url_fetcher=_fetcher())
        laid_out = source.render(
            font_config=prepared.fonts, stylesheets=[prepared.sheet], pdf_variant=VARIANT
        )
        if on_laid_out is not None:
            on_laid_out()
        content: bytes = laid_out.write_pdf(pdf_variant=VARIANT)
    _refuse(complaints)
    return content


@cache
def _fetcher() -> URLFetcher:
    """Return a fetcher that opens nothing: neither the network nor a file of the server."""
    return URLFetcher(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)


@contextmanager
def _no_resources() -> Iterator[None]:
    try:
        yield
    except FatalURLFetchingError as error:  # not an Exception: nothing else would catch it
        raise RenderingFailed(Document.Failure.OUTSIDE_RESOURCE, str(error)) from error


@contextmanager
def _complaints_into(kept: list[logging.LogRecord]) -> Iterator[None]:
    """Collect what WeasyPrint says of this thread's document."""
    logger = logging.getLogger("weasyprint")
    handler = _Collector(kept, threading.get_ident())
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


class _Collector(logging.Handler):
    def __init__(self, kept: list[logging.LogRecord], thread: int) -> None:
        super().__init__(logging.WARNING)
        self.kept = kept
        self.thread = thread

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread:
            self.kept.append(record)


def _refuse(complaints: list[logging.LogRecord]) -> None:
    """Turn a box in place of a character, or a resource left out, into a failure."""
    missing: dict[str, None] = {}
    for complaint in complaints:
        if str(complaint.msg).startswith(".notdef") and isinstance(complaint.args, tuple):
            character, code = complaint.args
            missing[f"{character} (U+{code:04X})"] = None
        elif complaint.levelno >= logging.ERROR:
            raise RenderingFailed(Document.Failure.OUTSIDE_RESOURCE, complaint.getMessage())
    if missing:
        listed = "、".join(list(missing)[:_LISTED_CHARACTERS])
        raise RenderingFailed(Document.Failure.MISSING_GLYPH, listed)
