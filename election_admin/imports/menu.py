"""The imports' line in the menu."""

from django.utils.translation import gettext_lazy as _

from election_admin.accounts.menu import MenuEntry, register_menu
from election_admin.accounts.models import Role

register_menu(
    MenuEntry(
        title=_("导入"),
        url_name="imports:import_list",
        icon="file-earmark-spreadsheet",
        roles=frozenset({Role.TOWNSHIP}),
        order=85,
    )
)
