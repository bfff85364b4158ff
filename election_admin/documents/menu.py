"""The documents' line in the menu."""

from django.utils.translation import gettext_lazy as _

from election_admin.accounts.menu import MenuEntry, register_menu
from election_admin.accounts.models import Role

register_menu(
    MenuEntry(
        title=_("文件"),
        url_name="documents:document_list",
        icon="file-earmark-pdf",
        roles=frozenset({Role.TOWNSHIP, Role.COMMITTEE, Role.COUNTY}),
        order=80,
    )
)
