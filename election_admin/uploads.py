"""Uploads: too large, they are counted to their end and not kept; large, they lie nowhere under a name."""

import tempfile
import unicodedata
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.translation import gettext as _

from election_admin.validators import unprintable

NAME_LENGTH = 120


class SizeLimit(FileUploadHandler):
    """Stands before the handlers that keep files, and hands them no more than a file may have.

    Without it a film of two gigabytes would lie on the disk before a form could refuse it. What is
    too large arrives without content, with its true name and size: the form says it in a sentence.
    """

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        kept = start + len(raw_data) <= settings.UPLOAD_FILE_BYTES
        return raw_data if kept else None

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        if file_size <= settings.UPLOAD_FILE_BYTES:
            return None
        return UploadedFile(BytesIO(), self.file_name, self.content_type, file_size, self.charset)


class NamelessFile(FileUploadHandler):
    """Keeps an upload that is too large for memory in a file without a name.

    Django's own handler leaves its file behind, in clear, when the server is killed in the middle of
    an upload: a scanned judgment, an Excel file of ID numbers. A file without a name ends with the
    process, whatever ends it.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.kept = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115 - outlives this

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.kept.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes]:
        self.kept.seek(0)
        return UploadedFile(self.kept, self.file_name, self.content_type, file_size, self.charset)

    def upload_interrupted(self) -> None:
        if hasattr(self, "kept"):
            self.kept.close()


def plain_name(raw: str) -> str:
    """Return a file's name without folders and without what cannot be printed, cut to length.

    The ending stays when a long name is cut. Signs that turn the direction of writing go as well:
    they can make ``exe.jpg`` read as something else.
    """
    name = unicodedata.normalize("NFC", raw).replace("\\", "/").rpartition("/")[2]
    unfit = set(unprintable(name)) | {sign for sign in name if unicodedata.category(sign) == "Cf"}
    name = "".join(sign for sign in name if sign not in unfit and sign.isprintable())
    name = " ".join(name.split()).lstrip(".")
    return _cut(name or _("未命名文件"))


def _cut(name: str) -> str:
    if len(name) <= NAME_LENGTH:
        return name
    ending = PurePosixPath(name).suffix[:10]
    return name[: NAME_LENGTH - len(ending)] + ending
