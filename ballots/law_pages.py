"""A rulebook as a person reads it: what is fixed, then each kind of election step by step."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from ballots.numbers import numbers_in_words
from ballots.parameters import Row, parameter_rows
from ballots.wording import cite, deadline_words
from election_admin.accounts.models import Role
from election_admin.rulebooks.procedures import (
    GENERAL,
    Course,
    Deadline,
    Document,
    Guard,
    Procedure,
    Rank,
    Step,
)
from election_admin.sentences import listed
from villages.models import Election, Mode, RulebookEdition
from villages.procedures import procedure_of

# What the system looks up in the office's own records before a step is recorded.
GUARDS: Mapping[Guard, Promise] = {
    "roll": _lazy("系统中已有选民名单，名单上的人选举日都年满十八周岁"),
    "joint_review": _lazy("各部门对每名候选人（自荐人）都已答复，联审结果经县级签署，没有待处理的冻结事项"),
    "final_list": _lazy("正式候选人（自荐人）都经联审通过，人数符合差额规定"),
    "nobody_frozen": _lazy("没有候选人资格冻结，正式候选人都仍然符合资格"),
    "election_committee": _lazy("村民选举委员会成员已经登记，人数符合规定"),
    "nobody_has_to_leave": _lazy("应当退出村民选举委员会的成员都已退出"),
    "party_branch_first": _lazy("本村党组织换届已经完成"),
}
ENDS: Mapping[str, Promise] = {
    "earliest": _lazy("最早"),
    "latest": _lazy("最迟"),
    "open_until": _lazy("期限到"),
}
RANKS: Mapping[Rank, Promise] = {
    "law": _lazy("法律、党内法规"),
    "local_rule": _lazy("省级法规"),
    "arrangement": _lazy("市县文件或工作部署"),
}


@dataclass(frozen=True)
class Limit:
    """One end of a step's lawful time in words, its article, and the path of its number."""

    end: str
    label: str
    words: str
    source: str
    note: str
    path: str


@dataclass(frozen=True)
class StepLines:
    """One step. ``anchor``: by which links find it; ``after``: the titles of what comes first.

    ``recorders``: whose offices record it; ``guards``: what the system looks up before.
    """

    anchor: str
    code: str
    title: str
    who: str
    checks: tuple[str, ...]
    limits: tuple[Limit, ...]
    after: str
    modes: tuple[str, ...]
    recorders: str
    guards: str
    if_needed: bool
    staffed: bool


@dataclass(frozen=True)
class StageLines:
    """One stage with its steps."""

    anchor: str
    title: str
    steps: tuple[StepLines, ...]


@dataclass(frozen=True)
class CourseLines:
    """One kind of election with its stages; ``modes``: by which it may be held."""

    code: str
    title: str
    note: str
    modes: str
    stages: tuple[StageLines, ...]

    @property
    def anchor(self) -> str:
        """By which links find it."""
        return f"course-{self.code}"


@dataclass(frozen=True)
class DocumentLine:
    """A document that the rulebook cites, and whom it binds."""

    title: str
    edition: str
    rank: str


@dataclass(frozen=True)
class ParameterLine:
    """A parameter, and the path of its first number, where it has one."""

    row: Row
    path: str


@dataclass(frozen=True)
class LawPage:
    """The whole rulebook."""

    parameters: tuple[ParameterLine, ...]
    courses: tuple[CourseLines, ...]
    documents: tuple[DocumentLine, ...]


@dataclass(frozen=True)
class LawLine:
    """By which rulebook an election goes, in which edition, checked against which law."""

    title: str
    edition: str
    county_edition: str
    verified: bool
    url: str

    @property
    def verified_words(self) -> str:
        """Whether the citations were compared with the Organic Law as amended in 2025."""
        return verified_words(self.verified)


def law_page(procedure: Procedure) -> LawPage:
    """A rulebook to be read."""
    paths: dict[str, str] = {}
    for number in numbers_in_words(procedure):
        keys = number.path.split(".")
        if keys[0] == "parameters":
            paths.setdefault(keys[1], number.path)
    return LawPage(
        parameters=tuple(ParameterLine(row, paths.get(row.code, "")) for row in parameter_rows(procedure)),
        courses=tuple(_course(procedure, code, course) for code, course in procedure.all_courses().items()),
        documents=tuple(_documents(procedure.documents.values())),
    )


