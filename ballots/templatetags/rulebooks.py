"""Rulebooks and their days in templates."""

from collections.abc import Iterable
from datetime import date

from django import template
from django.utils.translation import get_language

from ballots import law_pages, wording
from election_admin.rulebooks.values import Text
from election_admin.sentences import listed
from villages.models import Election, RulebookEdition

register = template.Library()


@register.filter
def words(text: Text) -> str:
    """A rulebook's text in the reader's language."""
    return text.in_(get_language() or "")


@register.filter
def edition_words(edition: RulebookEdition) -> str:
    """A county's edition as it is called."""
    return law_pages.edition_words(edition)


@register.simple_tag
def law_line(election: Election) -> law_pages.LawLine:
    """By which rulebook an election goes, in which edition."""
    return law_pages.law_line(election)


@register.filter
def short_day(day: date) -> str:
    """A day without its year."""
    return wording.short_day(day)


@register.filter
def listed_words(texts: Iterable[Text]) -> str:
    """Several texts as a list in a sentence."""
    return listed(words(text) for text in texts)
