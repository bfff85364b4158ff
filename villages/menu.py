"""The lines this app adds to the menu."""

from django.utils.translation import gettext_lazy as _

from election_admin.accounts.menu import MenuEntry, register_menu
from election_admin.accounts.models import Role

OFFICIALS = frozenset({Role.TOWNSHIP, Role.COUNTY})

register_menu(MenuEntry(_("县级总览"), "villages:dashboard", "speedometer2", frozenset({Role.COUNTY}), 10))
register_menu(MenuEntry(_("村一览"), "villages:village_list", "houses", OFFICIALS, 20))
register_menu(
    MenuEntry(
        _("届与选举办法"),
        "villages:term_list",
        "calendar-range",
        frozenset({Role.COUNTY, Role.ADMINISTRATOR}),
        60,
    )
)
register_menu(
    MenuEntry(_("操作日志"), "accounts:journal", "journal-text", OFFICIALS | {Role.ADMINISTRATOR}, 90)
)
register_menu(MenuEntry(_("账号"), "accounts:account_list", "people", frozenset({Role.ADMINISTRATOR}), 70))
