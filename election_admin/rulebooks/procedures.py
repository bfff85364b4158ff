"""Procedure rulebooks: how one place's law has villages' committees and Party branches elected.

Dates stand in ``steps``, everything else the law fixes in ``parameters``; nothing is said twice.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache, cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field
from pydantic.dataclasses import dataclass

from .loading import Fault, Location, find, known_ids, read
from .values import (
    STRICT,
    Code,
    FrozenMap,
    Range,
    RulebookId,
    Share,
    Source,
    Sourced,
    Text,
    Whole,
)

ELECTION_DAY = "election_day"
# What a further or new election, a recall or a by-election comes from: the vote before, the demand
# received, the vacancy.
OCCASION_DAY = "occasion_day"
# The course of the villagers' committee's general election, which a rulebook's own steps are.
GENERAL = "general"
# The step every course has: without it nobody is elected or recalled.
VOTE = "vote_held"
GENERAL_TITLE = Text(zh="村民委员会换届选举", en="General election of the villagers' committee")
_DEADLINES = ("earliest", "latest", "open_until")
_DIRECTORY = Path(__file__).parent / "procedure"
_INHERITED = {"documents": 1, "stages": 1, "parameters": 1, "steps": 2, "courses": 4}

Mode = Literal["nominated", "self_nominated", "two_recommendations", "open_recommendation"]
CommitteeMode = Literal["nominated", "self_nominated"]
PartyMode = Literal["two_recommendations", "open_recommendation"]
Body = Literal["villagers_committee", "party_branch"]
Occasion = Literal["general", "further", "new", "recall", "by_election"]
Recorder = Literal["township", "committee", "county"]
Guard = Literal[
    "roll",
    "joint_review",
    "final_list",
    "nobody_frozen",
    "election_committee",
    "nobody_has_to_leave",
    "party_branch_first",
]
Rank = Literal["law", "local_rule", "arrangement"]
Kinship = Literal[
    "spouse", "parent_child", "sibling", "grandparent_grandchild", "direct_relative", "close_relative"
]
Relation = Literal["spouse", "parent_child", "sibling"]
Meeting = Literal["villagers_meeting", "representatives_meeting"]
VoidReason = Literal["too_many", "one_person_two_posts", "unreadable"]
NoChair = Literal[
    "vice_chair_presides",
    "vice_chair_with_most_votes",
    "member_with_most_votes",
    "representatives_pick_member",
    "meeting_settles_tie",
]
MODES_OF: Mapping[str, tuple[str, ...]] = {
    "villagers_committee": get_args(CommitteeMode),
    "party_branch": get_args(PartyMode),
}


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Surplus:
    """How many more candidates than seats each kind of post has."""

    chair: Range
    vice_chair: Range
    member: Range

    def of(self, post: str) -> Range:
        """A post's surplus; the women's seat and any other post count as a member's."""
        return {"chair": self.chair, "vice_chair": self.vice_chair}.get(post, self.member)


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Turnout:
    """A round is valid if more than ``more_than`` of the registered voted; for which rounds."""

    more_than: Share
    rounds: tuple[Literal[1, 2], ...]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Vacancy:
    """When seats may stay empty: from which round on, with how many elected in all."""

    after_round: Literal[1, 2]
    least_elected: Annotated[int, Field(ge=1)]
    chair_elected: bool
    decided_by_meeting: bool


