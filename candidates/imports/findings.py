"""Findings from an Excel file: about whom, which situation, when, by which paper."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from candidates.actions.findings import RECORDED_FIELDS, checked_details
from candidates.actions.flags import flag_late_finding
from candidates.actions.judging import BATCH, reassess
from candidates.imports.cells import (
    ID_NUMBER_WIDTH,
    VILLAGE,
    faults_of,
    hidden,
    masked,
    read_id_number,
)
from candidates.imports.ground import Ground, Names
from candidates.imports.situations import situation_of
from candidates.judgements import finding_title
from candidates.models import Candidacy, Finding
from candidates.rules.facts import DATE_FACTS
from candidates.wording import FACTS, STATUSES, words
from election_admin.accounts.access import require
from election_admin.accounts.models import User
from election_admin.encryption import keyed_hash
from election_admin.imports.registry import Change, Column, Fault, Progress, Read
from election_admin.journal.record import Act, append_many, snapshot, take_turn
from election_admin.places.models import Place
from election_admin.rulebooks.eligibility_lists import EligibilityList, load_eligibility_list
from election_admin.sentences import listed
from villages.models import Term

VERB = "candidates.import_findings"
_words_lazy = lazy(words, str)
# What a row is about; the rest of its cells is what was found, and masked.
_ABOUT = ("village", "name", "id_number")


def finding_columns(place: Place) -> Sequence[Column]:
    """The columns of a file of findings: the facts that the term's list asks, and no others."""
    term = Term.objects.held_in(place)
    source = load_eligibility_list(term.eligibility_list) if term else None
    return (
        VILLAGE,
        Column(
            "name",
            _lazy("姓名"),
            help=_lazy("姓名和公民身份号码至少填一项；村里有同名的人，必须填号码。"),
            example="王大山",
            longest=40,
            plain=True,
        ),
        Column("id_number", _lazy("公民身份号码"), reads="id_number", width=ID_NUMBER_WIDTH),
        Column(
            "situation",
            _lazy("情形"),
            required=True,
            help=_lazy("资格条件中的项号或者名称，如：1，或者“受过刑罚”。"),
            example="1",
            width=20,
        ),
        Column(
            "status",
            _lazy("核实程度"),
            reads="choice",
            required=True,
            choices=tuple((status.value, title) for status, title in STATUSES.items()),
        ),
        *(_fact_columns(source) if source else ()),
        Column(
            "source",
            _lazy("文书编号"),
            required=True,
            help=_lazy("文书编号或材料来源，如判决书编号、处分决定文号。"),
            width=28,
            longest=120,
        ),
        Column("remark", _lazy("备注"), width=28, longest=500),
    )


def _fact_columns(source: EligibilityList) -> Iterable[Column]:
    dates = [name for name in DATE_FACTS if name != "barred_until"]
    for name in (*dates, "sanction", "barred_until"):
        asking = [str(each.item) for each in source.situations if name in each.facts]
        if not asking:
            continue
        help_text = _("只用于第%s项。") % listed(asking)
        if name == "sanction":
            choices = tuple((each.code, _words_lazy(each.title)) for each in source.sanctions)
            yield Column(name, FACTS[name], reads="choice", choices=choices, help=help_text)
        else:
            yield Column(name, FACTS[name], reads="date", help=help_text)


