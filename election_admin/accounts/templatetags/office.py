"""Template tags every page uses."""

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from election_admin.accounts.models import User
from election_admin.sentences import bracketed, explained

register = template.Library()


@register.filter
def may(user: User, permission: str) -> "Asking":
    """``{% if user|may:"villages.edit_facts"|on:place %}``: the first half of the question."""
    return Asking(user, permission)


@register.filter
def on(asking: "Asking", row: Any) -> bool:
    """The second half: whether the rules allow it on this row."""
    return asking.user.has_perm(asking.permission, row)


class Asking:
    """A user and a permission, waiting for the row."""

    def __init__(self, user: User, permission: str) -> None:
        self.user = user
        self.permission = permission


@register.filter
def in_brackets(text: object) -> str:
    """``{{ evidence|in_brackets }}``: in the reader's brackets; nothing for nothing."""
    return bracketed(text)


@register.filter
def explained_by(title: object, text: object) -> str:
    """``{{ title|explained_by:sentence }}``: with the reader's colon."""
    return explained(title, text)


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon beside a word; hidden from screen readers, because the word says it."""
    return mark_safe(f'<i class="bi bi-{name}" aria-hidden="true"></i>')  # noqa: S308 - names are ours
