"""``manage.py rotate_keys``: write anew by the first key of FIELD_KEYS what an older one encrypted."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from election_admin import rotation
from election_admin.journal.record import append, take_turn
from election_admin.launch import keys


class Command(BaseCommand):
    help = (
        "Encrypts every encrypted column and file anew by the first key of FIELD_KEYS. It may run while the "
        "office works and may be stopped and started again. Exits with 1 when something is left that no key "
        "opens, and names it without its content."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument(
            "--check",
            action="store_true",
            help="change nothing; exit with 1 unless everything is by the first key and opens",
        )
        which.add_argument(
            "--new-key",
            action="store_true",
            help="embedded office, standing still: first put a new key before the others in secrets.env",
        )
        which.add_argument(
            "--drop-old",
            action="store_true",
            help="embedded office, standing still: take the old keys out of secrets.env",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["new_key"]:
            self._with_a_new_key()
        elif options["drop_old"]:
            self._drop_old()
        elif options["check"]:
            self._check()
        else:
            self._rotate()

    def _rotate(self) -> None:
        tally = rotation.rotate(write=True, tell=self._tell)
        self._journal({"values": tally.values, "files": tally.files, "unopened": len(tally.unopened)})
        self.stdout.write(
            _("已改用第一个密钥加密：%(values)d项数据、%(files)d个文件；原已如此：%(untouched)d项。")
            % {"values": tally.values, "files": tally.files, "untouched": tally.untouched}
        )
        self._refuse(tally)

    def _check(self) -> None:
        tally = rotation.rotate(write=False, tell=self._tell)
        self.stdout.write(
            _("仍用旧密钥加密：%(values)d项数据、%(files)d个文件；已用第一个密钥：%(untouched)d项。")
            % {"values": tally.values, "files": tally.files, "untouched": tally.untouched}
        )
        self._refuse(tally)
        if tally.stale:
            raise CommandError(_("请先运行 rotate_keys，再停用旧密钥。"))

    def _with_a_new_key(self) -> None:
        with _office_standing_still():
            used = list(settings.FIELD_KEYS)
            self._write_keys([Fernet.generate_key().decode(), *used], used)
            self.stdout.write(_("已生成新密钥，写入%(file)s，旧密钥排在其后。") % {"file": _secrets_file()})
            self._journal({"keys": len(settings.FIELD_KEYS)})
            self._rotate()
        self.stdout.write(_("请把%(file)s另存备份，再启动系统。") % {"file": _secrets_file()})
        self.stdout.write(_("确认一切正常后，停止系统，运行 rotate_keys --drop-old 停用旧密钥。"))

    def _drop_old(self) -> None:
        with _office_standing_still():
            used = list(settings.FIELD_KEYS)
            if len(used) == 1:
                raise CommandError(_("只有一个密钥，没有旧密钥可以停用。"))
            self._check()
            self._write_keys(used[:1], used)
            self._journal({"keys": 1})
        self.stdout.write(
            _("旧密钥已停用。以前的备份仍要用旧密钥打开：请把旧密钥和那些备份分开、妥善保存，或者重做备份。")
        )

    def _write_keys(self, fresh: list[str], used: list[str]) -> None:
        try:
            keys.write_keys(Path(settings.DATA_DIR), used=used, keys=fresh)
        except keys.KeysComeFromElsewhere as error:
            raise CommandError(
                _(
                    "密钥不是由%(file)s给出的，而是来自环境变量FIELD_KEYS：请在那里把新密钥写在最前面，"
                    "重新启动所有进程，再运行 rotate_keys。"
                )
                % {"file": _secrets_file()}
            ) from error
        settings.FIELD_KEYS = fresh

    def _tell(self, what: str, done: int, count: int) -> None:
        title = _("加密文件") if what == rotation.FILES else what
        self.stdout.write(f"{title}: {done}/{count}")

    @transaction.atomic
    def _journal(self, after: dict[str, int]) -> None:
        chain = take_turn(None)
        append(verb="journal.rotate_keys", row=chain, actor=None, place=None, at=timezone.now(), after=after)

    def _refuse(self, tally: rotation.Tally) -> None:
        """Name what could not be done, and end with an error; the rest is done all the same."""
        for name in (*tally.unopened, *tally.busy):
            self.stderr.write(name)
        if tally.unopened:
            count = len(tally.unopened)
            raise CommandError(
                ngettext(
                    "有%(count)d项数据或文件，FIELD_KEYS中没有一个密钥能打开（见上）。缺少的密钥找回之前，不要停用任何密钥。",
                    "有%(count)d项数据或文件，FIELD_KEYS中没有一个密钥能打开（见上）。缺少的密钥找回之前，不要停用任何密钥。",
                    count,
                )
                % {"count": count}
            )
        if tally.busy:
            raise CommandError(_("有些数据一直有人在改（见上），请再运行一次。"))


def _secrets_file() -> Path:
    return Path(settings.DATA_DIR) / keys.SECRETS


@contextmanager
def _office_standing_still() -> Iterator[None]:
    try:
        with keys.standing_still(Path(settings.DATA_DIR)):
            yield
    except keys.OfficeRuns as error:
        raise CommandError(
            _("系统正在运行。请先停止系统（在 make run 的窗口按 Ctrl-C），再更换密钥。")
        ) from error
