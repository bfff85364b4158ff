"""The accounts app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "election_admin.accounts"
    label = "accounts"
    verbose_name = _("账号")

    def ready(self) -> None:
        from election_admin.accounts import permissions  # noqa: F401, PLC0415
