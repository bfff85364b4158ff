"""The lines this app adds to the menu."""

from django.utils.translation import gettext_lazy as _

from election_admin.accounts.menu import MenuEntry, register_menu
from election_admin.accounts.models import Role

register_menu(MenuEntry(_("联审答复"), "candidates:inbox", "inbox", frozenset({Role.DEPARTMENT}), 10))
register_menu(
    MenuEntry(
        _("候选人"), "candidates:candidates", "person-lines-fill", frozenset({Role.TOWNSHIP, Role.COUNTY}), 40
    )
)
register_menu(
    MenuEntry(
        _("联审"), "candidates:batches", "clipboard2-check", frozenset({Role.TOWNSHIP, Role.COUNTY}), 41
    )
)
register_menu(MenuEntry(_("邮件提醒"), "accounts:reminders", "envelope", frozenset({Role.DEPARTMENT}), 60))
register_menu(
    MenuEntry(
        _("候选人异议"),
        "candidates:objections",
        "chat-left-text",
        frozenset({Role.TOWNSHIP, Role.COUNTY}),
        42,
    )
)
register_menu(
    MenuEntry(_("候选人异议"), "candidates:own_objections", "chat-left-text", frozenset({Role.COMMITTEE}), 40)
)
