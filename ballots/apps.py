"""The ballots app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BallotsConfig(AppConfig):
    name = "ballots"
    verbose_name = _("选举程序与投票")

    def ready(self) -> None:
        from ballots import (  # noqa: F401, PLC0415
            committee_needs,
            deadlines,
            digest,
            evidence,
            kinds,
            menu,
            overdue,
            panels,
            permissions,
            receivers,
            step_evidence,
            team_needs,
            violation_needs,
        )
