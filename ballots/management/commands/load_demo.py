"""``manage.py load_demo``: a county to try things in, all invented but its map."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from ballots.demo.accounts import lines
from ballots.demo.load import PlacesAreThere, load_demo
from election_admin.places.models import DemoMark


class Command(BaseCommand):
    help = "Loads the demo county into an empty database, and marks every page of it as a demo."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--accounts", action="store_true", help="only list the demo accounts, none where there is no demo"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["accounts"]:
            self._load(loudly=options["verbosity"] > 0)
        if DemoMark.objects.exists() and (options["accounts"] or options["verbosity"] > 0):
            for line in lines():
                self.stdout.write(line)

    def _load(self, *, loudly: bool) -> None:
        try:
            stages = load_demo(today=timezone.localdate(), at=timezone.now())
        except PlacesAreThere as error:
            raise CommandError(
                _("数据库里已经有正式的地区数据，不能再装入演示数据。请换一个空的数据库。")
            ) from error
        if not loudly:
            return
        if stages is None:
            self.stdout.write(_("演示数据已经在数据库里，没有改动。"))
        else:
            self.stdout.write(_("演示数据已装入：%d个村。可用的演示账号：") % sum(stages.values()))
