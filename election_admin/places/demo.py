"""Whether this database holds invented people. Every page of such a database says so."""

from functools import cache

from django.conf import settings
from django.db import OperationalError, ProgrammingError, models


class DemoMark(models.Model):
    """One row, written when the demo county is loaded; there is none in an office's database."""

    loaded_at = models.DateTimeField()

    class Meta:
        app_label = "places"

    def __str__(self) -> str:
        return f"{self.loaded_at:%Y-%m-%d}"


@cache
def _marked(database: str) -> bool:
    return DemoMark.objects.exists()


def is_demo() -> bool:
    """Whether every page and document must say 演示数据.

    Asked once a process and database: the mark is written before the first page is served.
    """
    try:
        return _marked(str(settings.DATABASES["default"]["NAME"]))
    except (OperationalError, ProgrammingError):
        return False


def forget_demo_mark() -> None:
    """Ask the database anew, after the mark has been written."""
    _marked.cache_clear()
