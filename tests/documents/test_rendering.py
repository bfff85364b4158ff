"""What comes out of a page: its text, fonts, size, numbers, and nothing from outside."""

import io
import re
from typing import Any

import pytest
from pypdf import PdfReader
from weasyprint.text import ffi

from election_admin.documents import rendering
from election_admin.documents.models import Document
from election_admin.documents.registry import kind
from election_admin.places import demo
from election_admin.places.demo import DemoMark
from tests.documents.conftest import AT
from tests.documents.specimen import CODE

MM = 72 / 25.4
FANDOL = {"FandolFang", "FandolHei", "FandolKai", "FandolSong-Bold"}
NOTO = {"Noto-Serif-CJK-SC", "Noto-Sans-CJK-SC"}


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in read(content).pages)


def page_of(body: str, language: str = "zh-hans") -> str:
    return f'<!doctype html><html lang="{language}"><title>页</title><body>{body}</body></html>'


@pytest.fixture(scope="module", params=["zh-hans", "en"])
def specimen(request) -> tuple[str, bytes]:
    return request.param, rendering.render_pdf(rendering.specimen_html(request.param))


def test_text_can_be_read_out(specimen) -> None:
    language, content = specimen
    text = re.sub(r"\s", "", text_of(content))

    expected = {
        "zh-hans": ["关于村民委员会换届选举工作情况的样张", "青云政〔2026〕12号", "金额共计1,234,567.89元"],
        "en": ["Specimenofanofficialdocumentofthetownship", "Thelistofvotersispublished"],
    }
    for sentence in (*expected[language], "王瑀珺、李玥、陈堃、赵翀、周赟、吴昇", "√", "□"):
        assert sentence in text


def fonts_of(content: bytes) -> dict[str, int]:
    """The names of the fonts of a PDF and the sizes of their embedded files."""
    fonts: dict[str, int] = {}
    for page in read(content).pages:
        resources: Any = page["/Resources"]
        for font in resources["/Font"].values():
            descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            fonts[font["/BaseFont"].lstrip("/")] = len(descriptor["/FontFile3"].get_data())
    return fonts


def test_fonts_are_embedded_subset_and_simplified(specimen) -> None:
    fonts = fonts_of(specimen[1])

    assert all(re.match(r"[A-Z]{6}\+", name) for name in fonts), fonts
    assert max(fonts.values()) < 2_000_000, "a whole CJK font is some ten million bytes"
    assert not [name for name in fonts if re.search(r"CJK-(JP|KR|TC|HK)", name)]


def test_faces_by_role(specimen) -> None:
    names = " ".join(fonts_of(specimen[1]))
    if specimen[0] == "en" or "Fandol" not in names:  # where Fandol is not installed, Noto stands in
        assert all(face in names for face in NOTO)
    else:
        assert all(face in names for face in FANDOL)


def test_page_is_a4_with_28_by_22_characters() -> None:
    indent = 2
    content = rendering.render_pdf(page_of(f"<p>{'村' * (28 * 22 * 2 - indent)}</p>"))
    pages = read(content).pages
    lines = pages[1].extract_text().split("\n")

    assert [round(float(side) / MM) for side in pages[0].mediabox[2:]] == [210, 297]
    assert [line.strip() for line in lines[:22]] == ["村" * 28] * 22


def test_page_numbers_stand_at_the_outer_edge() -> None:
    content = rendering.render_pdf(page_of('<p>一</p><p class="page-break">二</p>'))
    places = []
    for page in read(content).pages:

        def note(text, _matrix, text_matrix, *rest, found=places, width=float(page.mediabox.width)):
            if "—" in text:
                found.append((text.strip(), text_matrix[4] > width / 2))

        page.extract_text(visitor_text=note)
    found = dict(places)
    assert found["— 1 —"] is True
    assert found["— 2 —"] is False


def test_table_heads_are_repeated(specimen) -> None:
    heading = {"zh-hans": "序号", "en": "No."}[specimen[0]]
    pages = [page.extract_text() for page in read(specimen[1]).pages]

    assert len(pages) > 1
    assert all(heading in page for page in pages)


def test_signature_is_never_alone_on_a_page() -> None:
    for lines in range(15, 23):
        body = f"{'<p>村民</p>' * lines}<div class='signature'><p>青云镇人民政府</p><p>2026年</p></div>"
        last = read(rendering.render_pdf(page_of(body))).pages[-1].extract_text()
        assert "村民" in last
        assert "青云镇人民政府" in last


def test_archive_variant_and_title(specimen) -> None:
    assert b"pdfaid:part" in specimen[1] or read(specimen[1]).xmp_metadata is not None
    assert read(specimen[1]).metadata.title


def test_same_input_same_bytes() -> None:
    html = rendering.specimen_html("zh-hans")

    assert rendering.render_pdf(html) == rendering.render_pdf(html)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("marked", [True, False])
def test_every_page_of_a_demo_says_so(make_document, monkeypatch, language, marked) -> None:
    if marked:
        DemoMark.objects.create(loaded_at=AT)
    demo.forget_demo_mark()
    document = make_document(language=language)

    html = rendering.document_html(document, kind(CODE), document.place)
    demo.forget_demo_mark()

    words = re.compile("演\\s*示\\s*数\\s*据|Demo data")
    pages = [page.extract_text() for page in read(rendering.render_pdf(html)).pages]
    assert len(pages) > 1
    assert all(bool(words.search(page)) is marked for page in pages)


@pytest.mark.parametrize(
    "body",
    [
        '<img src="https://example.org/seal.png">',
        '<img src="file:///etc/passwd">',
        '<link rel="stylesheet" href="http://localhost/style.css">',
        '<p style="background: url(https://example.org/)">村</p>',
        "<style>@import 'https://example.org/style.css';</style>",
        '<img src="seal.png">',
    ],
)
def test_nothing_is_fetched(body) -> None:
    with pytest.raises(rendering.RenderingFailed) as caught:
        rendering.render_pdf(page_of(body))

    assert caught.value.failure == Document.Failure.OUTSIDE_RESOURCE


def test_missing_character_is_named() -> None:
    with pytest.raises(rendering.RenderingFailed) as caught:
        rendering.render_pdf(page_of("<p>王\U000f0123</p>"))

    assert caught.value.failure == Document.Failure.MISSING_GLYPH
    assert "U+F0123" in caught.value.detail


def test_no_worker_without_the_subsetter(monkeypatch) -> None:
    rendering.refuse_without_subsetter()
    monkeypatch.setattr(ffi, "harfbuzz_subset", None)

    with pytest.raises(SystemExit, match="libharfbuzz-subset0"):
        rendering.refuse_without_subsetter()