class FindingReader:
    """Reads rows of findings; each is about a candidate of the township in the term being held."""

    def __init__(self, place: Place, user: User, today: date) -> None:
        self.ground = Ground(place)
        self.today = today
        self.source = load_eligibility_list(self.ground.term.eligibility_list)
        self.columns = [column.key for column in finding_columns(place)]
        self.by_number: dict[tuple[int, str], list[Candidacy]] = {}
        self.by_name: dict[tuple[int, str], list[Candidacy]] = {}
        rows = Candidacy.objects.with_person().within(place.code).filter(election__term=self.ground.term)
        for one in rows.defer("person__id_number"):
            village = one.election.place_id
            self.by_name.setdefault((village, one.person.name), []).append(one)
            if one.person.id_hash:
                self.by_number.setdefault((village, one.person.id_hash), []).append(one)
        known = (
            Finding.objects.in_force().within(place.code).filter(candidacy__election__term=self.ground.term)
        )
        self.known = {(one.candidacy_id, _written(one.details)) for one in known.iterator()}

    def read(self, cells: Mapping[str, Any]) -> Read:
        """Read one row: a finding that is new, or one that is recorded already."""
        shown = self._shown(cells)
        candidacies, faults = self._about(cells)
        details, more = self._details(cells, candidacies)
        if faults or more:
            return Read(Change.WRONG, shown=shown, faults=(*faults, *more))
        written = _written(details)
        lacking = [one.pk for one in candidacies if (one.pk, written) not in self.known]
        self.known.update((pk, written) for pk in lacking)
        values = {"candidacies": lacking, "details": details}
        return Read(Change.NEW if lacking else Change.SAME, values=values, shown=shown)

    def _about(self, cells: Mapping[str, Any]) -> tuple[list[Candidacy], list[Fault]]:
        """The candidacies of the person a row names: of both bodies, where somebody stands for both."""
        faults: list[Fault] = []
        number, village = "", None
        try:
            village = self.ground.village(cells["village"])
        except ValidationError as error:
            faults += faults_of(error, (), otherwise="village")
        try:
            number = read_id_number(cells)
        except ValidationError as error:
            faults += faults_of(error, ["id_number"])
        name = (cells.get("name") or "").strip()
        if not name and not cells.get("id_number"):
            faults.append(Fault("name", _("请填写姓名或者公民身份号码，至少一项。")))
        if faults or village is None:
            return [], faults
        try:
            return self._found(village, name, number), []
        except ValidationError as error:
            return [], faults_of(error, self.columns)

    def _found(self, village: Place, name: str, number: str) -> list[Candidacy]:
        if not number:
            found = self.by_name.get((village.pk, name), [])
            if len({one.person_id for one in found}) > 1:
                raise ValidationError(
                    {"id_number": _("%s有几名候选人同名，请填写公民身份号码。") % village.name}
                )
        else:
            found = self.by_number.get((village.pk, keyed_hash(number)), [])
            if found and name and found[0].person.name != name:
                raise ValidationError({"name": _("与这个公民身份号码登记的姓名不一致，请核对。")})
        if not found:
            missing = _("%s本届候选人中没有此人，请核对；还没有登记的，请先登记或导入候选人。") % village.name
            raise ValidationError({"id_number" if number else "name": missing})
        return found

    def _details(
        self, cells: Mapping[str, Any], candidacies: Sequence[Candidacy]
    ) -> tuple[dict[str, Any], list[Fault]]:
        try:
            given = {name: cells.get(name) for name in self.columns if name not in _ABOUT}
            given["situation"] = situation_of(cells["situation"], self.source)
            if not candidacies:
                return {}, []
            return checked_details(candidacies[0], given, today=self.today), []
        except ValidationError as error:
            return {}, faults_of(error, self.columns)

    def _shown(self, cells: Mapping[str, Any]) -> dict[str, str]:
        return {
            **{name: hidden(cells.get(name)) for name in self.columns},
            "village": cells["village"],
            "name": cells.get("name") or "",
            "id_number": masked(cells.get("id_number") or ""),
        }


def finding_cells(findings: Iterable[Finding], names: Names) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Each finding as the cells of a file, with its village. Only for an export that is journalled."""
    for finding in findings:
        candidacy, details = finding.candidacy, finding.details
        village, person = candidacy.election.place, candidacy.person
        source = load_eligibility_list(candidacy.election.term.eligibility_list)
        days = {name: date.fromisoformat(details[name]) for name in DATE_FACTS if details.get(name)}
        yield (
            village,
            {
                **details,
                **days,
                "village": names.name_of(village),
                "name": person.name,
                "id_number": person.id_number,
                "situation": finding_title(details["situation"], source),
            },
        )


def _written(details: Mapping[str, Any]) -> str:
    return json.dumps(details, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)


@transaction.atomic
def write_findings(place: Place, rows: Iterable[Read], user: User, at: datetime, progress: Progress) -> None:
    """Record every finding of a file and judge anew everybody it is about, each once.

    Each finding has its entry in the journal, as record_finding makes one. One that comes after the
    final list freezes the candidacy, as there.
    """
    take_turn(place)
    require(user, "candidates.record", place)
    about: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        for candidacy in row.values["candidacies"]:
            about.setdefault(candidacy, []).append(row.values["details"])
    written, ids = 0, list(about)
    for begin in range(0, len(ids), BATCH):
        candidacies = Candidacy.objects.with_person().in_bulk(ids[begin : begin + BATCH])
        _record(candidacies, about, place=place, user=user, at=at)
        reassess(candidacies.values(), cause=VERB, at=at, actor=user)
        written += sum(len(about[pk]) for pk in candidacies)
        progress(written)


def _record(
    candidacies: Mapping[int, Candidacy],
    about: Mapping[int, Sequence[dict[str, Any]]],
    *,
    place: Place,
    user: User,
    at: datetime,
) -> None:
    findings = Finding.objects.bulk_create(
        (
            Finding(candidacy=candidacy, details=details, recorded_by=user, recorded_at=at)
            for pk, candidacy in candidacies.items()
            for details in about[pk]
        ),
        batch_size=BATCH,
    )
    acts = (
        Act(VERB, finding, finding.candidacy.place, after=snapshot(finding, RECORDED_FIELDS))
        for finding in findings
    )
    append_many(acts, actor=user, place=place, at=at)
    for finding in findings:
        flag_late_finding(finding, finding.candidacy, actor=user, at=at)
