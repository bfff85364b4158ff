"""Reading a citizen's ID number 公民身份号码 (GB 11643): is it whole, whose birthday, which sex.

The place in its first six digits is not looked up: codes of counties that were merged long ago
stand in numbers that are valid all the same.
"""

import re
import unicodedata
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from stdnum.cn.ric import calc_check_digit

from candidates.models import Person

_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_BIRTHDAY = slice(6, 14)
_SEX = 16


def normalised(text: str) -> str:
    """Return the number as it is kept: half-width, no spaces or hyphens, X upper case."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()


def fault_of(number: str) -> str | None:
    """Return what is wrong with a normalised number by itself, as a sentence; None if nothing."""
    if not _SHAPE.fullmatch(number):
        return _("公民身份号码应为18位：前17位是数字，最后1位是数字或X。现为%d位，请核对。") % len(number)
    if birthday(number) is None:
        return _("公民身份号码第7至14位不是有效的出生日期，请核对。")
    if calc_check_digit(number) != number[-1]:
        return _("公民身份号码的校验码（最后1位）不对，可能有数字抄错，请逐位核对。")
    return None


def birthday(number: str) -> date | None:
    """Return the birthday the number names, None if there is no such day."""
    digits = number[_BIRTHDAY]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None


def sex(number: str) -> str:
    """Return the sex the number names: odd is male."""
    return Person.Sex.MALE if int(number[_SEX]) % 2 else Person.Sex.FEMALE


def contradicted(number: str, *, born: date | None, stated_sex: str | None) -> str | None:
    """Return what beside it a valid number contradicts, "born" or "sex"; None if nothing."""
    named = birthday(number)
    if born and named and named != born:
        return "born"
    return "sex" if stated_sex and sex(number) != stated_sex else None


def disagreement(number: str, *, born: date | None, stated_sex: str | None) -> str | None:
    """Return how a valid number contradicts what was typed beside it, naming both; None if it does not."""
    what, named = contradicted(number, born=born, stated_sex=stated_sex), birthday(number)
    if what == "born" and named and born:
        return _("号码中的出生日期是%(named)s，与填写的出生日期%(typed)s不一致，请核对。") % {
            "named": date_format(named, "DATE_FORMAT"),
            "typed": date_format(born, "DATE_FORMAT"),
        }
    if what == "sex" and stated_sex:
        return _("号码中的性别是“%(named)s”，与选择的性别“%(typed)s”不一致，请核对。") % {
            "named": Person.Sex(sex(number)).label,
            "typed": Person.Sex(stated_sex).label,
        }
    return None
