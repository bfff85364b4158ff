"""The menu. Apps add their lines at start; this module knows none of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from election_admin.accounts.models import User


@dataclass(frozen=True)
class MenuEntry:
    """One line of the menu: shown to users who hold one of the roles."""

    title: Any
    url_name: str
    icon: str
    roles: frozenset[str]
    order: int


@dataclass(frozen=True)
class ShownEntry:
    """A menu line as one user sees it on one page."""

    title: Any
    url: str
    icon: str
    current: bool


_entries: list[MenuEntry] = []


def register_menu(entry: MenuEntry) -> None:
    """Add a line to the menu, once, at start."""
    _entries.append(entry)
    _entries.sort(key=lambda one: one.order)


def entries_for(user: User, path: str) -> Sequence[ShownEntry]:
    """Return the lines this user sees, the one that the page belongs to marked."""
    shown = [
        (entry, reverse(entry.url_name))
        for entry in _entries
        if any(held.role in entry.roles for held in user.held_memberships)
    ]
    best = max((len(url) for _, url in shown if path.startswith(url)), default=0)
    return [
        ShownEntry(entry.title, url, entry.icon, path.startswith(url) and len(url) == best)
        for entry, url in shown
    ]