@dataclass(frozen=True, kw_only=True, config=STRICT)
class PostChoice:
    """Which post somebody nominated for several stands for: by what it is settled, up to which step.

    ``own_choice``: the person says so in writing; ``most_votes``: the post for which they received
    most votes, and of equally many the one they choose.
    """

    how: Literal["own_choice", "most_votes"]
    until: Code


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Parameters:
    """What a law fixes besides dates; null where that law and the national one are silent."""

    term_years: Sourced[Whole]
    seats: Sourced[Range]
    women_required: Sourced[bool]
    women_seat_on_ballot: Sourced[bool] | None
    voter_age: Sourced[Whole]
    residence_years: Sourced[Whole]
    election_committee_size: Sourced[Range] | None
    modes: Sourced[Annotated[tuple[CommitteeMode, ...], Field(min_length=1)]]
    nomination_turnout: Sourced[Share] | None
    candidate_order: Sourced[Literal["votes"]] | None
    self_nominee_order: Sourced[Literal["surname_strokes"]] | None
    post_choice: Sourced[PostChoice] | None
    surplus: Sourced[Surplus]
    tellers_may_not_be_kin: Sourced[tuple[Kinship, ...]] | None
    roving_box_approved_by_township: Sourced[bool] | None
    roving_box_scrutineers: Sourced[Whole] | None
    proxy_holders: Sourced[tuple[Kinship, ...]]
    proxy_holder_may_be_candidate: Sourced[bool] | None
    proxies_per_holder: Sourced[Whole] | None
    turnout: Sourced[Turnout]
    ballots_within_issued: Sourced[bool]
    void_ballots: Sourced[tuple[VoidReason, ...]] | None
    void_counted_as_cast: Sourced[bool]
    elected_above: Sourced[Share]
    further_election_from: Sourced[Share]
    tie: Sourced[Literal["vote_again"]] | None
    vacancy: Sourced[Vacancy] | None
    no_chair: Sourced[tuple[NoChair, ...]] | None
    relatives_not_together: Sourced[tuple[Relation, ...]] | None
    disqualified_win_void: Sourced[bool] | None
    women_seat_in_further_election: Sourced[bool] | None
    ballots_kept: Sourced[Text] | None
    recall_asked_by_voters: Sourced[Share]
    recall_asked_by_representatives: Sourced[Share]
    recall_again_after_years: Sourced[Whole] | None
    recall_turnout: Sourced[Share]
    recall_agreed_above: Sourced[Share]
    by_election_by: Sourced[tuple[Meeting, ...]] | None
    by_election_villagers: Sourced[Share] | None
    by_election_representatives: Sourced[Share] | None
    party_branch_first: Sourced[bool]
    party_modes: Sourced[tuple[PartyMode, ...]]
    party_seats: Sourced[Range]
    party_surplus: Sourced[Share]
    party_quorum: Sourced[Share]
    party_elected_above: Sourced[Share]
    committee_member_candidate_leaves: Sourced[bool]
    committee_member_relatives_leave: Sourced[tuple[Kinship, ...]] | None
    meeting_quorum_villagers: Sourced[Share]
    meeting_quorum_representatives: Sourced[Share]
    meeting_quorum_groups: Sourced[Share]


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Deadline:
    """A day the law sets: ``days`` calendar days after (before, if negative) ``from_``.

    ``from_`` is "election_day", in a course of another occasion "occasion_day", or the code of
    another step; the day itself is not counted.
    """

    from_: Code = Field(alias="from")
    days: int
    source: Source
    note: Text | None = None


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Step:
    """One link of the procedure: who does it, what to check on paper, what must come first.

    ``recorded_by``: whose offices may record it. ``guards``: what the office's own records must
    show before it is recorded. ``staffed``: the township sends a guidance team. ``open_until``: a
    period that must run out before the step can be done, because it is somebody's right.
    """

    stage: Code
    title: Text
    who: Text
    checks: Annotated[tuple[Text, ...], Field(min_length=2, max_length=4)]
    depends_on: tuple[Code, ...] = ()
    modes: tuple[Mode, ...] | None = None
    if_needed: bool = False
    recorded_by: Annotated[tuple[Recorder, ...], Field(min_length=1)] = ("township", "committee")
    guards: tuple[Guard, ...] = ()
    staffed: bool = False
    earliest: Deadline | None = None
    latest: Deadline | None = None
    open_until: Deadline | None = None

    def applies_in(self, mode: str) -> bool:
        """Whether an election held in this mode has the step."""
        return self.modes is None or mode in self.modes


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Document:
    """A law or paper that sources cite.

    ``rank``: a law binds everybody, a province's rules those below it, an arrangement only
    whoever made it; what a higher one sets, a lower one may make stricter, never looser.
    """

    title: Text
    edition: Text
    rank: Rank


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Course:
    """The steps of one kind of election: of which body, on what occasion, in which modes."""

    body: Body
    occasion: Occasion
    title: Text
    note: Text | None = None
    modes: Annotated[tuple[Mode, ...], Field(min_length=1)]
    stages: FrozenMap[Code, Text]
    steps: FrozenMap[Code, Step]

    def steps_of(self, stage: str) -> tuple[tuple[str, Step], ...]:
        """The (code, step) pairs of one stage, in order."""
        return tuple((code, step) for code, step in self.steps.items() if step.stage == stage)


