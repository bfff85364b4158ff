"""Putting words together as the reader's language does."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def listed(parts: Iterable[object]) -> str:
    """Return the parts as a list in a sentence: 甲、乙、丙; A, B, C."""
    return pgettext("between the parts of a list", "、").join(str(part) for part in parts)


def quoted(parts: Iterable[object]) -> str:
    """Return the parts in quotation marks, as a list in a sentence."""
    return listed(_("“%s”") % part for part in parts)


def bracketed(text: object) -> str:
    """Return text in brackets: （甲）; (A), with the space English wants before it."""
    return pgettext("an aside", "（%s）") % text if text else ""


def explained(title: object, text: object) -> str:
    """Return a title and what is said of it: 甲：乙; A: b."""
    return pgettext("a title and what is said of it", "%(title)s：%(text)s") % {"title": title, "text": text}


def one_after_another(sentences: Iterable[object]) -> str:
    """Return sentences as one paragraph, with the space that English wants between them."""
    return pgettext("between full sentences", "").join(str(sentence) for sentence in sentences)
