"""The candidates app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CandidatesConfig(AppConfig):
    name = "candidates"
    verbose_name = _("候选人与资格审查")

    def ready(self) -> None:
        from candidates import kinds, menu, panels, permissions, receivers  # noqa: F401, PLC0415
