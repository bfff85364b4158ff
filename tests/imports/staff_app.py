"""Brings the staff kind into worker processes; named in worker_settings."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "tests.imports"
    label = "imports_tests"

    def ready(self) -> None:
        from tests.imports.staff import register  # noqa: PLC0415

        register()
