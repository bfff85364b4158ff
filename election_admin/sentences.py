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


def one_after_another(sentences: Iterable[object]) -> str:
    """Return sentences as one paragraph, with the space that English wants between them."""
    return pgettext("between full sentences", "").join(str(sentence) for sentence in sentences)
