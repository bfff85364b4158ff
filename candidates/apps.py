"""The candidates app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CandidatesConfig(AppConfig):
    name = "candidates"
    verbose_name = _("候选人与资格审查")

    def ready(self) -> None:
        from candidates import (  # noqa: F401, PLC0415
            double_needs,
            kinds,
            letters,
            menu,
            objection_evidence,
            objection_needs,
            panels,
            permissions,
            receivers,
            reply_papers,
        )
        from candidates.imports import kinds as import_kinds  # noqa: F401, PLC0415
