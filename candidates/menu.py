"""The line this app adds to the menu."""

from django.utils.translation import gettext_lazy as _

from election_admin.accounts.menu import MenuEntry, register_menu
from election_admin.accounts.models import Role

register_menu(MenuEntry(_("联审答复"), "candidates:inbox", "inbox", frozenset({Role.DEPARTMENT}), 10))
