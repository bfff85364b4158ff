"""Photos and scans as people upload them, made on the spot."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
)


def image_bytes(
    form: str = "PNG",
    size: tuple[int, int] = (8, 6),
    colour: str = "red",
    mode: str = "RGB",
    **options: bool,
) -> bytes:
    """A picture in one colour, whole."""
    kept = BytesIO()
    Image.new("RGB", size, colour).convert(mode).save(kept, form, **options)
    return kept.getvalue()


def make_photo(name: str = "公告栏.png", colour: str = "red", form: str = "PNG") -> SimpleUploadedFile:
    """A photo; another colour is another photo."""
    return SimpleUploadedFile(name, image_bytes(form, colour=colour), "application/octet-stream")


def make_upload(name: str, content: bytes) -> SimpleUploadedFile:
    """Any file, of which the browser says nothing."""
    return SimpleUploadedFile(name, content, "application/octet-stream")
