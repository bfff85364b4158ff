"""What may be uploaded, told by its content: each refusal names the file and what to do."""

import zlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from election_admin.evidence.checks import check
from election_admin.uploads import NAME_LENGTH, plain_name
from tests.evidence.uploads import PDF, image_bytes, make_upload

JPEG = image_bytes("JPEG", (640, 480))
PNG = image_bytes("PNG", (640, 480))
WEBP = image_bytes("WEBP", (640, 480))


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(ValidationError) as refused:
        check(make_upload(name, content))
    return refused.value.messages[0]


def two_pictures() -> bytes:
    """The JPEG of a phone that keeps a second picture behind the first."""
    kept = BytesIO()
    first, second = Image.new("RGB", (64, 48), "red"), Image.new("RGB", (64, 48), "blue")
    first.save(kept, "MPO", save_all=True, append_images=[second])
    return kept.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("公告栏.jpg", JPEG, "image/jpeg"),
        ("公告栏.JPEG", JPEG, "image/jpeg"),
        ("手机.jpg", two_pictures(), "image/jpeg"),
        ("动态照片.jpg", JPEG + b"\0\0\0\x18ftypmp42" + b"film" * 1000, "image/jpeg"),
        ("渐进.jpg", image_bytes("JPEG", (640, 480), progressive=True), "image/jpeg"),
        ("灰度.jpg", image_bytes("JPEG", (640, 480), mode="L"), "image/jpeg"),
        ("公告栏.png", PNG, "image/png"),
        ("公告栏.webp", WEBP, "image/webp"),
        ("签到表.pdf", PDF, "application/pdf"),
        ("签到表.pdf", b"\xef\xbb\xbf" + PDF + b"\n" * 200, "application/pdf"),
    ],
)
@pytest.mark.parametrize("lenient", [False, True])
def test_photos_and_scans_are_taken_as_they_are(
    monkeypatch, lenient: bool, name: str, content: bytes, content_type: str
) -> None:
    """Evidence is kept to the byte: what is shown later is what was photographed."""
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", lenient)
    checked = check(make_upload(name, content))

    assert (checked.name, checked.content_type, checked.content) == (name, content_type, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("报告.docx", b"PK\x03\x04" + b"\0" * 100),
        ("公告.jpg", b"<html><script>alert(1)</script></html>"),
        ("公告.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("动图.gif", b"GIF89a" + b"\0" * 50),
        ("说明.pdf", b"no pdf at all"),
        ("录像.mp4", b"\0\0\0\x18ftypmp42" + b"\0" * 50),
    ],
)
def test_a_name_makes_no_photo(name: str, content: bytes) -> None:
    """A page with scripts called .jpg would run in the reader's browser if the name decided."""
    assert refusal(name, content) == f"“{name}”不是照片（JPG、PNG、WebP）或PDF，请拍照或扫描后上传。"


def test_heic_is_refused_with_the_way_out() -> None:
    """Half the phones take it, and hardly a computer of an office opens it."""
    sentence = refusal("IMG_0001.HEIC", b"\0\0\0\x18ftypheic" + b"\0" * 50)

    assert sentence.startswith("“IMG_0001.HEIC”是HEIC照片")
    assert "JPEG" in sentence


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("半张.jpg", JPEG[: len(JPEG) // 2]),
        ("缺尾.jpg", JPEG[:-200]),
        ("半张.png", PNG[: len(PNG) // 2]),
        ("半张.webp", WEBP[: len(WEBP) // 2]),
        ("改过.png", PNG[:60] + b"\0\0\0\0" + PNG[64:]),
        ("头.jpg", b"\xff\xd8\xff"),
        ("半份.pdf", PDF[:60]),
    ],
)
@pytest.mark.parametrize("lenient", [False, True])
def test_half_a_file_is_no_evidence(monkeypatch, lenient: bool, name: str, content: bytes) -> None:
    """Found out years later in the archive, it could not be photographed again.

    ``lenient`` is how WeasyPrint sets Pillow, once a document has been made in the same process.
    """
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", lenient)
    assert refusal(name, content) == f"“{name}”已损坏或不完整，打不开。请重新拍照或扫描后上传。"


def test_an_empty_file() -> None:
    assert refusal("空.jpg", b"") == "“空.jpg”是空文件，请重新拍照或扫描后上传。"


def test_the_size_from_both_sides(settings) -> None:
    """The limit itself is allowed; a byte more is not, and the sentence says how large it is."""
    settings.UPLOAD_FILE_BYTES = len(PNG)
    assert check(make_upload("大.png", PNG)).content == PNG

    settings.UPLOAD_FILE_BYTES = len(PNG) - 1
    assert "超过每个文件" in refusal("大.png", PNG)
    assert refusal("大.png", PNG).startswith("“大.png”有")


def test_pixels_from_both_sides(settings) -> None:
    settings.EVIDENCE_IMAGE_PIXELS = 640 * 480
    assert check(make_upload("大.png", PNG)).content == PNG

    settings.EVIDENCE_IMAGE_PIXELS = 640 * 480 - 1
    for name, content in (("大.png", PNG), ("大.jpg", JPEG), ("大.webp", WEBP)):
        assert "万像素，太大了" in refusal(name, content)


@pytest.mark.filterwarnings("ignore:Image size")
@pytest.mark.parametrize("side", [12_000, 60_000])
def test_a_small_file_with_a_huge_picture_does_not_fill_the_memory(side: int) -> None:
    """A few bytes may claim to be a picture of gigabytes; it is refused before it is unpacked."""
    header = (13).to_bytes(4, "big") + b"IHDR" + side.to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    bomb = b"\x89PNG\r\n\x1a\n" + header + zlib.crc32(header[4:]).to_bytes(4, "big")
    bomb += b"\0\0\0\0IEND" + zlib.crc32(b"IEND").to_bytes(4, "big")

    assert "万像素，太大了" in refusal("炸弹.png", bomb)


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\照片\\公告 栏.jpg", "公告 栏.jpg"),
        ("公告\n栏\x07.jpg", "公告栏.jpg"),
        ("选举😀.jpg", "选举.jpg"),
        ("照片\u202egpj.exe", "照片gpj.exe"),
        ("..jpg", "jpg"),
        ("", "未命名文件"),
        ("长" * 200 + ".jpeg", "长" * (NAME_LENGTH - 5) + ".jpeg"),
    ],
)
def test_names_are_made_fit(raw: str, plain: str) -> None:
    """No folder, no sign that cannot be printed, no longer than a line; the ending stays."""
    assert plain_name(raw) == plain


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("照片", JPEG, "照片.jpg"),
        ("页面.html", PNG, "页面.html.png"),
        ("扫描.jpg", PDF, "扫描.jpg.pdf"),
        ("长" * 119 + "页", JPEG, "长" * 116 + ".jpg"),
    ],
)
def test_the_ending_says_what_it_is(name: str, content: bytes, kept: str) -> None:
    """Downloaded under a wrong ending it would not open, or open as something else."""
    assert check(make_upload(name, content)).name == kept
