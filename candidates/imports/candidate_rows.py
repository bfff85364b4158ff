"""What one row of a file of candidates says, before it is compared with what is known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from candidates.actions.supporters import read_names
from candidates.id_numbers import birthday, contradicted, sex
from candidates.imports.candidate_columns import STANDING
from candidates.imports.cells import ANSWERS, HIDDEN, WORDS, faults_of, masked, read_id_number
from candidates.imports.ground import Ground
from candidates.models import Nomination, Person
from election_admin.encryption import keyed_hash
from election_admin.imports.registry import Column, Fault
from election_admin.validators import validate_person_name
from villages.models import Election

PERSON = ("name", "sex", "born", "ethnicity", "education", "party_member")
NOMINATION = ("post", "how", "nominated_on", "supporters", "supporter_names")


@dataclass(frozen=True)
class Stated:
    """What a row says. What it leaves out is in none of the mappings."""

    election: Election
    # Of PERSON and STANDING.
    of_person: Mapping[str, Any]
    id_number: str
    id_hash: str
    # Of NOMINATION; post, how and nominated_on always.
    nomination: Mapping[str, Any]
    votes: int | None

    @property
    def birth(self) -> tuple[str, date]:
        """Name and birthday, by which somebody without a number is known."""
        return self.of_person["name"], self.of_person["born"]

    def require_whole_person(self) -> None:
        """Raise ValidationError where too little is said to enter somebody who is not there yet."""
        if "sex" not in self.of_person:
            raise ValidationError({"sex": _("请填写性别，或者填写公民身份号码。")})

    def person_after(self, person: Person | None) -> dict[str, Any]:
        """The person as the checks of a nomination ask for them, once the row is written.

        Of the number they ask whether there is one: a recorded one is not decrypted for that.
        """
        known = {name: getattr(person, name) for name in PERSON} if person else {}
        number = self.id_number or (person.id_hash if person else "")
        return {**known, **self.of_person, "id_number": number}

    def nomination_after(self, nomination: Nomination | None) -> dict[str, Any]:
        """The nomination once the row is written."""
        known = {name: getattr(nomination, name) for name in NOMINATION} if nomination else {}
        return {"supporters": None, "supporter_names": [], **known, **self.nomination}


def read_stated(cells: Mapping[str, Any], ground: Ground) -> tuple[Stated | None, list[Fault]]:
    """Return what a row says, or everything that is wrong with its cells by themselves."""
    faults: list[Fault] = []
    election, number, names = None, "", None
    try:
        election = _election(cells, ground)
    except ValidationError as error:
        faults += faults_of(error, ["village", "election"])
    try:
        number = read_id_number(cells)
        of_person = _person(cells, number)
    except ValidationError as error:
        faults += faults_of(error, [*PERSON, "id_number"])
    try:
        names = read_names(cells["supporter_names"]) if cells.get("supporter_names") else None
    except ValidationError as error:
        faults += faults_of(error, (), otherwise="supporter_names")
    if faults or election is None:
        return None, faults
    stated = Stated(
        election=election,
        of_person=of_person,
        id_number=number,
        id_hash=keyed_hash(number) if number else "",
        nomination=_nomination(cells, names),
        votes=cells.get("votes"),
    )
    return stated, []


def _election(cells: Mapping[str, Any], ground: Ground) -> Election:
    try:
        village = ground.village(cells["village"])
    except ValidationError as error:
        raise ValidationError({"village": error.messages}) from error
    try:
        return ground.election(village, cells.get("election"))
    except ValidationError as error:
        raise ValidationError({"election": error.messages}) from error


def _person(cells: Mapping[str, Any], number: str) -> dict[str, Any]:
    """What the row says of the person; birthday and sex by the number where they are left out."""
    stated = {name: cells[name] for name in PERSON if cells.get(name) is not None}
    try:
        validate_person_name(stated["name"])
    except ValidationError as error:
        raise ValidationError({"name": error.messages}) from error
    if number:
        what = contradicted(number, born=stated.get("born"), stated_sex=stated.get("sex"))
        # Without the days: beside a masked number they would make it whole.
        if what == "born":
            raise ValidationError({"born": _("与公民身份号码中的出生日期不一致，请核对。")})
        if what == "sex":
            raise ValidationError({"sex": _("与公民身份号码中的性别不一致，请核对。")})
        stated = {"born": birthday(number), "sex": sex(number), **stated}
    if "born" not in stated:
        raise ValidationError({"born": _("请填写出生日期或者公民身份号码。")})
    if "party_member" in stated:
        stated["party_member"] = ANSWERS[stated["party_member"]]
    for name in STANDING:
        if cells.get(name) is not None:
            stated[name] = ANSWERS[cells[name]]
    return stated


def _nomination(cells: Mapping[str, Any], names: list[str] | None) -> dict[str, Any]:
    stated = {name: cells[name] for name in ("post", "how", "nominated_on")}
    if cells.get("supporters") is not None:
        stated["supporters"] = cells["supporters"]
    if names is not None:
        stated = {"supporters": len(names), **stated, "supporter_names": names}
    return stated


# --- the preview -----------------------------------------------------------------------
class Shown:
    """What the preview shows of a row: as screens do, the number masked and the year of birth alone."""

    def __init__(self, columns: Iterable[Column]) -> None:
        # Translated once a file, not once a cell.
        self.words = {column.key: {code: str(title) for code, title in column.choices} for column in columns}

    def row(self, cells: Mapping[str, Any]) -> dict[str, str]:
        """All cells of a row."""
        return {name: self.cell(name, cells.get(name)) for name in self.words}

    def cell(self, name: str, value: Any) -> str:
        """One of them."""
        if value is None or value == "":
            return ""
        if name in _HIDDEN:
            return HIDDEN
        if name == "id_number":
            return masked(str(value))
        if name == "born":
            return str(_("%d年") % value.year)
        if words := self.words[name]:
            code = WORDS[value] if isinstance(value, bool) else value
            return words.get(code, code)
        return value.isoformat() if isinstance(value, date) else str(value)


_HIDDEN = frozenset({"supporter_names", *STANDING})
