"""The lines this app adds to the menu."""

from django.utils.translation import gettext_lazy as _

from election_admin.accounts.menu import MenuEntry, register_menu
from election_admin.accounts.models import Role

register_menu(
    MenuEntry(_("选举程序"), "ballots:own_procedure", "list-check", frozenset({Role.COMMITTEE}), 10)
)
register_menu(MenuEntry(_("选举办法"), "ballots:law_list", "book", frozenset(Role), 65))
