"""Uploads that are too large are counted to their end and not kept."""

from io import BytesIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


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
