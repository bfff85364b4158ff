"""The imports app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    name = "election_admin.imports"
    label = "imports"
    verbose_name = _("导入")

    def ready(self) -> None:
        from election_admin.imports import menu  # noqa: F401, PLC0415
