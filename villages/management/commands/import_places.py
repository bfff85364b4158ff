"""``manage.py import_places FILE``: the villages of a county, or of many."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from villages.actions.places import Imported, import_places


class Command(BaseCommand):
    help = "Brings in places from a CSV table of division codes: all of them, or none and why."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a CSV file; docs show its columns")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(options["file"])
        try:
            with path.open("rb") as file:
                imported = import_places(file=file, actor=None, at=timezone.now())
        except (OSError, ValueError) as error:
            raise CommandError(_why_unreadable(path, error)) from error
        except ValidationError as error:
            for problem in error.messages:
                self.stderr.write(problem)
            raise CommandError(
                _("共%d处问题，没有导入任何地区。改好后请重新导入。") % len(error.messages)
            ) from error
        self.stdout.write(_outcome(imported))


def _why_unreadable(path: Path, error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return _("没有找到文件 %s。请检查路径。") % path
    if isinstance(error, IsADirectoryError):
        return _("%s 是文件夹。请写出其中CSV文件的名称。") % path
    if isinstance(error, PermissionError):
        return _("没有读取文件 %s 的权限。") % path
    return _("无法读取文件 %s。请检查它是不是一个CSV文件。") % ascii(str(path))[1:-1]


def _outcome(imported: Imported) -> str:
    if not imported.changed:
        return _("这些地区都已在系统中，没有变化（共%d个）。") % imported.unchanged
    return _("已导入：新增乡镇（街道）%(townships)d个、村和社区%(villages)d个，更名%(renamed)d个。") % {
        "townships": imported.created["township"],
        "villages": imported.created["village"],
        "renamed": imported.renamed,
    }
