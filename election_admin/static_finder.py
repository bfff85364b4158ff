"""Static files of packages, only those a page asks for.

The icon package alone carries 2,000 files: collecting them all takes longer
than everything else at a first start.
"""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from typing import Any

from django.contrib.staticfiles.finders import AppDirectoriesFinder

# Folders of packages of which only some files are served.
ALLOWED = {
    "js-lib-bootstrap5": (
        "js-lib-bootstrap5/css/bootstrap.min.css*",
        "js-lib-bootstrap5/js/bootstrap.bundle.min.js*",
    ),
    "bootstrap-icons": (
        "bootstrap-icons/font/bootstrap-icons.min.css",
        "bootstrap-icons/font/fonts/*",
    ),
}


def is_served(path: str) -> bool:
    """Tell whether the file of an installed package may be collected and served."""
    patterns = ALLOWED.get(path.split("/", 1)[0])
    return patterns is None or any(fnmatch(path, pattern) for pattern in patterns)


class AllowedAppFilesFinder(AppDirectoriesFinder):
    """Finds the static files of apps, leaving out what ALLOWED does not name."""

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[Any]:
        for path, storage in super().list(ignore_patterns):
            if is_served(path):
                yield path, storage
