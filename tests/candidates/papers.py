"""What the tests of papers do again and again: lay one out, read it back."""

import io
import re
from typing import Any

from django.utils import translation
from pypdf import PdfReader

from election_admin.documents import rendering
from election_admin.documents.models import Document
from election_admin.documents.registry import kind
from tests.cast import NOW

CHINESE = "zh-hans"
LANGUAGES = (CHINESE, "en")
_POINTS_AN_INCH, _MM_AN_INCH = 72, 25.4


def html_of(code: str, subject: Any, language: str = CHINESE) -> str:
    """The page of a paper about a row, which is read anew as a worker reads it."""
    of_kind = kind(code)
    subject = of_kind.subject().get(pk=subject.pk)
    with translation.override(language):
        title = of_kind.name(subject)
    document = Document(
        place=subject.place if hasattr(subject, "place") else subject,
        kind=code,
        subject_id=str(subject.pk),
        language=language,
        title=title,
        requested_at=NOW,
    )
    return rendering.document_html(document, of_kind, subject)


def pdf_of(code: str, subject: Any, language: str = CHINESE) -> bytes:
    """The paper as it comes out of the printer; fails for a sign no font has."""
    return rendering.render_pdf(html_of(code, subject, language))


def paper(code: str, subject: Any, language: str = CHINESE) -> PdfReader:
    """The paper, to be read."""
    return PdfReader(io.BytesIO(pdf_of(code, subject, language)))


def text_of(reader: PdfReader) -> str:
    """What stands on a paper, without white space, which blanks and the layout are made of."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))


def words_on(code: str, subject: Any, language: str = CHINESE) -> str:
    """What stands on the paper about a row."""
    return text_of(paper(code, subject, language))


def size_of(reader: PdfReader) -> tuple[int, int]:
    """Width and height of its pages in millimetres; all of them are alike."""
    (size,) = {(_mm(page.mediabox.width), _mm(page.mediabox.height)) for page in reader.pages}
    return size


def _mm(points: float) -> int:
    return round(float(points) / _POINTS_AN_INCH * _MM_AN_INCH)
