"""Brings the specimen kind into worker processes; named in worker_settings."""

from django.apps import AppConfig


class SpecimenConfig(AppConfig):
    name = "tests.documents"
    label = "documents_tests"

    def ready(self) -> None:
        from tests.documents.specimen import register  # noqa: PLC0415

        register()
