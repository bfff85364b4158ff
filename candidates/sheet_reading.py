"""Taking a department's sheet back: each row checked, what it would do, and all that is wrong with it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from candidates.actions.replies import Said, checked_answer
from candidates.disclosure import tell, told_fields
from candidates.models import Candidacy, DepartmentReply, Enquiry, ReviewItem
from candidates.reply_forms import REMARK_LENGTH
from candidates.sheets import (
    MOST_ROWS,
    NO_RECORD,
    Standing,
    cells_of,
    referred,
    said_of,
    sheet_columns,
    standing_answers,
)
from election_admin.accounts.models import User
from election_admin.imports.cells import UnreadableCell, converter, is_blank
from election_admin.imports.registry import Change, Column
from election_admin.imports.sheets import Line, read_sheet
from election_admin.imports.workbooks import Upload, open_workbook
from election_admin.rulebooks.eligibility_lists import load_eligibility_list
from election_admin.sentences import one_after_another

# What is compared with what stands here: it reads the same in every language.
_COMPARED = ("village", "name", "born_year", "id_number")


@dataclass(frozen=True)
class RowFault:
    """What is wrong in a row of the file: which row, which column, and what to do."""

    row: int
    column: str
    sentence: str


@dataclass(frozen=True)
class Taken:
    """What the file says about one person, and what that would do."""

    row: int
    candidacy: Candidacy
    change: Change
    said: Said
    seen: int | None


@dataclass
class SheetRead:
    """A file as read: what it would do, whom it leaves out, and everything that is wrong with it."""

    taken: list[Taken] = field(default_factory=list)
    blank: int = 0
    faults: list[RowFault] = field(default_factory=list)

    def of(self, change: Change) -> list[Taken]:
        """Those the file would do this to."""
        return [one for one in self.taken if one.change == change]

    @property
    def to_write(self) -> list[Taken]:
        """What is written when the file is confirmed."""
        return [one for one in self.taken if one.change != Change.SAME]


def read_answers(
    upload: Upload, *, enquiry: Enquiry, items: Sequence[ReviewItem], actor: User, today: date
) -> SheetRead:
    """Read a sheet that came back. Writes nothing.

    Raises ValidationError for a file that cannot be read, lacks a column, or is another enquiry's.
    """
    source = load_eligibility_list(enquiry.batch.term.eligibility_list)
    columns = sheet_columns(enquiry.department, source)
    _refuse_anothers(upload, enquiry)
    sheet = read_sheet(upload.name, upload.content, columns, most_rows=MOST_ROWS)
    reader = _Reader(enquiry, items, columns, actor=actor, today=today)
    return reader.read(sheet.lines())


def _refuse_anothers(upload: Upload, enquiry: Enquiry) -> None:
    """Raise ValidationError if the file was given out for another batch, department or county."""
    for raw in open_workbook(upload.name, upload.content, most_rows=MOST_ROWS):
        for row in raw.rows:
            for cell in row:
                made = referred(cell)
                if made is not None and made[0] != enquiry.pk:
                    raise ValidationError(
                        _("“%s”不是这一批、这个部门的答复表。请上传从本页面下载的文件。") % upload.name
                    )


class _Reader:
    """Reads the rows of one file, person by person."""

    def __init__(
        self,
        enquiry: Enquiry,
        items: Sequence[ReviewItem],
        columns: Sequence[Column],
        *,
        actor: User,
        today: date,
    ) -> None:
        self.enquiry, self.actor, self.today = enquiry, actor, today
        self.items = {item.pk: item for item in items}
        self.columns = {column.key: column for column in columns}
        # What a row says, as opposed to whom it is about.
        self.saying = [
            key for key in self.columns if key != "reference" and key not in told_fields(enquiry.department)
        ]
        self.has_situations = "situation" in self.columns
        self.standing = standing_answers(items, enquiry.department)
        self.result = SheetRead()

    def read(self, lines: Iterable[Line]) -> SheetRead:
        groups: dict[int, list[Line]] = {}
        for line in lines:
            if line.faults:
                for fault in line.faults:
                    self._fault(line.number, fault.column, str(fault.sentence))
                continue
            item = self._item(line)
            if item is not None:
                groups.setdefault(item.pk, []).append(line)
        for pk, group in groups.items():
            self._read_person(self.items[pk], group)
        self.result.blank = len(self.items) - len(self.result.taken) if not self.result.faults else 0
        self.result.faults.sort(key=lambda fault: fault.row)
        return self.result

    def _fault(self, row: int, column: str, sentence: str) -> None:
        title = str(self.columns[column].title) if column in self.columns else ""
        self.result.faults.append(RowFault(row, title, sentence))

    def _item(self, line: Line) -> ReviewItem | None:
        """Whom a row is about, if it says so rightly."""
        made = referred(line.cells["reference"])
        if made is None or made[0] != self.enquiry.pk:
            self._fault(
                line.number,
                "reference",
                _("序号不是系统生成的，或者已被改动。请从下载的文件中复制原来的序号。"),
            )
            return None
        item = self.items.get(made[1])
        if item is None:
            if not self._says_anything(line):
                return None
            sentence = _("已不再征询这个人的情况：本人退出、不再参选，或者批次已退回。请清空这一行。")
            self._fault(line.number, "reference", sentence)
            return None
        return item if self._is_unaltered(line, item) else None

    def _is_unaltered(self, line: Line, item: ReviewItem) -> bool:
        told = tell(item.candidacy, self.enquiry.department, opened=True)
        altered = [
            key
            for key in _COMPARED
            if key in told and line.cells[key] != (converter(self.columns[key])(told[key]) or None)
        ]
        for key in altered:
            self._fault(
                line.number,
                key,
                _(
                    "与下载时的不一致，可能改动过或者排序时错了行。请恢复原来的内容；内容有误的，请告知乡镇更正。"
                ),
            )
        return not altered

    def _says_anything(self, line: Line) -> bool:
        return any(line.cells[key] is not None for key in self.saying)

    def _read_person(self, item: ReviewItem, group: Sequence[Line]) -> None:
        lines = [line for line in group if self._says_anything(line)]
        if not lines or not self._is_whole(lines):
            return
        candidacy = item.candidacy
        typed = said_of([line.cells for line in lines], has_situations=self.has_situations)
        try:
            said = checked_answer(
                candidacy, self.enquiry.department, typed, actor=self.actor, today=self.today
            )
        except ValidationError as error:
            self._refused(lines, error)
            return
        if len(said.remark) > REMARK_LENGTH:
            sentence = _("各行的说明合起来最多%d个字，请删减。") % REMARK_LENGTH
            self._fault(lines[0].number, "remark", sentence)
            return
        standing = self.standing.get(candidacy.pk)
        change = Change.NEW
        if standing is not None:
            change = Change.SAME if self._is_as_given_out(typed, standing) else Change.CHANGED
        seen = standing.reply.pk if standing else None
        self.result.taken.append(Taken(lines[0].number, candidacy, change, said, seen))

    def _is_as_given_out(self, typed: Said, standing: Standing) -> bool:
        """Whether the rows say what they said when the file was given out: a cell's spaces are nobody's."""
        own = [code for code, _title in self.columns["situation"].choices] if self.has_situations else []
        try:
            rows = [
                {key: self._as_read(key, value) for key, value in cells.items()}
                for cells in cells_of(standing.said, own)
            ]
        except UnreadableCell:
            return False
        if not all("answer" in row for row in rows):
            return False
        return _essence(said_of(rows, has_situations=self.has_situations)) == _essence(typed)

    def _as_read(self, key: str, value: Any) -> Any:
        column = self.columns.get(key)
        if column is None or column.reads != "text" or is_blank(value):
            return value or None
        return converter(column)(value)

    def _is_whole(self, lines: Sequence[Line]) -> bool:
        """Whether each row has an answer, the same, and a record says of what; what is missing is noted."""
        before = len(self.result.faults)
        first = lines[0].cells["answer"]
        for line in lines:
            cells = line.cells
            if cells["answer"] is None:
                self._fault(line.number, "answer", _("填写了内容，但没有填答复。请填“有记录”，或者清空。"))
            elif cells["answer"] != first or (len(lines) > 1 and first == NO_RECORD):
                self._fault(
                    line.number,
                    "answer",
                    _("同一个人有几行不同的答复。有几件记录的，每行都填“有记录”；无记录的，只留一行。"),
                )
            elif self.has_situations:
                self._check_row(line)
        return len(self.result.faults) == before

    def _check_row(self, line: Line) -> None:
        """Note what does not go together in a row."""
        cells = line.cells
        facts = [
            key
            for key in self.saying
            if key not in {"answer", "remark", "situation"} and cells[key] is not None
        ]
        if cells["answer"] == NO_RECORD:
            if cells["situation"] is not None or facts:
                sentence = _("填写了情形的，答复应为“有记录”；确无记录的，请清空情形。")
                self._fault(line.number, "answer", sentence)
        elif cells["situation"] is None:
            self._fault(line.number, "situation", _("有记录的，请选择是哪一种情形。"))
        elif cells["situation"] == DepartmentReply.OUTSIDE:
            for key in facts:
                self._fault(line.number, key, _("不属于清单所列情形的，此项请留空，在“说明”中写明。"))
            if cells["remark"] is None:
                self._fault(line.number, "remark", _("有记录的，请说明是什么情况、文书编号和日期。"))

    def _refused(self, lines: Sequence[Line], error: ValidationError) -> None:
        """Note what the action would refuse, in the row and column it is about."""
        if not hasattr(error, "error_dict"):
            self._fault(lines[0].number, "answer", one_after_another(error.messages))
            return
        findings = [line for line in lines if line.cells.get("situation") != DepartmentReply.OUTSIDE]
        for key, sentences in error.message_dict.items():
            found = re.fullmatch(r"findings\[(\d+)\]\.(\w+)", key)
            line, column = (findings[int(found[1])], found[2]) if found else (lines[0], key)
            for sentence in sentences:
                self._fault(line.number, {"situations": "situation"}.get(column, column), sentence)


def _essence(said: Said) -> tuple[str, str, set[str], list[list[tuple[str, str]]]]:
    """What is said, whatever the order of the rows."""
    findings = [sorted((key, str(value)) for key, value in one.items() if value) for one in said.findings]
    return said.answer, said.remark, set(said.situations), sorted(findings)