def law_line(election: Election) -> LawLine:
    """The rulebook of an election as its pages and papers name it."""
    procedure, language = procedure_of(election), get_language() or ""
    return LawLine(
        title=procedure.title.in_(language),
        edition=procedure.edition.in_(language),
        county_edition=edition_words(election.edition) if election.edition else "",
        verified=procedure.citations_verified,
        url=reverse("ballots:edition", args=[election.edition.pk])
        if election.edition
        else reverse("ballots:rulebook", args=[procedure.id]),
    )


def edition_words(edition: RulebookEdition) -> str:
    """A county's edition as it is called: 县定第2版，自2026年11月1日起施行."""
    return _("县定第%(number)d版，自%(day)s起施行") % {
        "number": edition.number,
        "day": date_format(edition.in_force_from),
    }


def verified_words(verified: bool) -> str:
    """Whether citations were compared with the Organic Law in force since 1 January 2026."""
    if verified:
        return _("引用条文已核对：对照2026年1月1日起施行的组织法")
    return _("引用条文尚未核对：组织法已修订，2026年1月1日起施行")


def limits_of(procedure: Procedure, course: Course, code: str) -> Iterator[Limit]:
    """The days a law sets for a step, in the order of the calendar."""
    step = course.steps[code]
    for end, label in ENDS.items():
        deadline: Deadline | None = getattr(step, end)
        if deadline is not None:
            yield Limit(
                end=end,
                label=str(label),
                words=deadline_words(course, deadline),
                source=cite(procedure, deadline.source),
                note=deadline.note.in_(get_language() or "") if deadline.note else "",
                path=f"{_where(procedure, course)}steps.{code}.{end}.days",
            )


def _where(procedure: Procedure, course: Course) -> str:
    """How the paths of a course's numbers begin."""
    code = next((code for code, one in procedure.courses.items() if one is course), None)
    return f"courses.{code}." if code else ""


def _course(procedure: Procedure, code: str, course: Course) -> CourseLines:
    language = get_language() or ""
    return CourseLines(
        code=code,
        title=course.title.in_(language),
        note=course.note.in_(language) if course.note else "",
        modes=listed(Mode(mode).label for mode in course.modes) if course.occasion != "recall" else "",
        stages=tuple(
            StageLines(
                anchor=f"stage-{code}-{stage}",
                title=title.in_(language),
                steps=tuple(
                    _step(procedure, course, step_code, step, anchor=_anchor(code, step_code))
                    for step_code, step in course.steps_of(stage)
                ),
            )
            for stage, title in course.stages.items()
        ),
    )


def _anchor(course: str, step: str) -> str:
    return step if course == GENERAL else f"{course}-{step}"


def _step(procedure: Procedure, course: Course, code: str, step: Step, *, anchor: str) -> StepLines:
    language = get_language() or ""
    return StepLines(
        anchor=anchor,
        code=code,
        title=step.title.in_(language),
        who=step.who.in_(language),
        checks=tuple(check.in_(language) for check in step.checks),
        limits=tuple(limits_of(procedure, course, code)),
        after=listed(course.steps[other].title.in_(language) for other in step.depends_on),
        modes=tuple(str(Mode(mode).label) for mode in step.modes or ()),
        recorders=listed(Role(office).label for office in step.recorded_by),
        guards=pgettext("between sentences", "；").join(str(GUARDS[guard]) for guard in step.guards),
        if_needed=step.if_needed,
        staffed=step.staffed,
    )


def _documents(documents: Collection[Document]) -> Iterator[DocumentLine]:
    """Each document once, however many numbers it has changed."""
    language, seen = get_language() or "", set()
    for document in documents:
        title, edition = document.title.in_(language), document.edition.in_(language)
        if (title, edition) not in seen:
            seen.add((title, edition))
            yield DocumentLine(title, "" if edition == title else edition, str(RANKS[document.rank]))
