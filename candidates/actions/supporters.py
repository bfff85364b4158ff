"""The villagers who sign a joint nomination: registered voters, each once, not the nominee."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from candidates.models import Candidacy
from candidates.registry import RollSource, names_on_roll
from election_admin.sentences import listed
from election_admin.validators import validate_person_name, validate_printable
from villages.models import Election

LONGEST_NAME = 40
MOST_NAMES = 5_000
# So many names a sentence gives before it only counts them.
NAMED = 5
_BETWEEN_NAMES = re.compile(r"[\n\r、，,;；\t]+")
_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
# What tells namesakes apart: 王伟（二组）.
_ASIDE = re.compile(r"\s*[(（]([^()（）]{1,20})[)）]$")


def read_names(text: str) -> list[str]:
    """The names in a list with one a line, or with signs between them.

    The spaces by which lists widen names of two signs are taken out. Raises ValidationError for
    what cannot be a name, naming it, and for a list that is too long.
    """
    names = [_BETWEEN_HAN.sub("", part.strip()) for part in _BETWEEN_NAMES.split(text)]
    names = [name for name in names if name]
    if len(names) > MOST_NAMES:
        raise ValidationError(
            _("名单最多%(most)d人，现有%(count)d人，请核对。")
            % {
                "most": MOST_NAMES,
                "count": len(names),
            }
        )
    for name in names:
        _check_name(name)
    return names


def bare_name(name: str) -> str:
    """A name without what tells namesakes apart."""
    return _ASIDE.sub("", name)


def check_supporters(
    election: Election, nominee: str, values: Mapping[str, Any], *, roll: RollSource = names_on_roll
) -> dict[str, str]:
    """What is wrong with the list of supporters, by field; nothing where none is given.

    Registered villagers nominate (组织法第15条): where the village's roll is known, everybody must
    be on it. Nobody counts twice, and nobody supports themselves.
    """
    names: Sequence[str] = values.get("supporter_names") or ()
    if not names:
        return {}
    if values["how"] != Candidacy.How.JOINT:
        return {"supporter_names": _("只有村民联名提名才填写联名人姓名，请核对产生方式。")}
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        sentence = _("联名人名单中有重复的姓名：%s。同名的两人请加注区分，如“王伟（二组）”；重复的请删去。")
        return {"supporter_names": sentence % _some(twice)}
    if nominee in names:
        sentence = _("联名人名单中有被提名人本人：%s。本人不能联名提名自己；是同名的另一人的，请加注区分。")
        return {"supporter_names": sentence % nominee}
    on_roll = roll(election)
    if on_roll is None:
        return {}
    registered = Counter(on_roll)
    missing = [name for name in names if not registered[bare_name(name)]]
    if missing:
        sentence = ngettext(
            "联名人中有%(count)d人不在选民名单上：%(names)s。"
            "候选人由登记参加选举的村民提名（组织法第15条），请核对。",
            "联名人中有%(count)d人不在选民名单上：%(names)s。"
            "候选人由登记参加选举的村民提名（组织法第15条），请核对。",
            len(missing),
        )
        return {"supporter_names": sentence % {"count": len(missing), "names": _some(missing)}}
    return {}


def _check_name(name: str) -> None:
    validate_printable(name)
    bare = bare_name(name)
    if len(bare) > LONGEST_NAME:
        raise ValidationError(
            _("“%(name)s…”过长：姓名最多%(most)d个字，请在姓名之间加顿号或换行。")
            % {
                "name": bare[:10],
                "most": LONGEST_NAME,
            }
        )
    try:
        validate_person_name(bare)
    except ValidationError:
        raise ValidationError(
            _("“%s”不是姓名：姓名只能由文字组成，请一行写一人，或用顿号隔开。") % name[:20]
        ) from None


def _some(names: Sequence[str]) -> str:
    shown = listed(names[:NAMED])
    if len(names) <= NAMED:
        return shown
    return _("%(names)s等%(count)d人") % {"names": shown, "count": len(names)}