@dataclass(frozen=True, kw_only=True, config=STRICT)
class Procedure:
    """One rulebook. ``steps`` and ``stages`` are in the order in which they come.

    They are those of the villagers' committee's general election; ``courses`` holds those of the
    Party branch and of every other occasion.
    """

    id: RulebookId
    extends: RulebookId | None = None
    title: Text
    edition: Text
    in_force_from: date | None
    citations_verified: bool
    note: Text
    documents: FrozenMap[RulebookId, Document]
    parameters: Parameters
    stages: FrozenMap[Code, Text]
    steps: FrozenMap[Code, Step]
    courses: FrozenMap[Code, Course]

    @cached_property
    def general(self) -> Course:
        """The villagers' committee's general election as a course like the others."""
        return Course(
            body="villagers_committee",
            occasion="general",
            title=GENERAL_TITLE,
            modes=self.parameters.modes.value,
            stages=self.stages,
            steps=self.steps,
        )

    def course(self, body: str, occasion: str, mode: str) -> Course:
        """The course of an election of this body, on this occasion, in this mode.

        Raises LookupError where the rulebook knows none.
        """
        if (body, occasion) == ("villagers_committee", "general"):
            return self.general
        for course in self.courses.values():
            if (course.body, course.occasion) == (body, occasion) and mode in course.modes:
                return course
        raise LookupError(f"{self.id} has no course for {body}, {occasion}, {mode}")

    def all_courses(self) -> dict[str, Course]:
        """Every course under its code, the general election's first."""
        return {GENERAL: self.general, **self.courses}

    def cite(self, source: Source, language: str = "zh-hans") -> str:
        """A source as a reader writes it: 《村民委员会组织法》第十四条."""
        title = self.documents[source.document].title.in_(language)
        if language.lower().startswith("en"):
            return f"{title}, art. {source.article}"
        if isinstance(source.article, int):
            return f"《{title}》第{_numeral(source.article)}条"
        return f"《{title}》{source.article}"


@cache
def load_procedure(rulebook_id: str) -> Procedure:
    """The procedure rulebook of that id; UnknownRulebook or RulebookError if there is none."""
    return read_procedure(find(_DIRECTORY, rulebook_id))


def read_procedure(path: Path) -> Procedure:
    """A procedure rulebook from a file, with what it extends from the same directory."""
    return read(path, Procedure, inherited=_INHERITED, check=faults_of)


def procedure_ids() -> tuple[str, ...]:
    """The ids of the procedure rulebooks that come with the product, sorted."""
    return known_ids(_DIRECTORY)


