"""Rulebooks in templates."""

from django import template
from django.utils.translation import get_language

from election_admin.rulebooks.values import Text

register = template.Library()


@register.filter
def words(text: Text) -> str:
    """A rulebook's text in the reader's language."""
    return text.in_(get_language() or "")
