"""Rulebooks and their days in templates."""

from collections.abc import Iterable
from datetime import date

from django import template
from django.utils.translation import get_language

from ballots import wording
from election_admin.rulebooks.values import Text
from election_admin.sentences import listed

register = template.Library()


@register.filter
def words(text: Text) -> str:
    """A rulebook's text in the reader's language."""
    return text.in_(get_language() or "")


@register.filter
def short_day(day: date) -> str:
    """A day without its year."""
    return wording.short_day(day)


@register.filter
def listed_words(texts: Iterable[Text]) -> str:
    """Several texts as a list in a sentence."""
    return listed(words(text) for text in texts)
