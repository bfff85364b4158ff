"""A situation of the term's list as people write it in a file: by its number, its title, its sentence."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from candidates.imports.ground import squeezed
from candidates.wording import words
from election_admin.rulebooks.eligibility_lists import EligibilityList
from election_admin.rulebooks.values import Text
from election_admin.sentences import explained, listed

_NUMBER = re.compile(r"(?:第|\()?([0-9]{1,2}|[一二三四五六七八九十])(?:项|\)|[.、,:：])*")
_NUMERALS = "一二三四五六七八九十"
_SIGNS = re.compile(r"[\W_]")
_SHORTEST_BEGINNING = 4


def situation_of(written: str, source: EligibilityList) -> str:
    """Return the code of what is written. Raises ValidationError, naming what the list has."""
    text = squeezed(written)
    numbered = _NUMBER.match(text)
    if numbered:
        number, rest = _number(numbered[1]), text[numbered.end() :]
        for situation in source.situations:
            if situation.item == number and (not rest or _is(rest, situation.title, situation.sentence)):
                return situation.code
    else:
        for situation in source.situations:
            if _is(text, situation.title, situation.sentence) or text == situation.code:
                return situation.code
        beginning = [one.code for one in source.unsuitable if _begins(text, one.sentence)]
        if len(beginning) == 1:
            return beginning[0]
    raise ValidationError({"situation": _("资格条件中没有这种情形。可以填：%s。") % _offered(source)})


def _number(written: str) -> int:
    return _NUMERALS.index(written) + 1 if written in _NUMERALS else int(written)


def _is(written: str, *texts: Text) -> bool:
    plain = _plain(written)
    return any(plain == _plain(text) for each in texts for text in (each.zh, each.en))


def _begins(written: str, sentence: Text) -> bool:
    plain = _plain(written)
    return len(plain) >= _SHORTEST_BEGINNING and any(
        _plain(text).startswith(plain) for text in (sentence.zh, sentence.en)
    )


def _plain(text: str) -> str:
    return _SIGNS.sub("", squeezed(text)).lower()


def _offered(source: EligibilityList) -> str:
    return listed(explained(one.item, words(one.title)) for one in source.situations)
