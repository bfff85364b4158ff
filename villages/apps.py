"""The villages app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VillagesConfig(AppConfig):
    name = "villages"
    verbose_name = _("村情与风险")

    def ready(self) -> None:
        from villages import kinds, menu, panels, permissions  # noqa: F401, PLC0415
