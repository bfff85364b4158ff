"""``manage.py verify_journal``: walk the hash chains."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from election_admin.journal.models import Entry
from election_admin.journal.record import verify


class Command(BaseCommand):
    help = "Walks the journal's hash chains and names every entry that was changed, lost or inserted."

    def handle(self, *args: Any, **options: Any) -> None:
        breaks = list(verify())
        for broken in breaks:
            self.stderr.write(f"{broken.chain or '-'} #{broken.number}: {broken.problem}")
        if breaks:
            raise CommandError(_("操作日志有 %(count)d 处不完整。") % {"count": len(breaks)})
        self.stdout.write(_("操作日志完整，共 %(count)d 条。") % {"count": Entry.objects.count()})
