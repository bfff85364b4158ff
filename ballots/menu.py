"""The lines this app adds to the menu."""

from django.utils.translation import gettext_lazy as _

from election_admin.accounts.menu import MenuEntry, register_menu
from election_admin.accounts.models import Role

register_menu(
    MenuEntry(_("选举程序"), "ballots:own_procedure", "list-check", frozenset({Role.COMMITTEE}), 10)
)
register_menu(
    MenuEntry(
        _("到期提醒"),
        "ballots:deadlines",
        "alarm",
        frozenset({Role.TOWNSHIP, Role.COUNTY, Role.COMMITTEE}),
        30,
    )
)
register_menu(
    MenuEntry(
        _("选举日历"),
        "ballots:calendar",
        "calendar3",
        frozenset({Role.TOWNSHIP, Role.COUNTY, Role.COMMITTEE}),
        31,
    )
)
register_menu(
    MenuEntry(_("选举日安排"), "ballots:own_days", "calendar-range", frozenset({Role.TOWNSHIP}), 32)
)
register_menu(MenuEntry(_("选举办法"), "ballots:law_list", "book", frozenset(Role), 65))
register_menu(
    MenuEntry(
        _("违规情况"),
        "ballots:violations",
        "exclamation-octagon",
        frozenset({Role.TOWNSHIP, Role.COUNTY}),
        35,
    )
)
