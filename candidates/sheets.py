"""A department's answers as an Excel file, as it is given out; ``sheet_reading`` takes it back.

Whoever fills it in copies nothing by hand: each row carries a reference that only the office can
make, of one person in one enquiry. One row is one record; somebody with several has several rows.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO, Any

from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from candidates.actions.replies import STATED, Said
from candidates.disclosure import TITLES, tell, told_fields
from candidates.models import DepartmentReply, Enquiry, Finding, ReviewItem
from candidates.reply_forms import REMARK_LENGTH, SOURCE_LENGTH, situations_of
from candidates.rules.facts import DATE_FACTS, FACTS
from candidates.wording import FACTS as FACT_TITLES
from candidates.wording import STATUSES, words
from election_admin.encryption import keyed_hash
from election_admin.imports.blanks import write_blank
from election_admin.imports.registry import Column
from election_admin.rulebooks.eligibility_lists import EligibilityList, load_eligibility_list
from election_admin.sentences import listed

MOST_ROWS = 5000
RECORD, NO_RECORD = DepartmentReply.Answer.RECORD, DepartmentReply.Answer.NO_RECORD
_REFERENCE = re.compile(r"LS([0-9]{1,18})-([0-9]{1,18})-([0-9a-f]{12})", re.IGNORECASE)


# A file may come back while the office speaks another language than when it was given out.
_in_any_language = lazy(words, str)


# --- the columns -----------------------------------------------------------------
def sheet_columns(department: str, source: EligibilityList) -> list[Column]:
    """The columns of a department's sheet: whom it is asked about, and what it is asked."""
    own = situations_of(source, department)
    keep = _lazy("已填好，请不要改动。")
    return [
        Column(
            "reference",
            _lazy("序号"),
            required=True,
            help=_lazy("系统生成，上传时用来认人，请不要改动。同一人有几件记录的，复制整行，一件一行。"),
            width=26,
            longest=60,
            plain=True,
        ),
        *(
            Column(
                told,
                TITLES[told],
                reads="id_number" if told == "id_number" else "text",
                help=keep,
                width=22 if told == "id_number" else 16 if told == "village" else 10,
                plain=told in {"village", "name"},
            )
            for told in told_fields(department)
        ),
        Column(
            "answer",
            _lazy("答复"),
            reads="choice",
            choices=tuple((one.value, one.label) for one in DepartmentReply.Answer),
            help=_lazy("留空的不作答复，已有的答复不变。依法信访、依法提出异议不是记录。"),
            width=10,
        ),
        *(_record_columns(source, department) if own else ()),
        Column(
            "remark",
            _lazy("说明"),
            help=_lazy("不属于清单所列情形的，必须写明是什么情况、文书编号和日期。"),
            width=30,
            longest=REMARK_LENGTH,
        ),
    ]


def _record_columns(source: EligibilityList, department: str) -> Iterable[Column]:
    own = situations_of(source, department)
    yield Column(
        "situation",
        _lazy("情形"),
        reads="choice",
        choices=(
            *((each.code, _in_any_language(each.title)) for each in own),
            (DepartmentReply.OUTSIDE, _lazy("不属于清单所列情形")),
        ),
        help=_lazy("有记录的必填。"),
        width=20,
    )
    yield Column(
        "status",
        _lazy("核实程度"),
        reads="choice",
        choices=tuple((status.value, STATUSES[status]) for status in STATED),
        help=_lazy("有记录、属于清单所列情形的必填。只有“已查实”的才能使人不符合资格。"),
    )
    for fact in FACTS:
        asking = [words(each.title) for each in own if fact in each.facts]
        if asking:
            yield _fact_column(fact, _("只用于：%s。") % listed(asking), source)
    yield Column(
        "source",
        _lazy("文书编号"),
        help=_lazy("已查实的必填，如判决书编号、处分决定文号。"),
        width=28,
        longest=SOURCE_LENGTH,
    )


def _fact_column(fact: str, used_for: str, source: EligibilityList) -> Column:
    if fact == "sanction":
        choices = tuple((each.code, _in_any_language(each.title)) for each in source.sanctions)
        return Column(fact, FACT_TITLES[fact], reads="choice", choices=choices, help=used_for)
    return Column(fact, FACT_TITLES[fact], reads="date", help=used_for)


# --- references ------------------------------------------------------------------
def reference(enquiry: int, item: int) -> str:
    """What stands for one person of one enquiry in a sheet. Nobody else can make one."""
    return f"LS{enquiry}-{item}-{_seal(enquiry, item)}"


def _seal(enquiry: int, item: int) -> str:
    return keyed_hash(f"row of a sheet: {enquiry}, {item}")[:12]