def faults_of(procedure: Procedure) -> Iterator[Fault]:
    """What is wrong between the parts of a rulebook that the shape of each could not see."""
    for where, source in _sources(procedure, ()):
        if source.document not in procedure.documents:
            yield Fault((*where, "document"), f"{source.document} is not among the documents")
    choice = procedure.parameters.post_choice
    if choice is not None and choice.value.until not in procedure.steps:
        where = ("parameters", "post_choice", "value", "until")
        yield Fault(where, f"there is no step {choice.value.until}")
    yield from _course_faults(procedure.general, ())
    yield from _repeated_courses(procedure)
    for name, course in procedure.courses.items():
        yield from _mode_faults(course.body, course.modes, ("courses", name, "modes"))
        yield from _course_faults(course, ("courses", name))


def _repeated_courses(procedure: Procedure) -> Iterator[Fault]:
    """Two courses for one kind of election: nobody could tell which steps it has."""
    taken = {("villagers_committee", "general", mode): GENERAL for mode in MODES_OF["villagers_committee"]}
    for name, course in procedure.courses.items():
        if name == GENERAL:
            yield Fault(("courses", name), "is the name of the rulebook's own steps")
        for index, mode in enumerate(course.modes):
            first = taken.setdefault((course.body, course.occasion, mode), name)
            if first != name or mode in course.modes[:index]:
                what = f"{first} has the {course.occasion} election of the {course.body}, {mode}, already"
                yield Fault(("courses", name, "modes", index), what)


def _course_faults(course: Course, where: Location) -> Iterator[Fault]:
    if VOTE not in course.steps:
        yield Fault((*where, "steps"), f"there is no step {VOTE}")
    for code, step in course.steps.items():
        at = (*where, "steps", code)
        if step.stage not in course.stages:
            yield Fault((*at, "stage"), f"there is no stage {step.stage}")
        for index, other in enumerate(step.depends_on):
            if other not in course.steps:
                yield Fault((*at, "depends_on", index), f"there is no step {other}")
        yield from _mode_faults(course.body, step.modes or (), (*at, "modes"))
        for name in _DEADLINES:
            yield from _deadline_faults(course, getattr(step, name), (*at, name, "from"))
    yield from _cycle(where, "depends_on", {c: s.depends_on for c, s in course.steps.items()})
    for name in _DEADLINES:
        bases = {c: _base(getattr(s, name)) for c, s in course.steps.items()}
        yield from _cycle(where, name, bases)


def _mode_faults(body: Body, modes: tuple[Mode, ...], where: Location) -> Iterator[Fault]:
    for index, mode in enumerate(modes):
        if mode not in MODES_OF[body]:
            yield Fault((*where, index), f"the {body} is not elected in the mode {mode}")


def _deadline_faults(course: Course, deadline: Deadline | None, where: Location) -> Iterator[Fault]:
    if deadline is None or deadline.from_ in (ELECTION_DAY, *course.steps):
        return
    if deadline.from_ != OCCASION_DAY:
        yield Fault(where, f"there is no step {deadline.from_}")
    elif course.occasion == "general":
        yield Fault(where, f"a general election follows nothing and has no {OCCASION_DAY}")


def _base(deadline: Deadline | None) -> tuple[str, ...]:
    return (deadline.from_,) if deadline else ()


def _cycle(where: Location, key: str, graph: dict[str, tuple[str, ...]]) -> Iterator[Fault]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        # graphlib gives each step before the one that depends on it, the first one twice.
        circle = list(reversed(error.args[1]))
        yield Fault((*where, "steps", circle[0], key), f"goes in a circle: {' → '.join(circle)}")


def _sources(value: object, where: Location) -> Iterator[tuple[Location, Source]]:
    if isinstance(value, Source):
        yield where, value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _sources(getattr(value, field.name), (*where, field.name))
    elif hasattr(value, "items"):
        for key, item in value.items():
            yield from _sources(item, (*where, key))


def _numeral(number: int) -> str:
    """Numbers below one hundred as articles are counted: 八, 十四, 三十五."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if number >= 100 or number < 0:
        return str(number)
    if tens == 0:
        return digits[ones]
    return (digits[tens] if tens > 1 else "") + "十" + (digits[ones] if ones else "")
