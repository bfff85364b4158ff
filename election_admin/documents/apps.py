"""The documents app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    name = "election_admin.documents"
    label = "documents"
    verbose_name = _("文件")

    def ready(self) -> None:
        from election_admin.documents import menu  # noqa: F401, PLC0415