def referred(text: object) -> tuple[int, int] | None:
    """Return the enquiry and the item of a reference; None for what the office did not make."""
    found = _REFERENCE.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None or found[3].lower() != _seal(int(found[1]), int(found[2])):
        return None
    return int(found[1]), int(found[2])


# --- answers and cells -----------------------------------------------------------
def cells_of(said: Said, own: Iterable[str]) -> list[dict[str, Any]]:
    """The rows that say this, by column; one without a choice where the sheet cannot say it.

    A record that names no situation, or one that is asked no more, is to be answered anew.
    """
    if said.answer == NO_RECORD:
        return [{"answer": NO_RECORD, "remark": said.remark}]
    known = set(own)
    if not known:
        return [{"answer": RECORD, "remark": said.remark}]
    if not said.situations or not (known | {DepartmentReply.OUTSIDE}).issuperset(said.situations):
        return [{}]
    rows = [{"answer": RECORD, **_with_days(details)} for details in said.findings]
    if DepartmentReply.OUTSIDE in said.situations:
        rows.append({"answer": RECORD, "situation": DepartmentReply.OUTSIDE, "remark": said.remark})
    elif rows:
        rows[0]["remark"] = said.remark
    return rows or [{}]


def _with_days(details: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: date.fromisoformat(value) if key in DATE_FACTS and isinstance(value, str) else value
        for key, value in details.items()
    }


def said_of(rows: Sequence[Mapping[str, Any]], *, has_situations: bool) -> Said:
    """What the rows of one person say together; each of them has an answer."""
    remark = "\n".join(dict.fromkeys(row["remark"] for row in rows if row.get("remark")))
    if rows[0]["answer"] == NO_RECORD:
        return Said(answer=NO_RECORD, remark=remark)
    if not has_situations:
        return Said(answer=RECORD, remark=remark, situations=(DepartmentReply.OUTSIDE,))
    return Said(
        answer=RECORD,
        remark=remark,
        situations=tuple(dict.fromkeys(row["situation"] for row in rows)),
        findings=tuple(
            {key: row.get(key) for key in ("situation", "status", *FACTS, "source")}
            for row in rows
            if row["situation"] != DepartmentReply.OUTSIDE
        ),
    )


# --- given out -------------------------------------------------------------------
@dataclass(frozen=True)
class Standing:
    """The department's answer that stands about somebody, with the facts it brought."""

    reply: DepartmentReply
    found: Sequence[Mapping[str, Any]]

    @property
    def said(self) -> Said:
        """What it says."""
        return Said(
            answer=self.reply.answer,
            remark=self.reply.remark,
            situations=tuple(self.reply.situations),
            findings=tuple(self.found),
        )


def standing_answers(items: Iterable[ReviewItem], department: str) -> dict[int, Standing]:
    """The department's answers that stand, by candidacy, in two queries."""
    pks = [item.candidacy_id for item in items]
    replies = {
        one.candidacy_id: one
        for one in DepartmentReply.objects.newest().filter(candidacy__in=pks, department=department)
    }
    found: dict[int, list[Mapping[str, Any]]] = {pk: [] for pk in replies}
    rows = Finding.objects.in_force().filter(candidacy__in=replies, reply__department=department)
    for finding in rows:
        found[finding.candidacy_id].append(finding.details)
    return {pk: Standing(reply, found[pk]) for pk, reply in replies.items()}


def write_sheet(file: IO[bytes], *, enquiry: Enquiry, items: Sequence[ReviewItem], title: str) -> None:
    """Write the sheet of an enquiry with these people, and what the department has answered of them."""
    department = enquiry.department
    source = load_eligibility_list(enquiry.batch.term.eligibility_list)
    columns = sheet_columns(department, source)
    own = [each.code for each in situations_of(source, department)]
    standing = standing_answers(items, department)
    write_blank(
        file,
        title=title,
        columns=columns,
        most_rows=MOST_ROWS,
        rows=(
            [_in_words(column, cells.get(column.key)) for column in columns]
            for item in items
            for cells in _rows_of(item, enquiry, standing.get(item.candidacy_id), own)
        ),
    )


def _in_words(column: Column, value: Any) -> Any:
    """What stands in the cell: of a choice, its words."""
    return str(dict(column.choices).get(value, "")) if column.choices else value


def _rows_of(
    item: ReviewItem, enquiry: Enquiry, standing: Standing | None, own: Sequence[str]
) -> Iterable[dict[str, Any]]:
    told = tell(item.candidacy, enquiry.department, opened=True)
    for cells in cells_of(standing.said, own) if standing else [{}]:
        yield {"reference": reference(enquiry.pk, item.pk), **told, **cells}
