"""What a department is told of a candidate. Its pages and its sheet take everything about a person here.

Which department is told what stands in ``rulebooks/departments.yaml``, with the reasons.
"""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_stubs_ext import StrOrPromise

from candidates.models import Candidacy
from election_admin.rulebooks.departments import Told, department

# In the order of the review's form. What is about nobody in particular comes where the form has it.
TITLES: dict[Told, StrOrPromise] = {
    "village": _lazy("村"),
    "name": _lazy("姓名"),
    "sex": _lazy("性别"),
    "born_year": _lazy("出生年份"),
    "id_number": _lazy("公民身份号码"),
    "party_member": _lazy("中共党员"),
    "post": _lazy("竞选职务"),
}

_TELL: dict[Told, Callable[[Candidacy], str]] = {
    "village": lambda one: _village(one),
    "name": lambda one: one.person.name,
    "sex": lambda one: one.person.get_sex_display(),
    "born_year": lambda one: str(one.person.born.year),
    "id_number": lambda one: one.person.masked_id_number,
    "party_member": lambda one: _("是") if one.person.party_member else _("否"),
    "post": lambda one: one.post_title,
}


def told_fields(code: str) -> dict[Told, StrOrPromise]:
    """Return what this department is told of a candidate, with its titles, in order."""
    sees = department(code).sees
    return {field: title for field, title in TITLES.items() if field in sees}


def tell(candidacy: Candidacy, code: str, *, opened: bool) -> dict[str, str]:
    """Return of one candidate what this department is told and nothing else, in words.

    ``opened``: a look was journalled, and the ID number is told whole.
    """
    told: dict[str, str] = {field: _TELL[field](candidacy) for field in told_fields(code)}
    if opened and "id_number" in told:
        told["id_number"] = candidacy.person.id_number
    return told


def _village(candidacy: Candidacy) -> str:
    place = candidacy.place
    return f"{place.parent.name} {place.name}" if place.parent else place.name
