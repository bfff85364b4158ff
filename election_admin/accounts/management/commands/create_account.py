"""``manage.py create_account``: the first administrator of an office, or any other account."""

from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from election_admin.accounts.actions import open_account
from election_admin.accounts.models import Role, User
from election_admin.places.models import Place


class Command(BaseCommand):
    help = "Opens an account; the password is asked for, or read from standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("login")
        parser.add_argument("name")
        parser.add_argument("--role", choices=Role.values, default=Role.ADMINISTRATOR)
        parser.add_argument("--place", required=True, help="division code, e.g. 330604")
        parser.add_argument("--department", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        place = Place.objects.filter(code=options["place"]).first()
        if place is None:
            raise CommandError(_("没有区划代码为 %s 的地区，请先导入地区。") % options["place"])
        password = getpass(_("密码："))
        try:
            validate_password(password, User(login=options["login"], name=options["name"]))
            open_account(
                login=options["login"],
                name=options["name"],
                password=password,
                role=options["role"],
                place=place,
                department=options["department"],
                actor=None,
                at=timezone.now(),
            )
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        self.stdout.write(_("账号 %s 已建立。") % options["login"])
