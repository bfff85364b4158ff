"""What may be uploaded as evidence: a photo or a scan, told by its content and never by its name."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image

from election_admin.uploads import NAME_LENGTH, plain_name

PDF = "application/pdf"
# The endings a type of file may have; the first is added to a name that has none of them.
ENDINGS = {
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/png": (".png",),
    "image/webp": (".webp",),
    PDF: (".pdf",),
}
# No image/* and no HEIC: offered these types, an iPhone sends its photos as JPEG.
ACCEPT = ",".join(ENDINGS)
# What Pillow calls each; an MPO is the JPEG of a phone that keeps a second picture behind the first.
_FORMATS = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif"}
_PDF_ENDS_WITHIN = 2048


@dataclass(frozen=True)
class Checked:
    """A file that may be kept: its name made fit for page and paper, its true type, its bytes."""

    name: str
    content_type: str
    content: bytes


def check(file: File[bytes]) -> Checked:
    """Return the file as it may be kept.

    Raises ValidationError, naming the file and what to do, for one that is empty, too large, no
    photo or PDF, or damaged.
    """
    given = plain_name(file.name or "")
    if file.size > settings.UPLOAD_FILE_BYTES:
        sentence = _(
            "“%(name)s”有%(size)s，超过每个文件%(limit)s的上限。请调低拍照或扫描的分辨率，或者分成几个文件上传。"
        )
        raise ValidationError(
            sentence
            % {
                "name": given,
                "size": filesizeformat(file.size),
                "limit": filesizeformat(settings.UPLOAD_FILE_BYTES),
            },
            code="size",
        )
    file.seek(0)
    content = file.read()
    if not content:
        raise ValidationError(
            _("“%(name)s”是空文件，请重新拍照或扫描后上传。") % {"name": given}, code="empty"
        )
    content_type = _type_of(given, content)
    return Checked(_with_ending(given, content_type), content_type, content)


def _with_ending(name: str, content_type: str) -> str:
    """A name whose ending fits the content: what is kept opens when it is downloaded."""
    endings = ENDINGS[content_type]
    if name.lower().endswith(endings):
        return name
    return name[: NAME_LENGTH - len(endings[0])] + endings[0]


def _type_of(name: str, content: bytes) -> str:
    """The type of a file that can be opened. Raises ValidationError, naming the file."""
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        sentence = _(
            "“%(name)s”是HEIC照片，多数电脑打不开。请在手机相机设置中改用JPEG（兼容性最佳）重拍，或者转成JPG后上传。"
        )
        raise ValidationError(sentence % {"name": name}, code="heic")
    opened = next((open_it for is_it, open_it in _KNOWN if is_it(content)), None)
    if opened is None:
        raise ValidationError(
            _("“%(name)s”不是照片（JPG、PNG、WebP）或PDF，请拍照或扫描后上传。") % {"name": name},
            code="type",
        )
    content_type = opened(name, content)
    if content_type is None:
        raise ValidationError(
            _("“%(name)s”已损坏或不完整，打不开。请重新拍照或扫描后上传。") % {"name": name},
            code="damaged",
        )
    return content_type


def _image_type(name: str, content: bytes) -> str | None:
    """The type of an image that opens, None for a damaged one."""
    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG", "WEBP")) as image:
            pixels, content_type = image.width * image.height, _FORMATS[image.format or ""]
            if pixels <= settings.EVIDENCE_IMAGE_PIXELS:
                image.verify()
        if pixels <= settings.EVIDENCE_IMAGE_PIXELS and content_type == "image/jpeg":
            _decode_jpeg(content)
    except Image.DecompressionBombError:
        pixels, content_type = settings.EVIDENCE_IMAGE_PIXELS * 2, ""
    except Exception:
        # Pillow stumbles over damaged files in a dozen ways; each means that it cannot be opened.
        return None
    if pixels > settings.EVIDENCE_IMAGE_PIXELS:
        raise ValidationError(
            _("“%(name)s”超过%(limit)d万像素，太大了。请调低拍照或扫描的分辨率后上传。")
            % {"name": name, "limit": settings.EVIDENCE_IMAGE_PIXELS // 10_000},
            code="pixels",
        )
    return content_type


class _Watched(BytesIO):
    """Bytes that know whether somebody asked for more than there were."""

    ran_dry = False

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        self.ran_dry = self.ran_dry or not found
        return found


def _decode_jpeg(content: bytes) -> None:
    """Decode a JPEG, at an eighth of its size: it has no check sums, and shows only so that it is whole.

    Raises EOFError for half a picture. Pillow's own error is not relied on: WeasyPrint, in the same
    process, tells Pillow to take half pictures.
    """
    source = _Watched(content)
    with Image.open(source, formats=("JPEG",)) as image:
        image.draft("L", (1, 1))
        source.ran_dry = False
        image.load()
    if source.ran_dry:
        raise EOFError


def _pdf_type(name: str, content: bytes) -> str | None:
    """The type of a PDF with a beginning and an end, None for one cut off."""
    end = content[-_PDF_ENDS_WITHIN:]
    return PDF if b"startxref" in end and b"%%EOF" in end else None


def _is_image(content: bytes) -> bool:
    is_webp = content.startswith(b"RIFF") and content[8:12] == b"WEBP"
    return content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or is_webp


def _is_pdf(content: bytes) -> bool:
    return content[:64].lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"%PDF-")


_KNOWN: tuple[tuple[Callable[[bytes], bool], Callable[[str, bytes], str | None]], ...] = (
    (_is_image, _image_type),
    (_is_pdf, _pdf_type),
)
